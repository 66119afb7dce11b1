"""Threads that read the library for the window, so that the window never waits for a disk.

A :class:`ReaderThread` opens a library of its own, because a database connection belongs to one thread, and does the
jobs that wait for it, one at a time. Jobs wait in a :class:`Mailbox`: either only the newest one, which supersedes
those before it, or all of them in their order. Answers travel back through a :class:`~photofind.gui.postbox.Postbox`,
which runs a call in the thread of the window. :class:`LibraryReader` is what the window's readers have in common:
their threads and their end.

As long as there is no library, or its writer has not brought it to this version yet, jobs wait: the first run of the
program shows an empty window, not an error. What the user can mend fails the job with its sentence; a bug goes to
``sys.excepthook`` as well. Either way the thread lives on, and opens the library again if its files were at fault: but
not another one in its place, nor a back-up that lacks what was seen, where the window's numbers are of other photos.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QThread

from photofind.core.catalog.history import Moment
from photofind.core.errors import LibraryDamagedError, LibraryVersionError, StorageError, UserError
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui.postbox import Postbox

LOG = logging.getLogger(__name__)
CLOSE_MS = 5000
_LOOK_AGAIN_SECONDS = 2.0
_DATABASE = "library.db"


@dataclass(frozen=True, slots=True)
class Job:
    """What a thread is to do with its library, and whom to tell when that fails; both run in that thread."""

    work: Callable[[Library], None]
    fail: Callable[[Exception], None]


class Jobs(Protocol):
    """Where a thread gets its jobs from."""

    def wait(self) -> bool:
        """Wait until there may be a job; return False when there will be no more."""

    def take(self) -> Job | None:
        """Return the next job without waiting, None when there is none."""

    def close(self) -> None:
        """Let :meth:`wait` return False from now on."""


class Mailbox:
    """Jobs that wait for one thread; with ``newest_only``, a new job takes the place of the one that waits."""

    def __init__(self, *, newest_only: bool) -> None:
        self._jobs: deque[Job] = deque(maxlen=1 if newest_only else None)
        self._changed = threading.Condition()
        self._closed = False

    def put(self, job: Job, *, only_if_idle: bool = False) -> None:
        """Let a job wait for the thread; with ``only_if_idle``, not if there is another that waits."""
        with self._changed:
            if not (only_if_idle and self._jobs):
                self._jobs.append(job)
                self._changed.notify()

    def clear(self) -> None:
        """Drop the jobs that wait."""
        with self._changed:
            self._jobs.clear()

    def wait(self) -> bool:
        """Wait until there may be a job; return False when there will be no more."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            return not self._closed

    def take(self) -> Job | None:
        """Return the next job without waiting, None when there is none."""
        with self._changed:
            return self._jobs.popleft() if self._jobs and not self._closed else None

    def close(self) -> None:
        """Drop the jobs that wait and let :meth:`wait` return False from now on."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify_all()


class ReaderThread(QThread):
    """A thread that does jobs with a library of its own, which decodes with ``pictures``.

    ``on_shut`` is called in the thread each time the library is closed or in doubt, to close what the jobs opened
    beside it.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        settings: Settings,
        jobs: Jobs,
        on_shut: Callable[[], None] = lambda: None,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._folder = folder
        self._settings = settings
        self._jobs = jobs
        self._on_shut = on_shut
        self._pictures = pictures
        self._returns = Postbox()
        self._library: Library | None = None
        self._seen: Moment | None = None
        self._in_doubt = False
        self._is_outdated = False
        self._ended = False
        self._news = threading.Event()

    def library_appeared(self) -> None:
        """Look for the library now, and open it anew if it is another than before."""
        self._in_doubt = True
        self._news.set()

    def use(self, settings: Settings) -> None:
        """Work by other settings from the next job on."""
        self._settings = settings
        self._is_outdated = True

    def stop(self) -> None:
        """Ask the thread to end after its present job, without waiting for that."""
        self._ended = True
        self.requestInterruption()
        self._jobs.close()
        self._news.set()

    def run(self) -> None:
        """Do jobs until :meth:`stop`."""
        try:
            while self._jobs.wait():
                if self._open():
                    self._with_next(self._do)
        finally:
            self._shut()

    def _open(self) -> bool:
        """Open the library unless it is; wait some seconds and return False when there is none that could be read."""
        if self._is_outdated:
            self._is_outdated = False
            self._shut()
        if self._in_doubt:
            self._in_doubt = False
            self._on_shut()
        try:
            if self._library is not None and self._goes_on(self._library):
                return True
            if not os.path.isfile(self._folder / _DATABASE):
                self._rest()
                return False
            self._library = Library(self._folder, self._settings, self._pictures, after=self._seen)
            self._seen = self._library.follow()
        except LibraryVersionError as error:
            LOG.info("%s waits for the library: %s", self.objectName(), error)
            self._rest()
            return False
        except Exception as error:  # noqa: BLE001 - the thread lives on, and _failed hands bugs to the hub
            self._with_next(partial(self._failed, error=error))
            return False
        return True

    def _goes_on(self, library: Library) -> bool:
        """Tell whether the library can be read on as it is open; if not, it is closed, and may be open again elsewhere.

        The window shows photos by numbers that it has read before: they must mean the same photos still.
        """
        try:
            self._seen = library.follow()
        except UserError as error:
            LOG.info("%s opens the library again: %s", self.objectName(), error)
            self._shut()
            return False
        return True

    def _with_next(self, use: Callable[[Job | None], None]) -> None:
        """Use the next job, then let the window's thread drop it: its calls may be of objects that are gone by then."""
        held = [self._jobs.take()]
        use(held[0])
        self._returns.post(held.clear)

    def _do(self, job: Job | None) -> None:
        if job is None:
            return
        assert self._library is not None
        try:
            job.work(self._library)
        except Exception as error:  # noqa: BLE001 - the thread lives on, and _failed hands bugs to the hub
            self._failed(job, error)

    def _failed(self, job: Job | None, error: Exception) -> None:
        if isinstance(error, LibraryDamagedError | StorageError):
            self._shut()
        if not isinstance(error, UserError):
            sys.excepthook(type(error), error, error.__traceback__)
        if job is not None:
            job.fail(error)

    def _rest(self) -> None:
        if not self._ended:
            self._news.wait(_LOOK_AGAIN_SECONDS)
            self._news.clear()

    def _shut(self) -> None:
        self._on_shut()
        if self._library is not None:
            self._library.close()
            self._library = None


class LibraryReader(QObject):
    """Base of the objects through which the window reads the library in threads of their own.

    Signals come in the thread of the window. :meth:`close` must be called before the object goes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._postbox = Postbox()
        self._threads: list[ReaderThread] = []

    def library_appeared(self) -> None:
        """Look for a library that was not there, or was replaced; call it when its writer has it open."""
        for thread in self._threads:
            thread.library_appeared()

    def use(self, settings: Settings) -> None:
        """Work by other settings from the next question on."""
        for thread in self._threads:
            thread.use(settings)

    def stop(self) -> None:
        """Ask the threads to end, without waiting; no signal comes any more."""
        self._postbox.close()
        for thread in self._threads:
            thread.stop()

    def close(self, timeout_ms: int = CLOSE_MS) -> bool:
        """End the threads; see :func:`close_readers`."""
        return close_readers([self], timeout_ms)

    def _start(self, thread: ReaderThread, priority: QThread.Priority) -> None:
        self._threads.append(thread)
        thread.start(priority)

    def _wait(self, deadline: float) -> bool:
        late = [t for t in self._threads if not t.wait(max(0, round((deadline - time.monotonic()) * 1000)))]
        self._threads = []
        # Destroying a thread that runs ends the process: those that are late must outlive their owner.
        _LATE.extend(late)
        return not late


_LATE: list[ReaderThread] = []


def close_readers(readers: Sequence[LibraryReader], timeout_ms: int = CLOSE_MS) -> bool:
    """End the threads of several readers at the same time, waiting no longer than ``timeout_ms`` for all of them.

    Return False when a thread is still at its last job, such as reading a file from a drive that does not answer. It
    ends by itself after that; see :func:`late_threads`.
    """
    deadline = time.monotonic() + timeout_ms / 1000
    for reader in readers:
        reader.stop()
    ended = [reader._wait(deadline) for reader in readers]
    return all(ended)


def late_threads() -> list[str]:
    """Return the names of the threads that still run although their readers were closed."""
    _LATE[:] = [thread for thread in _LATE if not thread.isFinished()]
    return [thread.objectName() for thread in _LATE]


_LEFT: list[QObject] = []


def leave_behind(what: QObject) -> None:
    """Keep what cannot be ended, and what would wait when it is destroyed, until the program is left without it."""
    _LEFT.append(what)


def leave(status: int) -> int:
    """Return the exit status of the program; call it when there is nothing left to do but to exit.

    A thread that waits for a drive that does not answer, or for a program that holds a file, cannot be ended, and Qt
    aborts when it is torn down while it runs. The process then ends here, without the interpreter's own end.
    """
    late = late_threads() + [left.objectName() for left in _LEFT]
    if late:
        LOG.warning("left behind at the end: %s", ", ".join(late))
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)
    return status


def sentence(error: Exception) -> str:
    """Return what to tell the user about the error of a job."""
    if isinstance(error, UserError):
        return str(error)
    return QCoreApplication.translate("LibraryReader", "This did not work because of a fault in photofind itself.")
