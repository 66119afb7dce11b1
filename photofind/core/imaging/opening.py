"""Opening what should be a photo's file: never a pipe or a device that has its name."""

from __future__ import annotations

import io
import os
import stat

from photofind.core.errors import UnreadablePhotoError


def open_photo(path: str) -> io.BufferedReader:
    """Open a regular file for reading.

    Raises
    ------
    OSError
        When the system refuses.
    UnreadablePhotoError
        When something else than a file lies there.
    """
    file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UnreadablePhotoError("it is not a file but a pipe, a device or the like")
    return file


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait for somebody to write into it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
