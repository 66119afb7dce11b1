"""Log files: private, bounded, and told nothing of what photos or queries say.

::

    window.log       the window's, in the user's folder of logs
    photofind.log    the writer's, in the library: what went wrong, with paths where these matter
    decoders.log     what the decoders' libraries printed during the writer's last run

A traceback shows code, never values; but the message of an exception may quote what it was about: a typed word, the
model of a camera. Such quotations are left out before a line reaches a file. What is left, the user can see and clear.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, cast

from photofind.core.private_files import PRIVATE_FILE, misfit, open_replaceable, tighten

LOG_FILE: Final = "photofind.log"
"""The writer's log below the library's folder."""

NATIVE_LOG_FILE: Final = "decoders.log"
"""What libraries print on stderr while they decode; emptied when a writer starts."""

LARGEST_BYTES: Final = 1 << 20
"""Of one log file; a handler keeps as much again of each former one."""

_LONGEST_MESSAGE: Final = 400
_QUOTED: Final = re.compile(r"""'[^'\n]*'|"[^"\n]*\"""")
# Their messages quote names of the program itself.
_OF_THE_PROGRAM: Final = ("AttributeError", "NameError", "TypeError", "ImportError", "ModuleNotFoundError")

_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Formats tracebacks without the values that messages of exceptions quote."""

    def formatException(self, ei: _Caught) -> str:  # noqa: N802 - logging's name
        """Return the traceback, causes included."""
        return "".join(_without_values(piece) for piece in traceback.format_exception(*ei)).rstrip("\n")


class PrivateLogHandler(RotatingFileHandler):
    """A log file that only its owner can read. A full disk is told once, and costs nothing but the log."""

    _is_told = False

    def __init__(self, path: Path, kept: int) -> None:
        super().__init__(path, maxBytes=LARGEST_BYTES, backupCount=kept, encoding="utf-8", errors="backslashreplace")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        tighten(self.baseFilename)
        return unbuffered(descriptor, closes=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say that the log cannot be written, but not for each of its lines."""
        del record
        if self._is_told or sys.stderr is None:
            return
        self._is_told = True
        with suppress(OSError):  # it may be a file on the same disk
            sys.stderr.write(f"photofind: the log {self.baseFilename} cannot be written: {sys.exception()}\n")


class LibraryLogHandler(PrivateLogHandler):
    """A log file in a library's folder, where others may have put something: it is written by no link."""

    def _open(self) -> TextIOWrapper:
        descriptor = open_replaceable(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        tighten(self.baseFilename)
        return unbuffered(descriptor, closes=True)


def open_native_log(library: Path) -> int:
    """Return the emptied file for what libraries print, open for appending; raises OSError when the disk refuses."""
    descriptor = open_replaceable(library / NATIVE_LOG_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.ftruncate(descriptor, 0)
    return descriptor


def unbuffered(descriptor: int, *, closes: bool) -> TextIOWrapper:
    """Return a text stream that appends to an open file, which it ``closes`` or leaves open.

    It has no buffer: what a full disk did not take would come up again, as an error of closing the file or, for a
    standard stream, as the program's own end with status 120.
    """
    file = cast("BinaryIO", os.fdopen(descriptor, "ab", buffering=0, closefd=closes))
    return TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", write_through=True)


def library_logs(library: Path) -> list[Path]:
    """Return the log files that a library has, the newest of each kind first."""
    logs = (path for name in (LOG_FILE, NATIVE_LOG_FILE) for path in with_former(library / name))
    return [path for path in logs if not misfit(path)]  # what a link points to is not to be emptied


def with_former(log: Path) -> list[Path]:
    """Return a log file and those that it has taken the place of, as far as they are there."""
    former = sorted(log.parent.glob(f"{log.name}.[0-9]"))
    return [path for path in (log, *former) if path.is_file()]


def clear(logs: Iterable[Path]) -> None:
    """Empty log files; whoever writes one goes on in it.

    Raises OSError when the system refuses one of them; the others are emptied all the same.
    """
    refused: OSError | None = None
    for log in logs:
        try:
            os.truncate(log, 0)
        except FileNotFoundError:
            continue
        except OSError as error:
            refused = error
    if refused is not None:
        raise refused


def keep_small(descriptor: int) -> None:
    """Empty a log file, open for appending, that has outgrown its bound: other processes have it open as stderr."""
    with suppress(OSError):
        if os.fstat(descriptor).st_size > LARGEST_BYTES:
            os.ftruncate(descriptor, 0)


def _without_values(piece: str) -> str:
    if piece.startswith(("  File ", "Traceback ", *_OF_THE_PROGRAM)):
        return piece
    text = _QUOTED.sub("'…'", piece.rstrip("\n"))
    return (text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…") + "\n"
