"""Folders that are never touched, by whatever path one comes to them.

A path is below a protected folder when, as it is written or with its links followed,

* one of its ancestors *is* the folder: the same device and file id (a second mount, a link, another case);
* one of its ancestors is spelled like the folder, case and Unicode form aside, and is not known to be another one;
* it lies, by what Linux says of its mounts, in the same volume below the same folder (a part of it that is bound to
  another place).

In doubt a path is protected.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator

from photofind.core.actions.mounts import MountTable
from photofind.core.paths import is_within

_Identity = tuple[int, int]


class ProtectedFolders:
    """Some folders, as they were when this was made; cheap enough to be made anew for every few files."""

    def __init__(self, folders: Iterable[str], mounts: MountTable | None = None) -> None:
        self._mounts = MountTable.read() if mounts is None else mounts
        self._identities: set[_Identity] = set()
        self._spelled: dict[str, _Identity | None] = {}
        self._inner: list[tuple[str, str]] = []
        for folder in filter(None, folders):
            self._add(folder)

    def covers(self, path: str) -> bool:
        """Tell whether a path is one of the folders or lies below one; it need not exist."""
        if not self._spelled:
            return False
        written = os.path.abspath(path)
        # The entry itself, its own link not followed, is what an action touches; what it leads to is protected as well.
        entry = os.path.join(os.path.realpath(os.path.dirname(written)), os.path.basename(written))
        return any(self._holds(place) for place in dict.fromkeys((written, entry, os.path.realpath(written))))

    def _add(self, folder: str) -> None:
        identity = _identity(folder)
        if identity is not None:
            self._identities.add(identity)
        real = os.path.realpath(folder)
        for spelling in (os.path.abspath(folder), real):
            self._spelled[_key(spelling)] = identity
        inner = self._mounts.within_volume(real)
        if inner is not None:
            self._inner.append(inner)

    def _holds(self, path: str) -> bool:
        return any(self._is_one(ancestor) for ancestor in _upwards(path)) or self._is_inside(path)

    def _is_one(self, path: str) -> bool:
        identity = _identity(path)
        if identity is not None and identity in self._identities:
            return True
        key = _key(path)
        if key not in self._spelled:
            return False
        # On a volume that knows upper from lower case, two folders may have such names: then both exist and differ.
        return identity is None or self._spelled[key] is None

    def _is_inside(self, path: str) -> bool:
        inner = self._mounts.within_volume(path)
        return inner is not None and any(
            inner[0] == device and is_within(inner[1], folder) for device, folder in self._inner
        )


def is_protected(path: str, folders: Iterable[str]) -> bool:
    """Tell whether a path is one of some protected folders or lies below one, by any path to it."""
    return ProtectedFolders(folders).covers(path)


def _upwards(path: str) -> Iterator[str]:
    yield path
    while (parent := os.path.dirname(path)) != path:
        path = parent
        yield path


def _identity(path: str) -> _Identity | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None  # some network volumes number nothing


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", os.path.normcase(path)).casefold())
