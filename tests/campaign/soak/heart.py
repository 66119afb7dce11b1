"""The heartbeat of a window's thread: it tells when that thread did not come back to its events for too long."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Final, TextIO

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 200
STALL_SECONDS: Final = 1.0
_MOST_BYTES: Final = 20 << 20


class Heart(QObject):
    """Beats in the thread it is made in; a stall leaves the stack of that thread in a file.

    Another thread looks after that, as any Python code does: ``faulthandler`` would do it without Python's lock, and
    crashes now and then when it reads the stack of a thread that runs.

    Waiting for a processor that other programs use is no stall: as long as the thread could have run, but was not let,
    counts for nothing. Linux tells how long that was; elsewhere it is part of the stall.
    """

    def __init__(self, stacks: TextIO) -> None:
        super().__init__()
        self._stacks = stacks
        self._last = self._waited = 0.0
        self._watched = threading.get_ident()
        self._ended = threading.Event()
        self._is_told = True
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._on_beat)
        self.stalls: list[float] = []
        self.late: list[float] = []
        threading.Thread(target=self._watch, name="soak-heart", daemon=True).start()

    def start(self) -> None:
        """Begin to beat."""
        self._last, self._waited = time.monotonic(), _seconds_waited()
        self._is_told = False
        self._timer.start()

    def stop(self) -> None:
        """Beat no more, until the next start."""
        self._timer.stop()
        self._is_told = True

    def end(self) -> None:
        """Beat no more, ever."""
        self.stop()
        self._ended.set()

    def counts(self) -> dict[str, object]:
        """Return the stalls so far: how many, the longest, and how many more there were for want of a processor."""
        return {"stalls": [round(each, 2) for each in self.stalls], "late": len(self.late)}

    def _on_beat(self) -> None:
        now, waited = time.monotonic(), _seconds_waited()
        gap = now - self._last - _EVERY_MS / 1000
        if gap > STALL_SECONDS:
            held = gap - (waited - self._waited)
            (self.stalls if held > STALL_SECONDS else self.late).append(gap)
            self._stacks.write(f"--- stalled for {gap:.2f} s, of which {gap - held:.2f} s without a processor\n")
            self._stacks.flush()
        self._last, self._waited, self._is_told = now, waited, False

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_MS / 1000):
            if not self._is_told and time.monotonic() - self._last > STALL_SECONDS + _EVERY_MS / 1000:
                self._is_told = True
                self._tell()

    def _tell(self) -> None:
        frame = sys._current_frames().get(self._watched)
        if frame is not None and os.fstat(self._stacks.fileno()).st_size < _MOST_BYTES:
            self._stacks.write("".join(traceback.format_stack(frame)[-12:]) + "\n")
            self._stacks.flush()


def _seconds_waited() -> float:
    """Return for how long this thread was ready to run while something else ran."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
