"""The join of perceptual hashes: all pairs that differ in few bits, in any of the eight orientations.

::

    hashes ──▶ queries, turned in eight ways ──┐
                                               ├─three bytes alike─▶ candidates ──bits that differ──▶ pairs
               those before, as they are ──────┘

Multi-index hashing (Norouzi, Punjani, Fleet: Fast search in Hamming space, 2012): two hashes that differ in few bits
are alike in some of their parts. A part here is three bytes; each table of :data:`TABLES` looks at another three. The
first ten have no byte in common, so what differs in fewer bits than ten is found for certain. The others catch most of
the rest: bits that an edit turns are not spread evenly, but sit in frequencies that the picture hardly has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.hashing import Hashes, differing_bits, is_plain, turned

TABLES = (
    *((byte, byte + 1, byte + 2) for byte in range(0, 30, 3)),
    *((byte, byte + 8, byte + 16) for byte in range(8)),
    *((byte, byte + 5, byte + 10) for byte in range(5)),
    *((byte, byte + 4, byte + 8) for byte in range(4)),
    *((byte, byte + 3, byte + 6) for byte in range(3)),
)
"""The bytes of each part; lower ones hold lower frequencies, which survive crops better."""

CERTAIN = 9
"""Pairs that differ in so many bits at most are found, unless :data:`MOST_ALIKE` others stand in the way."""

MOST_ALIKE = 64
"""Of hashes that share a part, later ones are compared with so many of the first."""

MOST_EQUAL = 16
"""Of equal hashes so many are compared with others; each that comes later is paired with the first of them only."""

MOST_PARTNERS = 64
"""A hash is paired with at most so many before it, those that differ least."""

_SLAB = 131_072
_KEYS = 1 << 24
_COMPARED_AT_ONCE = 1 << 19
_MOST_WAITING = 4 << 20
_ORIENTATIONS = 8
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)

HashPairs = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""(first rows, second rows, distances, orientations), each of shape (n,)."""

Check = Callable[[], None]


def join_hashes(hashes: Hashes, *, since: int, distance: int, check: Check) -> Iterator[HashPairs]:
    """Yield pairs of rows, ``first < second`` and ``second >= since``, whose hashes differ in few bits.

    Each pair comes once, with the number of bits that differ, at most ``distance``, and the orientation, by EXIF's
    numbers, in which the second has to be turned to look like the first. A block ends where a slab of second rows does.

    Not every pair comes. Hashes of plain pictures are left out. For the rest see :data:`CERTAIN`, :data:`MOST_EQUAL`,
    :data:`MOST_ALIKE` and :data:`MOST_PARTNERS`: of a thousand nearly equal ones each is paired with some of the first,
    so that they hang together, and time and memory stay bounded, about 400 MB for a million.

    Parameters
    ----------
    hashes
        Shape (n, HASH_BYTES).
    check
        Called several times a second; may raise to stop.
    """
    first, rank = _equals(hashes)
    known = ~is_plain(hashes)
    more = np.flatnonzero(known & (rank >= MOST_EQUAL))
    more = more[more >= since]
    yield first[more], more, np.zeros(len(more), np.int64), np.ones(len(more), np.int64)
    own = np.flatnonzero(known & (rank < MOST_EQUAL))
    columns = np.ascontiguousarray(hashes[own].T)
    for start in range(int(np.searchsorted(own, since)), len(own), _SLAB):
        end = min(start + _SLAB, len(own))
        earlier, second, bits, orientation = _join_slab(columns[:, :end], start, distance, check)
        yield own[earlier], own[second], bits, orientation


def _equals(hashes: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first row with the same hash, and how many have it before, for each row; shapes (n,)."""
    words = np.ascontiguousarray(hashes).view(np.uint64)
    mixed = (words * _ODD).sum(axis=1, dtype=np.uint64)
    order = np.argsort(mixed, kind="stable")
    fresh = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    begins = np.concatenate([[0], np.flatnonzero(fresh) + 1]) if len(order) else np.empty(0, np.int64)
    sizes = np.diff(begins, append=len(order))
    first, rank = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    first[order] = np.repeat(order[begins], sizes)
    rank[order] = np.arange(len(order)) - np.repeat(begins, sizes)
    return first, rank


def _join_slab(columns: Hashes, start: int, distance: int, check: Check) -> HashPairs:
    """Compare the hashes from ``start`` on with those before them; ``columns`` has the shape (HASH_BYTES, n)."""
    hashes = np.ascontiguousarray(columns.T)
    count = len(hashes) - start
    queries = np.concatenate([turned(hashes[start:], number) for number in range(1, _ORIENTATIONS + 1)])
    found = _Found()
    for table in TABLES:
        check()
        wanted = _keys(np.ascontiguousarray(queries[:, table].T))
        for entry, earlier in _alike(wanted, _keys(columns[list(table)])):
            check()
            second = start + entry % count
            before = np.flatnonzero(earlier < second)
            bits = differing_bits(queries[entry[before]], hashes[earlier[before]])
            close = before[bits <= distance]
            found.add(earlier[close], second[close], bits[bits <= distance], entry[close] // count + 1)
    return found.pairs()


def _keys(three: Hashes) -> npt.NDArray[np.int32]:
    """Return three bytes as one number; shape (n,) for (3, n)."""
    high, middle, low = three.astype(np.int32)
    keys: npt.NDArray[np.int32] = high << 16 | middle << 8 | low
    return keys


def _alike(
    wanted: npt.NDArray[np.int32], offered: npt.NDArray[np.int32]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Yield places of equal keys, (wanted, offered), of each wanted one the first :data:`MOST_ALIKE`, in batches."""
    places = _among(offered, wanted)  # few, when some new hashes are joined with a large library
    places = places[np.argsort(offered[places], kind="stable")]
    keys = offered[places]
    entries = _among(wanted, keys)
    entries = entries[np.argsort(wanted[entries])]
    begins = np.searchsorted(keys, wanted[entries], side="left")
    counts = np.searchsorted(keys, wanted[entries], side="right") - begins
    counts = np.minimum(counts, MOST_ALIKE)
    ends = np.cumsum(counts)
    done = 0
    while done < len(entries):
        before = ends[done - 1] if done else 0
        upto = int(np.searchsorted(ends, before + _COMPARED_AT_ONCE, side="right"))
        here = slice(done, max(upto, done + 1))
        many = counts[here]
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        yield np.repeat(entries[here], many), places[np.repeat(begins[here], many) + offsets]
        done = here.stop


def _among(keys: npt.NDArray[np.int32], others: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the places of keys that are among others, ascending."""
    marked = np.zeros(_KEYS, np.bool_)
    marked[others] = True
    return np.flatnonzero(marked[keys])


class _Found:
    """Pairs as they are found, some of them several times; the best few of each second one stay."""

    def __init__(self) -> None:
        self._columns: list[npt.NDArray[np.int64]] = []
        self._parts: list[HashPairs] = []
        self._waiting = 0

    def add(self, *pairs: npt.NDArray[np.int64]) -> None:
        earlier, second, bits, orientation = pairs
        self._parts.append((earlier, second, bits, orientation))
        self._waiting += len(earlier)
        if self._waiting > _MOST_WAITING:
            self.pairs()

    def pairs(self) -> HashPairs:
        """Return each pair once, ordered by the second, the closest first."""
        empty = np.empty(0, np.int64)
        earlier, second, bits, orientation = (
            np.concatenate([empty, *(part[column] for part in self._parts)]) for column in range(4)
        )
        order = np.lexsort((orientation, bits, earlier, second))
        fresh = (np.diff(earlier[order], prepend=-1) != 0) | (np.diff(second[order], prepend=-1) != 0)
        order = order[fresh]
        order = order[np.lexsort((earlier[order], bits[order], second[order]))]
        sizes = np.unique(second[order], return_counts=True)[1]
        ranks = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        order = order[ranks < MOST_PARTNERS]
        self._parts = [(earlier[order], second[order], bits[order], orientation[order])]
        self._waiting = len(order)
        return self._parts[0]
