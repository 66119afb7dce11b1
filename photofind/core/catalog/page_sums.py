"""Checksums of a database's pages, which SQLite does not keep: a flipped bit inside a row is no answer in silence.

::

    last writer closes ──▶ new token in the database ──▶ its log emptied ──▶ token and sum of each page to NAME.sums
    anybody opens      ──▶ same token in both, and no log? ──▶ each page is what it was, or the file is damaged
    a writer writes    ──▶ new token in the database, in the same commit as what is written first
    a writer makes it  ──▶ no sums, before there is a file: an empty one beside sums was emptied

So the sums hold exactly as long as nobody has written since, whatever became of a writer, and whichever of the two was
put back from a back-up: another token is no damage, only nothing to compare with. The token is the header's
application id (sqlite.org/fileformat2.html, offset 68), for which the database has no other use. CRC-32 tells every
single flipped bit of a page from every other, so that one can be put right.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.bounded_files import read_whole
from photofind.core.catalog.descriptors import beside, read_at
from photofind.core.errors import UserError
from photofind.core.whole_files import write_whole

LOG = logging.getLogger(__name__)

_MAGIC: Final = b"photofind page sums 1\n"
_HEADER: Final = struct.Struct("<22s2x8sQQ")  # magic, token, bytes of a page, pages
_DATABASE_HEADER: Final = struct.Struct(">16x H 6x 4s 40x 4s 28x")  # bytes of a page, change counter, application id
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65_536
_LARGEST_FILE: Final = 1 << 30
"""Of sums; a database has a thousand times as many bytes."""
_BLOCK_PAGES: Final = 256
_CLOSING_MILLISECONDS: Final = 200
"""How long the end of a program waits for those who read."""
_MOST_NAMED: Final = 5

Sums = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PageSums:
    """What the pages of a database were when its last writer closed it: their CRC-32, in order."""

    token: bytes
    page_bytes: int
    sums: Sums


def sums_file(database: Path) -> Path:
    """Return where the sums of a database lie."""
    return database.with_suffix(".sums")


def damaged_pages(database: Path, most_bytes: int | None = None) -> list[int]:
    """Return the numbers, from 1, of pages that are not what the last writer left, and of those that are gone.

    None are when there is nothing to compare with: no sums, somebody who has written since, or a database of more than
    ``most_bytes``. Raises OSError when the database cannot be read.
    """
    known = comparable_sums(database)
    if known is None or (most_bytes is not None and database.stat().st_size > most_bytes):
        return []
    found = _sums_of(database, known.page_bytes)
    common = min(len(found), len(known.sums))
    damaged = (np.flatnonzero(found[:common] != known.sums[:common]) + 1).tolist()
    damaged += range(common + 1, max(len(found), len(known.sums)) + 1)
    if not damaged:
        return []
    # A writer that came meanwhile has left its token, in the log or the file, before it changed a page.
    still = comparable_sums(database)
    return damaged if still is not None and still.token == known.token else []


def comparable_sums(database: Path, descriptor: int | None = None) -> PageSums | None:
    """Return the sums that hold for a database, None when there are none or somebody has written since.

    The file is read by ``descriptor`` if there is one. Raises OSError when the database cannot be read.
    """
    known = _read(sums_file(database))
    if known is None or not database.is_file() or _log_bytes(database) > 0:
        return None
    if not database.stat().st_size:
        return known
    header = _header_of(database) if descriptor is None else _header(descriptor)
    return known if header[1] == known.token else None


def has_sums(database: Path) -> bool:
    """Tell whether there are sums that hold, as far as the disk says."""
    try:
        return comparable_sums(database) is not None
    except OSError:
        return False


def page_problems(database: Path, most_bytes: int | None = None) -> list[str]:
    """Return what :func:`damaged_pages` finds as a sentence without its end, or nothing."""
    damaged = damaged_pages(database, most_bytes)
    if not damaged:
        return []
    if len(damaged) == 1:
        return [f"page {damaged[0]} does not fit its checksum"]
    numbers = ", ".join(str(number) for number in damaged[:_MOST_NAMED])
    more = f" and {len(damaged) - _MOST_NAMED} more" if len(damaged) > _MOST_NAMED else ""
    return [f"pages {numbers}{more} do not fit their checksums"]


def forget_sums(database: Path) -> None:
    """Remove the sums of a database that is gone, before another one is made in its place."""
    with contextlib.suppress(OSError):  # what cannot be removed, such as a folder, is no sums; or making it fails too
        sums_file(database).unlink()


def renew_token(connection: sqlite3.Connection, database: Path) -> None:
    """Let sums that were written until now hold no more; in the transaction that writes first."""
    if sums_file(database).exists():
        _set_token(connection)


def close_signed(connection: sqlite3.Connection, database: Path, *, alone: bool) -> None:
    """Close a writer's connection and keep the sums of what it leaves; the caller keeps others from opening to write.

    ``alone`` says that nobody else has it open to write either. If that is not sure, somebody who has it open at all
    leaves it without sums, as does a disk that refuses: then only nothing can be compared.
    """
    try:
        connection.execute(f"PRAGMA busy_timeout = {_CLOSING_MILLISECONDS}")
        _set_token(connection)
        is_emptied = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    except UserError as error:
        LOG.info("%s is without checksums until it is written again: %s", database.name, error)
        is_emptied = False
    finally:
        connection.close()
    if is_emptied and (alone or not _log_of(database).exists()):
        _sign(database)


# Tokens


def _set_token(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {secrets.randbelow(2**31 - 1) + 1}")


def _header_of(database: Path) -> tuple[int, bytes]:
    with beside(database) as descriptor:
        return _header(descriptor)


def _header(descriptor: int) -> tuple[int, bytes]:
    """Return the bytes of a page, as SQLite writes their number, and the token."""
    header = read_at(descriptor, 0, _DATABASE_HEADER.size).ljust(_DATABASE_HEADER.size, b"\0")
    page_bytes, counter, application = _DATABASE_HEADER.unpack(header)
    return page_bytes, counter + application


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + "-wal")


def _log_bytes(database: Path) -> int:
    try:
        return _log_of(database).stat().st_size
    except FileNotFoundError:
        return 0


# The file of sums


def _read(path: Path) -> PageSums | None:
    try:
        content = read_whole(path, _LARGEST_FILE)
    except OSError:  # none, or no file: then nothing is known
        return None
    if len(content) < _HEADER.size + 4 or zlib.crc32(content[:-4]) != int.from_bytes(content[-4:], "little"):
        return None
    magic, token, page_bytes, pages = _HEADER.unpack_from(content)
    if magic != _MAGIC or len(content) != _HEADER.size + 4 * pages + 4 or not _is_page_size(page_bytes):
        return None
    return PageSums(token, page_bytes, np.frombuffer(content, "<u4", pages, _HEADER.size))


def _sign(database: Path) -> None:
    try:
        page_bytes, token = _header_of(database)
        page_bytes = _LARGEST_PAGE if page_bytes == 1 else page_bytes  # which does not fit into its two bytes
        sums = _sums_of(database, page_bytes).astype("<u4")
        content = _HEADER.pack(_MAGIC, token, page_bytes, len(sums)) + sums.tobytes()
        write_whole(sums_file(database), [content, zlib.crc32(content).to_bytes(4, "little")], private=True)
    except OSError as error:  # it is open to read, and was written: only its checksums are missing
        LOG.info("%s is without checksums until it is written again: %s", database.name, error)


def _is_page_size(count: int) -> bool:
    return _SMALLEST_PAGE <= count <= _LARGEST_PAGE and count & (count - 1) == 0


def _sums_of(database: Path, page_bytes: int) -> Sums:
    with beside(database) as descriptor:
        return np.fromiter(page_sums(descriptor, page_bytes), np.uint32)


def page_sums(descriptor: int, page_bytes: int) -> Iterator[int]:
    """Yield the CRC-32 of each page of a file, in order."""
    offset = 0
    while block := read_at(descriptor, offset, page_bytes * _BLOCK_PAGES):
        view = memoryview(block)
        for first in range(0, len(block), page_bytes):
            yield zlib.crc32(view[first : first + page_bytes])
        offset += len(block)
