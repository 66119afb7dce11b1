"""What the window remembers about its user: how it looked, what a click does, which libraries there are.

Kept in an INI file beside the engine's settings. A value that is missing, of the wrong kind or out of range counts as
the default: a damaged file never keeps the window from opening. File names are written as percent-encoded bytes,
because they need not be valid Unicode.
"""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, TypeVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from photofind.core.paths import can_be_a_path
from photofind.core.private_files import claim, make_private_folder, tighten
from photofind.gui.grid.layout import MAX_TILE, MIN_TILE

ClickAction = Literal["click", "double_click"]
Language = Literal["system", "en", "de"]
Sort = Literal["date", "name", "folder", "size"]

CLICK_ACTIONS: Final[tuple[ClickAction, ...]] = ("click", "double_click")
LANGUAGES: Final[tuple[Language, ...]] = ("system", "en", "de")
SORTS: Final[tuple[Sort, ...]] = ("date", "name", "folder", "size")
CACHE_MEGABYTES: Final = (32, 4096)
"""Smallest and largest size of the cache of thumbnails."""

_DEFAULT_TILE: Final = 160
_DEFAULT_CACHE: Final = 96
_MOST_RECENT: Final = 10

_Choice = TypeVar("_Choice", bound=str)


def keep_dialogs_to_ourselves() -> None:
    """Let Qt's own file dialog keep the folders that it was in beside the preferences; call it before any dialog.

    Where the desktop has no dialog of its own, Qt writes them to a file that all programs with Qt share and that
    everybody can read.
    """
    if sys.platform in ("win32", "darwin"):
        return  # the system's dialogs; what these remember is the user's own
    _make_private(_users_folder() / "QtProject.conf")
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(_users_folder()))


def _users_folder() -> Path:
    return platformdirs.user_config_path("photofind", appauthor=False)


def _make_private(path: Path) -> None:
    """Make the file, which Qt would make readable for all, with its folder; an older one is tightened."""
    with suppress(OSError):  # then nothing is remembered, as before
        make_private_folder(path.parent)
        claim(path)
        tighten(path)


class Preferences:
    """The user's preferences in one file; each change is written soon, and at the latest by :meth:`sync`.

    Parameters
    ----------
    path
        The INI file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        _make_private(path)
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @classmethod
    def of_user(cls) -> Preferences:
        """Return the preferences of whoever runs the program."""
        return cls(_users_folder() / "window.ini")

    def sync(self) -> None:
        """Write what is not written yet."""
        self._store.sync()

    # The window

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window, as Qt saves it; empty when nothing is remembered."""
        return self._blob("window/geometry")

    @geometry.setter
    def geometry(self, blob: QByteArray) -> None:
        self._set_blob("window/geometry", blob)

    @property
    def window_state(self) -> QByteArray:
        """Panels and bars of the window, as Qt saves them; empty when nothing is remembered."""
        return self._blob("window/state")

    @window_state.setter
    def window_state(self, blob: QByteArray) -> None:
        self._set_blob("window/state", blob)

    @property
    def tile_size(self) -> int:
        """Side of a thumbnail in logical pixels."""
        return self._number("view/tile_size", (MIN_TILE, MAX_TILE), _DEFAULT_TILE)

    @tile_size.setter
    def tile_size(self, pixels: int) -> None:
        self._store.setValue("view/tile_size", pixels)

    @property
    def sort(self) -> Sort:
        """What all photos are sorted by."""
        return self._choice("view/sort", SORTS)

    @sort.setter
    def sort(self, sort: str) -> None:
        self._store.setValue("view/sort", sort)

    @property
    def sort_descending(self) -> bool:
        """Whether the newest, largest or last comes first."""
        return self._flag("view/sort_descending", default=True)

    @sort_descending.setter
    def sort_descending(self, descending: bool) -> None:
        self._store.setValue("view/sort_descending", "true" if descending else "false")

    # What the user chooses

    @property
    def click_action(self) -> ClickAction:
        """What finds similar photos: a click or a double click."""
        return self._choice("behaviour/find_similar_by", CLICK_ACTIONS)

    @click_action.setter
    def click_action(self, action: ClickAction) -> None:
        self._store.setValue("behaviour/find_similar_by", action)

    @property
    def language(self) -> Language:
        """The language of the window."""
        return self._choice("behaviour/language", LANGUAGES)

    @language.setter
    def language(self, language: Language) -> None:
        self._store.setValue("behaviour/language", language)

    @property
    def cache_megabytes(self) -> int:
        """How much memory thumbnails may take, in megabytes."""
        return self._number("behaviour/cache_megabytes", CACHE_MEGABYTES, _DEFAULT_CACHE)

    @cache_megabytes.setter
    def cache_megabytes(self, megabytes: int) -> None:
        self._store.setValue("behaviour/cache_megabytes", megabytes)

    # Libraries

    @property
    def recent_libraries(self) -> list[Path]:
        """The folders of the libraries that were open, the last one first."""
        stored = self._store.value("libraries/recent", [])
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        decoded = dict.fromkeys(os.fsdecode(unquote_to_bytes(name)) for name in names if isinstance(name, str))
        return [path for path in map(Path, filter(can_be_a_path, decoded)) if path.is_absolute()]

    @property
    def last_library(self) -> Path | None:
        """The library that was open last, None when there was none."""
        return next(iter(self.recent_libraries), None)

    def remember_library(self, library: Path) -> None:
        """Put a library at the head of the recent ones."""
        self._set_libraries([library, *(other for other in self.recent_libraries if other != library)])

    def forget_library(self, library: Path) -> None:
        """Take a library out of the recent ones; the library itself stays."""
        self._set_libraries([other for other in self.recent_libraries if other != library])

    def _set_libraries(self, libraries: Sequence[Path]) -> None:
        names = [quote_from_bytes(os.fsencode(library)) for library in libraries[:_MOST_RECENT]]
        self._store.setValue("libraries/recent", names)

    # Values

    def _text(self, key: str) -> str:
        value = self._store.value(key)
        return value if isinstance(value, str) else str(value) if isinstance(value, (int, float)) else ""

    def _number(self, key: str, span: tuple[int, int], default: int) -> int:
        text = self._text(key)
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            return default
        number = int(text)
        return number if span[0] <= number <= span[1] else default

    def _choice(self, key: str, choices: tuple[_Choice, ...]) -> _Choice:
        """Return one of the choices; the first is the default."""
        text = self._text(key)
        return next((choice for choice in choices if choice == text), choices[0])

    def _flag(self, key: str, *, default: bool) -> bool:
        return {"true": True, "false": False}.get(self._text(key).lower(), default)

    def _blob(self, key: str) -> QByteArray:
        try:
            return QByteArray(base64.b64decode(self._text(key), validate=True))
        except ValueError:
            return QByteArray()

    def _set_blob(self, key: str, blob: QByteArray) -> None:
        self._store.setValue(key, base64.b64encode(blob.data()).decode("ascii"))
