"""The window's end of the writer process.

:class:`WorkerLink` lives in the thread of the window and never waits: what it is asked travels to a
:class:`~photofind.gui.worker_runner.WorkerRunner`, which owns the process in a thread of its own, and what the process
says comes back as signals. It ends in two steps, so that the window can vanish at once:
:meth:`WorkerLink.begin_shutdown` returns immediately, and :attr:`WorkerLink.ended` comes when neither the process nor
the thread is left.

A link that nobody ends, because the program ends over an error, is ended when Python exits.
"""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal

from photofind.core.log_files import LOG_FILE
from photofind.core.paths import program_command
from photofind.gui.names import displayable
from photofind.gui.worker_jobs import Job
from photofind.gui.worker_runner import Patience, WorkerProgress, WorkerRunner

__all__ = ["CLOSE_MS", "Patience", "WorkerLink", "WorkerProgress"]

CLOSE_MS = 10_000
"""How long the writer may take to commit what it is at before it is killed."""

_MARGIN_MS = 2_000


class WorkerLink(QObject):
    """Has photos indexed by a writer process and says how that goes; all methods return at once but for ``shutdown``.

    Paths are ``str`` that may hold what is no Unicode, so the signals that carry one are declared as objects.
    """

    ready = Signal()
    """The process has opened the library, which exists from now on; comes again after a restart."""

    progressed = Signal(object)
    """A :class:`WorkerProgress`, at most ten times a second."""

    finished = Signal(object)
    """A run ended; the report as a dict: photos, added, …, stopped, errors (the first 1,000), errors_total."""

    duplicates_progressed = Signal(object)
    """A :class:`WorkerProgress` of looking for duplicates, at most ten times a second."""

    duplicates_found = Signal(object)
    """Duplicates were looked for; the report as a dict."""

    maintenance_progressed = Signal(object)
    """A :class:`WorkerProgress` of :meth:`maintain`, at most ten times a second; its phase is the task."""

    maintained = Signal(str, bool)
    """A task of :meth:`maintain` came to its end; whether it was done, or was stopped, not due or impossible.

    What made it impossible is told by :attr:`failed`, before or after. A task that only makes room for another job is
    at no end.
    """

    removed = Signal(object, object)
    """A folder was removed: its path, and the number of its photos."""

    pack_wanted = Signal(str)
    """The library has a model pack of its own choice now: its spec; the next run changes to it."""

    pause_changed = Signal(bool)
    """Reading photos is to pause, or to go on."""

    failed = Signal(object, bool)
    """A sentence on what could not be done, and whether the user can mend it; what waits is tried all the same."""

    restarted = Signal(int)
    """The process died and is started again, for the so-manieth time in a while."""

    gave_up = Signal(object)
    """The process died too often; a sentence. It is tried again when there is something new to do."""

    ended = Signal()
    """After :meth:`begin_shutdown`: neither the process nor the thread runs any more."""

    _started = Signal()
    _wanted = Signal(object)
    _pause_wanted = Signal(bool)
    _stop_wanted = Signal()
    _maintenance_stop_wanted = Signal()
    _closing = Signal(int)

    def __init__(
        self,
        library: Path,
        parent: QObject | None = None,
        *,
        patience: Patience | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        command = command or [*program_command(), "worker", "--library", str(library)]
        self._thread = QThread()
        self._thread.setObjectName("photofind-worker")
        self._runner = WorkerRunner(list(command), patience or Patience())
        self._runner.moveToThread(self._thread)
        self._connect()

    def start(self) -> None:
        """Start the process; without that, jobs wait."""
        if not self._thread.isRunning():
            _RUNNING.add((self._thread, self._runner))
            self._thread.start()
        self._started.emit()

    def index(self, folders: Sequence[str] = ()) -> None:
        """Bring the library up to date with folders, added if they are new; without any, with all it has."""
        self._wanted.emit(Job("index", {"folders": list(folders)}))

    def remove_folder(self, path: str) -> None:
        """Forget an added folder with its photos; no file is touched."""
        self._wanted.emit(Job("remove", {"folder": path}))

    def retry(self, paths: Sequence[str] = ()) -> None:
        """Read files of the error list again; without any, all of them."""
        self._wanted.emit(Job("retry", {"paths": list(paths)}))

    def want_pack(self, spec: str) -> None:
        """Choose the model pack of this library; :meth:`index` then brings it about."""
        self._wanted.emit(Job("want_pack", {"spec": spec}))

    def find_duplicates(self) -> None:
        """Compare the photos that are new with all others; :attr:`duplicates_found` tells when that is done."""
        self._wanted.emit(Job("find_duplicates"))

    def maintain(self, task: str, *, if_due: bool = False) -> None:
        """Look after the index; :attr:`maintained` tells when that is over.

        ``task`` is ``calibrate`` (measure what searches find and take), ``compact`` (merge segments and drop dead
        vectors) or ``recluster`` (train the index anew). With ``if_due``, only where it is worth while, and when there
        is nothing else to do: it gives way to whatever the user asks for.
        """
        self._wanted.emit(Job("maintain", {"task": task, "if_due": if_due}))

    def stop_maintenance(self) -> None:
        """Stop what :meth:`maintain` began and forget what waits of it; photos are read on."""
        self._maintenance_stop_wanted.emit()

    def pause(self) -> None:
        """Let the writer rest until :meth:`resume`."""
        self._pause_wanted.emit(True)

    def resume(self) -> None:
        """Let a paused writer go on."""
        self._pause_wanted.emit(False)

    def stop(self) -> None:
        """Stop the run under way, and forget those that wait."""
        self._stop_wanted.emit()

    def begin_shutdown(self, timeout_ms: int = CLOSE_MS) -> None:
        """Ask the process to commit and end, and see to it that it does; :attr:`ended` follows."""
        if self._thread.isRunning():
            self._closing.emit(timeout_ms)
        else:
            QTimer.singleShot(0, self.ended.emit)

    def shutdown(self, timeout_ms: int = CLOSE_MS) -> bool:
        """End the process and the thread, waiting for that; return False if they are not gone even so."""
        if not self._thread.isRunning():
            return True
        self._closing.emit(timeout_ms)
        return self._thread.wait(timeout_ms + _MARGIN_MS)

    def _connect(self) -> None:
        runner = self._runner
        self._started.connect(runner.on_started)
        self._wanted.connect(runner.on_wanted)
        self._pause_wanted.connect(runner.on_pause_wanted)
        self._stop_wanted.connect(runner.on_stop_wanted)
        self._maintenance_stop_wanted.connect(runner.on_maintenance_stop_wanted)
        self._closing.connect(runner.on_closing)
        runner.ready.connect(self.ready)
        runner.progressed.connect(self.progressed)
        runner.finished.connect(self.finished)
        runner.duplicates_progressed.connect(self.duplicates_progressed)
        runner.duplicates_found.connect(self.duplicates_found)
        runner.maintenance_progressed.connect(self.maintenance_progressed)
        runner.maintained.connect(self.maintained)
        runner.removed.connect(self.removed)
        runner.pack_wanted.connect(self.pack_wanted)
        runner.pause_changed.connect(self.pause_changed)
        runner.failed.connect(self._on_failed)
        runner.restarted.connect(self.restarted)
        runner.gave_up.connect(self._on_gave_up)
        # Direct: while somebody waits for the thread, no event is handled in the window's.
        runner.over.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        self._thread.finished.connect(self._on_thread_finished)

    def _on_failed(self, message: str, fixable: bool) -> None:  # noqa: FBT001 - a slot
        if not fixable:
            message = self.tr("Reading photos failed ({}). Please report it with the file {}.").format(
                message, self._library / LOG_FILE
            )
        self.failed.emit(displayable(message), fixable)

    def _on_gave_up(self, last_words: str) -> None:
        sentence = self.tr("Reading photos stopped, because the process that does it ended unexpectedly several times.")
        advice = self.tr("Rescan to try again; {} may say why.").format(self._library / LOG_FILE)
        self.gave_up.emit(" ".join([sentence, *([f"({last_words})"] if last_words else []), advice]))

    def _on_thread_finished(self) -> None:
        _RUNNING.discard((self._thread, self._runner))
        self.ended.emit()


# A thread that is destroyed while it runs ends the program, so those that run are held here and not by their link.
_RUNNING: set[tuple[QThread, WorkerRunner]] = set()


class _Closer(QObject):
    closing = Signal(int)


@atexit.register
def _end_all() -> None:
    for thread, runner in list(_RUNNING):
        closer = _Closer()
        closer.closing.connect(runner.on_closing)
        closer.closing.emit(CLOSE_MS)
        thread.wait(CLOSE_MS + _MARGIN_MS)
    _RUNNING.clear()
