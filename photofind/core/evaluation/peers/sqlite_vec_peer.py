"""sqlite-vec: vectors in a table of SQLite, compared one by one by its extension; every answer is exact."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.errors import UserError
from photofind.core.evaluation.peers.contestant import Ids, Vectors

_NEAREST = "SELECT rowid FROM vectors WHERE embedding MATCH ? AND k = ? ORDER BY distance"


class SqliteVecPeer:
    """A ``vec0`` table of float32 vectors; of unit vectors its usual distance, L2, gives the same order."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._file = folder / "vectors.db"
        self._dimension = dimension
        self._extension: Any = importlib.import_module("sqlite_vec")
        self._sql: Any = None

    def build(self, vectors: Vectors, threads: int) -> None:
        """Insert everything."""
        del threads  # SQLite writes in one
        self.open(to_change=True)
        self._sql.execute(f"CREATE VIRTUAL TABLE vectors USING vec0(embedding float[{self._dimension}])")
        self.add(0, vectors)

    def open(self, *, to_change: bool) -> None:
        """Open the file and load the extension."""
        del to_change
        self._sql = _connection(str(self._file))
        self._sql.enable_load_extension(True)
        self._extension.load(self._sql)
        self._sql.enable_load_extension(False)

    def efforts(self) -> Sequence[int]:
        """Return one number: there is nothing to choose."""
        return (0,)

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> Sequence[int]:
        """Compare with every row."""
        del effort
        return [row[0] for row in self._sql.execute(_NEAREST, (query.tobytes(), k))]

    def add(self, first: int, vectors: Vectors) -> None:
        """Insert rows in one transaction."""
        self._change("INSERT INTO vectors (rowid, embedding) VALUES (?, ?)", _numbered(first, vectors))

    def delete(self, ids: Ids) -> None:
        """Delete rows in one transaction."""
        self._change("DELETE FROM vectors WHERE rowid = ?", ((number,) for number in ids.tolist()))

    def compact(self) -> bool:
        """Let SQLite write the file anew."""
        self._sql.execute("VACUUM")
        return True

    def _change(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._sql.execute("BEGIN")
        self._sql.executemany(statement, rows)
        self._sql.execute("COMMIT")


def make(name: str, folder: Path, dimension: int) -> SqliteVecPeer:
    """Return the contestant."""
    del name
    return SqliteVecPeer(folder, dimension)


def _connection(file: str) -> Any:
    """Open a file by an SQLite that loads extensions: Python's own, or where that was built without, apsw's."""
    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3.connect(file, isolation_level=None)
    if util.find_spec("apsw") is None:
        raise UserError("this Python's SQLite loads no extensions, run: pip install apsw")
    return importlib.import_module("apsw").Connection(file)


def _numbered(first: int, vectors: Vectors) -> Iterator[tuple[int, bytes]]:
    return ((first + number, vector.tobytes()) for number, vector in enumerate(vectors))
