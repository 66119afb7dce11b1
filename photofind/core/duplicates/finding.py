"""Finding copies: what is new is hashed, joined with everything, and every candidate pair is compared.

::

    thumbnails ──▶ hashes ──join──┐
    index, rows ──────────join────┴─▶ candidates ──compare──▶ pairs with evidence ──missing links──▶ candidates …

Everything lands in ``duplicates.db``, step by step: a run that was stopped or killed goes on where it was, and only
photos that came since the last run are joined with the library. Nothing but that file is written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.catalog.history import Moment
from photofind.core.catalog.numbers import Ids
from photofind.core.catalog.pair_rows import Candidates, HashColumns
from photofind.core.catalog.pairs import PAIRS_FILE, JoinProgress, PairStore
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.comparing import Subject
from photofind.core.duplicates.crew import Crew, Files, Question
from photofind.core.duplicates.grouping import missing_links
from photofind.core.duplicates.hash_joining import join_hashes
from photofind.core.duplicates.joining import join
from photofind.core.duplicates.nodes import Stock
from photofind.core.duplicates.thumbnail_hashes import JoinRows, hash_thumbnails
from photofind.core.errors import CacheDamagedError
from photofind.core.evidence import Evidence, Pair
from photofind.core.progress import Control, Progress, RateMeter
from photofind.core.records import ContentId
from photofind.core.searching.view import IndexView, Seen

LOG = logging.getLogger(__name__)
_NEIGHBOURS = 32
_HASH_BATCH = 512
_COMPARE_BATCH = 4096
_SETTLE_BATCH = 512
_SETTLE_SECONDS = 0.5
_COSINE_BATCH = 4096
_MOST_ROUNDS = 4

Live = tuple[Ids, Ids, Moment]
"""The live vectors of a pack, their contents, and the moment of the library at which they were."""


class Stopped(Exception):  # noqa: N818 - not an error: the user asked for it
    """Ends a long step because the run should stop."""


@dataclass(slots=True)
class FindReport:
    """What a run did: photos hashed, pairs compared, and how many of these are copies or shots like each other."""

    hashed: int = 0
    compared: int = 0
    pairs: int = 0
    stopped: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Vectors:
    """The live vectors of a pack and their contents; ``content_of`` maps a vid to its content, -1 for dead ones."""

    vids: Ids
    contents: Ids
    content_of: Ids

    @classmethod
    def of(cls, vids: Ids, contents: Ids, next_vid: int) -> Vectors:
        """Order the vectors by their contents."""
        content_of = np.full(next_vid, -1, np.int64)
        content_of[vids] = contents
        order = np.argsort(contents)
        return cls(vids[order], contents[order], content_of)

    def vids_of(self, contents: Ids) -> Ids:
        """Return the vids of contents, -1 for those that have none."""
        if not len(self.contents):
            return np.full(len(contents), -1, np.int64)
        places = np.minimum(np.searchsorted(self.contents, contents), len(self.contents) - 1)
        return np.where(self.contents[places] == contents, self.vids[places], -1)


class Finder:
    """Brings ``duplicates.db`` of a library up to date; use it from one thread."""

    def __init__(
        self, library: Path, catalog: Catalog, files: Files, calibration: Calibration, workers: int, control: Control
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._files = files
        self._calibration = calibration
        self._workers = workers
        self._control = control
        self._view = IndexView(library, catalog)
        self._meter = RateMeter()
        self.report = FindReport()

    def run(self) -> Iterator[Progress]:
        """Find what there is to find; yields progress in the phases ``hash``, ``join`` and ``compare``.

        Raises
        ------
        LibraryBusyError
            When another process looks for duplicates in this library just now.
        LibraryDamagedError, StorageError
            When the library cannot be read, or its disk refuses.
        """
        started = time.monotonic()
        try:
            seen = self._view.look(lambda pack: (*self._catalog.copies.live(pack.id), self._catalog.history.now()))
            if seen is not None:
                yield from self._find_in_store(seen)
        except Stopped:
            self.report.stopped = True
        finally:
            self._view.close()
            self.report.seconds = time.monotonic() - started

    def _find_in_store(self, seen: Seen[Live]) -> Iterator[Progress]:
        """Find, and begin again, once, with a new store when the one that is there turns out to be damaged."""
        try:
            with self._open_store() as store:
                yield from self._find(store, seen)
        except CacheDamagedError as error:
            LOG.warning("duplicates are looked for from the beginning: %s", error)
        else:
            return
        self.report = FindReport()
        with PairStore.open(self._library / PAIRS_FILE, writable=True, anew=True) as store:
            yield from self._find(store, seen)

    def _find(self, store: PairStore, seen: Seen[Live]) -> Iterator[Progress]:
        vids, contents, moment = seen.read
        if store.moment() != moment:
            store.set_moment(moment)
        vectors = Vectors.of(vids, contents, seen.snapshot.state.next_vid)
        key = seen.pack.key
        store.drop_other_packs(key)
        yield from self._hash(store, key, vectors.contents)
        yield from self._join_vectors(store, seen, vectors)
        yield self._progress("join", 0, 0)  # the hashes' join has no end to tell of
        self._join_hashes(store, seen, vectors)
        yield from self._compare(store, key)
        for _ in range(_MOST_ROUNDS):
            if not self._ask_for_links(store, seen, vectors):
                break
            yield from self._compare(store, key)

    # The store

    def _open_store(self) -> PairStore:
        path = self._library / PAIRS_FILE
        store = PairStore.open(path, writable=True)
        try:
            moment = store.moment()
            if moment is not None and not self._catalog.history.has(moment):
                LOG.warning("the library was made anew or put back: duplicates are looked for from the beginning")
                store.clear()
        except BaseException:
            store.close()
            raise
        return store

    # Candidates

    def _hash(self, store: PairStore, key: str, contents: Ids) -> Iterator[Progress]:
        new = np.setdiff1d(contents, store.hashed(), assume_unique=True)
        if not len(new):
            return
        progress = store.progress(key)
        # Those of before that get their thumbnails only now are joined too.
        store.set_progress(key, JoinProgress(progress.joined_vid, min(progress.joined_content, int(new[0]) - 1)))
        with (
            ThumbnailStore.open(self._files.thumbnails, writable=False) as thumbnails,
            ThreadPoolExecutor(self._workers, thread_name_prefix="photofind-hash") as pool,
        ):
            for first in range(0, len(new), _HASH_BATCH):
                self._check()
                batch = new[first : first + _HASH_BATCH]
                jpegs = [thumbnails.get(ContentId(content)) for content in batch.tolist()]
                store.put_hashes(hash_thumbnails(batch, jpegs, pool))
                self.report.hashed += len(batch)
                yield self._progress("hash", self.report.hashed, len(new))

    def _join_vectors(self, store: PairStore, seen: Seen[Live], vectors: Vectors) -> Iterator[Progress]:
        key, end = seen.pack.key, seen.snapshot.state.next_vid
        progress = store.progress(key)
        if progress.joined_vid >= end:
            return
        yield self._progress("join", 0, end - progress.joined_vid)
        blocks = join(
            seen.snapshot,
            seen.rows,
            since=progress.joined_vid,
            floor=self._calibration.floor,
            neighbours=_NEIGHBOURS,
            check=self._check,
        )
        for block in blocks:
            first, second = vectors.content_of[block.first], vectors.content_of[block.second]
            _put(store, key, first, second, block.similarity)
            store.set_progress(key, JoinProgress(block.joined, progress.joined_content))
            yield self._progress("join", block.joined - progress.joined_vid, end - progress.joined_vid)
        store.set_progress(key, JoinProgress(end, progress.joined_content))

    def _join_hashes(self, store: PairStore, seen: Seen[Live], vectors: Vectors) -> None:
        key = seen.pack.key
        progress = store.progress(key)
        columns = _present(store.hashes(), vectors)
        if not len(columns.ids) or int(columns.ids[-1]) <= progress.joined_content:
            return
        rows = JoinRows.of(columns, progress.joined_content)
        distance = self._calibration.hash_distance
        for first, second, _, _ in join_hashes(rows.hashes, since=rows.since, distance=distance, check=self._check):
            self._put_uncompared(store, seen, vectors, rows.contents[first], rows.contents[second])
        store.set_progress(key, JoinProgress(progress.joined_vid, int(columns.ids[-1])))

    def _put_uncompared(
        self,
        store: PairStore,
        seen: Seen[Live],
        vectors: Vectors,
        first: Ids,
        second: Ids,
        *,
        links: bool = False,
    ) -> int:
        """Store pairs whose embeddings were not compared yet; return how many of them are news."""
        one, other = vectors.vids_of(first), vectors.vids_of(second)
        both = (one >= 0) & (other >= 0)
        news = 0
        for start in range(0, int(both.sum()), _COSINE_BATCH):
            self._check()
            here = np.flatnonzero(both)[start : start + _COSINE_BATCH]
            cosines = _cosines(seen, one[here], other[here])
            news += _put(store, seen.pack.key, first[here], second[here], cosines, links=links)
        return news

    def _ask_for_links(self, store: PairStore, seen: Seen[Live], vectors: Vectors) -> int:
        copies = self._catalog.copies
        with self._catalog.snapshot():
            stock = Stock(*copies.photos(), *copies.measures())
        key = seen.pack.key
        columns, apart = store.columns(key), store.apart(key)
        news = 0
        # Another threshold makes other groups, around other references.
        for threshold in (self._calibration.loosest, self._calibration.usual.threshold):
            first, second = missing_links(columns, threshold, apart=apart, stock=stock)
            news += self._put_uncompared(store, seen, vectors, first, second, links=True)
        return news

    # Evidence

    def _compare(self, store: PairStore, key: str) -> Iterator[Progress]:
        self._meter = RateMeter()
        left = store.count_pending(key)
        if not left:
            return
        yield self._progress("compare", 0, left)
        answers = _Answers(store, key)
        with Crew(self._files, self._calibration, self._workers) as crew:
            while len(batch := store.pending(key, _COMPARE_BATCH)):
                questions = self._questions(store, batch)
                answers.lose(batch, questions)
                for question, evidence in crew.answers(questions, self._check):
                    answers.add(question, evidence)
                    if answers.are_due:
                        answers.settle()
                        self._count(answers)
                        yield self._progress("compare", answers.done, max(answers.done, left))
                answers.settle()
        self._count(answers)
        yield self._progress("compare", answers.done, max(answers.done, left))

    def _count(self, answers: _Answers) -> None:
        self.report.compared += answers.compared
        self.report.pairs += answers.found
        answers.compared = answers.found = 0

    def _questions(self, store: PairStore, batch: Candidates) -> list[Question]:
        ids = np.unique(np.concatenate([batch.first, batch.second]))
        frames = self._catalog.copies.frames(ids)
        hashes = store.hashes_of(ids)
        subjects = {
            content: Subject(content, frame.width, frame.height, frame.format, frame.size, hashes[content])
            for content, frame in frames.items()
            if content in hashes
        }
        return [
            Question(subjects[ContentId(first)], subjects[ContentId(second)], similarity)
            for first, second, similarity in zip(
                batch.first.tolist(), batch.second.tolist(), batch.similarity.tolist(), strict=True
            )
            if first in subjects and second in subjects
        ]

    # Progress

    def _check(self) -> None:
        self._control.wait_while_paused()
        if self._control.stopping:
            raise Stopped

    def _progress(self, phase: str, done: int, total: int) -> Progress:
        self._meter.mark(done)
        eta = self._meter.eta(total - done) if total > done else None
        return Progress(phase, done, total, 0, self._meter.rate(), eta)


class _Answers:
    """What comparisons said, stored every now and then; ``done`` counts all that need not be asked any more."""

    def __init__(self, store: PairStore, key: str) -> None:
        self._store = store
        self._key = key
        self._pairs: list[Pair] = []
        self._nothing: list[tuple[int, int]] = []
        self._settled_at = time.monotonic()
        self.done = self.compared = self.found = 0

    @property
    def are_due(self) -> bool:
        """Whether there are so many, or some for so long, that they ought to be stored."""
        waiting = len(self._pairs) + len(self._nothing)
        return waiting >= _SETTLE_BATCH or time.monotonic() - self._settled_at > _SETTLE_SECONDS

    def add(self, question: Question, evidence: Evidence | None) -> None:
        """Take an answer."""
        ids = (question.first.content_id, question.second.content_id)
        if evidence is None:
            self._nothing.append(ids)
        else:
            self._pairs.append(Pair(*ids, evidence))

    def lose(self, batch: Candidates, questions: Sequence[Question]) -> None:
        """Take note of candidates that nothing is known of any more: there is nothing to be asked."""
        asked = {(int(each.first.content_id), int(each.second.content_id)) for each in questions}
        all_pairs = zip(batch.first.tolist(), batch.second.tolist(), strict=True)
        lost = [pair for pair in all_pairs if pair not in asked]
        self._store.settle(self._key, (), lost)
        self.done += len(lost)

    def settle(self) -> None:
        """Store what was said."""
        self._store.settle(self._key, self._pairs, self._nothing)
        self.compared += len(self._pairs) + len(self._nothing)
        self.done += len(self._pairs) + len(self._nothing)
        self.found += len(self._pairs)
        self._pairs, self._nothing = [], []
        self._settled_at = time.monotonic()


def _put(
    store: PairStore,
    key: str,
    first: Ids,
    second: Ids,
    similarity: npt.NDArray[np.float32],
    *,
    links: bool = False,
) -> int:
    known = (first >= 0) & (second >= 0) & (first != second)
    low, high = np.minimum(first, second)[known], np.maximum(first, second)[known]
    return store.put_candidates(key, Candidates(low, high, similarity[known]), links=links)


def _cosines(seen: Seen[Live], one: Ids, other: Ids) -> npt.NDArray[np.float32]:
    first, second = (seen.rows.get(vids).astype(np.float32) for vids in (one, other))
    cosines: npt.NDArray[np.float32] = np.einsum("ij,ij->i", first, second)
    return cosines


def _present(columns: HashColumns, vectors: Vectors) -> HashColumns:
    """Return the hashes of contents that are there."""
    kept = vectors.vids_of(columns.ids) >= 0
    return HashColumns(
        columns.ids[kept], columns.hashes[kept], columns.inner[kept], columns.has_inner[kept], columns.plain[kept]
    )
