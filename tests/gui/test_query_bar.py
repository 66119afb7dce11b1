"""The chips of the query bar."""

from __future__ import annotations

import os

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from photofind.gui.query import QueryPart
from photofind.gui.query_bar import CHIP_PICTURE, Chip


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
