"""Somebody who uses the window without rest: one action after the other, drawn at random.

Nothing is waited for: as an impatient user does, the next action often comes before the answer to the last one. What
an action would do to photos is not done: no plan for duplicates is carried out, no other program is started.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog

from photofind.gui.app import Windows
from photofind.gui.main_window import MainWindow
from tests.campaign.soak import looking, maintaining, searching

_SOON_MS: Final = (5, 600)
_AT_ONCE_MS: Final = (5, 100)
"""Between two actions: of those without number, and of a few."""

Act = Callable[["SoakUser", MainWindow], None]


@dataclass(frozen=True)
class Places:
    """The library of the window, another small one, pictures to search by, and a folder that comes and goes."""

    library: Path
    other: Path
    probes: Path
    extra: Path


class SoakUser(QObject):
    """Acts on the window that is open; see the module."""

    played = Signal()
    """As many actions as were asked for are done."""

    def __init__(self, windows: Windows, places: Places, *, seed: str, only: Sequence[str] = ()) -> None:
        super().__init__()
        self._windows = windows
        self.places = places
        self.chances = random.Random(seed)
        self.probes = sorted(places.probes.iterdir())
        self.done: Counter[str] = Counter()
        self.slowest: tuple[float, str] = (0.0, "")
        known = searching.ACTS + looking.ACTS + maintaining.ACTS
        acts = [act for act in known if not only or act[0].__name__ in only]
        self._acts = [act for act, _ in acts]
        self._weights = [weight for _, weight in acts]
        self._most = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_next)

    def play(self, actions: int) -> None:
        """Begin to act: so many times, and for ever with 0."""
        self._most = actions
        self._timer.start(0)

    def stop(self) -> None:
        """Act no more."""
        self._timer.stop()

    def counts(self) -> dict[str, object]:
        """Return what was done so far, and the slowest action since this was last asked, in seconds of a processor."""
        slowest, self.slowest = self.slowest, (0.0, "")
        return {
            "actions": sum(self.done.values()),
            "done": dict(self.done),
            "slowest": round(slowest[0], 3),
            "slowest_is": slowest[1],
        }

    def is_at_home(self, window: MainWindow) -> bool:
        """Tell whether a window is on the library that all this is about; go back there if it is not."""
        if window.session.library == self.places.library:
            return True
        window.library_wanted.emit(self.places.library)
        return False

    def come_to_rest(self, window: MainWindow) -> None:
        """Close what is open, let the writer go on, and show all photos."""
        for dialog in window.findChildren(QDialog):
            dialog.close()
        window.accuracy.close()
        window.session.worker.resume()
        window.session.worker.stop()
        window.session.worker.stop_maintenance()
        window.show_grid()
        window.action_set["home"].trigger()

    def probe(self) -> str:
        """Return some picture that lies outside of the library."""
        return str(self.chances.choice(self.probes))

    def row(self, window: MainWindow, *, visible: bool = False) -> int | None:
        """Return some row of the grid; None when there is none."""
        total = len(window.model.ids)
        if not total:
            return None
        first, last = window.grid.visible_rows() if visible else (0, total - 1)
        return self.chances.randint(min(first, total - 1), max(first, min(last, total - 1)))

    def _on_next(self) -> None:
        window = self._windows.window
        if window is not None:
            act = self.chances.choices(self._acts, self._weights)[0]
            if window.session.library != self.places.library and self.chances.random() < 0.2:
                act = maintaining.go_to_other_library
            began = time.thread_time()  # another program's use of the processors is none of ours
            try:
                act(self, window)
            finally:  # an error reaches the hub, and the next action comes all the same
                self.slowest = max(self.slowest, (time.thread_time() - began, act.__name__))
                self.done[act.__name__] += 1
                self._go_on()
        else:
            self._timer.start(_AT_ONCE_MS[1])

    def _go_on(self) -> None:
        if not self._most:
            self._timer.start(self.chances.randint(*_SOON_MS))
        elif sum(self.done.values()) < self._most:
            self._timer.start(self.chances.randint(*_AT_ONCE_MS))
        else:
            self.played.emit()
