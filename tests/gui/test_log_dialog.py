"""The dialog of the logs: what it shows, and that clearing empties the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from photofind.gui.log_dialog import LogDialog
from tests.support.windows import Opened


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> LogDialog:
    library = tmp_path / "library"
    library.mkdir()
    (tmp_path / "window.log").write_text("of the window\n")
    (tmp_path / "window.log.1").write_text("of the window, before\n")
    (library / "photofind.log").write_bytes(b"of the writer \xff\n")
    (library / "decoders.log").write_text("x" * 100_000 + "of the decoders\n")
    dialog = LogDialog(tmp_path / "window.log", library)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "decoders" in dialog.text.toPlainText())
    return dialog


def test_all_logs_are_shown_by_their_ends(dialog: LogDialog, tmp_path: Path) -> None:
    text = dialog.text.toPlainText()
    for part in ("of the window\n", "of the window, before", "of the writer", "of the decoders"):
        assert part in text
    assert str(tmp_path / "library" / "photofind.log") in text
    assert len(text) < 70_000
    dialog.copying.click()
    assert QGuiApplication.clipboard().text() == text


def test_clearing_empties_the_files(dialog: LogDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog.clearing.click()
    qtbot.waitUntil(lambda: dialog.text.toPlainText() == "The log is empty.")
    assert not dialog.clearing.isEnabled()
    assert [path.stat().st_size for path in tmp_path.rglob("*.log*")] == [0, 0, 0, 0]


def test_a_log_that_cannot_be_cleared_is_told(dialog: LogDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("photofind.gui.log_dialog.clear", refuse)
    dialog.clearing.click()
    qtbot.waitUntil(lambda: "Permission denied" in dialog.words.text())
    qtbot.waitUntil(dialog.clearing.isEnabled)


def test_the_window_shows_it_once(opened: Opened) -> None:
    for _ in range(2):
        opened.window.action_set["log"].trigger()
    assert len(opened.window.findChildren(LogDialog)) >= 1
    assert sum(dialog.isVisible() for dialog in opened.window.findChildren(LogDialog)) == 1
