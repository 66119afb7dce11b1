"""Plans as JSON: what ``photofind duplicates`` writes, the user may look at, and ``--apply`` reads again.

::

    {"format": "photofind plan", "version": 1, "id": …, "made_at": …, "action": "trash", "target": null,
     "steps": [{"file": {"path": …, "size": …, "mtime_ns": …, "file_id": …, "hash": hex}, "kept": {…},
                "verdict": …, "reason": …}, …]}

A path is a string or, when the name is no text, ``{"base64": …}`` of its bytes. What is read may come from anybody: it
is checked in full before anything is believed, :mod:`photofind.core.vouching` asks the library about it, and
:mod:`photofind.core.actions.acting` verifies the files themselves.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from datetime import datetime
from typing import Any, Final

from photofind.core.actions.soundness import check_plan, contradictions
from photofind.core.asked_files import FileKind
from photofind.core.errors import PlanError
from photofind.core.paths import can_be_a_path, path_from_bytes, path_to_bytes
from photofind.core.plans import Action, Plan, PlannedFile, Step
from photofind.core.records import FileStamp

_FORMAT: Final = "photofind plan"
_VERSION: Final = 1
_LARGEST: Final = (1 << 63) - 1
_HASH_DIGITS: Final = 64
_LONGEST_TEXT: Final = 2000
_PLAIN = re.compile(r"(?:/[ -\-0-~][ -.0-~]*)+")  # ASCII, no name that is empty or begins with a dot
_PLAN_KEYS = frozenset({"format", "version", "id", "made_at", "action", "target", "steps"})
_STEP_KEYS = frozenset({"file", "kept", "verdict", "reason"})
_FILE_KEYS = frozenset({"path", "size", "mtime_ns", "file_id", "hash"})
_BEGIN = re.compile(rb'\s*\{\s*"format"\s*:\s*"photofind plan"')  # an editor may have laid it out anew

PLAN_FILE: Final = FileKind("a plan", lambda content: _BEGIN.match(content) is not None)
"""What tells an earlier plan, in whose place a new one may be written."""


def plan_to_json(plan: Plan) -> str:
    """Return a plan as a JSON document in ASCII, one step per line."""
    head = {
        "format": _FORMAT,
        "version": _VERSION,
        "id": plan.id,
        "made_at": plan.made_at,
        "action": plan.action.value,
        "target": None if plan.target is None else _path_out(plan.target),
    }
    steps = ",\n".join(json.dumps(_step_out(step)) for step in plan.steps)
    return f'{json.dumps(head)[:-1]}, "steps": [\n{steps}\n]}}\n'


def plan_from_json(text: str | bytes) -> Plan:
    """Return the plan that a JSON document holds.

    Raises
    ------
    PlanError
        When it is no such document, is of a newer version, says something impossible or contradicts itself.
    """
    try:
        document = json.loads(text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise PlanError("This is no plan: it is not JSON. Name a file that photofind wrote.") from error
    _check_kind(document)
    table = _table(document, _PLAN_KEYS, "The plan")
    steps = table["steps"]
    if not isinstance(steps, list):
        raise _wrong("steps", "a list")
    plan = Plan(
        id=_id(table["id"]),
        made_at=_time(table["made_at"]),
        action=_action(table["action"]),
        steps=tuple(_step_in(step, number) for number, step in enumerate(steps)),
        target=None if table["target"] is None else _path_in(table["target"], "target"),
    )
    check_plan(plan)
    problem = contradictions(plan.steps)
    if problem:
        raise PlanError(f"This plan contradicts itself. {problem} Make it again.")
    return plan


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one with a key twice: a reader sees the one, this program would take the other."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise PlanError("This plan cannot be used: it gives a value twice. Make the plan again.")
    return table


def _check_kind(document: object) -> None:
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise PlanError("This is no plan of photofind; name a file that it wrote.")
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise _wrong("version", "a whole number")
    if version > _VERSION:
        raise PlanError("This plan was made by a newer photofind; update photofind, or make the plan again.")


def _step_out(step: Step) -> dict[str, object]:
    return {
        "file": _file_out(step.file),
        "kept": _file_out(step.kept),
        "verdict": step.verdict,
        "reason": step.reason,
    }


def _file_out(file: PlannedFile) -> dict[str, object]:
    return {
        "path": _path_out(file.path),
        "size": file.stamp.size,
        "mtime_ns": file.stamp.mtime_ns,
        "file_id": file.stamp.file_id,
        "hash": file.content_hash.hex(),
    }


def _path_out(path: str) -> object:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return {"base64": base64.b64encode(path_to_bytes(path)).decode("ascii")}
    return path


def _step_in(value: object, number: int) -> Step:
    where = f"steps[{number}]"
    step = _table(value, _STEP_KEYS, where)
    return Step(
        _file_in(step["file"], where),
        _file_in(step["kept"], where),
        _text(step["verdict"], where, _LONGEST_TEXT),
        _text(step["reason"], where, _LONGEST_TEXT),
    )


def _file_in(value: object, where: str) -> PlannedFile:
    file = _table(value, _FILE_KEYS, where)
    stamp = FileStamp(
        _number(file["size"], where, smallest=0),
        _number(file["mtime_ns"], where, smallest=-_LARGEST),
        _number(file["file_id"], where, smallest=0),
    )
    return PlannedFile(_path_in(file["path"], where), stamp, _hash_in(file["hash"], where))


def _table(value: object, keys: frozenset[str], where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise _wrong(where, f"an object with {', '.join(sorted(keys))} and nothing else")
    return value


def _path_in(value: object, where: str) -> str:
    if type(value) is str and _is_plain(value):
        return value
    path = value
    if isinstance(value, dict) and value.keys() == {"base64"} and isinstance(value["base64"], str):
        path = _decoded(value["base64"], where)
    if not isinstance(path, str) or not can_be_a_path(path):
        raise _wrong(where, "a path")
    # "a/../b" could mean another folder to us than to the system.
    if os.path.abspath(path) != path:
        raise _wrong(where, "an absolute path without detours")
    return path


def _is_plain(path: str) -> bool:
    """Tell at a glance, as of most paths it can be told, that a path is absolute, without detours, and possible."""
    return os.sep == "/" and _PLAIN.fullmatch(path) is not None


def _decoded(text: str, where: str) -> str:
    try:
        return path_from_bytes(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise _wrong(where, "a path in base64") from error


def _hash_in(value: object, where: str) -> bytes:
    if isinstance(value, str) and len(value) == _HASH_DIGITS:
        try:
            digest = bytes.fromhex(value)
        except ValueError:
            digest = b""
        if len(digest) * 2 == _HASH_DIGITS:
            return digest
    raise _wrong(where, f"a hash of {_HASH_DIGITS} hexadecimal digits")


def _number(value: object, where: str, *, smallest: int) -> int:
    if type(value) is not int or not smallest <= value <= _LARGEST:
        raise _wrong(where, "whole numbers of 64 bits as size, mtime_ns and file_id")
    return value


def _text(value: object, where: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _wrong(where, f"texts of up to {longest} characters")
    return value


def _id(value: object) -> str:
    text = _text(value, "id", 100)
    if not text or not text.isprintable():
        raise _wrong("id", "a name")
    return text


def _time(value: object) -> str:
    text = _text(value, "made_at", 40)
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise _wrong("made_at", "a time as ISO 8601 writes it") from error
    return text


def _action(value: object) -> Action:
    try:
        return Action(str(value))
    except ValueError as error:
        raise _wrong("action", " or ".join(action.value for action in Action)) from error


def _wrong(where: str, wanted: str) -> PlanError:
    return PlanError(f"This plan cannot be used: {where} should be or hold {wanted}. Make the plan again.")
