"""What must hold when the soak is over: the library knows what is on the disk, is sound, and answers like a new one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.queries import Query
from photofind.core.settings import Settings

_HITS: Final = 30
_CLOSE: Final = 1e-3
"""Scores that differ by no more are the same: photos with such scores may change places."""

Answer = list[tuple[str, float]]


def listed(folder: Path, settings: Settings) -> set[str]:
    """Return the paths of all photos of a library."""
    with Library(folder, settings) as library:
        ids = library.list_photos().photo_ids.tolist()
        return {tile.path for at in range(0, len(ids), 500) for tile in library.tiles(ids[at : at + 500])}


def differing_photos(folder: Path, settings: Settings, expected: set[str]) -> list[str]:
    """Return in which photos a library differs from what is on the disk."""
    known = listed(folder, settings)
    missing, gone = sorted(expected - known), sorted(known - expected)
    found = [f"{len(missing)} photos are not in the library, {missing[0]} for one"] if missing else []
    return found + ([f"{len(gone)} photos are still in the library, {gone[0]} for one"] if gone else [])


def unsound(folder: Path, settings: Settings) -> list[str]:
    """Return what the doctor finds, before and after the library was opened for writing."""
    with Library(folder, settings) as library:
        before = library.examine()
    with LibraryWriter(folder, settings):
        pass
    with Library(folder, settings) as library:
        after = library.examine()
    return [*before.problems, *before.beyond_repair, *after.problems, *after.beyond_repair]


def indexed_anew(folder: Path, roots: Sequence[Path], settings: Settings) -> None:
    """Index folders into a new library."""
    with LibraryWriter(folder, settings) as writer:
        for _ in writer.update([str(root) for root in roots]):
            pass


def differing_answers(used: Path, fresh: Path, settings: Settings, probes: Sequence[Path]) -> list[str]:
    """Return the probes to which two libraries give other answers, by exact search."""
    found = []
    with Library(used, settings) as one, Library(fresh, settings) as other:
        for probe in probes:
            query = Query(images=(str(probe),), limit=_HITS, exact=True)
            reason = difference(*([(hit.path, hit.score) for hit in each.search(query).hits] for each in (one, other)))
            if reason:
                found.append(f"{probe.name}: {reason}")
    return found


def difference(used: Answer, fresh: Answer) -> str:
    """Return in what two answers differ; nothing when they are the same but for the order of equals."""
    if len(used) != len(fresh):
        return f"{len(used)} hits instead of {len(fresh)}"
    for (path, score), (other, wanted) in zip(used, fresh, strict=True):
        if abs(score - wanted) > _CLOSE:
            return f"{path} with {score:.4f} where {other} with {wanted:.4f} should be"
    last = fresh[-1][1] if fresh else 0.0
    sure = {path for path, score in fresh if score > last + _CLOSE}
    lacking = sorted(sure - {path for path, _ in used})
    return f"{lacking[0]} is missing" if lacking else ""


def some(paths: set[str], count: int, chances: random.Random) -> list[Path]:
    """Return some of the photos, to ask by."""
    return [Path(path) for path in chances.sample(sorted(paths), min(count, len(paths)))]
