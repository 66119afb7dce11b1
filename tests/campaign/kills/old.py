"""The library of a world, as an older photofind would have left it: a catalog of an older schema with the same rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from photofind.core.catalog.schema import MIGRATIONS, migrate

_TABLES = ("library", "roots", "folders", "contents", "files", "packs", "vectors", "epochs", "segments")
"""The tables of the first schema; all others are made of them by the migrations."""


def make_older(database: Path, version: int) -> None:
    """Put a catalog of an older version in place of one of the newest, with the same photos and embeddings."""
    older = database.with_name("older.db")
    with closing(sqlite3.connect(older, isolation_level=None)) as connection:
        migrate(connection, older, MIGRATIONS[:1])
        connection.execute("ATTACH ? AS newest", (str(database),))
        connection.execute("BEGIN")
        for table in _TABLES:
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newest.{table}")
        connection.execute("DELETE FROM library WHERE key IN ('revision', 'colours_until')")
        connection.execute("COMMIT")
        connection.execute("DETACH newest")
        migrate(connection, older, MIGRATIONS[:version])
        connection.execute("PRAGMA journal_mode = WAL")
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
        older.with_name(older.name + suffix).unlink(missing_ok=True)
    for back_up in older.parent.glob("older.db.v*.bak"):
        back_up.unlink()
    older.replace(database)
