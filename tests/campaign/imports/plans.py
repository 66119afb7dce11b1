"""Plans for files that somebody else wrote: for other people's files, against themselves, or no plans at all.

A plan that can be carried out is made first; every other one is that plan with something in it changed.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.campaign.imports.stage import Case, Stage

Document = dict[str, Any]

JUNK: tuple[object, ...] = (
    *(None, True, -1, 0, 1.5, 1e308, 1 << 63, -(1 << 70), 10**4000, "", " ", "\0", "x" * 100_000, "\ud800", "‮gpj.exe"),
    *([], [[]], {}, {"": {}}, {"base64": "!"}, {"base64": "AA=="}, "NaN", float("nan"), float("inf"), "../..", "C:\\x"),
    *("~", "/", "//", "/proc/self/mem", "/dev/zero", "file:///etc/passwd", "$(reboot)", "'; DROP TABLE steps; --"),
)


def cases(stage: Stage, chances: random.Random, most: int) -> Iterator[Case]:
    """Yield plans to be refused, of those that are varied by chance at most so many."""
    plan = _made(stage)
    for name, text, told in _texts(stage, plan):
        yield _case(stage, name, text, told)
    for name, change, told in _forged(stage):
        forged = copy.deepcopy(plan)
        change(forged)
        yield _case(stage, name, json.dumps(forged), told)
    places = [(where, value) for where in _places(plan) for value in JUNK]
    for where, value in chances.sample(places, min(most, len(places))):
        yield _case(stage, f"plan with {where} = {value!r:.40}", json.dumps(_changed(plan, where, value)), "", "either")
    for number in range(most // 4):
        content = bytearray(json.dumps(plan).encode())
        for _ in range(chances.randint(1, 4)):
            content[chances.randrange(len(content))] = chances.randrange(256)
        yield _case(stage, f"plan with flipped bytes {number}", bytes(content), "", "either")


def targets(stage: Stage) -> Iterator[Case]:
    """Yield wishes for plans that are refused before a plan is written."""
    for folder in (stage.library, stage.library / "deep" / "down", stage.place / "link to library"):
        if folder.name.startswith("link"):
            folder.symlink_to(stage.library)
        out = str(stage.inbox / "never.json")
        yield Case(f"move to {folder.name}", ("duplicates", "--plan", out, "--action", "move", "--to", str(folder)))


def _made(stage: Stage) -> Document:
    path = stage.inbox / "plan.json"
    answer = stage.ask("duplicates", "--plan", str(path))
    assert answer.status == 0, answer
    plan: Document = json.loads(path.read_text())
    assert len(plan["steps"]) > 1
    return plan


def _case(stage: Stage, name: str, content: str | bytes, told: str, expected: str = "refused") -> Case:
    path = stage.inbox / "forged.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    # What was changed by chance may be a sound plan still: it is only verified.
    dry = ("--dry-run",) if expected == "either" else ()
    return Case(name, ("duplicates", "--apply", str(path), *dry), expected, told)  # type: ignore[arg-type]


def _texts(stage: Stage, plan: Document) -> Iterator[tuple[str, str | bytes, str]]:
    text = json.dumps(plan)
    yield "empty plan", "", "no plan"
    yield "plan of brackets", "[" * 1_000_000, "no plan"
    yield "plan of nested objects", '{"a":' * 200_000, "no plan"
    yield "plan in UTF-16 that is cut", text.encode("utf-16")[:-2], "no plan"
    yield "plan that is no text", bytes(range(256)) * 100, "no plan"
    yield "cut plan", text[: len(text) // 2], "no plan"
    yield "plan with a number of a million digits", text.replace('"version": 1', '"version": ' + "9" * 1_000_000), ""
    yield "plan of a newer version", text.replace('"version": 1', '"version": 2'), "newer"
    yield (
        "plan with a key twice",
        text.replace('"action": "trash"', '"action": "move", "action": "trash"'),
        "value twice",
    )
    yield "plan with NaN", text.replace('"version": 1', '"version": NaN'), ""
    yield "plan of 300 MB", b" " * stage.size(300_000_000), "longer than"


def _forged(stage: Stage) -> Iterator[tuple[str, Callable[[Document], None], str]]:
    precious = str(stage.outside / "precious.jpg")
    yield "file outside of the library", _sets("file", precious), "none of the library's folders"
    yield "kept file outside of the library", _sets("kept", precious), "none of the library's folders"
    yield "file in the home", _sets("file", str(stage.settings)), "none of the library's folders"
    yield "file of the library itself", _sets("file", str(stage.library / "library.db")), "none of"
    yield "traversal", _sets("file", f"{stage.photos}/../outside/precious.jpg"), "without detours"
    yield "relative path", _sets("file", "photos/copy of 0.jpg"), "absolute"
    yield "name with a NUL", _sets("file", f"{stage.photos}/a\0b.jpg"), "a path"
    yield "folder with a like name", _sets("file", f"{stage.photos}2/0.jpg"), "none of"
    yield "kept is removed", _everywhere(lambda step: step.update(kept=step["file"])), "contradicts"
    yield "a chain", _chained, "contradicts"
    yield "one file twice", lambda plan: plan["steps"].append(plan["steps"][0]), "twice"
    yield "another machine", _on_another_machine, "none of"
    yield "wrong hashes", _everywhere(lambda step: step["file"].update(hash="0" * 64)), "None of"
    yield "both hashes wrong", _everywhere(_with_wrong_hashes), "None of"
    yield "huge sizes", _everywhere(lambda step: step["file"].update(size=(1 << 63) - 1)), "None of"
    yield "through a link", _through_a_link(stage), "none of"
    yield "a link as the file", _link_as_file(stage), "None of"
    yield "a pipe as the file", _pipe_as_file(stage), "None of"
    yield "a folder as the file", _everywhere(lambda step: step["file"].update(path=str(stage.photos / "1"))), "twice"
    for name, target in (
        ("the library", str(stage.library)),
        ("below the library", str(stage.library / "x")),
        ("a file", precious),
        ("a device", "/dev/null"),
        ("where a login starts programs", str(stage.home / ".config" / "autostart")),
        ("what programs keep", str(stage.home / "data" / "applications")),
    ):
        yield f"moved to {name}", _moving_to(target), ""
    yield "moved to the system", _moving_to("/proc/photofind"), "None of"


def _sets(which: str, path: str) -> Callable[[Document], None]:
    return lambda plan: plan["steps"][0][which].update(path=path)


def _everywhere(change: Callable[[Document], None]) -> Callable[[Document], None]:
    def change_all(plan: Document) -> None:
        for step in plan["steps"]:
            change(step)

    return change_all


def _with_wrong_hashes(step: Document) -> None:
    step["file"]["hash"] = step["kept"]["hash"] = "ab" * 32


def _chained(plan: Document) -> None:
    first, second = plan["steps"][:2]
    first["kept"], second["kept"] = second["file"], first["file"]


def _on_another_machine(plan: Document) -> None:
    for step in plan["steps"]:
        for which in ("file", "kept"):
            step[which]["path"] = "/home/somebody/Pictures/" + os.path.basename(step[which]["path"])


def _through_a_link(stage: Stage) -> Callable[[Document], None]:
    (stage.photos / "linked").symlink_to(stage.outside)
    return _sets("file", str(stage.photos / "linked" / "precious.jpg"))


def _link_as_file(stage: Stage) -> Callable[[Document], None]:
    (stage.photos / "to precious.jpg").symlink_to(stage.outside / "precious.jpg")
    return _only(_sets("file", str(stage.photos / "to precious.jpg")))


def _pipe_as_file(stage: Stage) -> Callable[[Document], None]:
    if not (stage.photos / "pipe.jpg").exists():
        os.mkfifo(stage.photos / "pipe.jpg")
    return _only(_sets("file", str(stage.photos / "pipe.jpg")))


def _only(change: Callable[[Document], None]) -> Callable[[Document], None]:
    def change_first(plan: Document) -> None:
        del plan["steps"][1:]
        change(plan)

    return change_first


def _moving_to(target: str) -> Callable[[Document], None]:
    return lambda plan: plan.update(action="move", target=target)


def _places(plan: Document) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value of a plan, those of the first step for all steps."""
    yield from ((key,) for key in plan)
    step = plan["steps"][0]
    yield ("steps", 0)
    for key, value in step.items():
        yield ("steps", 0, key)
        if isinstance(value, dict):
            yield from (("steps", 0, key, inner) for inner in value)


def _changed(plan: Document, where: tuple[str | int, ...], value: object) -> Document:
    changed: Any = copy.deepcopy(plan)
    inner = changed
    for key in where[:-1]:
        inner = inner[key]
    inner[where[-1]] = value
    return changed  # type: ignore[no-any-return]


def leave(stage: Stage) -> None:
    """Remove what the cases put among the photos."""
    for name in ("linked", "to precious.jpg", "pipe.jpg"):
        Path(stage.photos / name).unlink(missing_ok=True)
    (stage.place / "link to library").unlink(missing_ok=True)
