"""The window with its writer: an empty library, a folder that is added, watched and removed, and the end of it all."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QMimeData, QTimer, QUrl
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui.preferences import Preferences
from tests.support.gallery import photo
from tests.support.photos import put
from tests.support.windows import Opened

_SETTINGS = Settings(workers=1)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with a few photos and a file that is none."""
    folder = tmp_path / "photos"
    for number in range(6):
        put(folder / f"{number}.jpg", photo(number))
    put(folder / "broken.jpg", b"\xff\xd8 this is no picture")
    return folder


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library that does not exist yet, with its writer."""
    window = Opened(qtbot, tmp_path / "library", _SETTINGS, Preferences(tmp_path / "window.ini"))
    window.window.start()
    yield window
    window.close()


def press(opened: Opened, text: str) -> None:
    """Press the button of the notice that is shown."""
    buttons = opened.window.notices.findChildren(QAbstractButton)
    next(button for button in buttons if button.text() == text).click()


def add(opened: Opened, folder: Path) -> None:
    """Drop a folder and confirm."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    assert opened.drop(mime)
    press(opened, "Add")


def test_from_an_empty_window_to_neighbours(opened: Opened, photos: Path) -> None:
    window = opened.window
    opened.until(lambda: window.pages.currentWidget() is window.empty_state)
    add(opened, photos)
    assert window.pages.currentWidget() is window.grid_page
    opened.until(lambda: len(opened.ids()) == 6)
    opened.until(lambda: "broken.jpg" in window.errors.text())
    opened.search(lambda: opened.click(2))
    assert len(opened.ids()) == 6
    # What appears in the folder appears in the window, and so does what is gone.
    opened.do("home")
    put(photos / "new.jpg", photo(40))
    opened.until(lambda: len(opened.ids()) == 7)
    (photos / "0.jpg").unlink()
    opened.until(lambda: len(opened.ids()) == 6)
    # A file that was mended is read again when the user asks.
    put(photos / "broken.jpg", photo(41))
    window.errors.retry_requested.emit([])
    opened.until(lambda: len(opened.ids()) == 7)
    window.folders.remove_requested.emit(str(photos))
    opened.until(lambda: window.pages.currentWidget() is window.empty_state)
    assert sorted(path.name for path in photos.iterdir()) == [
        "1.jpg",
        "2.jpg",
        "3.jpg",
        "4.jpg",
        "5.jpg",
        "broken.jpg",
        "new.jpg",
    ]


def test_a_folder_that_is_gone_when_it_is_added(opened: Opened, photos: Path) -> None:
    window = opened.window
    opened.until(lambda: window.pages.currentWidget() is window.empty_state)
    window.background.add_folders([str(photos / "nowhere")])
    opened.until(lambda: "nowhere" in window.notices.text)
    add(opened, photos)
    opened.until(lambda: len(opened.ids()) == 6)


def test_pause_and_go_on(opened: Opened, photos: Path) -> None:
    window = opened.window
    opened.until(lambda: window.pages.currentWidget() is window.empty_state)
    opened.do("pause")
    opened.until(window.action_set["pause"].isChecked)
    add(opened, photos)
    opened.do("pause")
    opened.until(lambda: not window.action_set["pause"].isChecked())
    opened.until(lambda: len(opened.ids()) == 6)


def test_closing_in_the_middle_leaves_nothing_behind_and_loses_nothing(
    qtbot: QtBot, tmp_path: Path, photos: Path
) -> None:
    for number in range(10, 150):
        put(photos / f"{number}.jpg", photo(number))
    threads, children = {*threading.enumerate()}, _children()
    opened = Opened(qtbot, tmp_path / "library", _SETTINGS, Preferences(tmp_path / "window.ini"))
    opened.window.start()
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.empty_state)
    add(opened, photos)
    opened.until(lambda: len(opened.ids()) > 0 or "left" in _texts(opened))
    timers = opened.window.findChildren(QTimer)
    opened.close()
    assert [timer.parent() for timer in timers if timer.isActive()] == []
    assert _children() == children
    assert {*threading.enumerate()} <= threads
    with Library(tmp_path / "library", _SETTINGS) as library:
        assert library.examine().healthy
    again = Opened(qtbot, tmp_path / "library", _SETTINGS, Preferences(tmp_path / "window.ini"))
    again.window.start()
    again.until(lambda: len(again.ids()) == 146)
    again.close()


def test_a_second_window_on_the_same_library_reads_and_waits(
    qtbot: QtBot, opened: Opened, tmp_path: Path, photos: Path
) -> None:
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.empty_state)
    add(opened, photos)
    opened.until(lambda: len(opened.ids()) == 6)
    second = Opened(qtbot, tmp_path / "library", _SETTINGS, Preferences(tmp_path / "second.ini"))
    second.window.start()
    second.until(lambda: len(second.ids()) == 6)
    second.until(lambda: second.window.notices.text)
    second.search(lambda: second.click(1))
    second.close()


def test_a_library_that_vanishes_is_told(opened: Opened, photos: Path, tmp_path: Path) -> None:
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.empty_state)
    add(opened, photos)
    opened.until(lambda: len(opened.ids()) == 6)
    shutil.rmtree(tmp_path / "library")
    opened.click(0)
    opened.do("home")
    QApplication.processEvents()  # whatever it says, it lives on


def _texts(opened: Opened) -> str:
    return opened.window.progress.text


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _is_ours(timer: QTimer) -> bool:
    return timer.thread() is QApplication.instance().thread()  # type: ignore[union-attr]
