"""The catalog as one object: a connection with its tables, and the few values that concern the library as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from photofind.core.catalog.colours import Colours
from photofind.core.catalog.connection import close_writer, connect, storage_errors, transaction
from photofind.core.catalog.contents import ContentTable
from photofind.core.catalog.continuity import Continuity
from photofind.core.catalog.copies import CopyTable
from photofind.core.catalog.files import FileTable
from photofind.core.catalog.filtering import Filtering
from photofind.core.catalog.history import History, Moment
from photofind.core.catalog.lists import ListTable
from photofind.core.catalog.page_sums import page_problems
from photofind.core.catalog.schema import MIGRATIONS, check_version, migrate
from photofind.core.catalog.texts import Texts
from photofind.core.catalog.vectors import Pack, VectorTable
from photofind.core.errors import LibraryVersionError

_ACTIVE_PACK = "active_pack"
_TARGET_PACK = "target_pack"
_THUMBNAILS_WANTED = "thumbnails_wanted"
_REVISION = "revision"


class Catalog:
    """The library's database: the truth about photos, vectors and index files.

    Open it with :meth:`open_writer` (one process, under the library's lock) or :meth:`open_reader` (any number).
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._sql = connection
        self._path = path
        self.texts = Texts(connection)
        self.files = FileTable(connection, self.texts)
        self.lists = ListTable(connection)
        self.contents = ContentTable(connection, self.texts)
        self.vectors = VectorTable(connection)
        self.colours = Colours(connection)
        self.filtering = Filtering(connection)
        self.copies = CopyTable(connection)
        self.history = History(connection)
        self._continuity: Continuity | None = None

    @classmethod
    def open_writer(cls, path: Path) -> Self:
        """Open for writing; create or migrate the schema as needed.

        Raises
        ------
        LibraryVersionError, LibraryDamagedError, StorageError
            When the database is newer, damaged, or its disk refuses.
        """
        connection = connect(path, writable=True)
        try:
            with storage_errors(path):
                migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    @classmethod
    def open_reader(cls, path: Path) -> Self:
        """Open for reading only.

        Raises
        ------
        LibraryVersionError, LibraryDamagedError, StorageError
            When the database is of another version, damaged, or cannot be opened.
        """
        connection = connect(path, writable=False)
        try:
            with storage_errors(path):
                _check_readable(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._sql.close()

    def close_signed(self) -> None:
        """Close the connection of the library's only writer and keep checksums of what it leaves."""
        close_writer(self._sql, alone=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block does as one, or nothing of it; a full or absent disk raises StorageError."""
        with storage_errors(self._path), transaction(self._sql), self.history.noting():
            before = self.files.changes
            yield
            if self.files.changes != before:
                self.raise_revision()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads of the block see one and the same commit."""
        with storage_errors(self._path):
            self._sql.execute("BEGIN")
            try:
                yield
            finally:
                if self._sql.in_transaction:  # a failing disk ends it by itself
                    self._sql.execute("COMMIT")

    def problems(self) -> list[str]:
        """Return what the checksums of its pages and SQLite's own check find wrong with the database file."""
        found = page_problems(self._path)
        found += [row[0] for row in self._sql.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        if found:
            return found  # the rows themselves cannot be trusted, nor always read
        return [
            f"{row[0]}: a row refers to a missing row of {row[2]}"
            for row in self._sql.execute("PRAGMA foreign_key_check")
        ]

    # The library as a whole

    def follow(self, after: Moment | None = None) -> Moment:
        """Return the newest moment that was seen; to be called before what was read earlier is read on by its numbers.

        ``after`` is what another connection saw of this library before.

        Raises
        ------
        StorageError
            When another library, or a back-up of this one that lacks what was seen, is in its place: there, the same
            numbers are those of other photos.
        """
        with storage_errors(self._path):
            if self._continuity is None:
                self._continuity = Continuity(self._sql, self._path, self.history)
            return self._continuity.follow(after)

    def revision(self) -> int:
        """Return a number that grows with every commit after which lists of photos or roots could differ.

        So it does when old photos were given places. It is stored, so that all readers, whenever they opened the
        library, mean the same by it.
        """
        return int(self._get(_REVISION) or 0)

    def raise_revision(self) -> None:
        """Let readers ask again what they remember, after a change of something else than files; in a transaction."""
        self._set(_REVISION, str(self.revision() + 1))

    def active_pack(self) -> Pack | None:
        """Return the pack whose vectors answer queries."""
        key = self._get(_ACTIVE_PACK)
        return self.vectors.pack(key) if key else None

    def set_active_pack(self, key: str) -> None:
        """Let another pack answer queries from now on."""
        self._set(_ACTIVE_PACK, key)

    def target_spec(self) -> str | None:
        """Return the name of the pack that the user wants, as given; None means the default."""
        return self._get(_TARGET_PACK)

    def set_target_spec(self, spec: str) -> None:
        """Record the pack that the user wants."""
        self._set(_TARGET_PACK, spec)

    def thumbnails_wanted(self) -> bool:
        """Tell whether some thumbnails are known to be missing."""
        return self._get(_THUMBNAILS_WANTED) == "1"

    def set_thumbnails_wanted(self, *, wanted: bool) -> None:
        """Record whether some thumbnails are known to be missing."""
        self._set(_THUMBNAILS_WANTED, "1" if wanted else "0")

    def _get(self, key: str) -> str | None:
        row = self._sql.execute("SELECT value FROM library WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _set(self, key: str, value: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO library (key, value) VALUES (?, ?)", (key, value))


def _check_readable(connection: sqlite3.Connection, path: Path) -> None:
    version = check_version(connection, path)
    if version == 0:
        raise LibraryVersionError(f"The library {path.parent} is empty; run `photofind index FOLDER` first.")
    if version < len(MIGRATIONS):
        raise LibraryVersionError(
            f"The library {path.parent} was made by an older photofind; run `photofind index FOLDER` once, on a disk"
            " that can be written, to update it."
        )
