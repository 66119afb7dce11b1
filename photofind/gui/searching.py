"""Questions of the window to the library: queries on one thread, small things to know on another, checks on a third.

Queries: the newest wins. Each has a number; one that waits is superseded, and the answer to one that was overtaken
while it ran is dropped, so what arrives always belongs to the query that was asked last. Other questions, such as what
is known of a photo or how many photos a folder has, are all answered, in their order, and keep no query waiting. Checks
compare an answer with every photo; the next query ends the check that runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThread, Signal

from photofind.core.errors import QueryError
from photofind.core.imaging import DecodedPhoto, DecodeLimits
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.pictures import IN_PLACE, GivenUpError, Pictures
from photofind.core.library import Library
from photofind.core.progress import Control
from photofind.core.queries import ExactCheck, Query
from photofind.core.records import Part
from photofind.core.settings import Settings
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, sentence

LOG = logging.getLogger(__name__)
T = TypeVar("T")


class SearchLink(LibraryReader):
    """Asks the library, and brings the answers back to the window's thread."""

    found = Signal(int, object)
    """The number of the newest query and its :class:`SearchResult`."""

    failed = Signal(int, str)
    """The number of the newest query, and a sentence for the user."""

    ask_failed = Signal(str)
    """A question of :meth:`ask` has no answer: a sentence for the user."""

    def __init__(
        self, library: Path, settings: Settings, parent: QObject | None = None, *, pictures: Pictures = IN_PLACE
    ) -> None:
        super().__init__(parent)
        self._newest = 0
        self._control = Control()
        self._pictures = _QueryPictures(pictures)
        self._queries = Mailbox(newest_only=True)
        self._questions = Mailbox(newest_only=False)
        self._checks = Mailbox(newest_only=True)
        self._checking = Control()
        for name, jobs, priority, decoding in (
            ("search", self._queries, QThread.Priority.HighPriority, self._pictures),
            ("desk", self._questions, QThread.Priority.LowPriority, pictures),
            ("check", self._checks, QThread.Priority.LowestPriority, pictures),
        ):
            self._start(ReaderThread(name, library, settings, jobs, pictures=decoding), priority)

    def search(self, query: Query) -> int:
        """Answer ``query`` soon, instead of any before it; return the number that comes with the answer."""
        control = self._begin()
        number = self._newest

        def work(library: Library) -> None:
            self._pictures.control = control
            with suppress(GivenUpError):  # another query comes next
                result = library.search(query)
                self._postbox.post(lambda: self._on_found(number, result))

        self._queries.put(Job(work, lambda error: self._postbox.post(lambda: self._on_failed(number, error))))
        return number

    def cancel(self) -> None:
        """Answer no query that was asked before."""
        self._begin()
        self._queries.clear()

    def check(self, query: Query, found: Collection[int], receiver: Callable[[ExactCheck | None], object]) -> None:
        """Compare with every photo what a query has found, instead of any check before it.

        ``receiver`` is called in the window's thread, with None when the check could not be made; after the next query
        or :meth:`cancel_check` it is not called any more.
        """
        self.cancel_check()
        control = self._checking = Control()

        def answer(check: ExactCheck | None) -> None:
            if not control.stopping:
                _call(receiver, check)

        def work(library: Library) -> None:
            check = library.check_exactly(query, found, control)
            self._postbox.post(lambda: answer(check))

        def fail(error: Exception) -> None:
            LOG.info("the answer is not checked: %s", error)  # nobody asked for it
            self._postbox.post(lambda: answer(None))

        self._checks.put(Job(work, fail))

    def cancel_check(self) -> None:
        """End the check that runs or waits."""
        self._checking.stop()
        self._checks.clear()

    def stop(self) -> None:
        """Ask the threads to end, without waiting; no signal comes any more."""
        self._begin()
        super().stop()

    def warm(self) -> None:
        """Open the index, if nothing else is to be done, so that the first query need not wait for it."""
        self._queries.put(
            Job(_warm, lambda error: LOG.info("the index is not warm: %s", error)), only_if_idle=True
        )  # what is wrong, the first query will say

    def ask(
        self,
        function: Callable[[Library], T],
        receiver: Callable[[T], object],
        *,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Call ``function`` with a library in a thread, then ``receiver`` with what it returned in the window's thread.

        When it raises, ``failed`` is called with a sentence for the user, or :attr:`ask_failed` emitted. An answer to a
        method of a widget that is gone by then is dropped. What the function returns must not need the library any
        more: lists, no iterators.
        """

        def work(library: Library) -> None:
            answer = function(library)
            self._postbox.post(lambda: _call(receiver, answer))

        def fail(error: Exception) -> None:
            self._postbox.post(lambda: _call(failed or self.ask_failed.emit, sentence(error)))

        self._questions.put(Job(work, fail))

    def _begin(self) -> Control:
        """Give up what was asked before; return what stops the query that comes next."""
        self.cancel_check()
        self._newest += 1
        self._control.stop()
        self._control = Control()
        return self._control

    def _on_found(self, number: int, result: object) -> None:
        if number == self._newest:
            self.found.emit(number, result)

    def _on_failed(self, number: int, error: Exception) -> None:
        if number == self._newest:
            self.failed.emit(number, sentence(error))


class _QueryPictures:
    """Decodes what a query shows, as long as it is wanted: a file that hangs must not keep the next query waiting."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.control = Control()

    def decode(
        self,
        path: str,
        *,
        limits: DecodeLimits,
        working_area: int,
        part: Part | None = None,
        control: Control | None = None,
    ) -> DecodedPhoto:
        """Decode a photo or a part of it for the present query."""
        return self._pictures.decode(
            path, limits=limits, working_area=working_area, part=part, control=control or self.control
        )

    def header(self, path: str, *, limits: DecodeLimits, control: Control | None = None) -> Header:
        """Return what a file says, for the present query."""
        return self._pictures.header(path, limits=limits, control=control or self.control)


def _warm(library: Library) -> None:
    """Search for some photo: that opens the index and touches what a query reads."""
    for photo_id in library.list_photos(limit=1).photo_ids.tolist():
        with suppress(QueryError):  # it may have no vector yet
            library.search(Query(photo_ids=(photo_id,), limit=1))


def _call(receiver: Callable[[T], object], answer: T) -> None:
    owner = getattr(receiver, "__self__", None)
    if not isinstance(owner, QObject) or shiboken6.isValid(owner):
        receiver(answer)
