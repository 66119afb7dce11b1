"""The one that acts: checks a plan, carries it out, takes it back, and finds out after a crash what was done.

::

    plan ──▶ lock ──▶ recover ──▶ journal: planned ──▶ per step: prepare ──▶ intended ──▶ verify ──▶ act ──▶ done
    undo ──▶ lock ──▶ recover ──▶ the steps that were done, last first ──▶ undo intended ──▶ verify ──▶ back ──▶ undone

Whatever does not fit is skipped with its reason, and the rest goes on.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from photofind.core.actions.doing import carry_out
from photofind.core.actions.journalling import carry_through
from photofind.core.actions.locking import acting_lock
from photofind.core.actions.mounts import MountTable
from photofind.core.actions.protection import ProtectedFolders
from photofind.core.actions.recovering import settle
from photofind.core.actions.relocating import Destinations
from photofind.core.actions.soundness import PlannedEntries, check_plan, check_target
from photofind.core.actions.trash import PlacingTrash, Trash
from photofind.core.actions.undoing import take_back
from photofind.core.actions.unseen import UnseenFolders
from photofind.core.actions.verifying import Seen, Verified, look_at_both, verify
from photofind.core.catalog.journal import Change, Journal, JournalStep, StepState, Trace
from photofind.core.errors import PlanError, StepError, UserError
from photofind.core.plans import Action, Outcome, Plan, Step, StepResult
from photofind.core.records import storable_time

LOG = logging.getLogger(__name__)


def believe(step: Step) -> None:
    """Vouch for any step: those of a plan that was made a moment ago, or that was carried out."""
    del step


class Actor:
    """Acts on files by plans, under a journal; belongs to the thread that opened the journal.

    Parameters
    ----------
    journal
        Where everything is written down; closed with the actor when that is used as a context.
    trash
        The system's trash.
    protected
        Folders in which nothing is touched.
    lock
        The file by which one process of the user acts at a time, whatever the library.
    vouch
        Raises StepError about a step of a plan that is not to be believed; by default each is, as one that was made
        a moment ago from what the library knows.
    clock
        Tells the time for the history.
    """

    def __init__(
        self,
        journal: Journal,
        trash: Trash,
        protected: Sequence[str],
        *,
        lock: Path,
        vouch: Callable[[Step], None] = believe,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._journal = journal
        self._trash = trash
        self._protected = tuple(protected)
        self._lock = lock
        self._vouch = vouch
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.close()

    def check(self, plan: Plan) -> Iterator[StepResult]:
        """Tell what would become of each step, verified as if it were carried out now; nothing is touched.

        ``DONE`` is for what would be done, ``now_at`` where the file would be then.

        Raises
        ------
        PlanError
            When the plan as a whole cannot be carried out.
        """
        work = self._applying(plan)
        for number, step in enumerate(plan.steps):
            if number % 64 == 0:
                work.begin_batch()
            yield _checked(_planned(plan, 0, "check", number, step), work)

    def apply(self, plan: Plan) -> Iterator[StepResult]:
        """Carry out a plan, step by step as the results are asked for; closing the iterator stops it in between.

        Raises
        ------
        PlanError
            When the plan as a whole cannot be carried out.
        LibraryBusyError
            When another window or process is acting.
        StorageError
            When the journal cannot be written; no file is touched then.
        """
        work = self._applying(plan)
        with acting_lock(self._lock):
            self._settle_all()
            token = secrets.token_hex(4)
            run = self._journal.begin(plan, token, self._clock().isoformat(timespec="seconds"))
            entries = [_planned(plan, run, token, number, step) for number, step in enumerate(plan.steps)]
            yield from carry_through(self._journal, entries, work)

    def undo(self, plan_id: str, steps: Collection[Step] | None = None) -> Iterator[StepResult]:
        """Take back all that was done of a plan, or some steps of it, the last one first.

        Raises
        ------
        PlanError
            When no such plan was carried out.
        LibraryBusyError, StorageError
            See :meth:`apply`.
        """
        with acting_lock(self._lock):
            if not self._journal.knows(plan_id):
                raise PlanError(f"No plan {plan_id} was carried out here; see the history for those that were.")
            self._settle_all()
            wanted = None if steps is None else {step.file.path: step for step in steps}
            done = self._journal.done(plan_id)
            entries = [entry for entry in done if wanted is None or entry.step.file.path in wanted]
            yield from carry_through(self._journal, entries, _Undoing(self._trash, self._protected))
            for path in (wanted or {}).keys() - {entry.step.file.path for entry in entries}:
                reason = "There is nothing to take back: it was not done, or is undone already."
                yield StepResult((wanted or {})[path], Outcome.SKIPPED, reason)

    def recover(self) -> list[StepResult]:
        """Find out what became of the steps that were under way when a process ended; return those it can tell of.

        :meth:`apply` and :meth:`undo` do this first. Raise LibraryBusyError when somebody is acting right now.
        """
        with acting_lock(self._lock):
            return self._settle_all()

    def _applying(self, plan: Plan) -> _Applying:
        check_plan(plan)
        check_target(plan, ProtectedFolders(self._protected))
        return _Applying(plan, self._trash, self._protected, self._vouch)

    def _settle_all(self) -> list[StepResult]:
        entries = self._journal.unsettled()
        if not entries:
            return []
        mounts, changes = MountTable.read(), []
        for entry in entries:
            try:
                change = settle(entry, self._trash, mounts)
            except (OSError, UserError, StepError) as error:
                LOG.warning("cannot tell yet what became of %r: %s", entry.step.file.path, error)
                continue
            if change is not None:
                changes.append(change)
        self._journal.write(changes)
        settled = {(change.run, change.number) for change in changes}
        runs = sorted({run for run, _ in settled})
        steps = (entry for run in runs for entry in self._journal.steps(run))
        return [entry.result() for entry in steps if (entry.run, entry.number) in settled]


class _Applying:
    """What carrying out a plan means for each step; see :class:`photofind.core.actions.journalling.Work`."""

    intended, done, before, outcome = StepState.INTENDED, StepState.DONE, StepState.PLANNED, Outcome.DONE

    def __init__(self, plan: Plan, trash: Trash, protected: Sequence[str], vouch: Callable[[Step], None]) -> None:
        self._trash = trash
        self._folders = protected
        self._vouch = vouch
        self._target = plan.target
        self._planned = PlannedEntries(plan)
        self._destinations = Destinations(plan.target or "", [step.file.path for step in plan.steps])

    def begin_batch(self) -> None:
        self._mounts = MountTable.read()
        self._protected = ProtectedFolders(self._folders, self._mounts)
        self._unseen = UnseenFolders(self._mounts)
        self._in_target = ProtectedFolders([self._target] if self._target else [], self._mounts)

    def prepare(self, entry: JournalStep) -> Trace:
        path = entry.step.file.path
        self._planned.admit(entry.step)
        self.verify_place(entry)
        self._vouch(entry.step)
        if entry.action == Action.HARDLINK:
            # Once a link of an earlier run was intended again, it would be told as made by this one after a crash.
            look_at_both(entry.step)
        place = self._place(entry)
        mount = self._mounts.point_of(os.path.dirname(path))
        try:
            status = os.lstat(path)
        except FileNotFoundError as error:
            raise StepError("The file is gone.") from error
        return Trace(place, mount, status.st_mode, storable_time(status.st_mtime_ns))

    def act(self, entry: JournalStep) -> str | None:
        verified = self.verify(entry)
        file = verified.file
        if entry.action == Action.HARDLINK and entry.trace and not _has_marks(file, entry.trace):
            raise StepError("The file was touched a moment ago; try again.")  # the journal has its former marks
        return carry_out(entry, verified, self._trash)

    def settle(self, entry: JournalStep) -> Change | None:
        return settle(entry, self._trash, self._mounts)

    def left_state(self, outcome: Outcome) -> StepState:
        return StepState.FAILED if outcome == Outcome.FAILED else StepState.SKIPPED

    def verify(self, entry: JournalStep) -> Verified:
        return verify(entry.step, entry.action, self._protected)

    def verify_place(self, entry: JournalStep) -> None:
        """Raise StepError when a path does not even make sense, or the file is where it is to go already."""
        step = entry.step
        if not Path(step.file.path).is_absolute() or not Path(step.kept.path).is_absolute():
            raise StepError("The plan does not say in full where it is.")
        if self._in_target.covers(step.file.path):
            raise StepError("It is in the folder to move to already.")

    def _place(self, entry: JournalStep) -> str | None:
        path = entry.step.file.path
        if entry.action == Action.MOVE:
            place = self._destinations.choose(path)
            if self._protected.covers(place) or self._unseen.covers(place):  # through a link below the target
                raise StepError("It would come to lie in a protected or hidden folder.")
            return place
        if entry.action == Action.TRASH:
            self._trash.can_take(path)
            return self._trash.place_for(path, entry.token) if isinstance(self._trash, PlacingTrash) else None
        return None


class _Undoing:
    """What taking back means for each step; see :class:`photofind.core.actions.journalling.Work`."""

    intended, done, before, outcome = StepState.UNDO_INTENDED, StepState.UNDONE, StepState.DONE, Outcome.UNDONE

    def __init__(self, trash: Trash, protected: Sequence[str]) -> None:
        self._trash = trash
        self._folders = protected

    def begin_batch(self) -> None:
        self._mounts = MountTable.read()
        self._protected = ProtectedFolders(self._folders, self._mounts)

    def prepare(self, _: JournalStep) -> None:
        return None

    def act(self, entry: JournalStep) -> None:
        take_back(entry, self._trash, self._protected, self._mounts)

    def settle(self, entry: JournalStep) -> Change | None:
        return settle(entry, self._trash, self._mounts)

    def left_state(self, _: Outcome) -> StepState:
        return StepState.DONE


def _has_marks(file: Seen, trace: Trace) -> bool:
    return (file.mode, file.mtime_ns) == (trace.mode, trace.mtime_ns)


def _planned(plan: Plan, run: int, token: str, number: int, step: Step) -> JournalStep:
    return JournalStep(
        run, number, f"{token}-{number}", plan.action, plan.target, step, StepState.PLANNED, note="", trace=None
    )


def _checked(entry: JournalStep, work: _Applying) -> StepResult:
    try:
        trace = work.prepare(entry)
        verified = work.verify(entry)
    except (StepError, UserError) as error:
        return StepResult(entry.step, Outcome.SKIPPED, str(error))
    except OSError as error:
        return StepResult(entry.step, Outcome.FAILED, f"The system refused: {error.strerror or error}.")
    if entry.action == Action.HARDLINK and verified.file.device != verified.kept.device:
        reason = "It lies on another volume than the kept file, so no link can replace it."
        return StepResult(entry.step, Outcome.SKIPPED, reason)
    return StepResult(entry.step, Outcome.DONE, now_at=trace.place)
