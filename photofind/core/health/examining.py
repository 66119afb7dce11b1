"""Reading the state of the index off the catalog and the index files: list sizes, not codes, and a sample of rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.accuracy import Accuracy
from photofind.core.accuracy_file import read_accuracy
from photofind.core.catalog import Catalog, Pack
from photofind.core.errors import LibraryDamagedError
from photofind.core.health.judging import Figures, judge_compaction, judge_reclustering
from photofind.core.health.report import (
    Compaction,
    Drift,
    IndexHealth,
    ListSizes,
    Reclustering,
    SegmentHealth,
    Unindexed,
)
from photofind.core.records import Epoch, Segment
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from photofind.core.vectors.drift import fit_of, sampled
from photofind.core.vectors.files import MappedFile
from photofind.core.vectors.rows import RowReader, row_file
from photofind.core.vectors.segments import MappedSegment

_ENOUGH_NEWCOMERS = 128
"""Fewer say little of themselves; then all vectors are looked at."""

_BARS = 40
"""A histogram has no more entries: what can still be told apart in a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the catalog says, all from one commit; ``dead`` flags every row, shape (next_vid,)."""

    photos: int
    pack: Pack
    epoch: Epoch | None
    segments: tuple[Segment, ...]
    dead: npt.NDArray[np.bool_]

    @property
    def live(self) -> int:
        return int((~self.dead).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What the files say: vectors in each list, shape (nlist,), and how well the index fits; None where damaged."""

    sizes: npt.NDArray[np.int64] | None
    drift: Drift | None
    problems: tuple[str, ...]


def examine_index(library: Path, catalog: Catalog, settings: Settings) -> IndexHealth:
    """Return the health of the active pack's index, changing nothing; by these settings it would be trained anew.

    Checksums are not verified: that takes reading all of it, and is the doctor's business.
    """
    known = _known(catalog)
    while known is not None:
        seen = _seen(library, known)
        # A file may be gone because the writer has swapped it since our look at the catalog: then a second one differs.
        newest = _known(catalog) if seen.problems else known
        if newest is known or (newest is not None and newest.pack == known.pack):
            return _health(library, known, seen, settings)
        known = newest
    with catalog.snapshot():
        photos = catalog.files.count_photos()
    return IndexHealth(
        photos=photos,
        vectors=0,
        dead=0,
        delta=0,
        nlist=0,
        segments=(),
        row_bytes=0,
        dead_row_bytes=0,
        index_bytes=0,
        lists=None,
        imbalance=None,
        drift=None,
        newcomers=None,
        trained_at=None,
        trained_on=0,
        compaction=Compaction(),
        reclustering=Reclustering(),
        unindexed=Unindexed.EMPTY,
    )


def _known(catalog: Catalog) -> _Known | None:
    with catalog.snapshot():
        pack = catalog.active_pack()
        if pack is None:
            return None
        epoch = catalog.vectors.epoch(pack)
        segments = tuple(catalog.vectors.segments(epoch.id)) if epoch else ()
        dead = np.zeros(pack.next_vid, np.bool_)
        dead[np.asarray(catalog.vectors.dead(pack.id), np.int64)] = True
        return _Known(catalog.files.count_photos(), pack, epoch, segments, dead)


# The files


def _seen(library: Path, known: _Known) -> _Seen:
    if known.epoch is None:
        return _Seen(None, None, ())
    problems = []
    sizes, drift = None, None
    try:
        sizes = _list_sizes(library, known.epoch, known.segments)
    except (LibraryDamagedError, FileNotFoundError) as error:
        problems.append(_sentence(error))
    try:
        drift = _drift(library, known, known.epoch)
    except (LibraryDamagedError, FileNotFoundError) as error:
        problems.append(_sentence(error))
    return _Seen(sizes, drift, tuple(dict.fromkeys(problems)))


def _sentence(error: LibraryDamagedError | FileNotFoundError) -> str:
    if isinstance(error, LibraryDamagedError):
        return str(error)
    return f"{error.filename} is gone; run `photofind doctor` on this library."


def _list_sizes(library: Path, epoch: Epoch, segments: tuple[Segment, ...]) -> npt.NDArray[np.int64]:
    sizes = np.zeros(epoch.nlist, np.int64)
    for segment in segments:
        lists = MappedSegment(library, epoch, segment).content
        if lists.nlist != epoch.nlist:
            raise LibraryDamagedError(f"The segment {segment.id} is of another index; run `photofind doctor` on it.")
        sizes += np.fromiter(map(lists.list_size, range(epoch.nlist)), np.int64, epoch.nlist)
    return sizes


def _drift(library: Path, known: _Known, epoch: Epoch) -> Drift | None:
    vids = np.flatnonzero(~known.dead)
    later = vids[vids >= epoch.trained_until] if epoch.trained_until is not None else vids[:0]
    is_later = len(later) >= _ENOUGH_NEWCOMERS
    trained = MappedFile.trained(library, epoch).content
    with RowReader(row_file(library, known.pack.key), known.pack.dimension, known.pack.next_vid) as rows:
        vectors = sampled(rows, later if is_later else vids).astype(np.float32)
    vectors = vectors[np.isfinite(vectors).all(axis=1)]
    faiss.omp_set_num_threads(1)
    fit = fit_of(trained, vectors)
    if fit is None:
        return None
    return Drift(len(vectors), is_later, fit.distance, fit.clipped, epoch.distance, epoch.clipped)


# What it comes to


def _health(library: Path, known: _Known, seen: _Seen, settings: Settings) -> IndexHealth:
    pack, epoch, live = known.pack, known.epoch, known.live
    segments = tuple(
        SegmentHealth(s.id, s.first_vid, s.end_vid, s.count, rule.dead_in(s, known.dead), s.bytes)
        for s in known.segments
    )
    newcomers = None
    if epoch is not None and epoch.trained_until is not None:
        newcomers = int((~known.dead[epoch.trained_until :]).sum())
    imbalance = imbalance_factor(seen.sizes) if seen.sizes is not None else None
    figures = Figures(live, pack.dimension, epoch, newcomers, imbalance, seen.drift, is_damaged=bool(seen.problems))
    row_bytes = pack.dimension * 2
    return IndexHealth(
        photos=known.photos,
        vectors=live,
        dead=pack.next_vid - live,
        delta=pack.next_vid - (segments[-1].end_vid if segments else 0),
        nlist=epoch.nlist if epoch else 0,
        segments=segments,
        row_bytes=pack.next_vid * row_bytes,
        dead_row_bytes=(pack.next_vid - live) * row_bytes,
        index_bytes=epoch.bytes + sum(segment.bytes for segment in segments) if epoch else 0,
        lists=_summary(seen.sizes) if seen.sizes is not None else None,
        imbalance=imbalance,
        drift=seen.drift,
        newcomers=newcomers,
        trained_at=epoch.trained_at if epoch else None,
        trained_on=epoch.trained_on if epoch else 0,
        compaction=judge_compaction(known.segments, segments, pack.dimension),
        reclustering=judge_reclustering(figures, rule.Tuning.of(settings), settings.workers),
        unindexed=_unindexed(live) if epoch is None else None,
        problems=seen.problems,
        accuracy=_accuracy(library, known, settings.rerank_candidates),
    )


def imbalance_factor(sizes: npt.NDArray[np.int64]) -> float:
    """Return faiss' imbalance factor of inverted lists, shape (nlist,): nlist · Σn² / (Σn)²; 1 of empty ones."""
    whole = float(sizes.sum())
    return float(len(sizes) * np.square(sizes.astype(np.float64)).sum() / whole**2) if whole else 1.0


def _summary(sizes: npt.NDArray[np.int64]) -> ListSizes:
    longest = int(sizes.max())
    step = longest // _BARS + 1
    histogram = tuple(np.bincount(sizes // step).tolist())
    empty = int((sizes == 0).sum())
    return ListSizes(int(sizes.min()), float(np.median(sizes)), longest, empty, step, histogram)


def _unindexed(live: int) -> Unindexed:
    if not live:
        return Unindexed.EMPTY
    return Unindexed.WAITING if live >= rule.MIN_SEALED else Unindexed.FEW


def _accuracy(library: Path, known: _Known, candidates_per_hit: int) -> Accuracy | None:
    accuracy = read_accuracy(library)
    epoch_id = known.epoch.id if known.epoch else ""
    if accuracy is None or not accuracy.holds_for(known.pack.key, epoch_id, known.live, candidates_per_hit):
        return None
    return accuracy
