"""The file duplicates.db: its tables, and how it is opened, locked and, when it is of no use, set aside.

It is a cache: a writer that cannot use it, because it is damaged or a newer photofind made it, puts it aside with a
warning in the log and begins a new one. A reader says what is wrong.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from photofind.core.catalog.connection import connect, storage_errors
from photofind.core.catalog.schema import migrate, version_of
from photofind.core.errors import (
    CacheDamagedError,
    CacheOutdatedError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryVersionError,
    StorageError,
    UserError,
)
from photofind.core.private_files import PRIVATE_FILE

if TYPE_CHECKING:
    from filelock import FileLock

LOG = logging.getLogger(__name__)

PAIRS_FILE: Final = "duplicates.db"

_V1 = """
CREATE TABLE packs (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    joined_vid INTEGER NOT NULL DEFAULT 0,
    joined_content INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE hashes (
    content_id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    inner_hash BLOB,
    plain INTEGER NOT NULL
);
CREATE TABLE anchors (content_id INTEGER PRIMARY KEY, hash BLOB NOT NULL);
-- Shares and probabilities are millionths; placement is six float32, changes are lines.
CREATE TABLE pairs (
    pack_id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    score INTEGER NOT NULL,
    similarity INTEGER,
    hash_distance INTEGER,
    orientation INTEGER NOT NULL,
    matches INTEGER,
    overlap INTEGER,
    difference INTEGER,
    placement BLOB,
    changes TEXT NOT NULL,
    PRIMARY KEY (pack_id, first, second)
) WITHOUT ROWID;
CREATE INDEX pairs_by_second ON pairs (pack_id, second);
CREATE TABLE pending (
    pack_id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    similarity INTEGER,
    is_link INTEGER NOT NULL,
    PRIMARY KEY (pack_id, first, second)
) WITHOUT ROWID;
CREATE TABLE apart (
    pack_id INTEGER NOT NULL,
    first INTEGER NOT NULL,
    second INTEGER NOT NULL,
    PRIMARY KEY (pack_id, first, second)
) WITHOUT ROWID;
"""
_V2 = """
DROP TABLE anchors;
DELETE FROM packs;
DELETE FROM hashes;
DELETE FROM pairs;
DELETE FROM pending;
DELETE FROM apart;
-- At most one row: a moment of the library at which all of the above was true. Without it, the tables are empty.
CREATE TABLE moment (token TEXT NOT NULL, commits INTEGER NOT NULL);
"""
"""Whether what an older file says is of this library cannot be told for certain."""

_MIGRATIONS: Final = (_V1, _V2)
PAIRS_VERSION: Final = len(_MIGRATIONS)


def lock_pairs(path: Path) -> FileLock:
    """Return the lock of the one process that may look for duplicates, held; the system frees it when that ends.

    Raises
    ------
    LibraryBusyError
        When another one does.
    StorageError
        When the disk refuses.
    """
    from filelock import FileLock, Timeout

    with storage_errors(path):
        path.parent.stat()  # the lock would make the folder where a disk was unplugged
        lock = FileLock(path.with_suffix(".lock"), mode=PRIVATE_FILE)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise LibraryBusyError(
                f"Another photofind looks for duplicates in the library {path.parent} just now; wait for it or stop it."
            ) from error
    return lock


def open_writer(path: Path, *, anew: bool = False) -> sqlite3.Connection:
    """Open the file for writing, under the lock; make it, or make it anew: when that is asked for or it is of no use.

    Raises
    ------
    StorageError
        When the disk refuses.
    """
    if anew:
        set_aside(path)
    try:
        return _opened(path)
    except (LibraryDamagedError, LibraryVersionError) as error:
        LOG.warning("what was found of duplicates is made anew: %s", error)
        set_aside(path)
        return _opened(path)


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the file for reading.

    Raises
    ------
    StorageError
        When there is none yet, or the disk refuses.
    LibraryVersionError, LibraryDamagedError
        When it is of another version or damaged.
    """
    if not path.exists():
        raise StorageError(f"Nobody has looked for duplicates in the library {path.parent} yet; look for them first.")
    with pair_errors(path):
        connection = connect(path, writable=False)
        try:
            _check(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def set_aside(path: Path) -> None:
    """Move a file that is of no use out of the way, in the place of one that was moved before; nobody may write it.

    Raises
    ------
    StorageError
        When the system refuses, on Windows also while a reader has it open.
    """
    with storage_errors(path):
        for suffix in ("-wal", "-shm"):  # they belong to this file only
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        if path.exists():
            path.replace(path.with_name(path.name + ".damaged"))


def discard(path: Path) -> None:
    """Set the file aside under the lock; the next search makes it anew.

    Raises
    ------
    LibraryBusyError, StorageError
        When somebody looks for duplicates just now, or the disk refuses.
    """
    lock = lock_pairs(path)
    try:
        set_aside(path)
    finally:
        lock.release()


@contextmanager
def pair_errors(path: Path) -> Iterator[None]:
    """Say of a damaged file what to do about it: it can simply be removed."""
    try:
        with storage_errors(path):
            yield
    except LibraryDamagedError as error:
        raise _damaged(path) from error
    except sqlite3.OperationalError as error:
        if "no such" not in str(error) and "already exists" not in str(error):
            raise
        raise _damaged(path) from error


def _opened(path: Path) -> sqlite3.Connection:
    with pair_errors(path):
        connection = connect(path, writable=True)
        try:
            # After a power cut the last commits may be lost, as one; they are found again.
            connection.execute("PRAGMA synchronous = NORMAL")
            _check_not_newer(connection, path)
            migrate(connection, path, _MIGRATIONS)
            _touch(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    _check_not_newer(connection, path)
    if version_of(connection) < len(_MIGRATIONS):
        raise CacheOutdatedError(f"{path} was made by an older photofind; look for duplicates again.")
    _touch(connection)


def _check_not_newer(connection: sqlite3.Connection, path: Path) -> None:
    if version_of(connection) > len(_MIGRATIONS):
        raise LibraryVersionError(
            f"{path} was made by a newer photofind; update photofind, or look for duplicates again with this one."
        )


def _touch(connection: sqlite3.Connection) -> None:
    """Look into every table, so that a file with others is found out now."""
    for table in ("packs", "hashes", "moment", "pairs", "pending", "apart"):
        connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608 - constants only


def _damaged(path: Path) -> UserError:
    return CacheDamagedError(f"{path} is damaged; remove that file and look for duplicates again.")
