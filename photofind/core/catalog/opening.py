"""Opening and closing a database that several processes write.

SQLite keeps transactions apart, but two that find no tables would both begin to make them, and who closes the file last
sums up its pages while nobody may begin to write. So writers open and close such a file under a lock beside it, which
the system frees when a process ends.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from photofind.core.catalog.connection import close_writer, is_closed
from photofind.core.errors import LibraryBusyError
from photofind.core.private_files import PRIVATE_FILE

LOG = logging.getLogger(__name__)

_OPENING_SECONDS: Final = 20.0
_CLOSING_SECONDS: Final = 0.5


def close_shared(connection: sqlite3.Connection, path: Path) -> None:
    """Close the connection of one of several writers; the last of them leaves checksums of the pages."""
    if is_closed(connection):
        return
    try:
        with opening(path, _CLOSING_SECONDS):
            close_writer(connection, alone=False)
    except (LibraryBusyError, OSError) as error:  # somebody opens it just now, or its disk is gone
        LOG.info("%s is closed without checksums: %s", path.name, error)
    finally:
        connection.close()


@contextmanager
def opening(path: Path, patience: float = _OPENING_SECONDS) -> Iterator[None]:
    """Hold the lock for the block in which a writer opens or closes the database at ``path``; wait so many seconds.

    Raises
    ------
    LibraryBusyError
        When another process has been opening it for very long.
    OSError
        When the folder is not there, or its disk refuses the lock.
    """
    from filelock import FileLock, Timeout

    path.parent.stat()  # the lock would make the folder where a disk was unplugged
    lock = FileLock(path.with_suffix(".lock"), mode=PRIVATE_FILE)
    try:
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise LibraryBusyError(f"Another photofind keeps {path} locked; close it and try again.") from error
    try:
        yield
    finally:
        lock.release()
