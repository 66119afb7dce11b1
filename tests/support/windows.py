"""Real windows for tests: opened on a library, driven by events, and closed so that nothing of them is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.settings import Settings
from photofind.gui.main_window import MainWindow
from photofind.gui.preferences import Preferences

WAIT_MS = 30_000
"""Long enough for two slow processors that are busy with something else."""


class Opened:
    """A main window and what tests do with it."""

    def __init__(self, qtbot: QtBot, library: Path, settings: Settings, preferences: Preferences) -> None:
        self.qtbot = qtbot
        self.window = MainWindow(library, settings, preferences)
        self._is_closed = False
        self.window.closed.connect(self._on_closed)
        self.window.resize(900, 640)
        self.window.show()

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for something to become true."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)
        assert condition(), what

    def start(self, photos: int) -> None:
        """Show the library, without its writer, and wait until so many photos are listed."""
        self.window.start_reading()
        self.until(lambda: len(self.window.model.ids) == photos)

    def close(self) -> None:
        """Close the window and wait until all that it started has ended."""
        if not self._is_closed:
            self.window.close()
            self.qtbot.waitUntil(lambda: self._is_closed, timeout=WAIT_MS)
            self.window.deleteLater()

    def ids(self) -> list[int]:
        """Return the photos that the grid lists."""
        return [int(photo_id) for photo_id in self.window.model.ids]

    def do(self, action: str) -> None:
        """Trigger an action of the table; it must be enabled."""
        assert self.window.action_set[action].isEnabled(), action
        self.window.action_set[action].trigger()

    def click(self, row: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Click on the photo of a row."""
        grid = self.window.grid
        grid.bring_into_view(row)
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifiers, self.middle(row))

    def middle(self, row: int) -> QPoint:
        """Return where a row is, in the viewport of the grid."""
        return self.window.grid.card(row).center()

    def search(self, act: Callable[[], object]) -> None:
        """Do something that asks the library, and wait for the answer on the grid."""
        with self.qtbot.waitSignal(self.window.browser.results_shown, timeout=WAIT_MS):
            act()

    def chips(self) -> list[str]:
        """Return what the chips of the query say."""
        return [chip.part.label for chip in self.window.query_bar.chips]

    def drop(self, mime: QMimeData) -> bool:
        """Drag something over the window and drop it; return whether it was welcome."""
        return drop_on(self.window, mime)

    def _on_closed(self) -> None:
        self._is_closed = True


def drop_on(widget: QWidget, mime: QMimeData) -> bool:
    """Send the events of a drag and a drop; return whether the drag was welcome."""
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    nothing = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, buttons, nothing)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(50, 50), action, mime, buttons, nothing))
    return True
