"""EXIF blocks, true ones and nonsense: directories with tags, types, counts and values that no camera wrote."""

from __future__ import annotations

import random
import struct

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
_MAIN = (0x010F, 0x0110, 0x0112, 0x0131, 0x0132, 0x8298, 0x8769, 0x8825, 0x9C9B, 0xA005)
_DETAILS = (0x829A, 0x829D, 0x8827, 0x9003, 0x9004, 0x9201, 0x9202, 0x9209, 0x920A, 0x927C, 0xA405, 0xA434, 0xA005)
_GPS = (0, 1, 2, 3, 4, 5, 6, 7, 29)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of each EXIF type (CIPA DC-008, 4.6.2)."""
_NUMBERS = (0, 1, 2, 6, 8, 9, 0x7F, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

_RIGHT = {0x0112: (3, 1), 0x829A: (5, 1), 0x829D: (5, 1), 0x8827: (3, 1), 0x9003: (2, 20), 0x0132: (2, 20)}
_RIGHT_GPS = {1: (2, 2), 2: (5, 3), 3: (2, 2), 4: (5, 3), 5: (1, 1), 6: (5, 1)}
"""The type and count that tags should have."""

Entry = tuple[int, int, int, bytes]
"""Tag, type, count and the bytes of the value."""


def exif_block() -> bytes:
    """Return what a camera writes: orientation, a date, makes, an exposure and a position."""
    rational = struct.Struct("<II").pack
    degrees = rational(48, 1) + rational(51, 1) + rational(2950, 100)
    main = [_text(0x010F, b"Acme"), _text(0x0110, b"Acme One"), (0x0112, 3, 1, b"\6\0"), _text(0x0132, _DATE)]
    details = [
        (0x829A, 5, 1, rational(1, 250)),
        (0x829D, 5, 1, rational(28, 10)),
        (0x8827, 3, 1, b"\x64\0"),
        _text(0x9003, _DATE),
        (0x9209, 3, 1, b"\1\0"),
        (0x920A, 5, 1, rational(50, 1)),
        (0x927C, 7, 12, b"a maker note"),
        _text(0xA434, b"Acme 50 mm"),
    ]
    gps = [_text(1, b"N"), (2, 5, 3, degrees), _text(3, b"E"), (4, 5, 3, degrees), (6, 5, 1, rational(35, 1))]
    return b"Exif\0\0" + tiff_block(main, details, gps)


_DATE = b"2021:05:06 07:08:09"


def _text(tag: int, text: bytes) -> Entry:
    return tag, 2, len(text) + 1, text + b"\0"


def junk_exif(chances: random.Random) -> bytes:
    """Return an EXIF block whose directories are in order and whose entries are nonsense, or nearly right."""
    main, details, gps = (
        [_junk_entry(chances, tag) for tag in (tags if chances.random() < 0.5 else chances.choices(tags, k=4))]
        for tags in (_MAIN, _DETAILS, _GPS)
    )
    return b"Exif\0\0" + tiff_block(main, details, gps, order=chances.choice("<<<>"))


def _junk_entry(chances: random.Random, tag: int) -> Entry:
    right = _RIGHT.get(tag) or _RIGHT_GPS.get(tag)
    if right is not None and chances.random() < 0.8:
        return tag, *right, _nearly_right(chances, *right)
    kind = chances.choice((*_SIZES, 0, 14, 255)) if chances.random() < 0.7 else 5
    size = _SIZES.get(kind, 1)
    count = chances.choice((0, 1, 1, 2, 3, 3, 4, 40)) if chances.random() < 0.8 else chances.choice(_NUMBERS)
    value = _junk_value(chances, size * min(count, 64))
    return tag, kind, count, value


def _nearly_right(chances: random.Random, kind: int, count: int) -> bytes:
    if kind == 2:
        letters = (b"N", b"S", b"E", b"W", b"n", b"")
        texts = (_DATE, b"2021:02:30 24:61:61", b"9999:12:31 23:59:59") if count > 2 else letters
        return (chances.choice(texts) + bytes(count))[:count]
    form = {1: "B", 3: "H", 5: "II"}[kind]
    numbers = (0, 1, 2, 3, 6, 8, 9, 59, 60, 90, 180, 181, 255, 65535, 0xFFFFFFFF)
    top = 256 ** struct.calcsize("<" + form[0]) - 1
    drawn = [min(chances.choice(numbers), top) for _ in range(len(form) * count)]
    return struct.pack(f"<{len(drawn)}{form[0]}", *drawn)


def _junk_value(chances: random.Random, length: int) -> bytes:
    dice = chances.random()
    if dice < 0.3:
        return chances.randbytes(length)
    if dice < 0.6:
        words = b"".join(struct.pack("<I", chances.choice(_NUMBERS)) for _ in range(length // 4 + 1))
        return words[:length]
    texts = (
        b"9999:99:99 99:99:99\0",
        b"0000:00:00 00:00:00\0",
        b"\xff\xfe\xed\xa0\x80\n\r\x1b[2J\0",
        b"NnSsEeWw\0",
        b"%s%n{}\0",
    )
    return (chances.choice(texts) * (length // 4 + 1))[:length]


def tiff_block(main: list[Entry], details: list[Entry], gps: list[Entry], order: str = "<") -> bytes:
    """Return a TIFF structure of three directories; ``details`` and ``gps`` hang in the first (CIPA DC-008, 4.5)."""
    first = 8
    second = first + _length(main, more=2)
    third = second + _length(details)
    links: list[Entry] = [
        (0x8769, 4, 1, struct.pack(order + "I", second)),
        (0x8825, 4, 1, struct.pack(order + "I", third)),
    ]
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, first)
    parts = [
        _directory([*main, *links], first, order),
        _directory(details, second, order),
        _directory(gps, third, order),
    ]
    return head + b"".join(parts)


def _length(entries: list[Entry], more: int = 0) -> int:
    return 6 + 12 * (len(entries) + more) + sum(len(value) for *_, value in entries if len(value) > 4)


def _directory(entries: list[Entry], start: int, order: str) -> bytes:
    """Return a directory and the values that do not fit into its entries, in the order in which they are given."""
    rows, heap = struct.pack(order + "H", len(entries)), b""
    after = start + 6 + 12 * len(entries)
    for tag, kind, count, value in entries:
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field, heap = struct.pack(order + "I", after + len(heap)), heap + value
        rows += struct.pack(order + "HHI", tag, kind, count) + field
    return rows + bytes(4) + heap
