"""Files that anybody may have put where the program looks for one: read without waiting, and up to a bound."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_STEP = 1 << 16


def read_whole(path: Path, most: int) -> bytes:
    """Return the content of a regular file of at most ``most`` bytes.

    Whoever can put a file where the program looks for one could put a pipe there, which would be waited for, or a link
    to a device that never ends. Raises OSError when the file cannot be read, is no regular file or is larger.
    """
    # A pipe is opened at once, and then told by its kind; a regular file is read as ever.
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        # Room is made for what is asked for, so that is no more than there is; files that grow, or are made by the
        # system while they are read, are longer than they say.
        content = file.read(min(status.st_size, most) + 1)
        while len(content) <= most and (more := file.read(min(_STEP, most + 1 - len(content)))):
            content += more
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes")
    return content
