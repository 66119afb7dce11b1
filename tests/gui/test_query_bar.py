"""The chips of the query bar."""

from __future__ import annotations

import os

import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui.chips import CHIP_PICTURE, Chip
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.query_bar import QueryBar
from tests.support.asking import NoTiles


def said(bar: QueryBar) -> list[str]:
    said: list[QLabel | QToolButton] = [*bar.findChildren(QLabel), *bar.findChildren(QToolButton)]
    return [widget.text() for widget in said if widget.isVisible() and widget.text()]


@pytest.mark.parametrize("size", [(30_000, 1), (1, 30_000), (1, 1), (400, 300)])
def test_a_picture_of_any_shape_fits_into_its_chip(qtbot: QtBot, size: tuple[int, int]) -> None:
    picture = QPixmap(*size)
    picture.fill("red")
    chip = Chip(QueryPart.of_file("/photos/strip.png"), picture)
    qtbot.addWidget(chip)
    ratio = chip.devicePixelRatioF()
    assert chip.picture.height() == round(CHIP_PICTURE * ratio)
    assert chip.picture.width() <= 3 * chip.picture.height()


def test_a_name_that_is_no_unicode_can_be_shown(qtbot: QtBot) -> None:
    chip = Chip(QueryPart.of_file(os.fsdecode(b"/photos/caf\xe9.jpg")), None)
    qtbot.addWidget(chip)
    assert "caf" in chip.accessibleName()


def test_a_narrow_bar_leaves_out_places_and_then_chips_and_says_how_many(qtbot: QtBot) -> None:
    bar = QueryBar(NoTiles())
    qtbot.addWidget(bar)
    query = WindowQuery(tuple(QueryPart.of_file(f"/photos/{name} of the long summer.jpg") for name in "abcde"))
    before = WindowQuery((QueryPart.of_file("/photos/before.jpg"),))
    bar.resize(2000, 40)
    bar.show()
    bar.show_place(query, [(-2, None), (-1, before)])
    bar.show_summary("5 photos look alike")
    assert sum(chip.isVisible() for chip in bar.chips) == 5
    assert not any("more" in text for text in said(bar))

    bar.resize(600, 40)
    shown = sum(chip.isVisible() for chip in bar.chips)
    assert 1 <= shown < 5
    assert f"and {5 - shown} more" in said(bar)
    assert "5 photos look alike" in said(bar)
    assert bar.minimumSizeHint().width() == 0

    bar.resize(2000, 40)
    assert sum(chip.isVisible() for chip in bar.chips) == 5


def test_a_long_problem_leaves_the_number_of_photos_its_place(qtbot: QtBot) -> None:
    bar = QueryBar(NoTiles())
    qtbot.addWidget(bar)
    bar.resize(1000, 60)
    bar.show()
    bar.show_place(WindowQuery((QueryPart.of_words("dog"),)), [])
    kept = "12,345 of 100,000 photos match the filters"
    bar.show_understood("Understood: dog — " + "a very long problem with what was typed " * 10, kept)
    (label,) = (label for label in bar.findChildren(QLabel) if label.text() == kept)
    bar.grab()  # lays it out
    assert label.width() >= label.sizeHint().width()
    assert label.mapTo(bar, label.rect().bottomRight()).x() < bar.width()
    bar.show_understood("", kept)
    assert label.isVisible()
    bar.show_understood("")
    assert not label.isVisible()
