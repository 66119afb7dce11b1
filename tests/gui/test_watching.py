"""The window's watch over real folders."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from watchdog.utils import BaseThread

from photofind.core import watching
from photofind.gui.watching import WatchLink
from tests.support.photos import put
from tests.support.waiting import until

WAIT_MS = 30_000

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WatchLink]:
    monkeypatch.setattr(watching, "QUIET_SECONDS", 0.05)
    made = WatchLink(tmp_path / "library")
    yield made
    assert made.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "photofind-watch"]


def _folder(path: Path) -> str:
    path.mkdir(parents=True)
    return str(path)


def _until_told(qtbot: QtBot, link: WatchLink, folder: Path) -> None:
    """Write files until the link says that something changed: it takes a moment until a folder is watched."""
    told: list[bool] = []
    link.changed.connect(lambda: told.append(True))
    written = [0.0]

    def look() -> bool:
        if time.monotonic() > written[-1] + 0.5:  # or else it would be one burst without an end
            written.append(time.monotonic())
            put(folder / f"{len(written)}.jpg", b"x")
        return bool(told)

    qtbot.waitUntil(look, timeout=WAIT_MS)


def test_changes_are_told(qtbot: QtBot, link: WatchLink, tmp_path: Path) -> None:
    link.set_folders([_folder(tmp_path / "a"), _folder(tmp_path / "b" / "below").removesuffix("/below")])
    _until_told(qtbot, link, tmp_path / "a")
    _until_told(qtbot, link, tmp_path / "b" / "below")


def test_other_folders_take_the_place_of_those_before(qtbot: QtBot, link: WatchLink, tmp_path: Path) -> None:
    first = _folder(tmp_path / "a")
    link.set_folders([first])
    _until_told(qtbot, link, tmp_path / "a")
    link.set_folders([first, _folder(tmp_path / "b")])
    _until_told(qtbot, link, tmp_path / "b")
    link.set_folders([])
    until(lambda: not any(isinstance(thread, BaseThread) for thread in threading.enumerate()), "nothing is watched")


def test_a_folder_that_is_not_there_does_no_harm(qtbot: QtBot, link: WatchLink, tmp_path: Path) -> None:
    link.set_folders([str(tmp_path / "nowhere"), _folder(tmp_path / "a")])
    _until_told(qtbot, link, tmp_path / "a")


def test_a_change_of_mind_while_it_begins(qtbot: QtBot, link: WatchLink, tmp_path: Path) -> None:
    folders = [_folder(tmp_path / str(number)) for number in range(20)]
    for count in range(1, len(folders) + 1):
        link.set_folders(folders[:count])
    _until_told(qtbot, link, tmp_path / "19")


def test_nothing_is_told_after_the_end(qtbot: QtBot, link: WatchLink, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "a")
    link.set_folders([folder])
    _until_told(qtbot, link, tmp_path / "a")
    assert link.close()
    link.set_folders([str(tmp_path)])
    with qtbot.assertNotEmitted(link.changed, wait=300):
        put(tmp_path / "a" / "late.jpg", b"x")
