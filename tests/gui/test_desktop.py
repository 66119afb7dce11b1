"""Other programs and the clipboard; no program is started."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from photofind.core.errors import UserError
from photofind.gui import desktop

pytestmark = pytest.mark.usefixtures("qapp")


class System:
    """Stands for the system: keeps what it is asked for, and answers as it is told."""

    def __init__(self, *, opens: bool = True, shows: bool = True, runs: bool = True) -> None:
        self.opens, self.shows, self.runs = opens, shows, runs
        self.opened: list[QUrl] = []
        self.shown: list[QUrl] = []
        self.run_commands: list[list[str]] = []

    def open_url(self, url: QUrl) -> bool:
        self.opened.append(url)
        return self.opens

    def show_items(self, url: QUrl) -> bool:
        self.shown.append(url)
        return self.shows

    def run(self, command: Sequence[str]) -> None:
        if not self.runs:
            raise FileNotFoundError(2, "No such file or directory")
        self.run_commands.append(list(command))

    def show(self, path: str, platform: str) -> None:
        desktop.show_in_file_manager(
            path, run=self.run, show_items=self.show_items, open_url=self.open_url, platform=platform
        )


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "a photo, 100%#1.jpg"
    path.write_bytes(b"photo")
    return str(path)


@pytest.fixture
def odd_photo(tmp_path: Path) -> str:
    if sys.platform != "linux":
        pytest.skip("names that are no text exist on Linux only")
    path = os.fsdecode(os.fsencode(tmp_path) + b"/b\xffd.jpg")
    with open(path, "wb") as file:
        file.write(b"photo")
    return path


def test_a_photo_is_opened(photo: str) -> None:
    system = System()
    desktop.open_in_default_program(photo, open_url=system.open_url)
    assert [url.toLocalFile() for url in system.opened] == [photo]


def test_no_program_opens_it(photo: str) -> None:
    with pytest.raises(UserError, match="No program opened this file: "):
        desktop.open_in_default_program(photo, open_url=System(opens=False).open_url)


def test_what_is_gone_is_not_opened(photo: str) -> None:
    Path(photo).unlink()
    system = System()
    with pytest.raises(UserError, match="not there any more"):
        desktop.open_in_default_program(photo, open_url=system.open_url)
    with pytest.raises(UserError, match="not there any more"):
        system.show(photo, "linux")
    assert (system.opened, system.shown) == ([], [])


def test_a_name_that_is_no_text_is_opened(odd_photo: str) -> None:
    system = System()
    desktop.open_in_default_program(odd_photo, open_url=system.open_url)
    assert bytes(system.opened[0].toEncoded().data()).endswith(b"/b%FFd.jpg")


def test_linux_asks_the_file_manager(photo: str) -> None:
    system = System()
    system.show(photo, "linux")
    assert [url.toLocalFile() for url in system.shown] == [photo]
    assert system.opened == []


def test_linux_opens_the_folder_when_no_file_manager_answers(photo: str) -> None:
    system = System(shows=False)
    system.show(photo, "linux")
    assert [url.toLocalFile() for url in system.opened] == [os.path.dirname(photo)]


def test_no_file_manager_at_all(photo: str) -> None:
    with pytest.raises(UserError, match="No file manager answered; the file lies in "):
        System(shows=False, opens=False).show(photo, "linux")
    with pytest.raises(UserError, match="No file manager answered"):
        System(runs=False).show(photo, "darwin")


def test_windows_and_macos_run_a_command(photo: str) -> None:
    system = System()
    system.show(photo, "win32")
    system.show(photo, "darwin")
    assert system.run_commands == [["explorer", f"/select,{photo}"], ["open", "-R", photo]]


def test_without_a_session_bus_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, photo: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    assert not desktop._show_items(desktop.file_url(photo))


def test_paths_are_copied_as_text_and_as_files(photo: str) -> None:
    desktop.copy_paths([photo, "/photos/b\udcffd.jpg"])
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == f"{photo}\n/photos/b\N{REPLACEMENT CHARACTER}d.jpg"
    assert mime.urls()[0].toLocalFile() == photo
    assert bytes(mime.urls()[1].toEncoded().data()) == b"file:///photos/b%FFd.jpg"


def test_a_picture_is_copied() -> None:
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    desktop.copy_image(image)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (20, 10)
    assert copied.pixelColor(3, 3) == QColor("teal")


def test_there_is_no_picture_to_copy() -> None:
    with pytest.raises(UserError, match="no picture to copy"):
        desktop.copy_image(QImage())
