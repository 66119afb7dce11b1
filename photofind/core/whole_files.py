"""Small files that appear whole or not at all: written under another name, forced to the disk, then renamed."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from photofind.core.private_files import PRIVATE_FILE

_USUAL = 0o666  # what the user's own mask is taken from


def write_whole(path: Path, pieces: Iterable[bytes], *, private: bool = False) -> None:
    """Put a file of some pieces in the place of what has the path; no reader sees half of it.

    When ``private``, only its owner can read it, whoever could read what was there. Raises OSError, leaving what was
    there, when it cannot be written.
    """
    new = path.with_name(f".photofind-{uuid.uuid4().hex}.tmp")
    mode = PRIVATE_FILE if private else _USUAL
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(new, flags, mode), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
