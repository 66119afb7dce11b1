"""What searches with one nprobe find of the truth, and how long they take: by searching, and by where it lies.

A search finds a true neighbour when it probes the inverted list in which that lies, and loses few of these to the
index's 8 bits a component. Which lists it probes follows from one ranking of the centroids: so the recall at every
nprobe is known of many thousand photos, but for these few, without a single search.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.truth import NEAREST, Neighbours
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.sealed import SealedLists
from photofind.core.vectors.snapshot import Ranked

DEPTHS = (1, 10, NEAREST)
"""The k of recall@k, in the order of the last axis of all recalls here."""
_TIE = 2e-6
"""Photos whose scores differ by less, what float32 may misplace, are equally near: any of them is right."""
_RANKED_AT_ONCE = 256

Search = Callable[[npt.NDArray[np.float32], int], Ranked]
"""Takes a unit vector and how many hits are wanted; returns (vids, scores), best first."""

Recalls = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """Recalls of real searches, shape (n, 3), and the milliseconds that each took, shape (n,)."""

    recalls: Recalls
    ms: npt.NDArray[np.float64]


class ListRecall:
    """Tells from where true neighbours lie which searches find them; ``lists`` None means that all are compared."""

    def __init__(self, lists: SealedLists | None, vectors: int) -> None:
        self._lists = lists
        self._homes = lists.homes(vectors) if lists is not None else None

    def recalls(self, truth: Neighbours, nprobes: Sequence[int], check: Callable[[], None]) -> Recalls:
        """Return the recalls of each query at each nprobe, shape (n, number of nprobes, 3)."""
        if self._lists is None:
            return np.ones((len(truth.own), len(nprobes), len(DEPTHS)))
        parts = []
        for start in range(0, len(truth.own), _RANKED_AT_ONCE):
            check()
            part = slice(start, start + _RANKED_AT_ONCE)
            ranks = self._ranks(self._lists, truth.queries[part], truth.vids[part])
            parts.append([[(ranks[:, :depth] < p).mean(axis=1) for depth in DEPTHS] for p in nprobes])
        return np.concatenate([np.transpose(np.array(part), (2, 0, 1)) for part in parts])

    def _ranks(
        self, lists: SealedLists, queries: npt.NDArray[np.float32], vids: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return how many lists are probed before that of each neighbour, -1 for one that every search compares."""
        assert self._homes is not None
        order = lists.probe(queries, lists.nlist)
        rank_of = np.empty_like(order)
        np.put_along_axis(rank_of, order, np.arange(lists.nlist)[None], axis=1)
        homes = self._homes[vids]
        return np.where(homes < 0, -1, np.take_along_axis(rank_of, np.maximum(homes, 0), axis=1))


def search_all(
    search: Search,
    truth: Neighbours,
    *,
    seconds: float,
    fewest: int,
    check: Callable[[], None],
) -> Searched:
    """Search for the neighbours of each query until ``seconds`` are over, but of at least ``fewest`` queries.

    One more hit is wanted than there are neighbours: the query itself is among them.
    """
    recalls: list[list[float]] = []
    times: list[float] = []
    for number, own in enumerate(truth.own.tolist()):
        if number >= fewest and sum(times) > seconds * 1000:
            break
        check()
        started = time.perf_counter()
        vids, scores = search(truth.queries[number], truth.vids.shape[1] + 1)
        times.append((time.perf_counter() - started) * 1000)
        recalls.append(_recalls(scores[vids != own], truth.scores[number]))
    return Searched(np.array(recalls).reshape(-1, len(DEPTHS)), np.array(times))


def searcher_at(snapshot: IndexSnapshot, nprobe: int) -> Search:
    """Return the search of the index with this nprobe."""
    return lambda query, count: snapshot.search(query, count, nprobe)


def _recalls(found: npt.NDArray[np.float32], truth: npt.NDArray[np.float32]) -> list[float]:
    """Return the share of right ones among the first k found, by their scores, best first, for each depth."""
    depths = [min(depth, len(truth)) for depth in DEPTHS]
    return [float((found[:depth] >= truth[depth - 1] - _TIE).sum()) / depth for depth in depths]
