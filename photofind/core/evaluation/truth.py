"""The exact neighbours of photos of a library, several photos at once, from the stored embeddings in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.errors import LibraryDamagedError
from photofind.core.vectors import IndexSnapshot

NEAREST = 100
_PRODUCTS_AT_ONCE = 1 << 25
"""Queries x vectors of one block, a third of a second on two cores: so long a stop or a pause has to wait."""
_FEWEST_ROWS, _MOST_ROWS = 4_096, 32_768


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Queries that are photos of the library, and their nearest other photos.

    Attributes
    ----------
    own
        The vids of the queries, shape (n,).
    queries
        Their embeddings, float32, shape (n, dimension).
    vids, scores
        Of their neighbours, best first, without themselves; shape (n, k) with k at most :data:`NEAREST`.
    """

    own: npt.NDArray[np.int64]
    queries: npt.NDArray[np.float32]
    vids: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]

    def first(self, count: int) -> Neighbours:
        """Return the first ``count`` queries."""
        return Neighbours(self.own[:count], self.queries[:count], self.vids[:count], self.scores[:count])


class TruthPass:
    """Compares some live photos with all others, block by block; :attr:`neighbours` is there when :meth:`run` ends."""

    def __init__(self, snapshot: IndexSnapshot, own: npt.NDArray[np.int64], threads: int) -> None:
        self._snapshot = snapshot
        self._own = own
        self._threads = threads
        self.neighbours: Neighbours | None = None

    def run(self, check: Callable[[], None]) -> Iterator[float]:
        """Do it; yields the share that is done, calls ``check`` between blocks, which may raise to cancel.

        Raises
        ------
        LibraryDamagedError
            When a stored embedding is no number.
        """
        own, count = self._own, min(NEAREST, self._snapshot.live - 1)
        queries = _sound(self._snapshot.rows(own))
        vids = np.empty((len(own), 0), np.int64)
        scores = np.empty((len(own), 0), np.float32)
        rows_at_once = min(max(_PRODUCTS_AT_ONCE // len(own), _FEWEST_ROWS), _MOST_ROWS)
        done = 0
        for block_vids, rows in self._snapshot.blocks(rows_at_once):
            check()
            new_scores, places = self._nearest(queries, _sound(rows), min(count + 1, len(rows)))
            vids = np.concatenate([vids, block_vids[places]], axis=1)
            scores = np.concatenate([scores, new_scores], axis=1)
            best = np.argsort(-scores, axis=1, kind="stable")[:, : count + 1]  # of equal ones the lower vid stays
            vids, scores = np.take_along_axis(vids, best, axis=1), np.take_along_axis(scores, best, axis=1)
            done += len(rows)
            yield done / self._snapshot.live
        others = _others(vids, own)
        shape = len(own), count
        self.neighbours = Neighbours(own, queries, vids[others].reshape(shape), scores[others].reshape(shape))

    def _nearest(self, queries: npt.NDArray[np.float32], rows: npt.NDArray[np.float32], k: int) -> Any:
        faiss.omp_set_num_threads(self._threads)  # per calling thread, and searches set it to 1
        return faiss.knn(queries, rows, k, metric=faiss.METRIC_INNER_PRODUCT)


def _others(vids: npt.NDArray[np.int64], own: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell which neighbours, one too many, to keep: all but the query itself, or the last where it is not there."""
    is_self: npt.NDArray[np.bool_] = vids == own[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    return ~is_self


def _sound(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    if not np.isfinite(rows.sum()):  # cheaper than to look at each, and what is no number leaves none
        raise LibraryDamagedError("Some stored embeddings are no numbers; run `photofind doctor` on this library.")
    return rows
