"""A library filled by hand: the real catalog, rows, thumbnails and index, but embeddings made up instead of decoded.

Every change goes through the very ``Committer`` and ``IndexUpkeep`` of a run; :class:`Handmade` keeps beside them a
plain model of what the library should hold, with which answers can be compared.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Pack, ThumbnailStore
from photofind.core.indexing.commit import Committer
from photofind.core.indexing.messages import Embedded, Skipped, Task
from photofind.core.indexing.reconcile import Tally, settle_missing
from photofind.core.indexing.results import Result
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.records import FileStamp, PhotoFacts
from photofind.core.vectors import IndexSnapshot, SnapshotState
from photofind.core.vectors.rows import RowReader, RowWriter, row_file

DIMENSION = 32
FOLDER = os.path.abspath("/photos")
THUMBNAIL = b"\xff\xd8 small"
Vectors = npt.NDArray[np.float32]


def unit_vectors(count: int, seed: int, dimension: int = DIMENSION) -> Vectors:
    """Unit vectors in loose clusters, as photos lie; exactly representable as float16."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((max(1, count // 20), dimension))
    vectors = centres[random.integers(0, len(centres), count)] + 0.6 * random.standard_normal((count, dimension))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def no_check() -> None:
    """Never cancel."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A content: number ``number`` always has the same bytes, and ``embedding``."""

    number: int
    embedding: Vectors

    @property
    def digest(self) -> bytes:
        return hashlib.blake2b(self.number.to_bytes(8, "big"), digest_size=16).digest()


def pictures(count: int, seed: int = 0, first: int = 0) -> list[Picture]:
    return [Picture(first + i, vector) for i, vector in enumerate(unit_vectors(count, seed))]


@dataclass(slots=True)
class Handmade:
    """A library open for writing; ``model`` maps the names of its photos to their pictures."""

    folder: Path
    key: str = "pack-0123456789ab"
    model: dict[str, Picture] = field(default_factory=dict)
    embedded: int = 0
    catalog: Catalog = field(init=False)
    thumbnails: ThumbnailStore = field(init=False)
    rows: RowWriter = field(init=False)
    committer: Committer = field(init=False)
    _readers: list[RowReader] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.open()

    def open(self) -> None:
        """Open what :meth:`close`, or a crash, left."""
        self.catalog = Catalog.open_writer(self.folder / "library.db")
        self.thumbnails = ThumbnailStore.open(self.folder / "thumbnails.db", writable=True)
        with self.catalog.transaction():
            pack = self.catalog.vectors.put_pack(self.key, self.key, DIMENSION)
            if self.catalog.active_pack() is None:
                self.catalog.set_active_pack(self.key)
            self._folder_id()
        self.rows = RowWriter(row_file(self.folder, self.key), DIMENSION, pack.next_vid)
        self.committer = Committer(self.catalog, pack, self.rows, self.thumbnails, Tally())

    def close(self) -> None:
        while self._readers:
            self._readers.pop().close()
        self.rows.close()
        self.thumbnails.close()
        self.catalog.close()

    def reopen(self) -> None:
        self.close()
        self.open()

    @property
    def pack(self) -> Pack:
        pack = self.catalog.vectors.pack(self.key)
        assert pack is not None
        return pack

    @property
    def upkeep(self) -> IndexUpkeep:
        return IndexUpkeep(self.folder, self.catalog, self.key, 1, no_check)

    @property
    def row_path(self) -> Path:
        return row_file(self.folder, self.key)

    def put(self, files: Mapping[str, Picture]) -> None:
        """Add files, or change those of the same names, in one commit: contents that are known are not embedded."""
        results = self.results(files)
        self.committer.commit(results)
        self.model.update(files)
        self.embedded += sum(result.embedded is not None for result in results)

    def add(self, photos: Iterable[Picture]) -> None:
        """Add files named after their contents."""
        self.put({name_of(photo): photo for photo in photos})

    def results(self, files: Mapping[str, Picture]) -> list[Result]:
        """Note the files as pending and return what a decoder would make of them."""
        with self.catalog.transaction():
            known = self.catalog.files.in_folder(self._folder_id())
            stamps = {name: stamp_for(picture) for name, picture in files.items()}
            self.catalog.files.add_pending(
                self._folder_id(), [(name, stamp) for name, stamp in stamps.items() if name not in known]
            )
            self.catalog.files.set_pending([(known[name].id, stamp) for name, stamp in stamps.items() if name in known])
        pending = self.catalog.files.pending([self._root_id()], 0, 1 << 40)
        asked: set[bytes] = set()
        results = []
        for before in pending:
            name = os.path.basename(before.path)
            if name not in files:
                continue
            task = Task(before.id, before.path, before.root_id)
            results.append(Result(task, before, self._outcome(files[name], asked)))
            asked.add(files[name].digest)
        return results

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, as the end of a run does."""
        known = self.catalog.files.in_folder(self._folder_id())
        names = list(names)
        with self.catalog.transaction():
            settle_missing(self.catalog, {known[name].id: known[name] for name in names}, {}, Tally())
        for name in names:
            del self.model[name]

    def photo_id(self, name: str) -> int:
        return self.catalog.files.in_folder(self._folder_id())[name].id

    def state(self) -> SnapshotState:
        return state_of(self.catalog, self.pack)

    def snapshot(self, *, use_index: bool = True) -> IndexSnapshot:
        """Open a view of the index as it is now."""
        state = self.state()
        reader = RowReader(self.row_path, DIMENSION, state.next_vid)
        self._readers.append(reader)
        return IndexSnapshot(self.folder, reader, state, use_index=use_index)

    def numbers(self, vids: Iterable[int]) -> list[int]:
        """Return the numbers of the pictures whose vectors these are."""
        paths: dict[int, str] = {
            place.vid: place.path for place in self.catalog.vectors.places(self.pack.id, list(vids))
        }
        return [self.model[os.path.basename(paths[vid])].number for vid in vids]

    def expected(self, query: Vectors, k: int) -> list[int]:
        """Return the numbers of the ``k`` best pictures, by brute force over the model."""
        found = {picture.number: float(picture.embedding @ query) for picture in self.model.values()}
        return sorted(found, key=lambda number: -found[number])[:k]

    def found(self, query: Vectors, k: int, nprobe: int | None = None) -> list[int]:
        """Return the numbers of the ``k`` best pictures, by the index; ``nprobe`` None probes all lists."""
        snapshot = self.snapshot()
        vids, _ = snapshot.search(query, k, nprobe or snapshot.nlist)
        return self.numbers(vids.tolist())

    def _outcome(self, picture: Picture, asked: set[bytes]) -> Embedded | Skipped:
        content = self.catalog.contents.by_hash(picture.digest)
        if picture.digest in asked or (
            content is not None and self.catalog.vectors.vid_of(self.pack.id, content) is not None
        ):
            return Skipped(picture.digest, stamp_for(picture))
        return Embedded(picture.digest, stamp_for(picture), PhotoFacts("JPEG", 8, 6), THUMBNAIL, picture.embedding)

    def _root_id(self) -> int:
        return self.catalog.files.add_root(FOLDER)

    def _folder_id(self) -> int:
        return self.catalog.files.put_folder(self._root_id(), FOLDER, is_mount=False, error=None)


def name_of(picture: Picture) -> str:
    return f"{picture.number}.jpg"


def stamp_for(picture: Picture) -> FileStamp:
    return FileStamp(1000 + picture.number, 1_700_000_000_000_000_000, picture.number)


def state_of(catalog: Catalog, pack: Pack) -> SnapshotState:
    epoch = catalog.vectors.epoch(pack)
    segments = catalog.vectors.segments(epoch.id) if epoch else []
    return SnapshotState(pack.next_vid, tuple(catalog.vectors.dead(pack.id)), epoch, tuple(segments))


def flip_bit(path: Path, offset: int) -> None:
    """Flip one bit of a file; a negative offset counts from its end."""
    content = bytearray(path.read_bytes())
    content[offset] ^= 0x10
    path.write_bytes(content)


@contextmanager
def full_disk(largest_file: int) -> Iterator[None]:
    """Let the system refuse to make any file longer than this: the nearest to a full disk that needs no mount."""
    import pytest

    if sys.platform == "win32":
        pytest.skip(f"no limit of file sizes on Windows ({errno.EFBIG})")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
