"""What the user has decided so far: a mark for each member, the state of each group, and what would be removed.

Marks are bytes beside the members of an :class:`~photofind.gui.review.overview.Overview`. A photo that is in two groups
has the same mark in both. All of it takes a few milliseconds for a million members, so it is simply counted anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from photofind.gui.review.overview import Codes, Ints, Overview

UNMARKED: Final = 0
KEEP: Final = 1
REMOVE: Final = 2
SKIP: Final = 3

UNDECIDED: Final = 0
DECIDED: Final = 1
SKIPPED: Final = 2
DISMISSED: Final = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """What was decided: groups, and the photos and bytes that would be removed."""

    groups: int
    photos: int
    bytes: int


class MarkBook:
    """The marks of all members, and what follows from them; made in the desk's thread, then the window's."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._codes: Codes = np.zeros(len(overview.photos), np.uint8)
        self._order = np.argsort(overview.photos, kind="stable")
        self._sorted = overview.photos[self._order]
        self._dismissed = np.zeros(len(overview), np.bool_)
        self._states: Codes | None = None

    def set(self, photo_ids: Ints | Sequence[int], codes: Codes | Sequence[int] | int) -> None:
        """Mark photos; those that are in no group are passed over. ``codes`` is one for all, or one for each."""
        ids = np.asarray(photo_ids, np.int64)
        marks = np.broadcast_to(np.asarray(codes, np.uint8), ids.shape)
        first = np.searchsorted(self._sorted, ids, side="left")
        last = np.searchsorted(self._sorted, ids, side="right")
        times = last - first
        # Where each photo lies among the members, however often: its first place and those that follow.
        firsts = np.repeat(first, times)
        within = np.arange(len(firsts)) - np.repeat(np.cumsum(times) - times, times)
        self._codes[self._order[firsts + within]] = np.repeat(marks, times)
        self._states = None

    def replace(self, photo_ids: Ints, codes: Codes) -> None:
        """Forget all marks and set these."""
        self._codes[:] = UNMARKED
        self.set(photo_ids, codes)

    def dismiss(self, group: int, *, on: bool) -> None:
        """Take a group out as being no duplicates, or bring it back."""
        self._dismissed[group] = on
        self._states = None

    def of(self, group: int) -> Codes:
        """Return the marks of a group's members, in their order."""
        starts = self._overview.starts
        return self._codes[starts[group] : starts[group + 1]]

    def states(self) -> Codes:
        """Return the state of each group, shape (n,), dtype uint8.

        A group is decided when one of its photos is to be removed, or when all are to be kept. It was skipped when
        one of them was, and nothing else decided it.
        """
        if self._states is None:
            self._states = self._made_states()
        return self._states

    def _made_states(self) -> Codes:
        states = np.zeros(len(self._overview), np.uint8)
        if len(states):
            firsts = self._overview.starts[:-1]
            skipped = np.bitwise_or.reduceat(self._codes == SKIP, firsts)
            removing = np.bitwise_or.reduceat(self._codes == REMOVE, firsts)
            keeping = np.bitwise_and.reduceat(self._codes == KEEP, firsts)
            states[skipped] = SKIPPED
            states[removing | keeping] = DECIDED
            states[self._dismissed] = DISMISSED
        return states

    def progress(self) -> Progress:
        """Return what was decided in all; a photo that is in two groups counts once."""
        groups = int(np.count_nonzero(self.states() == DECIDED))
        is_removed = self._codes[self._order] == REMOVE
        ids = self._sorted[is_removed]
        once = np.ones(len(ids), np.bool_)
        once[1:] = ids[1:] != ids[:-1]
        sizes = self._overview.sizes[self._order][is_removed][once]
        return Progress(groups, int(once.sum()), int(sizes.sum()))

    def removed_groups(self) -> Ints:
        """Return the groups with something to remove that were not dismissed, shape (k,)."""
        if not len(self._overview):
            return np.empty(0, np.int64)
        removing = np.bitwise_or.reduceat(self._codes == REMOVE, self._overview.starts[:-1])
        return np.flatnonzero(removing & ~self._dismissed).astype(np.int64)
