"""The checksums and SQLite's own check of a database that is only looked at."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from photofind.core.catalog.connection import connect
from photofind.core.catalog.page_sums import page_problems
from photofind.core.catalog.schema import version_of
from photofind.core.errors import LibraryVersionError

_MOST = 20


def problems_of(path: Path, newest: int) -> list[str]:
    """Return what is wrong with the database at ``path``, of which this photofind knows versions up to ``newest``.

    Raises
    ------
    LibraryVersionError
        When a newer photofind made it.
    LibraryDamagedError, StorageError
        When it cannot even be opened.
    """
    with closing(connect(path, writable=False)) as connection:
        version = version_of(connection)
        if version > newest:
            raise LibraryVersionError(f"version {version}, and this photofind knows up to {newest}")
        rows = connection.execute(f"PRAGMA integrity_check({_MOST})")
        return page_problems(path) + [row[0] for row in rows if row[0] != "ok"]
