"""Queries and photos moved towards their neighbours, so that photos of one thing find each other over several hops.

* Query expansion: the query becomes the weighted mean of itself and its n best answers and is asked again. With every
  weight 1 it is average query expansion (Chum, Philbin, Sivic, Isard and Zisserman 2007); with the cosine to the power
  of alpha, alpha query expansion (Radenović, Tolias and Chum 2018, section 3.4).
* Database-side augmentation: each photo becomes the weighted mean of itself and its n nearest neighbours, once, before
  anybody asks (Arandjelović and Zisserman 2012, "Three things everyone should know to improve object retrieval").
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from photofind.core.vectors.snapshot import scores_of

Vectors = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

_BLOCK = 1_024


def expanded(query: Vectors, neighbours: Vectors, scores: Scores, alpha: float) -> Vectors:
    """Return the unit vector of a query moved towards its answers.

    Parameters
    ----------
    query
        Unit vector, shape (d,); its own weight is 1.
    neighbours, scores
        Unit vectors of the answers, shape (n, d), and their cosines, shape (n,); below 0 they have no weight.
    alpha
        The power of the cosines that are the weights; 0 weighs all the same.
    """
    return _unit(query + weights_of(scores, alpha) @ neighbours)


def weights_of(scores: Scores, alpha: float) -> Scores:
    """Return the weights of answers by their cosines: 0 for those below 0, else the power."""
    weights: Scores = np.where(scores > 0, np.maximum(scores, 0) ** np.float32(alpha), 0).astype(np.float32)
    return weights


def neighbours_of(vectors: Vectors, count: int, check: Callable[[], None] = lambda: None) -> tuple[Ids, Scores]:
    """Return the ``count`` nearest others of each unit vector and their cosines, shapes (n, count), best first.

    Where there are fewer others, all of them. ``check`` is called now and then and may raise to stop.
    """
    count = min(count, len(vectors) - 1)
    ids = np.empty((len(vectors), count), np.int64)
    scores = np.empty((len(vectors), count), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        check()
        block = vectors[start : start + _BLOCK]
        products = block @ vectors.T
        products[np.arange(len(block)), np.arange(start, start + len(block))] = -np.inf
        best = np.argpartition(-products, max(0, count - 1), axis=1)[:, :count]
        found = np.take_along_axis(products, best, axis=1)
        order = np.lexsort((best, -found), axis=1)
        ids[start : start + len(block)] = np.take_along_axis(best, order, axis=1)
        scores[start : start + len(block)] = np.take_along_axis(found, order, axis=1)
    return ids, scores


def augmented(vectors: Vectors, neighbours: Ids, scores: Scores, alpha: float) -> Vectors:
    """Return each unit vector, shape (n, d), moved towards its neighbours as :func:`neighbours_of` returns them."""
    moved = vectors.copy()
    weights = weights_of(scores, alpha)
    for place in range(neighbours.shape[1]):
        moved += weights[:, place, None] * vectors[neighbours[:, place]]
    return _unit(moved)


def best_of(database: Vectors, query: Vectors, count: int) -> tuple[Ids, Scores]:
    """Return the ids and cosines of the ``count`` best answers of one query, best first; in this thread alone."""
    return best_of_scores(scores_of(database, query), count)


def best_of_scores(scores: Scores, count: int) -> tuple[Ids, Scores]:
    """Return the ids and values of the ``count`` highest scores, highest first."""
    count = min(count, len(scores))
    best = np.argpartition(-scores, count - 1)[:count] if count else np.empty(0, np.int64)
    best = best[np.lexsort((best, -scores[best]))]
    return best, scores[best]


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32(1e-12))
    unit: Vectors = (vectors / lengths).astype(np.float32)
    return unit
