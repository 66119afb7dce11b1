"""The strip of neighbours, with tiles made on the spot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPalette, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from photofind.gui.grid.source import GridTile
from photofind.gui.preview.filmstrip import CELL, Filmstrip
from tests.gui.preview.conftest import wheel

BROKEN, UNKNOWN = 1003, 1004


class Tiles(QObject):
    """A tile source in which each photo has one colour."""

    tiles_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[int] = []
        self.colour = QColor("#336699")

    def tile(self, photo_id: int) -> GridTile | None:
        if photo_id == UNKNOWN:
            return None
        pixmap = QPixmap(300, 150)
        pixmap.fill(self.colour)
        name = f"{photo_id}\udcff.jpg"
        return GridTile(None if photo_id == BROKEN else pixmap, name, f"/photos/{name}", offline=False)

    def want(self, photo_ids: Sequence[int]) -> None:
        self.wanted = list(photo_ids)

    def set_tile_pixels(self, pixels: int) -> None:
        raise AssertionError(pixels)


@pytest.fixture
def tiles(qapp: QApplication) -> Tiles:  # noqa: ARG001 - pixmaps need an application
    return Tiles()


@pytest.fixture
def strip(qtbot: QtBot, tiles: Tiles) -> Filmstrip:
    made = Filmstrip(tiles)
    qtbot.addWidget(made)
    made.resize(700, made.height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def ids(count: int) -> np.typing.NDArray[np.int64]:
    return np.arange(1000, 1000 + count, dtype=np.int64)


def centre(strip: Filmstrip, row: int) -> QPoint:
    return strip.cell_rect(row).center().toPoint()


def test_the_current_photo_comes_to_the_middle(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(1000), 500)
    assert strip.cell_rect(500).center().x() == pytest.approx(350, abs=1)
    assert tiles.wanted[0] == 1500
    assert set(tiles.wanted[1:3]) == {1499, 1501}
    assert len(tiles.wanted) < 60


def test_the_ends_of_the_strip_stay_at_the_edges(strip: Filmstrip) -> None:
    strip.set_photos(ids(1000), 0)
    assert strip.cell_rect(0).left() == 8
    strip.set_current(999)
    assert strip.cell_rect(999).right() == 700 - 8


def test_a_short_strip_lies_in_the_middle(strip: Filmstrip) -> None:
    strip.set_photos(ids(3), 0)
    assert strip.cell_rect(1).center().x() == pytest.approx(350, abs=1)


def test_a_click_names_the_photo(strip: Filmstrip, qtbot: QtBot) -> None:
    strip.set_photos(ids(1000), 500)
    with qtbot.waitSignal(strip.photo_clicked) as clicked:
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=centre(strip, 502))
    assert clicked.args == [1502]
    between = centre(strip, 502) + QPoint(CELL // 2 + 3, 0)
    with qtbot.assertNotEmitted(strip.photo_clicked):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=between)


def test_the_wheel_scrolls_and_asks_for_what_comes(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(1000), 500)
    before = strip.cell_rect(500).left()
    for _ in range(10):
        wheel(strip, QPointF(300, 30), -1)
    assert strip.cell_rect(500).left() < before - 700
    assert 1500 not in tiles.wanted[:5]
    assert 1520 in tiles.wanted
    assert strip.current_row == 500


def test_tiles_are_painted_and_the_missing_ones_are_plain(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(8), 0)
    shot = strip.grab().toImage()
    assert shot.pixelColor(centre(strip, 0)) == tiles.colour
    for photo_id in (BROKEN, UNKNOWN):
        plain = shot.pixelColor(centre(strip, photo_id - 1000))
        assert plain != tiles.colour
        assert plain != QColor(Qt.GlobalColor.black)


def test_a_changed_tile_is_painted_anew(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(8), 0)
    strip.grab()
    tiles.colour = QColor("#aa2200")
    tiles.tiles_changed.emit([1000])
    assert strip.grab().toImage().pixelColor(centre(strip, 0)) == tiles.colour


def test_the_current_photo_is_framed(strip: Filmstrip) -> None:
    strip.set_photos(ids(8), 2)
    accent = strip.palette().color(QPalette.ColorRole.Highlight)
    shot = strip.grab().toImage()
    assert shot.pixelColor(centre(strip, 2) - QPoint(CELL // 2 + 2, 0)) == accent
    assert shot.pixelColor(centre(strip, 4) - QPoint(CELL // 2 + 2, 0)) != accent


def test_a_million_neighbours(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(1_000_000), 999_000)
    strip.grab()
    assert tiles.wanted[0] == 1_000_000
    assert len(tiles.wanted) < 60


def test_without_photos_there_is_nothing(strip: Filmstrip, qtbot: QtBot) -> None:
    strip.set_photos(ids(0), -1)
    strip.grab()
    with qtbot.assertNotEmitted(strip.photo_clicked):
        QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(300, 30))


def test_a_hidden_strip_wants_nothing(strip: Filmstrip, tiles: Tiles) -> None:
    strip.set_photos(ids(100), 5)
    strip.hide()
    assert tiles.wanted == []
    strip.set_photos(ids(100), 50)
    assert tiles.wanted == []
    strip.show()
    assert tiles.wanted[0] == 1050


def test_the_name_is_the_tooltip(strip: Filmstrip) -> None:
    strip.set_photos(ids(8), 0)
    spot = centre(strip, 1)
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, spot, strip.mapToGlobal(spot)))
    assert QToolTip.text() == "1001\N{REPLACEMENT CHARACTER}.jpg"
    QToolTip.hideText()
