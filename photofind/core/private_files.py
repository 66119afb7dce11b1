"""Files and folders that only their owner can read, whatever the user's mask (umask) says.

A library, its logs and the model packs tell what is on somebody's photos. Each file of photofind's own is therefore
*made* private: a file that is tightened later was open for a moment. SQLite gives ``-wal``, ``-shm`` and ``-journal``
the permissions of their database. What the user asks for by name (tables, charts, plans, lists) follows the user's
mask instead: it is made to be handed on.

On Windows the folders of a user's profile are private already, and permissions in this sense do not exist.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from photofind.core.errors import StorageError

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_OTHERS: Final = 0o077
_OF_ITS_KIND: Final = (errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.EINVAL, *((errno.EACCES,) * (os.name == "nt")))
"""What systems say of a name that stands for something else than a file."""


def open_private(path: str | Path, flags: int) -> int:
    """Open a file, private when it is new; to be given to ``open`` as its ``opener``."""
    return os.open(path, flags, PRIVATE_FILE)


def open_replaceable(path: str | Path, flags: int) -> int:
    """Open a private file that holds nothing of value, made anew where something else has its name; an ``opener`` too.

    What is written there must reach nothing else: not what a link points to, nor what another name of the same file
    stands for, and nobody waits for who reads a pipe. Such a name is taken away, and what it led to stays as it was.
    Raises OSError, also where a folder has the name.
    """
    with suppress(FileNotFoundError):
        if not _is_plain(there := os.lstat(path)) and not stat.S_ISDIR(there.st_mode):
            Path(path).unlink()
    own_only = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | own_only, PRIVATE_FILE)
    if not _is_plain(os.fstat(descriptor)):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file", os.fspath(path))
    return descriptor


def misfit(path: str | Path) -> str:
    """Return what is in the place of a file, as words of a sentence, or nothing where a file is, or none.

    Links are told as such, whatever they point to.
    """
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return ""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a link" if stat.S_ISLNK(mode) else "something that is no file"


def misplaced(error: OSError) -> StorageError | None:
    """Return the error of a file that cannot be opened because something else has its name, None for other causes."""
    if not isinstance(error.filename, str | bytes) or error.errno not in _OF_ITS_KIND:
        return None
    path = os.fsdecode(error.filename)
    found = misfit(path)
    if not found:
        return None
    return StorageError(f"In the place of {path} is {found}; move it away, or run `photofind doctor` on this library.")


def linked_elsewhere(path: str | Path) -> StorageError:
    """Return the error of a file of a library that is a link, by which something elsewhere would be written."""
    return StorageError(
        f"{path} is a link; put the file itself in its place, or link the whole folder of the library instead."
    )


def claim(path: str | Path) -> None:
    """Make an empty private file where there is none, for a library that would make it open to all.

    When the system refuses, nothing happens: whoever comes to write the file is refused as well, and says so.
    """
    with suppress(OSError):
        if not os.path.lexists(path):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


def make_private_folder(path: Path) -> None:
    """Make a private folder, and so those that it lies in, where they are missing; raises OSError."""
    missing = [path]
    while not missing[-1].parent.exists():
        missing.append(missing[-1].parent)
    for folder in reversed(missing):
        folder.mkdir(PRIVATE_FOLDER, exist_ok=True)


def tighten(path: str | Path) -> None:
    """Take from all others what they may do with a file or folder; what cannot be changed stays as it is.

    A disk without permissions, or one that belongs to somebody else, is no reason not to work. Links are left alone.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        status = os.lstat(path)
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISLNK(status.st_mode) and mode & _OTHERS:
            Path(path).chmod(mode & ~_OTHERS)


def tighten_tree(folder: Path, names: tuple[str, ...]) -> None:
    """Tighten a folder, what in it has a name that begins with one of ``names``, and what is below those."""
    tighten(folder)
    for path in _below(folder, names):
        tighten(path)


def _below(folder: Path, names: tuple[str, ...]) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(names):
                continue
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                yield from _below(Path(entry.path), ("",))


def _is_plain(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_nlink <= 1
