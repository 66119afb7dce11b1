"""What is going on when the processes are killed: how each phase begins, and what may be told to do the work."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from photofind.core.library import DATABASE
from photofind.core.library_writer import LibraryWriter
from photofind.core.vectors.files import segment_file
from tests.campaign.kills.old import make_older
from tests.campaign.kills.victims import Work
from tests.campaign.kills.world import World
from tests.campaign.quick_pack import OTHER

Moved = Mapping[str, str]

_INDEXING: Final = ("embeddings", "thumbnails being written", "the log of the catalog")
_SEALING: Final = ("an index file", "a trained index", "the log of the catalog")


@dataclass(frozen=True)
class Phase:
    """One kind of work: the ``template`` of its world, what is changed before, and who may do it, by name.

    ``sights`` are what may be waited for. ``is_repair`` means that it is the doctor, asked again, who completes it.
    """

    name: str
    template: str
    prepare: Callable[[World, random.Random], Moved]
    doers: Mapping[str, Callable[[World], Work]]
    sights: tuple[str, ...]
    is_repair: bool = False


def whos_of(doer: str) -> tuple[str, ...]:
    """Return which processes of a doer may be killed: it may be one process, or one and its worker."""
    return ("all", "main", "worker") if doer in ("cli index", "window") else ("all", "main")


# Doers


def _cli(*arguments: str) -> Callable[[World], Work]:
    return lambda world: Work((*arguments, "--library", str(world.library)))


def _index(world: World) -> Work:
    return Work(("index", str(world.photos), "--library", str(world.library)))


def _worker(command: str, **values: object) -> Callable[[World], Work]:
    def work(world: World) -> Work:
        told = {**values, "folders": [str(world.photos)]} if command == "index" else values
        lines = (json.dumps({"command": command, **told}), json.dumps({"command": "quit"}))
        return Work(("worker", "--library", str(world.library)), lines)

    return work


def _window(task: str) -> Callable[[World], Work]:
    def work(world: World) -> Work:
        folders = (str(world.photos),) if task == "index" else ()
        return Work(("window", str(world.library), task, *folders))

    return work


_INDEXERS: Final = {"cli index": _index, "worker": _worker("index"), "window": _window("index")}


# Preparations


def _nothing(world: World, chances: random.Random) -> Moved:
    del world, chances
    return {}


def _changes(world: World, chances: random.Random) -> Moved:
    return world.change(chances)


def _many(world: World, chances: random.Random) -> Moved:
    for number in range(chances.randint(60, 130)):
        world.put(f"many {number % 3}/{number}.jpg", chances.randrange(10_000, 10**9))
    return {}


def _older(world: World, chances: random.Random) -> Moved:
    make_older(world.library / DATABASE, chances.randint(1, 3))
    return world.change(chances, 3) if chances.random() < 0.5 else {}


def _other_pack(world: World, chances: random.Random) -> Moved:
    if chances.random() < 0.85:  # else the choice itself is what is killed, and nothing comes of it
        with LibraryWriter(world.library, world.settings) as writer:
            writer.want_pack(OTHER)
    return world.change(chances, 3) if chances.random() < 0.3 else {}


def _damage(world: World, chances: random.Random) -> Moved:
    """Damage what the doctor mends: embeddings, segments, thumbnails."""
    what = chances.choice(("embeddings", "segment", "thumbnails", "all"))
    if what in ("embeddings", "all"):
        rows = next(world.library.glob("vectors-*.f16"))
        with rows.open("r+b") as file:
            file.seek(16 * chances.randrange(20))
            file.write(bytes(16 * 5))
    if what in ("segment", "all"):
        chances.choice(sorted(world.library.glob("epoch-*/seg-*"))).unlink()
    if what in ("thumbnails", "all"):
        (world.library / "thumbnails.db").write_bytes(b"no database at all" * 1000)
    segment_file(world.library, "0" * 32, "0" * 32).parent.mkdir(exist_ok=True)  # left over, named by nothing
    return {}


PHASES: Final[tuple[Phase, ...]] = (
    Phase("first indexing", "new", _nothing, _INDEXERS, _INDEXING),
    Phase("incremental run", "plain", _changes, _INDEXERS, _INDEXING),
    Phase("sealing", "sealed", _many, _INDEXERS, _SEALING),
    Phase(
        "compaction",
        "dead",
        _nothing,
        {
            "doctor": _cli("doctor", "--compact"),
            "worker": _worker("maintain", task="compact"),
            "window": _window("compact"),
        },
        _SEALING,
    ),
    Phase(
        "re-clustering",
        "dead",
        _nothing,
        {
            "doctor": _cli("doctor", "--recluster"),
            "worker": _worker("maintain", task="recluster"),
            "window": _window("recluster"),
        },
        _SEALING,
    ),
    Phase(
        "migration",
        "sealed",
        _older,
        {**_INDEXERS, "doctor": _cli("doctor", "--compact"), "model use": _cli("model", "use", "quick")},
        ("a back-up", "the log of the catalog"),
    ),
    Phase("pack change", "sealed", _other_pack, _INDEXERS, (*_INDEXING, *_SEALING)),
    Phase("model use", "plain", _nothing, {"model use": _cli("model", "use", OTHER)}, ("the log of the catalog",)),
    Phase(
        "repair", "sealed", _damage, {"doctor": _cli("doctor")}, (*_SEALING, "thumbnails being written"), is_repair=True
    ),
    Phase(
        "finding duplicates",
        "sealed",
        _changes,
        {"cli": _cli("duplicates"), "worker": _worker("find_duplicates"), "window": _window("find_duplicates")},
        ("the pairs",),
    ),
    Phase("measuring", "sealed", _nothing, {"evaluate": _cli("evaluate", "--queries", "40")}, ("the calibration",)),
)
