"""Acting under a journal: what is intended reaches the disk before any file of it is touched.

::

    64 steps: prepare ──▶ one commit: intended ──▶ act, one by one ──▶ the next commit: done, and the next 64 intended

One commit, and so one wait for the disk, serves many steps. That is as safe as one for each, because nothing depends
on the second half: whether an intended step was carried out can always be told by looking (``recovering.py``), and no
file is touched without its intention, with all it takes to find the file again, being on the disk.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from photofind.core.catalog.journal import Change, Journal, JournalStep, StepState, Trace
from photofind.core.errors import StepError, UserError
from photofind.core.plans import Outcome, StepResult

LOG = logging.getLogger(__name__)
BATCH: Final = 64
_LATEST_SECONDS: Final = 1.0
"""Outcomes wait no longer for their commit than this, or the next step: files may be large."""


class Work(Protocol):
    """What is done with each step; all methods raise StepError, UserError or OSError when it is to be left."""

    intended: StepState
    done: StepState
    outcome: Outcome
    before: StepState
    """The state of a step that was not come to."""

    def begin_batch(self) -> None:
        """Look anew at what steps have in common, such as mounts."""

    def prepare(self, entry: JournalStep) -> Trace | None:
        """Return what it takes to find the file again; nothing is touched."""

    def act(self, entry: JournalStep) -> str | None:
        """Touch the file; return where it is now."""

    def settle(self, entry: JournalStep) -> Change | None:
        """Return what became of a step that the system refused in the middle; see ``recovering.py``."""

    def left_state(self, outcome: Outcome) -> StepState:
        """Return the state of a step that was skipped or failed."""


def carry_through(journal: Journal, entries: Sequence[JournalStep], work: Work) -> Iterator[StepResult]:
    """Do the work with each step and yield what became of it; may be closed between any two.

    Raises
    ------
    StorageError
        When the journal cannot be written; no file was touched after that.
    """
    ledger = _Ledger(journal)
    for start in range(0, len(entries), BATCH):
        work.begin_batch()
        batch = [_begun(entry, work) for entry in entries[start : start + BATCH]]
        ledger.write([step.intention for step in batch if step.intention is not None])
        yield from _act(batch, work, ledger)
    ledger.write()


@dataclass(slots=True)
class _Step:
    entry: JournalStep
    intention: Change | None
    refusal: Exception | None = None


@dataclass(slots=True)
class _Ledger:
    """Changes that wait for their commit."""

    journal: Journal
    pending: list[Change] = field(default_factory=list)
    written_at: float = field(default_factory=time.monotonic)

    def write(self, intentions: Sequence[Change] = ()) -> None:
        changes, self.pending = [*self.pending, *intentions], []
        self.journal.write(changes)
        self.written_at = time.monotonic()

    def write_if_late(self) -> None:
        if time.monotonic() - self.written_at > _LATEST_SECONDS:
            self.write()


def _begun(entry: JournalStep, work: Work) -> _Step:
    try:
        trace = work.prepare(entry)
    except (StepError, UserError, OSError) as error:
        return _Step(entry, None, error)
    trace = trace or entry.trace
    intention = Change(entry.run, entry.number, work.intended, trace=trace)
    return _Step(replace(entry, state=work.intended, trace=trace), intention)


def _act(batch: Sequence[_Step], work: Work, ledger: _Ledger) -> Iterator[StepResult]:
    reached = 0
    try:
        for step in batch:
            ledger.write_if_late()
            reached += 1  # should what follows be torn apart, this step stays intended, for recovery to look at
            result, change = _outcome(step, work)
            if change is not None:
                ledger.pending.append(change)
            yield result
    except GeneratorExit:
        rest = [Change(s.entry.run, s.entry.number, work.before) for s in batch[reached:] if s.intention is not None]
        ledger.write(rest)
        raise


def _outcome(step: _Step, work: Work) -> tuple[StepResult, Change | None]:
    """Return what became of a step; without a change of the journal when that cannot be told yet."""
    entry = step.entry
    try:
        if step.refusal is not None:
            raise step.refusal
        now_at = work.act(entry)
    except (StepError, UserError) as error:
        return _left(entry, Outcome.SKIPPED, str(error), work)
    except OSError as error:
        left, change = _left(entry, Outcome.FAILED, f"The system refused: {error.strerror or error}.", work)
        return (left, change) if step.refusal is not None else _settled(entry, work, left, change)
    done = Change(entry.run, entry.number, work.done, place=now_at)
    return StepResult(entry.step, work.outcome, now_at=now_at), done


def _settled(entry: JournalStep, work: Work, left: StepResult, change: Change) -> tuple[StepResult, Change | None]:
    """Look at what a refusal left behind: the act may have been through but for its last bit of tidying up."""
    try:
        settled = work.settle(entry)
    except (StepError, UserError, OSError) as error:
        LOG.warning("cannot tell yet what became of %r: %s", entry.step.file.path, error)
        return left, None
    if settled is None:
        return left, None
    if settled.state == work.done:
        return StepResult(entry.step, work.outcome, settled.note, settled.place or entry.place), settled
    return left, change


def _left(entry: JournalStep, outcome: Outcome, reason: str, work: Work) -> tuple[StepResult, Change]:
    change = Change(entry.run, entry.number, work.left_state(outcome), reason)
    return StepResult(entry.step, outcome, reason), change
