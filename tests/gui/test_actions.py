"""The table of actions: complete, free of clashes, and what a window makes of it."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.core.paths import resources
from photofind.gui.actions import ACTIONS, ActionSet, ActionSpec, Menu

_NEEDED = """add_folder open_library settings quit find_similar search_file paste back forward home preview
details_panel folders_panel errors_panel rescan_all pause sort_date sort_name sort_folder sort_size sort_reversed
larger smaller select_all select_none open_default show_in_manager copy_path copy_image shortcuts
about log clear_query exact words expand more_like less_like filters clear_filters save_search saved_panel duplicates
accuracy index_health"""
_KEYS_OF_TEXT_FIELDS = {"Space", "Return", "Enter", "Esc", "Tab", "Del", "Left", "Right", "Up", "Down", "Home", "End"}


def test_the_table_has_every_action_once() -> None:
    keys = [spec.key for spec in ACTIONS]
    assert sorted(keys) == sorted(_NEEDED.split())


@pytest.mark.usefixtures("qapp")
def test_no_shortcut_means_two_things() -> None:
    counts = Counter(sequence.toString() for spec in ACTIONS for sequence in spec.sequences())
    assert [keys for keys, times in counts.items() if times > 1] == []


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.key)
def test_each_action_is_complete(spec: ActionSpec) -> None:
    assert spec.text
    assert spec.tooltip
    assert spec.menu in Menu
    assert spec.hint().startswith(spec.tooltip)
    assert all(not sequence.isEmpty() and sequence.toString() for sequence in spec.sequences())
    if spec.shortcuts:
        assert spec.shown_keys() in spec.hint()
    assert "&" in spec.text
    assert "&" not in spec.plain_label()


@pytest.mark.parametrize("menu", list(Menu))
def test_no_two_entries_of_a_menu_share_a_mnemonic(menu: Menu) -> None:
    letters = [spec.text[spec.text.index("&") + 1].lower() for spec in ACTIONS if spec.menu == menu]
    assert len(letters) == len(set(letters)), letters


def test_no_two_entries_of_the_context_menu_share_a_mnemonic(window: QMainWindow) -> None:
    texts = [action.text() for action in ActionSet(window).context_menu(window).actions() if action.text()]
    letters = [text[text.index("&") + 1].lower() for text in texts]
    assert len(letters) == len(set(letters)), letters


@pytest.mark.usefixtures("qapp")
def test_every_icon_parses() -> None:
    folder = resources() / "icons"
    assert {spec.icon for spec in ACTIONS} <= {path.stem for path in folder.glob("*.svg")}
    for path in folder.glob("*.svg"):
        renderer = QSvgRenderer(str(path))
        assert renderer.isValid(), path.name
        if path.stem != "photofind":
            assert renderer.viewBoxF().width() == renderer.viewBoxF().height() == 24, path.name
            assert b"currentColor" in path.read_bytes(), path.name


@pytest.mark.usefixtures("qapp")
def test_the_window_binds_no_key_that_text_fields_need() -> None:
    bound = [keys.toString() for spec in ACTIONS if spec.owner == "window" for keys in spec.sequences()]
    assert [keys for keys in bound if len(keys) == 1 or keys.removeprefix("Shift+") in _KEYS_OF_TEXT_FIELDS] == []


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_menus_hold_every_action_in_its_place(window: QMainWindow) -> None:
    actions = ActionSet(window)
    menus = actions.build_menus(window.menuBar())
    assert list(menus) == list(Menu)
    for spec in ACTIONS:
        assert actions[spec.key] in menus[spec.menu].actions()
    assert list(actions) == [spec.key for spec in ACTIONS]
    assert not menus[Menu.FILE].actions()[0].isSeparator()


def test_a_shortcut_triggers_its_action(window: QMainWindow, qtbot: QtBot) -> None:
    actions = ActionSet(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    with qtbot.waitSignal(actions["settings"].triggered, timeout=10_000):
        QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)


def test_keys_of_the_grid_are_shown_but_not_bound(window: QMainWindow) -> None:
    actions = ActionSet(window)
    preview = actions["preview"]
    assert preview.shortcuts() == []
    assert preview.text().endswith("\tSpace")
    assert "Space" in preview.toolTip()
    assert preview not in window.actions()
    assert "\t" not in preview.iconText()


def test_orders_exclude_each_other(window: QMainWindow) -> None:
    actions = ActionSet(window)
    actions["sort_date"].setChecked(True)
    actions["sort_name"].setChecked(True)
    assert not actions["sort_date"].isChecked()
    actions["sort_reversed"].setChecked(True)
    assert actions["sort_name"].isChecked()


def test_actions_are_enabled_together(window: QMainWindow) -> None:
    actions = ActionSet(window)
    actions.set_enabled("find_similar", "copy_path", enabled=False)
    assert not actions["find_similar"].isEnabled()
    assert not actions["copy_path"].isEnabled()
    assert actions["paste"].isEnabled()


def test_the_context_menu_is_about_the_photo_and_goes_away(window: QMainWindow, qtbot: QtBot) -> None:
    actions = ActionSet(window)
    menu = actions.context_menu(window)
    assert menu.actions()[0] is actions["find_similar"]
    assert actions["copy_path"] in menu.actions()
    menu.popup(window.pos())
    menu.close()
    qtbot.waitUntil(lambda: not isValid(menu), timeout=15_000)
