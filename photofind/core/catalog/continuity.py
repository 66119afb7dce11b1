"""Whether a library that stays open for reading is still the one that was opened, with whatever was added since.

::

    opened ──▶ which file it is, and its moment ──before each use──▶ another file at its path? commits of others?
                                                                      └─▶ has it come through the newest moment seen?

Who puts a back-up in the place of a library that is open leaves readers with the former catalog, or with what they
remember of it, beside embeddings, thumbnails and pairs that a writer goes on to write by the numbers of the new one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from photofind.core.catalog.connection import moved_away
from photofind.core.catalog.descriptors import Held
from photofind.core.catalog.history import History, Moment


class Continuity:
    """Follows a library through its moments for one connection; raises OSError and what SQLite raises."""

    def __init__(self, connection: sqlite3.Connection, path: Path, history: History) -> None:
        self._sql = connection
        self._path = path
        self._history = history
        self._held = Held(path)
        self._version = self._data_version()
        self._moment = history.now()

    def follow(self, after: Moment | None = None) -> Moment:
        """Return the newest moment seen; StorageError when the library has not come through it or through ``after``.

        So it is, too, when another file has the library's path, whatever is in it: who opens that one can tell.
        """
        if self._held.is_replaced() or (after is not None and self._history.contradicts(after)):
            raise moved_away(self._path.parent)
        version = self._data_version()
        if version != self._version:
            if self._history.contradicts(self._moment):
                raise moved_away(self._path.parent)
            self._version, self._moment = version, self._history.now()
        return self._moment

    def _data_version(self) -> int:
        (version,) = self._sql.execute("PRAGMA data_version").fetchone()
        return int(version)
