"""The page of duplicates in the settings: rules in the user's order, folders, and what is written of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.core.settings import KEEP_RULES, Settings, load_settings
from photofind.gui.preferences import Preferences
from photofind.gui.settings.duplicates import DuplicatesPage
from photofind.gui.settings_dialog import SettingsDialog

_WAIT = 15_000


@pytest.fixture
def dialog(tmp_path: Path, qtbot: QtBot) -> SettingsDialog:
    return _dialog(tmp_path, qtbot)


def _dialog(folder: Path, qtbot: QtBot) -> SettingsDialog:
    file = folder / "settings.toml"
    made = SettingsDialog(Preferences(folder / "window.ini"), load_settings(file), folder, path=file)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    made.show_page(made.duplicates)
    made.show()
    return made


def _file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def _row_of(page: DuplicatesPage, rule: str) -> int:
    return [page.rules.item(row).data(Qt.ItemDataRole.UserRole) for row in range(page.rules.count())].index(rule)


def test_nothing_changed_writes_nothing(dialog: SettingsDialog, tmp_path: Path) -> None:
    assert dialog.duplicates.chosen_rules() == KEEP_RULES
    assert dialog.apply()
    assert not _file(tmp_path).exists()


def test_the_order_of_the_rules_is_changed_by_buttons_and_kept(
    dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    page = dialog.duplicates
    page.rules.setCurrentRow(_row_of(page, "older"))
    while page.up.isEnabled():
        page.up.click()
    assert page.rules.currentRow() == 0
    assert dialog.apply()
    assert load_settings(_file(tmp_path)).keep_rules == ("older", *(rule for rule in KEEP_RULES if rule != "older"))
    again = _dialog(tmp_path, qtbot)
    assert again.duplicates.chosen_rules()[0] == "older"


def test_the_order_of_the_rules_is_changed_by_keys(dialog: SettingsDialog) -> None:
    page = dialog.duplicates
    page.rules.setFocus()
    page.rules.setCurrentRow(0)
    QTest.keyClick(page.rules, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert page.chosen_rules()[:2] == (KEEP_RULES[1], KEEP_RULES[0])
    assert page.rules.currentRow() == 1
    QTest.keyClick(page.rules, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.chosen_rules() == KEEP_RULES
    QTest.keyClick(page.rules, Qt.Key.Key_Up)
    assert page.rules.currentRow() == 0
    QTest.keyClick(page.rules, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.chosen_rules() == KEEP_RULES  # there is nothing above the first


def test_a_rule_without_its_tick_does_not_count(dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot) -> None:
    page = dialog.duplicates
    page.rules.item(_row_of(page, "older")).setCheckState(Qt.CheckState.Unchecked)
    assert dialog.apply()
    assert "older" not in load_settings(_file(tmp_path)).keep_rules
    again = _dialog(tmp_path, qtbot).duplicates
    assert again.rules.count() == len(KEEP_RULES)
    assert "older" not in again.chosen_rules()


def test_at_least_one_rule_is_needed(dialog: SettingsDialog, tmp_path: Path) -> None:
    page = dialog.duplicates
    for row in range(page.rules.count()):
        page.rules.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.apply()
    assert "at least one rule" in dialog.notices.text
    assert not _file(tmp_path).exists()


def test_resetting_gives_the_default_order_and_removes_the_setting(tmp_path: Path, qtbot: QtBot) -> None:
    _file(tmp_path).write_text('# mine\nkeep_rules = ["older"]\n', encoding="utf-8")
    dialog = _dialog(tmp_path, qtbot)
    assert dialog.duplicates.chosen_rules() == ("older",)
    dialog.duplicates.reset.click()
    assert dialog.apply()
    assert load_settings(_file(tmp_path)) == Settings()
    assert _file(tmp_path).read_text(encoding="utf-8") == "# mine\n"


def test_folders_are_kept_in_their_order(dialog: SettingsDialog, tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    page = dialog.duplicates
    for folder in (one, two, one):
        page.preferred.add_folder(folder)
    page.preferred.list.setCurrentRow(1)
    page.preferred.list.move_row(-1)
    page.protected.add_folder(one)
    assert dialog.apply()
    kept = load_settings(_file(tmp_path))
    assert (kept.preferred_folders, kept.protected_folders) == ((two, one), (one,))
    page.protected.list.setCurrentRow(0)
    page.protected.remove.click()
    assert dialog.apply()
    assert load_settings(_file(tmp_path)).protected_folders == ()


def test_a_folder_that_is_away_is_told_and_kept(dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot) -> None:
    page = dialog.duplicates
    with qtbot.waitSignal(page.protected.checked, timeout=_WAIT, check_params_cb=lambda away: bool(away)):
        page.protected.add_folder(str(tmp_path / "unplugged"))
    assert "unplugged" in page.protected.verdict.text()
    assert page.protected.verdict.isVisible()
    assert dialog.apply()
    assert load_settings(_file(tmp_path)).protected_folders == (str(tmp_path / "unplugged"),)
    with qtbot.waitSignal(page.protected.checked, timeout=_WAIT, check_params_cb=lambda away: not away):
        page.protected.list.setCurrentRow(0)
        page.protected.remove.click()
    assert page.protected.verdict.isHidden()
