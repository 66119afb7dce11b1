"""Folders of photos with their library, made once for each way they may begin, put back for each round, and changed.

Photos are put back as hard links, so that they are the very files that the library knows; whoever changes one writes a
new file in its place.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photofind.core.settings import Settings
from tests.campaign import checking
from tests.campaign.photos import small_jpeg, write_photos

_FOLDERS: Final = 4
NEW: Final = 10_000
"""Numbers of photos from here on are drawn by rounds; smaller ones belong to templates."""


class World:
    """``photos``, the folder that the library has, and ``library``; ``home`` is where the program's own data are."""

    def __init__(self, place: Path, settings: Settings) -> None:
        self.place = place
        self.settings = settings
        self.top = place / "world"
        self.photos = self.top / "photos"
        self.library = self.top / "library"
        self._templates = place / "templates"

    @property
    def trash(self) -> Path:
        """The trash of the home that the program uses."""
        return Path(os.environ["XDG_DATA_HOME"]) / "Trash"

    def begin(self, template: str) -> None:
        """Put a template in place of what is there."""
        kept = self._templates / template
        if not kept.exists():
            self._make(template)
        self._clear()
        self.top.mkdir()
        shutil.copytree(kept / "photos", self.photos, copy_function=os.link)
        if (kept / "library").exists():
            shutil.copytree(kept / "library", self.library)

    def index(self) -> dict[str, int]:
        """Bring the library up to date in this process; return the numbers of the run."""
        return dict(checking.index(self.library, [self.photos], self.settings))

    def files(self) -> dict[str, bytes]:
        """Return the digest of every photo on the disk, as the catalog has it, by its path."""
        return {str(path): digest_of(path) for path in sorted(self.photos.rglob("*.jpg"))}

    def put(self, name: str, number: int) -> Path:
        """Write a photo below the folder, as a new file."""
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(small_jpeg(number))
        return path

    def change(self, chances: random.Random, most: int = 12) -> dict[str, str]:
        """Add, change, copy, remove and move photos.

        Returns where those went that were moved, by where they were, but for those that were changed as well: nobody
        could know them again.
        """
        there = sorted(self.photos.rglob("*.jpg"))
        chances.shuffle(there)
        numbers = iter(range(chances.randrange(NEW, 10**9), 2 * 10**9))
        for _ in range(chances.randint(1, 2 * most)):
            self.put(f"new {chances.randrange(_FOLDERS)}/{next(numbers)}.jpg", next(numbers))
        changed = [there.pop() for _ in range(chances.randint(0, most))]
        for path in changed:
            self.put(str(path.relative_to(self.photos)), next(numbers))
        for _ in range(chances.randint(0, most // 2)):
            copied = self.photos / "copies" / f"{next(numbers)}.jpg"
            copied.parent.mkdir(exist_ok=True)
            shutil.copy2(there.pop(), copied)
        for _ in range(chances.randint(0, most)):
            there.pop().unlink()
        moved = self._move(chances, there, most, numbers.__next__)
        return {old: new for old, new in moved.items() if Path(old) not in changed}

    def _move(self, chances: random.Random, there: list[Path], most: int, number: Callable[[], int]) -> dict[str, str]:
        moved = {}
        for _ in range(chances.randint(0, most)):
            old = there.pop()
            new = self.photos / f"moved {chances.randrange(_FOLDERS)}" / f"{number()}.jpg"
            new.parent.mkdir(exist_ok=True)
            old.rename(new)
            moved[str(old)] = str(new)
        folders = sorted({path.parent for path in there if path.parent.name.startswith("old")})
        if folders and chances.random() < 0.3:
            old_folder = chances.choice(folders)
            new_folder = old_folder.with_name(f"renamed {old_folder.name}")
            paths = [path.relative_to(old_folder) for path in old_folder.rglob("*.jpg")]
            gone = {new: old for old, new in moved.items()}
            old_folder.rename(new_folder)
            for path in paths:
                was = gone.get(str(old_folder / path), str(old_folder / path))
                moved[was] = str(new_folder / path)
        return moved

    def _clear(self) -> None:
        shutil.rmtree(self.top, ignore_errors=True)
        shutil.rmtree(self.trash, ignore_errors=True)

    def _make(self, template: str) -> None:
        self._clear()
        self.top.mkdir(parents=True)
        _TEMPLATES[template](self)
        kept = self._templates / template
        kept.parent.mkdir(exist_ok=True)
        self.top.rename(kept)


def digest_of(path: Path) -> bytes:
    """Return the digest by which the catalog knows a file's bytes."""
    return hashlib.blake2b(path.read_bytes(), digest_size=32).digest()


def _write_some(world: World, first: int, count: int) -> None:
    for folder in range(_FOLDERS):
        write_photos(world.photos / f"old {folder}", range(first + folder, first + count, _FOLDERS))


def _new(world: World) -> None:
    _write_some(world, 0, 70)


def _plain(world: World) -> None:
    _write_some(world, 0, 60)
    world.index()


def _sealed(world: World) -> None:
    for part in range(3):
        _write_some(world, part * 40, 40)
        world.index()


def _dead(world: World) -> None:
    """Leave some segments of which a part is dead, too few for the next update to rewrite them by itself."""
    _sealed(world)
    for path in sorted(world.photos.rglob("*.jpg"))[::8]:
        path.unlink()
    world.index()


_TEMPLATES: dict[str, Callable[[World], None]] = {"new": _new, "plain": _plain, "sealed": _sealed, "dead": _dead}
