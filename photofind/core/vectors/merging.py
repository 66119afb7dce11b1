"""Several segments become one file, list by list: whatever its size, no more than a list is held in memory.

The file is what ``faiss.write_InvertedLists`` makes of an ``ArrayInvertedLists`` (faiss, ``index_write.cpp``):
``ilar``, the number of lists, the bytes of a code, ``full``, the sizes of the lists as a vector, then of each list its
codes and its ids; all numbers are 64 bits wide, little endian.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.records import Epoch, Segment
from photofind.core.vectors.files import MappedFile, segment_file, store_durably

Check = Callable[[], None]
Note = Callable[[int], None]

_LOOK_EACH = 256  # lists
_LOOK_AFTER = 4_096  # vectors
_TRIM_AFTER = 65_536  # vectors; mapped pages count as this process's memory


def merge_segments(
    library: Path,
    epoch: Epoch,
    segments: Sequence[Segment],
    dead: npt.NDArray[np.bool_],
    check: Check,
    note: Note = lambda _: None,
) -> Segment:
    """Copy neighbouring segments into one without their dead vectors; the codes stay as they are.

    ``dead`` flags every vid of the row store, shape (count,). ``note`` is told of the vectors that were read.

    Raises
    ------
    LibraryDamagedError
        When one is damaged: under the new file's checksum nobody would ever notice.
    """
    sources = [MappedFile.segment(library, epoch, segment) for segment in segments]
    for source, segment in zip(sources, segments, strict=True):
        check()
        source.verify(segment.sha256)
    sizes = np.zeros(epoch.nlist, "<u8")
    for number in range(epoch.nlist):
        if number % _LOOK_EACH == 0:
            check()
        sizes[number] = sum(int(np.count_nonzero(~dead[_ids(source.content, number)])) for source in sources)

    def write(sink: Callable[[bytes], int]) -> None:
        sink(b"ilar" + struct.pack("<QQ", epoch.nlist, sources[0].content.code_size))
        sink(b"full" + struct.pack("<Q", epoch.nlist) + sizes.tobytes())
        for number in _paced(sources, epoch.nlist, check, note):
            kept = [(source.content, ~dead[_ids(source.content, number)]) for source in sources]
            for lists, keep in kept:
                sink(_codes(lists, number)[keep].tobytes())
            for lists, keep in kept:
                sink(_ids(lists, number)[keep].tobytes())

    segment_id = uuid.uuid4().hex
    size, sha256 = store_durably(segment_file(library, epoch.id, segment_id), write)
    return Segment(segment_id, segments[0].first_vid, segments[-1].end_vid, int(sizes.sum()), size, sha256)


def _paced(sources: Sequence[MappedFile], nlist: int, check: Check, note: Note) -> Iterator[int]:
    """Yield the numbers of the lists; between them look at ``check``, tell ``note`` and let memory go."""
    read = since_trim = 0
    for number in range(nlist):
        yield number
        read += sum(source.content.list_size(number) for source in sources)
        if read > _LOOK_AFTER or number % _LOOK_EACH == 0 or number == nlist - 1:
            check()
            note(read)
            since_trim += read
            read = 0
        if since_trim > _TRIM_AFTER:
            since_trim = 0
            for source in sources:
                source.trim()


def _ids(lists: Any, number: int) -> npt.NDArray[np.int64]:
    size = lists.list_size(number)
    if not size:
        return np.empty(0, np.int64)
    ids: npt.NDArray[np.int64] = faiss.rev_swig_ptr(lists.get_ids(number), size)
    return ids


def _codes(lists: Any, number: int) -> npt.NDArray[np.uint8]:
    size = lists.list_size(number)
    if not size:
        return np.empty((0, lists.code_size), np.uint8)
    codes: npt.NDArray[np.uint8] = faiss.rev_swig_ptr(lists.get_codes(number), size * lists.code_size)
    return codes.reshape(size, -1)
