"""What another program does to a database of a library, which photofind is then to take as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def changed_by_hand(database: Path) -> Iterator[sqlite3.Connection]:
    """Change a database with SQLite alone, in one commit, and remove the checksums of what it was."""
    with closing(sqlite3.connect(database)) as connection, connection:
        yield connection
    database.with_suffix(".sums").unlink(missing_ok=True)
