"""Small parts of the window: the button of orders, titles of panels, what stands in an empty grid."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QDockWidget, QLabel, QListView, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.actions import ActionSet, Menu
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.placeholder import Placeholder
from photofind.gui.panels.dock_title import DockTitle
from photofind.gui.shortcuts import ShortcutsDialog
from photofind.gui.tool_bar import OrderButton, ToolBar


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_orders_are_chosen_from_the_tool_bar(window: QMainWindow) -> None:
    actions = ActionSet(window)
    bar = ToolBar("Tools", window)
    bar.add_actions(actions, ("back", "forward"), ("find_similar",))
    bar.add_spacer()
    button = OrderButton(actions, bar)
    bar.addWidget(button)
    window.addToolBar(bar)
    window.show()
    orders = [action.objectName() for action in button.menu().actions() if not action.isSeparator()]
    assert orders == ["sort_date", "sort_name", "sort_folder", "sort_size", "sort_reversed"]
    assert [a.objectName() for a in bar.actions() if a.objectName()] == ["back", "forward", "find_similar"]
    assert not window.grab().isNull()


def test_recent_libraries_stand_below_opening_one(window: QMainWindow) -> None:
    actions = ActionSet(window)
    menu = actions.build_menus(window.menuBar())[Menu.FILE]
    recent = window.menuBar().addMenu("Recent")
    actions.insert_menu_after("open_library", menu, recent)
    entries = menu.actions()
    assert entries[entries.index(actions["open_library"]) + 1] == recent.menuAction()
    last = window.menuBar().addMenu("Last")
    actions.insert_menu_after("quit", menu, last)
    assert menu.actions()[-1] == last.menuAction()


def test_the_title_of_a_panel_closes_it(window: QMainWindow) -> None:
    dock = QDockWidget("Folders", window)
    dock.setTitleBarWidget(DockTitle(dock))
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.show()
    title = dock.titleBarWidget()
    assert [label.text() for label in title.findChildren(QLabel)] == ["Folders"]
    [close] = title.findChildren(QToolButton)
    assert close.accessibleName() == "Close Folders"
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert dock.isHidden()


def test_an_empty_grid_says_so_once_it_is_known(qtbot: QtBot) -> None:
    view, model = QListView(), PhotoGridModel()
    qtbot.addWidget(view)
    model.setParent(view)
    view.setModel(model)
    placeholder = Placeholder(view, model)
    view.show()
    assert not placeholder.isVisible()
    model.set_rows(np.empty(0, np.int64))
    assert placeholder.isVisible()
    assert placeholder.geometry().center().x() == pytest.approx(view.viewport().rect().center().x(), abs=2)
    view.setPalette(theme.palette(dark=True))
    assert not view.grab().isNull()
    model.set_rows(np.array([1, 2], np.int64))
    assert not placeholder.isVisible()


def test_an_empty_grid_says_why_and_what_to_try(qtbot: QtBot) -> None:
    view, model = QListView(), PhotoGridModel()
    qtbot.addWidget(view)
    model.setParent(view)
    view.setModel(model)
    placeholder = Placeholder(view, model)
    model.set_rows(np.empty(0, np.int64))
    placeholder.say("Nothing", ["Try <b>this</b>", "or that"])
    for width in (900, 200):
        view.resize(width, 400)
        view.show()
        assert placeholder.isVisible()
        assert view.viewport().rect().contains(placeholder.geometry())
    assert placeholder.text == "Nothing\nTry <b>this</b>\nor that"
    assert placeholder.accessibleName() == placeholder.text
    placeholder.say()
    assert placeholder.text == "No photos to show"


def test_keys_of_rare_keyboards_are_not_listed(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    keys = [key for _, shown in dialog.shown() for key in shown.split("  ")]
    assert {"F1", "F5", "F9", "Ctrl+V", "Space"} <= set(keys)
    assert not [key for key in keys if key in ("F16", "F18", "Paste", "Copy", "Back")]
    [box] = dialog.findChildren(QDialogButtonBox)
    assert all(button.icon().isNull() for button in box.buttons())
