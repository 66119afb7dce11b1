"""Opening a database that several processes write: one of them at a time makes it or brings it to the newest version.

SQLite keeps transactions apart, but two that find no tables would both begin to make them. So writers open such a file
under a lock beside it, which the system frees when a process ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from photofind.core.errors import LibraryBusyError
from photofind.core.private_files import PRIVATE_FILE

_OPENING_SECONDS: Final = 20.0


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Hold the lock for the block in which a writer opens the database at ``path``.

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
        lock.acquire(timeout=_OPENING_SECONDS)
    except Timeout as error:
        raise LibraryBusyError(f"Another photofind keeps {path} locked; close it and try again.") from error
    try:
        yield
    finally:
        lock.release()
