"""Where in a file the numbers are that a reader trusts: lengths, counts, sizes, offsets, types.

A random byte seldom hits one of them; these walks over the chunks of each container find them, and repair what would
otherwise stop a reader before it meets the damage (the checksums of PNG).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_BOXES_OF_BOXES = {b"meta": 4, b"iprp": 0, b"ipco": 0, b"iinf": 6, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0}
"""ISO boxes that hold boxes, and how many bytes lie before the first."""
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST = 4000
_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 18: 8}


class Field(NamedTuple):
    """A number in a file: where, how many bytes, and struct's sign for its byte order."""

    at: int
    size: int
    order: str


def fields_of(content: bytes) -> list[Field]:
    """Return the numbers that a sound file's reader trusts; nothing is raised whatever the content."""
    found: list[Field] = []
    try:
        for field in _walk(content):
            if field.at + field.size <= len(content):
                found.append(field)
            if len(found) >= _MOST:
                break
    except (struct.error, IndexError):
        pass  # the walk has left the file, which need not be sound when it is not ours
    return found


def _walk(content: bytes) -> Iterator[Field]:
    if content.startswith(b"\xff\xd8"):
        yield from _jpeg(content)
    elif content.startswith(_PNG_MAGIC):
        yield from _png(content)
    elif content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        yield from _tiff(content, 0)
    elif content[4:8] in (b"ftyp", b"jP  "):
        yield from _boxes(content, 0, len(content))
    elif content.startswith(b"RIFF"):
        yield from _riff(content)
    elif content.startswith(b"GIF8"):
        yield from _gif(content)
    elif content.startswith(b"\xff\x4f"):
        yield from _jpeg2000(content, 0)
    else:  # short headers: every number of them
        yield from (Field(at, 2, "<") for at in range(0, min(len(content), 96), 2))


def _jpeg(content: bytes) -> Iterator[Field]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        yield Field(at + 1, 1, ">")
        yield Field(at + 2, 2, ">")
        if marker == 0xE1 and content[at + 4 : at + 10] == b"Exif\0\0":
            yield from _tiff(content[at + 10 : at + 2 + length], at + 10)
        elif marker == 0xE2 and content[at + 4 : at + 15] == b"ICC_PROFILE":
            yield from (Field(at + 16 + place, 4, ">") for place in range(0, min(length - 18, 400), 4))
        else:
            step = 1 if length < 64 else 7
            yield from (Field(at + 4 + place, 1, ">") for place in range(0, length - 2, step))
            if marker in (0xC0, 0xC1, 0xC2):
                yield from (Field(at + 5 + place, 2, ">") for place in (0, 2) for _ in range(6))
        at += 2 + length
        if marker == 0xDA:
            return


def _png(content: bytes) -> Iterator[Field]:
    at = len(_PNG_MAGIC)
    while at + 12 <= len(content):
        length = struct.unpack_from(">I", content, at)[0]
        yield Field(at, 4, ">")
        yield Field(at + 4, 4, ">")
        if content[at + 4 : at + 8] in (b"IHDR", b"acTL", b"fcTL"):
            yield from (Field(at + 8 + place, 4, ">") for place in range(0, length - 3, 4) for _ in range(4))
            yield from (Field(at + 8 + place, 1, ">") for place in range(length))
        elif content[at + 4 : at + 8] == b"eXIf":
            yield from _tiff(content[at + 8 : at + 8 + length], at + 8)
        else:
            yield from (Field(at + 8 + place, 1, ">") for place in range(0, min(length, 200), 3))
        at += 12 + length


def _tiff(content: bytes, base: int) -> Iterator[Field]:
    order = "<" if content[:1] == b"I" else ">"
    is_big = content[2 if order == "<" else 3] == 0x2B
    waiting, seen = [struct.unpack_from(order + ("Q" if is_big else "I"), content, 8 if is_big else 4)[0]], set[int]()
    yield Field(base + (8 if is_big else 4), 8 if is_big else 4, order)
    while waiting:
        start = waiting.pop()
        if start in seen or start + 2 > len(content):
            continue
        seen.add(start)
        yield from _directory(content, base, start, order, waiting, is_big=is_big)


def _directory(
    content: bytes, base: int, start: int, order: str, waiting: list[int], *, is_big: bool
) -> Iterator[Field]:
    wide, entry = ("Q", 20) if is_big else ("I", 12)
    word = struct.calcsize("<" + wide)
    count_size = 8 if is_big else 2
    count = struct.unpack_from(order + ("Q" if is_big else "H"), content, start)[0]
    yield Field(base + start, count_size, order)
    for at in range(start + count_size, start + count_size + entry * min(count, 100), entry):
        tag, kind = struct.unpack_from(order + "HH", content, at)
        number, value = struct.unpack_from(order + 2 * wide, content, at + 4)
        yield from (Field(base + at, 2, order), Field(base + at + 2, 2, order))
        yield from (Field(base + at + 4, word, order), Field(base + at + 4 + word, word, order))
        if _TYPE_SIZES.get(kind, 1) == 2:
            yield Field(base + at + 4 + word, 2, order)
        if number * _TYPE_SIZES.get(kind, 1) > word:
            yield from (Field(base + value + 4 * place, 4, order) for place in range(min(number, 6)))
        if tag in (0x8769, 0x8825, 0xA005, 330):
            waiting.append(value)
    end = start + count_size + entry * count
    yield Field(base + end, word, order)
    waiting.append(struct.unpack_from(order + wide, content, end)[0])


def _boxes(content: bytes, start: int, end: int) -> Iterator[Field]:
    at = start
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", content, at)
        yield Field(at, 4, ">")
        if name in _BOXES_OF_BOXES:
            first = at + 8 + _BOXES_OF_BOXES[name]
            yield from _boxes(content, first, min(at + length, end))
        elif name == b"jp2c":
            yield from _jpeg2000(content, at + 8)
        elif name != b"mdat":
            for place in range(8, min(length, 160)):
                yield Field(at + place, (1, 2, 4)[place % 3], ">")
        if length < 8:
            return
        at += length


def _jpeg2000(content: bytes, start: int) -> Iterator[Field]:
    at = start + 2
    while at + 4 <= len(content):
        marker, length = struct.unpack_from(">HH", content, at)
        yield Field(at + 2, 2, ">")
        if marker == 0xFF51:
            yield from (Field(at + place, 4, ">") for place in range(6, 38, 4))
        yield from (Field(at + 4 + place, 1, ">") for place in range(length - 2))
        if marker == 0xFF93:
            return
        at += 2 + length


def _riff(content: bytes) -> Iterator[Field]:
    yield Field(4, 4, "<")
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        yield from (Field(at, 4, "<"), Field(at + 4, 4, "<"))
        if name == b"EXIF":
            skip = 6 if content[at + 8 : at + 14] == b"Exif\0\0" else 0
            yield from _tiff(content[at + 8 + skip : at + 8 + length], at + 8 + skip)
        else:
            yield from (Field(at + 8 + place, 1 + place % 2, "<") for place in range(min(length, 40)))
        at += 8 + length + length % 2


def _gif(content: bytes) -> Iterator[Field]:
    yield from (Field(at, 2, "<") for at in (6, 8) for _ in range(6))
    yield from (Field(at, 1, "<") for at in (10, 11, 12))
    at = content.find(b"\x2c")
    while at >= 0:  # image descriptors, and some commas that are none
        yield from (Field(at + place, 2, "<") for place in (1, 3, 5, 7))
        yield from (Field(at + place, 1, "<") for place in (0, 9, 10, 11))
        at = content.find(b"\x2c", at + 1)


def with_right_checksums(content: bytes) -> bytes:
    """Return a PNG whose chunks have the checksums of what they hold now; anything else as it is."""
    if not content.startswith(_PNG_MAGIC):
        return content
    mended = bytearray(content)
    at = len(_PNG_MAGIC)
    while at + 12 <= len(mended):
        length = struct.unpack_from(">I", mended, at)[0]
        if at + 12 + length > len(mended):
            break
        struct.pack_into(">I", mended, at + 8 + length, zlib.crc32(mended[at + 4 : at + 8 + length]))
        at += 12 + length
    return bytes(mended)
