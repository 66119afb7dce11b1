"""Models for words that come with the program: a folder with a description, and files that it names with checksums.

As with the packs, the bytes that were verified are the bytes that run.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from photofind.core.encoders.sums import check_sum
from photofind.core.errors import PackError

_Description = TypeVar("_Description")


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """A file that a description names; ``size`` is in bytes."""

    path: Path
    size: int
    sha256: str

    @classmethod
    def of(cls, folder: Path, entry: Mapping[str, object]) -> ShippedFile:
        """Return the file of an entry with ``file``, ``bytes`` and ``sha256``; KeyError or TypeError if it is none."""
        size = entry["bytes"]
        if not isinstance(size, int):
            raise TypeError(f"a size of type {type(size).__name__}")
        return cls(folder / str(entry["file"]), size, str(entry["sha256"]))

    def read(self) -> bytes:
        """Return the content; raise PackError when it cannot be read or is not the described one."""
        try:
            with self.path.open("rb") as file:
                content = file.read(self.size + 1)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        if len(content) != self.size or hashlib.sha256(content).hexdigest() != self.sha256:
            raise damaged(self.path)
        return content


def read_description(path: Path, version: int, parse: Callable[[dict[str, Any]], _Description]) -> _Description:
    """Return what ``parse`` makes of a description; what it raises for lack of an entry means a damaged one.

    Raises
    ------
    PackError
        The description is missing, damaged, or of another ``format`` than ``version``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    check_sum(path, content)
    try:
        table = tomllib.loads(content.decode())
    except ValueError as error:  # both UnicodeDecodeError and TOMLDecodeError
        raise damaged(path) from error
    try:
        if table["format"] != version:
            raise PackError(f"{path} is of another version of photofind; install photofind again.")
        return parse(table)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> PackError:
    """Return the error for a file that is not what it should be."""
    return PackError(f"The model file {path} is damaged; install photofind again.")


def _unreadable(path: Path, error: OSError) -> PackError:
    return PackError(f"The model file {path} cannot be read ({error.strerror or error}); install photofind again.")
