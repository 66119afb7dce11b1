"""Threads that read the library: their jobs, their errors, their end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from functools import partial
from types import TracebackType

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from photofind.core.catalog.history import Moment
from photofind.core.errors import LibraryDamagedError, QueryError, StorageError, UserError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from photofind.gui import threads
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, close_readers, late_threads, leave
from tests.support.gallery import Gallery
from tests.support.waiting import until

WAIT_MS = 20_000

pytestmark = pytest.mark.usefixtures("qapp")


class Reader(LibraryReader):
    """A reader with one thread that keeps what happened in the order it did."""

    def __init__(self, gallery: Gallery, *, newest_only: bool = False) -> None:
        super().__init__()
        self.jobs = Mailbox(newest_only=newest_only)
        self.seen: list[object] = []
        self.libraries: list[Library] = []
        self.thread_ = ReaderThread("reader", gallery.library, gallery.settings, self.jobs, self._on_shut)
        self._start(self.thread_, QThread.Priority.NormalPriority)

    def do(self, name: object, error: Exception | None = None) -> None:
        self.jobs.put(Job(partial(self._work, name, error), self.seen.append))

    def _work(self, name: object, error: Exception | None, library: Library) -> None:
        self.libraries.append(library)
        if error is not None:
            raise error
        self.seen.append((name, library.count_photos()))

    def _on_shut(self) -> None:
        if self.libraries:
            self.seen.append("shut")


@pytest.fixture
def reader(gallery: Gallery) -> Iterator[Reader]:
    made = Reader(gallery)
    yield made
    assert made.close(WAIT_MS)


def test_jobs_are_done_in_their_order_by_one_library(reader: Reader, qtbot: QtBot) -> None:
    for number in range(5):
        reader.do(number)
    qtbot.waitUntil(lambda: len(reader.seen) == 5, timeout=WAIT_MS)
    assert reader.seen == [(number, 30) for number in range(5)]
    assert len(set(map(id, reader.libraries))) == 1


def test_only_the_newest_job_waits() -> None:
    jobs = Mailbox(newest_only=True)
    made = [Job(lambda _: None, lambda _: None) for _ in range(4)]
    for job in made[:3]:
        jobs.put(job)
    jobs.put(made[3], only_if_idle=True)
    assert jobs.wait()
    assert jobs.take() is made[2]
    assert jobs.take() is None
    jobs.put(made[3], only_if_idle=True)
    assert jobs.take() is made[3]
    jobs.put(made[0])
    jobs.clear()
    assert jobs.take() is None
    jobs.put(made[0])
    jobs.close()
    assert not jobs.wait()
    assert jobs.take() is None


def test_what_the_user_can_mend_fails_the_job_alone(reader: Reader, qtbot: QtBot) -> None:
    error = QueryError("Ask something else.")
    reader.do("bad", error)
    reader.do("good")
    qtbot.waitUntil(lambda: len(reader.seen) == 2, timeout=WAIT_MS)
    assert reader.seen == [error, ("good", 30)]


def test_a_library_whose_files_failed_is_opened_again(reader: Reader, qtbot: QtBot) -> None:
    error = StorageError("Connect the disk.")
    reader.do("bad", error)
    reader.do("good")
    qtbot.waitUntil(lambda: len(reader.seen) == 3, timeout=WAIT_MS)
    assert reader.seen == ["shut", error, ("good", 30)]
    assert reader.libraries[0] is not reader.libraries[1]


def test_a_bug_reaches_the_hub_and_the_thread_lives_on(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        assert kind is type(error)
        assert trace is not None
        told.append(error)

    monkeypatch.setattr(sys, "excepthook", hook)
    bug = ZeroDivisionError("a bug")
    reader.do("bad", bug)
    reader.do("good")
    qtbot.waitUntil(lambda: len(reader.seen) == 2, timeout=WAIT_MS)
    assert told == [bug]
    assert reader.seen == [bug, ("good", 30)]
    assert "fault in photofind" in threads.sentence(bug)
    assert threads.sentence(UserError("Do this.")) == "Do this."


def test_jobs_wait_for_a_library_that_is_not_there(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    away = fresh_gallery.library.rename(fresh_gallery.place / "away")
    reader = Reader(fresh_gallery)
    reader.do("early")
    reader.library_appeared()  # too early
    assert reader.seen == []
    away.rename(fresh_gallery.library)
    reader.library_appeared()
    qtbot.waitUntil(lambda: reader.seen == [("early", 30)], timeout=WAIT_MS)
    assert reader.close(WAIT_MS)


def test_jobs_wait_for_a_library_that_its_writer_is_making(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    database = fresh_gallery.library / "library.db"
    away = database.rename(fresh_gallery.place / "away.db")
    database.touch()  # so it looks before the writer has made its tables
    reader = Reader(fresh_gallery)
    reader.do("early")
    until(lambda: reader.thread_.isRunning() or None, "the thread runs")
    assert reader.seen == []
    away.replace(database)
    reader.library_appeared()
    qtbot.waitUntil(lambda: reader.seen == [("early", 30)], timeout=WAIT_MS)
    assert reader.close(WAIT_MS)


def test_another_library_in_its_place_is_not_read(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    """The window shows photos by numbers, which are those of other photos there."""
    reader = Reader(fresh_gallery)
    reader.do("old")
    qtbot.waitUntil(lambda: len(reader.seen) == 1, timeout=WAIT_MS)
    reader.library_appeared()  # the same
    reader.do("same")
    qtbot.waitUntil(lambda: ("same", 30) in reader.seen, timeout=WAIT_MS)
    assert reader.libraries[1] is reader.libraries[0]

    away = fresh_gallery.library.rename(fresh_gallery.place / "away")
    with LibraryWriter(fresh_gallery.library, Settings(workers=1)):
        pass
    del reader.seen[:]
    reader.do("new")
    reader.do("again")
    qtbot.waitUntil(lambda: len([one for one in reader.seen if one != "shut"]) == 2, timeout=WAIT_MS)
    errors = [one for one in reader.seen if one != "shut"]
    assert all(isinstance(error, StorageError) and "replaced" in str(error) for error in errors)

    shutil.rmtree(fresh_gallery.library)
    away.rename(fresh_gallery.library)
    reader.do("back")
    qtbot.waitUntil(lambda: ("back", 30) in reader.seen, timeout=WAIT_MS)
    assert reader.close(WAIT_MS)


def test_the_same_library_elsewhere_on_the_disk_is_opened_again(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    """As it was put back, or as a network gives it another number."""
    reader = Reader(fresh_gallery)
    reader.do("old")
    qtbot.waitUntil(lambda: len(reader.seen) == 1, timeout=WAIT_MS)
    away = fresh_gallery.library.rename(fresh_gallery.place / "away")
    shutil.copytree(away, fresh_gallery.library)
    reader.do("new")
    qtbot.waitUntil(lambda: ("new", 30) in reader.seen, timeout=WAIT_MS)
    assert reader.libraries[1] is not reader.libraries[0]
    assert reader.close(WAIT_MS)


def test_a_library_that_cannot_be_read_on_is_opened_again(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.do("one")
    qtbot.waitUntil(lambda: len(reader.seen) == 1, timeout=WAIT_MS)
    follow, troubles = Library.follow, [LibraryDamagedError("Run the doctor."), ZeroDivisionError("a bug")]

    def follow_badly(library: Library) -> Moment:
        if troubles:
            raise troubles.pop(0)
        return follow(library)

    monkeypatch.setattr(Library, "follow", follow_badly)
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    for name in ("two", "three"):
        reader.do(name)
    qtbot.waitUntil(lambda: ("three", 30) in reader.seen, timeout=WAIT_MS)
    assert [type(one) for one in reader.seen if isinstance(one, Exception)] == [ZeroDivisionError]
    assert reader.libraries[-1] is not reader.libraries[0]


def test_a_damaged_library_fails_every_job_with_a_sentence(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    (fresh_gallery.library / "library.db").write_bytes(b"this is no database" * 400)
    reader = Reader(fresh_gallery)
    reader.do("one")
    reader.do("two")
    qtbot.waitUntil(lambda: len(reader.seen) == 2, timeout=WAIT_MS)
    assert all("doctor" in str(error) for error in reader.seen)
    assert reader.close(WAIT_MS)


def test_a_thread_is_not_the_last_to_hold_whom_it_worked_for(gallery: Gallery, qtbot: QtBot) -> None:
    reader = Reader(gallery)
    begun, go_on, gone_in = threading.Event(), threading.Event(), list[int]()

    class Asking:
        def work(self, _: Library) -> None:
            begun.set()
            go_on.wait(20)

        def fail(self, error: Exception) -> None:
            raise error

    asking = Asking()
    weakref.finalize(asking, lambda: gone_in.append(threading.get_ident()))
    reader.jobs.put(Job(asking.work, asking.fail))
    assert begun.wait(20)
    del asking
    assert gone_in == []
    go_on.set()
    qtbot.waitUntil(lambda: bool(gone_in), timeout=WAIT_MS)
    assert gone_in == [threading.get_ident()]
    assert reader.close(WAIT_MS)


def test_closing_ends_idle_waiting_and_working_threads(gallery: Gallery, fresh_gallery: Gallery) -> None:
    (fresh_gallery.library / "library.db").unlink()
    idle, waiting, working = Reader(gallery), Reader(fresh_gallery), Reader(gallery)
    waiting.do("never")
    begun = threading.Event()
    working.jobs.put(Job(lambda _: begun.set(), working.seen.append))
    for number in range(10_000):
        working.do(number)
    assert begun.wait(20)
    readers = [idle, waiting, working]
    running = [reader.thread_ for reader in readers]
    assert close_readers(readers, WAIT_MS)
    assert all(thread.isFinished() for thread in running)
    assert len(working.seen) < 10_000
    assert waiting.seen == []
    assert not working.libraries or working.seen[-1] == "shut"  # it may be asked to end before the first
    working.do("after the end")  # does no harm


def test_a_thread_that_is_late_outlives_its_reader(gallery: Gallery, qtbot: QtBot) -> None:
    reader = Reader(gallery)
    begun, let_go = threading.Event(), threading.Event()

    def hang(library: Library) -> None:
        del library
        begun.set()
        let_go.wait(60)

    reader.jobs.put(Job(hang, reader.seen.append))
    assert begun.wait(20)
    assert not reader.close(50)
    del reader
    assert late_threads() == ["reader"]
    let_go.set()
    qtbot.waitUntil(lambda: late_threads() == [], timeout=WAIT_MS)


def test_a_thread_that_never_ends_does_not_keep_the_program(gallery: Gallery) -> None:
    script = f"""
import sys, threading
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QThread
from photofind.core.settings import Settings
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, leave
app = QCoreApplication([])
jobs, begun = Mailbox(newest_only=False), threading.Event()
reader = LibraryReader()
reader._start(ReaderThread("reader", Path({str(gallery.library)!r}), Settings(), jobs), QThread.Priority.NormalPriority)
jobs.put(Job(lambda library: (begun.set(), threading.Event().wait()), print))
assert begun.wait(60)
assert not reader.close(50)
print("left")
sys.exit(leave(7))
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "left\n", "left behind at the end: reader\n")


def test_without_late_threads_the_program_ends_as_usual() -> None:
    assert leave(3) == 3


def test_the_copy_of_the_gallery_is_as_good_as_the_gallery(fresh_gallery: Gallery) -> None:
    with LibraryWriter(fresh_gallery.library, fresh_gallery.settings) as writer:
        for _ in writer.update():
            pass
        tally = writer.report.tally
    assert (tally.unchanged, tally.added, tally.removed, tally.moved, tally.embedded) == (30, 0, 0, 0, 0)
    with fresh_gallery.open() as library:
        assert library.examine().healthy
        assert [error.path for error in library.errors()] == [str(fresh_gallery.broken)]
