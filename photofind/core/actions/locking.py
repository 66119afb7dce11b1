"""One acting process per user: two windows, or two libraries, must not remove each other's kept copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photofind.core.errors import LibraryBusyError, StorageError
from photofind.core.private_files import PRIVATE_FILE, make_private_folder


@contextmanager
def acting_lock(path: Path) -> Iterator[None]:
    """Hold the lock for the time of the block; the system frees it when the process ends.

    Raises
    ------
    LibraryBusyError
        When another photofind, or another window, is acting on files.
    StorageError
        When the disk of the lock refuses.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, mode=PRIVATE_FILE)
    try:
        make_private_folder(path.parent)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryBusyError(
            "Another photofind is moving or restoring files right now; wait for it and try again."
        ) from error
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror or error}. Free or reconnect that disk.") from error
    try:
        yield
    finally:
        lock.release()
