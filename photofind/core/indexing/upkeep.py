"""Keeping the index in shape after commits.

The delta is sealed, segments are merged and compacted, the whole is trained anew when the library has outgrown its
lists, and files that nothing names any more are removed. What the rules put off, :meth:`IndexUpkeep.compact` and
:meth:`IndexUpkeep.rebuild` do at once.
Every step writes new files under new names and then swaps them in by one transaction, so that a search never waits and
a crash at any moment leaves either the old index or the new one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack
from photofind.core.catalog.connection import check_in_place
from photofind.core.errors import LibraryDamagedError
from photofind.core.records import Epoch, Segment
from photofind.core.vectors import building, rule
from photofind.core.vectors.files import orphans, remove_files
from photofind.core.vectors.merging import merge_segments
from photofind.core.vectors.rows import RowReader, orphan_row_files, row_file
from photofind.core.whole_files import remove_left_overs

LOG = logging.getLogger(__name__)


class IndexUpkeep:
    """Works on the index of one pack; ``check`` is called often and may raise to cancel.

    ``tuning`` is what the user chose of how the index is trained. ``progress`` is told (done, total) of a compaction or
    a rebuild, both in vectors that are gone through.
    """

    def __init__(
        self,
        library: Path,
        catalog: Catalog,
        pack_key: str,
        threads: int,
        check: Callable[[], None],
        tuning: rule.Tuning = rule.USUAL,
        progress: Callable[[int, int], None] = lambda *_: None,
    ) -> None:
        self._library = library
        self._catalog = catalog
        self._key = pack_key
        self._threads = threads
        self._check = check
        self._tuning = tuning
        self._progress = progress
        self._done = self._total = 0

    def delta_size(self) -> int:
        """Return how many rows no segment covers yet."""
        pack = self._pack()
        return pack.next_vid - _sealed(self._segments(pack))

    def run(self, *, smallest_delta: int = rule.MIN_SEALED) -> None:
        """Do what the rules ask for; a delta below ``smallest_delta`` stays as it is."""
        faiss.omp_set_num_threads(self._threads)
        pack = self._pack()
        if not pack.next_vid:
            return
        with RowReader(row_file(self._library, self._key), pack.dimension, pack.next_vid) as rows:
            dead = self._dead(pack)
            epoch = self._catalog.vectors.epoch(pack)
            live = int((~dead).sum())
            if epoch is None:
                if _deserves_index(pack, live, smallest_delta):
                    self._train_anew(pack, rows, dead)
            elif rule.needs_recluster(epoch.nlist, epoch.trained_on, live, self._tuning.nlist_rule):
                self._train_anew(pack, rows, dead)
            else:
                self._extend(pack, epoch, rows, dead, smallest_delta)
        self.collect_garbage()

    def rebuild(self) -> None:
        """Make the whole index anew from the rows, whatever state it is in; the old one stays until then."""
        faiss.omp_set_num_threads(self._threads)
        pack = self._pack()
        with RowReader(row_file(self._library, self._key), pack.dimension, pack.next_vid) as rows:
            self._replace_index(pack, rows, self._dead(pack))
        self.collect_garbage()

    def compact(self) -> None:
        """Drop every dead vector from the inverted lists, and merge segments as far as they may grow.

        What has not been sealed yet stays so. A damaged index is made anew instead.
        """
        faiss.omp_set_num_threads(self._threads)
        pack = self._pack()
        epoch = self._catalog.vectors.epoch(pack)
        if epoch is not None:
            dead = self._dead(pack)
            try:
                self._compact_all(pack, epoch, dead)
            except (LibraryDamagedError, FileNotFoundError) as error:
                LOG.warning("the index is made anew from the stored embeddings: %s", error)
                with RowReader(row_file(self._library, self._key), pack.dimension, pack.next_vid) as rows:
                    self._replace_index(pack, rows, dead)
        self.collect_garbage()

    def collect_garbage(self) -> list[Path]:
        """Remove the vector and index files that the catalog does not name, and half-written ones; return them.

        Raises StorageError when the library was moved: those that are at its path now are another's.
        """
        check_in_place(self._library)
        return remove_files(garbage(self._library, self._catalog)) + remove_left_overs(self._library)

    def _train_anew(self, pack: Pack, rows: RowReader, dead: npt.NDArray[np.bool_]) -> None:
        live = np.flatnonzero(~dead)
        nlist = rule.nlist_for(len(live), self._tuning.nlist_rule)
        per_list = self._tuning.training_vectors
        spans = building.spans_of(0, pack.next_vid)
        merging = _merging_work(spans, dead)
        self._begin(building.training_work(len(live), nlist, per_list) + pack.next_vid + merging)
        epoch = building.train_epoch(self._library, rows, live, nlist, self._check, per_list, self._note)
        built = building.build_segments(self._library, epoch, rows, spans, dead, self._check, self._note)
        segments = [
            merge_segments(self._library, epoch, run, dead, self._check, self._note) if len(run) > 1 else run[0]
            for run in rule.plan_compaction(built)
        ]
        with self._catalog.transaction():
            self._catalog.vectors.set_epoch(pack.id, epoch, segments)

    def _replace_index(self, pack: Pack, rows: RowReader, dead: npt.NDArray[np.bool_]) -> None:
        if _deserves_index(pack, int((~dead).sum()), rule.MIN_SEALED):
            self._train_anew(pack, rows, dead)
        else:
            with self._catalog.transaction():
                self._catalog.vectors.drop_index(pack.id)

    def _extend(
        self, pack: Pack, epoch: Epoch, rows: RowReader, dead: npt.NDArray[np.bool_], smallest_delta: int
    ) -> None:
        try:
            self._seal(pack, epoch, rows, dead, smallest_delta)
            self._merge(pack, epoch, dead)
            self._compact(pack, epoch, dead)
        except (LibraryDamagedError, FileNotFoundError) as error:
            LOG.warning("the index is made anew from the stored embeddings: %s", error)
            self._replace_index(pack, rows, dead)

    def _seal(
        self, pack: Pack, epoch: Epoch, rows: RowReader, dead: npt.NDArray[np.bool_], smallest_delta: int
    ) -> None:
        sealed = _sealed(self._segments(pack))
        if pack.next_vid - sealed < smallest_delta:
            return
        spans = building.spans_of(sealed, pack.next_vid)
        for segment in building.build_segments(self._library, epoch, rows, spans, dead, self._check):
            self._swap(epoch, [], segment)

    def _merge(self, pack: Pack, epoch: Epoch, dead: npt.NDArray[np.bool_]) -> None:
        while run := rule.plan_merge(self._segments(pack)):
            self._swap(epoch, run, merge_segments(self._library, epoch, run, dead, self._check))

    def _compact(self, pack: Pack, epoch: Epoch, dead: npt.NDArray[np.bool_]) -> None:
        for segment in self._segments(pack):
            if rule.dead_in(segment, dead) > rule.MAX_DEAD_SHARE * max(segment.count, 1):
                compacted = merge_segments(self._library, epoch, [segment], dead, self._check)
                self._swap(epoch, [segment], compacted)

    def _compact_all(self, pack: Pack, epoch: Epoch, dead: npt.NDArray[np.bool_]) -> None:
        groups = rule.plan_compaction(self._segments(pack))
        runs = [run for run in groups if len(run) > 1 or rule.dead_in(run[0], dead)]
        self._begin(sum(segment.count for run in runs for segment in run))
        for run in runs:
            merged = merge_segments(self._library, epoch, run, dead, self._check, self._note)
            self._swap(epoch, run, merged)

    def _begin(self, total: int) -> None:
        self._done, self._total = 0, total
        self._progress(0, total)

    def _note(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)

    def _swap(self, epoch: Epoch, old: list[Segment], new: Segment) -> None:
        with self._catalog.transaction():
            self._catalog.vectors.replace_segments(epoch.id, old, new)

    def _pack(self) -> Pack:
        pack = self._catalog.vectors.pack(self._key)
        assert pack is not None
        return pack

    def _segments(self, pack: Pack) -> list[Segment]:
        return self._catalog.vectors.segments(pack.epoch_id) if pack.epoch_id else []

    def _dead(self, pack: Pack) -> npt.NDArray[np.bool_]:
        dead = np.zeros(pack.next_vid, np.bool_)
        dead[np.asarray(self._catalog.vectors.dead(pack.id), np.int64)] = True
        return dead


def garbage(library: Path, catalog: Catalog) -> list[Path]:
    """Return the vector and index files that the catalog does not name."""
    vectors = catalog.vectors
    found = orphans(library, {epoch: vectors.segment_ids(epoch) for epoch in vectors.epoch_ids()})
    return found + orphan_row_files(library, {pack.key for pack in vectors.packs()})


def _deserves_index(pack: Pack, live: int, smallest: int) -> bool:
    # Many dead rows count too: readers hold the whole delta in memory.
    return live >= smallest or (live > 0 and pack.next_vid >= rule.MAX_DELTA)


def _merging_work(spans: Sequence[tuple[int, int]], dead: npt.NDArray[np.bool_]) -> int:
    """Return how many vectors are read to merge the segments built of these spans as far as they may grow."""
    built = [Segment("", first, end, int((~dead[first:end]).sum()), 0, "") for first, end in spans]
    return sum(segment.count for run in rule.plan_compaction(built) if len(run) > 1 for segment in run)


def _sealed(segments: list[Segment]) -> int:
    return segments[-1].end_vid if segments else 0
