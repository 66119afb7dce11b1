"""Mini-batch k-means: many centroids of many vectors in a fraction of the time that all passes of k-means take.

Sculley, "Web-scale k-means clustering" (2010), algorithm 1: each batch is assigned to its nearest centroids, then each
of its vectors moves its centroid by a step of 1 / (vectors that this centroid has seen), so that a centroid is the mean
of all that it has seen. These steps are taken at once for all vectors of a batch, which comes to the same mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_BATCH = 1_024
_EPOCHS = 5
_BLOCK = 2_048


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Centroids, shape (k, d), and the nearest one of each vector, shape (n,)."""

    centroids: Vectors
    nearest: Ids


def cluster(
    vectors: Vectors,
    k: int,
    generator: np.random.Generator,
    check: Callable[[], None] = lambda: None,
    *,
    batch: int = _BATCH,
    epochs: int = _EPOCHS,
) -> Clusters:
    """Return ``k`` clusters of vectors, shape (n, d), by Euclidean distance; at most n of them.

    The first centroids are vectors drawn at random, no place twice. As many are drawn in batches as ``epochs`` passes
    over all vectors would see. ``check`` is called before each batch and may raise to stop.
    """
    count = len(vectors)
    k = min(k, count)
    centroids: Vectors = vectors[generator.choice(count, k, replace=False)].astype(np.float32)
    seen = np.zeros(k, np.int64)
    for _ in range(-(-epochs * count // batch)):
        check()
        drawn = vectors[generator.integers(0, count, min(batch, count))]
        _move(centroids, seen, drawn, nearest_of(drawn, centroids, check))
    return Clusters(centroids, nearest_of(vectors, centroids, check))


def nearest_of(vectors: Vectors, centroids: Vectors, check: Callable[[], None] = lambda: None) -> Ids:
    """Return the nearest centroid of each vector, shape (n,)."""
    half_squares = np.einsum("ij,ij->i", centroids, centroids) / 2
    nearest = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), _BLOCK):
        check()
        block = vectors[start : start + _BLOCK]
        nearest[start : start + len(block)] = np.argmax(block @ centroids.T - half_squares, axis=1)
    return nearest


def inertia(vectors: Vectors, clusters: Clusters) -> float:
    """Return the mean squared distance of vectors to their centroids."""
    apart = vectors - clusters.centroids[clusters.nearest]
    return float(np.einsum("ij,ij->i", apart, apart).mean())


def _move(centroids: Vectors, seen: Ids, drawn: Vectors, nearest: Ids) -> None:
    """Move centroids to the mean of all they have seen, these vectors included."""
    order = np.argsort(nearest, kind="stable")
    moved, first, counts = np.unique(nearest[order], return_index=True, return_counts=True)
    sums = np.add.reduceat(drawn[order], first, axis=0)
    before = seen[moved]
    seen[moved] += counts
    weights = before.astype(np.float32)[:, None]
    centroids[moved] = (centroids[moved] * weights + sums) / seen[moved].astype(np.float32)[:, None]
