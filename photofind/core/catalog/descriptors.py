"""Reading a database's file beside SQLite without freeing SQLite's locks.

On POSIX systems a process loses all its locks on a file when it closes any descriptor of it (fcntl(2); SQLite's "How to
corrupt an SQLite database file", 2.2): connections that it has would go on without, and other processes would take
their own for the last and remove a log that is in use. So a descriptor that was opened beside a connection is closed
only when the last connection of this process is, and serves whoever reads that file beside SQLite until then.

::

    connected(path) ──▶ one more connection ··· its end ──▶ one less; the last one closes what is kept
    beside(path)    ──▶ the kept descriptor of this file, or a new one ──▶ kept while there are connections
    alone(path)     ──▶ no connection here, and SQLite's own locks against all others ──▶ to be written
    Held(path)      ──▶ which file a connection has; its path may come to be that of another one
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from photofind.core.errors import LibraryBusyError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FIRST_LOCK: Final = 0x4000_0000
_LOCKS: Final = 512
"""Which bytes SQLite locks (os.h): one for who waits to write, one for who is about to, 510 for who reads."""

_BINARY: Final = getattr(os, "O_BINARY", 0)


@dataclass
class _Use:
    """What this process has open of one path."""

    connections: int = 0
    kept: dict[tuple[int, int], int] = field(default_factory=dict)
    """Descriptors by the device and number of their files: one may have come in the place of another."""

    borrowed: int = 0
    is_alone: bool = False


_USES: dict[str, _Use] = {}
_GUARD = threading.Condition()


def connected(path: Path) -> Callable[[], None]:
    """Count a connection before it is made; return what is to be called once when it is closed, or was not made."""
    key = os.path.realpath(path)
    with _GUARD:
        use = _use(key)
        use.connections += 1
        _USES[key] = use  # the end of another one, collected just now, may have taken it away
    is_over = False

    def end() -> None:
        nonlocal is_over
        with _GUARD:
            if not is_over:
                is_over = True
                _USES[key].connections -= 1
                _tidy(key)

    return end


@contextmanager
def beside(path: Path) -> Iterator[int]:
    """Return a descriptor of the file to be read by :func:`read_at` only, and neither kept nor closed by the caller.

    Raises OSError.
    """
    if sys.platform == "win32":  # locks belong to handles there, and a file that is kept open cannot be replaced
        descriptor = os.open(path, os.O_RDONLY | _BINARY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    key = os.path.realpath(path)
    with _GUARD:
        use = _use(key)
        use.borrowed += 1
        _USES[key] = use
    try:
        with _GUARD:
            descriptor = _kept(use, path)
        yield descriptor
    finally:
        with _GUARD:
            use.borrowed -= 1
            _tidy(key)


class Held:
    """The file that a connection of this process has, remembered when it was opened; raises OSError.

    Who moves a library away, and puts another in its place, leaves connections with the former: what is beside the
    path is then another's. SQLite itself sees to it that it does not remove a log there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with beside(path) as descriptor:
            status = os.fstat(descriptor)
        self._identity = status.st_dev, status.st_ino

    def is_in_place(self) -> bool:
        """Tell whether the file still has its path; where the system does not say, whoever uses it will be told."""
        try:
            return not self._is_other(os.stat(self._path))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def is_replaced(self) -> bool:
        """Tell whether another file has its path; none there, or a disk that is away, is none."""
        try:
            return self._is_other(os.stat(self._path))
        except OSError:
            return False

    def _is_other(self, found: os.stat_result) -> bool:
        return (found.st_dev, found.st_ino) != self._identity


def read_at(descriptor: int, offset: int, count: int) -> bytes:
    """Return up to ``count`` bytes of a file from ``offset`` on, fewer at its end."""
    if sys.platform == "win32":
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, count)
    return os.pread(descriptor, count, offset)


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Return a descriptor to write the file by, while nobody, here or elsewhere, has it open as a database.

    Who comes meanwhile waits.

    Raises
    ------
    LibraryBusyError
        When somebody has it open.
    OSError
        When it cannot be opened.
    """
    key = os.path.realpath(path)
    with _GUARD:
        use = _use(key)
        if use.connections or use.borrowed:
            raise _busy(path)
        use.is_alone = True
    try:
        descriptor = os.open(path, os.O_RDWR | _BINARY)
        try:
            _lock(descriptor, path)
            yield descriptor
        finally:
            os.close(descriptor)
    finally:
        with _GUARD:
            del _USES[key]
            _GUARD.notify_all()


def _use(key: str) -> _Use:
    """Return what there is of a path, once nobody is alone with it; to be called with the guard held."""
    _GUARD.wait_for(lambda: key not in _USES or not _USES[key].is_alone)
    return _USES.setdefault(key, _Use())


def _kept(use: _Use, path: Path) -> int:
    found = os.stat(path)
    identity = found.st_dev, found.st_ino
    if identity not in use.kept:
        descriptor = os.open(path, os.O_RDONLY)
        opened = os.fstat(descriptor)  # another file may have come in its place since
        use.kept[identity := (opened.st_dev, opened.st_ino)] = descriptor
    return use.kept[identity]


def _tidy(key: str) -> None:
    use = _USES[key]
    if use.connections or use.borrowed:
        return
    for descriptor in use.kept.values():
        os.close(descriptor)
    use.kept.clear()
    del _USES[key]


def _lock(descriptor: int, path: Path) -> None:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _FIRST_LOCK, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, _LOCKS)
        else:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKS, _FIRST_LOCK)
    except (BlockingIOError, PermissionError) as error:
        raise _busy(path) from error


def _busy(path: Path) -> LibraryBusyError:
    return LibraryBusyError(f"Another program has {path} open; close it and try again.")
