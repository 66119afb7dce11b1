"""The settings dialog: what it writes and where, what it refuses, and that the keyboard and screen readers reach it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.core.errors import SettingsError
from photofind.core.library import Library
from photofind.core.records import RootSummary
from photofind.core.settings import Settings, load_settings
from photofind.gui.preferences import Preferences
from photofind.gui.settings.engine import SPANS
from photofind.gui.settings.page import choose
from photofind.gui.settings_dialog import AppliedSettings, SettingsDialog
from tests.support.gallery import Gallery

_WAIT = 15_000


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def dialog(preferences: Preferences, file: Path, tmp_path: Path, qtbot: QtBot) -> SettingsDialog:
    preferences.remember_library(_made(tmp_path / "other"))
    preferences.remember_library(_made(tmp_path / "open"))
    return _dialog(preferences, file, tmp_path / "open", qtbot)


def _dialog(preferences: Preferences, file: Path, library: Path, qtbot: QtBot) -> SettingsDialog:
    made = SettingsDialog(preferences, load_settings(file), library, path=file)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    return made


def _made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "library.db").touch()
    return folder


def _applied(dialog: SettingsDialog) -> list[AppliedSettings]:
    taken: list[AppliedSettings] = []
    dialog.applied.connect(taken.append)
    return taken


def test_nothing_changed_writes_nothing(dialog: SettingsDialog, file: Path) -> None:
    taken = _applied(dialog)
    assert dialog.apply()
    assert taken == []
    assert not file.exists()


def test_the_window_is_set_in_the_preferences(dialog: SettingsDialog, preferences: Preferences, file: Path) -> None:
    taken = _applied(dialog)
    choose(dialog.general.language, "de")
    choose(dialog.general.click_action, "double_click")
    dialog.general.cache.setValue(640)
    dialog.accept()
    assert (preferences.language, preferences.click_action, preferences.cache_megabytes) == ("de", "double_click", 640)
    assert [applied.window for applied in taken] == [{"language", "click_action", "cache_megabytes"}]
    assert not file.exists()


def test_the_engine_is_set_in_its_file(dialog: SettingsDialog, file: Path) -> None:
    taken = _applied(dialog)
    dialog.engine.numbers["workers"].setValue(7)
    choose(dialog.engine.priority, "normal")
    dialog.folders.rules.setPlainText("*.gif\n\n  Private \n*.gif\n")
    assert dialog.apply()
    kept = load_settings(file)
    assert (kept.workers, kept.priority, kept.ignore) == (7, "normal", ("*.gif", "Private"))
    assert [applied.settings for applied in taken] == [kept]
    assert taken[0].engine == {"workers", "priority", "ignore"}
    assert dialog.apply()
    assert len(taken) == 1


def test_defaults_are_not_written(preferences: Preferences, file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    file.write_text('# mine\nworkers = 3\nphoto_seconds = 5.5\nignore = ["*.gif"]\n', encoding="utf-8")
    dialog = _dialog(preferences, file, tmp_path, qtbot)
    assert dialog.engine.changes() == {}  # a number that the field cannot show in full is no change
    reset = next(button for button in dialog.engine.findChildren(QAbstractButton) if "defaults" in button.text())
    reset.click()
    dialog.folders.rules.clear()
    assert dialog.apply()
    assert load_settings(file) == Settings()
    assert file.read_text(encoding="utf-8").startswith("# mine")


@pytest.mark.parametrize("rule", ["private/x", "C:\\photos", "*", "**"])
def test_a_rule_that_cannot_be_meant_is_refused_in_place(dialog: SettingsDialog, file: Path, rule: str) -> None:
    dialog.folders.rules.setPlainText(f"*.gif\n{rule}")
    assert rule in dialog.folders.verdict.text()
    assert not dialog.folders.verdict.isHidden()
    dialog.accept()
    assert rule in dialog.notices.text
    assert dialog.list.currentRow() == 2
    assert not file.exists()
    dialog.folders.rules.setPlainText("*.gif")
    assert dialog.folders.verdict.isHidden()
    assert dialog.apply()
    assert dialog.notices.text == ""


def test_a_file_that_cannot_be_written_is_told_in_place(dialog: SettingsDialog, file: Path) -> None:
    file.mkdir()
    dialog.engine.numbers["workers"].setValue(9)
    assert not dialog.apply()
    assert str(file) in dialog.notices.text


def test_cancel_changes_nothing(dialog: SettingsDialog, preferences: Preferences, file: Path) -> None:
    before = preferences.cache_megabytes
    dialog.general.cache.setValue(999)
    dialog.engine.numbers["workers"].setValue(9)
    dialog.reject()
    assert preferences.cache_megabytes == before != 999
    assert not file.exists()


def test_the_fields_accept_what_the_core_accepts() -> None:
    names = {field.name for field in dataclasses.fields(Settings)}
    assert set(SPANS) <= names
    for name, (low, high) in SPANS.items():
        for value in (low, high):
            _with(name, value)
        for value in (low - 1, high + 1):
            with pytest.raises(SettingsError):
                _with(name, value)


def _with(name: str, value: int) -> Settings:
    values: dict[str, Any] = {name: value}
    return Settings(**values)


def test_another_model_is_written_and_told(dialog: SettingsDialog, file: Path, qtbot: QtBot) -> None:
    entries = [dialog.engine.model.itemText(row) for row in range(dialog.engine.model.count())]
    assert "standard" in entries[0]
    choose(dialog.engine.model, "efficientnet-lite0:fp32")
    with qtbot.waitSignal(dialog.pack_chosen, timeout=_WAIT) as caught:
        dialog.apply()
    assert caught.args == ["efficientnet-lite0:fp32"]
    assert load_settings(file).model == "efficientnet-lite0:fp32"


def test_a_model_that_is_not_installed_stays_chosen(
    preferences: Preferences, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    file.write_text('model = "gone:int8"\n', encoding="utf-8")
    dialog = _dialog(preferences, file, tmp_path, qtbot)
    assert "not installed" in dialog.engine.model.currentText()
    assert dialog.engine.changes() == {}


def test_the_numbers_of_a_real_library_are_shown(
    gallery: Gallery, preferences: Preferences, file: Path, qtbot: QtBot
) -> None:
    dialog = _dialog(preferences, file, gallery.library, qtbot)
    with Library(gallery.library, Settings()) as library:
        status, roots = library.status(), library.roots()
    dialog.set_status(status)
    dialog.set_roots(roots)
    assert dialog.library.location.text() == str(gallery.library)
    assert dialog.library.photos.text() == str(status.photos)
    assert "B" in dialog.library.disk.text()
    assert "efficientnet-lite0" in dialog.engine.model_note.text()
    assert dialog.folders.folders.topLevelItemCount() == len(roots)


def test_folders_are_added_and_removed_by_the_window(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.set_roots([RootSummary(1, "/photos", offline=False, photos=1234, errors=0)])
    assert not dialog.folders.remove.isEnabled()
    item = dialog.folders.folders.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "1,234"
    dialog.folders.folders.setCurrentItem(item)
    with qtbot.waitSignal(dialog.folder_remove_requested, timeout=_WAIT) as caught:
        dialog.folders.remove.click()
    assert caught.args == ["/photos"]
    add = next(button for button in dialog.folders.findChildren(QAbstractButton) if "folder…" in button.text())
    with qtbot.waitSignal(dialog.folder_add_requested, timeout=_WAIT):
        add.click()


def test_one_can_switch_to_a_recent_library(dialog: SettingsDialog, tmp_path: Path, qtbot: QtBot) -> None:
    page = dialog.library
    page.recent.setCurrentRow(0)
    assert not page.switch.isEnabled()  # it is the open one
    assert not page.forget.isEnabled()
    page.recent.setCurrentRow(1)
    with qtbot.waitSignal(dialog.library_wanted, timeout=_WAIT) as caught:
        page.switch.click()
    assert caught.args == [tmp_path / "other"]


def test_a_library_that_is_gone_can_only_be_taken_off_the_list(
    preferences: Preferences, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    preferences.remember_library(tmp_path / "gone")
    dialog = _dialog(preferences, file, tmp_path / "open", qtbot)
    dialog.library.recent.setCurrentRow(0)
    assert "not there" in dialog.library.recent.item(0).text()
    assert not dialog.library.switch.isEnabled()
    dialog.library.forget.click()
    assert preferences.recent_libraries == []
    assert dialog.library.recent.count() == 0


def test_a_folder_that_is_no_library_is_refused_in_place(dialog: SettingsDialog) -> None:
    dialog.library.refused.emit("There is no library in there.")
    assert dialog.notices.text == "There is no library in there."


def _focusable(dialog: SettingsDialog) -> list[QWidget]:
    """Return what Tab reaches in the dialog; the lists that combo boxes open are windows of their own."""
    widgets = [widget for widget in dialog.findChildren(QWidget) if widget.window() is dialog]
    return [widget for widget in widgets if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]


def test_everything_that_takes_the_focus_has_a_name(dialog: SettingsDialog) -> None:
    nameless = []
    for widget in _focusable(dialog):
        if widget.objectName().startswith("qt_"):
            continue  # parts that Qt makes inside of its widgets
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        if not (widget.accessibleName() or text):
            nameless.append(widget)
    assert nameless == []


def test_the_keyboard_reaches_every_page_and_field(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    dialog.list.setFocus()
    fields = (dialog.general.cache, dialog.library.location, dialog.folders.rules, dialog.duplicates.protected.list)
    for row, field in enumerate(fields):
        assert dialog.list.currentRow() == row
        assert _can_be_reached(dialog, field)
        dialog.list.setFocus()
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert _can_be_reached(dialog, dialog.engine.model)


def _can_be_reached(dialog: SettingsDialog, wanted: QWidget) -> bool:
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is not None and (focused is wanted or focused.parent() is wanted):
            return True
        QTest.keyClick(focused or dialog, Qt.Key.Key_Tab)
    return False


def test_it_does_not_block_and_goes_away(preferences: Preferences, file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = SettingsDialog(preferences, Settings(), tmp_path, path=file)
    dialog.open()
    assert dialog.isVisible()
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    box.button(QDialogButtonBox.StandardButton.Cancel).click()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=15_000)
