"""Model packs in the settings: real packs from files and a real server, installed and removed behind the window."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from photofind.core import paths
from photofind.core.encoders import list_packs
from photofind.core.library import Library
from photofind.core.packs import PackProgress, install_pack
from photofind.core.settings import Settings
from photofind.core.status import LibraryStatus
from photofind.gui.pack_jobs import PackJobs
from photofind.gui.preferences import Preferences
from photofind.gui.settings.packs import PacksPage
from photofind.gui.settings_dialog import SettingsDialog
from tests.support.gallery import PHOTOS, Gallery
from tests.support.packs import pack_files, zip_pack
from tests.support.windows import Opened

_WAIT = 20_000


@pytest.fixture
def jobs() -> Iterator[PackJobs]:
    made = PackJobs()
    yield made
    made.close()


@pytest.fixture
def page(jobs: PackJobs, tmp_path: Path, qtbot: QtBot) -> PacksPage:
    made = PacksPage(jobs, Settings(), tmp_path / "library")
    qtbot.addWidget(made)
    made.resize(600, 560)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return zip_pack(tmp_path / "pack.zip")


def _rows(page: PacksPage) -> list[list[str]]:
    entries = [page.list.topLevelItem(row) for row in range(page.list.topLevelItemCount())]
    return [[entry.text(column) for column in range(4)] for entry in entries if entry is not None]


def _choose(page: PacksPage, name: str) -> None:
    (entry,) = page.list.findItems(name, Qt.MatchFlag.MatchExactly)
    page.list.setCurrentItem(entry)


def _current(page: PacksPage) -> str:
    (entry,) = page.list.selectedItems()
    return entry.text(0)


def _heard(page: PacksPage) -> list[str]:
    heard: list[str] = []
    page.refused.connect(heard.append)
    page.said.connect(heard.append)
    return heard


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def status(gallery: Gallery) -> LibraryStatus:
    with Library(gallery.library, Settings()) as library:
        return library.status()


def test_what_is_listed(page: PacksPage, pack: Path, status: LibraryStatus) -> None:
    install_pack(str(pack))
    page.refresh()
    assert [row[:2] for row in _rows(page)] == [
        ["efficientnet-lite0 int8", "photos, common words"],
        ["efficientnet-lite0 fp32", "photos, common words"],
        ["colours only", "photos and words"],
    ]
    assert [row[3] for row in _rows(page)] == ["comes with photofind"] * 2 + ["installed"]
    assert all("B" in row[2] for row in _rows(page))
    page.set_status(status)
    assert _rows(page)[0][3] == "used by this library"
    page.set_status(replace(status, wanted_model="colours:only"))
    assert [row[3] for row in _rows(page)][0::2] == ["used by this library", "this library changes to it"]
    assert "Licence: Apache-2.0" in page.about.text()


def test_choosing_a_model(page: PacksPage, status: LibraryStatus, qtbot: QtBot) -> None:
    page.set_status(status)
    _choose(page, "efficientnet-lite0 int8")
    assert not page.use.isEnabled()
    _choose(page, "efficientnet-lite0 fp32")
    with qtbot.waitSignal(page.use_requested, timeout=_WAIT) as caught:
        page.use.click()
    assert caught.args == ["efficientnet-lite0:fp32"]
    assert not page.use.isEnabled(), "until the library says what it uses"
    page.set_status(replace(status, wanted_model="efficientnet-lite0:fp32"))
    assert _current(page) == "efficientnet-lite0 fp32"
    assert not page.use.isEnabled()
    _choose(page, "efficientnet-lite0 int8")
    assert page.use.isEnabled(), "one can go back"


def test_installing_from_a_file_and_removing(page: PacksPage, pack: Path, qtbot: QtBot) -> None:
    heard = _heard(page)
    with qtbot.waitSignal(page.packs_changed, timeout=_WAIT):
        page.installer.install_file(str(pack))
        assert not page.installer.from_file.isEnabled()
        assert page.installer.stop.isVisible()
    assert _current(page) == "colours only"
    assert not page.installer.stop.isVisible()
    page.remove.click()
    assert "Remove the model colours" in page.confirm.text
    with qtbot.waitSignal(page.packs_changed, timeout=_WAIT):
        page.confirm.confirmed.emit()
    assert heard == ["The model colours was installed.", "The model colours was removed."]
    assert [found.name for found in list_packs()[0]] == ["efficientnet-lite0"]
    assert not page.remove.isEnabled()


def test_what_is_needed_is_not_removed(page: PacksPage, pack: Path, qtbot: QtBot) -> None:
    install_pack(str(pack))
    page.refresh()
    page.set_settings(Settings(model="colours"))
    _choose(page, "colours only")
    page.remove.click()
    with qtbot.waitSignal(page.refused, timeout=_WAIT) as caught:
        page.confirm.confirmed.emit()
    assert caught.args is not None
    assert "choose another there first" in caught.args[0]


def test_a_file_that_is_no_pack_is_refused(page: PacksPage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with qtbot.waitSignal(page.refused, timeout=_WAIT):
        page.installer.install_file(str(tmp_path / "x.zip"))
    assert len(_rows(page)) == 2
    assert page.installer.from_file.isEnabled()


def test_a_broken_pack_is_told_of(page: PacksPage) -> None:
    folder = paths.user_models() / "broken"
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text("?", encoding="utf-8")
    page.refresh()
    assert "broken" in page.problems.text()
    assert page.problems.isVisible()


# From an address


class _Server:
    """Gives one file, and only its beginning until :attr:`go_on` is set."""

    def __init__(self, content: bytes) -> None:
        self.go_on = threading.Event()
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[:1000])
                self.wfile.flush()
                outer.go_on.wait(_WAIT / 1000)
                try:
                    self.wfile.write(content[1000:])
                except OSError:
                    self.close_connection = True  # who asked has gone

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/pack.zip"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.go_on.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Server]:
    monkeypatch.setenv("no_proxy", "*")
    made = _Server(pack.read_bytes())
    yield made
    made.close()


def _enter(page: PacksPage, address: str, checksum: str) -> None:
    page.installer.from_address.click()
    page.installer.address.setText(address)
    page.installer.checksum.setText(checksum)


def test_an_address_needs_a_checksum(page: PacksPage, server: _Server, qtbot: QtBot) -> None:
    _enter(page, server.url, "")
    assert not page.installer.download.isEnabled()
    QTest.keyClick(page.installer.checksum, Qt.Key.Key_Return)
    for address, checksum in (("ftp://x/y.zip", "0" * 64), (server.url, "12345")):
        _enter(page, address, checksum)
        with qtbot.waitSignal(page.refused, timeout=_WAIT):
            page.installer.download.click()
    assert server.asked == 0


def test_who_is_contacted_is_said_as_it_is(page: PacksPage) -> None:
    page.installer.show_form()
    said = [label.text() for label in page.installer.findChildren(QLabel) if label.isVisible()]
    assert any("Only the host of this address is contacted" in text for text in said)


def test_a_pack_from_an_address(page: PacksPage, jobs: PackJobs, server: _Server, pack: Path, qtbot: QtBot) -> None:
    seen: list[PackProgress] = []
    jobs.progressed.connect(seen.append)
    server.go_on.set()
    _enter(page, f" {server.url} ", _sha256(pack))
    with qtbot.waitSignal(page.packs_changed, timeout=_WAIT):
        QTest.keyClick(page.installer.checksum, Qt.Key.Key_Return)
    assert _rows(page)[-1][0] == "colours only"
    assert [progress.stage for progress in seen][:: len(seen) - 1] == ["download", "check"]
    assert not page.installer.address.isVisible()
    assert page.installer.address.text() == ""


def test_a_download_can_be_stopped(page: PacksPage, jobs: PackJobs, server: _Server, pack: Path, qtbot: QtBot) -> None:
    heard = _heard(page)
    _enter(page, server.url, _sha256(pack))
    page.installer.download.click()
    qtbot.waitUntil(lambda: "Downloading" in page.installer.stage.text(), timeout=_WAIT)
    page.installer.stop.click()
    assert "Stopping" in page.installer.stage.text()
    server.go_on.set()
    qtbot.waitUntil(lambda: not jobs.is_running, timeout=_WAIT)
    assert heard == ["The installation was stopped; nothing was installed."]
    assert len(_rows(page)) == 2


def test_closing_stops_a_download(jobs: PackJobs, server: _Server, pack: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jobs.progressed, timeout=_WAIT):
        jobs.install(server.url, _sha256(pack))
    server.go_on.set()
    with qtbot.assertNotEmitted(jobs.installed, wait=100), qtbot.assertNotEmitted(jobs.running_changed, wait=100):
        jobs.close()
    assert len(list_packs()[0]) == 1


def test_one_job_at_a_time(jobs: PackJobs, pack: Path, tmp_path: Path, qtbot: QtBot) -> None:
    names: list[str] = []
    jobs.installed.connect(names.append)
    other = zip_pack(tmp_path / "other.zip", pack_files("other"))
    with qtbot.waitSignal(jobs.installed, timeout=_WAIT):
        jobs.install(str(pack), None)
        jobs.install(str(other), None)
    assert names == ["colours"]
    with qtbot.waitSignal(jobs.installed, timeout=_WAIT):
        jobs.install(str(other), None)
    assert names == ["colours", "other"]


def test_large_downloads_fit_the_bar(page: PacksPage, jobs: PackJobs) -> None:
    jobs.running_changed.emit(True)
    jobs.progressed.emit(PackProgress("download", 3 << 32, 4 << 32))
    assert page.installer.bar.value() * 4 == page.installer.bar.maximum() * 3
    jobs.progressed.emit(PackProgress("check", 0, None))
    assert page.installer.bar.maximum() == 0
    jobs.running_changed.emit(False)


def test_everything_that_takes_the_focus_has_a_name(page: PacksPage) -> None:
    page.installer.show_form()
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.objectName().startswith("qt_"):
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget


# In the window


def test_a_library_changes_its_model(qtbot: QtBot, fresh_gallery: Gallery, tmp_path: Path) -> None:
    """The wish goes to the real writer."""
    opened = Opened(qtbot, fresh_gallery.library, fresh_gallery.settings, Preferences(tmp_path / "window.ini"))
    try:
        opened.window.start()
        opened.until(lambda: len(opened.window.model.ids) == PHOTOS)
        opened.do("settings")
        (dialog,) = opened.window.findChildren(SettingsDialog)
        page = dialog.packs
        opened.until(lambda: _rows(page)[0][3] == "used by this library")
        _choose(page, "efficientnet-lite0 fp32")
        page.use.click()
        opened.until(lambda: _rows(page)[1][3] in ("this library changes to it", "used by this library"))
        assert "read again with the model" in opened.window.notices.text
        with fresh_gallery.open() as library:
            assert library.status().wanted_model == "efficientnet-lite0:fp32"
    finally:
        opened.close()


def test_an_installation_outlives_the_settings(
    qtbot: QtBot, gallery: Gallery, tmp_path: Path, server: _Server, pack: Path
) -> None:
    opened = Opened(qtbot, gallery.library, gallery.settings, Preferences(tmp_path / "window.ini"))
    try:
        opened.start(PHOTOS)
        opened.do("settings")
        (dialog,) = opened.window.findChildren(SettingsDialog)
        _enter(dialog.packs, server.url, _sha256(pack))
        dialog.packs.installer.download.click()
        opened.until(lambda: server.asked)
        dialog.reject()
        opened.until(lambda: opened.window.findChildren(SettingsDialog) == [])
        opened.do("settings")
        (dialog,) = opened.window.findChildren(SettingsDialog)
        assert dialog.packs.installer.stop.isEnabled(), "it goes on"
        server.go_on.set()
        opened.until(lambda: len(_rows(dialog.packs)) == 3)
        opened.until(lambda: "colours was installed" in dialog.notices.text)
        assert dialog.engine.model.findData("colours:only") >= 0
    finally:
        opened.close()
