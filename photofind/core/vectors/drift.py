"""How far vectors lie from what an index was trained on.

Two figures, of vectors that took no part in the training: how far they are from their centroids, and how many of their
components lie outside the range that 8 bits are spread over, where faiss clips them. Photos of another kind raise both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.vectors.rows import RowReader, Rows

SAMPLE = 1_024
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an index fits vectors: ``distance`` is the mean to their nearest centroids, between unit vectors 0 to 2.

    ``clipped`` is the share, 0 to 1, of all components that lie outside the trained range.
    """

    distance: float
    clipped: float


def fit_of(trained: Any, vectors: npt.NDArray[np.float32]) -> Fit | None:
    """Return how well an IVF-SQ8 index fits vectors, shape (n, dimension); None of no vectors."""
    if not len(vectors):
        return None
    lists = trained.quantizer.search(vectors, 1)[1][:, 0]
    residuals = vectors - trained.quantizer.reconstruct_batch(lists)
    ranges = faiss.vector_to_array(trained.sq.trained).reshape(2, -1)  # the lowest value of each component, the width
    low, high = ranges[0], ranges[0] + ranges[1]
    clipped = (residuals < low) | (residuals > high)
    return Fit(float(np.linalg.norm(residuals, axis=1).mean()), float(clipped.mean()))


def sampled(rows: RowReader, vids: npt.NDArray[np.int64], seed: int = 0) -> Rows:
    """Return the rows of up to 1,024 of some vids, sorted, always the same; a few neighbours from places all over.

    What is read from a disk at once holds several rows anyway.
    """
    if len(vids) > SAMPLE:
        edges = np.linspace(0, len(vids) - _TOGETHER, SAMPLE // _TOGETHER + 1)
        starts = np.random.default_rng(seed).uniform(edges[:-1], edges[1:]).astype(np.int64)
        vids = vids[np.unique(starts[:, None] + np.arange(_TOGETHER))]
    return rows.get(vids)
