"""The chips of the filters that hold, and the button with their number."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from photofind.core.queries import Filters
from photofind.gui import theme
from photofind.gui.filters.button import FilterButton
from photofind.gui.filters.chips import FilterChips

GIVEN = Filters(names=("a", "b"), has_gps=True)


@pytest.fixture
def chips(qtbot: QtBot) -> FilterChips:
    made = FilterChips()
    qtbot.addWidget(made)
    made.resize(600, 60)
    made.set_filters(GIVEN)
    qtbot.waitExposed(made)
    return made


def _heard(chips: FilterChips) -> list[Filters]:
    heard: list[Filters] = []
    chips.filters_changed.connect(heard.append)
    return heard


def test_there_is_a_chip_for_each(chips: FilterChips) -> None:
    assert chips.isVisible()
    assert [chip.part.label for chip in chips.chips] == ["Name: a", "Name: b", "With a location"]
    assert all(chip.accessibleName() and chip.button.accessibleName() for chip in chips.chips)
    chips.set_filters(Filters())
    assert chips.isHidden()
    assert chips.chips == []


def test_each_can_be_taken_off(chips: FilterChips) -> None:
    heard = _heard(chips)
    chips.chips[0].button.click()
    QTest.keyClick(chips.chips[2].button, Qt.Key.Key_Delete)
    assert heard == [Filters(names=("b",), has_gps=True), Filters(names=("a", "b"))]
    assert len(chips.chips) == 3, "what holds is for others to say"
    chips.set_filters(heard[0])
    assert [chip.part.label for chip in chips.chips] == ["Name: b", "With a location"]


def test_all_can_be_cleared(chips: FilterChips) -> None:
    heard = _heard(chips)
    next(b for b in chips.findChildren(QToolButton) if b.text() == "Clear filters").click()
    assert heard == [Filters()]


def test_a_narrow_window_gets_more_lines(chips: FilterChips) -> None:
    wide, narrow = chips.heightForWidth(2000), chips.heightForWidth(120)
    assert 0 < wide < narrow


def test_the_button_tells_how_many(qtbot: QtBot) -> None:
    button = FilterButton(QAction(theme.icon("filter"), "Filters"))
    qtbot.addWidget(button)
    plain: QPixmap = button.grab()
    button.set_count(1)
    assert button.accessibleDescription() == "1 filter holds"
    button.set_count(12)
    assert button.accessibleDescription() == "12 filters hold"
    assert button.grab().toImage() != plain.toImage()
    button.set_count(0)
    assert (button.count, button.accessibleDescription()) == (0, "")
    assert button.grab().toImage() == plain.toImage()
