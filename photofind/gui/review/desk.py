"""What the review asks of the library and stores for the user, in threads of its own; the window never waits.

::

    list_groups ──newest──▶ review-list  ──▶ listed: all groups in numbers, with the marks that are stored
    show_group  ──newest──▶ review-group ──▶ shown: one group in full, with what is suggested
    mark, reject, dismiss, keep_place ──all, in order──▶ review-store ──▶ decisions.db
    apply_suggestions ──▶ review-bulk ──▶ marks in decisions.db, and marked, some hundred groups at a time

What is marked is on the disk some milliseconds later, one transaction each: after a crash the review goes on where it
was. What another window or the command line decides is noticed by :meth:`ReviewDesk.poll`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from photofind.core.catalog.decisions import DecisionStore, Mark, Revision
from photofind.core.duplicates.keeping import Keeper
from photofind.core.evidence import Verdict
from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui.review.bulk import marks_of
from photofind.gui.review.desk_work import (
    MARKS,
    PLACE_KEY,
    Choice,
    MarkKey,
    Place,
    ShownGroup,
    changed_since_marked,
    choice_of,
    read_listing,
    stored_marks,
)
from photofind.gui.review.marks import REMOVE, UNMARKED
from photofind.gui.review.overview import Ints, Overview
from photofind.gui.review.source import OpenSource, Shelf
from photofind.gui.review.weighing import Weighed, evidence_between, weigh
from photofind.gui.threads import CLOSE_MS, Job, LibraryReader, Mailbox, ReaderThread, sentence

T = TypeVar("T")
_AT_ONCE: Final = 200
"""Groups of which suggestions are stored in one transaction."""


class _Revisions:
    """Tells what others changed from what this window did: the store's counters, less our own changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._expected: Revision | None = None

    def wrote(self, *, groups: int = 0, marks: int = 0) -> None:
        with self._lock:
            known = self._expected
            if known is not None:
                self._expected = Revision(known.groups + groups, known.marks + marks, known.labels)

    def news(self, actual: Revision) -> tuple[bool, bool]:
        """Return whether groups and marks were changed by others since the last call.

        A change of our own that is not counted yet looks like one of theirs, which costs a look and nothing else.
        """
        with self._lock:
            known, self._expected = self._expected, actual
        return (known is not None and known.groups != actual.groups, known is not None and known.marks != actual.marks)


class _Unstored:
    """Counts decisions that are not on the disk yet."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    def add(self, number: int) -> None:
        with self._changed:
            self._count += number
            self._changed.notify_all()

    def wait_for_none(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count <= 0, seconds)


class ReviewDesk(LibraryReader):
    """Answers the review's questions and stores its decisions; see the module for its threads.

    ``settings`` returns the engine's settings as they hold now, in any thread.
    """

    listed = Signal(object)
    """The :class:`ListedGroups` that were asked for last."""

    list_failed = Signal(str)
    """The groups cannot be listed: a sentence."""

    shown = Signal(object)
    """The :class:`ShownGroup` that was asked for last."""

    show_failed = Signal(str)
    """The group that was asked for last cannot be shown: a sentence."""

    marked = Signal(object, object)
    """Photo ids and their marks, shape (n,) each: suggestions were applied."""

    marks_read = Signal(int, object, object)
    """The number of marks made here before the marks were read, and all marks: photo ids and codes."""

    applying = Signal(int, int)
    """Suggestions were applied to so many groups of so many."""

    applied = Signal(int)
    """Applying suggestions has ended; in so many groups something is to be removed."""

    changed_elsewhere = Signal(bool, bool)
    """Somebody else changed what groups are made of, or marks."""

    store_failed = Signal(str)
    """A decision could not be stored: a sentence."""

    def __init__(
        self, library: Path, settings: Callable[[], Settings], open_source: OpenSource, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._asked_list = self._asked_group = self._made = 0
        self._revisions = _Revisions()
        self._unstored = _Unstored()
        self._stop_bulk = threading.Event()
        self._lists, list_shelf = Mailbox(newest_only=True), Shelf(open_source)
        self._groups, group_shelf = Mailbox(newest_only=True), Shelf(open_source)
        self._stores, store_shelf = Mailbox(newest_only=False), Shelf(open_source)
        self._bulks, bulk_shelf = Mailbox(newest_only=False), Shelf(open_source)
        self._list_shelf, self._group_shelf = list_shelf, group_shelf
        self._store_shelf, self._bulk_shelf = store_shelf, bulk_shelf
        for name, jobs, shelf, priority in (
            ("review-list", self._lists, list_shelf, QThread.Priority.LowPriority),
            ("review-group", self._groups, group_shelf, QThread.Priority.NormalPriority),
            ("review-store", self._stores, store_shelf, QThread.Priority.NormalPriority),
            ("review-bulk", self._bulks, bulk_shelf, QThread.Priority.LowPriority),
        ):
            self._start(ReaderThread(name, library, settings(), jobs, shelf.close), priority)

    def stop(self) -> None:
        """Ask the threads to end, without waiting."""
        self._stop_bulk.set()
        super().stop()

    def finish(self, timeout_ms: int = CLOSE_MS) -> bool:
        """Store what is not stored yet, then end the threads; return False when that takes too long."""
        stored = self._unstored.wait_for_none(timeout_ms / 1000)
        return self.close(timeout_ms) and stored

    # Reading

    def list_groups(self, threshold: float | None = None) -> None:
        """List all groups soon; without a threshold, at the one that the user chose last."""
        self._asked_list += 1
        number = self._asked_list

        def work(library: Library) -> None:
            self._revisions.news(self._list_shelf.store(library).revision())  # what comes later is news
            listed = read_listing(self._list_shelf.source(library), self._list_shelf.store(library), library, threshold)
            self._post_if(lambda: number == self._asked_list, lambda: self.listed.emit(listed))

        def fail(error: Exception) -> None:
            words = sentence(error)
            self._post_if(lambda: number == self._asked_list, lambda: self.list_failed.emit(words))

        self._lists.put(Job(work, fail))

    def show_group(self, overview: Overview, number: int) -> None:
        """Read a group soon, instead of any that was asked for before."""
        self._asked_group += 1
        asked = self._asked_group

        def work(library: Library) -> None:
            group = self._group_shelf.source(library).group(overview, number)
            changed = changed_since_marked(group, self._group_shelf.store(library))
            suggestions = weigh(self._group_shelf.source(library), group, Keeper.of(self._settings())).suggestions
            known = evidence_between(self._group_shelf.source(library), group, suggestions)
            shown = ShownGroup(overview, number, group, suggestions, known, changed)
            self._post_if(lambda: asked == self._asked_group, lambda: self.shown.emit(shown))

        def fail(error: Exception) -> None:
            words = sentence(error)
            self._post_if(lambda: asked == self._asked_group, lambda: self.show_failed.emit(words))

        self._groups.put(Job(work, fail))

    def forget_group(self) -> None:
        """Show no group that was asked for before."""
        self._asked_group += 1
        self._groups.clear()

    def read_marks(self) -> None:
        """Read all marks that are stored."""
        made = self._made

        def work(library: Library) -> None:
            ids, codes = stored_marks(library, self._store_shelf.store(library))
            self._post(lambda: self.marks_read.emit(made, ids, codes))

        self._stores.put(Job(work, self._on_store_failed))

    @property
    def marks_made(self) -> int:
        """How often something was marked here."""
        return self._made

    # Storing

    def mark(self, keys: Sequence[MarkKey], codes: Sequence[int]) -> None:
        """Store marks, one for each key; :data:`UNMARKED` takes one away."""
        self._made += 1
        rows = [(content_hash, path, MARKS.get(code)) for (content_hash, path), code in zip(keys, codes, strict=True)]
        self._store(lambda store: store.set_marks(rows), marks=1)

    def reject_pair(self, first: bytes, second: bytes, done: Callable[[], object]) -> None:
        """Remember that two contents are no copies; ``done`` is called when that is stored."""
        self._store(lambda store: store.reject_pair(first, second), lambda _: done(), groups=1)

    def accept_pair(self, first: bytes, second: bytes, done: Callable[[], object]) -> None:
        """Take that back."""
        self._store(lambda store: store.unreject_pair(first, second), lambda _: done(), groups=1)

    def dismiss_group(self, hashes: Sequence[bytes], done: Callable[[int], object]) -> None:
        """Remember that a group is no duplicates; ``done`` gets what :meth:`restore_group` needs."""
        self._store(lambda store: store.dismiss_group(hashes), done, groups=1)

    def restore_group(self, dismissal: int, done: Callable[[], object]) -> None:
        """Take that back."""
        self._store(lambda store: store.undismiss_group(dismissal), lambda _: done(), groups=1)

    def keep_place(self, place: Place) -> None:
        """Remember where the review is."""
        words = {"kind": place.kind, "order": place.order, "path": place.path, "threshold": place.threshold}
        self._store(lambda store: store.set_state(PLACE_KEY, json.dumps(words)), lambda _: None)

    def poll(self) -> None:
        """Look whether somebody else decided something; :attr:`changed_elsewhere` tells."""

        def work(library: Library) -> None:
            groups, marks = self._revisions.news(self._store_shelf.store(library).revision())
            if groups or marks:
                self._post(lambda: self.changed_elsewhere.emit(groups, marks))

        self._stores.put(Job(work, lambda _error: None), only_if_idle=True)  # the next decision says what is wrong

    def _store(
        self,
        change: Callable[[DecisionStore], T],
        done: Callable[[T], object] = lambda _: None,
        *,
        groups: int = 0,
        marks: int = 0,
    ) -> None:
        def work(library: Library) -> None:
            answer = change(self._store_shelf.store(library))
            self._revisions.wrote(groups=groups, marks=marks)
            self._unstored.add(-1)
            self._post(lambda: done(answer))

        def fail(error: Exception) -> None:
            self._unstored.add(-1)
            self._on_store_failed(error)

        self._unstored.add(1)
        self._stores.put(Job(work, fail))

    def _on_store_failed(self, error: Exception) -> None:
        words = sentence(error)
        self._post(lambda: self.store_failed.emit(words))

    # Suggestions for many

    def apply_suggestions(self, overview: Overview, groups: Ints, verdicts: Collection[Verdict]) -> None:
        """Mark what is suggested in these groups, as far as it is of one of the verdicts."""
        self._stop_bulk.clear()
        keeper = Keeper.of(self._settings())

        def work(library: Library) -> None:
            source, store = self._bulk_shelf.source(library), self._bulk_shelf.store(library)
            changed = 0
            for first in range(0, len(groups), _AT_ONCE):
                if self._stop_bulk.is_set():
                    break
                numbers = groups[first : first + _AT_ONCE].tolist()
                some = [weigh(source, source.group(overview, number), keeper) for number in numbers]
                changed += self._apply(store, some, verdicts)
                self._post(partial(self.applying.emit, first + len(some), len(groups)))
            self._post(lambda: self.applied.emit(changed))

        def fail(error: Exception) -> None:
            self._on_store_failed(error)
            self._post(lambda: self.applied.emit(0))

        self._bulks.put(Job(work, fail))

    def stop_applying(self) -> None:
        """Apply no more suggestions; what is marked stays marked."""
        self._stop_bulk.set()

    def collect(self, overview: Overview, groups: Ints, receive: Callable[[list[Choice]], object]) -> None:
        """Read groups in full with what the user wants of their photos, for a plan."""
        keeper = Keeper.of(self._settings())

        def work(library: Library) -> None:
            source, store = self._bulk_shelf.source(library), self._bulk_shelf.store(library)
            found = (weigh(source, source.group(overview, number), keeper) for number in groups.tolist())
            chosen = [choice_of(weighed, store) for weighed in found]
            self._post(lambda: receive(chosen))

        # What was marked just now has to be stored first.
        job = Job(work, self._on_store_failed)
        self._stores.put(Job(lambda _library: self._bulks.put(job), job.fail))

    def _apply(self, store: DecisionStore, groups: Sequence[Weighed], verdicts: Collection[Verdict]) -> int:
        """Store the marks of some groups and tell of them; return in how many something is to be removed."""
        rows: list[tuple[bytes, str, Mark | None]] = []
        ids: list[int] = []
        codes: list[int] = []
        changed = 0
        for weighed in groups:
            marks = marks_of(weighed.group, weighed.suggestions, verdicts)
            changed += bool(np.any(marks == REMOVE))
            for member, code in zip(weighed.group.members, marks.tolist(), strict=True):
                if code != UNMARKED:
                    rows.append((member.content_hash, member.path, MARKS[code]))
                    ids.append(int(member.photo_id))
                    codes.append(code)
        if rows:
            store.set_marks(rows)
            self._revisions.wrote(marks=1)
            arrays = np.array(ids, np.int64), np.array(codes, np.uint8)
            self._post(lambda: self.marked.emit(*arrays))
        return changed

    def _post(self, call: Callable[[], object]) -> None:
        """Let a call be made in the window's thread."""

        def run() -> None:
            call()

        self._postbox.post(run)

    def _post_if(self, is_wanted: Callable[[], bool], call: Callable[[], object]) -> None:
        """Let a call be made in the window's thread if it is still wanted then."""

        def run() -> None:
            if is_wanted():
                call()

        self._postbox.post(run)
