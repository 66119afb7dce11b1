"""A segment's file: inverted lists as faiss writes them, and behind them the checksums of their parts.

::

    ilar │ lists, bytes of a code │ full │ sizes of the lists │ codes and ids of list 0 │ … of list 1 │ …   faiss' part
    CRC-32 of all before list 0 │ … of list 0 │ … of list 1 │ … │ how many these are │ ``list-crc``        the footer

faiss' part is what ``faiss.write_InvertedLists`` makes of an ``ArrayInvertedLists`` (faiss, ``index_write.cpp``); its
reader stops before the footer. All numbers are little endian; the checksums have 32 bits, other numbers 64.

A small segment is verified whole when it is opened. Opening a large one would take seconds on a slow disk, so there a
list is verified when it is first read: a flipped bit would cost a search some hits without anybody noticing. Files from
before the footer are believed where they are large, until ``doctor`` or the next merge reads them whole.
"""

from __future__ import annotations

import mmap
import struct
import uuid
import weakref
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.errors import DamagedIndexError
from photofind.core.records import Epoch, Segment
from photofind.core.vectors.files import MappedFile, Sink, damaged, has_sha256, segment_file, store_durably

VERIFIED_WHOLE: Final = 64 << 20
"""A file of this size is verified in 50 to 150 ms; it holds the segment of 120,000 photos at 512 dimensions."""

_MAGIC: Final = b"list-crc"
_START: Final = struct.Struct("<4sQQ4sQ")
_END: Final = struct.Struct("<Q8s")
_CRC: Final = np.dtype("<u4")

Parts = Iterable[npt.NDArray[np.generic]]
"""The codes of a list, then its ids, both in the order of their vectors, in as many pieces as is convenient."""


def write_segment(
    library: Path, epoch: Epoch, span: tuple[int, int], code_size: int, sizes: Sequence[int], lists: Iterable[Parts]
) -> Segment:
    """Write inverted lists, of ``sizes`` vectors each, as the segment of a span of vids; return what to name it by.

    Raises StorageError when the disk refuses, leaving no file if it lets that be removed.
    """

    def write(sink: Sink) -> None:
        count = len(sizes)
        start = _START.pack(b"ilar", count, code_size, b"full", count) + np.asarray(sizes, "<u8").tobytes()
        sink(start)
        crcs = [zlib.crc32(start)]
        for parts in lists:
            crc = 0
            for part in parts:
                data = part.tobytes()
                crc = zlib.crc32(data, crc)
                sink(data)
            crcs.append(crc)
        sink(np.array(crcs, _CRC).tobytes() + _END.pack(len(crcs), _MAGIC))

    segment_id = uuid.uuid4().hex
    size, sha256 = store_durably(segment_file(library, epoch.id, segment_id), write)
    return Segment(segment_id, *span, sum(map(int, sizes)), size, sha256)


class MappedSegment(MappedFile):
    """A segment's inverted lists, mapped into memory; ``content`` is faiss' view of them.

    Who lets faiss read lists has them verified before, by :meth:`verify_lists`; the other methods do that themselves.
    """

    def __init__(self, library: Path, epoch: Epoch, segment: Segment) -> None:
        self._sha256 = segment.sha256
        self._crcs = np.empty(0, np.uint32)
        path = segment_file(library, epoch.id, segment.id)
        super().__init__(path, segment.bytes, faiss.read_InvertedLists, self._is_sound)
        lists: Any = self.content
        # faiss leaves it to its caller, 160 bytes for each list. To tell SWIG that Python owns it makes SWIG lose count
        # of its classes, so it is deleted when nobody has it any more.
        weakref.finalize(lists, type(lists).__swig_destroy__, lists.this).atexit = False
        self._is_verified = np.zeros(len(self._crcs), np.bool_)

    def verify(self) -> None:
        """Raise LibraryDamagedError unless all of the file is what was written; reads all of it."""
        if not has_sha256(self._map, self._sha256):
            raise damaged(self._path)
        self._is_verified[:] = True

    @property
    def is_verified_by_lists(self) -> bool:
        """Whether there are lists that nobody has verified when the file was opened."""
        return len(self._crcs) > 0

    def ids(self, number: int) -> npt.NDArray[np.int64]:
        """Return the vids of a list as a view of the mapped file, shape (n,); it ends with it."""
        self.verify_lists(np.array([number]))
        return self._ids(number)

    def codes(self, number: int) -> npt.NDArray[np.uint8]:
        """Return the codes of a list as a view of the mapped file, shape (n, bytes of a code); it ends with it."""
        self.verify_lists(np.array([number]))
        return self._codes(number)

    def vids(self) -> npt.NDArray[np.int64]:
        """Return the vids in all lists, in no order, shape (n,)."""
        return np.concatenate([np.empty(0, np.int64), *map(self.ids, range(self.content.nlist))])

    def verify_lists(self, numbers: npt.NDArray[np.int64]) -> None:
        """Compare those of some lists with their checksums that were not yet.

        Raises
        ------
        DamagedIndexError
            For the first that is not what was written.
        """
        if not self.is_verified_by_lists:
            return
        for number in numbers[~self._is_verified[numbers]].tolist():
            if zlib.crc32(self._ids(number).data, zlib.crc32(self._codes(number).data)) != self._crcs[number]:
                raise DamagedIndexError(str(damaged(self._path)))
            self._is_verified[number] = True

    def _ids(self, number: int) -> npt.NDArray[np.int64]:
        lists: Any = self.content
        size = lists.list_size(number)
        if not size:
            return np.empty(0, np.int64)
        ids: npt.NDArray[np.int64] = faiss.rev_swig_ptr(lists.get_ids(number), size)
        return ids

    def _codes(self, number: int) -> npt.NDArray[np.uint8]:
        lists: Any = self.content
        size = lists.list_size(number)
        if not size:
            return np.empty((0, lists.code_size), np.uint8)
        codes: npt.NDArray[np.uint8] = faiss.rev_swig_ptr(lists.get_codes(number), size * lists.code_size)
        return codes.reshape(size, -1)

    def _is_sound(self, content: mmap.mmap) -> bool:
        if len(content) <= VERIFIED_WHOLE:
            return has_sha256(content, self._sha256)
        crcs, end = _footer(content)
        if not len(crcs):
            return True
        start = _START.size + 8 * (len(crcs) - 1)
        self._crcs = crcs[1:]
        return start <= end and zlib.crc32(content[:start]) == crcs[0]


def _footer(content: mmap.mmap) -> tuple[npt.NDArray[np.uint32], int]:
    """Return the checksums at the end of a file and where they begin; none where it has no footer."""
    count, magic = _END.unpack_from(content, len(content) - _END.size)
    begin = len(content) - _END.size - _CRC.itemsize * count
    if magic != _MAGIC or begin < 0:
        return np.empty(0, np.uint32), len(content)
    return np.frombuffer(content, _CRC, count, begin).astype(np.uint32), begin
