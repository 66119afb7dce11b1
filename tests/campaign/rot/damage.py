"""Damage to files: what a disk, a cable, a careless hand or another program may do to them."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

BLOCK: Final = 4096
_MOST_FLIPS: Final = 8
_MOST_ADDED: Final = 10_000

Damage = Callable[[Path, Path, random.Random], None]
"""Damages a file; the second path is another file of its kind, for those who want one."""


def flip(path: Path, other: Path, chances: random.Random) -> None:
    """Flip one to eight bits anywhere in the file."""
    del other
    content = bytearray(path.read_bytes())
    for _ in range(chances.randint(1, _MOST_FLIPS)):
        if content:
            content[chances.randrange(len(content))] ^= 1 << chances.randrange(8)
    path.write_bytes(content)


def flip_one(path: Path, other: Path, chances: random.Random) -> None:
    """Flip a single bit, as likely at the beginning, where structures are, as anywhere."""
    del other
    content = bytearray(path.read_bytes())
    if content:
        among = chances.choice((len(content), min(len(content), 256)))
        content[chances.randrange(among)] ^= 1 << chances.randrange(8)
    path.write_bytes(content)


def flip_picture(path: Path, other: Path, chances: random.Random) -> None:
    """Flip a bit in one of the pictures of a store, of which SQLite itself has no checksum."""
    del other
    content = bytearray(path.read_bytes())
    starts = [found.start() for found in re.finditer(rb"\xff\xd8\xff", content)]
    content[chances.choice(starts) + chances.randrange(20, 400)] ^= 1 << chances.randrange(8)
    path.write_bytes(content)


def zero(path: Path, other: Path, chances: random.Random) -> None:
    """Fill a block of 4 kB with zeros."""
    del other
    content = bytearray(path.read_bytes())
    start = chances.randrange(0, max(1, len(content)), BLOCK)
    end = min(start + BLOCK, len(content))
    content[start:end] = bytes(end - start)
    path.write_bytes(content)


def truncate(path: Path, other: Path, chances: random.Random) -> None:
    """Cut off the end, sometimes a single byte."""
    del other
    content = path.read_bytes()
    path.write_bytes(content[: chances.choice((len(content) - 1, chances.randrange(max(1, len(content)))))])


def extend(path: Path, other: Path, chances: random.Random) -> None:
    """Put something behind the end."""
    del other
    with path.open("ab") as file:
        file.write(chances.choice((bytes, chances.randbytes))(chances.randint(1, _MOST_ADDED)))


def empty(path: Path, other: Path, chances: random.Random) -> None:
    """Leave nothing in the file."""
    del other, chances
    path.write_bytes(b"")


def delete(path: Path, other: Path, chances: random.Random) -> None:
    """Remove the file."""
    del other, chances
    path.unlink()


def folder(path: Path, other: Path, chances: random.Random) -> None:
    """Put a folder in the place of the file, sometimes with something in it."""
    del other
    path.unlink()
    path.mkdir()
    if chances.random() < 1 / 2:
        (path / "something").write_bytes(b"x")


def swap(path: Path, other: Path, chances: random.Random) -> None:
    """Put another file of its kind in its place, as from another library."""
    del chances
    path.unlink()
    shutil.copyfile(other, path)


def unreadable(path: Path, other: Path, chances: random.Random) -> None:
    """Let nobody read or write the file."""
    del other, chances
    path.chmod(0)


DAMAGES: Final[tuple[Damage, ...]] = (
    *(flip, flip, flip_one, flip_one, flip_one, zero, truncate, truncate),
    *(extend, empty, delete, folder, swap, unreadable),
)
"""All of them; those that can hit many places stand there more often."""
