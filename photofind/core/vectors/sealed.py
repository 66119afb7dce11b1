"""The inverted lists of a snapshot, one by one, for work that goes through all of them.

A search asks a few lists for the best of one query. A join asks every list for all that is close to thousands of
queries, and is faster when it unpacks a list once and compares it with all who probe it by one matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.records import Segment
from photofind.core.vectors.files import MappedFile
from photofind.core.vectors.segments import MappedSegment

_TRIM_AFTER = 192 << 20  # mapped pages count as this process's memory; they stay in the system's file cache


class SealedLists:
    """Reads what the inverted lists of some segments hold; ``trained`` is the epoch's empty index.

    Use it from one thread at a time, as the snapshot that it comes from.
    """

    def __init__(self, trained: MappedFile, segments: Sequence[tuple[Segment, MappedSegment]]) -> None:
        self._trained: Any = trained.content
        self._segments = segments
        self._centroids: npt.NDArray[np.float32] = self._trained.quantizer.reconstruct_n(0, self._trained.nlist)
        self._read = 0

    @property
    def nlist(self) -> int:
        """Number of inverted lists."""
        return int(self._trained.nlist)

    def probe(self, queries: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
        """Return the nearest lists of each query, best first, shape (n, count); -1 for a query that is no number."""
        lists: npt.NDArray[np.int64] = self._trained.quantizer.search(queries, min(count, self.nlist))[1]
        return lists

    def homes(self, count: int) -> npt.NDArray[np.int32]:
        """Return the list that each vid below ``count`` lies in, -1 for those in none, shape (count,)."""
        homes = np.full(count, -1, np.int32)
        for _, lists in self._segments:
            for number in range(self.nlist):
                homes[lists.ids(number)] = number
            lists.trim()
        return homes

    def read(self, number: int, end: int, size: int) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
        """Yield (vids, embeddings) of a list's vectors with vids below ``end``, dead ones too, ``size`` at a time.

        The embeddings, shape (n, dimension), are what 8 bits a component tell of them. The vids of a segment come
        before those of the next.
        """
        parts = [lists for segment, lists in self._segments if segment.first_vid < end]
        vids = np.concatenate([np.empty(0, np.int64), *(lists.ids(number) for lists in parts)])
        codes = np.empty((0, self._trained.code_size), np.uint8)
        codes = np.concatenate([codes, *(lists.codes(number) for lists in parts)])
        self._note_read(codes.nbytes)
        if not (early := vids < end).all():
            vids, codes = vids[early], codes[early]
        for start in range(0, len(vids), size):
            vectors: npt.NDArray[np.float32] = self._trained.sq.decode(codes[start : start + size])
            vectors += self._centroids[number]  # the codes tell what is left of them beside the centroid
            yield vids[start : start + size], vectors

    def _note_read(self, count: int) -> None:
        self._read += count
        if self._read > _TRIM_AFTER:
            self._read = 0
            for _, lists in self._segments:
                lists.trim()
