"""Small files that appear whole or not at all: written under another name, forced to the disk, then renamed.

Whoever writes one holds it locked until it has its name, so that one whose writer was killed can be told from one that
is being written: the system frees a lock when a process ends.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from photofind.core.private_files import PRIVATE_FILE

if sys.platform != "win32":
    import fcntl

_USUAL = 0o666  # what the user's own mask is taken from
_OWN_NAME = re.compile(r"\.photofind-[0-9a-f]{32}\.tmp")
_LONG_AGO_SECONDS = 86_400.0


def write_whole(path: Path, pieces: Iterable[bytes], *, private: bool = False) -> None:
    """Put a file of some pieces in the place of what has the path; no reader sees half of it.

    When ``private``, only its owner can read it, whoever could read what was there. Raises OSError, leaving what was
    there, when it cannot be written.
    """
    file, new = _begun(path, PRIVATE_FILE if private else _USUAL)
    try:
        with file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            if sys.platform != "win32":
                new.replace(path)  # while it is held; Windows renames no open file
        if sys.platform == "win32":
            new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def left_overs(folder: Path) -> list[Path]:
    """Return the files in a folder whose writer was killed before they had their name."""
    return [path for path in _unnamed(folder) if _is_left_over(path, remove=False)]


def remove_left_overs(folder: Path) -> list[Path]:
    """Remove them, and return those that are gone."""
    return [path for path in _unnamed(folder) if _is_left_over(path, remove=True)]


def _begun(path: Path, mode: int) -> tuple[BinaryIO, Path]:
    """Return a new file beside ``path``, held, and its name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        new = path.with_name(f".photofind-{uuid.uuid4().hex}.tmp")
        file = open(os.open(new, flags, mode), "wb")  # noqa: SIM115 - who asked for it closes it
        if _is_held_by_us(file.fileno()):
            return file, new
        file.close()  # somebody who clears up took it for left over


def _is_held_by_us(descriptor: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a disk without locks, on which nobody clears up
        return os.fstat(descriptor).st_nlink > 0
    return True


def _unnamed(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob(".photofind-*.tmp")) if _OWN_NAME.fullmatch(path.name)]


def _is_left_over(path: Path, *, remove: bool) -> bool:
    """Tell whether nobody writes a file any more; when it is to be removed, whether it is gone now."""
    try:
        if (
            sys.platform == "win32"
        ):  # what somebody has open cannot be removed there, but it is closed before it is named
            is_left = time.time() - path.stat().st_mtime > _LONG_AGO_SECONDS
            if is_left and remove:
                path.unlink()
            return is_left
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if remove:
                path.unlink()
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return True
