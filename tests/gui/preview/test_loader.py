"""Reading photos for the preview, from a real library and real files."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.core.details import PhotoDetails
from photofind.core.records import PhotoRecord
from photofind.gui.preview import loader as loader_module
from photofind.gui.preview.loader import FULL, REMEMBERED, PictureLoader, Wanted
from photofind.gui.preview.picture import Picture
from tests.gui.preview.conftest import WAIT_MS, lying_down, quarters
from tests.support.gallery import Gallery

VIEW_AREA = 60_000
EXIF, EXPOSURE_TIME, F_NUMBER, ISO_SPEED = 0x8769, 0x829A, 0x829D, 0x8827


class Heard:
    """What a loader has said, in the order it did."""

    def __init__(self, loader: PictureLoader) -> None:
        self.pictures: list[tuple[int, Picture]] = []
        self.records: list[PhotoRecord] = []
        self.failures: list[str] = []
        loader.loaded.connect(lambda photo_id, picture: self.pictures.append((photo_id, picture)))
        loader.described.connect(lambda _, record: self.records.append(record))
        loader.failed.connect(lambda _, sentence: self.failures.append(sentence))


@pytest.fixture
def fresh(fresh_gallery: Gallery, qapp: QApplication) -> Iterator[tuple[Gallery, PictureLoader]]:  # noqa: ARG001 - signals need it
    """A gallery to change, and a loader over it."""
    made = PictureLoader(fresh_gallery.library, fresh_gallery.settings)
    yield fresh_gallery, made
    assert made.close(WAIT_MS)


def load(qtbot: QtBot, loader: PictureLoader, wanted: Wanted) -> Picture:
    with qtbot.waitSignal(loader.loaded, timeout=WAIT_MS) as loaded:
        loader.load(wanted)
    assert loaded.args is not None
    photo_id, picture = loaded.args
    assert photo_id == wanted.photo_id
    assert isinstance(picture, Picture)
    return picture


def failure(qtbot: QtBot, loader: PictureLoader, photo_id: int) -> str:
    with qtbot.waitSignal(loader.failed, timeout=WAIT_MS) as failed:
        loader.load(Wanted(photo_id, VIEW_AREA))
    assert failed.args is not None
    return str(failed.args[1])


def test_a_photo_comes_with_its_record(gallery: Gallery, qtbot: QtBot) -> None:
    loader = PictureLoader(gallery.library, gallery.settings)
    heard = Heard(loader)
    path = str(gallery.holidays / "01.jpg")  # 640 x 400
    photo_id = gallery.id_of(path)
    picture = load(qtbot, loader, Wanted(photo_id, FULL))
    assert loader.close(WAIT_MS)
    assert (picture.size.width(), picture.size.height()) == (640, 400)
    assert picture.levels[0].width() == 640
    assert picture.complete
    assert [record.path for record in heard.records] == [path]


def test_a_photo_stands_upright(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "00.jpg"
    path.write_bytes(lying_down())
    image = load(qtbot, loader, Wanted(gallery.id_of(path), FULL)).levels[0]
    assert (image.width(), image.height()) == (400, 300)
    for spot, expected in (((20, 20), "red"), ((380, 20), "lime"), ((20, 280), "blue"), ((380, 280), "white")):
        found, wanted = image.pixelColor(*spot), QColor(expected)
        assert abs(found.red() - wanted.red()) + abs(found.green() - wanted.green()) < 30, (spot, found.name())


def test_details_come_after_the_picture(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "00.jpg"
    exif = Image.Exif()
    exif.get_ifd(EXIF).update({EXPOSURE_TIME: IFDRational(1, 250), F_NUMBER: IFDRational(28, 10), ISO_SPEED: 200})
    quarters().save(path, "JPEG", exif=exif)
    heard = Heard(loader)
    with qtbot.waitSignal(loader.detailed, timeout=WAIT_MS) as detailed:
        loader.load(Wanted(gallery.id_of(path), FULL))
    assert detailed.args is not None
    details = detailed.args[1]
    assert isinstance(details, PhotoDetails)
    assert (details.exposure, details.aperture, details.iso) == ("1/250 s", "f/2.8", 200)
    assert heard.pictures


def test_no_more_is_decoded_than_the_view_needs(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "00.jpg"
    quarters(4000, 3000).save(path, "JPEG")
    photo_id = gallery.id_of(path)
    small = load(qtbot, loader, Wanted(photo_id, VIEW_AREA))
    assert VIEW_AREA <= small.area <= 5 * VIEW_AREA
    assert not small.complete
    assert small.size.width() == 4000
    whole = load(qtbot, loader, Wanted(photo_id, FULL))
    assert whole.levels[0].width() == 4000
    assert whole.complete


def test_more_than_can_be_afforded_is_not_decoded(
    fresh: tuple[Gallery, PictureLoader], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery, loader = fresh
    monkeypatch.setattr(loader_module, "AFFORDABLE_PIXELS", 240_000)
    path = gallery.holidays / "01.jpg"  # 640 x 400, as the library knows
    assert load(qtbot, loader, Wanted(gallery.id_of(path), FULL)).complete
    path = gallery.holidays / "03.jpg"  # 900 x 300
    quarters(3600, 1200).save(path, "JPEG")
    picture = load(qtbot, loader, Wanted(gallery.id_of(path), FULL))
    assert picture.complete
    assert picture.area <= 270_000


def test_neighbours_are_at_hand_afterwards(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    first, second, third = gallery.ids()[:3]
    load(qtbot, loader, Wanted(first, VIEW_AREA, (second, third), VIEW_AREA))
    with gallery.open() as library:
        places = [record.path for i in (second, third) if (record := library.photo(i)) is not None]
    qtbot.waitUntil(lambda: loader.remembered() == [first, second, third], timeout=WAIT_MS)
    for path in places:
        Path(path).unlink()
    for photo_id in (second, third):
        load(qtbot, loader, Wanted(photo_id, VIEW_AREA))


def test_only_a_few_are_remembered_and_none_after_the_preview(gallery: Gallery, qtbot: QtBot) -> None:
    loader = PictureLoader(gallery.library, gallery.settings)
    ids = gallery.ids()[: REMEMBERED + 2]
    for photo_id in ids:
        load(qtbot, loader, Wanted(photo_id, VIEW_AREA))
    assert loader.remembered() == ids[-REMEMBERED:]
    loader.forget()
    qtbot.waitUntil(lambda: loader.remembered() == [], timeout=WAIT_MS)
    assert loader.close(WAIT_MS)


def test_the_newest_wins(gallery: Gallery, qtbot: QtBot) -> None:
    loader = PictureLoader(gallery.library, gallery.settings)
    heard = Heard(loader)
    ids = gallery.ids()
    for photo_id in ids:
        loader.load(Wanted(photo_id, VIEW_AREA))
    qtbot.waitUntil(lambda: bool(heard.pictures), timeout=WAIT_MS)
    assert [photo_id for photo_id, _ in heard.pictures] == ids[-1:]
    assert [record.photo_id for record in heard.records] == ids[-1:]
    assert loader.close(WAIT_MS)


def test_a_vanished_file(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "03.jpg"
    photo_id = gallery.id_of(path)
    path.unlink()
    assert failure(qtbot, loader, photo_id) == f"This file is not there any more: {path}"


def test_a_drive_that_is_away(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    photo_id = gallery.id_of(gallery.holidays / "03.jpg")
    shutil.rmtree(gallery.holidays)
    assert failure(qtbot, loader, photo_id) == f"This drive is not connected: {gallery.holidays}"
    gallery.holidays.mkdir()  # an empty mount point
    assert failure(qtbot, loader, photo_id) == f"This drive is not connected: {gallery.holidays}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a picture: the file is empty"),
        (b"\xff\xd8\xff\xe0 this is no picture", "the picture is "),
        (b"<html>", "it is a web page"),
    ],
)
def test_a_file_that_is_no_picture(
    fresh: tuple[Gallery, PictureLoader], qtbot: QtBot, content: bytes, reason: str
) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "03.jpg"
    path.write_bytes(content)
    found = failure(qtbot, loader, gallery.id_of(path))
    assert found.startswith("This photo cannot be shown: ")
    assert reason in found
    assert found.endswith(".")


def test_a_picture_that_is_cut_short(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "03.jpg"
    stream = io.BytesIO()
    Image.effect_noise((400, 300), 90).save(stream, "PNG")
    path.write_bytes(stream.getvalue()[:20_000])
    assert failure(qtbot, loader, gallery.id_of(path)) == "This photo cannot be shown: the picture is cut short."


def test_a_folder_where_the_file_was(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    path = gallery.holidays / "03.jpg"
    photo_id = gallery.id_of(path)
    path.unlink()
    path.mkdir()
    assert failure(qtbot, loader, photo_id).startswith("This photo cannot be ")


def test_a_photo_that_left_the_library(gallery: Gallery, qtbot: QtBot) -> None:
    loader = PictureLoader(gallery.library, gallery.settings)
    assert failure(qtbot, loader, 10**9) == "This photo is not in the library any more."
    assert loader.close(WAIT_MS)


def test_a_bad_neighbour_does_no_harm(fresh: tuple[Gallery, PictureLoader], qtbot: QtBot) -> None:
    gallery, loader = fresh
    heard = Heard(loader)
    path = gallery.holidays / "03.jpg"
    path.write_bytes(b"junk")
    good, bad, other = gallery.id_of(gallery.holidays / "02.jpg"), gallery.id_of(path), gallery.ids()[0]
    load(qtbot, loader, Wanted(good, VIEW_AREA, (bad, 10**9, other), VIEW_AREA))
    qtbot.waitUntil(lambda: loader.remembered() == [good, other], timeout=WAIT_MS)
    assert heard.failures == []
