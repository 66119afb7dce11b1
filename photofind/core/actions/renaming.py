"""Renaming that never overwrites, and exchanging two files, as safely as the system can.

``os.rename`` replaces what is at the new name on all systems but Windows. Linux (renameat2(2)) and macOS
(renamex_np(2)) can be asked not to, and to exchange two names in one step. Some volumes cannot: there a file that is
ours to bring back gets its new name as a hard link, which never overwrites; and for one that is taken away, the new
name, which lies in the trash or in a folder of the user's choice, is first taken by an empty file.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import Any

_NO_REPLACE, _EXCHANGE = (4, 2) if sys.platform == "darwin" else (1, 2)
_AT_FDCWD = -100
_PLACEHOLDER_MODE = 0o600
_UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


def rename_new(source: str, target: str) -> None:
    """Rename a file; what is at ``target`` is never overwritten.

    Raises
    ------
    FileExistsError
        When something is there; nothing was done.
    OSError
        When the system refuses, with ``errno.EXDEV`` when the two are on different volumes; nothing was done.
    """
    if sys.platform == "win32":
        Path(source).rename(target)  # refuses there by itself
    elif not _renameat2(source, target, _NO_REPLACE):
        _rename_onto_placeholder(source, target)


def rename_ours(source: str, target: str) -> None:
    """Rename a file whose old name is ours, or in the trash, back to one of the user's; see :func:`rename_new`.

    Where a volume cannot rename without overwriting, the file has both names for a moment.
    """
    if sys.platform == "win32":
        Path(source).rename(target)
        return
    if _renameat2(source, target, _NO_REPLACE):
        return
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        _rename_onto_placeholder(source, target)
        return
    if os.path.samestat(os.lstat(source), os.lstat(target)):
        try:
            remove(source)
        except OSError:
            remove(target)
            raise


def drop_placeholder(path: str) -> None:
    """Remove an empty file of the rights that only a placeholder of :func:`rename_new` has, which a crash left."""
    try:
        status = os.lstat(path)
    except OSError:
        return
    if stat.S_ISREG(status.st_mode) and not status.st_size and stat.S_IMODE(status.st_mode) == _PLACEHOLDER_MODE:
        remove(path)


def exchange(first: str, second: str) -> bool:
    """Let two files change names in one step; return False, and do nothing, where that cannot be done.

    Raises
    ------
    OSError
        When it could be done but was refused; nothing was done.
    """
    return _renameat2(first, second, _EXCHANGE)


def rename_to_own(source: str, target: str) -> None:
    """Rename a file to a name of our own, which nobody else gives to a file; FileExistsError if there is one yet."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    replace(source, target)


def replace(source: str, target: str) -> None:
    """Rename a file over another one; for names of our own, or with a second name of what is overwritten."""
    Path(source).replace(target)


def remove(path: str) -> None:
    """Take a name away from a file; only ever a name of our own."""
    Path(path).unlink()


def make_folders(path: str, mode: int = 0o777) -> None:
    """Make a folder and those that it lies in, where they are missing."""
    Path(path).mkdir(mode, parents=True, exist_ok=True)


def sync_folder(folder: str) -> None:
    """Let the names in a folder reach the disk; where that cannot be asked for, the system does it in its time."""
    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _rename_onto_placeholder(source: str, target: str) -> None:
    status = os.lstat(source)
    if status.st_dev != os.stat(os.path.dirname(target)).st_dev:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, target)
    if stat.S_ISDIR(status.st_mode):  # taken by mistake, and brought back: a folder replaces no file
        rename_to_own(source, target)
        return
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PLACEHOLDER_MODE))
    try:
        replace(source, target)
    except OSError:
        remove(target)
        raise


def _renameat2(first: str, second: str, flags: int) -> bool:
    """Call renameat2 or renamex_np; return False where the system or the volume does not know it."""
    function = _function()
    if function is None:
        return False
    names = os.fsencode(first), os.fsencode(second)
    failed = (
        function(*names, flags)
        if sys.platform == "darwin"
        else function(_AT_FDCWD, names[0], _AT_FDCWD, names[1], flags)
    )
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False  # a true refusal shows in what is tried instead
    raise OSError(code, os.strerror(code), first, None, second)


@cache
def _function() -> Any:
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    return None if name is None else getattr(ctypes.CDLL(None, use_errno=True), name, None)
