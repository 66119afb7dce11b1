"""What searches with one nprobe find of the truth, and how long they take: by searching, and by where it lies.

A search finds a true neighbour when it probes the inverted list in which that lies, and loses few of these to the
index's 8 bits a component. Which lists it probes follows from one ranking of the centroids: so the recall at every
nprobe is known of many thousand photos, but for these few, without a single search.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
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
_STAGGER = 3

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


class Round:
    """Real searches in one way for the neighbours of some queries, one query at a time."""

    def __init__(self, search: Search, truth: Neighbours, *, seconds: float, fewest: int) -> None:
        self._search = search
        self._truth = truth
        self._left_ms = seconds * 1000
        self._fewest = fewest
        self._recalls: list[list[float]] = []
        self._ms: list[float] = []

    @property
    def count(self) -> int:
        """How many queries were asked."""
        return len(self._ms)

    @property
    def searched(self) -> Searched:
        """What the searches so far found, in the order of the queries."""
        return Searched(np.array(self._recalls).reshape(-1, len(DEPTHS)), np.array(self._ms))

    def step(self) -> bool:
        """Search for the next query; False when all were asked, or the time is over and ``fewest`` were."""
        number = len(self._ms)
        if number == len(self._truth.own) or (number >= self._fewest and sum(self._ms) > self._left_ms):
            return False
        started = time.perf_counter()
        # One more is wanted than there are neighbours: the query itself is among them.
        vids, scores = self._search(self._truth.queries[number], self._truth.vids.shape[1] + 1)
        self._ms.append((time.perf_counter() - started) * 1000)
        self._recalls.append(_recalls(scores[vids != self._truth.own[number]], self._truth.scores[number]))
        return True


def search_all(
    searches: Sequence[Search],
    truth: Neighbours,
    *,
    seconds: float,
    fewest: int,
    check: Callable[[], None],
) -> Generator[int, None, list[Searched]]:
    """Search in several ways for the neighbours of each query; each until its ``seconds`` are over, or of ``fewest``.

    The ways take turns, so that a moment in which the machine is busy with something else slows all of them. Each asks
    for its query some turns after the one before it did, when the caches have forgotten that. Yields how many searches
    were made; returns what each way found.
    """
    rounds = [Round(search, truth, seconds=seconds, fewest=fewest) for search in searches]
    waiting = [_STAGGER * number for number in range(len(rounds))]
    running = set(range(len(rounds)))
    while running:
        for number in sorted(running):
            check()
            if waiting[number]:
                waiting[number] -= 1
            elif not rounds[number].step():
                running.discard(number)
        yield sum(each.count for each in rounds)
    return [each.searched for each in rounds]


def searcher_at(snapshot: IndexSnapshot, nprobe: int) -> Search:
    """Return the search of the index with this nprobe."""
    return lambda query, count: snapshot.search(query, count, nprobe)


def _recalls(found: npt.NDArray[np.float32], truth: npt.NDArray[np.float32]) -> list[float]:
    """Return the share of right ones among the first k found, by their scores, best first, for each depth."""
    depths = [min(depth, len(truth)) for depth in DEPTHS]
    return [float((found[:depth] >= truth[depth - 1] - _TIE).sum()) / depth for depth in depths]
