"""Reference cycles are collected in the window's thread only.

Python collects them in whichever thread happens to make one object too many. When a widget is among them, a reader
thread would then destroy it while the window's thread may be using it; and the two wait for each other for ever when
one has Python's lock and needs Qt's, which connects and disconnects signals, and the other the other way round.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class CycleCollector(QObject):
    """Takes the place of Python's own collection, by the same thresholds, from a timer of the thread it is made in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due; none if there is little to collect."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()
