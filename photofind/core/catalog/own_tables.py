"""Telling by its tables whether a database is one of photofind's own, and whether its version number can be true.

Every program may number the versions of its databases as it likes, and where there are no checksums a single flipped
bit makes another number of one. So the number alone is not believed: the scripts that it counts have made tables.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Final

_MADE: Final = re.compile(r"^CREATE (?:VIRTUAL )?TABLE (\w+)", re.MULTILINE)
_DROPPED: Final = re.compile(r"^DROP TABLE (\w+)", re.MULTILINE)
# In one statement, and so of one commit: somebody may be making the tables just now.
_SHAPE: Final = (
    "SELECT user_version, (SELECT group_concat(name, '/') FROM sqlite_master WHERE type = 'table')"
    " FROM pragma_user_version"
)


def shape_of(connection: sqlite3.Connection) -> tuple[int, frozenset[str]]:
    """Return a database's version, as it says itself, and the names of its tables, SQLite's own left out."""
    version, names = connection.execute(_SHAPE).fetchone()
    tables = frozenset((names or "").split("/")) - {""}
    return int(version), frozenset(name for name in tables if not name.startswith("sqlite_"))


def is_foreign(tables: frozenset[str], migrations: Sequence[str]) -> bool:
    """Tell whether there are tables and none of them is one that the scripts make."""
    return bool(tables) and not tables & _made(migrations)


def problem_of(version: int, tables: frozenset[str], migrations: Sequence[str]) -> str:
    """Return why a database that says this version cannot be of it, nothing when it can."""
    if version < 0 or (version == 0 and tables):
        return "its version number is lost"
    if version > len(migrations):
        return ""  # nobody knows here what those tables are
    needed = _made(migrations[:version])
    if needed - tables:
        return f"it lacks the table {min(needed - tables)}"
    if tables & (_made(migrations) - needed):
        return "its version number is wrong"
    return ""


def _made(migrations: Sequence[str]) -> frozenset[str]:
    """Return the tables that are there after some scripts."""
    tables: set[str] = set()
    for script in migrations:
        tables |= set(_MADE.findall(script))
        tables -= set(_DROPPED.findall(script))
    return frozenset(tables)
