"""Files that the user asks for by name (plans, lists, tables, charts): none takes the place of anything precious.

::

    checked ──▶ minutes of work ──▶ checked again ──▶ written whole, in the place of what a link leads to
                                                └───▶ straight into what is no regular file: a pipe, a device

What exists is replaced only when its content tells that it is an earlier file of that kind, whatever its name is: a
slip of the completion key must not cost a photo.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from photofind.core.errors import StorageError
from photofind.core.imaging.sniff import sniff
from photofind.core.whole_files import write_whole

_LOOKED_AT = 1 << 20


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its name in a sentence ("a plan"), and what tells from the first megabyte that a file is one."""

    name: str
    is_one: Callable[[bytes], bool]


def nowhere(path: str) -> bool:
    """Tell of no path that it is photofind's own."""
    del path
    return False


def check_asked(path: Path, kind: FileKind, is_ours: Callable[[str], bool] = nowhere) -> None:
    """Look, before any work is done, whether a file of some kind could and may be written to a path.

    ``is_ours`` tells of the places where only photofind itself writes: the folder of the library.

    Raises
    ------
    StorageError
        When something else has the path that would be lost, it lies where nothing of the user's belongs, a folder has
        it, or its own folder is not there or takes no new files.
    """
    if is_ours(str(path)):
        raise StorageError(f"Cannot write {path}: it is in the library's own folder; choose another place.")
    status = _status(path)
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise StorageError(f"Cannot write {path}: it is a folder.")
    if status is not None and _is_stream(status):
        return
    _check_folder(path)
    if status is not None:
        _check_replaced(path, kind)


def write_asked(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file of some pieces, which appears whole or not at all; what has the path is replaced unasked.

    A link goes on to lead where it led. What is no regular file gets the pieces one by one.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    try:
        status = _status(path)
        if status is not None and _is_stream(status):
            _pour(path, status, pieces)
        else:
            write_whole(Path(os.path.realpath(path)), pieces)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror or error}.") from error


def is_stdout(path: Path) -> bool:
    """Tell whether what is written to a path comes out where results are printed."""
    status = _status(path)
    return status is not None and _leads_to_stdout(status)


def _status(path: Path) -> os.stat_result | None:
    """Return what is at a path, links followed; None when nothing is."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StorageError(f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.") from error


def _is_stream(status: os.stat_result) -> bool:
    """Tell whether something is written straight into: no regular file, or the one that the shell opened for us."""
    return not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)) or _leads_to_stdout(status)


def _leads_to_stdout(status: os.stat_result) -> bool:
    with suppress(AttributeError, OSError, ValueError):  # no stream of the system's
        return os.path.samestat(status, os.fstat(sys.stdout.fileno()))
    return False


def _pour(path: Path, status: os.stat_result, pieces: Iterable[bytes]) -> None:
    if _leads_to_stdout(status):  # opened anew, a file would be written from its beginning by both
        sys.stdout.flush()
        opened = os.dup(sys.stdout.fileno())
    else:
        opened = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0))
    with open(opened, "wb") as stream:
        stream.writelines(pieces)


def _check_folder(path: Path) -> None:
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        raise StorageError(f"Cannot write {path}: there is no folder {folder}.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass  # os.access does not know of file systems that take no files
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror or error}.") from error


def _check_replaced(path: Path, kind: FileKind) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError as error:
        raise StorageError(
            f"There is something at {path} that cannot be read ({error.strerror or error}); choose another name."
        ) from error
    if head and not kind.is_one(head):
        found = "a picture" if sniff(head, path.suffix) else "a file"
        raise StorageError(
            f"There is {found} at {path}, which is not {kind.name} of photofind and would be lost; choose another name."
        )
