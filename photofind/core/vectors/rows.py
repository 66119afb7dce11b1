"""The row store: every embedding of a pack as float16, row number = vid, in one append-only file.

It is the only copy of the embeddings; the index is built from it and may be dropped at any time. The catalog names the
rows that count: what lies beyond its ``next_vid`` is left over from a crash and is overwritten by the next append.

Reading a damaged row is an error that names it, never a row. Who can do without it says so (``leave_out``) and begins
again; from then on it is in no span.
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

from photofind.core.errors import DamagedRowsError, LibraryDamagedError, StorageError
from photofind.core.private_files import open_private
from photofind.core.vectors.files import sync_folder

Rows = npt.NDArray[np.float16]
"""Embeddings as stored, shape (n, dimension), dtype float16, little endian."""

_STORED = np.dtype("<f2")
_FEW_DAMAGED = 16
"""So many rows of a sound file may be damaged: those of four sectors of a disk, at 512 dimensions."""
_DAMAGED_SHARE = 0.01
"""Beyond a few, so large a part of them: where more is lost, an answer lacks what nobody would look for elsewhere."""
_MOST_OF_FEW = 0.25
"""Of a small library even a few rows are nearly all."""
_EXAMINED_AT_ONCE = 32_768
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

    def damaged(self, vids: npt.NDArray[np.int64], rows: Rows) -> list[int]:
        """Return those of some vids whose rows, shape (n, dimension), are not what they were."""
        new = np.flatnonzero(~self._done[vids])
        if not len(new):
            return []
        crcs = dict(self._known(vids[new]))
        damaged = [
            vid
            for place, vid in zip(new.tolist(), vids[new].tolist(), strict=True)
            if vid in crcs and zlib.crc32(rows[place]) != crcs[vid]
        ]
        self._done[vids] = True
        self._done[np.array(damaged, np.int64)] = False  # whoever asks for one again is told again
        return damaged


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
    DamagedRowsError is raised where some are damaged; so it is, without checksums too, where the disk fails to read a
    few of them. LibraryDamagedError is raised when it fails to read more.
    """

    def __init__(self, path: Path, dimension: int, count: int, known: KnownCrcs | None = None) -> None:
        self.dimension = dimension
        self.count = count
        self._stride = dimension * _STORED.itemsize
        self._path = path
        self._file = self._opened() if count else None
        self._verifier = None if known is None else _Verifier(count, known)
        self._left_out = np.empty(0, np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def left_out(self) -> npt.NDArray[np.int64]:
        """The vids of damaged rows that are done without, sorted."""
        return self._left_out

    def leave_out(self, vids: Sequence[int]) -> None:
        """Do without damaged rows from now on: a span has zeros in their places; asking for one is still an error.

        Where they are more than a few, all rows are verified at once: then it is known how many there are, and who does
        without them need not begin again for each.

        Raises
        ------
        LibraryDamagedError
            When too many are damaged for the others to stand for the library; nothing more is left out then.
        """
        found = np.union1d(self._left_out, np.asarray(vids, np.int64))
        most = max(min(_FEW_DAMAGED, int(self.count * _MOST_OF_FEW)), int(self.count * _DAMAGED_SHARE))
        if len(found) > _FEW_DAMAGED:
            for first in range(0, self.count, _EXAMINED_AT_ONCE):
                found = np.union1d(found, self._damage(first, min(first + _EXAMINED_AT_ONCE, self.count)))
                if len(found) > most:
                    break
        if len(found) > most:
            raise self._damaged(f"is damaged (at {len(found):,} embeddings or more)")
        self._left_out = found

    def get(self, vids: npt.NDArray[np.int64] | Sequence[int]) -> Rows:
        """Return the rows of ``vids``, shape (len(vids), dimension)."""
        return self._rows_of(vids, verified=True)

    def _rows_of(self, vids: npt.NDArray[np.int64] | Sequence[int], *, verified: bool) -> Rows:
        rows = np.empty((len(vids), self.dimension), _STORED)
        if rows.size:
            whole = rows.data.cast("B")
            wanted = np.asarray(vids, np.int64)
            # What was taken on one day lies together, and is read together.
            starts = np.flatnonzero(np.diff(wanted, prepend=wanted[0] - 2) != 1)
            ends = np.append(starts[1:], len(wanted))
            for start, end, vid in zip(starts.tolist(), ends.tolist(), wanted[starts].tolist(), strict=True):
                self._fill(whole[start * self._stride : end * self._stride], vid)
            if verified:
                self._verify(wanted, rows)
        return rows

    def span(self, first: int, end: int, *, verified: bool = True) -> Rows:
        """Return the rows ``first … end``, shape (end - first, dimension); not ``verified``, whatever they hold."""
        if len(self._left_out):
            return self._span_of_others(first, end, verified=verified)
        rows = np.empty((end - first, self.dimension), _STORED)
        if rows.size:
            self._fill(rows.data.cast("B"), first)
            if verified:
                self._verify(np.arange(first, end, dtype=np.int64), rows)
        return rows

    def blocks(self, first: int, end: int, size: int, *, verified: bool = True) -> Iterator[tuple[int, Rows]]:
        """Yield (first vid, rows) over ``first … end``, at most ``size`` rows each."""
        for start in range(first, end, size):
            yield start, self.span(start, min(start + size, end), verified=verified)

    def _span_of_others(self, first: int, end: int, *, verified: bool) -> Rows:
        """Return a span in which the rows that are left out are zeros, without reading them."""
        others = np.setdiff1d(np.arange(first, end, dtype=np.int64), self._left_out, assume_unique=True)
        rows = np.zeros((end - first, self.dimension), _STORED)
        rows[others - first] = self._rows_of(others, verified=verified)
        return rows

    def _damage(self, first: int, end: int) -> list[int]:
        """Return which rows of a span are damaged."""
        vids = np.arange(first, end, dtype=np.int64)
        damaged: list[int] = []
        while True:
            try:
                self.get(vids)
            except DamagedRowsError as error:
                damaged += error.vids
                vids = np.setdiff1d(vids, error.vids)
            else:
                return damaged

    def _verify(self, vids: npt.NDArray[np.int64], rows: Rows) -> None:
        damaged = [] if self._verifier is None else self._verifier.damaged(vids, rows)
        if damaged:
            raise self._damaged(f"is damaged (at embedding {damaged[0]})", damaged)

    def _fill(self, target: memoryview, first: int) -> None:
        """Read the rows from ``first`` on; where the disk fails, find out which of them it does not give back."""
        try:
            self._read(target, first)
        except OSError as error:
            lost = self._unreadable(first, len(target) // self._stride)
            vids = lost if len(lost) <= _FEW_DAMAGED else []
            raise self._damaged(f"cannot be read ({error.strerror or error})", vids) from error

    def _unreadable(self, first: int, count: int) -> list[int]:
        """Return which of some rows cannot be read; where they are more than a few, not all of them."""
        one = memoryview(bytearray(self._stride))
        lost: list[int] = []
        for vid in range(first, first + count):
            try:
                self._read(one, vid)
            except OSError:
                lost.append(vid)
            if len(lost) > _FEW_DAMAGED:  # a disk that is gone gives nothing back, and may take its time for each
                break
        return lost

    def _read(self, target: memoryview, vid: int) -> None:
        if self._file is None:
            raise IndexError(f"row {vid} of an empty or closed row store")
        place = vid * self._stride
        while target:
            got = _read_at(self._file, target, place)
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

    def _damaged(self, what: str, vids: Sequence[int] = ()) -> LibraryDamagedError:
        message = f"{self._path} {what}; run `photofind doctor` on this library."
        return DamagedRowsError(message, vids) if vids else LibraryDamagedError(message)


def _read_at(file: io.FileIO, target: memoryview, place: int) -> int:
    """Read what lies at a place of a file in one call, where the system has one: a query reads thousands of rows."""
    if sys.platform == "win32":
        file.seek(place)
        return file.readinto(target) or 0
    return os.preadv(file.fileno(), [target], place)
