"""The file decisions.db: its tables, and how it is opened by several processes at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from photofind.core.catalog.connection import connect, storage_errors
from photofind.core.catalog.opening import opening
from photofind.core.catalog.schema import check_version, migrate, version_of
from photofind.core.errors import LibraryDamagedError, LibraryVersionError

DECISIONS_FILE: Final = "decisions.db"

_V1 = """
CREATE TABLE revision (groups INTEGER NOT NULL, marks INTEGER NOT NULL, labels INTEGER NOT NULL);
INSERT INTO revision VALUES (0, 0, 0);
CREATE TABLE rejected (
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (first, second),
    CHECK (first < second)
) WITHOUT ROWID;
CREATE TABLE dismissed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key BLOB NOT NULL UNIQUE,
    note TEXT NOT NULL,
    made_at TEXT NOT NULL
);
CREATE TABLE dismissed_members (
    hash BLOB NOT NULL,
    group_id INTEGER NOT NULL REFERENCES dismissed,
    files INTEGER NOT NULL,
    PRIMARY KEY (hash, group_id)
) WITHOUT ROWID;
CREATE INDEX dismissed_members_by_group ON dismissed_members (group_id, files);
CREATE TABLE marks (
    path BLOB PRIMARY KEY,
    content_hash BLOB NOT NULL,
    mark TEXT NOT NULL,
    made_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE labels (
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    is_copy INTEGER NOT NULL,
    score REAL NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (first, second),
    CHECK (first < second)
) WITHOUT ROWID;
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_MIGRATIONS: Final = (_V1,)
DECISIONS_VERSION: Final = len(_MIGRATIONS)


def open_decisions(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the file; a writer makes it or brings it to the newest version, with a back-up of the older one.

    Raises
    ------
    LibraryVersionError, LibraryDamagedError, StorageError
        When a newer photofind made it, it is damaged, or its disk refuses.
    LibraryBusyError
        When another process has been opening it for very long.
    """
    with decision_errors(path):
        if writable:
            with opening(path):
                return _opened(path, writable=True)
        if not path.exists():
            return _nothing_decided()
        connection = _opened(path, writable=False)
        if version_of(connection):
            return connection
        connection.close()  # somebody is just making it
        return _nothing_decided()


@contextmanager
def decision_errors(path: Path) -> Iterator[None]:
    """Say of a damaged file what it holds and what to do about it."""
    try:
        with storage_errors(path):
            yield
    except LibraryDamagedError as error:
        raise LibraryDamagedError(
            f"{path}, which holds your decisions about duplicates, is damaged; put back a back-up of it, or move it"
            " away to begin anew."
        ) from error


def _opened(path: Path, *, writable: bool) -> sqlite3.Connection:
    connection = connect(path, writable=writable)
    try:
        _check(connection, path, writable=writable)
        if writable:
            migrate(connection, path, _MIGRATIONS)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    if version_of(connection) > len(_MIGRATIONS):
        raise LibraryVersionError(f"{path} was made by a newer photofind; update photofind to review duplicates here.")
    version = check_version(connection, path, _MIGRATIONS)
    if 0 < version < len(_MIGRATIONS) and not writable:
        raise LibraryVersionError(
            f"{path} was made by an older photofind; review duplicates once on a disk that can be written to update it."
        )


def _nothing_decided() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, Path(":memory:"), _MIGRATIONS)
    connection.execute("PRAGMA query_only = ON")
    return connection
