"""What ``window_processes`` does to a window, and what it sees of it: events in, paintings and moments out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from photofind.core.records import Listing
from photofind.core.search import SearchResult
from photofind.gui.main_window import MainWindow
from photofind.gui.worker_link import WorkerProgress

_TICK_MS = 16
_PATIENCE = 120.0
_REST_MS = 40
_RESULTS_REST_MS = 300
_MOST_TURNS = 50
_NOTHING = Qt.KeyboardModifier.NoModifier


class Ticker(QObject):
    """A timer of about 60 Hz; ``lateness`` is how many milliseconds late each tick came."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lateness: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(_TICK_MS)

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.lateness.append(max((now - self._last) * 1000 - _TICK_MS, 0.0))
        self._last = now


class Watch(QObject):
    """A window with its user: drives it by events, and notes what it paints and hears."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.paintings = 0
        self.completed_at = 0.0
        self.tiles = 0
        self.is_listed = False
        self.runs = 0
        self.done = 0
        self.photos = 0
        self._awaits_completion = True
        self.found_at = 0.0
        self._listings: list[Listing] = []
        self._results: list[SearchResult] = []
        window.grid.viewport().installEventFilter(self)
        window.session.listing.listed.connect(self._on_listed)
        window.session.searching.found.connect(self._on_found)
        window.session.worker.finished.connect(self._on_finished)
        window.session.worker.progressed.connect(self._on_progressed)

    # Seeing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Count what is painted; note the end of the turn in which the first complete grid was."""
        if event.type() == QEvent.Type.Paint:
            self.paintings += 1
            if self._awaits_completion and self.is_complete():
                self._awaits_completion = False
                QTimer.singleShot(0, self._on_completed)
        return super().eventFilter(watched, event)

    def is_complete(self) -> bool:
        """Tell whether the grid has rows, and a picture for every one that is seen."""
        first, last = self.window.grid.visible_rows()
        tile = self.window.grid.source.tile
        tiles = [tile(photo_id) for photo_id in self.window.model.ids[first : last + 1].tolist()]
        return bool(tiles) and all(known is not None and known.pixmap is not None for known in tiles)

    def ticker(self) -> Ticker:
        """Return ticks that begin now."""
        return Ticker(self)

    def memory(self) -> dict[str, float]:
        """Return this process's memory in megabytes, by the names that Linux gives its parts."""
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        values = dict(line.split(":", 1) for line in lines)
        return {name: int(values[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "RssAnon", "RssFile", "VmHWM")}

    # Waiting

    def soon(self, call: Callable[[], None]) -> None:
        """Call when the event loop runs."""
        QTimer.singleShot(0, call)

    def rest(self, milliseconds: int) -> None:
        """Let the event loop run for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, condition: Callable[[], bool], patience: float = _PATIENCE) -> None:
        """Let the event loop run until something is true."""
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {patience:.0f} s in vain")
            self.rest(5)

    def settle(self) -> None:
        """Wait until everything is listed and painted, and the writer has found nothing to do."""
        self.until(lambda: self.is_listed and self.runs > 0)
        self.rest(3000)  # the list is read again when the writer has finished
        self.until(self.is_complete)

    # Doing

    def timed(self, act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
        """Return the milliseconds that it takes to do something and paint it; then let the loop run for a moment."""
        before()
        self.rest(_REST_MS)
        paintings = self.paintings
        started = time.perf_counter()
        act()
        for _ in range(_MOST_TURNS):
            QApplication.processEvents()
            if self.paintings > paintings:
                break
        return (time.perf_counter() - started) * 1000

    def wheel(self, notches: int) -> None:
        """Turn the wheel over the middle of the grid."""
        viewport = self.window.grid.viewport()
        middle = QPointF(viewport.rect().center())
        event = QWheelEvent(
            middle,
            viewport.mapToGlobal(middle),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            _NOTHING,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)

    def page_down(self) -> None:
        """Press the key."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(self.window.grid, QKeyEvent(kind, Qt.Key.Key_PageDown, _NOTHING))

    def jump(self, share: float) -> None:
        """Go to a row as the strip of dates does."""
        self.window.grid.scroll_to_row(round(share * (len(self.window.model.ids) - 1)))

    def resize(self, width: int, height: int) -> None:
        """Change the size of the window."""
        self.window.resize(width, height)

    def select_all(self) -> None:
        """Trigger the action."""
        self.window.action_set["select_all"].trigger()

    def select_none(self) -> None:
        """Trigger the action."""
        self.window.action_set["select_none"].trigger()

    def home(self) -> None:
        """Show all photos."""
        if self.window.browser.query is not None:
            self.is_listed = False
            self.window.action_set["home"].trigger()
            self.until(lambda: self.is_listed)

    def click(self, share: float) -> dict[str, float]:
        """Click on a photo that is seen wholly; return the moments since, in milliseconds, when all is painted."""
        grid = self.window.grid
        first, last = grid.visible_rows()
        if self.window.browser.query is not None:
            first += 1  # that is the photo that was clicked before
        rows = [row for row in range(first, last + 1) if grid.viewport().rect().contains(grid.card(row))]
        point = QPointF(grid.card(rows[int(share * len(rows))]).center())
        self.found_at = self.completed_at = 0.0
        started = time.monotonic()
        self._press(point, QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton)
        self._press(point, QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton)
        self.until(lambda: self.completed_at > 0)
        return {
            "found": (self.found_at - started) * 1000,
            "painted": (self.completed_at - started) * 1000,
            "search": self._results[-1].elapsed_ms,
            "tiles": self.tiles,
        }

    def _press(self, point: QPointF, kind: QEvent.Type, buttons: Qt.MouseButton) -> None:
        viewport = self.window.grid.viewport()
        event = QMouseEvent(kind, point, viewport.mapToGlobal(point), Qt.MouseButton.LeftButton, buttons, _NOTHING)
        QApplication.sendEvent(viewport, event)

    def listing_swaps(self, count: int) -> Iterator[Callable[[], None]]:
        """Return calls that bring the whole listing, as its thread would, in two orders by turns."""
        whole = self._listings[-1]
        other = Listing(whole.photo_ids[::-1].copy(), whole.days[::-1].copy(), whole.total)
        self.window.session.listing.cancel()
        for number in range(count):
            yield partial(self.window.session.listing.listed.emit, (other, whole)[number % 2], True)

    def result_swaps(self, count: int) -> Iterator[Callable[[], None]]:
        """Return calls that bring the answers of two queries by turns, as the search thread would."""
        ids = self.window.model.ids
        for row in (0, len(ids) // 2):
            self.found_at = 0.0
            self.window.browser.find_similar([int(ids[row])])
            self.until(lambda: self.found_at > 0)
            self.rest(_RESULTS_REST_MS)
        one, other = self._results[-2:]
        for number in range(count):
            yield partial(self.window.session.searching.found.emit, 0, (one, other)[number % 2])

    # Slots

    def _on_completed(self) -> None:
        self.completed_at = time.monotonic()
        first, last = self.window.grid.visible_rows()
        self.tiles = last - first + 1

    def _on_listed(self, listing: Listing, complete: bool) -> None:
        if complete:
            self._listings = [listing]
            self.is_listed = True

    def _on_found(self, _: int, result: SearchResult) -> None:
        self.found_at = time.monotonic()
        self._results = [*self._results[-1:], result]
        self._awaits_completion = True

    def _on_finished(self, report: dict[str, Any]) -> None:
        self.runs += 1
        self.photos = int(report.get("photos", 0))

    def _on_progressed(self, progress: WorkerProgress) -> None:
        self.done = progress.done
