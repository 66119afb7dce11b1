"""Several segments become one file, list by list: whatever its size, no more than a list is held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.records import Epoch, Segment
from photofind.core.vectors.segments import MappedSegment, write_segment

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
    sources = [MappedSegment(library, epoch, segment) for segment in segments]
    for source in sources:
        check()
        source.verify()
    sizes = [0] * epoch.nlist
    for number in range(epoch.nlist):
        if number % _LOOK_EACH == 0:
            check()
        sizes[number] = sum(int(np.count_nonzero(~dead[source.ids(number)])) for source in sources)

    def merged(number: int) -> Iterator[npt.NDArray[np.generic]]:
        kept = [(source, ~dead[source.ids(number)]) for source in sources]
        for source, keep in kept:
            yield source.codes(number)[keep]
        for source, keep in kept:
            yield source.ids(number)[keep]

    span = segments[0].first_vid, segments[-1].end_vid
    lists = (merged(number) for number in _paced(sources, epoch.nlist, check, note))
    return write_segment(library, epoch, span, sources[0].content.code_size, sizes, lists)


def _paced(sources: Sequence[MappedSegment], nlist: int, check: Check, note: Note) -> Iterator[int]:
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
