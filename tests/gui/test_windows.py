"""The one window after the other: the library that was open last, another one, and the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.core.paths import default_library
from photofind.gui.app import Windows
from photofind.gui.hub import ExceptionHub
from photofind.gui.preferences import Preferences
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import WAIT_MS


class Program:
    """The windows of a program, and whether it has ended."""

    def __init__(self, qapp: QApplication, preferences: Preferences) -> None:
        self.preferences = preferences
        self.hub = ExceptionHub()
        self.windows = Windows(qapp, preferences, self.hub)
        self.ended = False
        self.windows._app = SimpleNamespace(quit=self._end)  # type: ignore[assignment]

    def _end(self) -> None:
        self.ended = True

    @property
    def library(self) -> Path | None:
        """The library of the window that is open."""
        return self.windows.window.session.library if self.windows.window else None


@pytest.fixture
def program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Program]:
    made = Program(qapp, Preferences(tmp_path / "window.ini"))
    yield made
    made.windows.close()
    qtbot.waitUntil(lambda: made.windows.window is None, timeout=WAIT_MS)
    made.windows.deleteLater()


def test_the_library_that_was_open_last_opens_again(program: Program, gallery: Gallery) -> None:
    program.preferences.remember_library(gallery.library)
    window = program.windows.open_first(None)
    assert program.library == gallery.library
    assert not window.notices.text


def test_a_last_library_that_is_away_is_told_and_not_made_anew(program: Program, tmp_path: Path) -> None:
    away = tmp_path / "drive" / "library"
    program.preferences.remember_library(away)
    window = program.windows.open_first(None)
    assert program.library == default_library()
    assert str(away) in window.notices.text
    assert not away.parent.exists()


def test_another_library_opens_in_the_place_of_the_first(
    qtbot: QtBot, program: Program, gallery: Gallery, tmp_path: Path
) -> None:
    first = program.windows.open_first(tmp_path / "one")
    first.library_wanted.emit(gallery.library)
    assert not first.isVisible()
    qtbot.waitUntil(lambda: program.library == gallery.library, timeout=WAIT_MS)
    second = program.windows.window
    assert second is not None
    qtbot.waitUntil(lambda: len(second.model.ids) == PHOTOS, timeout=WAIT_MS)
    assert not program.ended
    program.windows.close()
    second.close()  # once more, while it is closing
    qtbot.waitUntil(lambda: program.ended, timeout=WAIT_MS)
    assert program.preferences.recent_libraries == [gallery.library, tmp_path / "one"]


def test_the_end_comes_also_while_another_library_is_on_its_way(
    qtbot: QtBot, program: Program, gallery: Gallery, tmp_path: Path
) -> None:
    program.windows.open_first(tmp_path / "one").library_wanted.emit(gallery.library)
    program.windows.close()
    qtbot.waitUntil(lambda: program.ended, timeout=WAIT_MS)
    assert program.windows.window is None
