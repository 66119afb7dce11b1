"""Retrieval measured on a library whose photos have labels: every one asked, exactly, and some by the index as well.

::

    one commit ──▶ labels, view of the index ──▶ queries with rows, block by block ──▶ RetrievalTally ──▶ result
                                             └─▶ some queries of the whole library: exact and at nprobe ──▶ IndexEffect

Only labelled photos are ranked: of the others nobody knows where they belong. Memory is bounded, 300 MB at most,
whatever the size of the library; of a large one a sample of the photos is asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog
from photofind.core.errors import LibraryDamagedError, QueryError
from photofind.core.evaluation.labels import Labels, read_labels, sample
from photofind.core.evaluation.retrieval import RetrievalResult, RetrievalTally, average_precision
from photofind.core.progress import Control, Progress
from photofind.core.searching.view import IndexView
from photofind.core.vectors import IndexSnapshot

PHASE = "evaluate"
_DATABASE = "library.db"
_SEED = 11
_SCORES = 1 << 24  # at once: 64 MB
_MOST_AT_ONCE = 512
_BLOCK = 8_192
_WORK = 200_000_000
_FEWEST = 250
_INDEX_QUERIES = 200
_DEPTH = 1_000

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class IndexEffect:
    """What the index costs and saves: mAP and median milliseconds over the first ``depth`` answers, both ways.

    ``compares_all`` tells that the library is too small for an index, so that both ways are one.
    """

    queries: int
    depth: int
    nprobe: int
    nlist: int
    compares_all: bool
    exact_ap: float
    index_ap: float
    exact_ms: float
    index_ms: float


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What was measured of which photos; ``alone`` of them are the only ones of their label and were not asked."""

    labels: Labels
    alone: int
    result: RetrievalResult
    index: IndexEffect
    seconds: float


class LabelEvaluator:
    """Measures one view of a library; what its writer commits meanwhile is not seen. Close it, or use it in ``with``.

    Parameters
    ----------
    library
        The folder of a library that exists.
    source
        ``folders``, or a CSV file, see :func:`read_labels`.
    candidates_per_hit
        As of :class:`IndexSnapshot`.

    Raises
    ------
    QueryError
        When there are no embeddings, the labels cannot be read, or no two photos have the same one.
    """

    def __init__(self, library: Path, source: str, *, candidates_per_hit: int = 2) -> None:
        self._library = library
        self.report: LabelReport | None = None
        with ExitStack() as stack:
            catalog = stack.enter_context(Catalog.open_reader(library / _DATABASE))
            view = stack.enter_context(closing(IndexView(library, catalog, candidates_per_hit=candidates_per_hit)))
            seen = view.look(lambda pack: read_labels(source, catalog, pack))
            if seen is None:
                raise QueryError("The library holds no photos yet; run `photofind index FOLDER` first.")
            seen.read.check()
            self.labels = seen.read
            self._snapshot: IndexSnapshot = seen.snapshot
            self._resources = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the library's files go."""
        self._resources.close()

    def rows(self, places: Ids) -> npt.NDArray[np.float32]:
        """Return embeddings of labelled photos by their places in ``labels``, shape (n, dimension)."""
        rows = self._snapshot.rows(self.labels.vids[places])
        if not np.isfinite(rows).all():
            raise LibraryDamagedError(
                f"Embeddings of {self._library} are damaged; run `photofind doctor` on this library."
            )
        return rows

    def run(self, nprobe: int, precision: float, queries: int | None, control: Control) -> Iterator[Progress]:
        """Measure; yields how far it has come. ``report`` is there at the end unless ``control`` stopped it.

        Parameters
        ----------
        nprobe
            How many lists the index is asked to probe.
        precision
            What the threshold for pairs has to give.
        queries
            How many photos are asked; None for all, or of many as many as take a minute.
        """
        started = time.perf_counter()
        wanted = queries or max(_FEWEST, _WORK // len(self.labels.vids))
        asked = sample(self.labels, wanted, np.random.default_rng(_SEED))
        by_index = asked[:: -(-len(asked) // _INDEX_QUERIES)]
        total = len(asked) + len(by_index)
        tally = RetrievalTally(self.labels.labels, self.labels.names)
        done = 0
        for part in self._parts(asked):
            for scores, own in zip(self._scores(part), part.tolist(), strict=True):
                if control.stopping:
                    return
                tally.take(scores, own)
            done += len(part)
            yield Progress(PHASE, done, total, 0)
        comparison = _Comparison(self._snapshot, self.labels, nprobe)
        for own, query in zip(by_index.tolist(), self.rows(by_index), strict=True):
            if control.stopping:
                return
            comparison.take(own, query)
            done += 1
            yield Progress(PHASE, done, total, 0)
        alone = int((self.labels.sizes() == 1).sum())
        seconds = time.perf_counter() - started
        self.report = LabelReport(self.labels, alone, tally.result(precision), comparison.effect(), seconds)

    def _parts(self, asked: Ids) -> Iterator[Ids]:
        size = max(1, min(_MOST_AT_ONCE, _SCORES // len(self.labels.vids)))
        for start in range(0, len(asked), size):
            yield asked[start : start + size]

    def _scores(self, asked: Ids) -> npt.NDArray[np.float32]:
        """Return the cosines of some photos with all, shape (len(asked), n)."""
        count = len(self.labels.vids)
        queries = self.rows(asked)
        scores = np.empty((len(asked), count), np.float32)
        for start in range(0, count, _BLOCK):
            end = min(start + _BLOCK, count)
            scores[:, start:end] = queries @ self.rows(np.arange(start, end)).T
        return scores


class _Comparison:
    """The same queries of the whole library, answered exactly and by the index."""

    def __init__(self, snapshot: IndexSnapshot, labels: Labels, nprobe: int) -> None:
        self._snapshot = snapshot
        self._labels = labels
        self._sizes = labels.sizes()
        self._nprobe = min(nprobe, snapshot.nlist)
        self._depth = min(_DEPTH, snapshot.live - 1)
        self._label_of = np.full(snapshot.state.next_vid, -1, np.int64)
        self._label_of[labels.vids] = labels.labels
        self._ap: list[tuple[float, float]] = []
        self._seconds: list[tuple[float, float]] = []

    def take(self, own: int, query: npt.NDArray[np.float32]) -> None:
        started = time.perf_counter()
        exact, _ = self._snapshot.search_exactly(query, self._depth + 1)
        between = time.perf_counter()
        found, _ = self._snapshot.search(query, self._depth + 1, self._nprobe)
        ended = time.perf_counter()
        self._ap.append((self._average_precision(exact, own), self._average_precision(found, own)))
        self._seconds.append((between - started, ended - between))

    def effect(self) -> IndexEffect:
        exact_ap, index_ap = np.mean(self._ap, axis=0).tolist()
        exact_ms, index_ms = (np.median(self._seconds, axis=0) * 1000).tolist()
        snapshot = self._snapshot
        return IndexEffect(
            len(self._ap),
            self._depth,
            self._nprobe,
            snapshot.nlist,
            snapshot.compares_all(),
            exact_ap,
            index_ap,
            exact_ms,
            index_ms,
        )

    def _average_precision(self, vids: Ids, own: int) -> float:
        labels = self._label_of[vids[vids != self._labels.vids[own]][: self._depth]]
        label = self._labels.labels[own]
        return average_precision(labels[labels >= 0] == label, int(self._sizes[label]) - 1)
