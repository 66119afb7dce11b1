"""What the desk asks of the core, and what each of its threads has open.

Whoever opens a :class:`ReviewSource` uses it in one thread and closes it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.evidence import DuplicateGroup, Evidence
from photofind.core.library import Library
from photofind.core.records import ContentId
from photofind.gui.review.overview import Overview
from photofind.gui.review.threshold import Step


class ReviewSource(Protocol):
    """The groups of one library."""

    def steps(self) -> Sequence[Step]:
        """Return the thresholds to choose from, the strictest first."""

    def usual_threshold(self) -> float:
        """Return the threshold for who has not chosen one."""

    def was_searched(self) -> bool:
        """Tell whether anybody has looked for duplicates yet."""

    def count_waiting(self) -> int:
        """Return how many photos a search for duplicates has not seen yet."""

    def overview(self, threshold: float) -> Overview:
        """Return all groups at a threshold, without those that were dismissed."""

    def group(self, overview: Overview, number: int) -> DuplicateGroup:
        """Return a group with its members in full."""

    def evidence_of(self, first: ContentId, others: Iterable[ContentId]) -> Mapping[ContentId, Evidence]:
        """Return what is known of other contents as copies of a first one; those not compared with it are left out."""

    def close(self) -> None:
        """Let go of what is open."""


class LibrarySource:
    """The groups that were found in a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._reader = library.duplicates()
        self._had_pairs = self._reader.was_searched()

    def steps(self) -> Sequence[Step]:
        """Return the thresholds to choose from, the strictest first."""
        return self._reader.calibration().steps

    def usual_threshold(self) -> float:
        """Return the threshold for who has not chosen one."""
        return self._reader.calibration().usual.threshold

    def was_searched(self) -> bool:
        """Tell whether anybody has looked for duplicates yet."""
        return self._reader.was_searched()

    def count_waiting(self) -> int:
        """Return how many photos a search for duplicates has not seen yet."""
        return self._reader.count_waiting()

    def overview(self, threshold: float) -> Overview:
        """Return all groups at a threshold, without those that were dismissed."""
        self._look_again()
        table = self._reader.groups_to_review(threshold)
        sizes, days = self._reader.sizes_and_days(table)
        return Overview(table, table.kinds, table.starts, table.photos, sizes, days.astype(np.int32))

    def group(self, overview: Overview, number: int) -> DuplicateGroup:
        """Return a group with its members in full."""
        self._look_again()
        return self._reader.group(overview.table, number)

    def evidence_of(self, first: ContentId, others: Iterable[ContentId]) -> Mapping[ContentId, Evidence]:
        """Return what is known of other contents as copies of a first one; those not compared with it are left out."""
        return self._reader.evidence_of(first, others)

    def close(self) -> None:
        """Let go of what is open."""
        self._reader.close()

    def _look_again(self) -> None:
        """Open what was found if it was not there before."""
        if not self._had_pairs and self._reader.was_searched():
            self._reader.close()
            self._reader = self._library.duplicates()
            self._had_pairs = True


OpenSource = Callable[[Library], ReviewSource]


class Shelf:
    """What one thread has open: the source and the decisions, each from when it is first needed."""

    def __init__(self, open_source: OpenSource) -> None:
        self._open_source = open_source
        self._source: ReviewSource | None = None
        self._store: DecisionStore | None = None

    def source(self, library: Library) -> ReviewSource:
        """Return the source of the thread's library."""
        if self._source is None:
            self._source = self._open_source(library)
        return self._source

    def store(self, library: Library) -> DecisionStore:
        """Return the decisions beside the thread's library."""
        if self._store is None:
            self._store = DecisionStore.open(library.folder / DECISIONS_FILE)
        return self._store

    def close(self) -> None:
        """Close what is open; the next job opens it again."""
        source, self._source = self._source, None
        store, self._store = self._store, None
        if source is not None:
            source.close()
        if store is not None:
            store.close()
