"""SQL about thumbnails: JPEG blobs by content, in an SQLite file of their own, read by whoever shows a grid.

The store is a cache of the photos. Any doubt about it may be settled by moving it aside and making it anew, which
is why it trades the last few commits before a power cut for speed. SQLite notices damage to its own structures only,
so that each blob is stored with a checksum of itself and of whose it is, and nobody gets one that does not fit.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from photofind.core.catalog.own_tables import is_foreign, shape_of
from photofind.core.errors import LibraryDamagedError, LibraryVersionError, StorageError
from photofind.core.paths import sqlite_uri
from photofind.core.private_files import claim
from photofind.core.records import ContentId

LOG = logging.getLogger(__name__)
_VERSION = 2
"""Version 1 had no checksums. Its thumbnails stay, and are believed."""
_WRITE_WAIT_SECONDS = 30.0
_READ_WAIT_SECONDS = 4.0
"""A reader can do without: better a photo without its picture for a while than a thread that does not end."""
_SCHEMA = "CREATE TABLE thumbnails (content_id INTEGER PRIMARY KEY, jpeg BLOB NOT NULL, crc INTEGER)"
# All columns, by their places: a reader's file may get its checksums from a writer at any moment.
_ROW = "SELECT * FROM thumbnails WHERE content_id = ?"
_JPEG_START = b"\xff\xd8"
# SQLite's primary result codes (sqlite.org/rescode.html) that speak of the file instead of the disk it lies on.
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})


class ThumbnailStore:
    """JPEG blobs by content id, in one SQLite file.

    A store belongs to the thread that opened it. One writer and any number of readers may have the file open.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path, *, writable: bool) -> Self:
        """Open the store at ``path``; a writer makes it if it is not there.

        Raises
        ------
        LibraryVersionError
            When a newer program made it.
        LibraryDamagedError
            When it is a folder or no SQLite file, or its table is missing.
        StorageError
            When the disk refuses, or a reader asks for a store that does not exist.
        """
        with _stated(path):
            _refuse_folder(path)
            connection = _connect(path, writable=writable)
            try:
                _prepare(connection, path, writable=writable)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def put_many(self, items: Iterable[tuple[ContentId, bytes]]) -> None:
        """Store thumbnails in one transaction; those of known content ids are replaced.

        Raises
        ------
        StorageError
            When the disk is full or read-only; nothing is stored then.
        """
        rows = ((content_id, jpeg, _crc(content_id, jpeg)) for content_id, jpeg in items)
        with _stated(self._path), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO thumbnails (content_id, jpeg, crc) VALUES (?, ?, ?)", rows
            )

    def get(self, content_id: ContentId) -> bytes | None:
        """Return a thumbnail's JPEG; None when there is none, or when it is not any more what was stored."""
        row = self._row(content_id)
        if row is None:
            return None
        if not _is_sound(*row):
            LOG.warning("the thumbnail of content %d is damaged; `photofind doctor` has it made anew", content_id)
            return None
        return row[1]

    def content_ids(self) -> set[ContentId]:
        """Return the ids of all stored thumbnails."""
        with _stated(self._path):
            return {row[0] for row in self._connection.execute("SELECT content_id FROM thumbnails")}

    def damaged(self) -> list[ContentId]:
        """Return the ids of the thumbnails that :meth:`get` does not give out; reads all of them.

        One at a time, because a writer waits for whoever reads.
        """
        rows = ((content_id, self._row(content_id)) for content_id in sorted(self.content_ids()))
        return [content_id for content_id, row in rows if row is not None and not _is_sound(*row)]

    def delete_many(self, content_ids: Iterable[ContentId]) -> None:
        """Drop thumbnails in one transaction; unknown ids do no harm."""
        with _stated(self._path), self._connection:
            rows = ((content_id,) for content_id in content_ids)
            self._connection.executemany("DELETE FROM thumbnails WHERE content_id = ?", rows)

    def check(self) -> list[str]:
        """Return what is wrong with the file as a whole, one sentence each; an empty list when nothing is.

        Single thumbnails are another matter, see :meth:`damaged`.
        """
        try:
            with _stated(self._path):
                found = [row[0] for row in self._connection.execute("PRAGMA integrity_check(10)")]
        except LibraryDamagedError as error:
            return [str(error)]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Close the file; the store cannot be used any more."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _row(self, content_id: ContentId) -> tuple[int, bytes, int | None] | tuple[int, bytes] | None:
        with _stated(self._path):
            row = self._connection.execute(_ROW, (content_id,)).fetchone()
        return None if row is None else row[:3]


def is_unmade(path: Path) -> bool:
    """Tell whether there is no store at ``path`` yet, or one whose making was cut off: a file without a table.

    What a killed writer left half done is undone first. Raises LibraryDamagedError or StorageError when it cannot be
    read.
    """
    if not path.exists():
        return True
    _refuse_folder(path)
    with _stated(path), closing(_connect_reader(path)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _refuse_folder(path: Path) -> None:
    if path.is_dir():  # no matter of the disk: set aside as any other damage, it is made anew
        raise LibraryDamagedError(f"In the place of the thumbnails, {path} is a folder. Remove it to remake them.")


def _crc(content_id: int, jpeg: bytes) -> int:
    """Return a checksum that also changes when a thumbnail gets under the id of another content."""
    return zlib.crc32(jpeg, content_id & 0xFFFFFFFF)


def _is_sound(content_id: int, jpeg: object, crc: int | None = None) -> bool:
    if not isinstance(jpeg, bytes) or not jpeg.startswith(_JPEG_START):
        return False
    return crc is None or crc == _crc(content_id, jpeg)


def _connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    if writable:
        claim(path)
        connection = sqlite3.connect(sqlite_uri(path, "mode=rwc"), uri=True, timeout=_WRITE_WAIT_SECONDS)
    else:
        connection = _connect_reader(path)
    connection.text_factory = _text  # a flipped bit makes a text of a blob
    return connection


def _connect_reader(path: Path) -> sqlite3.Connection:
    # A writer that was killed leaves a journal that the next one to open the file has to play back, be it a reader.
    may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    connection = sqlite3.connect(
        sqlite_uri(path, "mode=rw" if may_write else "mode=ro"), uri=True, timeout=_READ_WAIT_SECONDS
    )
    connection.execute("PRAGMA query_only = ON")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise LibraryVersionError(f"{path} was made by a newer photofind. Update photofind to use this library.")
    if is_foreign(shape_of(connection)[1], (_SCHEMA,)):
        raise LibraryDamagedError(f"{path} is the database of another program; run `photofind doctor` on this library.")
    if writable:
        # Not WAL, which writes each blob twice: a reader may wait some milliseconds for a commit instead.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # a thumbnail that was removed can be seen nowhere any more
        if version < _VERSION:
            _upgrade(connection)
        connection.execute("SELECT crc FROM thumbnails LIMIT 1")
    connection.execute("SELECT content_id, jpeg FROM thumbnails LIMIT 1")


def _upgrade(connection: sqlite3.Connection) -> None:
    """Make the table, or give one of version 1 its column, in one transaction; no thumbnail is rewritten."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        columns = {row[1] for row in connection.execute("PRAGMA table_info(thumbnails)")}
        if not columns:
            connection.execute(_SCHEMA)
        elif "crc" not in columns:
            connection.execute("SELECT content_id, jpeg FROM thumbnails LIMIT 1")  # or else it is another's table
            connection.execute("ALTER TABLE thumbnails ADD COLUMN crc INTEGER")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@contextmanager
def _stated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences about the file at ``path``."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if _primary_code(error) in _DAMAGED or "no such" in str(error):
            raise _damaged(path, error) from error
        raise StorageError(f"Cannot use the thumbnails in {path}: {error}. Is the disk full or read-only?") from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error
    except OSError as error:
        raise StorageError(f"Cannot use the thumbnails in {path}: {error.strerror or error}.") from error


def _damaged(path: Path, error: sqlite3.Error) -> LibraryDamagedError:
    return LibraryDamagedError(f"The thumbnails in {path} cannot be read: {error}. Remove that file to remake them.")


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
