"""Who may write a folder: it must be a library or become one, and have one writer at a time."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from photofind.core.bounded_files import read_whole
from photofind.core.errors import FolderError, LibraryBusyError, LibraryDamagedError, StorageError
from photofind.core.log_files import LOG_FILE, NATIVE_LOG_FILE
from photofind.core.private_files import (
    PRIVATE_FILE,
    linked_elsewhere,
    make_private_folder,
    misplaced,
    open_replaceable,
    tighten_tree,
)

if TYPE_CHECKING:
    from filelock import FileLock

DATABASE = "library.db"
WRITER_LOCK = "writer.lock"
"""The file in a library's folder that its writer holds locked."""

LOCK_HOLDER = "writer.pid"
"""Where the writer says which process it is."""

# Who only asks whether there is a writer holds the lock for a moment; who has just become it has yet to say so.
_LOCK_SECONDS = 0.5
_BYSTANDERS = {WRITER_LOCK, LOCK_HOLDER, LOG_FILE, f"{LOG_FILE}.1", NATIVE_LOG_FILE}
_LONGEST_NUMBER = 32
_NEVER_LINKED = re.compile(r"(library|thumbnails)\.db(-wal|-shm|-journal)?|vectors-.*\.f16|epoch-.*")
"""What is written in place: by a link, something elsewhere would be."""
_COMPANIONS = ("searches.", "decisions.", "journal.", "duplicates.")
"""How files begin that a library may have beside its catalog, and that a catalog made anew goes on with."""

_OWN = (
    *("library.", "thumbnails.", "vectors-", "epoch-", "accuracy.", "writer.", LOG_FILE, NATIVE_LOG_FILE),
    *_COMPANIONS,
)
"""How the names of everything begin that a library consists of; whatever else lies there is the user's."""


def check_library_folder(folder: Path) -> None:
    """Refuse a folder that holds something else, or a library whose catalog is lost: nothing in it would be safe.

    A library that is a link is one as any other; single files of one are not, because what SQLite and photofind keep
    beside a file would lie elsewhere. Raises FolderError, LibraryDamagedError, or StorageError.
    """
    try:
        entries = list(os.scandir(folder))
        linked = _linked(entries)
        names = {entry.name for entry in entries} - _BYSTANDERS
        names = {name for name in names if not name.startswith(_COMPANIONS)}
        lost = not os.path.isfile(folder / DATABASE) or not os.path.getsize(folder / DATABASE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(
            f"Cannot write the library {folder}: {error.strerror or error}. Choose another with --library."
        ) from error
    if linked:
        raise linked_elsewhere(linked[0])
    if not lost or not names - {DATABASE}:
        return
    if any(name.startswith("vectors-") and name.endswith(".f16") for name in names):
        raise LibraryDamagedError(
            f"The catalog of the library {folder} is lost; put back a back-up of {DATABASE}, or choose an empty folder"
            " with --library."
        )
    raise FolderError(f"{folder} holds other files and is no library; choose an empty folder with --library.")


def linked_parts(folder: Path) -> list[Path]:
    """Return what of a library is a link, so that no writer takes it; nothing when the folder cannot be looked at."""
    try:
        return sorted(Path(path) for path in _linked(list(os.scandir(folder))))
    except OSError:
        return []


def _linked(entries: list[os.DirEntry[str]]) -> list[str]:
    return [entry.path for entry in entries if _NEVER_LINKED.fullmatch(entry.name) and entry.is_symlink()]


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
        make_private_folder(folder)
        lock = FileLock(folder / WRITER_LOCK, mode=PRIVATE_FILE)
        lock.acquire(timeout=_LOCK_SECONDS, poll_interval=_LOCK_SECONDS / 10)
        with open(folder / LOCK_HOLDER, "w", encoding="ascii", opener=open_replaceable) as holder_file:
            holder_file.write(str(os.getpid()))
        tighten_tree(folder, _OWN)  # of an older version, or brought here by a program that gives everybody access
    except Timeout as error:
        with contextlib.suppress(OSError, ValueError):
            holder = int(read_whole(folder / LOCK_HOLDER, _LONGEST_NUMBER))
            raise LibraryBusyError(
                f"Another photofind (process {holder}) is writing the library {folder}; wait for it or stop it."
            ) from error
        raise LibraryBusyError(f"Another photofind is writing the library {folder}; wait for it.") from error
    except OSError as error:
        raise misplaced(error) or StorageError(
            f"Cannot write the library {folder}: {error.strerror or error}. Choose another with --library."
        ) from error
    return lock
