"""Searching: one immutable view of a pack's vectors, sealed segments and unsealed delta alike.

A query probes the inverted lists of every segment (one coarse search for all of them), re-ranks the candidates by
their exact rows, and scores the delta exactly. ``exact`` scores every row instead. Scores are cosine similarities.

A search among a selection looks inside it only, so that a filter never costs hits: of few vectors each is scored, and
of many as many more lists are probed as vectors are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.records import Embedding, Epoch, Segment
from photofind.core.vectors.coarse import CoarseSearch
from photofind.core.vectors.files import MappedFile
from photofind.core.vectors.rows import RowReader, Rows
from photofind.core.vectors.rule import MAX_DELTA
from photofind.core.vectors.scanning import ListScanner
from photofind.core.vectors.sealed import SealedLists
from photofind.core.vectors.segments import MappedSegment
from photofind.core.vectors.selection import Selection

_EXACT_BLOCK = 32_768
_VERIFIED_WHOLE = 131_072
"""So many rows are verified when every one is compared for the first time, in 0.3 s; of more, those that are shown."""
_SAMPLED_PLACES = 128
_SAMPLED_NEIGHBOURS = 8
_LARGEST_DELTA = 4 * MAX_DELTA
_EXTRA_CANDIDATES = 64  # for each per hit: far down a long list, 8 bits misplace a neighbour by a few places only
_MIN_CANDIDATES = 16  # 13 find ten neighbours as surely as 40 do, of a million generated vectors and of parts of photos
_FEW = 20_000
"""A selection of at most so many is compared one by one; the lists hold about as many that a search looks at."""
_RESIDENT_LIMIT = 240 << 20
_SMALL_INDEX = 64 << 20
"""That of 100,000 photos may stay: to map it again costs a query more than its search."""
_LOOK_AFTER = 32 << 20  # asking the system for the resident size costs 20 µs: do so after so many more mapped bytes
_FAULT_AROUND = 64 << 10  # Linux maps so many bytes of the file cache around each page that is touched

Ranked = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""(vids, scores), best first; both of shape (n,)."""


@dataclass(frozen=True, slots=True)
class SnapshotState:
    """All that the catalog says of a pack's index at one moment; equal states give equal answers."""

    next_vid: int
    dead: tuple[int, ...]
    epoch: Epoch | None
    segments: tuple[Segment, ...]


class IndexSnapshot:
    """A view of the vectors that the catalog named at one moment; searches never see later changes.

    Rows that their reader leaves out are not searched. Without ``use_index`` (its files are damaged) it scores every
    row; what a ``previous`` view has open is used again. ``candidates_per_hit`` are
    compared by their exact rows for each vector that is asked for. Use it from one thread at a time.
    Raises FileNotFoundError when a segment was replaced before it could be opened (read the catalog again) and
    LibraryDamagedError when a file is not what the catalog says.
    """

    def __init__(
        self,
        library: Path,
        rows: RowReader,
        state: SnapshotState,
        *,
        use_index: bool = True,
        previous: IndexSnapshot | None = None,
        candidates_per_hit: int = 2,
    ) -> None:
        self.state = state
        self._library = library
        self._use_index = use_index
        self._per_hit = candidates_per_hit
        self._rows = rows
        alive = np.ones(state.next_vid, dtype=np.bool_)
        alive[np.asarray(state.dead, dtype=np.int64)] = False
        self.left_out = rows.left_out[alive[rows.left_out]]
        alive[self.left_out] = False
        self._alive = Selection(alive)
        self.live = self._alive.count
        self._segments: dict[str, MappedSegment] = {}
        self._coarse: CoarseSearch | None = None
        self._scanner: ListScanner | None = None
        self._trained: MappedFile | None = None
        self._sealed = state.segments[-1].end_vid if state.segments else 0
        if state.epoch is not None and use_index:
            same_epoch = previous is not None and previous.state.epoch == state.epoch
            opened = previous._segments if previous is not None and same_epoch else {}
            kept = previous._trained if previous is not None and same_epoch else None
            self._trained = kept or MappedFile.trained(library, state.epoch)
            self._segments = {s.id: opened.get(s.id) or MappedSegment(library, state.epoch, s) for s in state.segments}
            if self._segments:
                self._coarse = (previous._coarse if previous is not None and same_epoch else None) or CoarseSearch(
                    self._trained
                )
                self._scanner = ListScanner(self._trained, self._coarse, list(self._segments.values()))
        # Without its index a large library is not read into memory either: it is compared block by block.
        self._unindexed = not self._segments and state.next_vid > _LARGEST_DELTA
        in_memory = state.next_vid if self._unindexed else self._sealed
        self._delta = _ExactBlock(rows.span(in_memory, state.next_vid), in_memory)
        self._touched = 0
        self._sample: npt.NDArray[np.float32] | None = None

    def anew(self, *, use_index: bool = True) -> IndexSnapshot:
        """Return the same view without the rows that their reader has come to leave out, and perhaps without index."""
        return IndexSnapshot(
            self._library,
            self._rows,
            self.state,
            use_index=use_index and self._use_index,
            previous=self,
            candidates_per_hit=self._per_hit,
        )

    @property
    def nlist(self) -> int:
        """Number of inverted lists; 1 as long as everything is still in the delta."""
        return self.state.epoch.nlist if self.state.epoch else 1

    @property
    def is_exact(self) -> bool:
        """Whether :meth:`search` compares with every row as it is: nothing is sealed, or the index is out of use."""
        return not self._segments

    @property
    def alive(self) -> Selection:
        """The live vids."""
        return self._alive

    @property
    def sealed(self) -> int:
        """The vids below it lie in inverted lists, those from it on in rows only; 0 without an index in use."""
        return self._sealed if self._segments else 0

    def sealed_lists(self) -> SealedLists | None:
        """Return the inverted lists to be read one by one; None without an index in use."""
        if self._trained is None or not self._segments:
            return None
        return SealedLists(self._trained, list(zip(self.state.segments, self._segments.values(), strict=True)))

    def select(self, vids: npt.NDArray[np.int64]) -> Selection:
        """Return the live ones among ``vids`` as what a search may look inside."""
        mask = np.zeros(self.state.next_vid, dtype=np.bool_)
        mask[vids[(vids >= 0) & (vids < self.state.next_vid)]] = True
        return Selection(mask & self._alive.mask)

    def compares_all(self, among: Selection | None = None) -> bool:
        """Tell whether :meth:`search` compares with every row of a selection as it is; None are all live ones."""
        return self.is_exact or (among is not None and among.count <= _FEW)

    def search(self, query: Embedding, k: int, nprobe: int, among: Selection | None = None) -> Ranked:
        """Return the ``k`` best vids for a unit vector, probing ``nprobe`` of the inverted lists.

        Of a selection ``among`` which to look, more lists are probed, so that as many of its vectors are looked at.
        """
        if among is not None and among.count <= _FEW:
            vids = among.vids()
            return _best([(vids, scores_of(self.rows(vids), query))], k)
        if self._unindexed or (self._sealed and not self._segments):
            return self.search_exactly(query, k, among)
        found = [self._delta.search(query, k, among or self._alive)]
        if self._segments:
            wanted = max(_MIN_CANDIDATES, min(self._per_hit * k, k + _EXTRA_CANDIDATES * self._per_hit))
            vids = self._search_segments(query, wanted, nprobe, among)
            found.append((vids, scores_of(self.rows(vids), query)))
        return _best(found, k)

    def propose(self, query: Embedding, k: int, nprobe: int, among: Selection | None = None) -> npt.NDArray[np.int64]:
        """Return at least ``k`` vids near a unit vector, if there are so many, for who will score them by another rule.

        They are those that :meth:`search` would find but for a few at the end of the list: where it reads the rows of
        more than ``k`` candidates to tell, the 8 bits a component of the index have to do.
        """
        if self._unindexed or not self._segments or (among is not None and among.count <= _FEW):
            return self.search(query, k, nprobe, among)[0]
        found = [self._delta.search(query, k, among or self._alive)[0], self._search_segments(query, k, nprobe, among)]
        return np.concatenate(found)

    def search_exactly(
        self, query: Embedding, k: int, among: Selection | None = None, check: Callable[[], None] = lambda: None
    ) -> Ranked:
        """Return the ``k`` best vids for a unit vector among all rows, or those of a selection.

        ``check`` is called before each block of rows and may raise to cancel.
        """
        check()
        if among is not None and among.count <= _FEW:
            return self.search(query, k, 1, among)
        found = []
        is_small = self.state.next_vid <= _VERIFIED_WHOLE
        for first, rows in self._rows.blocks(0, self.state.next_vid, _EXACT_BLOCK, verified=is_small):
            check()
            found.append(_ExactBlock(rows, first).search(query, k, among or self._alive))
            found = [_best(found, k)]
        best = _best(found, k)
        if not is_small:
            self._rows.get(best[0])  # what is shown is verified all the same
        return best

    def blocks(
        self, size: int, among: Selection | None = None
    ) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
        """Yield (vids, embeddings) of all live vectors or a selection of them, at most ``size`` at a time."""
        vids = (among or self._alive).vids()
        for start in range(0, len(vids), size):
            yield vids[start : start + size], self.rows(vids[start : start + size])

    def rows(self, vids: npt.NDArray[np.int64] | Sequence[int]) -> npt.NDArray[np.float32]:
        """Return stored embeddings, shape (len(vids), dimension)."""
        return self._rows.get(vids).astype(np.float32)

    def sample(self) -> npt.NDArray[np.float32]:
        """Return embeddings of up to 1,024 live vids, always the same, shape (n, dimension); read once.

        They are drawn a few neighbours at a time, from places at random all over the library: what is read from a disk
        at once holds several rows anyway. Damaged rows are left out.
        """
        if self._sample is None:
            parts = [self._live_rows(start) for start in self._sampled_places()]
            rows = np.concatenate([self._rows.span(0, 0), *parts]).astype(np.float32)
            self._sample = rows[np.isfinite(rows).all(axis=1)]
        return self._sample

    def _sampled_places(self) -> list[int]:
        count = self.state.next_vid
        if count <= _SAMPLED_PLACES * _SAMPLED_NEIGHBOURS:
            return list(range(0, count, _SAMPLED_NEIGHBOURS))
        edges = np.linspace(0, count - _SAMPLED_NEIGHBOURS, _SAMPLED_PLACES + 1)
        places: list[int] = np.random.default_rng(0).uniform(edges[:-1], edges[1:]).astype(np.int64).tolist()
        return places

    def _live_rows(self, start: int) -> Rows:
        end = min(start + _SAMPLED_NEIGHBOURS, self.state.next_vid)
        return self._rows.span(start, end, verified=False)[self._alive.mask[start:end]]

    def _search_segments(
        self, query: Embedding, wanted: int, nprobe: int, among: Selection | None
    ) -> npt.NDArray[np.int64]:
        """Return the best ``wanted`` vids, sorted, by what the inverted lists say of them."""
        assert self._scanner is not None
        probed = nprobe if among is None else -(-nprobe * self.live // among.count)
        nprobe = min(probed, self.nlist)
        vids = self._scanner.candidates(query, wanted, nprobe, (among or self._alive).selector)
        self._keep_small(nprobe)
        return vids

    def _keep_small(self, nprobe: int) -> None:
        # Mapped pages count as this process's memory until it lets them go; a long session would hold the whole index.
        whole = sum(s.bytes for s in self.state.segments)
        if whole <= _SMALL_INDEX:
            return
        self._touched += whole * nprobe // self.nlist
        self._touched += len(self._segments) * nprobe * _FAULT_AROUND
        if self._touched > _LOOK_AFTER:
            import psutil  # seldom needed

            self._touched = 0
            if psutil.Process().memory_info().rss > _RESIDENT_LIMIT:
                for segment in self._segments.values():
                    segment.trim()


class _ExactBlock:
    """Rows in memory, scored exactly; faiss multiplies float16 codes without unpacking them first."""

    def __init__(self, rows: Rows, first: int) -> None:
        self._first = first
        self._index = faiss.IndexScalarQuantizer(
            rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        if len(rows):
            self._index.add_sa_codes(rows.view(np.uint8).reshape(len(rows), -1))

    def search(self, query: Embedding, k: int, among: Selection) -> Ranked:
        faiss.omp_set_num_threads(1)
        k = min(k, int(self._index.ntotal))
        if not k:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        here = among.span(self._first, self._first + int(self._index.ntotal))
        scores, found = self._index.search(query[None], k, params=faiss.SearchParameters(sel=here.selector))
        kept = found[0] >= 0
        return found[0][kept] + self._first, scores[0][kept]


def scores_of(rows: npt.NDArray[np.float32], query: Embedding) -> npt.NDArray[np.float32]:
    """Return the scores of embeddings, shape (n, dimension), with a unit vector; shape (n,).

    In this thread alone: a matrix product would wake others, and wait for them while other programs use their cores,
    10 ms and more instead of a fraction of one.
    """
    scores: npt.NDArray[np.float32] = np.einsum("ij,j->i", rows, query)
    return scores


def _best(found: Sequence[Ranked], k: int) -> Ranked:
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    vids = np.concatenate([vids for vids, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    order = np.lexsort((vids, -scores))[:k]
    return vids[order], scores[order]
