"""Photos that change while the soak goes on: added, overwritten, moved, renamed and removed, their number kept."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.campaign.photos import small_jpeg, write_photos

_A_FOLDER: Final = 500
_NUMBER: Final = re.compile(rb"photo (\d+)")
_FIRST_DAY: Final = 1_420_070_400
_DAYS: Final = 3650
"""Photos say no date of their own; that of the file lies in the ten years from 2015 on."""


class ChangingPhotos:
    """The photos below some folders; :meth:`step` changes one of them.

    One photo in a hundred is broken, and what was removed comes back half of the time, elsewhere. Without ``write``,
    the photos are there already, as another run has left them.
    """

    def __init__(self, top: Path, photos: int, *, write: bool = True) -> None:
        self.top = top
        self.roots = [top / "first", top / "second"]
        self.done: Counter[str] = Counter()
        self._wanted = photos
        self._next = photos
        self._removed: list[int] = []
        self._paths: list[tuple[Path, int]] = []
        folders = max(2, photos // _A_FOLDER)
        self.folders = [self.roots[number % 2] / f"set {number:03}" for number in range(folders)]
        if not write:
            self._paths = [(path, _number_of(path)) for root in self.roots for path in sorted(root.rglob("*.jpg"))]
            self._next = max([photos, *(number for _, number in self._paths)])
            return
        for place, folder in enumerate(self.folders):
            numbers = range(place * photos // folders, (place + 1) * photos // folders)
            written = write_photos(folder, numbers)
            self._paths += zip(written, numbers, strict=True)
            for path, number in zip(written, numbers, strict=True):
                _date(path, number)

    def step(self, chances: random.Random) -> None:
        """Change one photo."""
        kinds = ["change", "move", "rename", "remove"] if len(self._paths) >= self._wanted else ["add"]
        kind = chances.choice(kinds)
        self.done[kind] += 1
        getattr(self, f"_{kind}")(chances)

    def expected(self) -> set[str]:
        """Return the paths of all photos that can be read."""
        return {str(path) for path, number in self._paths if number >= 0}

    def _take(self, chances: random.Random) -> tuple[Path, int]:
        place = chances.randrange(len(self._paths))
        self._paths[place], self._paths[-1] = self._paths[-1], self._paths[place]
        return self._paths.pop()

    def _put(self, path: Path, number: int) -> None:
        path.write_bytes(small_jpeg(number) if number >= 0 else b"\xff\xd8 this is no picture")
        _date(path, number)
        self._paths.append((path, number))

    def _new(self, chances: random.Random) -> int:
        if chances.random() < 0.01:
            return -1
        if self._removed and chances.random() < 0.5:
            return self._removed.pop(chances.randrange(len(self._removed)))
        self._next += 1
        return self._next

    def _free_name(self, chances: random.Random, folders: Sequence[Path] = ()) -> Path:
        while True:  # a run that began with what another of this seed has left would draw its names again
            path = chances.choice(folders or self.folders) / f"new {chances.randrange(1 << 40):010x}.jpg"
            if not path.exists():
                return path

    def _add(self, chances: random.Random) -> None:
        self._put(self._free_name(chances), self._new(chances))

    def _change(self, chances: random.Random) -> None:
        path, number = self._take(chances)
        self._forget(number)
        self._put(path, self._new(chances))

    def _move(self, chances: random.Random) -> None:
        path, number = self._take(chances)
        target = self._free_name(chances)
        path.rename(target)
        self._paths.append((target, number))

    def _rename(self, chances: random.Random) -> None:
        path, number = self._take(chances)
        target = self._free_name(chances, [path.parent])
        path.rename(target)
        self._paths.append((target, number))

    def _remove(self, chances: random.Random) -> None:
        path, number = self._take(chances)
        path.unlink()
        self._forget(number)

    def _forget(self, number: int) -> None:
        if number >= 0:
            self._removed.append(number)


def _date(path: Path, number: int) -> None:
    seconds = _FIRST_DAY + abs(number) * 7919 % _DAYS * 86_400 + number % 7919
    os.utime(path, (seconds, seconds))


def _number_of(path: Path) -> int:
    """Return the number that a photo has as its comment; -1 for one that is broken."""
    found = _NUMBER.search(path.read_bytes())
    return int(found[1]) if found else -1
