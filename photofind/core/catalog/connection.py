"""Opening the catalog's database and turning what SQLite says into photofind's errors.

One connection belongs to one thread. The writer opens it for writing (WAL, every commit durable); readers open it
read-only and see the last commit without ever waiting for the writer.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from photofind.core.catalog.descriptors import Held, connected
from photofind.core.catalog.page_sums import (
    close_signed,
    forget_sums,
    has_sums,
    page_problems,
    renew_token,
    sums_file,
)
from photofind.core.errors import LibraryBusyError, LibraryDamagedError, StorageError, UserError
from photofind.core.paths import sqlite_uri
from photofind.core.private_files import claim, linked_elsewhere, misfit, misplaced

_BUSY_SECONDS = 10.0
_READERS_VERIFY_BYTES = 1 << 25
"""Up to here a reader verifies all pages, in some 20 ms; larger ones are verified by writers and the doctor."""
_COMPARED_BYTES = 1 << 26
"""Up to here (150,000 photos, 1.5 s) a crash has rows compared with indexes; beyond, pages only (3 s a million)."""
_LONGEST_PATH = 512
"""Bytes that SQLite takes on POSIX systems (os_unix.c)."""
_LONGEST_NAME = len("duplicates.db" + "-journal")


_WRITERS: weakref.WeakSet[_Connection] = weakref.WeakSet()
_GUARD = threading.Lock()


class _Cursor(sqlite3.Cursor):
    """A cursor whose every step, the reading of rows too, raises photofind's errors."""

    connection: _Connection

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        with storage_errors(self.connection.path):
            return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Self:
        with storage_errors(self.connection.path):
            return super().executemany(sql, parameters)

    def fetchone(self) -> Any:
        with storage_errors(self.connection.path):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with storage_errors(self.connection.path):
            return super().fetchall()

    def __next__(self) -> Any:
        try:  # not storage_errors(): this runs once a row
            return super().__next__()
        except sqlite3.DatabaseError as error:
            translated = _translated(error, self.connection.path)
            if translated is None:
                raise
            raise translated from error


class _Connection(sqlite3.Connection):
    """A connection that knows its file, so that its errors can name it, and whether it has begun to write it."""

    path: Path
    has_written = False
    held: Held | None = None
    on_closed: weakref.finalize[..., _Connection]

    def execute(self, sql: str, parameters: Any = ()) -> _Cursor:
        return self.cursor(_Cursor).execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> _Cursor:
        return self.cursor(_Cursor).executemany(sql, parameters)

    def is_in_place(self) -> bool:
        return self.held is None or self.held.is_in_place()

    def close(self) -> None:
        super().close()
        self.on_closed()


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open the database at ``path``, its pages verified; a writable one is created when missing.

    Raises
    ------
    StorageError, LibraryDamagedError
        When the system or SQLite refuses the file, or it is a link: its log would lie elsewhere, and somebody else's
        file might be written.
    """
    check_length(path)
    with storage_errors(path):
        _refuse_misfit(path)
        _verify(path, most_bytes=None if writable else _READERS_VERIFY_BYTES)
        if writable:
            if not path.exists():
                forget_sums(path)
            elif _is_left_behind(path):
                _check_with_log(path)
            claim(path)
        connection = _connected(path, "mode=rwc" if writable else _reading(path))
        try:
            _configure(connection, writable=writable)
            if writable:
                _remember(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _remember(connection: _Connection) -> None:
    connection.held = Held(connection.path)
    with _GUARD:
        _WRITERS.add(connection)


def check_in_place(library: Path) -> None:
    """Raise StorageError when a database of the library that this process writes is not at its path any more.

    To be called before files are touched by what such a database says of them.
    """
    with _GUARD:
        writers = [writer for writer in _WRITERS if not is_closed(writer)]
    if not all(writer.is_in_place() for writer in writers if writer.path.parent == library):
        raise moved_away(library)


def moved_away(library: Path) -> StorageError:
    """Return the error of a library in whose place is none, or another one, while it is open."""
    return StorageError(
        f"The library {library} was moved or replaced while it was open, and nothing was changed since; start photofind"
        " again to use what is there now."
    )


def _is_left_behind(path: Path) -> bool:
    """Tell whether a writer may have been killed: there is a log, and nobody in this process writes it."""
    with _GUARD:
        if any(writer.path == path and not is_closed(writer) for writer in _WRITERS):
            return False
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_with_log(path: Path) -> None:
    """Raise LibraryDamagedError when a database and its log do not belong together, before either is written.

    Somebody may have put back an older database beside the log of a killed writer, which holds single pages of a newer
    one. SQLite takes them as they are, and a connection that may write joins both for ever when it is closed.
    """
    check = "integrity_check" if path.stat().st_size <= _COMPARED_BYTES else "quick_check"
    with closing(_connected(path, "mode=ro")) as connection:
        (found,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    if found != "ok":
        problem = " ".join(found.replace("*** in database main ***", "").split())
        raise damaged(path, f"it does not fit the log that lies beside it: {problem}") from ValueError(problem)


def _connected(path: Path, mode: str) -> _Connection:
    uri = sqlite_uri(path, mode)
    end = connected(path)
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, factory=_Connection)
    except BaseException:
        end()
        raise
    connection.path = path
    connection.on_closed = weakref.finalize(connection, end)  # nobody may have closed it
    return connection


def check_length(path: Path) -> None:
    """Raise StorageError when the path of a library's database is longer than SQLite takes, or another's there is."""
    if os.name != "posix":
        return
    folder = len(os.fsencode(os.path.realpath(path.parent)))
    if folder + 1 + _LONGEST_NAME > _LONGEST_PATH:
        raise StorageError(
            f"The path of the library {path.parent} is too long for its databases (by"
            f" {folder + 1 + _LONGEST_NAME - _LONGEST_PATH} of {_LONGEST_PATH} bytes); move it, or choose another with"
            " --library."
        )


def _refuse_misfit(path: Path) -> None:
    found = misfit(path)
    if found == "a link":
        raise linked_elsewhere(path)
    if found:
        raise StorageError(f"In the place of {path} is {found}; move it away and try again.")


def _verify(path: Path, most_bytes: int | None) -> None:
    problems = page_problems(path, most_bytes)
    if problems:
        raise damaged(path, problems[0]) from ValueError(problems[0])


def _reading(path: Path) -> str:
    # In WAL mode even a reader writes beside the file. Where it may not, SQLite must be told that the file is fixed,
    # which it is when no process shares its log (-shm) and no commit waits in that log.
    log, shared, journal = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))
    may_write = os.access(path.parent, os.W_OK)
    if journal.exists() and may_write and os.access(path, os.W_OK):
        # A writer was killed while it made the file. The next one to open it has to undo that, be it a reader.
        return "mode=rw"
    in_use = shared.exists() or (log.exists() and log.stat().st_size > 0)
    return "mode=ro" if in_use or may_write else "mode=ro&immutable=1"


def _configure(connection: sqlite3.Connection, *, writable: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    if writable:
        # What was removed is overwritten, not only marked as free: some builds of SQLite do so, others do not.
        connection.execute("PRAGMA secure_delete = ON")
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:  # else it may be another program's
            keep_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
    else:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def keep_log(connection: sqlite3.Connection) -> None:
    """Let commits go to a log (WAL), so that nobody who reads waits; writes to the file, unless it does so already."""
    connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Translate what the system or SQLite raises about ``path`` into errors the user can act on."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        translated = _translated(error, path)
        if translated is None:
            raise
        raise translated from error
    except OSError as error:
        raise misplaced(error) or StorageError(
            f"Cannot write {path}: {error.strerror or error}. Free or reconnect that disk."
        ) from error


def _translated(error: sqlite3.DatabaseError, path: Path) -> UserError | None:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return StorageError(f"The disk that holds {path} is full; free some space and run the command again.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LibraryBusyError(f"Another program keeps {path} locked; close it and try again.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return StorageError(f"Cannot use {path} ({error}); check that its disk is connected and writable.")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path, str(error))
    return None


def damaged(path: Path, problem: str) -> LibraryDamagedError:
    """Return the error of a database that is not what it should be; ``problem`` is a sentence without its end."""
    return LibraryDamagedError(f"{path} is damaged ({problem}); run `photofind doctor` on this library.")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block does as one, or nothing of it; nothing at all to a file that is not at its path any more.

    Raises StorageError then.
    """
    if isinstance(connection, _Connection) and not connection.is_in_place():
        raise moved_away(connection.path.parent)
    connection.execute("BEGIN IMMEDIATE")
    try:
        new = connection if isinstance(connection, _Connection) and not connection.has_written else None
        if new is not None:
            renew_token(new, new.path)  # checksums hold no more, from the same commit on
        yield
        connection.execute("COMMIT")
        if new is not None:
            new.has_written = True
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full or fails
            connection.execute("ROLLBACK")
        raise


def is_closed(connection: sqlite3.Connection) -> bool:
    """Tell whether a connection was closed."""
    assert isinstance(connection, _Connection)
    return not connection.on_closed.alive


def close_writer(connection: sqlite3.Connection, *, alone: bool) -> None:
    """Close a writer's connection; the last one leaves checksums, see :func:`page_sums.close_signed`."""
    assert isinstance(connection, _Connection)
    if is_closed(connection):
        return
    path = connection.path
    if not connection.is_in_place():  # what lies beside its path belongs to another one
        connection.close()
        return
    # One of several writers that has written nothing only mends what a killed one left; it begins nothing.
    if connection.has_written or (not has_sums(path) and (alone or sums_file(path).exists())):
        close_signed(connection, path, alone=alone)
    else:
        connection.close()
