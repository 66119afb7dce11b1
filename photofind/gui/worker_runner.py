"""The owner of the writer process, in a thread of its own: starts it, talks with it, starts it again when it dies.

::

    jobs ──▶ JobQueue ──one at a time──▶ stdin │ photofind worker │ stdout ──lines──▶ events ──▶ signals
                                                      │
                     died ──▶ again, some times ◀─────┤
                     cannot have the library ──▶ again, for as long as it takes

Progress is passed on at most ten times a second; newer wins. The process has a session of its own, so that a Ctrl-C in
the terminal is for the window alone; when the window dies, the process sees its stdin close and ends by itself.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, SignalInstance

from photofind.gui.threads import leave_behind
from photofind.gui.worker_events import LineBuffer, WorkerProgress, progress_of
from photofind.gui.worker_jobs import Job, JobQueue

__all__ = ["LineBuffer", "Patience", "WorkerProgress", "WorkerRunner"]

LOG = logging.getLogger(__name__)
_PROGRESS_MS = 100
_LAST_WORDS = 2000
_HOPELESS_MS = 1_000
"""So long after it was killed a process is waited for: one that waits for a dead disk ends when that answers."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before the process is started again.

    ``again_ms`` after each death within ``memory_seconds``, of which there may be that many; ``locked_ms`` while the
    library cannot be had: another photofind writes it, or its disk is away.
    """

    again_ms: tuple[int, ...] = (0, 2_000, 10_000)
    memory_seconds: float = 300.0
    locked_ms: int = 15_000


class WorkerRunner(QObject):
    """Owns the process; its slots run in the thread it was moved to, and its signals are for :class:`WorkerLink`."""

    ready = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    duplicates_progressed = Signal(object)
    duplicates_found = Signal(object)
    maintenance_progressed = Signal(object)
    maintained = Signal(str, bool)
    removed = Signal(object, object)
    pack_wanted = Signal(str)
    pause_changed = Signal(bool)
    failed = Signal(object, bool)
    restarted = Signal(int)
    gave_up = Signal(object)
    over = Signal()

    def __init__(self, command: list[str], patience: Patience) -> None:
        super().__init__()
        self._command = command
        self._patience = patience
        self._process: QProcess | None = None
        self._jobs = JobQueue()
        self._lines = LineBuffer()
        self._progress: WorkerProgress | None = None
        self._failure: tuple[str, bool] | None = None
        self._told = ""
        self._last_words = b""
        self._deaths: list[float] = []
        self._is_ready = self._was_ready = False
        self._paused = False
        self._closing = False
        self._again = self._timer(self._spawn)
        self._tick = self._timer(self._flush_progress)
        self._limit = self._timer(self._kill)
        self._hopeless = self._timer(self._leave_behind)
        self._events: dict[str, Callable[[dict[str, Any]], None]] = {
            "ready": self._on_ready,
            "progress": self._on_progress,
            "finished": self._on_finished,
            "duplicates_found": self._on_finished,
            "maintained": self._on_maintained,
            "removed": self._on_removed,
            "pack_wanted": self._on_pack_wanted,
            "refused": self._on_refused,
            "failed": self._on_failed,
        }

    # From the window

    def on_started(self) -> None:
        """Start the process unless it runs, and forget how often it died before."""
        self._deaths.clear()
        if self._process is None and not self._closing:
            self._again.stop()
            self._spawn()

    def on_wanted(self, job: Job) -> None:
        """Let a job be done; before the process is ready, it waits."""
        if self._closing:
            return
        if self._jobs.add(job):
            self._stop_current()
        if self._process is None and not self._again.isActive():
            self._spawn()
        self._pump()

    def on_pause_wanted(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        """Pause, or go on; holds for later jobs and for a process that is started anew."""
        if paused != self._paused:
            self._paused = paused
            self._send("pause" if paused else "resume")
            self.pause_changed.emit(paused)

    def on_stop_wanted(self) -> None:
        """Stop the run under way and forget those that wait; this ends a pause."""
        self._tell_undone(self._jobs.drop_runs())
        self._send("stop")
        if self._paused:
            self._paused = False
            self.pause_changed.emit(False)

    def on_maintenance_stop_wanted(self) -> None:
        """Stop the upkeep under way and forget that which waits; whatever else is done goes on."""
        waited = self._jobs.drop_upkeep()
        current = self._jobs.current
        if current is not None and current.is_upkeep:
            self._stop_current()
        self._tell_undone(waited)

    def on_closing(self, timeout_ms: int) -> None:
        """End the process: it commits what it is at, or is killed after ``timeout_ms``."""
        if self._closing:
            return
        self._closing = True
        self._again.stop()
        if self._process is None:
            self._conclude()
            return
        # The end of stdin stops every command, but a stopped one still takes note of a new folder.
        for job in self._jobs.take_waiting():
            self._send_job(job)
        self._process.closeWriteChannel()
        self._limit.start(timeout_ms)

    # The process

    def _timer(self, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(act)
        return timer

    def _spawn(self) -> None:
        self._lines = LineBuffer()
        self._failure, self._is_ready, self._last_words = None, False, b""
        process = self._process = QProcess(self)
        program, *arguments = self._command
        if self._was_ready:  # or else an empty library would take the place of one whose disk was pulled
            arguments.append("--existing")
        process.setProgram(program)
        process.setArguments(arguments)
        if os.name == "posix":
            parameters = QProcess.UnixProcessParameters()
            parameters.flags = QProcess.UnixProcessFlag.CreateNewSession
            process.setUnixProcessParameters(parameters)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(self._on_words)
        process.finished.connect(self._on_ended)
        process.errorOccurred.connect(self._on_error)
        process.start()

    def _pump(self) -> None:
        if self._is_ready and (job := self._jobs.next()) is not None:
            self._send_job(job)

    def _stop_current(self) -> None:
        self._send("stop")
        if self._paused:
            self._send("pause")  # a stop ends the pause, for the worker

    def _send_job(self, job: Job) -> None:
        self._send(job.command, **job.values)

    def _send(self, command: str, **values: Any) -> None:
        if self._process is not None and (self._is_ready or self._closing):
            self._process.write(json.dumps({"command": command, **values}).encode("ascii") + b"\n")

    def _on_output(self) -> None:
        if self._process is None:
            return
        for line in self._lines.feed(bytes(self._process.readAllStandardOutput().data())):
            try:
                event = json.loads(line)
                act = self._events.get(event["event"])
            except (ValueError, TypeError, KeyError, RecursionError):
                LOG.warning("the worker said what is no event: %r", line[:200])
                continue
            if act is not None:
                act(event)

    def _on_words(self) -> None:
        if self._process is not None:
            words = self._last_words + bytes(self._process.readAllStandardError().data())
            self._last_words = words[-_LAST_WORDS:]

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._last_words = self._process.errorString().encode()
            self._on_ended()

    def _on_ended(self, *_: object) -> None:
        process = self._process
        if process is None:
            return
        self._on_output()
        self._on_words()
        self._flush_progress()
        self._tick.stop()
        self._process = None
        process.deleteLater()
        was_ready, self._is_ready = self._is_ready, False
        if self._closing:
            self._conclude()
        elif self._failure is None:
            self._died()
        else:
            self._go_on(was_ready=was_ready, fixable=self._failure[1])

    # Its ends

    def _go_on(self, *, was_ready: bool, fixable: bool) -> None:
        """Act on the end of a process that said why: its job is out, the others may be possible."""
        if was_ready:
            self._lose()
            if len(self._jobs):
                self._spawn()
        elif fixable:
            self._again.start(self._patience.locked_ms)
        else:
            self._died()

    def _died(self) -> None:
        words = self._last_words.decode("utf-8", "replace").strip()
        LOG.warning("the worker ended unexpectedly: %s", words)
        self._lose()
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < self._patience.memory_seconds] + [now]
        times = len(self._deaths)
        if times <= len(self._patience.again_ms):
            self.restarted.emit(times)
            self._again.start(self._patience.again_ms[times - 1])
            return
        job = self._jobs.next()
        if job is not None:
            self._jobs.answered()  # it may be what it dies of; the others get a try when the user wants something
            self._tell_undone([job])
        self.gave_up.emit(words.splitlines()[-1] if words else "")

    def _lose(self) -> None:
        """Note that the process is gone; the job under way comes again, unless the user has stopped it."""
        job = self._jobs.current
        self._jobs.lost()
        if job is not None and job.dropped:
            self._tell_undone([job])

    def _tell_undone(self, jobs: Sequence[Job]) -> None:
        """Tell of upkeep that will not be done: whoever asked for it waits for that."""
        for job in jobs:
            if job.is_upkeep:
                self.maintained.emit(job.values["task"], False)

    def _kill(self) -> None:
        process = self._process
        if process is None:
            return
        LOG.warning("the worker did not end in time and is killed")
        pid = process.processId()
        if os.name == "posix" and pid:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)  # with the decoders: one that hangs would not see that it is alone
        process.kill()
        self._hopeless.start(_HOPELESS_MS)

    def _leave_behind(self) -> None:
        """Go on without a process that even the system cannot end now."""
        process = self._process
        if process is None:
            return
        LOG.warning("the worker cannot be ended and is left behind")
        self._process = None
        process.setParent(None)
        process.setObjectName("photofind worker")
        leave_behind(process)
        self._conclude()

    def _conclude(self) -> None:
        for timer in (self._again, self._tick, self._limit, self._hopeless):
            timer.stop()
        self.over.emit()

    # Events

    def _on_ready(self, _event: dict[str, Any]) -> None:
        self._is_ready = self._was_ready = True
        self._told = ""
        if self._closing:
            return
        if self._paused:
            self._send("pause")
        self.ready.emit()
        self._pump()

    def _on_progress(self, event: dict[str, Any]) -> None:
        self._progress = progress_of(event)
        if not self._tick.isActive():
            self._flush_progress()

    def _flush_progress(self) -> None:
        progress, self._progress = self._progress, None
        if progress is not None:
            self._progress_signal().emit(progress)
            self._tick.start(_PROGRESS_MS)

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._flush_progress()
        told = self.duplicates_found if self._is_finding() else self.finished
        if self._jobs.answered(stopped=event["stopped"]):
            told.emit({name: value for name, value in event.items() if name != "event"})
        self._pump()

    def _progress_signal(self) -> SignalInstance:
        """Return the signal for the progress of the job under way."""
        job = self._jobs.current
        if job is not None and job.is_upkeep:
            return self.maintenance_progressed
        return self.duplicates_progressed if self._is_finding() else self.progressed

    def _is_finding(self) -> bool:
        """Tell whether the job under way is to look for duplicates, which is shown elsewhere than reading photos."""
        job = self._jobs.current
        return job is not None and job.command == "find_duplicates"

    def _on_maintained(self, event: dict[str, Any]) -> None:
        self._flush_progress()
        if self._jobs.answered(stopped=not event["done"]):
            self.maintained.emit(event["task"], event["done"])
        self._pump()

    def _on_removed(self, event: dict[str, Any]) -> None:
        self._jobs.answered()
        self.removed.emit(event["folder"], event["photos"])
        self._pump()

    def _on_pack_wanted(self, event: dict[str, Any]) -> None:
        self._jobs.answered()
        self.pack_wanted.emit(event["spec"])
        self._pump()

    def _on_refused(self, event: dict[str, Any]) -> None:
        self._take_out()
        self.failed.emit(event["message"], True)
        self._pump()

    def _take_out(self) -> None:
        """Take the job under way out, which was not done."""
        job = self._jobs.current
        self._jobs.answered()
        if job is not None:
            self._tell_undone([job])

    def _on_failed(self, event: dict[str, Any]) -> None:
        self._failure = message, fixable = event["message"], event["fixable"]
        if self._is_ready:
            self._take_out()
        if self._is_ready or message != self._told:  # while it waits for the library, once is enough
            self._told = message
            self.failed.emit(message, fixable)
