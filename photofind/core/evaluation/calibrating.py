"""Calibration: what share of the truth an index finds at each nprobe, and how long that takes on this machine.

Photos of the library that the index was not trained on are asked for their nearest others, themselves left out.
Comparing them with all photos gives the truth, the ranks of inverted lists tell of thousands of them what a search
finds, and real searches for some of them tell the rest and the time. The result is kept beside the catalog.

All of it looks at one immutable view of the index: what changes meanwhile is not noticed, and the result names the
epoch for which it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.accuracy_file import write_accuracy
from photofind.core.catalog import Catalog, Pack
from photofind.core.errors import LibraryDamagedError, QueryError, StorageError
from photofind.core.evaluation.estimating import Estimate, estimate, largest_error
from photofind.core.evaluation.probing import ListRecall, Recalls, Searched, search_all, searcher_at
from photofind.core.evaluation.truth import Neighbours, TruthPass
from photofind.core.progress import Control, Progress
from photofind.core.searching.view import IndexView
from photofind.core.settings import Settings, usable_processors
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.drawing import stayed_out

PHASE = "calibrate"
_SEED = 1
_MOST_QUERIES = 16_384
_MOST_PRODUCTS = 1_200_000_000
"""Queries x vectors that are compared for the truth: 15 seconds on two cores at 512 dimensions."""
_WANTED_ERROR = 0.003
_PASS = 2_048
_SEARCHED = 200
_FEWEST_STRANGERS = 200
_SEARCH_SECONDS = 2.0
_FEWEST_SEARCHED = 5
_EXACT_SEARCHED = 3
_EXACT_SECONDS = 2.0


class _Stopped(Exception):  # noqa: N818 - not an error: the user asked for it
    """Ends a calibration between two steps."""


@dataclass(frozen=True, slots=True, eq=False)
class _Truth:
    """What is known of all queries: recalls by list ranks, shape (n, nprobes, 3); and ``some`` to search for."""

    by_lists: Recalls
    some: Neighbours


class Calibrator:
    """Measures the index of a library's active pack; use it from one thread.

    ``queries`` caps the photos that are asked. :attr:`accuracy` is what was found out, None before :meth:`run` has
    ended and when it was stopped; :attr:`problem` says in a sentence why it could not be kept, if so.
    """

    def __init__(
        self,
        library: Path,
        catalog: Catalog,
        settings: Settings,
        control: Control,
        queries: int | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._view = IndexView(library, catalog, settings.rerank_candidates)
        self._per_hit = settings.rerank_candidates
        self._threads = min(settings.workers, usable_processors())
        self._control = control
        self._cap = queries if queries is not None else _MOST_QUERIES
        self._now = now
        self._total = 0
        self.accuracy: Accuracy | None = None
        self.problem = ""

    def run(self) -> Iterator[Progress]:
        """Measure and keep the result; yields progress in the phase ``calibrate``.

        Raises
        ------
        QueryError
            When the library has no two photos to compare.
        LibraryDamagedError
            When the index or stored embeddings cannot be read.
        """
        try:
            seen = self._view.look(lambda _: None)
            if seen is None or not seen.snapshot.live:
                raise QueryError("There are no photos in this library yet; run `photofind index FOLDER` first.")
            if seen.snapshot.live == 1:
                raise QueryError("The library holds one photo, which has nothing to be compared with; index more.")
            if seen.snapshot.state.segments and seen.snapshot.is_exact:
                raise LibraryDamagedError("The index cannot be read; run `photofind doctor` on this library.")
            self.accuracy = yield from self._measure(seen.snapshot, seen.pack)
        except _Stopped:
            return
        finally:
            self._view.close()
        try:
            write_accuracy(self._library, self.accuracy)
        except StorageError as error:
            self.problem = str(error)

    def _measure(self, snapshot: IndexSnapshot, pack: Pack) -> Generator[Progress, None, Accuracy]:
        nprobes = ladder(1 if snapshot.is_exact else snapshot.nlist)
        affordable = _SEARCHED if snapshot.is_exact else max(_SEARCHED, _MOST_PRODUCTS // snapshot.live)
        asked = strangers(snapshot)
        most = min(self._cap, _MOST_QUERIES, len(asked), affordable)
        searched = min(_SEARCHED, most)
        self._total = most + searched * len(nprobes)
        truth = yield from self._find_truth(snapshot, nprobes, asked, most)
        whole = search_all(
            [snapshot.search_exactly], truth.some, seconds=_EXACT_SECONDS, fewest=_EXACT_SEARCHED, check=self._check
        )
        [exact] = yield from self._counted(whole, most, 0)
        ways = [searcher_at(snapshot, nprobe) for nprobe in nprobes]
        probing = search_all(ways, truth.some, seconds=_SEARCH_SECONDS, fewest=_FEWEST_SEARCHED, check=self._check)
        found = yield from self._counted(probing, most, 1)
        points = [
            _point(nprobe, estimate(truth.by_lists[:, number], found[number].recalls), found[number])
            for number, nprobe in enumerate(nprobes)
        ]
        yield self._progress(self._total)
        return Accuracy(
            pack_key=pack.key,
            epoch_id=pack.epoch_id or "",
            vectors=snapshot.live,
            queries=len(truth.by_lists),
            candidates_per_hit=self._per_hit,
            measured_at=self._now(),
            exact_ms=float(np.median(exact.ms)),
            points=_rising(points),
        )

    def _find_truth(
        self, snapshot: IndexSnapshot, nprobes: Sequence[int], pool: npt.NDArray[np.int64], most: int
    ) -> Generator[Progress, None, _Truth]:
        """Ask so many photos of ``pool``, shape (n,), that the error is small enough, ``most`` at the utmost."""
        asked = np.random.default_rng(_SEED).choice(pool, most, replace=False)
        lists = ListRecall(snapshot.sealed_lists(), snapshot.state.next_vid)
        some: Neighbours | None = None
        parts: list[Recalls] = []
        for start in range(0, most, _PASS):
            one = TruthPass(snapshot, asked[start : start + _PASS], self._threads)
            for share in one.run(self._check):
                yield self._progress(start + int(share * min(_PASS, most - start)))
            assert one.neighbours is not None
            some = some or one.neighbours.first(_SEARCHED)
            parts.append(lists.recalls(one.neighbours, nprobes, self._check))
            if largest_error(np.concatenate(parts)) <= _WANTED_ERROR:
                break
        assert some is not None
        return _Truth(np.concatenate(parts), some)

    def _counted(
        self, searching: Generator[int, None, list[Searched]], before: int, worth: int
    ) -> Generator[Progress, None, list[Searched]]:
        """Search; each search is ``worth`` so many steps after those ``before``."""
        while True:
            try:
                yield self._progress(before + worth * next(searching))
            except StopIteration as end:
                found: list[Searched] = end.value
                return found

    def _check(self) -> None:
        self._control.wait_while_paused()
        if self._control.stopping:
            raise _Stopped

    def _progress(self, done: int) -> Progress:
        return Progress(PHASE, done, self._total, 0)


def strangers(snapshot: IndexSnapshot) -> npt.NDArray[np.int64]:
    """Return the live vids that the index was not trained on, sorted; all where these are unknown or too few.

    Those that it was trained on find more than photos from elsewhere, see ``vectors/drawing.py``.
    """
    vids = snapshot.alive.vids()
    epoch = snapshot.state.epoch
    if epoch is None or epoch.first_out is None or epoch.trained_until is None:
        return vids
    found = vids[stayed_out(vids, epoch.first_out, epoch.trained_until)]
    return found if len(found) >= _FEWEST_STRANGERS else vids


def ladder(nlist: int) -> list[int]:
    """Return the nprobes that are measured: 1, 2, 4 … and all lists."""
    return [*(1 << power for power in range((nlist - 1).bit_length())), nlist]


def _point(nprobe: int, recall: Estimate, found: Searched) -> OperatingPoint:
    at_1, at_10, at_100 = recall.recalls
    median, p95 = np.percentile(found.ms, (50, 95)).tolist()
    return OperatingPoint(nprobe, at_1, at_10, at_100, recall.error_at_10, median, p95)


def _rising(points: Sequence[OperatingPoint]) -> tuple[OperatingPoint, ...]:
    """Return the points with recalls that never fall: who probes more lists finds no less, whatever chance says."""
    shares = np.array([(p.recall_at_1, p.recall_at_10, p.recall_at_100) for p in points])
    rising: list[list[float]] = np.maximum.accumulate(shares, axis=0).tolist()
    return tuple(
        replace(point, recall_at_1=at_1, recall_at_10=at_10, recall_at_100=at_100)
        for point, (at_1, at_10, at_100) in zip(points, rising, strict=True)
    )
