"""What the user has decided so far: a mark for each member, the state of each group, and what would be removed.

Marks are bytes beside the members of an :class:`~photofind.gui.review.overview.Overview`. A photo that is in two groups
has the same mark in both. The sums take a few milliseconds for a million members, so they are simply made anew.
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

_FEW: Final = 1000


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
        self._group_of = overview.group_of_members()
        self._counts = np.zeros(len(overview.photos), np.bool_)
        if len(self._order):  # a photo that is in two groups counts where it comes first
            is_first = np.ones(len(self._order), np.bool_)
            is_first[1:] = self._sorted[1:] != self._sorted[:-1]
            self._counts[self._order[is_first]] = True
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
        places = self._order[firsts + within]
        self._codes[places] = np.repeat(marks, times)
        self._renew(self._group_of[places])

    def replace(self, photo_ids: Ints, codes: Codes) -> None:
        """Forget all marks and set these."""
        self._codes[:] = UNMARKED
        self.set(photo_ids, codes)

    def dismiss(self, group: int, *, on: bool) -> None:
        """Take a group out as being no duplicates, or bring it back."""
        self._dismissed[group] = on
        self._renew(np.array([group], np.int64))

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

    def _renew(self, groups: Ints) -> None:
        """Work out the states of some groups anew, or, when they are many, all of them when they are asked for."""
        if self._states is None or len(groups) > _FEW:
            self._states = None
            return
        for group in np.unique(groups).tolist():
            codes = self.of(group)
            decided = bool(np.any(codes == REMOVE) or np.all(codes == KEEP))
            state = DECIDED if decided else SKIPPED if np.any(codes == SKIP) else UNDECIDED
            self._states[group] = DISMISSED if self._dismissed[group] else state

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
        removed = np.flatnonzero((self._codes == REMOVE) & self._counts)
        return Progress(groups, len(removed), int(self._overview.sizes[removed].sum()))

    def removed_groups(self) -> Ints:
        """Return the groups with something to remove that were not dismissed, shape (k,)."""
        if not len(self._overview):
            return np.empty(0, np.int64)
        removing = np.bitwise_or.reduceat(self._codes == REMOVE, self._overview.starts[:-1])
        return np.flatnonzero(removing & ~self._dismissed).astype(np.int64)
