"""The logs of photofind, to be read and cleared: the window's own, and what the writer of its library left.

The files are read and cleared in a thread of their own, for the disk of a library may be slow or away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from photofind.core.log_files import clear, library_logs, with_former
from photofind.gui import theme
from photofind.gui.errands import Errands
from photofind.gui.names import displayable

_SIZE: Final = QSize(820, 520)
_SHOWN_BYTES: Final = 64 << 10
"""Of each file, its end; the whole can be looked at in the files themselves."""


class LogDialog(QDialog):
    """Shows the logs and empties them when that is asked for; deletes itself when it is closed.

    Parameters
    ----------
    window_log
        The window's log file.
    library
        The folder of the library whose logs are shown as well.
    """

    def __init__(self, window_log: Path, library: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Log"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window_log = window_log
        self._library = library
        self._make_widgets()
        self._errands = Errands("photofind-log", self)
        self.finished.connect(self._errands.close)
        self.resize(_SIZE)
        self.refresh()

    def refresh(self) -> None:
        """Read the files; what they say comes a little later."""
        self._do(_read)

    def clear(self) -> None:
        """Empty the files, and show what they say then."""
        self._do(_cleared)

    def _make_widgets(self) -> None:
        self.words = QLabel(
            self.tr(
                "What went wrong, for bug reports. It may name folders and photos, and is never sent anywhere. These"
                " files are cut off by themselves when they become large."
            ),
            self,
        )
        self.words.setWordWrap(True)
        self.words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Log"))
        self.copying = QPushButton(self.tr("&Copy"), self)
        self.copying.setToolTip(self.tr("Copy the log to the clipboard"))
        self.copying.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.clearing = QPushButton(self.tr("C&lear the log"), self)
        self.clearing.setToolTip(self.tr("Empty the log files"))
        self.clearing.clicked.connect(self.clear)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        theme.remove_icons(buttons)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.copying, self.clearing):
            row.addWidget(button)
        row.addWidget(buttons, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.text, 1)
        column.addLayout(row)

    def _do(self, work: Callable[[Path, Path], _Found]) -> None:
        self.clearing.setEnabled(False)
        self._errands.do(partial(work, self._window_log, self._library), self._show)

    def _show(self, found: _Found) -> None:
        if found.refusal:
            self.words.setText(self.tr("The log cannot be cleared: {}.").format(found.refusal))
        self.text.setPlainText(found.text or self.tr("The log is empty."))
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        self.clearing.setEnabled(bool(found.text))
        self.copying.setEnabled(bool(found.text))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the files say, and why they could not be cleared if that was asked for."""

    text: str
    refusal: str = ""


def _read(window_log: Path, library: Path) -> _Found:
    logs = _logs(window_log, library)
    return _Found("\n\n".join(f"{displayable(str(log))}\n\n{_end_of(log)}" for log in logs if _size_of(log)))


def _cleared(window_log: Path, library: Path) -> _Found:
    refusal = ""
    try:
        clear(_logs(window_log, library))
    except OSError as error:
        refusal = error.strerror or str(error)
    return replace(_read(window_log, library), refusal=refusal)


def _logs(window_log: Path, library: Path) -> list[Path]:
    return [*with_former(window_log), *library_logs(library)]


def _size_of(log: Path) -> int:
    try:
        return log.stat().st_size
    except OSError:
        return 0


def _end_of(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, _size_of(log) - _SHOWN_BYTES))
            return file.read(_SHOWN_BYTES).decode("utf-8", "replace").strip()
    except OSError as error:
        return error.strerror or str(error)
