"""The invitation of an empty library."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.empty_state import EmptyState

_WAIT = 15_000


@pytest.fixture
def page(qtbot: QtBot) -> EmptyState:
    made = EmptyState()
    qtbot.addWidget(made)
    made.resize(800, 600)
    return made


def test_it_says_what_to_do_and_that_nothing_leaves_the_computer(page: EmptyState) -> None:
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "found by how they look" in words
    assert "stays on this computer" in words
    assert "drop a folder here" in words
    assert page.button.text().replace("&", "") == "Add a folder…"


def test_its_button_asks_for_a_folder(page: EmptyState, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.add_requested, timeout=_WAIT):
        QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.add_requested, timeout=_WAIT):
        QTest.keyClick(page.button, Qt.Key.Key_Space)


def test_the_keyboard_goes_to_the_button(page: EmptyState) -> None:
    assert page.focusProxy() is page.button
    assert page.button.toolTip()
    assert page.accessibleName()


def test_the_place_to_drop_is_marked(page: EmptyState) -> None:
    plain = page.grab().toImage()
    page.set_drop_highlight(on=True)
    assert page.is_highlighted
    assert page.grab().toImage() != plain
    page.set_drop_highlight(on=False)
    assert page.grab().toImage() == plain


def test_it_is_drawn_in_the_colours_of_the_palette(page: EmptyState) -> None:
    buttons = []
    for dark in (False, True):
        colours = theme.palette(dark=dark)
        page.setPalette(colours)
        assert page.grab().toImage().pixelColor(5, 5) == colours.color(colours.ColorRole.Base)
        buttons.append(page.button.grab().toImage())
    assert buttons[0] != buttons[1]


def test_it_fits_into_a_small_window(page: EmptyState) -> None:
    assert page.minimumSizeHint().width() <= 480
    assert page.minimumSizeHint().height() <= 560


def test_a_low_window_has_the_words_and_the_button_without_the_drawing(page: EmptyState) -> None:
    page.show()
    drawing = next(child for child in page.findChildren(QWidget) if "magnifying" in child.accessibleName())
    assert drawing.isVisible()
    page.resize(500, 230)
    assert not drawing.isVisible()
    assert page.rect().contains(page.button.geometry())
    page.resize(700, 600)
    assert drawing.isVisible()
