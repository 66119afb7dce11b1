"""A small real library for tests of the window: varied photos in two folders, indexed once by the real writer."""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from photofind.core.catalog.order import path_key
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.other_program import changed_by_hand
from tests.support.photos import picture, put

_DATE_TIME_ORIGINAL, _EXIF = 0x9003, 0x8769
_SIZES = ((200, 200), (640, 400), (360, 540), (900, 300), (120, 90))
PHOTOS = 30
DATED = 20


@dataclass(frozen=True)
class Gallery:
    """Photos in ``holidays`` and ``home``, their library in ``library``; all below ``place``.

    ``holidays`` has 20 photos with EXIF dates, one a month from January 2021 on in the order of their names; ``home``
    has 10 without, and ``broken``, which is no picture. ``probe`` is a picture that lies outside of both.
    """

    place: Path
    settings: Settings

    @property
    def library(self) -> Path:
        return self.place / "library"

    @property
    def holidays(self) -> Path:
        return self.place / "photos" / "holidays"

    @property
    def home(self) -> Path:
        return self.place / "photos" / "home"

    @property
    def broken(self) -> Path:
        return self.home / "broken.jpg"

    @property
    def probe(self) -> Path:
        return self.place / "probe.jpg"

    @property
    def paths(self) -> list[str]:
        """The paths of all photos, in their order; the broken one is none."""
        paths = [str(path) for folder in (self.holidays, self.home) for path in folder.iterdir()]
        return sorted(path for path in paths if path != str(self.broken))

    def open(self) -> Library:
        """Open the library for reading; the caller closes it."""
        return Library(self.library, self.settings)

    def ids(self) -> list[int]:
        """Return the ids of all photos, newest first."""
        with self.open() as library:
            return [int(photo_id) for photo_id in library.list_photos().photo_ids]

    def id_of(self, path: str | Path) -> int:
        """Return the id of the photo at a path."""
        with self.open() as library:
            found = library.photo_at(str(path))
        assert found is not None, path
        return int(found)

    def update(self) -> None:
        """Bring the library up to date with its two folders."""
        with LibraryWriter(self.library, self.settings) as writer:
            for _ in writer.update([str(self.holidays), str(self.home)]):
                pass


def make_gallery(place: Path) -> Gallery:
    """Write the photos and index them."""
    gallery = Gallery(place, Settings(workers=1))
    for number in range(DATED):
        taken = f"{2021 + number // 12}:{number % 12 + 1:02}:15 12:00:00"
        put(gallery.holidays / f"{number:02}.jpg", photo(number, taken))
    for number in range(DATED, PHOTOS):
        put(gallery.home / f"{number:02}.jpg", photo(number))
    put(gallery.broken, b"\xff\xd8 this is no picture")
    put(gallery.probe, photo(77))
    gallery.update()
    return gallery


def copy_gallery(gallery: Gallery, place: Path) -> Gallery:
    """Return a gallery of its own at ``place``: copies of the photos, and a library that names them."""
    shutil.copytree(gallery.place, place, dirs_exist_ok=True)
    copied = Gallery(place, gallery.settings)
    old, new = os.fsencode(gallery.place), os.fsencode(place)
    # The library holds absolute paths; indexing the copies instead would cost each test seconds.
    with changed_by_hand(copied.library / "library.db") as connection:
        for table in ("roots", "folders"):
            for row_id, path in connection.execute(f"SELECT id, path FROM {table}").fetchall():
                connection.execute(f"UPDATE {table} SET path = ? WHERE id = ?", (path.replace(old, new, 1), row_id))
        for row_id, path in connection.execute("SELECT id, path FROM folders").fetchall():
            connection.execute("UPDATE folders SET path_key = ? WHERE id = ?", (path_key(os.fsdecode(path)), row_id))
    return copied


def photo(number: int, taken: str | None = None) -> bytes:
    """Return a JPEG of its own for each number, of one of several shapes; ``taken`` as ``YYYY:MM:DD HH:MM:SS``."""
    image = picture(number).resize(_SIZES[number % len(_SIZES)])
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(_EXIF)[_DATE_TIME_ORIGINAL] = taken
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85, exif=exif)
    return stream.getvalue()
