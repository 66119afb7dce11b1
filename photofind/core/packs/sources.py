"""Where the files of a pack come from, as the installer sees it: names, and what is behind each of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from photofind.core.encoders.pack import PACK_FILE
from photofind.core.errors import PackError


class ByteStream(Protocol):
    """An open file, as far as it takes to read it once."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...


class PackSource(Protocol):
    """The files beside a ``pack.toml``, and only these."""

    def names(self) -> list[str]:
        """Return the names of all plain files."""
        ...

    def open(self, name: str) -> ByteStream:
        """Open a file to read it once from its beginning; raise PackError when there is none."""
        ...


class FolderSource:
    """A folder of the user's own; links in it are followed, since model caches are full of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not os.path.isfile(folder / PACK_FILE):  # it never raises
            raise PackError(f"{folder} holds no {PACK_FILE}, so it is not a model pack.")

    def names(self) -> list[str]:
        """Return the names of all plain files."""
        try:
            return sorted(entry.name for entry in os.scandir(self._folder) if entry.is_file())
        except OSError as error:
            raise PackError(f"{self._folder} cannot be read: {error.strerror or error}.") from error

    def open(self, name: str) -> ByteStream:
        """Open a file to read it once from its beginning; raise PackError when there is none."""
        path = self._folder / name
        if not os.path.isfile(path):  # a pipe would be waited for
            raise PackError(f"The pack lacks {name}, which its {PACK_FILE} names; get a complete one.")
        try:
            return path.open("rb")
        except OSError as error:
            raise PackError(f"{path} cannot be read: {error.strerror or error}.") from error
