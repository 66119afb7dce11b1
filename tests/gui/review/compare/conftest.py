"""A small real library of one photo and its copies, of which the tests know what was done to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageOps
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.core.duplicates import placements
from photofind.core.duplicates.placements import IDENTITY, compose, turn
from photofind.core.evidence import Evidence, Member, Placement, Verdict
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId
from photofind.core.settings import Settings
from photofind.gui.review.compare.view import CompareView
from photofind.gui.thumbnails import ThumbnailProvider
from tests.support.photos import picture

WAIT_MS = 30_000
SIZE = (900, 600)
PART = (300, 60, 780, 420)
"""Left, top, right, bottom of the part of the photo that its crops show."""

PART_PLACEMENT: Placement = (480 / 900, 0.0, 300 / 900, 0.0, 360 / 600, 60 / 600)
_EXIF, _TAKEN, _MAKE, _MODEL, _F_NUMBER, _ORIENTATION = 0x8769, 0x9003, 0x10F, 0x110, 0x829D, 0x112

EVIDENCE = {
    "same.jpg": Evidence(Verdict.SAME_FILE, 1.0),
    "reencoded.jpg": Evidence(Verdict.REENCODED, 0.999, 0.99, 2, difference=0.01),
    "lying.jpg": Evidence(Verdict.REENCODED, 0.999, 0.99, 2),
    "turned.png": Evidence(Verdict.EDITED, 0.99, 0.95, 0, 6, placement=turn(6), changes=("rotated",)),
    "small.png": Evidence(Verdict.RESIZED, 0.99, 0.98, 1),
    "crop.png": Evidence(Verdict.CROPPED, 0.98, 0.9, overlap=0.32, placement=PART_PLACEMENT, changes=("cropped",)),
    "mirrored.png": Evidence(
        Verdict.EDITED,
        0.97,
        0.9,
        orientation=2,
        overlap=0.32,
        placement=compose(PART_PLACEMENT, turn(2)),
        changes=("cropped", "mirrored"),
    ),
    "written.png": Evidence(Verdict.EDITED, 0.97, 0.95, placement=IDENTITY, changes=("written on",)),
    "broken.png": Evidence(Verdict.CROPPED, 0.98, 0.9, placement=PART_PLACEMENT),
    "gone.png": Evidence(Verdict.CROPPED, 0.98, 0.9, placement=PART_PLACEMENT),
    "shot.jpg": Evidence(Verdict.SIMILAR, 0.1, 0.8, 60),
}


def original() -> Image.Image:
    """Return the photo, without steps that would make a pixel more or less hard to see."""
    return picture(2).resize(SIZE, Image.Resampling.BICUBIC)


def member(
    name: str,
    evidence: Evidence | None = None,
    *,
    photo_id: int = 1,
    size: tuple[int, int] = SIZE,
    kind: str = "JPEG",
) -> Member:
    """Return a member of a group that is in no library."""
    facts = PhotoFacts(kind, *size)
    stamp = FileStamp(1000, 0, 0)
    return Member(
        PhotoId(photo_id),
        ContentId(photo_id),
        f"/photos/{name}",
        stamp,
        b"",
        facts,
        0,
        offline=False,
        evidence=evidence,
    )


def rgb(image: QImage) -> npt.NDArray[np.int16]:
    """Return the pixels of an image, shape (height, width, 3)."""
    converted = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return rows[:, : converted.width() * 3].reshape(converted.height(), converted.width(), 3).astype(np.int16)


@dataclass(frozen=True)
class Copies:
    """The photo, ``original.jpg``, and its copies in ``photos``; the library beside it knows all of them."""

    place: Path
    settings: Settings

    @property
    def library(self) -> Path:
        return self.place / "library"

    @property
    def photos(self) -> Path:
        return self.place / "photos"

    def member(self, name: str) -> Member:
        """Return a photo as a member of a group whose reference is the original."""
        with Library(self.library, self.settings) as library:
            photo_id = library.photo_at(str(self.photos / name))
            record = None if photo_id is None else library.photo(photo_id)
        assert record is not None, name
        stamp = FileStamp(record.size, record.mtime_ns, 0)
        return Member(
            photo_id=record.photo_id,
            content_id=record.content_id,
            path=record.path,
            stamp=stamp,
            content_hash=b"",
            facts=record.facts,
            metadata=0,
            offline=record.offline,
            evidence=EVIDENCE.get(name),
        )


def _write(folder: Path) -> None:
    folder.mkdir()
    photo = original()
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL] = "Canon", "EOS R6"
    exif.get_ifd(_EXIF).update({_TAKEN: "2023:05:14 11:20:00", _F_NUMBER: 2.8})
    photo.save(folder / "original.jpg", quality=95, subsampling=0, exif=exif)
    with Image.open(folder / "original.jpg") as opened:
        photo = opened.convert("RGB")
    shutil.copy(folder / "original.jpg", folder / "same.jpg")
    photo.save(folder / "reencoded.jpg", quality=40)
    lying = Image.Exif()
    lying[_ORIENTATION] = 6
    photo.transpose(Image.Transpose.ROTATE_90).save(folder / "lying.jpg", quality=98, subsampling=0, exif=lying)
    photo.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.png")
    photo.resize((450, 300), Image.Resampling.BOX).save(folder / "small.png")
    part = photo.crop(PART)
    part.save(folder / "crop.png")
    ImageOps.mirror(part).save(folder / "mirrored.png")
    written = photo.copy()
    ImageDraw.Draw(written).rectangle((100, 100, 200, 160), fill=(255, 255, 0))
    written.save(folder / "written.png")
    picture(7).resize(SIZE).save(folder / "shot.jpg")
    part.rotate(1).save(folder / "broken.png")
    part.rotate(2).save(folder / "gone.png")


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """A library that all tests share; two of its files have been lost since it was made."""
    with pytest.MonkeyPatch.context() as environment:
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            environment.setenv(variable, str(tmp_path_factory.mktemp("home")))
        made = Copies(tmp_path_factory.mktemp("copies"), Settings(workers=1))
        _write(made.photos)
        with LibraryWriter(made.library, made.settings) as writer:
            for _ in writer.update([str(made.photos)]):
                pass
    whole = (made.photos / "broken.png").read_bytes()
    (made.photos / "broken.png").write_bytes(whole[: len(whole) // 2])
    (made.photos / "gone.png").unlink()
    return made


OpenView = Callable[[], CompareView]


@pytest.fixture
def open_view(qtbot: QtBot, copies: Copies, qapp: QApplication) -> Iterator[OpenView]:  # noqa: ARG001 - widgets need it
    """Open a comparison of 1000 x 800 over the library of copies."""
    opened: list[tuple[CompareView, ThumbnailProvider]] = []

    def open_it() -> CompareView:
        provider = ThumbnailProvider(copies.library, copies.settings)
        view = CompareView(provider.view(), copies.library, copies.settings)
        opened.append((view, provider))
        qtbot.addWidget(view)
        view.resize(1000, 800)
        with qtbot.waitExposed(view):
            view.show()
        return view

    yield open_it
    for view, provider in opened:
        assert view.shutdown()
        assert provider.close(WAIT_MS)


def upside_down(placement: Placement) -> Placement:
    """Return a placement of a copy that was turned by half before."""
    return compose(placement, placements.turn(3))
