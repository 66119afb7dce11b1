"""Index files: written once under a unique name, mapped for reading, checked by SHA-256.

Python opens every file itself, because faiss' own file access fails on non-ASCII paths on Windows. Mapping works
through ``ZeroCopyIOReader``: the inverted lists stay views of the map, so opening costs milliseconds at any size.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.private_files import open_private
from photofind.core.records import Epoch

_WRITE_BUFFER = 1 << 22
_OWN_ID = re.compile(r"[0-9a-f]{32}")
_OWN_FILE = re.compile(r"trained\.faiss|seg-[0-9a-f]{32}\.faiss")

Sink = Callable[[bytes], int]
"""Takes the next bytes of a file; returns how many."""


def epoch_folder(library: Path, epoch_id: str) -> Path:
    """Return the folder of an epoch's files."""
    return library / f"epoch-{epoch_id}"


def trained_file(library: Path, epoch_id: str) -> Path:
    """Return the path of an epoch's trained, empty index."""
    return epoch_folder(library, epoch_id) / "trained.faiss"


def segment_file(library: Path, epoch_id: str, segment_id: str) -> Path:
    """Return the path of a segment's inverted lists."""
    return epoch_folder(library, epoch_id) / f"seg-{segment_id}.faiss"


def write_durably(path: Path, write: Callable[[Any], None]) -> tuple[int, str]:
    """Create ``path`` with what ``write(faiss_writer)`` writes, see :func:`store_durably`."""

    def through_faiss(sink: Sink) -> None:
        writer = faiss.PyCallbackIOWriter(sink, _WRITE_BUFFER)
        write(writer)
        del writer  # flushes what faiss still buffers

    return store_durably(path, through_faiss)


def store_durably(path: Path, write: Callable[[Sink], None]) -> tuple[int, str]:
    """Create ``path`` with the bytes that ``write(sink)`` hands to ``sink``, on the disk when this returns.

    Returns the file's size in bytes and its SHA-256. Raises StorageError when the disk refuses, leaving no file if it
    lets that be removed.
    """
    digest = hashlib.sha256()
    try:
        with open(path, "xb", opener=open_private) as file:

            def sink(data: bytes) -> int:
                digest.update(data)
                return file.write(data)

            write(sink)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        with contextlib.suppress(OSError):  # then the next writer collects it: nothing names it
            path.unlink()
        raise StorageError(f"Cannot write {path}: {error}. Free some space or reconnect that disk.") from error
    return size, digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal; raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class MappedFile:
    """An index file mapped into memory and handed to faiss without a copy.

    ``load`` is ``faiss.read_index`` or ``faiss.read_InvertedLists``; what it returned is ``content``. Before faiss
    believes anything in the file, ``is_sound`` looks at it.
    """

    def __init__(
        self, path: Path, size: int, load: Callable[[Any], Any], is_sound: Callable[[mmap.mmap], bool]
    ) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                found = os.fstat(file.fileno()).st_size
                if found != size:
                    raise LibraryDamagedError(f"{path} has {found} bytes instead of {size}; run `photofind doctor`.")
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise LibraryDamagedError(
                f"Cannot read {path}: {error.strerror or error}. Run `photofind doctor` on this library."
            ) from error
        if not is_sound(self._map):
            raise damaged(path)
        self._bytes = np.frombuffer(self._map, np.uint8)
        self._reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(self._bytes), self._bytes.size)
        try:
            self.content = load(self._reader)
        except (RuntimeError, MemoryError) as error:
            raise LibraryDamagedError(f"{path} is no index file; run `photofind doctor` on this library.") from error
        # faiss' own convention: whoever holds the content keeps alive what it points into.
        self.content.referenced_objects = [self._bytes, self._reader]

    def trim(self) -> None:
        """Give the memory of pages touched so far back to the system; they stay in its file cache."""
        _let_go(self._map)

    @staticmethod
    def trained(library: Path, epoch: Epoch) -> MappedFile:
        """Map an epoch's trained, empty index, verified: what it says, every segment and every search goes by."""
        is_sound = partial(has_sha256, sha256=epoch.sha256)
        return MappedFile(trained_file(library, epoch.id), epoch.bytes, faiss.read_index, is_sound)


def has_sha256(content: mmap.mmap, sha256: str) -> bool:
    """Tell whether this is the SHA-256 of all of a mapped file."""
    found = hashlib.sha256(content).hexdigest()
    _let_go(content)
    return found == sha256


def damaged(path: Path) -> LibraryDamagedError:
    """Return the error of a file that is not what was written."""
    return LibraryDamagedError(f"The checksum of {path} is wrong; run `photofind doctor` on this library.")


def _let_go(content: mmap.mmap) -> None:
    if hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)


def remove_files(paths: Iterable[Path]) -> list[Path]:
    """Remove files that the catalog does not name, and the folders that this empties; return those that are gone.

    A file that another process still has mapped cannot be removed on Windows; it is left for the next time.
    """
    removed = []
    for path in paths:
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
            removed.append(path)
    return removed


def orphans(library: Path, epochs: dict[str, set[str]]) -> list[Path]:
    """Return the index files that the catalog does not name, and then the folders that would be empty without them.

    ``epochs`` maps the id of each named epoch to the ids of its segments. Only names that photofind itself gives are
    looked at: whatever else lies in the folder is the user's.
    """
    found = []
    for folder in sorted(library.glob("epoch-*")):
        epoch_id = folder.name.removeprefix("epoch-")
        if not _OWN_ID.fullmatch(epoch_id) or folder.is_symlink() or not folder.is_dir():
            continue
        named = {segment_file(library, epoch_id, segment) for segment in epochs.get(epoch_id, ())}
        if epoch_id in epochs:
            named.add(trained_file(library, epoch_id))
        found += [path for path in sorted(folder.iterdir()) if path not in named and _OWN_FILE.fullmatch(path.name)]
        if epoch_id not in epochs:
            found.append(folder)
    return found


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk: a new file is only as durable as its name."""
    if os.name != "posix":
        return  # Windows has no folder handles to sync
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
