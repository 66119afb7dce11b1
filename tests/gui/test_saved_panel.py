"""The panel of the saved searches, by itself and in a real window on a real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.saved import SAVED_FILE, SavedSearch, SavedSearches, Shelf
from photofind.gui.panels.saved import SavedPanel, suggested_name
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import Opened

DOG, KYOTO = SavedSearch("dog", {"n": 1}), SavedSearch("Kyoto", {"n": 2})
SHELF = Shelf((DOG, KYOTO))


@pytest.fixture
def panel(qtbot: QtBot) -> SavedPanel:
    made = SavedPanel()
    qtbot.addWidget(made)
    made.set_shelf(SHELF)
    made.set_can_save(possible=True)
    made.resize(280, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def _heard(panel: SavedPanel) -> list[tuple[object, ...]]:
    heard: list[tuple[object, ...]] = []
    panel.run_requested.connect(lambda search: heard.append(("run", search)))
    panel.save_requested.connect(lambda name: heard.append(("save", name)))
    panel.rename_requested.connect(lambda old, new: heard.append(("rename", old, new)))
    panel.remove_requested.connect(lambda search: heard.append(("remove", search)))
    return heard


def _click(panel: SavedPanel, row: int) -> None:
    place = panel.list.visualItemRect(panel.list.item(row)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_or_return_runs_a_search(panel: SavedPanel) -> None:
    heard = _heard(panel)
    _click(panel, 1)
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert heard == [("run", KYOTO), ("run", DOG)]


def test_removing(panel: SavedPanel) -> None:
    heard = _heard(panel)
    panel.select("KYOTO")
    panel.remove_button.click()
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    menu = panel.menu()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Remove").trigger()
    menu.deleteLater()
    assert heard == [("remove", KYOTO)] * 3
    panel.set_shelf(Shelf((DOG,)))
    assert panel.list.count() == 1


def test_renaming_in_place(panel: SavedPanel) -> None:
    heard = _heard(panel)
    panel.select("dog")
    for typed in ("cat", "  ", "dog"):
        panel.rename_current()
        (editor,) = panel.list.viewport().findChildren(QLineEdit)
        editor.setText(typed)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        editor.deleteLater()
        QTest.qWait(0)
    assert heard == [("rename", "dog", "cat")]
    assert panel.list.item(0).text() == "dog", "until it is known that the name will do"


def test_saving_asks_for_a_name(panel: SavedPanel) -> None:
    heard = _heard(panel)
    panel.ask_name("beach · 2019")
    assert panel.is_asking
    assert panel.name.selectedText() == "beach · 2019"
    assert panel.confirm.text() == "Save"
    panel.name.setText("DOG")
    assert panel.confirm.text() == "Replace"
    assert panel.hint.isVisible()
    panel.name.setText(" ")
    assert not panel.confirm.isEnabled()
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert heard == []
    panel.name.setText(" sea ")
    QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert heard == [("save", "sea")]
    assert not panel.is_asking


def test_saving_can_be_left(panel: SavedPanel) -> None:
    heard = _heard(panel)
    panel.ask_name("x")
    QTest.keyClick(panel.name, Qt.Key.Key_Escape)
    assert not panel.is_asking
    panel.ask_name("x")
    next(b for b in panel.findChildren(QPushButton) if b.text() == "Cancel").click()
    assert not panel.is_asking
    panel.ask_name("x")
    panel.set_can_save(possible=False)
    assert not panel.is_asking
    assert not panel.save_button.isEnabled()
    assert heard == []


def test_an_empty_panel_says_what_to_do(panel: SavedPanel) -> None:
    panel.set_shelf(Shelf())
    assert not panel.list.isVisible()
    assert panel.current() is None
    assert panel.menu() is None


def test_everything_that_takes_the_focus_has_a_name(panel: SavedPanel) -> None:
    panel.ask_name("dog")
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget


def test_names_that_are_suggested() -> None:
    assert suggested_name(["dog", "a.jpg"], ["2019"]) == "dog + a.jpg, 2019"
    assert suggested_name([], ["2019", "Canon"]) == "2019, Canon"
    assert len(suggested_name(["x" * 500], [])) == 100


# In the window


@pytest.fixture
def opened(qtbot: QtBot, fresh_gallery: Gallery, tmp_path: Path) -> Iterator[Opened]:
    window = Opened(qtbot, fresh_gallery.library, fresh_gallery.settings, Preferences(tmp_path / "window.ini"))
    window.start(PHOTOS)
    yield window
    window.close()


def _shown(opened: Opened) -> list[str]:
    entries = opened.window.saved.list
    return [entries.item(row).text() for row in range(entries.count())]


def test_a_search_is_saved_and_found_again(opened: Opened, fresh_gallery: Gallery) -> None:
    window, panel = opened.window, opened.window.saved
    assert not window.action_set["save_search"].isEnabled()
    opened.search(lambda: opened.click(3))
    query = window.browser.query
    opened.do("save_search")
    assert window.saved_dock.isVisible()
    assert panel.name.text() == opened.chips()[0]
    panel.name.setText("my photo")
    panel.confirm.click()
    opened.until(lambda: _shown(opened) == ["my photo"])
    opened.do("home")
    opened.until(lambda: window.browser.query is None and len(opened.ids()) == PHOTOS)
    assert not panel.save_button.isEnabled()
    opened.search(lambda: _click(panel, 0))
    assert window.browser.query == query
    assert SavedSearches(fresh_gallery.library).list().find("my photo") is not None


def test_a_pasted_picture_is_not_saved(opened: Opened) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    mime = QMimeData()
    mime.setImageData(image)
    opened.search(lambda: opened.window.intake.take(mime))
    opened.do("save_search")
    assert "“Picture” has no file of its own" in opened.window.notices.text
    assert not opened.window.saved.is_asking


def test_removing_can_be_undone(opened: Opened, fresh_gallery: Gallery) -> None:
    file = SavedSearches(fresh_gallery.library)
    file.save("dog", {"parts": []})
    opened.do("saved_panel")
    opened.until(lambda: _shown(opened) == ["dog"])
    opened.window.saved.select("dog")
    opened.window.saved.remove_button.click()
    opened.until(lambda: _shown(opened) == [])
    assert "“dog” was removed" in opened.window.notices.text
    next(b for b in opened.window.notices.findChildren(QPushButton) if b.text() == "Undo").click()
    opened.until(lambda: _shown(opened) == ["dog"])


def test_what_goes_wrong_is_a_notice(opened: Opened, fresh_gallery: Gallery) -> None:
    file = SavedSearches(fresh_gallery.library)
    file.save("one", {"parts": "junk"})
    file.save("two", {})
    opened.do("saved_panel")
    opened.until(lambda: _shown(opened) == ["one", "two"])
    _click(opened.window.saved, 0)
    assert "“one” cannot be used" in opened.window.notices.text
    QTest.keyClick(opened.window.notices, Qt.Key.Key_Escape)
    opened.window.saved.rename_requested.emit("one", "TWO")
    opened.until(lambda: "“two” already" in opened.window.notices.text)
    QTest.keyClick(opened.window.notices, Qt.Key.Key_Escape)
    (fresh_gallery.library / SAVED_FILE).write_text(json.dumps({"version": 7}), encoding="utf-8")
    opened.window.saved.rename_requested.emit("one", "three")
    opened.until(lambda: "newer photofind" in opened.window.notices.text)


def test_what_another_window_saved_is_seen(opened: Opened, fresh_gallery: Gallery) -> None:
    opened.do("saved_panel")
    opened.until(lambda: opened.window.saved_dock.isVisible())
    opened.do("saved_panel")
    SavedSearches(fresh_gallery.library).save("from elsewhere", {})
    opened.do("saved_panel")
    opened.until(lambda: _shown(opened) == ["from elsewhere"])
