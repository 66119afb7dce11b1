"""The truth that approximate searches are compared with, found while generated vectors pass by."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.generated import Vectors


class ExactNeighbours:
    """The nearest neighbours of some queries among vectors that pass by in blocks, by plain numpy."""

    def __init__(self, queries: Vectors, k: int) -> None:
        self._queries = queries
        self._k = k
        self._scores = np.empty((len(queries), 0), np.float32)
        self.ids = np.empty((len(queries), 0), np.int64)
        self._seen = 0

    def take(self, block: Vectors) -> None:
        """Compare with the next vectors, whose ids go on where the last block's ended."""
        scores = np.concatenate([self._scores, self._queries @ block.T], axis=1)
        new = np.broadcast_to(np.arange(self._seen, self._seen + len(block)), (len(self._queries), len(block)))
        ids = np.concatenate([self.ids, new], axis=1)
        best = np.argpartition(-scores, min(self._k, scores.shape[1]) - 1, axis=1)[:, : self._k]
        self._scores = np.take_along_axis(scores, best, axis=1)
        self.ids = np.take_along_axis(ids, best, axis=1)
        self._seen += len(block)


def recall(found: npt.NDArray[np.int64], truth: npt.NDArray[np.int64]) -> float:
    """Return the share of the true neighbours that were found; both of shape (queries, k)."""
    hits = [len(set(f) & set(t)) for f, t in zip(found.tolist(), truth.tolist(), strict=True)]
    return sum(hits) / truth.size
