"""All groups in numbers: what the list of groups shows, sorts and counts, as arrays and without an object per group.

An :class:`Overview` is made in the desk's thread from what the core found, and never changes; what the user decides is
kept beside it, in :mod:`marks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from photofind.core.evidence import GroupKind

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]

KINDS: Final = tuple(GroupKind)
"""The kinds by their code in :attr:`Overview.kinds`."""


class GroupOrder(StrEnum):
    """What comes first in the list."""

    BYTES = "bytes"
    MEMBERS = "members"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Groups 0 … n; the members of group g are ``starts[g]`` to ``starts[g + 1]`` (excluded), its reference first.

    Parameters
    ----------
    table:
        What the core calls these groups, to ask it for one of them.
    kinds:
        Places in :data:`KINDS`, shape (n,), dtype uint8.
    starts:
        Shape (n + 1,), dtype int64.
    photos:
        Photo ids, shape (m,), dtype int64.
    sizes:
        Bytes of the members' files, shape (m,), dtype int64.
    days:
        Days since 1970-01-01 of the members' pictures, shape (m,), dtype int32.
    """

    table: Any
    kinds: Codes
    starts: Ints
    photos: Ints
    sizes: Ints
    days: npt.NDArray[np.int32]
    _known: dict[object, Ints] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.kinds)

    def members(self, group: int) -> Ints:
        """Return the photo ids of a group, the reference first."""
        return self.photos[self.starts[group] : self.starts[group + 1]]

    def members_of(self, kind: GroupKind) -> Ints:
        """Return the photo ids of all groups of a kind, shape (k,)."""
        members: Ints = self.photos[np.repeat(self.kinds == KINDS.index(kind), self.counts())]
        return members

    def counts(self) -> Ints:
        """Return the number of members of each group, shape (n,)."""
        return np.diff(self.starts)

    def freeable(self) -> Ints:
        """Return the bytes that are free when the largest file of each group stays alone, shape (n,)."""
        if not len(self):
            return np.empty(0, np.int64)
        known = self._known.get("freeable")
        if known is None:
            firsts = self.starts[:-1]
            known = np.add.reduceat(self.sizes, firsts) - np.maximum.reduceat(self.sizes, firsts)
            self._known["freeable"] = known
        return known

    def newest(self) -> npt.NDArray[np.int32]:
        """Return the day of the newest picture of each group, shape (n,)."""
        if not len(self):
            return np.empty(0, np.int32)
        days: npt.NDArray[np.int32] = np.maximum.reduceat(self.days, self.starts[:-1])
        return days

    def group_of_members(self) -> Ints:
        """Return the group that each member is in, shape (m,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.counts())

    def count_of(self, kind: GroupKind) -> int:
        """Return how many groups are of a kind."""
        return int(np.count_nonzero(self.kinds == KINDS.index(kind)))

    def prepare(self) -> None:
        """Work out all orders, so that nobody waits for one; 300,000 groups take half a second."""
        for kind in GroupKind:
            for order in GroupOrder:
                self.ordered(kind, order)

    def ordered(self, kind: GroupKind, order: GroupOrder) -> Ints:
        """Return the groups of a kind in an order, shape (k,); equal ones by their reference."""
        known = self._known.get((kind, order))
        if known is None:
            known = self._known[kind, order] = self._sorted(kind, order)
        return known

    def _sorted(self, kind: GroupKind, order: GroupOrder) -> Ints:
        groups = np.flatnonzero(self.kinds == KINDS.index(kind)).astype(np.int64)
        weights = self._weights(order)[groups]
        references = self.photos[self.starts[groups]]
        return groups[np.lexsort((references, -weights))]

    def _weights(self, order: GroupOrder) -> Ints:
        if order is GroupOrder.BYTES:
            return self.freeable()
        return self.counts() if order is GroupOrder.MEMBERS else self.newest().astype(np.int64)

    def group_with(self, photo_id: int, kind: GroupKind | None = None) -> int:
        """Return a group that a photo is in, of a kind if one is named; -1 when there is none."""
        places = np.flatnonzero(self.photos == photo_id)
        groups = np.searchsorted(self.starts, places, side="right") - 1
        if kind is not None:
            groups = groups[self.kinds[groups] == KINDS.index(kind)]
        return int(groups[0]) if len(groups) else -1


def empty_overview() -> Overview:
    """Return the overview of no groups."""
    none = np.empty(0, np.int64)
    return Overview(None, np.empty(0, np.uint8), np.zeros(1, np.int64), none, none, np.empty(0, np.int32))
