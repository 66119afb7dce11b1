"""The window's watch over the library's folders: it says that something changed, and a rescan finds out what.

Watching begins with a walk through the folders, so it has a thread of its own, which keeps one
:class:`~photofind.core.watching.FolderWatch` and takes another when the folders are others. What happens between two
watches, and in folders that cannot be watched, is found by the rescan that a watch asks for every ten minutes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from photofind.core.watching import FolderWatch
from photofind.gui.postbox import Postbox, loosely

LOG = logging.getLogger(__name__)
_CLOSE_SECONDS = 2.0


class WatchLink(QObject):
    """Watches folders in a thread, and says so in the thread of the window when there is something new."""

    changed = Signal()
    """Something in the folders changed, a moment ago; or it is time to look for what could not be watched."""

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._postbox = Postbox()
        self._thread = _WatchThread(library, partial(self._postbox.post, loosely(self._tell)))

    def set_folders(self, folders: Sequence[str]) -> None:
        """Watch these folders instead of others; those that are not there are watched when they appear."""
        self._thread.watch(sorted(folders))

    def _tell(self) -> None:
        self.changed.emit()

    def close(self) -> bool:
        """End the watch; return False when its thread, still walking through folders, ends a little later."""
        self._postbox.close()
        return self._thread.close()


class _WatchThread(threading.Thread):
    """Keeps a watch over what is wanted; a daemon, because a walk through a slow drive must not hold up the end."""

    def __init__(self, library: Path, on_changed: Callable[[], None]) -> None:
        super().__init__(name="photofind-watch", daemon=True)
        self._library = library
        self._on_changed = on_changed
        self._news = threading.Condition()
        self._wanted: list[str] = []
        self._watched: list[str] = []
        self._watch: FolderWatch | None = None
        self._closed = False

    def watch(self, folders: list[str]) -> None:
        with self._news:
            if folders == self._wanted or self._closed:
                return
            self._wanted = folders
            self._interrupt()
            if self.ident is None:
                self.start()

    def close(self) -> bool:
        with self._news:
            self._closed = True
            self._interrupt()
        if self.is_alive():
            self.join(_CLOSE_SECONDS)
        return not self.is_alive()

    def run(self) -> None:
        while (folders := self._next()) is not None:
            with FolderWatch(folders, self._library, _log_unwatched) as watch:
                if self._begin(watch):
                    while watch.wait():
                        self._on_changed()
            with self._news:
                self._watch = None

    def _interrupt(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        self._news.notify_all()

    def _next(self) -> list[str] | None:
        """Wait for folders to watch and return them; None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._wanted)
            self._watched = self._wanted
            return None if self._closed else self._watched

    def _begin(self, watch: FolderWatch) -> bool:
        """Make a watch one that can be interrupted, unless it is not wanted any more."""
        with self._news:
            self._watch = watch
            return not self._closed and self._wanted == self._watched


def _log_unwatched(folder: str, error: OSError) -> None:
    LOG.info("cannot watch %s: %s", folder, error)
