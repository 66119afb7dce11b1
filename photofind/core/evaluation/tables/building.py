"""Building indexes of faiss for a table: trained on a sample, filled block by block, measured in bytes.

Nothing of it can be stopped while faiss trains; ``check`` is called before, and between blocks.
"""

from __future__ import annotations

import time
from typing import Any

import faiss
import numpy as np

from photofind.core.evaluation.tables.result import Check
from photofind.core.evaluation.tables.timing import threads
from photofind.core.evaluation.tables.vectors import Vectors

TRAINED_ON = 65_536
"""Training sees no more vectors, drawn at random: k-means on all of a large library would take most of the time."""

ROTATIONS_TRAINED_ON = 16_384
"""Nor does the training of OPQ's rotation, which is k-means fifty times over."""

_BLOCK = 8_192
_SEED = 11


def built(index: Any, database: Vectors, count: int, check: Check, *, at_once: bool = False) -> float:
    """Train an index of faiss and add the whole database, in so many threads; return the seconds it took.

    ``at_once`` adds it in one piece, for kinds that take no second one.
    """
    kept = hush(index)
    with threads(count):
        started = time.perf_counter()
        check()
        index.train(sample(database))
        del kept
        size = len(database) if at_once else _BLOCK
        for start in range(0, len(database), size):
            check()
            index.add(database[start : start + size])
        return time.perf_counter() - started


def sample(database: Vectors) -> Vectors:
    """Return what an index is trained on, the same rows each time."""
    if len(database) <= TRAINED_ON:
        return database
    chosen = np.random.default_rng(_SEED).choice(len(database), TRAINED_ON, replace=False)
    return database[np.sort(chosen)]


def training_note(database: Vectors) -> str:
    """Return on how many vectors indexes are trained, in a sentence."""
    if len(database) <= ROTATIONS_TRAINED_ON:
        return "Indexes are trained on all vectors."
    if len(database) <= TRAINED_ON:
        return f"Indexes are trained on all vectors, OPQ's rotation on {ROTATIONS_TRAINED_ON:,}."
    return (
        f"Indexes are trained on {TRAINED_ON:,} of the vectors, drawn at random, OPQ's rotation on"
        f" {ROTATIONS_TRAINED_ON:,}."
    )


def bytes_each(index: Any) -> float:
    """Return the bytes of an index of faiss as it would be written, divided by its vectors."""
    size: int = faiss.serialize_index(index).size
    return size / max(1, int(index.ntotal))


def hush(index: Any) -> list[Any]:
    """Keep k-means inside an index from telling on stderr that it would like more vectors: the table shows the effect.

    What takes long in training and changes no answer is left out, and OPQ's rotation is bounded. What is returned has
    to live until the index is trained.
    """
    inner = faiss.downcast_index(index)
    kept: list[Any] = []
    if hasattr(inner, "cp"):
        inner.cp.min_points_per_centroid = 1
    if hasattr(inner, "pq"):
        inner.pq.cp.min_points_per_centroid = 1
    if hasattr(inner, "do_polysemous_training"):
        inner.do_polysemous_training = False  # minutes of sorting codes for a search that nobody asks for here
    if hasattr(inner, "chain"):
        for number in range(inner.chain.size()):
            kept += _hush_rotation(faiss.downcast_VectorTransform(inner.chain.at(number)))
    for name in ("base_index", "index", "storage"):
        if getattr(inner, name, None) is not None:
            kept += hush(getattr(inner, name))
    return kept


def _hush_rotation(transform: Any) -> list[Any]:
    """Give OPQ the quantizer that it would make itself, but a silent one; faiss does not own it."""
    if not isinstance(transform, faiss.OPQMatrix):
        return []
    transform.max_train_points = ROTATIONS_TRAINED_ON
    if transform.M <= 0 or transform.d_out % transform.M:
        return []
    codes = faiss.ProductQuantizer(transform.d_out, transform.M, 8)
    codes.cp.min_points_per_centroid = 1
    transform.pq = codes
    return [codes]
