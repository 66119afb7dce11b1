"""Timing a search and comparing it with the truth, alike for every table.

A search is a function of queries, shape (m, d), and k that returns ids, shape (m, k), best first and -1 where there are
none. Single queries run in one thread, one after the other; the first ones warm up and do not count. Figures of one run
may be divided by each other, figures of two runs may not: the machine does other things, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import faiss
import numpy as np

from photofind.core.evaluation.tables.result import Check
from photofind.core.evaluation.tables.vectors import Ids, Vectors, VectorSet

T = TypeVar("T")
Search = Callable[[Vectors, int], Ids]

_TIE = 1e-5  # cosines that differ by less are equal: copies of a photo are each other's right answer
_WARM_UP = 3
_CHECKED_EACH = 16


@dataclass(frozen=True, slots=True)
class Measured:
    """What a search found and took: shares from 0 to 1, and the median milliseconds of a single query."""

    recall_at_1: float
    recall_at_10: float
    ms: float


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let faiss use so many threads for what this thread asks of it; one afterwards."""
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what ``work`` returns and the seconds it takes."""
    started = time.perf_counter()
    made = work()
    return made, time.perf_counter() - started


def median_ms(work: Callable[[], object], check: Check, repeats: int = 5, warm_up: int = 1) -> float:
    """Return the median milliseconds of ``work``, repeated so many times after a warm-up."""
    for _ in range(warm_up):
        work()
    seconds = []
    for _ in range(repeats):
        check()
        seconds.append(timed(work)[1])
    return float(np.median(seconds)) * 1000


def measure(search: Search, vectors: VectorSet, true_scores: Vectors, check: Check) -> Measured:
    """Ask every query alone and in one thread; return recall and time.

    ``true_scores``, shape (m, 10), are those of :func:`exact_answers`.
    """
    k = true_scores.shape[1] + (vectors.own is not None)
    found = np.full((len(vectors.queries), k), -1, np.int64)
    seconds = np.empty(len(vectors.queries))
    with threads(1):
        for query in vectors.queries[:_WARM_UP]:
            search(query[None], k)
        for number, query in enumerate(vectors.queries):
            if number % _CHECKED_EACH == 0:
                check()
            answer, seconds[number] = timed(partial(search, query[None], k))
            found[number, : answer.shape[1]] = answer[0]
    found = without_own(found, vectors.own)
    return Measured(
        recall_at(1, found, vectors, true_scores),
        recall_at(10, found, vectors, true_scores),
        float(np.median(seconds)) * 1000,
    )


def without_own(found: Ids, own: Ids | None) -> Ids:
    """Return answers without the queries' own rows, each moved up and one place shorter."""
    if own is None:
        return found
    kept = found != own[:, None]
    kept[kept.all(axis=1), -1] = False
    shorter: Ids = found[kept].reshape(len(found), -1)
    return shorter


def recall_at(k: int, found: Ids, vectors: VectorSet, true_scores: Vectors) -> float:
    """Return the mean share of the ``k`` nearest that are among the first ``k`` found.

    An answer is right when it is as near as the k-th nearest: which of several copies of a photo is found does not
    matter. Where the database has fewer than ``k`` others, all of them are wanted.
    """
    shares = [
        _share(found[number, :k], query, vectors.database, true_scores[number, :k])
        for number, query in enumerate(vectors.queries)
    ]
    return float(np.mean(shares)) if shares else 0.0


def _share(found: Ids, query: Vectors, database: Vectors, true_scores: Vectors) -> float:
    wanted = true_scores[np.isfinite(true_scores)]
    answers = np.unique(found[found >= 0])
    right = np.count_nonzero(database[answers] @ query >= wanted[-1:].sum() - _TIE) if len(wanted) else 0
    return min(1.0, right / max(1, len(wanted)))
