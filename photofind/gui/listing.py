"""All photos of the library in an order, for the grid: its beginning at once, then everything.

One thread. A listing of a million photos takes a second or two, so a newer wish supersedes what still waits, and the
answer to an older one is dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from photofind.core.library import Library
from photofind.core.queries import Filters
from photofind.core.records import Listing, SortKey
from photofind.core.settings import Settings
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, sentence

BEGINNING_ROWS = 2000


@dataclass(frozen=True, slots=True)
class _Wish:
    sort: SortKey
    descending: bool
    filters: Filters | None

    def of(self, library: Library, limit: int | None = None) -> Listing:
        kept = (self.filters,) if self.filters else ()
        return library.list_photos(self.sort, descending=self.descending, limit=limit, filters=kept)


class ListingLoader(LibraryReader):
    """Lists the library's photos; the answer to the newest :meth:`load` comes as signals."""

    listed = Signal(object, bool)
    """A :class:`Listing`, and whether it is the whole one; before a long one comes its beginning alone."""

    failed = Signal(str)
    """The library cannot be listed: a sentence for the user."""

    def __init__(self, library: Path, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.took_ms = 0.0
        """How long the last whole listing took; what it waited for is not counted."""
        self._newest = 0
        self._jobs = Mailbox(newest_only=True)
        self._start(ReaderThread("listing", library, settings, self._jobs), QThread.Priority.NormalPriority)

    def load(self, sort: SortKey, *, descending: bool, beginning: bool = True, filters: Filters | None = None) -> None:
        """List all photos, or those that ``filters`` keep, in an order.

        Without ``beginning``, nothing is sent before the whole listing: a grid that already shows this order, and only
        wants to see what is new, has no use for the beginning.
        """
        self._newest += 1
        number = self._newest
        self._jobs.put(
            Job(
                partial(self._list, number, _Wish(sort, descending, filters), beginning=beginning),
                lambda error: self._postbox.post(lambda: self._on_failed(number, error)),
            )
        )

    def cancel(self) -> None:
        """Send nothing more for the newest :meth:`load`."""
        self._newest += 1
        self._jobs.clear()

    def _list(self, number: int, wish: _Wish, library: Library, *, beginning: bool) -> None:
        started = time.perf_counter()
        if beginning:
            first = wish.of(library, limit=BEGINNING_ROWS)
            complete = first.total <= len(first.photo_ids)
            self._send(number, first, started if complete else None)
            if complete:
                return
        if number == self._newest:
            self._send(number, wish.of(library), started)

    def _send(self, number: int, listing: Listing, started: float | None) -> None:
        """Bring a listing to the window's thread: the whole one with when it was begun, its beginning without."""
        took = None if started is None else (time.perf_counter() - started) * 1000.0
        self._postbox.post(lambda: self._on_listed(number, listing, took))

    def _on_listed(self, number: int, listing: Listing, took: float | None) -> None:
        if number == self._newest:
            self.took_ms = took or self.took_ms
            self.listed.emit(listing, took is not None)

    def _on_failed(self, number: int, error: Exception) -> None:
        if number == self._newest:
            self.failed.emit(sentence(error))
