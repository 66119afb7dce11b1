"""The row store: every embedding of a pack as float16, row number = vid, in one append-only file.

It is the only copy of the embeddings; the index is built from it and may be dropped at any time. The catalog names the
rows that count: what lies beyond its ``next_vid`` is left over from a crash and is overwritten by the next append.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.private_files import open_private
from photofind.core.vectors.files import sync_folder

Rows = npt.NDArray[np.float16]
"""Embeddings as stored, shape (n, dimension), dtype float16, little endian."""

_STORED = np.dtype("<f2")
_OWN_NAME = re.compile(r"vectors-[a-z0-9._-]+-[0-9a-f]{12}\.f16")


def row_file(library: Path, pack_key: str) -> Path:
    """Return the path of a pack's row store."""
    return library / f"vectors-{pack_key}.f16"


def orphan_row_files(library: Path, pack_keys: Collection[str]) -> list[Path]:
    """Return the row stores of packs that are not among ``pack_keys``, by the names that keys of packs have."""
    named = {row_file(library, key) for key in pack_keys}
    own = [path for path in sorted(library.glob("vectors-*.f16")) if _OWN_NAME.fullmatch(path.name)]
    return [path for path in own if path not in named]


def row_crcs(rows: Rows) -> list[int]:
    """Return the CRC-32 of each row's bytes."""
    return [zlib.crc32(row) for row in np.ascontiguousarray(rows, dtype=_STORED)]


KnownCrcs = Callable[[npt.NDArray[np.int64]], Iterable[tuple[int, int]]]
"""Returns (vid, CRC-32) of those among some vids whose rows count."""


class _Verifier:
    """Compares rows with their checksums, each the first time that it is read."""

    def __init__(self, count: int, known: KnownCrcs) -> None:
        self._known = known
        self._done = np.zeros(count, np.bool_)

    def damaged(self, vids: npt.NDArray[np.int64], rows: Rows) -> int | None:
        """Return the first of some vids whose row, shape (dimension,), is not what it was; None when all are."""
        new = np.flatnonzero(~self._done[vids])
        if not len(new):
            return None
        crcs = dict(self._known(vids[new]))
        for place in new.tolist():
            vid = int(vids[place])
            if vid in crcs and zlib.crc32(rows[place]) != crcs[vid]:
                return vid
        self._done[vids] = True
        return None


class RowWriter:
    """Appends rows; nothing that the catalog names is ever overwritten."""

    def __init__(self, path: Path, dimension: int, next_vid: int) -> None:
        self._path = path
        self._dimension = dimension
        self._stride = dimension * _STORED.itemsize
        self._next = next_vid
        try:
            is_new = not path.exists()
            if (0 if is_new else path.stat().st_size) < next_vid * self._stride:
                # Appending would pass over what is lost, and fill it with zeros that look like rows.
                what = "is gone" if is_new else "is cut short"
                raise LibraryDamagedError(f"{path} {what}; run `photofind doctor` on this library.")
            self._file = open(path, "w+b" if is_new else "r+b", buffering=0, opener=open_private)  # noqa: SIM115 - closed by close()
            if is_new:
                sync_folder(path.parent)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {error.strerror or error}. Check that disk.") from error

    def append(self, vectors: npt.NDArray[np.float32]) -> Rows:
        """Write float32 vectors, shape (n, dimension), as rows and force them to the disk; return the rows.

        Raises
        ------
        ValueError
            When a component is not finite: faiss would count such a vector but never find it.
        StorageError
            When the disk refuses; the store is then as before.
        """
        if not np.isfinite(vectors).all():
            raise ValueError("embeddings must be finite")
        rows: Rows = np.ascontiguousarray(vectors, dtype=_STORED)
        try:
            self._write(rows.data.cast("B"), self._next * self._stride)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise StorageError(
                f"Cannot write {self._path}: {error.strerror or error}. Free some space or reconnect that disk."
            ) from error
        self._next += len(rows)
        return rows

    def reader(self, count: int) -> RowReader:
        """Open the first ``count`` rows for reading."""
        return RowReader(self._path, self._dimension, count)

    def rewind(self, next_vid: int) -> None:
        """Forget rows that were appended but that the catalog did not come to name."""
        self._next = next_vid

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, data: memoryview, offset: int) -> None:
        self._file.seek(offset)
        while data:
            data = data[self._file.write(data) :]


class RowReader:
    """Reads rows ``0 … count`` of a store; safe while another process appends. Use it from one thread at a time.

    Rows are read, not mapped: re-ranking touches single rows all over the file, and the system would count 64 kB of a
    map as this process's memory for each of them.

    With ``known``, which tells their checksums, rows are verified when they are read for the first time, and
    LibraryDamagedError is raised for one that is damaged.
    """

    def __init__(self, path: Path, dimension: int, count: int, known: KnownCrcs | None = None) -> None:
        self.dimension = dimension
        self.count = count
        self._stride = dimension * _STORED.itemsize
        self._path = path
        self._file = self._opened() if count else None
        self._verifier = None if known is None else _Verifier(count, known)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def get(self, vids: npt.NDArray[np.int64] | Sequence[int]) -> Rows:
        """Return the rows of ``vids``, shape (len(vids), dimension)."""
        rows = np.empty((len(vids), self.dimension), _STORED)
        if rows.size:
            whole = rows.data.cast("B")
            wanted = np.asarray(vids, np.int64)
            # What was taken on one day lies together, and is read together.
            starts = np.flatnonzero(np.diff(wanted, prepend=wanted[0] - 2) != 1)
            ends = np.append(starts[1:], len(wanted))
            for start, end, vid in zip(starts.tolist(), ends.tolist(), wanted[starts].tolist(), strict=True):
                self._read(whole[start * self._stride : end * self._stride], vid)
            self._verify(wanted, rows)
        return rows

    def span(self, first: int, end: int, *, verified: bool = True) -> Rows:
        """Return the rows ``first … end``, shape (end - first, dimension); not ``verified``, whatever they hold."""
        rows = np.empty((end - first, self.dimension), _STORED)
        if rows.size:
            self._read(rows.data.cast("B"), first)
            if verified:
                self._verify(np.arange(first, end, dtype=np.int64), rows)
        return rows

    def blocks(self, first: int, end: int, size: int, *, verified: bool = True) -> Iterator[tuple[int, Rows]]:
        """Yield (first vid, rows) over ``first … end``, at most ``size`` rows each."""
        for start in range(first, end, size):
            yield start, self.span(start, min(start + size, end), verified=verified)

    def _verify(self, vids: npt.NDArray[np.int64], rows: Rows) -> None:
        damaged = None if self._verifier is None else self._verifier.damaged(vids, rows)
        if damaged is not None:
            raise self._damaged(f"is damaged (at embedding {damaged})")

    def _read(self, target: memoryview, vid: int) -> None:
        if self._file is None:
            raise IndexError(f"row {vid} of an empty or closed row store")
        place = vid * self._stride
        while target:
            try:
                got = _read_at(self._file, target, place)
            except OSError as error:
                raise self._damaged(f"cannot be read ({error.strerror or error})") from error
            if not got:
                raise self._damaged("is cut short")
            target = target[got:]
            place += got

    def _opened(self) -> io.FileIO:
        try:
            file = io.FileIO(self._path)
        except OSError as error:
            raise self._damaged(f"cannot be read ({error.strerror or error})") from error
        if os.fstat(file.fileno()).st_size < self.count * self._stride:
            file.close()
            raise self._damaged("is cut short")
        return file

    def _damaged(self, what: str) -> LibraryDamagedError:
        return LibraryDamagedError(f"{self._path} {what}; run `photofind doctor` on this library.")


def _read_at(file: io.FileIO, target: memoryview, place: int) -> int:
    """Read what lies at a place of a file in one call, where the system has one: a query reads thousands of rows."""
    if sys.platform == "win32":
        file.seek(place)
        return file.readinto(target) or 0
    return os.preadv(file.fileno(), [target], place)
