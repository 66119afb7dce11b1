"""Damage to sound files: what disks, networks, bad programs and bad people make of them.

`Mutator.input_of` draws the file and its damage from chances alone, so a number of a run names an input for good.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Sequence

from tests.campaign.hostile.corpus import Seed
from tests.campaign.hostile.fields import Field, fields_of, with_right_checksums
from tests.campaign.hostile.metadata import junk_exif

_VALUES = (0, 1, 2, 3, 4, 7, 8, 16, 32, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF)
_WORDS = (
    *(struct.pack(order + "I", value) for order in "<>" for value in (*_VALUES, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE)),
    *(b"Exif\0\0", b"ICC_PROFILE\0", b"IHDR", b"IDAT", b"iCCP", b"tRNS", b"acTL", b"VP8X", b"ALPH", b"ANMF", b"mdat"),
    *(b"ipma", b"iloc", b"grid", b"irot", b"\xff\xd8\xff", b"\xff\xc2", b"\xff\xda", b"\xff\xd9", b"II*\0", b"MM\0*"),
)
_LENGTHS = (0.02, 0.1, 0.5, 0.9, 0.99)

_Change = Callable[["Mutator", random.Random, bytearray, Seed], bytearray]


class Mutator:
    """Makes inputs out of ``seeds``, each by one to four kinds of damage."""

    def __init__(self, seeds: Sequence[Seed]) -> None:
        self._seeds = seeds
        self._fields: dict[str, list[Field]] = {}

    def input_of(self, chances: random.Random) -> Seed:
        """Return a damaged file; its name tells from what, its suffix may be another one's."""
        seed = chances.choice(self._seeds)
        content = bytearray(seed.content)
        for _ in range(chances.choice((1, 1, 1, 2, 2, 4))):
            content = chances.choices(_CHANGES, _WEIGHTS)[0](self, chances, content, seed)
        suffix = seed.suffix if chances.random() < 0.95 else chances.choice(self._seeds).suffix
        whole = bytes(content) if chances.random() < 0.1 else with_right_checksums(bytes(content))
        return Seed(seed.name, suffix, whole)

    def fields(self, seed: Seed) -> list[Field]:
        """Return the trusted numbers of a sound file."""
        if seed.name not in self._fields:
            self._fields[seed.name] = fields_of(seed.content)
        return self._fields[seed.name]

    def another(self, chances: random.Random, seed: Seed) -> Seed:
        """Return a sound file, of the same kind as a rule."""
        kind = seed.name.split()[0]
        alike = [other for other in self._seeds if other.name.split()[0] == kind]
        return chances.choice(alike if chances.random() < 0.7 else self._seeds)


def _fields(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    known = [field for field in mutator.fields(seed) if field.at + field.size <= len(content)]
    for _ in range(chances.choice((1, 1, 2, 3)) if known else 0):
        field = chances.choice(known)
        top = 1 << 8 * field.size
        before = int.from_bytes(content[field.at : field.at + field.size], "little" if field.order == "<" else "big")
        near = before + chances.choice((-2, -1, 1, 2, before, -before // 2))
        value = near if chances.random() < 0.4 else chances.choice((*_VALUES, top - 1, top - 2, top // 2, len(content)))
        raw = (value % top).to_bytes(field.size, "little" if field.order == "<" else "big")
        content[field.at : field.at + field.size] = raw
    return content


def _bits(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    reach = min(len(content), chances.choice((64, 600, len(content) or 1)))
    for _ in range(chances.choice((1, 2, 8, 40)) if reach else 0):
        content[chances.randrange(reach)] ^= 1 << chances.randrange(8)
    return content


def _bytes(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    for _ in range(chances.choice((1, 3, 12)) if content else 0):
        content[chances.randrange(len(content))] = chances.choice((0, 0xFF, 0x7F, chances.randrange(256)))
    return content


def _words(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    word = chances.choice(_WORDS)
    at = chances.randrange(min(len(content), chances.choice((200, len(content) or 1))) or 1) if content else 0
    if chances.random() < 0.8:
        content[at : at + len(word)] = word
    else:
        content[at:at] = word
    return content


def _copied(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    length = chances.choice((1, 4, 16, 100, 1000))
    if len(content) > length:
        block = content[(at := chances.randrange(len(content) - length)) : at + length]
        to = chances.randrange(len(content))
        content[to : to + (length if chances.random() < 0.6 else 0)] = block * chances.choice((1, 1, 1, 5))
    return content


def _removed(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    at = chances.randrange(len(content) or 1)
    del content[at : at + chances.choice((1, 2, 4, 12, 200))]
    return content


def _cut(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    del mutator, seed
    length = (
        int(len(content) * chances.choice(_LENGTHS)) if chances.random() < 0.5 else chances.randrange(len(content) + 1)
    )
    rest = len(content) - length if chances.random() < 0.3 else 0
    return content[:length] + bytes(rest)


def _spliced(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    other = mutator.another(chances, seed).content
    return content[: chances.randrange(len(content) + 1)] + other[chances.randrange(len(other)) :]


def _junk_exif(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    """Put nonsense where the formats that carry EXIF keep it."""
    del mutator, seed
    block = junk_exif(chances)
    if content.startswith(b"\xff\xd8"):
        content[2:2] = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    elif content.startswith(b"\x89PNG"):
        body = block[6:]
        content[33:33] = struct.pack(">I", len(body)) + b"eXIf" + body + struct.pack(">I", zlib.crc32(b"eXIf" + body))
    elif (at := content.find(b"Exif\0\0")) >= 0:  # as long as there is room for: the chunk keeps its length
        content[at : at + len(block)] = block
    return content


def _inflated(mutator: Mutator, chances: random.Random, content: bytearray, seed: Seed) -> bytearray:
    """Damage what lies below the compression of a PNG's chunk."""
    name = chances.choice((b"IDAT", b"iCCP", b"zTXt"))
    at = content.find(name)
    if at < 4 or at + 8 > len(content):
        return _fields(mutator, chances, content, seed)
    length = struct.unpack_from(">I", content, at - 4)[0]
    body = bytes(content[at + 4 : at + 4 + length])
    skip = 0 if name == b"IDAT" else body.find(b"\0") + 2
    try:
        inside = bytearray(zlib.decompress(body[skip:]))
    except zlib.error:
        return content
    inside = chances.choice((_bits, _bytes, _words, _cut, _copied))(mutator, chances, inside, seed)
    packed = body[:skip] + zlib.compress(bytes(inside), 1)
    content[at - 4 : at + 4 + length] = struct.pack(">I", len(packed)) + name + packed
    return content


_CHANGES: tuple[_Change, ...] = (
    *(_fields, _bits, _bytes, _words, _copied),
    *(_removed, _cut, _spliced, _junk_exif, _inflated),
)
_WEIGHTS = (40, 10, 8, 8, 5, 4, 6, 5, 9, 5)
