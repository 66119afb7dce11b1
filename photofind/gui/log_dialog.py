"""The logs of photofind, to be read and cleared: the window's own, and what the writer of its library left.

The files are read and cleared in a thread of their own, for the disk of a library may be slow or away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
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

    _came = Signal(str)
    """What the files say; emitted in the thread that read them."""

    _failed = Signal(str)
    """Why they could not be cleared."""

    def __init__(self, window_log: Path, library: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Log"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window_log = window_log
        self._library = library
        self._make_widgets()
        self._came.connect(self._show)
        self._failed.connect(self._tell)
        self.resize(_SIZE)
        self.refresh()

    def refresh(self) -> None:
        """Read the files; what they say comes a little later."""
        self._in_thread(self._read)

    def clear(self) -> None:
        """Empty the files, and show what they say then."""
        self._in_thread(self._clear)

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

    def _in_thread(self, work: Callable[[], None]) -> None:
        self.clearing.setEnabled(False)
        threading.Thread(target=work, name="photofind-log", daemon=True).start()

    def _logs(self) -> Sequence[Path]:
        return [*with_former(self._window_log), *library_logs(self._library)]

    def _read(self) -> None:
        parts = [f"{displayable(str(log))}\n\n{_end_of(log)}" for log in self._logs() if _size_of(log)]
        with suppress(RuntimeError):  # the dialog was closed meanwhile
            self._came.emit("\n\n".join(parts))

    def _clear(self) -> None:
        try:
            clear(self._logs())
        except OSError as error:
            with suppress(RuntimeError):
                self._failed.emit(error.strerror or str(error))
        self._read()

    def _show(self, text: str) -> None:
        self.text.setPlainText(text or self.tr("The log is empty."))
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        self.clearing.setEnabled(bool(text))
        self.copying.setEnabled(bool(text))

    def _tell(self, reason: str) -> None:
        self.words.setText(self.tr("The log cannot be cleared: {}.").format(reason))


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
