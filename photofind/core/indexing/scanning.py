"""Walking several folders in a thread of its own, so that slow disks do not hold up decoding."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from photofind.core.scan import IgnoreRules, Listing, walk

_AHEAD = 256
_JOIN_SECONDS = 1.0
"""How long the end of a walk is waited for: it holds nothing, and its disk may never answer."""


class ScanThread:
    """Yields (number of the folder, listing) of several walks, one after the other, through a bounded queue.

    ``library``, the folder that photofind itself writes, is left out. A ``None`` listing marks the end of a walk.
    """

    def __init__(self, tops: Sequence[str], rules: IgnoreRules, library: Path) -> None:
        self._tops = tops
        self._library = library
        self._rules = rules
        self._queue: queue.Queue[tuple[int, Listing | None]] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._left = len(tops)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="photofind-scan", daemon=True)

    @property
    def finished(self) -> bool:
        """Whether every listing has been taken."""
        return self._left == 0

    def start(self) -> None:
        """Begin to walk."""
        self._thread.start()

    def take(self, seconds: float, first_wait: float) -> list[tuple[int, Listing | None]]:
        """Return what is there, waiting ``first_wait`` for a first listing and taking at most ``seconds`` for more."""
        taken: list[tuple[int, Listing | None]] = []
        end = time.monotonic() + seconds
        while not self.finished and (not taken or time.monotonic() < end):
            try:
                number, listing = (
                    self._queue.get(timeout=0 if taken else first_wait) if first_wait else self._queue.get_nowait()
                )
            except queue.Empty:
                break
            if self._failure is not None:
                raise self._failure
            self._left -= listing is None
            taken.append((number, listing))
        return taken

    def close(self) -> None:
        """End the walk, finished or not."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_JOIN_SECONDS)

    def _run(self) -> None:
        try:
            self._walk()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that takes the listings
            self._failure = error
            self._put(0, None)

    def _walk(self) -> None:
        for number, top in enumerate(self._tops):
            for listing in walk(top, self._rules, leave_out=[self._library]):
                if not self._put(number, listing):
                    return
            self._put(number, None)

    def _put(self, number: int, listing: Listing | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put((number, listing), timeout=0.1)
            except queue.Full:
                continue
            return True
        return False
