"""Plans as JSON come back as they were, and nothing else is believed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from photofind.core.actions import plan_from_json, plan_to_json
from photofind.core.errors import PlanError
from photofind.core.plans import Action, Plan, PlannedFile, Step
from photofind.core.records import FileStamp

_UNDECODABLE = os.fsdecode(b"/photos/\xff\xfe\n.jpg")


def _file(path: str, number: int = 1) -> PlannedFile:
    return PlannedFile(path, FileStamp(10 + number, -5, (1 << 63) - 1), bytes([number]) * 32)


def _plan(action: Action = Action.TRASH, target: str | None = None) -> Plan:
    steps = (
        Step(_file("/photos/ä.jpg"), _file("/kept/ä.jpg", 2), "same file", "larger picture"),
        Step(_file(_UNDECODABLE), _file("/kept/ä.jpg", 2), "resized", f"kept {_UNDECODABLE}"),
    )
    return Plan("0123-abcd", "2026-01-02T03:04:05+00:00", action, steps, target)


@pytest.mark.parametrize(
    "plan", [_plan(), _plan(Action.HARDLINK), _plan(Action.MOVE, "/moved"), _plan(Action.MOVE, _UNDECODABLE)]
)
def test_there_and_back(plan: Plan) -> None:
    text = plan_to_json(plan)
    assert text.isascii()
    assert plan_from_json(text) == plan
    assert plan_from_json(text.encode()) == plan


def test_no_steps() -> None:
    plan = Plan("x", "2026-01-02", Action.TRASH, ())
    assert plan_from_json(plan_to_json(plan)) == plan


def _set(*keys: object) -> Callable[[Any, object], None]:
    def change(document: Any, value: object) -> None:
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = value

    return change


_PATH = ("steps", 0, "file", "path")
_SIZE = ("steps", 0, "file", "size")
_HASH = ("steps", 0, "kept", "hash")


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        (("format",), "something else", "no plan"),
        (("version",), 2, "newer photofind"),
        (("version",), 0, "version"),
        (("version",), True, "version"),
        (("id",), "", "id"),
        (("id",), "a\nb", "id"),
        (("id",), 5, "id"),
        (("made_at",), "yesterday", "made_at"),
        (("action",), "delete", "action"),
        (("action",), ["trash"], "action"),
        (("action",), "move", "which folder"),
        (("target",), "/somewhere", "does not move"),
        (("steps",), {}, "steps"),
        (("steps",), [1], r"steps\[0\]"),
        (("steps", 0, "more"), 1, "nothing else"),
        (("more",), 1, "nothing else"),
        (("steps", 0, "verdict"), None, r"steps\[0\]"),
        (("steps", 0, "reason"), "x" * 5000, r"steps\[0\]"),
        (_PATH, "relative.jpg", "absolute"),
        (_PATH, "/photos/../etc/passwd", "absolute"),
        (_PATH, "/photos//x.jpg", "absolute"),
        (_PATH, "", "path"),
        (_PATH, "/x\0.jpg", "path"),
        (_PATH, "/\ud800.jpg", "path"),
        (_PATH, 7, "path"),
        (_PATH, {"base64": "not base64!"}, "base64"),
        (_PATH, {"base64": "L3gK", "more": 1}, "path"),
        (_SIZE, -1, "64 bits"),
        (_SIZE, 1.5, "64 bits"),
        (_SIZE, True, "64 bits"),
        (_SIZE, 1 << 63, "64 bits"),
        (_HASH, "00" * 31, "hexadecimal"),
        (_HASH, "g" * 64, "hexadecimal"),
        (_HASH, " 0" * 32, "hexadecimal"),
        (_HASH, None, "hexadecimal"),
        (_PATH, "/kept/ä.jpg", "contradicts itself. It takes /kept/ä.jpg away and keeps it"),
        (("steps", 1, "file", "path"), "/photos/ä.jpg", "contradicts itself. It names /photos/ä.jpg twice"),
    ],
)
def test_what_is_no_plan_is_refused(keys: tuple[object, ...], value: object, said: str) -> None:
    document = json.loads(plan_to_json(_plan()))
    _set(*keys)(document, value)
    with pytest.raises(PlanError, match=said):
        plan_from_json(json.dumps(document))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"format"', b"\xff\xfe", "[" * 100_000, '"photofind plan"'])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(PlanError, match="no plan"):
        plan_from_json(text)


@pytest.mark.parametrize("key", ["id", "made_at", "action", "target", "steps"])
def test_what_lacks_something_is_refused(key: str) -> None:
    document = json.loads(plan_to_json(_plan()))
    del document[key]
    with pytest.raises(PlanError):
        plan_from_json(json.dumps(document))


def test_a_value_that_is_given_twice_is_refused() -> None:
    text = plan_to_json(_plan())
    for key in ("action", "path"):
        with pytest.raises(PlanError, match="a value twice"):
            plan_from_json(text.replace(f'"{key}": ', f'"{key}": "x", "{key}": '))
