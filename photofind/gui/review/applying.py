"""Carrying plans out behind the window: one at a time, file by file, in a thread of its own.

::

    check / apply / undo ──▶ thread ──▶ open_actor() ──results, one by one──▶ progressed ──▶ ended(JobReport)
                                                                                               └──▶ applied(folders)

Nothing but the actor touches files, and it journals each step before and after. A job is stopped between two files:
closing the window waits for the one that is at work, and for nothing else. What was done stays done and can be undone.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from photofind.core.errors import UserError
from photofind.core.plans import Action, Outcome, Plan, Step, StepResult
from photofind.gui.postbox import Postbox, loosely
from photofind.gui.threads import sentence

LOG = logging.getLogger(__name__)
_PROGRESS_SECONDS: Final = 0.1
_END_SECONDS: Final = 5.0


class Acting(Protocol):
    """What acts on files; see :class:`photofind.core.actions.acting.Actor`."""

    def check(self, plan: Plan) -> Iterator[StepResult]:
        """Tell what would become of each step, and touch nothing."""

    def apply(self, plan: Plan) -> Iterator[StepResult]:
        """Carry out a plan."""

    def undo(self, plan_id: str, steps: Collection[Step] | None = None) -> Iterator[StepResult]:
        """Take back a plan, or some of its steps."""

    def recover(self) -> Sequence[StepResult]:
        """Find out what became of steps that were under way when a process ended."""


OpenActor = Callable[[], AbstractContextManager[Acting]]
"""Opens an actor with a journal of its own, for the thread that calls it."""


class JobKind(StrEnum):
    """What a job does with a plan."""

    CHECK = "check"
    APPLY = "apply"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A moment of a job: how many of its steps are through, and how many of them were skipped or failed."""

    kind: JobKind
    done: int
    total: int
    skipped: int


@dataclass(frozen=True, slots=True)
class JobReport:
    """What became of a job.

    ``results`` are in the order in which they came, fewer than ``total`` when the job was ``stopped`` or ended by an
    ``error``, which is a sentence.
    """

    kind: JobKind
    plan: Plan
    results: tuple[StepResult, ...]
    total: int
    stopped: bool = False
    error: str = ""

    @property
    def done(self) -> int:
        """How many files were acted upon, put back or, in a check, would be acted upon."""
        wanted = Outcome.UNDONE if self.kind == JobKind.UNDO else Outcome.DONE
        return sum(result.outcome == wanted for result in self.results)

    @property
    def skipped(self) -> tuple[StepResult, ...]:
        """What was left as it was, each with its reason."""
        return tuple(result for result in self.results if is_skipped(result))


class ActionJobs(QObject):
    """Checks, applies and undoes plans for one window; signals come in the thread of the window.

    Parameters
    ----------
    open_actor
        Called in the thread of each job.
    """

    running_changed = Signal(bool)
    """A job that changes files began or ended."""

    progressed = Signal(object)
    """A :class:`JobProgress`, ten times a second at most."""

    ended = Signal(object)
    """A job ended or was stopped: its :class:`JobReport`. A check that gave way to another job says nothing."""

    applied = Signal(object)
    """Files changed: the folders, as a list of paths, that have to be indexed again."""

    def __init__(self, open_actor: OpenActor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_actor = open_actor
        self._postbox = Postbox()
        self._job: _Job | None = None
        self._last: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether files are being changed."""
        return self._job is not None and self._job.kind != JobKind.CHECK

    def check(self, plan: Plan) -> None:
        """Find out what would become of a plan; a check that is under way gives way."""
        if not self.is_running:
            self._start(JobKind.CHECK, plan, len(plan.steps), lambda actor: actor.check(plan))

    def apply(self, plan: Plan) -> bool:
        """Carry out a plan; return False, and do nothing, while files are being changed already."""
        return self._change(JobKind.APPLY, plan, len(plan.steps), lambda actor: actor.apply(plan))

    def undo(self, plan: Plan, steps: Collection[Step] | None = None, *, total: int) -> bool:
        """Take back a plan, or these steps of it; return False while files are being changed already.

        ``total`` says how many steps there are to take back.
        """
        return self._change(JobKind.UNDO, plan, total, lambda actor: actor.undo(plan.id, steps))

    def stop(self) -> None:
        """Let the job under way end after the file that it is at."""
        if self._job is not None:
            self._job.stopping.set()

    def stop_check(self) -> None:
        """Forget about a check that is under way."""
        if self._job is not None and self._job.kind == JobKind.CHECK:
            self._job.stopping.set()
            self._job = None

    def close(self) -> None:
        """Stop, wait for the file that is at work, and say nothing any more.

        A disk that does not answer is not waited for longer than some seconds; the process then lives until it does.
        """
        self._postbox.close()
        if self._job is None:
            return
        self._job.stopping.set()
        self._job.thread.join(_END_SECONDS)
        if self._job.thread.is_alive():
            LOG.warning("a file is still being worked on")

    def _change(self, kind: JobKind, plan: Plan, total: int, results: _Results) -> bool:
        if self.is_running:
            return False
        self._start(kind, plan, total, results)
        self.running_changed.emit(True)
        return True

    def _start(self, kind: JobKind, plan: Plan, total: int, results: _Results) -> None:
        self.stop_check()
        before = self._last
        job = _Job(kind, plan, total, self._open_actor, results)
        self._job = job
        postbox, progressed, ended = self._postbox, loosely(self._on_progressed), loosely(self._on_ended)

        def report(progress: JobProgress) -> None:
            postbox.post(lambda: progressed(job, progress))

        def run() -> None:
            if before is not None:  # a check that gave way; it ends after the file that it reads
                before.join()
            found = job.run(report)
            postbox.post(lambda: ended(job, found))

        # A check may be forgotten at the end of the program; a file at work may not.
        job.thread = threading.Thread(target=run, name=f"photofind-{kind.value}", daemon=kind == JobKind.CHECK)
        job.thread.start()
        self._last = job.thread

    def _on_progressed(self, job: _Job, progress: JobProgress) -> None:
        if job is self._job:
            self.progressed.emit(progress)

    def _on_ended(self, job: _Job, report: JobReport) -> None:
        if job is not self._job:
            return
        self._job = None
        folders = changed_folders(report)
        if report.kind != JobKind.CHECK:
            LOG.info("%s of plan %s: %d of %d", report.kind.value, report.plan.id, report.done, report.total)
            self.running_changed.emit(False)
        self.ended.emit(report)
        if folders:
            self.applied.emit(folders)


_Results = Callable[[Acting], Iterator[StepResult]]


class _Job:
    """One run over the steps of a plan, in a thread."""

    thread: threading.Thread

    def __init__(self, kind: JobKind, plan: Plan, total: int, open_actor: OpenActor, results: _Results) -> None:
        self.kind = kind
        self.stopping = threading.Event()
        self._plan = plan
        self._total = total
        self._open_actor = open_actor
        self._results = results
        self._found: list[StepResult] = []
        self._told = 0.0

    def run(self, report: Callable[[JobProgress], None]) -> JobReport:
        """Go through the steps until the end or until :attr:`stopping`."""
        make = partial(JobReport, self.kind, self._plan)
        try:
            with self._open_actor() as actor:
                stopped = self._collect(_closing(self._results(actor)), report)
        except Exception as error:  # noqa: BLE001 - told in the report; bugs go to the hub
            if not isinstance(error, UserError):
                sys.excepthook(type(error), error, error.__traceback__)
            return make(tuple(self._found), self._total, error=sentence(error))
        return make(tuple(self._found), self._total, stopped=stopped)

    def _collect(self, results: AbstractContextManager[Iterable[StepResult]], report: Callable[..., None]) -> bool:
        """Take results in; return whether the job was stopped before the last."""
        skipped = 0
        with results as steps:
            for result in steps:
                self._found.append(result)
                skipped += is_skipped(result)
                if self._is_time():
                    report(JobProgress(self.kind, len(self._found), self._total, skipped))
                if self.stopping.is_set():
                    return len(self._found) < self._total
        return False

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self._told < _PROGRESS_SECONDS:
            return False
        self._told = now
        return True


def is_skipped(result: StepResult) -> bool:
    """Tell whether a file was left as it was."""
    return result.outcome in (Outcome.SKIPPED, Outcome.FAILED)


def changed_folders(report: JobReport) -> list[str]:
    """Return the folders in which a job changed files; for photos moved to a folder, that one too."""
    if report.kind == JobKind.CHECK:
        return []
    folders = [os.path.dirname(result.step.file.path) for result in report.results if not is_skipped(result)]
    if folders and report.plan.action == Action.MOVE and report.plan.target:
        folders.append(report.plan.target)
    return list(dict.fromkeys(folders))


def _closing(results: Iterator[StepResult]) -> AbstractContextManager[Iterable[StepResult]]:
    """Return what ends a generator in the middle of its work, so that it can put its own things in order."""
    return closing(results)  # type: ignore[type-var]
