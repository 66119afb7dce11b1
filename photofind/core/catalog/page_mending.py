"""Putting a database right by the checksums of its pages: one flipped bit a page, and what lies behind its end."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photofind.core.catalog.descriptors import alone, read_at
from photofind.core.catalog.page_sums import PageSums, comparable_sums, page_sums


@dataclass(frozen=True, slots=True)
class Mended:
    """How many pages were put right, and how many bytes behind the last one were cut off."""

    pages: int = 0
    surplus: int = 0


_NOTHING: Final = Mended()


def mend(database: Path) -> Mended:
    """Put every page right in which one bit was flipped; if all are right then, cut off what lies behind the last.

    Raises
    ------
    LibraryBusyError
        When somebody has the database open.
    OSError
        When the disk refuses.
    """
    with alone(database) as descriptor:
        known = comparable_sums(database, descriptor)
        return _NOTHING if known is None else _mend(descriptor, known)


def _mend(descriptor: int, known: PageSums) -> Mended:
    mended, is_sound, count = 0, True, 0
    for number, found in enumerate(page_sums(descriptor, known.page_bytes)):
        count += 1
        if number >= len(known.sums) or found == known.sums[number]:
            continue
        if _put_page_right(descriptor, number, known):
            mended += 1
        else:
            is_sound = False
    surplus = os.fstat(descriptor).st_size - len(known.sums) * known.page_bytes
    if not is_sound or count < len(known.sums) or surplus < 0:
        surplus = 0
    if surplus:
        os.ftruncate(descriptor, len(known.sums) * known.page_bytes)
    os.fsync(descriptor)
    return Mended(mended, surplus)


def _put_page_right(descriptor: int, number: int, known: PageSums) -> bool:
    page = bytearray(read_at(descriptor, number * known.page_bytes, known.page_bytes))
    bit = _flipped_bit(zlib.crc32(page) ^ int(known.sums[number]), len(page))
    if bit is None or len(page) != known.page_bytes:
        return False
    page[bit // 8] ^= 1 << bit % 8
    os.lseek(descriptor, number * known.page_bytes, os.SEEK_SET)
    os.write(descriptor, page)
    return True


def _flipped_bit(difference: int, count: int) -> int | None:
    """Return which bit of ``count`` bytes makes this difference of their CRC-32 when flipped, None when none does.

    The CRC is linear: the difference is that of a block of zeros with this bit set, whatever else the page holds.
    """
    # From the last byte to the first: a zero byte after the bit steps the register, which crc32() does from any state.
    for bit in range(8):
        state = zlib.crc32(bytes([1 << bit])) ^ zlib.crc32(b"\0")
        for back in range(count):
            if state == difference:
                return (count - 1 - back) * 8 + bit
            state = zlib.crc32(b"\0", state) ^ zlib.crc32(b"\0")
    return None
