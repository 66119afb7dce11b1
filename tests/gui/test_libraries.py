"""Several libraries: judging folders, and the menu of recent ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.gui.libraries import (
    LibraryChooser,
    fill_libraries_menu,
    is_library,
    reason_not_to_make,
    reason_not_to_open,
)
from photofind.gui.preferences import Preferences

_WAIT = 15_000


def _library(folder: Path) -> Path:
    folder.mkdir()
    (folder / "library.db").touch()
    return folder


def test_a_library_is_opened_and_nothing_else(tmp_path: Path) -> None:
    library = _library(tmp_path / "library")
    assert is_library(library)
    assert reason_not_to_open(library) == ""
    assert "no library" in reason_not_to_open(tmp_path)
    assert "any more" in reason_not_to_open(tmp_path / "gone")


def test_a_new_library_needs_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert reason_not_to_make(tmp_path / "empty") == ""
    assert "open it instead" in reason_not_to_make(_library(tmp_path / "library"))
    assert "other files" in reason_not_to_make(tmp_path)
    assert "cannot be used" in reason_not_to_make(tmp_path / "gone")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs rights that refuse")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert "may not be written" in reason_not_to_make(folder)


def test_a_chosen_folder_is_passed_on_or_refused(tmp_path: Path, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    chooser = LibraryChooser(widget)
    library = _library(tmp_path / "library")
    with qtbot.waitSignal(chooser.chosen, timeout=_WAIT) as caught:
        chooser.take(library, reason_not_to_open)
    assert caught.args == [library]
    with qtbot.waitSignal(chooser.refused, timeout=_WAIT) as caught:
        chooser.take(tmp_path, reason_not_to_open)
    assert "no library" in caught.args[0]


@pytest.mark.parametrize("ask", ["choose", "open_existing", "make_new"])
def test_asking_does_not_block(tmp_path: Path, qtbot: QtBot, ask: str) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    chooser = LibraryChooser(widget)
    getattr(chooser, ask)()
    dialog = widget.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    folder = tmp_path / "new" if ask == "make_new" else _library(tmp_path / "library")
    folder.mkdir(exist_ok=True)
    with qtbot.waitSignal(chooser.chosen, timeout=_WAIT) as caught:
        dialog.fileSelected.emit(str(folder))
    assert caught.args == [folder]
    dialog.reject()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=15_000)


def test_the_menu_lists_the_recent_ones(tmp_path: Path, qtbot: QtBot) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    menu = QMenu()
    qtbot.addWidget(menu)
    taken: list[Path] = []
    fill_libraries_menu(menu, preferences, tmp_path / "open", taken.append)
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    for library in (tmp_path / "gone", _library(tmp_path / "a & b"), _library(tmp_path / "open")):
        preferences.remember_library(library)
    fill_libraries_menu(menu, preferences, tmp_path / "open", taken.append)
    entries = menu.actions()
    assert [entry.isChecked() for entry in entries] == [True, False, False]
    assert [entry.isEnabled() for entry in entries] == [True, True, False]
    assert "a && b" in entries[1].text()
    entries[1].trigger()
    assert taken == [tmp_path / "a & b"]
