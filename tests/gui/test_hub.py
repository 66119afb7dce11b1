"""Errors from anywhere arrive at the hub: logged, reported in the window's thread, and not a thousand times."""

from __future__ import annotations

import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMetaObject, QObject, Qt, QThread, QTimer, Slot, qWarning
from pytestqt.qtbot import QtBot

from photofind.core.errors import FolderError
from photofind.gui.hub import ExceptionHub, default_log_file

_WAIT = 15_000


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def hub(tmp_path: Path, clock: _Clock, qtbot: QtBot) -> Iterator[ExceptionHub]:
    del qtbot
    made = ExceptionHub(tmp_path / "logs" / "window.log", clock=clock)
    made.install()
    yield made
    made.uninstall()


@pytest.fixture
def reports(hub: ExceptionHub) -> list[tuple[str, str]]:
    taken: list[tuple[str, str]] = []
    hub.reported.connect(lambda summary, details: taken.append((summary, details)))
    return taken


def _raise(error: BaseException) -> None:
    raise error


def _meet(hub: ExceptionHub, error: BaseException) -> None:
    """Let the hub have an exception with its traceback, as the interpreter would."""
    try:
        _raise(error)
    except BaseException as met:  # noqa: BLE001 - the very thing that arrives at the hook
        hub.on_exception(type(met), met, met.__traceback__)


def test_an_exception_is_reported_and_logged(hub: ExceptionHub, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hub.reported, timeout=_WAIT) as caught:
        _meet(hub, ValueError("seven\nand more"))
    summary, details = caught.args
    assert summary == "Something went wrong: seven"
    assert "Traceback" in details
    assert "in _raise" in details
    assert "photofind 0" in details
    assert "in _raise" in hub.log_file.read_text(encoding="utf-8")


def test_an_error_that_the_user_can_mend_speaks_for_itself(hub: ExceptionHub, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hub.reported, timeout=_WAIT) as caught:
        _meet(hub, FolderError("The folder /x does not exist; check its name."))
    assert caught.args[0] == "The folder /x does not exist; check its name."


def test_an_exception_in_a_slot_arrives(hub: ExceptionHub, reports: list[tuple[str, str]], qtbot: QtBot) -> None:
    del hub
    QTimer.singleShot(0, lambda: _raise(RuntimeError("in a slot")))
    qtbot.waitUntil(lambda: bool(reports), timeout=_WAIT)
    assert "in a slot" in reports[0][0]


def test_an_exception_in_a_thread_is_reported_in_the_windows_thread(hub: ExceptionHub, qtbot: QtBot) -> None:
    threads: list[QThread] = []
    hub.reported.connect(lambda *_: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(hub.reported, timeout=_WAIT) as caught:
        thread = threading.Thread(target=_raise, args=(KeyError("away"),))
        thread.start()
        thread.join()
    assert "away" in caught.args[0]
    assert threads == [hub.thread()]


class _Worker(QObject):
    @Slot()
    def work(self) -> None:
        raise OSError("the disk")


def test_an_exception_in_a_qthread_arrives(hub: ExceptionHub, reports: list[tuple[str, str]], qtbot: QtBot) -> None:
    del hub
    thread = QThread()
    worker = _Worker()
    worker.moveToThread(thread)
    thread.start()
    QMetaObject.invokeMethod(worker, "work", Qt.ConnectionType.QueuedConnection)
    qtbot.waitUntil(lambda: bool(reports), timeout=_WAIT)
    thread.quit()
    assert thread.wait(_WAIT)
    assert "the disk" in reports[0][0]


def test_the_same_error_again_and_again_is_reported_once_with_its_count(
    hub: ExceptionHub, clock: _Clock, reports: list[tuple[str, str]], qtbot: QtBot
) -> None:
    for _ in range(50):
        _meet(hub, ValueError("painting"))
    _meet(hub, TypeError("another one"))
    qtbot.waitUntil(lambda: len(reports) == 2, timeout=_WAIT)
    clock.now += 6.0
    _meet(hub, ValueError("painting"))
    qtbot.waitUntil(lambda: len(reports) == 3, timeout=_WAIT)
    assert "49 more since" in reports[2][1]
    assert hub.log_file.read_text(encoding="utf-8").count("ValueError: painting") == 2


def test_thousands_of_different_errors_are_not_kept(hub: ExceptionHub, qtbot: QtBot) -> None:
    kinds = [type(f"Error{number}", (Exception,), {}) for number in range(500)]
    with qtbot.waitSignals([hub.reported], timeout=_WAIT):
        for kind in kinds:
            _meet(hub, kind("one"))
    assert len(hub._seen) <= 200


def test_being_asked_to_end_is_no_error(
    hub: ExceptionHub, reports: list[tuple[str, str]], capsys: pytest.CaptureFixture[str], qtbot: QtBot
) -> None:
    _meet(hub, KeyboardInterrupt())
    _meet(hub, SystemExit(3))
    thread = threading.Thread(target=_raise, args=(SystemExit(),))
    thread.start()
    thread.join()
    with qtbot.waitSignal(hub.reported, timeout=_WAIT):
        _meet(hub, ValueError("the only one"))
    assert len(reports) == 1
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_what_qt_complains_about_is_logged_only(
    hub: ExceptionHub, reports: list[tuple[str, str]], qtbot: QtBot
) -> None:
    qWarning("a layout is odd")
    with qtbot.waitSignal(hub.reported, timeout=_WAIT):
        _meet(hub, ValueError("later"))
    assert "a layout is odd" in hub.log_file.read_text(encoding="utf-8")
    assert len(reports) == 1


def test_hooks_are_put_back(tmp_path: Path, qtbot: QtBot) -> None:
    del qtbot
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook, list(logging.getLogger().handlers))
    hub = ExceptionHub(tmp_path / "window.log")
    hub.install()
    hub.install()
    assert sys.excepthook == hub.on_exception
    hub.uninstall()
    hub.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook, list(logging.getLogger().handlers)) == before


@pytest.mark.skipif(sys.platform == "win32", reason="rights are lists there, and the profile is private")
def test_only_the_owner_may_read_the_log(hub: ExceptionHub) -> None:
    _meet(hub, ValueError("private"))
    assert stat.S_IMODE(hub.log_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(hub.log_file.parent.stat().st_mode) == 0o700


def test_the_log_does_not_grow_for_ever(hub: ExceptionHub, clock: _Clock) -> None:
    for _ in range(40):
        clock.now += 10.0
        _meet(hub, ValueError("x" * 100_000))
    files = list(hub.log_file.parent.iterdir())
    assert 1 < len(files) <= 3
    assert sum(file.stat().st_size for file in files) < 4 << 20


def test_without_a_place_for_the_log_errors_are_still_reported(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("no folder")
    hub = ExceptionHub(tmp_path / "file" / "window.log")
    hub.install()
    try:
        with qtbot.waitSignal(hub.reported, timeout=_WAIT):
            _meet(hub, ValueError("still"))
    finally:
        hub.uninstall()


def test_the_log_lies_in_the_users_folder_of_logs(home: Path) -> None:
    assert default_log_file().is_relative_to(home)
    assert default_log_file().name == "window.log"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a disk that is always full")
def test_a_full_disk_costs_the_log_and_nothing_else(
    tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    del qtbot
    path = tmp_path / "window.log"
    path.symlink_to("/dev/full")
    hub = ExceptionHub(path)
    hub.install()
    for number in range(3):
        logging.getLogger("photofind.tests").error("line %d", number)
    hub.uninstall()
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "cannot be written" in complaint
