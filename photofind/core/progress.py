"""What a long job says of itself while it runs, and how it is paused or stopped."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a job.

    ``phase`` of an indexing run is ``scan`` (``total`` still grows), ``embed``, ``index`` or ``paused``, of work on the
    index ``compact`` or ``recluster`` (both count vectors), of a measurement ``calibrate`` (photos asked for) or
    ``bench`` (steps). ``rate`` is photos per second over the last seconds and ``eta_seconds`` the time left at that
    rate, None while unknown.
    """

    phase: str
    done: int
    total: int
    errors: int
    rate: float = 0.0
    eta_seconds: float | None = None


class Control:
    """Asks a running job to pause, go on or stop; may be used from any thread."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()

    @property
    def stopping(self) -> bool:
        """Whether the job should end at the next safe point."""
        return self._stop.is_set()

    @property
    def paused(self) -> bool:
        """Whether the job should wait at the next safe point."""
        return not self._go.is_set()

    def stop(self) -> None:
        """Ask the job to end; wakes a paused one."""
        self._stop.set()
        self._go.set()

    def pause(self) -> None:
        """Ask the job to wait."""
        self._go.clear()

    def resume(self) -> None:
        """Let a paused job go on."""
        self._go.set()

    def wait_while_paused(self) -> None:
        """Block until resumed or stopped."""
        self._go.wait()


class RateMeter:
    """Photos per second over the last :data:`_WINDOW_SECONDS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def mark(self, done: int) -> None:
        """Note how many are done by now."""
        now = self._clock()
        if done < self._marks[-1][1]:
            self._marks.clear()  # another phase counts from the beginning
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW_SECONDS:
            self._marks.popleft()

    def rate(self) -> float:
        """Return photos per second; 0 as long as nothing was done."""
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def eta(self, left: int) -> float | None:
        """Return the seconds that ``left`` more photos take, None while the rate is unknown."""
        rate = self.rate()
        return left / rate if rate > 0 else None
