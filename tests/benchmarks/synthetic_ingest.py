"""Filling a library without decoding a photo: the writer's real path, fed with made-up embeddings.

Everything from the catalog's pending files on is the product's own: feed, committer, row store, thumbnails, upkeep, in
the order and the batches of an indexing run.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack, PendingFile, ThumbnailStore
from photofind.core.encoders import resolve
from photofind.core.indexing.commit import Committer
from photofind.core.indexing.feeds import PendingFeed
from photofind.core.indexing.messages import Embedded
from photofind.core.indexing.reconcile import Reconciler, Tally
from photofind.core.indexing.results import Result
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.records import FileStamp, PhotoFacts
from photofind.core.scan import IgnoreRules, walk
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from photofind.core.vectors.rows import RowWriter, row_file

_BATCH = 256  # as many results as an indexing run commits at once
FOLDER_SIZE = 500
"""Photos in a folder of those that do not exist."""

_FACTS = PhotoFacts("JPEG", 4000, 3000, "2024-07-01T12:00:00", "Made Up 1", None, 48.1, 11.6)

Embed = Callable[[PendingFile], Embedded]


@dataclass
class Seconds:
    """How long filling took, the upkeep of the index apart."""

    ingest: float = 0.0
    upkeep: float = 0.0


class SyntheticWriter:
    """The writer's side of a library, opened as the worker opens it."""

    def __init__(self, library: Path) -> None:
        library.mkdir(exist_ok=True)
        self._library = library
        self._catalog = Catalog.open_writer(library / "library.db")
        self._thumbnails = ThumbnailStore.open(library / "thumbnails.db", writable=True)
        selection = resolve("")
        with self._catalog.transaction():
            pack = self._catalog.vectors.put_pack(selection.key, selection.spec, selection.pack.dimension)
            self._catalog.set_active_pack(pack.key)
        self._key = pack.key
        self._upkeep = IndexUpkeep(library, self._catalog, pack.key, Settings().workers, lambda: None)
        self.seconds = Seconds()

    def close(self) -> None:
        """Close every file, as the worker does at its end."""
        self._thumbnails.close()
        self._catalog.close()

    def scan(self, top: Path) -> None:
        """Note the files that lie below ``top`` as pending."""
        with self._catalog.transaction():
            root_id = self._catalog.files.add_root(str(top))
            root = next(root for root in self._catalog.files.roots() if root.id == root_id)
            reconciler = Reconciler(self._catalog, Tally())
            scope = reconciler.open_scope(root, str(top))
            for listing in walk(str(top), IgnoreRules()):
                reconciler.take(scope, listing)
            reconciler.close_scope(scope)

    def invent(self, first: int, count: int) -> None:
        """Note ``count`` files that do not exist as pending, named by their numbers."""
        for start in range(first, first + count, FOLDER_SIZE):
            numbers = range(start, min(start + FOLDER_SIZE, first + count))
            files = [(f"IMG_{number:08}.jpg", FileStamp(3_000_000 + number, number, number)) for number in numbers]
            with self._catalog.transaction():
                root_id = self._catalog.files.add_root("/made-up")
                folder = self._catalog.files.put_folder(root_id, f"/made-up/{start:08}", is_mount=False, error=None)
                self._catalog.files.add_pending(folder, files)

    def ingest(self, embed: Embed) -> None:
        """Commit every pending file and keep the index in shape, both as a run does."""
        started = time.perf_counter()
        upkeep_before = self.seconds.upkeep
        roots = {root.id: root.path for root in self._catalog.files.roots()}
        feed = PendingFeed(self._catalog, roots)
        pack = self._pack()
        rows = RowWriter(row_file(self._library, pack.key), pack.dimension, pack.next_vid)
        committer = Committer(self._catalog, pack, rows, self._thumbnails, Tally())
        while batch := self._batch(feed, embed):
            committer.commit(feed.sift(batch))
            if self._upkeep.delta_size() >= rule.MAX_DELTA:
                self._keep()
        rows.close()
        self._keep()
        self.seconds.ingest += time.perf_counter() - started - (self.seconds.upkeep - upkeep_before)

    def _batch(self, feed: PendingFeed, embed: Embed) -> list[Result]:
        batch: list[Result] = []
        while len(batch) < _BATCH and (order := feed.next()) is not None:
            task, file = order
            assert file is not None
            batch.append(Result(task, file, embed(file)))
        return batch

    def _keep(self) -> None:
        started = time.perf_counter()
        self._upkeep.run()
        self.seconds.upkeep += time.perf_counter() - started

    def _pack(self) -> Pack:
        pack = self._catalog.vectors.pack(self._key)
        assert pack is not None
        return pack


@contextmanager
def synthetic_writer(library: Path) -> Iterator[SyntheticWriter]:
    """Open a library for made-up embeddings."""
    writer = SyntheticWriter(library)
    try:
        yield writer
    finally:
        writer.close()


def made_up(
    number: int, vector: npt.NDArray[np.float32], thumbnail: int | bytes, facts: PhotoFacts = _FACTS
) -> Embedded:
    """Return what a decoder would say of photo ``number``; ``thumbnail`` may be a number of meaningless bytes."""
    digest = hashlib.blake2b(number.to_bytes(8, "little"), digest_size=32).digest()
    if isinstance(thumbnail, int):
        thumbnail = b"\xff\xd8" + (digest * (thumbnail // 32 + 1))[: thumbnail - 2]
    return Embedded(digest, FileStamp(3_000_000 + number, number, number), facts, thumbnail, vector)
