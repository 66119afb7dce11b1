"""What must hold after a fault: how the program ended, the library, what was committed, and the user's files."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from photofind.core.errors import UserError
from photofind.core.library import Library
from photofind.core.queries import Query
from tests.campaign.checking import Answers, differences, problems_of
from tests.campaign.faults.scenes import Scene
from tests.campaign.faults.stage import Answer, Stage

_CUT = 137
_ALL = 100_000
_MARKS = ("Traceback (most", "panicked", "Segmentation")


@dataclass(frozen=True)
class Expected:
    """The stage after a scene and an update that nothing disturbed."""

    paths: frozenset[str]
    exact: Answers
    indexed: Answers
    files: Counter[tuple[str, bytes]]


def expected_of(stage: Stage) -> Expected:
    """Look at a stage that is up to date."""
    with Library(stage.library, stage.settings) as opened:
        paths = _paths(opened)
        probes = [path for path in sorted(paths) if "copies" not in path][::25]
        exact, indexed = (_answers(opened, probes, exact=exact) for exact in (True, False))
    return Expected(paths, exact, indexed, placed(stage))


def _paths(library: Library) -> frozenset[str]:
    return frozenset(tile.path for tile in library.tiles(library.list_photos().photo_ids.tolist()))


def _answers(library: Library, probes: Iterable[str], *, exact: bool) -> Answers:
    found = {}
    for probe in probes:
        query = Query(images=(probe,), limit=_ALL, exact=exact, nprobe=None if exact else _ALL)
        found[probe] = [(hit.path, hit.score) for hit in library.search(query).hits]
    return found


def placed(stage: Stage) -> Counter[tuple[str, bytes]]:
    """Return the user's files: photos by their paths, others, whose names may differ, by their folders."""
    found: Counter[tuple[str, bytes]] = Counter()
    for path, digest in stage.digests().items():
        inside = path.startswith(str(stage.photos))
        if not path.endswith(".trashinfo"):
            found[(path if inside else "elsewhere", digest)] += 1
    return found


def ending(answer: Answer, *, cut: bool) -> Iterator[str]:
    """Yield what is wrong with how the program ended."""
    if cut and answer.status == _CUT:
        return
    told = [line for line in answer.err.splitlines() if line.startswith("photofind: ")]
    if any(mark in answer.err for mark in _MARKS):
        yield f"a traceback: {' / '.join(answer.err.strip().splitlines()[-4:])[:600]}"
    elif answer.status not in (0, 1):
        yield f"it ended with status {answer.status}: {answer.err[-300:]}"
    elif answer.out.startswith('{"event"'):
        yield from _events(answer)
    elif answer.status == 1 and len(told) != 1 and "Remains" not in answer.out:
        yield f"status 1 without one clear line: {answer.err[-400:]!r} {answer.out[-200:]!r}"


def _events(answer: Answer) -> Iterator[str]:
    try:
        events = [json.loads(line) for line in answer.out.splitlines()]
    except ValueError:
        yield f"an event is cut short: {answer.out[-200:]}"
        return
    failed = [event for event in events if event["event"] == "failed"]
    if failed and not failed[-1]["fixable"]:
        yield f"a bug, as it says itself: {failed[-1]['message']}"
    if bool(failed) != (answer.status == 1):
        yield f"status {answer.status}, but the events say otherwise: {answer.out[-200:]}"
    if "\n" in (failed[-1]["message"] if failed else ""):
        yield f"more than one line: {failed[-1]['message']!r}"


def logged(stage: Stage, answer: Answer) -> Iterator[str]:
    """Yield the bugs in the worker's logs, and what was printed last by one that crashed."""
    native = stage.library / "decoders.log"
    if answer.status < 0 and native.exists():
        yield f"the last words were {native.read_text(errors='replace')[-1500:]!r}"
    for name in ("photofind.log", "decoders.log"):
        path = stage.library / name
        text = path.read_text(errors="replace") if path.exists() else ""
        if _MARKS[0] in text and "Logging error" not in text:
            yield f"{name} has a traceback: {' / '.join(text.strip().splitlines()[-3:])[:500]}"


def closed(scene: Scene, answer: Answer) -> Iterator[str]:
    """Yield what went wrong at closing: that may cost checksums, and be told in a log, but fails nothing."""
    if scene.only_closes and "ready" in answer.out and answer.status not in (0, _CUT):
        yield f"it failed when it was closed: {answer}"


def results(scene: Scene, stage: Stage, answer: Answer) -> Iterator[str]:
    """Yield what is missing of the files that a scene says it has written, and what is there by halves all the same."""
    for name in scene.result:
        path = stage.top / name
        if answer.status == 0 and (not path.exists() or not path.stat().st_size):
            yield f"it ended with status 0, and {name} is not there"
        elif path.suffix in (".json", ".toml") and path.exists():
            try:
                (json.loads if path.suffix == ".json" else tomllib.loads)(path.read_text("utf-8"))
            except ValueError:
                yield f"status {answer.status}: {name} is there by halves, {path.stat().st_size} bytes"


def kept(scene: Scene, stage: Stage, before: Counter[tuple[str, bytes]]) -> Iterator[str]:
    """Yield what became of the user's files that should not have."""
    now = placed(stage)
    if not scene.touches and now != before:
        yield f"the user's files changed: {sorted(path for path, _ in (now - before) + (before - now))[:5]}"
    contents = {digest for _, digest in before}
    lost = contents - {digest for _, digest in now}
    if lost:
        yield f"a content is gone: {[path for path, digest in before if digest in lost][:5]}"


def strangers(stage: Stage, before: Counter[tuple[str, bytes]]) -> Iterator[str]:
    """Yield files among the photos that are none of the user's."""
    contents = {digest for _, digest in before}
    odd = [path for path, digest in stage.digests().items() if digest not in contents and ".trashinfo" not in path]
    if odd:
        yield f"left over among the user's files: {odd[:5]}"


def sound(stage: Stage) -> Iterator[str]:
    """Yield what is wrong with the library before anything mends it."""
    yield from problems_of(stage.library, stage.settings)


def committed(stage: Stage, before: int) -> Iterator[str]:
    """Yield the loss of what the program took for durable: ``before`` vectors, and those of its own commits."""
    claimed = max(before, stage.acknowledged())
    if vectors_of(stage.library) < claimed:
        yield f"{claimed} vectors were committed, {vectors_of(stage.library)} are there"


def vectors_of(library: Path) -> int:
    """Return how many vectors the catalog of a library names."""
    if not (library / "library.db").exists() or not (library / "library.db").stat().st_size:
        return 0
    with closing(sqlite3.connect(library / "library.db")) as connection:
        try:
            return int(connection.execute("SELECT coalesce(max(next_vid), 0) FROM packs").fetchone()[0])
        except sqlite3.OperationalError:  # its schema was not committed
            return 0


def as_expected(stage: Stage, wanted: Expected) -> Iterator[str]:
    """Yield how a stage that is up to date again differs from an undisturbed one."""
    try:
        with Library(stage.library, stage.settings) as opened:
            paths = _paths(opened)
            exact, indexed = (_answers(opened, wanted.exact, exact=exact) for exact in (True, False))
    except UserError as error:
        yield f"it cannot be searched: {error}"
        return
    if paths != wanted.paths:
        yield f"photos differ from an undisturbed library: {sorted(paths ^ wanted.paths)[:5]}"
    yield from (f"exactly {each}" for each in differences(exact, wanted.exact))
    yield from (f"through the index {each}" for each in differences(indexed, wanted.indexed))
    now = placed(stage)
    # A move to another volume that was cut off leaves its copy beside the original: nothing says whose it is.
    odd = [path for path, _ in now - wanted.files if path != "elsewhere"] + [path for path, _ in wanted.files - now]
    if odd:
        yield f"the user's files are not where they would be: {sorted(odd)[:5]}"
