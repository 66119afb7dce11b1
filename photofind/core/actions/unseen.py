"""Folders of the user's that hold no photos but what programs keep for themselves, and what starts with a login.

Nothing is moved there: a plan may come from anybody, and the next update would not look into a hidden folder anyway, so
that what was moved would be lost to the library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from photofind.core.actions.mounts import MountTable
from photofind.core.actions.protection import ProtectedFolders
from photofind.core.paths import is_within


class UnseenFolders:
    """Folders for programs, as they were when this was made: hidden ones of the home, and those that systems name."""

    def __init__(self, mounts: MountTable | None = None) -> None:
        home = os.path.expanduser("~")  # noqa: PTH111 - it never raises
        self._homes = {os.path.abspath(home), os.path.realpath(home)}
        # A system whose folder for programs holds the home has no other place for photos.
        named = [folder for folder in _named(home) if not any(is_within(each, folder) for each in self._homes)]
        self._named = ProtectedFolders(named, mounts)

    def covers(self, path: str) -> bool:
        """Tell whether a path is one of the folders or lies below one; it need not exist."""
        places = {os.path.abspath(path), os.path.realpath(path)}
        return any(self._is_hidden(place) for place in places) or self._named.covers(path)

    def _is_hidden(self, place: str) -> bool:
        return any(
            part.startswith(".")
            for home in self._homes
            if is_within(place, home)
            for part in Path(place).relative_to(home).parts
        )


def _named(home: str) -> Iterator[str]:
    # On Windows the part that roams: it is there that programs are started from, and temporary files are elsewhere.
    yield str(platformdirs.user_config_path(roaming=True))
    yield str(platformdirs.user_data_path(roaming=True))
    if sys.platform == "darwin":
        yield os.path.join(home, "Library", "LaunchAgents")
        yield os.path.join(home, "Library", "Preferences")
