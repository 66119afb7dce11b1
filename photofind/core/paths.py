"""Where things lie: the program's own data, the user's data, and names on disk.

Only this module knows whether photofind runs from a checkout, an installed wheel or a frozen bundle.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from photofind.core.errors import SettingsError

_PACKAGE = Path(__file__).resolve().parent.parent
_APPLICATION = "photofind"


def bundled_models() -> Path:
    """Return the folder of the model packs that come with the program."""
    installed = _PACKAGE / "_data" / "models"
    return installed if installed.is_dir() else _PACKAGE.parent / "models"


def resources() -> Path:
    """Return the folder of the icons and translations that come with the program."""
    installed = _PACKAGE / "_data" / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def user_models() -> Path:
    """Return the folder of the model packs that the user installed; it need not exist."""
    return _own(platformdirs.user_data_path) / "models"


def default_library() -> Path:
    """Return the library's folder when the user names none; it need not exist."""
    return _own(platformdirs.user_data_path) / "library"


def settings_file() -> Path:
    """Return the settings file; it need not exist."""
    return _own(platformdirs.user_config_path) / "settings.toml"


def drawing_cache() -> Path:
    """Return the folder in which the library that draws charts keeps its list of fonts; it need not exist."""
    return _own(platformdirs.user_cache_path) / "matplotlib"


def acting_lock_file() -> Path:
    """Return the file by which one process of the user acts on files at a time, whatever its library."""
    return _own(platformdirs.user_data_path) / "acting.lock"


def program_command() -> list[str]:
    """Return the command that starts this very program again, for child processes."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # -P: or else a folder of photos that is the current one could lend Python its modules.
    return [sys.executable, "-P", "-m", "photofind"]


def _own(folder_of: Callable[..., Path]) -> Path:
    try:
        return folder_of(_APPLICATION, appauthor=False)
    except RuntimeError as error:  # a user that the system does not know
        raise SettingsError("The system does not know your home folder; set HOME to it.") from error


def can_be_a_path(name: str) -> bool:
    """Tell whether the system can have a file of this name: not empty, no NUL, no stray surrogates."""
    try:
        return bool(name) and b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False


def sqlite_uri(path: Path, options: str) -> str:
    """Return the URI by which SQLite opens a file: special letters quoted, network shares as SQLite wants them."""
    uri = path.absolute().as_uri()
    if not uri.startswith("file:///"):  # \\server\share gives file://server/share, whose host SQLite refuses
        uri = "file:////" + uri.removeprefix("file://")
    return f"{uri}?{options}"


def path_to_bytes(path: str) -> bytes:
    """Return a path as the catalog stores it: bytes keep names that are no valid Unicode."""
    return os.fsencode(path)


def path_from_bytes(stored: bytes) -> str:
    """Return a stored path as ``str``; undecodable bytes come back as surrogates (PEP 383)."""
    return os.fsdecode(stored)


def is_within(path: str, top: str) -> bool:
    """Tell whether a path is ``top`` or lies below it."""
    return path == top or path.startswith(top if top.endswith(os.sep) else top + os.sep)
