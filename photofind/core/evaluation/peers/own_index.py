"""photofind's own files, written and searched by the code that a library is: rows, one epoch, its segments, a snapshot.

What the catalog says of them in a library stands in ``state.json``: which segments count, and which vectors are dead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.peers.contestant import Ids, Vectors
from photofind.core.records import Epoch, Segment
from photofind.core.settings import usable_processors
from photofind.core.vectors import IndexSnapshot, SnapshotState, building, rule
from photofind.core.vectors.files import orphans, remove_files
from photofind.core.vectors.merging import merge_segments
from photofind.core.vectors.rows import RowReader, RowWriter, row_file

_PACK = "peers"
_BATCH = 8_192
_STEPS = (1, 1.25, 1.5, 1.75)  # 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 …


class OwnIndex:
    """An index as the writer of a library makes and keeps it."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._dimension = dimension
        self._rows_file = row_file(folder, _PACK)
        self._state = SnapshotState(0, (), None, ())
        self._reader: RowReader | None = None
        self._snapshot: IndexSnapshot | None = None

    def build(self, vectors: Vectors, threads: int) -> None:
        """Append the rows, train an epoch, encode its segments and join them."""
        faiss.omp_set_num_threads(threads)
        self._append(0, vectors)
        if len(vectors) >= rule.MIN_SEALED:
            with self._rows() as rows:
                live = np.arange(len(vectors))
                epoch = building.train_epoch(self._folder, rows, live, rule.nlist_for(len(live)), _go_on)
            self._state = replace(self._state, epoch=epoch)
            self._seal()
            self._join()
        self._save()

    def open(self, *, to_change: bool) -> None:
        """Open the files as a search of the library does."""
        del to_change
        stored = json.loads((self._folder / "state.json").read_text("utf-8"))
        epoch = Epoch(**stored["epoch"]) if stored["epoch"] else None
        segments = tuple(Segment(**segment) for segment in stored["segments"])
        self._state = SnapshotState(stored["next_vid"], tuple(stored["dead"]), epoch, segments)
        self._look()

    def close(self) -> None:
        """Let the files go."""
        self._snapshot = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def efforts(self) -> Sequence[int]:
        """Return values of nprobe."""
        nlist = self._state.epoch.nlist if self._state.epoch else 1
        steps = {int(step * 2**power) for power in range(nlist.bit_length()) for step in _STEPS}
        return sorted(step for step in steps if step <= nlist)

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> Ids:
        """Search the snapshot."""
        assert self._snapshot is not None
        return self._snapshot.search(query, k, effort)[0]

    def add(self, first: int, vectors: Vectors) -> None:
        """Append rows, seal them when they are enough, and merge segments by the product's rule."""
        faiss.omp_set_num_threads(usable_processors())
        self._append(first, vectors)
        if self._state.epoch is not None and self._state.next_vid - self._sealed() >= rule.MIN_SEALED:
            self._seal()
            while run := rule.plan_merge(self._state.segments):
                self._rewrite(run)
        self._save()
        self._look()

    def delete(self, ids: Ids) -> None:
        """Note them as dead; segments are rewritten without them by the product's rule, when a fifth is dead."""
        self._state = replace(self._state, dead=tuple(sorted({*self._state.dead, *ids.tolist()})))
        dead = self._dead()
        for segment in self._state.segments:
            if np.count_nonzero(dead[segment.first_vid : segment.end_vid]) > rule.MAX_DEAD_SHARE * segment.count:
                self._rewrite([segment])
        self._save()
        self._look()

    def compact(self) -> bool:
        """Rewrite the segments as few and without their dead."""
        for run in rule.plan_compaction(self._state.segments):
            self._rewrite(run)
        self._save()
        self._look()
        return True

    def _append(self, first: int, vectors: Vectors) -> None:
        writer = RowWriter(self._rows_file, self._dimension, first)
        try:
            for start in range(0, len(vectors), _BATCH):
                writer.append(np.ascontiguousarray(vectors[start : start + _BATCH]))
        finally:
            writer.close()
        self._state = replace(self._state, next_vid=first + len(vectors))

    def _seal(self) -> None:
        spans = building.spans_of(self._sealed(), self._state.next_vid)
        assert self._state.epoch is not None
        with self._rows() as rows:
            made = building.build_segments(self._folder, self._state.epoch, rows, spans, self._dead(), _go_on)
        self._state = replace(self._state, segments=(*self._state.segments, *made))

    def _join(self) -> None:
        for run in rule.plan_compaction(self._state.segments):
            if len(run) > 1:
                self._rewrite(run)

    def _rewrite(self, run: Sequence[Segment]) -> None:
        assert self._state.epoch is not None
        merged = merge_segments(self._folder, self._state.epoch, run, self._dead(), _go_on)
        kept = [segment for segment in self._state.segments if segment not in run]
        self._state = replace(self._state, segments=tuple(sorted([*kept, merged], key=lambda each: each.first_vid)))

    def _sealed(self) -> int:
        return self._state.segments[-1].end_vid if self._state.segments else 0

    def _dead(self) -> npt.NDArray[np.bool_]:
        dead = np.zeros(self._state.next_vid, np.bool_)
        dead[np.asarray(self._state.dead, np.int64)] = True
        return dead

    def _rows(self) -> RowReader:
        return RowReader(self._rows_file, self._dimension, self._state.next_vid)

    def _look(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._rows()
        self._snapshot = IndexSnapshot(self._folder, self._reader, self._state, previous=self._snapshot)

    def _save(self) -> None:
        """Put the state in the place of the last one, on the disk, and remove the files that it no longer names."""
        epoch = self._state.epoch
        document = {
            "next_vid": self._state.next_vid,
            "dead": self._state.dead,
            "epoch": asdict(epoch) if epoch else None,
            "segments": [asdict(segment) for segment in self._state.segments],
        }
        new = self._folder / "state.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump(document, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / "state.json")
        if epoch:
            remove_files(orphans(self._folder, {epoch.id: {segment.id for segment in self._state.segments}}))


def make(name: str, folder: Path, dimension: int) -> OwnIndex:
    """Return the contestant."""
    del name
    return OwnIndex(folder, dimension)


def _go_on() -> None:
    """Nobody stops a stage from inside: its process is ended."""
