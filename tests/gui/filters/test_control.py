"""Filters in a real window on a real library: they narrow what is listed and stay until they are cleared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from photofind.core.queries import Filters
from photofind.gui.filters.choices import ChoiceBox
from photofind.gui.preferences import Preferences
from tests.support.gallery import DATED, PHOTOS, Gallery
from tests.support.windows import Opened


@pytest.fixture
def opened(qtbot: QtBot, gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    window = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


def _open_panel(opened: Opened) -> None:
    opened.do("filters")
    opened.until(lambda: opened.window.filter_control.panel.folder.findText("holidays") >= 0)


def _pick(box: ChoiceBox, words: str) -> None:
    row = box.findText(words)
    assert row >= 0, words
    box.setCurrentIndex(row)
    box.activated.emit(row)


def _labels(opened: Opened) -> list[str]:
    return [chip.part.label for chip in opened.window.filter_chips.chips]


def _listed(opened: Opened, photos: int) -> None:
    opened.until(lambda: len(opened.ids()) == photos)


def test_a_folder_and_days(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    _open_panel(opened)
    _pick(window.filter_control.panel.folder, "holidays")
    _listed(opened, DATED)
    assert window.browser.filters == Filters(folders=(str(gallery.holidays),))
    assert _labels(opened) == ["Folder: holidays"]
    QTest.keyClicks(window.filter_control.panel.since, "2022")
    _listed(opened, DATED - 12)
    assert window.filter_button.count == 2
    opened.do("back")
    opened.until(lambda: _labels(opened) == ["Folder: holidays"])
    _listed(opened, DATED)
    assert window.filter_control.panel.since.text() == ""
    opened.do("clear_filters")
    _listed(opened, PHOTOS)
    assert window.filter_chips.isHidden()
    assert window.filter_button.count == 0
    assert not window.action_set["clear_filters"].isEnabled()


def test_filters_stay_over_queries(opened: Opened, gallery: Gallery) -> None:
    window = opened.window
    _open_panel(opened)
    _pick(window.filter_control.panel.folder, "holidays")
    _listed(opened, DATED)
    kept = set(opened.ids())
    opened.search(lambda: opened.click(2))
    assert len(opened.chips()) == 1
    assert _labels(opened) == ["Folder: holidays"]
    assert set(opened.ids()) == kept
    opened.search(window.filter_chips.chips[0].button.click)
    assert len(opened.chips()) == 1, "the query stays"
    assert set(opened.ids()) == set(gallery.ids())


def test_a_chip_that_is_taken_off_does_not_come_back_with_what_was_just_chosen(opened: Opened) -> None:
    window = opened.window
    _open_panel(opened)
    panel = window.filter_control.panel
    _pick(panel.folder, "holidays")
    _listed(opened, DATED)
    _pick(panel.shape, "Square")
    window.filter_chips.chips[0].button.click()
    QTest.keyClick(panel.since, Qt.Key.Key_Return)  # makes what was chosen count at once
    assert window.browser.filters == Filters()
    assert panel.filters == Filters()
    _listed(opened, PHOTOS)


def test_all_photos_are_all_photos_also_when_a_filter_was_just_chosen(opened: Opened) -> None:
    window = opened.window
    _open_panel(opened)
    panel = window.filter_control.panel
    opened.search(lambda: opened.click(2))
    _pick(panel.folder, "holidays")
    opened.do("home")
    QTest.keyClick(panel.since, Qt.Key.Key_Return)
    assert window.browser.query is None
    assert panel.filters == Filters()
    _listed(opened, PHOTOS)


def test_the_types_of_the_library_can_be_chosen(opened: Opened) -> None:
    window = opened.window
    _open_panel(opened)
    types = window.filter_control.panel.types
    opened.until(types.isEnabled)
    menu = types.menu()
    assert isinstance(menu, QMenu)
    (jpeg,) = menu.actions()
    assert jpeg.text() == "JPEG"
    jpeg.trigger()
    opened.until(lambda: _labels(opened) == ["Type: JPEG"])
    _listed(opened, PHOTOS)
    assert window.filter_control.panel.camera.count() == 1


def test_the_keyboard_goes_to_the_panel_and_back(opened: Opened) -> None:
    window = opened.window
    window.activateWindow()
    opened.do("filters")
    assert window.filter_control.panel.isVisible()
    opened.until(lambda: window.focusWidget() is window.filter_control.panel.when)
    QTest.keyClick(window.filter_control.panel.when, Qt.Key.Key_Escape)
    assert not window.filter_control.panel.isVisible()
    assert not window.action_set["filters"].isChecked()
    assert window.focusWidget() is window.grid


def test_a_search_is_saved_with_its_filters(opened: Opened) -> None:
    window = opened.window
    window.browser.set_filters(Filters(names=("07",)))
    _listed(opened, 1)
    opened.do("save_search")
    assert window.saved.name.text() == "Name: 07"
