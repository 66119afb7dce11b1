"""Who may write a folder: it must be a library or become one, and have one writer at a time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from photofind.core.errors import FolderError, LibraryBusyError, LibraryDamagedError, StorageError

if TYPE_CHECKING:
    from filelock import FileLock

DATABASE = "library.db"
WRITER_LOCK = "writer.lock"
"""The file in a library's folder that its writer holds locked."""

_LOCK_HOLDER = "writer.pid"
_BYSTANDERS = {WRITER_LOCK, _LOCK_HOLDER, "photofind.log", "photofind.log.1", "decoders.log"}
_COMPANIONS = ("searches.", "decisions.", "journal.", "duplicates.")
"""How files begin that a library may have beside its catalog, and that a catalog made anew goes on with."""


def check_library_folder(folder: Path) -> None:
    """Refuse a folder that holds something else, or a library whose catalog is lost: nothing in it would be safe."""
    try:
        names = {entry.name for entry in os.scandir(folder)} - _BYSTANDERS
        names = {name for name in names if not name.startswith(_COMPANIONS)}
        lost = not os.path.isfile(folder / DATABASE) or not os.path.getsize(folder / DATABASE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(
            f"Cannot write the library {folder}: {error.strerror or error}. Choose another with --library."
        ) from error
    if not lost or not names - {DATABASE}:
        return
    if any(name.startswith("vectors-") and name.endswith(".f16") for name in names):
        raise LibraryDamagedError(
            f"The catalog of the library {folder} is lost; put back a back-up of {DATABASE}, or choose an empty folder"
            " with --library."
        )
    raise FolderError(f"{folder} holds other files and is no library; choose an empty folder with --library.")


def lock_library(folder: Path) -> FileLock:
    """Return the lock of a library's one writer, held; the system frees it when the process ends.

    Raises
    ------
    LibraryBusyError
        When another process writes the library.
    StorageError
        When its disk refuses.
    """
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / WRITER_LOCK)
        lock.acquire(timeout=0)
        (folder / _LOCK_HOLDER).write_text(str(os.getpid()), encoding="ascii")
    except Timeout as error:
        with contextlib.suppress(OSError, ValueError):
            holder = int((folder / _LOCK_HOLDER).read_bytes())
            raise LibraryBusyError(
                f"Another photofind (process {holder}) is writing the library {folder}; wait for it or stop it."
            ) from error
        raise LibraryBusyError(f"Another photofind is writing the library {folder}; wait for it.") from error
    except OSError as error:
        raise StorageError(
            f"Cannot write the library {folder}: {error.strerror or error}. Choose another with --library."
        ) from error
    return lock
