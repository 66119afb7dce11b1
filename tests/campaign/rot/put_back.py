"""Files of a library that come from a back-up while the others stay: each is sound, but not of the same moment.

::

    early: photos and copies, indexed, searched for duplicates ──▶ kept
    late:  a copy, strangers and a removal more, indexed and searched ──▶ kept
    now:   other photos in the place of those; a new library of them says what is right
    round: the late library with some files of the early one ──▶ update, doctor if that is asked for ──▶ what is right?

What the early catalog has not given out yet, numbers of contents, vectors and photos, it gives out again: what the late
files say of such a number is about something else.
"""

from __future__ import annotations

import io
import shutil
from contextlib import closing
from pathlib import Path
from typing import Final

from PIL import Image

from photofind.core.errors import UserError
from photofind.core.evidence import GroupKind
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.campaign.checking import answers, differences, problems_of
from tests.campaign.quick_pack import quick_settings
from tests.campaign.running import Campaign
from tests.support.photos import put

UNITS: Final = ("library", "duplicates", "thumbnails", "vectors-", "accuracy")
"""What is put back as one: the files whose names begin with that."""

_EARLY: Final = (0, 1, 2, 3, 4, 100, 101, 102, 103, 104)
_LATE: Final = (200, 201, 202)
_NOW: Final = (203, 204)
"""Numbers of photos that have little or nothing in common."""

_THRESHOLD: Final = 0.5


class PutBack:
    """The two moments of a library, and what is right of the photos that are there now."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._place = campaign.place / "put back"
        self._photos = self._place / "photos"
        self._settings: Settings = quick_settings()
        self._library = self._place / "library"
        for number in _EARLY:
            put(self._photos / f"{number}.jpg", number)
        self._copy(2, "copy of 2.jpg")
        self._keep("early")
        late = [self._copy(4, "copy of 4.jpg"), *(put(self._photos / f"{number}.jpg", number) for number in _LATE)]
        (self._photos / "3.jpg").unlink()
        self._keep("late")
        for photo in late:
            photo.unlink()
        for number in _NOW:
            put(self._photos / f"{number}.jpg", number)
        self._copy(101, "copy of 101.jpg")
        self._fresh = self._place / "fresh"
        self._tend(self._fresh)
        self._probes = sorted(self._photos.iterdir())[::4]
        self._right = answers(self._fresh, self._settings, self._probes)
        self._groups = self._grouped(self._fresh)
        assert sorted(map(sorted, self._groups)) == [["101.jpg", "copy of 101.jpg"], ["2.jpg", "copy of 2.jpg"]]

    def play(self, number: int) -> None:
        """Put some files back, the catalog first of all, and compare."""
        chances = self._campaign.chances("put back", number)
        units = UNITS[number : number + 1] if number < 2 else chances.sample(UNITS, chances.randint(1, len(UNITS) - 1))
        _copied(self._place / "late", self._library)
        for unit in units:
            for path in self._library.glob(f"{unit}*"):
                path.unlink()
            for path in (self._place / "early").glob(f"{unit}*"):
                shutil.copy2(path, self._library)
        self._campaign.count("libraries with files of two moments")
        for finding in self._wrong():
            self._campaign.find(f"put back {number}, {', '.join(units)} of an earlier moment: {finding}")

    def _wrong(self) -> list[str]:
        try:
            self._tend(self._library)
        except UserError as error:
            self._campaign.count("libraries that asked for the doctor")
            try:
                with LibraryWriter(self._library, self._settings) as writer:
                    writer.repair()
                self._tend(self._library)
            except UserError as again:
                return [f"{error}; and after the doctor {again}"]
        found = problems_of(self._library, self._settings)
        found += differences(answers(self._library, self._settings, self._probes), self._right)
        groups = self._grouped(self._library)
        return (
            found
            + [f"copies {sorted(group)}" for group in groups if group not in self._groups]
            + [f"no copies {sorted(group)}" for group in self._groups if group not in groups]
        )

    def _copy(self, number: int, name: str) -> Path:
        stream = io.BytesIO()
        with Image.open(self._photos / f"{number}.jpg") as image:
            image.convert("RGB").save(stream, "JPEG", quality=60)
        return put(self._photos / name, stream.getvalue())

    def _keep(self, name: str) -> None:
        self._tend(self._library)
        _copied(self._library, self._place / name)

    def _tend(self, library: Path) -> None:
        with LibraryWriter(library, self._settings) as writer:
            for _ in writer.update([str(self._photos)]):
                pass
        with Library(library, self._settings) as reader:
            for _ in reader.finder().run():
                pass

    def _grouped(self, library: Path) -> list[set[str]]:
        with Library(library, self._settings) as opened, closing(opened.duplicates()) as reader:
            table = reader.groups(_THRESHOLD, {GroupKind.EXACT, GroupKind.NEAR})
            groups = list(reader.all_groups(table))
        return [{Path(member.path).name for member in group.members} for group in groups]


def _copied(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=shutil.copy2)
