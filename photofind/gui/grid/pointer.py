"""What the mouse does on the grid.

A press on a picture, or anywhere on the card of a selected photo, can become a drag of the selection. A press elsewhere
can become a rubber band; so can one on the margin around a picture, so that a full grid leaves room to start one. A
press that becomes neither is a click::

    press ──┬─ moved far enough from a picture ──▶ drag_started(row)
            ├─ moved far enough from elsewhere ──▶ band, which scrolls the grid near its edges
            └─ released ──▶ clicked(row), when there were no modifiers

As in file managers, what is not selected becomes selected at the press, and what is selected stays so until the
release, because it could be dragged.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from photofind.gui.grid.layout import CellLayout, Runs
from photofind.gui.grid.selection import NO_ROWS, Selector, joined

_AUTO_SCROLL_MS: Final = 16
_AUTO_SCROLL_EDGE: Final = 24
_AUTO_SCROLL_SHARE: Final = 0.35
_AUTO_SCROLL_MOST: Final = 160
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Surface(Protocol):
    """What the mouse is used on: the view, seen from here."""

    @property
    def cells(self) -> CellLayout:
        """The cells at this moment."""

    def viewport(self) -> QWidget:
        """Return the widget that shows the cells."""

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return how far the content is scrolled."""

    def verticalScrollBar(self) -> QScrollBar:  # noqa: N802 - Qt's name
        """Return the scroll bar."""

    def row_at(self, point: QPoint) -> int:
        """Return the row whose card covers a point of the viewport, or -1."""

    def is_on_picture(self, row: int, point: QPoint) -> bool:
        """Tell whether a point of the viewport is on the picture of a row rather than beside it."""


class _State(Enum):
    IDLE = auto()
    PRESSED = auto()
    BANDING = auto()


class Pointer(QObject):
    """Turns presses, moves and releases of the left button into selection, bands, drags and clicks."""

    clicked = Signal(int)
    """The row that was clicked without modifiers, at its release."""

    drag_started = Signal(int)
    """The row whose photo, with the selection, is dragged away."""

    band_changed = Signal()
    """The rubber band has another shape, or is gone."""

    def __init__(self, surface: Surface, selector: Selector, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self._selector = selector
        self._state = _State.IDLE
        self._row = -1
        self._drags = False
        self._toggles_at_release = False
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._start = QPoint()
        self._last = QPoint()
        self._base: Runs = NO_ROWS
        self._before: Runs = NO_ROWS
        self._banded: Runs = NO_ROWS
        self._scroller = QTimer(self)
        self._scroller.setInterval(_AUTO_SCROLL_MS)
        self._scroller.timeout.connect(self._on_auto_scroll)

    @property
    def band(self) -> QRect | None:
        """The rubber band in the content, or None."""
        if self._state is not _State.BANDING:
            return None
        return QRect(self._start, self._in_content(self._last)).normalized()

    @property
    def is_pressed(self) -> bool:
        """Whether the left button is down and this class follows it."""
        return self._state is not _State.IDLE

    def press(self, event: QMouseEvent) -> None:
        """Take a press of the left button."""
        point = event.position().toPoint()
        self._last, self._start = point, self._in_content(point)
        self._modifiers = event.modifiers()
        self._before = self._selector.runs
        self._row = self._surface.row_at(point)
        self._state = _State.PRESSED
        self._drags = self._toggles_at_release = False
        if self._row >= 0:
            self._press_tile(point)
        elif not self._modifiers & (_CTRL | _SHIFT):
            self._selector.clear()

    def _press_tile(self, point: QPoint) -> None:
        was_selected = self._selector.contains(self._row)
        self._drags = was_selected or self._surface.is_on_picture(self._row, point)
        if self._modifiers & _SHIFT:
            self._selector.extend(self._row, keep=bool(self._modifiers & _CTRL))
        elif was_selected:
            self._selector.move_current(self._row)
        elif self._modifiers & _CTRL:
            self._selector.toggle(self._row)
        else:
            self._selector.only(self._row)
        self._toggles_at_release = was_selected and bool(self._modifiers & _CTRL) and not self._modifiers & _SHIFT

    def move(self, event: QMouseEvent) -> None:
        """Take a move while the left button is down."""
        self._last = event.position().toPoint()
        if self._state is _State.PRESSED:
            way = self._in_content(self._last) - self._start
            if way.manhattanLength() < QApplication.startDragDistance():
                return
            if self._drags:
                self._state = _State.IDLE
                self.drag_started.emit(self._row)
                return
            self._start_band()
        if self._state is _State.BANDING:
            self._stretch()

    def release(self) -> None:
        """Take the release of the left button."""
        state, row = self._state, self._row
        self.stop()
        if state is not _State.PRESSED or row < 0:
            return
        if self._toggles_at_release:
            self._selector.toggle(row)
        elif not self._modifiers & (_CTRL | _SHIFT):
            self._selector.only(row)
            if self._modifiers == Qt.KeyboardModifier.NoModifier:
                self.clicked.emit(row)

    def cancel(self) -> bool:
        """Give up a rubber band and what it selected; tell whether there was one."""
        if self._state is not _State.BANDING:
            return False
        self.stop()
        self._selector.set_runs(self._before)
        return True

    def stop(self) -> None:
        """Forget the press; rows or layout are not what they were."""
        banding = self._state is _State.BANDING
        self._state = _State.IDLE
        self._scroller.stop()
        if banding:
            self.band_changed.emit()

    def follow_scrolling(self) -> None:
        """Let the rubber band reach what has been scrolled below the mouse."""
        if self._state is _State.BANDING:
            self._stretch()

    def _start_band(self) -> None:
        keep = bool(self._modifiers & (_CTRL | _SHIFT))
        self._base = self._before if keep else NO_ROWS
        self._banded = NO_ROWS
        self._state = _State.BANDING
        self._selector.set_runs(self._base)
        self._scroller.start()

    def _stretch(self) -> None:
        band = self.band
        assert band is not None
        reached = self._surface.cells.runs_in(band)
        if len(reached) != len(self._banded) or (reached != self._banded).any():
            # A band that only grows, as it does while it scrolls the grid, adds its new lines and nothing else.
            fresh = reached[len(self._banded) :] if _continues(self._banded, reached) else None
            if fresh is not None:
                self._selector.add_runs(fresh)
            else:
                self._selector.set_runs(joined(self._base, reached))
            self._banded = reached
        self.band_changed.emit()

    def _on_auto_scroll(self) -> None:
        height = self._surface.viewport().height()
        beyond = min(self._last.y() - _AUTO_SCROLL_EDGE, 0) + max(self._last.y() - height + _AUTO_SCROLL_EDGE, 0)
        if beyond:
            step = min(max(round(beyond * _AUTO_SCROLL_SHARE), -_AUTO_SCROLL_MOST), _AUTO_SCROLL_MOST)
            bar = self._surface.verticalScrollBar()
            bar.setValue(bar.value() + (step or (1 if beyond > 0 else -1)))

    def _in_content(self, point: QPoint) -> QPoint:
        return point + QPoint(0, self._surface.verticalOffset())


def _continues(old: Runs, new: Runs) -> bool:
    """Tell whether ``new`` is ``old`` with runs added at its end."""
    return 0 < len(old) < len(new) and bool((new[: len(old)] == old).all())
