"""Dropped paths whose disk answers late, or never: the window's thread does not wait for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from pytestqt.qtbot import QtBot

from photofind.gui.intake import Intake
from photofind.gui.notices import NoticeBar
from photofind.gui.patience import Look, within_a_moment

_WAIT_MS = 20_000


class Disk:
    """A folder whose disk answers only when it may."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = threading.Event()
        self.asked_by: list[threading.Thread] = []
        usual = os.path.isdir

        def isdir(path: str) -> bool:
            if str(path).startswith(str(folder)):
                self.asked_by.append(threading.current_thread())
                assert self.answers.wait(_WAIT_MS / 1000)
            return usual(path)

        monkeypatch.setattr("os.path.isdir", isdir)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "slow").mkdir()
    found = Disk(tmp_path / "slow", monkeypatch)
    yield found
    found.answers.set()


@pytest.fixture
def intake(qtbot: QtBot) -> Iterator[Intake]:
    notices = NoticeBar()
    qtbot.addWidget(notices)
    made = Intake(notices, notices)
    yield made
    made.close()


def dropped(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_a_drop_does_not_wait_for_its_disk(intake: Intake, disk: Disk, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(intake.parts_ready, timeout=_WAIT_MS) as ready:
        intake.take(dropped(tmp_path / "slow" / "a.jpg"), adding=True)
        disk.answers.set()
    assert [part.label for part in ready.args[0]] == ["a.jpg"]
    assert ready.args[1] is True
    assert threading.main_thread() not in disk.asked_by


def test_a_newer_drop_does_not_wait_for_the_disk_of_an_older_one(
    intake: Intake, disk: Disk, tmp_path: Path, qtbot: QtBot
) -> None:
    intake.take(dropped(tmp_path / "slow" / "a.jpg"))
    found: list[str] = []
    intake.parts_ready.connect(lambda parts, _: found.extend(part.label for part in parts))
    with qtbot.waitSignal(intake.parts_ready, timeout=_WAIT_MS):
        intake.take(dropped(tmp_path / "other.jpg"))
    disk.answers.set()
    qtbot.waitUntil(lambda: not any(t.name == "photofind-drop" for t in threading.enumerate()), timeout=_WAIT_MS)
    qtbot.wait(1)  # whatever was posted is handled
    assert found == ["other.jpg"]


def test_what_a_drop_waits_for_is_told(intake: Intake, disk: Disk, tmp_path: Path, qtbot: QtBot) -> None:
    intake._late.setInterval(0)
    intake.take(dropped(tmp_path / "slow" / "a.jpg"))
    notices = intake.parent()
    assert isinstance(notices, NoticeBar)
    qtbot.waitUntil(lambda: "does not answer" in notices.text, timeout=_WAIT_MS)
    assert str(tmp_path / "slow" / "a.jpg") in notices.text
    with qtbot.waitSignal(intake.parts_ready, timeout=_WAIT_MS):
        disk.answers.set()


def test_folders_are_offered_to_be_added(intake: Intake, disk: Disk, tmp_path: Path, qtbot: QtBot) -> None:
    disk.answers.set()
    intake.take(dropped(tmp_path / "slow"))
    notices = intake.parent()
    assert isinstance(notices, NoticeBar)
    qtbot.waitUntil(lambda: "slow" in notices.text, timeout=_WAIT_MS)


def test_a_look_that_does_not_come_back_leaves_what_was_known() -> None:
    answers, looks = threading.Event(), []

    def look() -> str:
        looks.append(threading.current_thread())
        assert answers.wait(_WAIT_MS / 1000)
        return "there"

    asked = Look(look, "unknown", seconds=0.01)
    assert [asked.answer(), asked.answer()] == ["unknown", "unknown"]
    assert len(looks) == 1  # no heap of threads on a disk that is dead
    answers.set()
    looks[0].join()
    assert asked.answer() == "there"


def test_what_comes_within_a_moment_is_taken() -> None:
    assert within_a_moment(lambda: 17, otherwise=0, seconds=_WAIT_MS / 1000) == 17
