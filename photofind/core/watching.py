"""Waiting for changes in folders, for ``photofind index --watch`` and the window.

The watch only says *that* something changed; the next scan finds out what, so a missed or doubled event does no harm.
Where the system cannot watch (limits, network drives), a scan every :data:`RESCAN_SECONDS` finds the changes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from photofind.core.paths import is_within

RESCAN_SECONDS = 600.0
QUIET_SECONDS = 2.0
"""Changes come in bursts (a card being copied): wait until there was none for so long."""

_LONGEST_BURST_SECONDS = 60.0
_TICK_SECONDS = 0.2
_CHANGES = frozenset({"created", "modified", "moved", "deleted", "closed"})


class FolderWatch(FileSystemEventHandler):
    """Watches folders with all that is below them, but for the library, which each run itself writes to.

    Opening it takes as long as walking through the folders. ``on_unwatched`` is called, before that is over, with every
    folder that the system cannot watch and its reason; such a folder is tried again at each :meth:`wait`.
    """

    def __init__(
        self, folders: Sequence[str], library: Path, on_unwatched: Callable[[str, OSError], None] | None = None
    ) -> None:
        self._library = os.path.realpath(library)
        self._changed = threading.Event()
        self._stopped = threading.Event()
        self._observer = Observer()
        self._observer.start()  # first: only a running observer says at once what it cannot watch
        self._unwatched: list[str] = []
        for folder in folders:
            error = self._watch(folder)
            if error is not None:
                self._unwatched.append(folder)
                if on_unwatched is not None:
                    on_unwatched(folder, error)

    @property
    def unwatched(self) -> list[str]:
        """The folders whose changes are only found by the scans every :data:`RESCAN_SECONDS`."""
        return list(self._unwatched)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note that something changed; called from the observer's thread."""
        if event.event_type in _CHANGES and not self._is_ours(event):
            self._changed.set()

    def stop(self) -> None:
        """End :meth:`wait`; may be called from any thread or a signal handler."""
        self._stopped.set()

    def wait(self) -> bool:
        """Block until the folders should be scanned again; return False when stopped instead."""
        # A folder that was away may be back by now.
        self._unwatched = [folder for folder in self._unwatched if self._watch(folder) is not None]
        until = time.monotonic() + RESCAN_SECONDS
        while not self._changed.wait(_TICK_SECONDS) and time.monotonic() < until:
            if self._stopped.is_set():
                return False
        burst_ends = time.monotonic() + _LONGEST_BURST_SECONDS
        while self._changed.is_set() and time.monotonic() < burst_ends:
            self._changed.clear()
            if self._stopped.wait(QUIET_SECONDS):
                return False
        self._changed.clear()
        return not self._stopped.is_set()

    def _is_ours(self, event: FileSystemEvent) -> bool:
        path = os.path.realpath(os.fsdecode(event.src_path))
        # Files that come and go in the library are told as changes of its folder, and of the one that holds it.
        return is_within(path, self._library) or (event.is_directory and event.event_type in ("modified", "closed"))

    def _watch(self, folder: str) -> OSError | None:
        try:
            self._observer.schedule(self, folder, recursive=True)
        except OSError as error:
            return error
        return None
