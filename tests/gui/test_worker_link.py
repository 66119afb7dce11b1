"""The window's link to the real writer process: runs, pauses, deaths, locks and ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QProcess
from pytestqt.qtbot import QtBot

from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from photofind.gui.worker_link import Patience, WorkerLink, WorkerProgress
from tests.support.photos import put, put_many
from tests.support.program import configure
from tests.support.waiting import until

WAIT_MS = 40_000
MANY = 80
SETTINGS = Settings(workers=1)
QUICK = Patience(again_ms=(0, 0, 0), locked_ms=200)

Start = Callable[..., "Heard"]


class Heard:
    """A link that runs, and what it said."""

    def __init__(self, link: WorkerLink) -> None:
        self.link = link
        self.events: list[tuple[str, Any]] = []
        for name in ("ready", "progressed", "finished", "removed", "pause_changed", "failed", "restarted", "gave_up"):
            getattr(link, name).connect(self._keeper(name))

    def _keeper(self, name: str) -> Callable[..., None]:
        return lambda *values: self.events.append((name, values[0] if len(values) == 1 else values))

    def all(self, name: str) -> list[Any]:
        return [value for event, value in self.events if event == name]

    @property
    def progress(self) -> list[WorkerProgress]:
        return self.all("progressed")


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """Start links, by default on a library in the test's folder; all are ended after the test."""
    configure("workers = 1\n")
    links: list[WorkerLink] = []

    def make(**options: Any) -> Heard:
        link = WorkerLink(tmp_path / "library", patience=options.pop("patience", QUICK), **options)
        links.append(link)
        heard = Heard(link)
        link.start()
        return heard

    yield make
    for link in links:
        with qtbot.waitSignal(link.ended, timeout=WAIT_MS):
            link.begin_shutdown()
    assert _children() == []


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of many photos."""
    put_many(tmp_path / "photos", range(MANY))
    return tmp_path / "photos"


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if _counts(child)]


def _counts(child: psutil.Process) -> bool:
    """Leave out the dead, and the helper that multiprocessing keeps once other tests have indexed in this process."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return False


def _worker() -> psutil.Process:
    return next(child for child in psutil.Process().children() if "worker" in child.cmdline())


def _script(text: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", text]


def test_what_it_is_for(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    folder, other = tmp_path / "photos", tmp_path / "other"
    put_many(folder, range(8))
    broken = put(other / "broken.jpg", b"no picture")
    heard = start()
    heard.link.index([str(folder)])  # before it is ready
    heard.link.index([str(other)])
    qtbot.waitUntil(lambda: len(heard.all("finished")) == 2, timeout=WAIT_MS)
    assert heard.events[0][0] == "ready"
    assert any(progress.phase == "embed" for progress in heard.progress)
    report = heard.all("finished")[-1]
    assert (report["photos"], report["errors_total"], report["stopped"]) == (8, 1, False)
    put(broken, 50)
    heard.link.retry([str(broken)])
    qtbot.waitUntil(lambda: len(heard.all("finished")) == 3, timeout=WAIT_MS)
    report = heard.all("finished")[-1]
    assert (report["photos"], report["errors_total"]) == (9, 0)
    heard.link.remove_folder(str(folder))
    qtbot.waitUntil(lambda: bool(heard.all("removed")), timeout=WAIT_MS)
    assert heard.all("removed") == [(str(folder), 8)]
    heard.link.remove_folder(str(folder))
    qtbot.waitUntil(lambda: bool(heard.all("failed")), timeout=WAIT_MS)
    heard.link.index([str(tmp_path / "nowhere")])
    heard.link.index()
    qtbot.waitUntil(lambda: len(heard.all("finished")) == 4, timeout=WAIT_MS)
    assert [fixable for _, fixable in heard.all("failed")] == [True, True]
    assert heard.all("restarted") == [], "an impossible wish is no death"
    assert heard.all("finished")[-1]["photos"] == 1


def test_pause_kill_and_resume(start: Start, photos: Path, qtbot: QtBot) -> None:
    heard = start()
    heard.link.index([str(photos)])
    qtbot.waitUntil(lambda: any(progress.done for progress in heard.progress), timeout=WAIT_MS)
    heard.link.pause()
    qtbot.waitUntil(lambda: heard.progress[-1].paused, timeout=WAIT_MS)
    done = heard.progress[-1].done
    assert done < MANY
    _worker().kill()
    qtbot.waitUntil(lambda: len(heard.all("ready")) == 2, timeout=WAIT_MS)
    assert heard.all("restarted") == [1]
    qtbot.waitUntil(lambda: heard.events[-1][0] == "progressed" and heard.progress[-1].paused, timeout=WAIT_MS)
    assert heard.all("finished") == [], "it is still paused, and goes on with what it was at"
    heard.link.resume()
    qtbot.waitUntil(lambda: bool(heard.all("finished")), timeout=WAIT_MS)
    report = heard.all("finished")[0]
    assert (report["photos"], report["embedded"]) == (MANY, MANY - done)
    assert heard.all("pause_changed") == [True, False]


def test_a_library_that_another_one_writes(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    put_many(tmp_path / "photos", range(3))
    with LibraryWriter(tmp_path / "library", SETTINGS):
        heard = start()
        heard.link.index([str(tmp_path / "photos")])
        qtbot.waitUntil(lambda: bool(heard.all("failed")), timeout=WAIT_MS)
        first = _worker_pids()
        qtbot.waitUntil(lambda: bool(_worker_pids() - first), timeout=WAIT_MS)  # it tries again
    qtbot.waitUntil(lambda: bool(heard.all("finished")), timeout=WAIT_MS)
    ((message, fixable),) = heard.all("failed")
    assert fixable
    assert "Another photofind" in message
    assert heard.all("restarted") == []
    assert heard.all("finished")[0]["photos"] == 3


def _worker_pids() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_it_ends_in_the_middle_of_a_run(start: Start, photos: Path, tmp_path: Path, qtbot: QtBot) -> None:
    heard = start()
    heard.link.index([str(photos)])
    qtbot.waitUntil(lambda: any(progress.done >= 3 for progress in heard.progress), timeout=WAIT_MS)
    put_many(tmp_path / "late", range(500, 503))
    heard.link.index([str(tmp_path / "late")])  # its turn does not come any more, but it is not forgotten
    assert heard.link.shutdown(), "it waits for the end while the window handles no event"
    assert _children() == []
    with Library(tmp_path / "library", SETTINGS) as library:
        assert 3 <= library.count_photos() < MANY
        assert {root.path for root in library.roots()} == {str(photos), str(tmp_path / "late")}
        assert library.examine().unmended == []


def test_a_run_makes_room_for_a_new_folder(start: Start, photos: Path, tmp_path: Path, qtbot: QtBot) -> None:
    put_many(tmp_path / "new", range(500, 503))
    heard = start()
    heard.link.index([str(photos)])
    qtbot.waitUntil(lambda: any(progress.done for progress in heard.progress), timeout=WAIT_MS)
    heard.link.index([str(tmp_path / "new")])
    qtbot.waitUntil(lambda: len(heard.all("finished")) == 2, timeout=WAIT_MS)
    assert [report["stopped"] for report in heard.all("finished")] == [False, False]
    assert heard.all("finished")[0]["photos"] < MANY
    assert heard.all("finished")[1]["photos"] == MANY + 3
    heard.link.index()
    heard.link.stop()
    heard.link.index()
    qtbot.waitUntil(lambda: heard.all("finished")[-1]["unchanged"] == MANY + 3, timeout=WAIT_MS)


def test_a_window_that_just_ends_does_not_hang(tmp_path: Path, photos: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from photofind.gui.worker_link import WorkerLink
app = QCoreApplication([])
link = WorkerLink(Path({str(tmp_path / "library")!r}))
link.ready.connect(app.quit)
link.start()
link.index([{str(photos)!r}])
app.exec()
raise SystemExit(7)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (7, b"")
    with LibraryWriter(tmp_path / "library", SETTINGS) as writer:  # nobody has it any more
        assert writer.count_photos() < MANY


@pytest.mark.skipif(os.name != "posix", reason="a signal that cannot be caught")
def test_a_window_that_is_killed_takes_the_worker_with_it(tmp_path: Path, photos: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from photofind.gui.worker_link import WorkerLink
app = QCoreApplication([])
link = WorkerLink(Path({str(tmp_path / "library")!r}))
link.start()
link.index([{str(photos)!r}])
link.ready.connect(lambda: os.kill(os.getpid(), signal.SIGKILL))
app.exec()
"""
    subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    pid = int((tmp_path / "library" / "writer.pid").read_text())
    until(lambda: not psutil.pid_exists(pid), "the worker ends by itself")


# A process that behaves as a real one does only on a bad day


def test_it_gives_up_on_a_process_that_dies_again_and_again(start: Start, qtbot: QtBot) -> None:
    heard = start(command=_script("import sys; print('no memory', file=sys.stderr); sys.exit(3)"))
    heard.link.index()
    qtbot.waitUntil(lambda: bool(heard.all("gave_up")), timeout=WAIT_MS)
    assert heard.all("restarted") == [1, 2, 3]
    assert "no memory" in heard.all("gave_up")[0]
    heard.link.index()
    qtbot.waitUntil(lambda: len(heard.all("gave_up")) == 2, timeout=WAIT_MS)
    assert heard.all("restarted") == [1, 2, 3]


def test_a_program_that_is_not_there(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    heard = start(command=[str(tmp_path / "nothing")])
    qtbot.waitUntil(lambda: bool(heard.all("gave_up")), timeout=WAIT_MS)


def test_a_bug_is_told_with_the_file_to_report_it_with(start: Start, qtbot: QtBot) -> None:
    failed = json.dumps({"event": "failed", "message": "KeyError: 1", "fixable": False})
    heard = start(
        command=_script(f"import sys; print('{{\"event\": \"ready\"}}', flush=True); input(); print('''{failed}''')")
    )
    heard.link.index()
    qtbot.waitUntil(lambda: bool(heard.all("failed")), timeout=WAIT_MS)
    message, fixable = heard.all("failed")[0]
    assert not fixable
    assert "KeyError" in message
    assert "photofind.log" in message


def test_bursts_and_long_lines(start: Start, qtbot: QtBot) -> None:
    script = """
import json
print(json.dumps({"event": "ready"}), flush=True)
input()
progress = dict(event="progress", phase="embed", total=5000, errors=0, rate=1.0, eta_seconds=None)
for done in range(5000):
    print(json.dumps({**progress, "done": done}))
print("no event")
print("[]")
print(json.dumps(dict(event="unheard of")))
print(json.dumps(dict(event="finished", stopped=False, errors=["x" * 100] * 30_000)), flush=True)
input()
"""
    heard = start(command=_script(script))
    heard.link.index()
    qtbot.waitUntil(lambda: bool(heard.all("finished")), timeout=WAIT_MS)
    assert len(heard.all("finished")[0]["errors"]) == 30_000
    assert len(heard.progress) < 1000, "most are superseded before they are sent"
    assert heard.progress[-1].done == 4999, "the newest one is sent"
    assert heard.events[-1][0] == "finished"


def test_a_process_that_will_not_end_is_killed_with_its_children(start: Start, qtbot: QtBot) -> None:
    child = _script("import time; time.sleep(600)")
    script = f"""
import json, subprocess, time
subprocess.Popen({child!r}, stdin=subprocess.DEVNULL)
print(json.dumps({{"event": "ready"}}), flush=True)
time.sleep(600)
"""
    heard = start(command=_script(script))
    qtbot.waitUntil(lambda: bool(heard.all("ready")), timeout=WAIT_MS)
    family = _children()
    assert len(family) == 2
    with qtbot.waitSignal(heard.link.ended, timeout=WAIT_MS):
        heard.link.begin_shutdown(100)
    until(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family), "")


def test_a_process_that_cannot_even_be_killed_is_left_behind(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[QProcess] = []
    monkeypatch.setattr("photofind.gui.worker_runner.leave_behind", left.append)
    monkeypatch.setattr("os.killpg", lambda *_: None)
    monkeypatch.setattr(QProcess, "kill", lambda _: None)  # as for one that waits for a disk which is dead
    link = WorkerLink(tmp_path / "library", command=[sys.executable, "-c", "import time; time.sleep(600)"])
    link.start()
    qtbot.waitUntil(lambda: len(_children()) == 1, timeout=WAIT_MS)
    with qtbot.waitSignal(link.ended, timeout=WAIT_MS):
        link.begin_shutdown(timeout_ms=1)
    (process,) = left
    assert process.objectName()
    for child in _children():
        child.kill()
    assert process.waitForFinished(WAIT_MS)


def test_a_link_that_was_never_started_ends(qtbot: QtBot, tmp_path: Path) -> None:
    link = WorkerLink(tmp_path / "library")
    with qtbot.waitSignal(link.ended, timeout=WAIT_MS):
        link.begin_shutdown()
    assert link.shutdown()


def test_it_waits_for_settings_to_be_mended(qtbot: QtBot, start: Start) -> None:
    configure("workers = 'many'\n")
    heard = start()
    qtbot.waitUntil(lambda: bool(heard.all("failed")), timeout=WAIT_MS)
    ((message, fixable),) = heard.all("failed")
    assert "settings.toml" in message
    assert fixable
    configure("workers = 1\n")
    qtbot.waitUntil(lambda: bool(heard.all("ready")), timeout=WAIT_MS)
    assert not heard.all("restarted")
