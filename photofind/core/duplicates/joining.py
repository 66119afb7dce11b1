"""The k-NN self-join: all pairs of photos whose embeddings are close, without comparing each with each.

::

    rows, in order ──▶ a slab of queries ──coarse search──▶ which lists each of them probes
                                                            │ turned round: who probes this list
    inverted lists ──▶ one list, unpacked ──matrix product──┴▶ candidates ──exact rows──▶ pairs

Every photo looks only at those before it (smaller vids). So a pair is found once, by its later photo, and what is
added later is joined by going on where the last join ended. A list is unpacked once per slab and multiplied with all
the slab's queries that probe it, which is several times faster than asking the index for the neighbours of each photo.
Photos that are not in the index yet are compared with all that come after them.

The products are those of faiss, one thread each and several lists at a time: numpy's wait for each other, and when
other programs use the processors too, waiting takes many times as long as the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.candidates import Candidates, best_of_each
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.rows import RowReader, Rows
from photofind.core.vectors.sealed import SealedLists

PROBES = 12
"""Lists that each photo probes; of planted pairs eight find 998 in 1,000 at a million photos."""

SLAB = 65_536
"""So many photos look for their neighbours at once: 128 MB at 512 dimensions."""

_SLACK = 0.01  # as far the 8 bits a component of the index are off at worst, five times what was measured
_BLOCK = 4_096
_TILE = 1 << 20
_SCORED_AT_ONCE = 8_192
_LISTS_AT_ONCE = 32

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class PairBlock:
    """Some pairs of vids, ``first < second``, shapes (n,), and their cosines, float32.

    ``joined`` says how far the join has come: the pairs whose second vid is below it are in this block or an earlier
    one, so that a join which was stopped may go on with ``since=joined``. A block may be empty.
    """

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    similarity: npt.NDArray[np.float32]
    joined: int


def join(
    snapshot: IndexSnapshot,
    rows: RowReader,
    *,
    since: int,
    floor: float,
    neighbours: int,
    check: Check,
    threads: int = 2,
) -> Iterator[PairBlock]:
    """Yield the pairs of live vids with a cosine of at least ``floor`` whose second is ``since`` or later.

    Each pair comes once. A photo is paired with at most ``neighbours`` of those before it: the most similar, and of
    those that are alike to a thousandth the earliest. So each of ten thousand shots of one screen is paired with the
    same few first ones; whoever makes groups of pairs puts them together again. Memory is bounded, whatever is like
    what: 600 MB at 512 dimensions.

    What is not in the index, all of a small library, is compared completely; in the index a neighbour is missed when
    it lies in none of the :data:`PROBES` lists nearest to the later photo. Similarities are exact, from the rows.

    Parameters
    ----------
    snapshot, rows
        A view of the index, and the rows that it counts; not to be used elsewhere meanwhile. Nothing is changed.
    since
        0 joins all with all.
    check
        Called in this thread several times a second; may raise to stop.
    threads
        How many threads compare.
    """
    lists = snapshot.sealed_lists()
    alive = snapshot.alive.mask
    crew = ThreadPoolExecutor(threads, "join", initializer=faiss.omp_set_num_threads, initargs=(1,))
    try:
        for start in range(since, snapshot.state.next_vid, SLAB):
            check()
            end = min(start + SLAB, snapshot.state.next_vid)
            slab = _read_slab(rows, alive, start, end, floor=floor - _SLACK, keep=2 * neighbours)
            if lists is not None:
                _match_lists(slab, lists, alive, crew, check)
            for first, block in rows.blocks(snapshot.sealed, end, _BLOCK):
                check()
                _match_rows(slab, first, block, alive, crew, threads)
            yield _score(slab, rows, floor, neighbours, check)
    finally:
        crew.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Slab:
    """Live photos that look for neighbours together, and whom they found.

    ``vids`` are ascending, shape (n,), ``vectors`` their embeddings, (n, dimension); all vids are below ``end``.
    """

    vids: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    end: int
    found: Candidates


def _read_slab(
    rows: RowReader, alive: npt.NDArray[np.bool_], start: int, end: int, *, floor: float, keep: int
) -> _Slab:
    vids = np.flatnonzero(alive[start:end]) + start
    vectors = rows.span(start, end)[vids - start].astype(np.float32)
    sound = np.isfinite(vectors).all(axis=1)
    if not sound.all():  # damaged rows are like nothing
        vids, vectors = vids[sound], vectors[sound]
    return _Slab(vids, vectors, end, Candidates(len(vids), floor=floor, keep=keep))


def _match_lists(
    slab: _Slab, lists: SealedLists, alive: npt.NDArray[np.bool_], crew: ThreadPoolExecutor, check: Check
) -> None:
    """Compare with what lies in the inverted lists that each photo of the slab probes."""
    starts = range(0, len(slab.vids), _BLOCK)
    probed = np.empty((len(slab.vids), min(PROBES, lists.nlist)), np.int32)
    for start, numbers in zip(
        starts, crew.map(lambda start: lists.probe(slab.vectors[start : start + _BLOCK], PROBES), starts), strict=True
    ):
        check()
        probed[start : start + _BLOCK] = numbers
    order = np.argsort(probed, axis=None, kind="stable") // probed.shape[1]
    ends = np.cumsum(np.bincount(probed.ravel(), minlength=lists.nlist))

    def match(first: int) -> None:
        for number in range(first, min(first + _LISTS_AT_ONCE, lists.nlist)):
            asking = order[ends[number - 1] if number else 0 : ends[number]]
            if len(asking):
                for vids, vectors in lists.read(number, slab.end, _BLOCK):
                    _match(slab, asking, vids, vectors, alive)

    for _ in crew.map(match, range(0, lists.nlist, _LISTS_AT_ONCE)):
        check()


def _match_rows(
    slab: _Slab,
    first: int,
    block: Rows,
    alive: npt.NDArray[np.bool_],
    crew: ThreadPoolExecutor,
    threads: int,
) -> None:
    """Compare with photos that are in no list, all of them: the rows from vid ``first`` on."""
    later = np.arange(np.searchsorted(slab.vids, first, side="right"), len(slab.vids))
    vids = np.arange(first, first + len(block))
    vectors = block.astype(np.float32)
    for _ in crew.map(lambda asking: _match(slab, asking, vids, vectors, alive), np.array_split(later, threads)):
        pass  # waits for all, and raises what one raised


def _match(
    slab: _Slab,
    asking: npt.NDArray[np.int64],
    vids: npt.NDArray[np.int64],
    vectors: npt.NDArray[np.float32],
    alive: npt.NDArray[np.bool_],
) -> None:
    """Note which photos, of the slab's those of the numbers ``asking``, are like live ``vids`` before them."""
    step = max(1, _TILE // max(1, len(vids)))
    for start in range(0, len(asking), step):
        some = asking[start : start + step]
        # Of unit vectors the squared distance is 2 - 2·cosine; components of 8 bits make them unit vectors but nearly.
        cosines = 1 - faiss.pairwise_distances(slab.vectors[some], vectors) / 2
        hits = np.flatnonzero(cosines > slab.found.bars[some][:, None])
        if len(hits):
            query, vid = some[hits // len(vids)], vids[hits % len(vids)]
            kept = alive[vid] & (vid < slab.vids[query])
            slab.found.add(query[kept], vid[kept], cosines.ravel()[hits[kept]])


def _score(slab: _Slab, rows: RowReader, floor: float, neighbours: int, check: Check) -> PairBlock:
    """Return the candidates that their exact rows confirm."""
    query, vids = slab.found.kept()
    order = np.argsort(vids, kind="stable")  # they are read in the order of the file
    query, vids = query[order], vids[order]
    similarity = np.empty(len(vids), np.float32)
    for start in range(0, len(vids), _SCORED_AT_ONCE):
        check()
        here = slice(start, start + _SCORED_AT_ONCE)
        wanted, places = np.unique(vids[here], return_inverse=True)
        vectors = rows.get(wanted).astype(np.float32)[places]
        similarity[here] = np.einsum("ij,ij->i", slab.vectors[query[here]], vectors)
    close = similarity >= floor  # not those whose rows are damaged by now
    query, vids, similarity = query[close], vids[close], np.minimum(similarity[close], 1)  # half precision rounds up
    best = best_of_each(query, vids, similarity, neighbours)
    return PairBlock(vids[best], slab.vids[query[best]], similarity[best], slab.end)
