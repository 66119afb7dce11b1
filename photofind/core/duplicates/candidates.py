"""The best few candidates of each of many queries, collected as they come, in bounded memory."""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt

_MOST_WAITING = 2 << 20
_STEP = 1 / 1024
"""Scores are told apart by so much: of pictures that look all the same the earliest stay, not whom rounding favours."""

_Columns = tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""(numbers of queries, vids, scores), each of shape (n,)."""


class Candidates:
    """Keeps at most ``keep`` candidates per query, those of the highest scores and among equals those that came first.

    Several threads may add to it.

    Attributes
    ----------
    bars
        Shape (queries,): a candidate of a query counts only if its score is above. They rise as candidates come.
    """

    def __init__(self, queries: int, *, floor: float, keep: int) -> None:
        self.bars = np.full(queries, floor, np.float32)
        self._keep = keep
        self._limit = _MOST_WAITING + keep * queries
        self._parts: list[_Columns] = []
        self._waiting = 0
        self._lock = Lock()

    def add(self, query: npt.NDArray[np.int64], vid: npt.NDArray[np.int64], score: npt.NDArray[np.float32]) -> None:
        """Take candidates, shapes (n,)."""
        with self._lock:
            self._parts.append((query.astype(np.int32), vid, score))
            self._waiting += len(query)
            if self._waiting > self._limit:
                self._condense()

    def kept(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return (numbers of queries, vids) of all that is kept."""
        query, vid, _ = self._condense()
        return query, vid

    def _condense(self) -> _Columns:
        query = np.concatenate([np.empty(0, np.int32), *(part[0] for part in self._parts)])
        vid = np.concatenate([np.empty(0, np.int64), *(part[1] for part in self._parts)])
        score = np.concatenate([np.empty(0, np.float32), *(part[2] for part in self._parts)])
        order, ranks = _ranked(query, score)
        last = order[ranks == self._keep - 1]  # of queries that have all they may have
        self.bars[query[last]] = _coarse(score[last]) * _STEP + _STEP / 2
        kept = order[ranks < self._keep]
        self._parts = [(query[kept], vid[kept], score[kept])]
        self._waiting = len(kept)
        return self._parts[0]


def best_of_each(
    query: npt.NDArray[np.int32], vid: npt.NDArray[np.int64], score: npt.NDArray[np.float32], count: int
) -> npt.NDArray[np.int64]:
    """Return the places, query by query, of the ``count`` best candidates of each, of equals those of lower vids."""
    order, ranks = _ranked(query, score, vid)
    return order[ranks < count]


def _ranked(
    query: npt.NDArray[np.int32], score: npt.NDArray[np.float32], *ties: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the order by query and falling score, and each one's rank among its query's; the sort is stable."""
    keys: list[npt.NDArray[np.integer]] = [*ties, -_coarse(score), query]
    order = np.lexsort(keys)
    sizes = np.bincount(query)
    begins = np.cumsum(sizes) - sizes
    return order, np.arange(len(order)) - begins[query[order]]


def _coarse(score: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    coarse: npt.NDArray[np.int32] = np.rint(score / _STEP).astype(np.int32)
    return coarse
