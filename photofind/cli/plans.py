"""The second half of ``photofind duplicates``: plans are written, verified, carried out, listed and taken back.

Only ``--apply`` without ``--dry-run``, and ``--undo``, touch files; both go through the actor, which verifies each file
and journals each step.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED, interruptible
from photofind.core.actions import PLAN_FILE, Actor, ProtectedFolders, plan_from_json, plan_to_json, soundness
from photofind.core.actions.acting import believe
from photofind.core.actions.soundness import check_not_protected, check_places, untouchable
from photofind.core.asked_files import check_asked, is_stdout
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore, Mark
from photofind.core.catalog.journal import JOURNAL_FILE, Journal, RunRecord
from photofind.core.duplicates.exporting import write_text
from photofind.core.duplicates.keeping import Keeper, Suggestion, protection
from photofind.core.duplicates.planning import LeftOut, check_target, make_plan, summarize
from photofind.core.errors import PlanError
from photofind.core.evidence import DuplicateGroup
from photofind.core.library import Library
from photofind.core.paths import acting_lock_file
from photofind.core.plans import Action, Outcome, Plan, Step, StepResult
from photofind.core.records import PhotoId
from photofind.core.settings import Settings
from photofind.core.vouching import Voucher

_DONE_WORDS = {Action.TRASH: "put into the trash", Action.MOVE: "moved", Action.HARDLINK: "replaced by hard links"}
_FOLDERS_SHOWN = 10
_LARGEST_PLAN = 1 << 28
"""Bytes: the steps of half a million files fit; an endless device, or a disk image named by mistake, does not."""


# Writing


def check_wishes(arguments: argparse.Namespace, library: Path, settings: Settings) -> None:
    """Look, before the search, which takes a while, whether a plan can be made as it is wished, and written.

    Raises
    ------
    PlanError
        When nothing can be moved to the folder that was named, or it goes with no such action.
    StorageError
        When the plan itself cannot, or may not, be written where it is wished.
    """
    target = _target(arguments)
    check_target(Action(arguments.action), target)
    if target is not None:
        check_not_protected(target, ProtectedFolders(untouchable(settings, library)))
    _check_file(_plan_file(arguments), library)


def _plan_file(arguments: argparse.Namespace) -> Path:
    return Path(os.path.abspath(arguments.plan))


def _check_file(path: Path, library: Path) -> None:
    check_asked(path, PLAN_FILE, ProtectedFolders([str(library)]).covers)


def _target(arguments: argparse.Namespace) -> str | None:
    return None if arguments.to is None else os.path.abspath(arguments.to)


def write_plan(
    arguments: argparse.Namespace,
    library: Path,
    settings: Settings,
    keeper: Keeper,
    groups: Iterable[DuplicateGroup],
) -> int:
    """Write a plan of what the user has marked in the window and, for the rest, of what is suggested."""
    left_out: list[LeftOut] = []
    waiting: Counter[str] = Counter()
    with DecisionStore.open(library / DECISIONS_FILE, writable=False) as decisions:
        marks = decisions.marks()
    plan = make_plan(
        ((group, _decided(group, keeper, marks, arguments.include, waiting)) for group in groups),
        Action(arguments.action),
        _target(arguments),
        is_protected=protection(settings.protected_folders),
        left_out=left_out.append,
    )
    path = _plan_file(arguments)
    _check_file(path, library)  # once more: the search took its time
    write_text(path, [plan_to_json(plan)])
    _show_plan(plan, path, left_out, waiting, as_json=arguments.json)
    return 0


def _decided(
    group: DuplicateGroup,
    keeper: Keeper,
    marks: dict[tuple[bytes, str], Mark],
    include: frozenset[str],
    waiting: Counter[str],
) -> dict[PhotoId, Mark | Suggestion]:
    """Return what becomes of a group's photos; counts those that wait for somebody to look at them."""
    decided: dict[PhotoId, Mark | Suggestion] = {}
    for member, suggestion in zip(group.members, keeper.suggest(group), strict=True):
        mark = marks.get((member.content_hash, member.path))
        if mark is not None:
            decided[member.photo_id] = mark
        elif suggestion.caution is None or suggestion.caution.value in include:
            decided[member.photo_id] = suggestion
        else:
            waiting[suggestion.caution.value] += 1
    return decided


def _show_plan(plan: Plan, path: Path, left_out: list[LeftOut], waiting: Counter[str], *, as_json: bool) -> None:
    summary = summarize(plan)
    line = output.tell if is_stdout(path) else output.line  # or else the plan would not be all that is there
    if as_json:
        output.document(
            {
                "plan": str(path),
                "id": plan.id,
                "action": plan.action.value,
                "target": plan.target,
                "files": summary.files,
                "bytes": summary.bytes,
                "folders": [{"path": folder, "files": files} for folder, files in summary.folders],
                "left_out": [{"path": each.path, "reason": each.refusal.value} for each in left_out],
                "waiting": dict(waiting),
            }
        )
        return
    line(f"{summary.files:,} files to be {_DONE_WORDS[plan.action]} ({output.size(summary.bytes)}), from")
    for folder, files in summary.folders[:_FOLDERS_SHOWN]:
        line(f"  {files:>7,} {folder}")
    if len(summary.folders) > _FOLDERS_SHOWN:
        line(f"  … and {len(summary.folders) - _FOLDERS_SHOWN:,} other folders")
    for each in left_out:
        output.tell(f"Left out: {each.path}: {each.refusal.value}")
    if waiting:
        names = ",".join(sorted(waiting))
        output.tell(f"{waiting.total():,} photos deserve a look first and are left out; --include {names} adds them.")
    name = path if path.is_file() and not is_stdout(path) else "PLAN.json"  # who writes into a pipe knows its end
    output.tell(f"Nothing was touched. `photofind duplicates --apply {name}` carries the plan out.")


# Carrying out and taking back


def apply_plan(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Carry a plan out, or only verify it."""
    plan = _read_plan(Path(os.path.abspath(arguments.apply)))
    with Library(library, settings) as opened, Voucher(opened) as voucher:
        check_places(plan, [root.path for root in opened.roots()], lambda path: opened.photo_at(path) is not None)
        soundness.check_target(plan, ProtectedFolders(untouchable(settings, library)))
        if not arguments.json:
            _announce(plan)
        with _actor(arguments, library, settings, voucher.check) as actor:
            results = actor.check(plan) if arguments.dry_run else actor.apply(plan)
            done = Report(plan.id, plan.action.value, as_json=arguments.json, is_dry=arguments.dry_run)
            done.watch(results, len(plan.steps))
    done.show("would be " + _DONE_WORDS[plan.action] if arguments.dry_run else _DONE_WORDS[plan.action])
    if not arguments.json and done.counts[Outcome.DONE] and not arguments.dry_run:
        output.tell(f"`photofind duplicates --undo {plan.id}` takes it back; `photofind index` takes note of it.")
    if done.is_stopped:
        return INTERRUPTED
    if plan.steps and not done.counts[Outcome.DONE]:
        words = _DONE_WORDS[plan.action]
        raise PlanError(f"None of the {len(plan.steps):,} files of this plan can be {words}, see above; make it again.")
    return 0


def _announce(plan: Plan) -> None:
    """Tell what a plan is about before anything is done: whoever got it from somebody else may not have read it."""
    summary = summarize(plan)
    where = "" if plan.target is None else f" to {plan.target}"
    differing = sum(step.file.content_hash != step.kept.content_hash for step in plan.steps)
    told = f"; {differing:,} of them are not the same, byte by byte, as the photo that stays" if differing else ""
    words = _DONE_WORDS[plan.action]
    output.tell(f"The plan: {summary.files:,} files to be {words}{where} ({output.size(summary.bytes)}){told}.")


def undo_plan(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Take back a plan that was carried out, by default the last one; the journal is all it takes."""
    run = _run_of(_history(library), arguments.undo)
    with _actor(arguments, library, settings) as actor:
        done = Report(run.plan_id, run.action.value, as_json=arguments.json, is_dry=False)
        done.watch(actor.undo(run.plan_id), run.done)
    if run.done and not done.counts:  # somebody else has taken it back since the history was read
        raise PlanError(f"There is nothing to take back of the plan {run.plan_id} any more.")
    done.show("brought back")
    return INTERRUPTED if done.is_stopped else 0


def show_history(arguments: argparse.Namespace, library: Path) -> int:
    """List what was done to files, the latest first."""
    runs = _history(library)
    if arguments.json:
        output.document({"history": [asdict(run) for run in runs]})
        return 0
    for run in runs:
        counts = {"done": run.done, "undone": run.undone, "skipped": run.skipped, "failed": run.failed}
        counts["under way when photofind ended"] = run.unsettled
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing done"
        output.line(f"{run.started_at}  {run.plan_id}  {run.action.value}: {told} ({output.size(run.bytes)})")
    if not runs:
        output.tell("Nothing was done to any file yet.")
    return 0


class Report:
    """What became of the steps of a plan."""

    def __init__(self, plan_id: str, action: str, *, as_json: bool, is_dry: bool) -> None:
        self._plan_id = plan_id
        self._action = action
        self._as_json = as_json
        self._is_dry = is_dry
        self.counts: Counter[Outcome] = Counter()
        self.is_stopped = False
        self._bytes = 0
        self._steps: list[dict[str, Any]] = []

    def watch(self, results: Iterator[StepResult], total: int) -> None:
        """Go through the steps, up to a Ctrl-C; those that were skipped or failed are told at once."""
        names = {"act": "Checking" if self._is_dry else "Acting"}
        assert isinstance(results, Generator)  # closed in any case: the journal takes down what was done so far
        with interruptible() as control, ProgressBar(names, "files") as display, closing(results):
            for number, result in enumerate(results, 1):
                self.take(result)
                display.show("act", number, total)
                if control.stopping:
                    self.is_stopped = number < total
                    break

    def take(self, result: StepResult) -> None:
        """Count a step, and tell what was not done."""
        self.counts[result.outcome] += 1
        file = result.step.file
        if result.outcome in (Outcome.DONE, Outcome.UNDONE):
            self._bytes += file.stamp.size
        if self._as_json:
            entry = {"path": file.path, "outcome": result.outcome.value, "reason": result.reason or None}
            self._steps.append({**entry, "now_at": result.now_at})
        elif result.outcome in (Outcome.SKIPPED, Outcome.FAILED):
            output.tell(f"{result.outcome.value.capitalize()}: {file.path}: {result.reason}")

    def show(self, words: str) -> None:
        """Print what the steps add up to."""
        if self._as_json:
            output.document(
                {
                    "plan": self._plan_id,
                    "action": self._action,
                    "dry_run": self._is_dry,
                    "stopped": self.is_stopped,
                    **{outcome.value: self.counts[outcome] for outcome in Outcome},
                    "bytes": self._bytes,
                    "steps": self._steps,
                }
            )
            return
        count = self.counts[Outcome.DONE] + self.counts[Outcome.UNDONE]
        left = self.counts[Outcome.SKIPPED] + self.counts[Outcome.FAILED]
        told = f"; {left:,} left as they are, see above" if left else ""
        output.line(f"{count:,} files {words} ({output.size(self._bytes)}){told}")
        if self.is_stopped:
            output.tell("Stopped; the other files were not touched.")


def _read_plan(path: Path) -> Plan:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_PLAN + 1)
    except (OSError, ValueError) as error:
        raise PlanError(f"Cannot read the plan {path}: {getattr(error, 'strerror', None) or error}.") from error
    if len(content) > _LARGEST_PLAN:
        raise PlanError(f"{path} is longer than {_LARGEST_PLAN:,} bytes; name a plan that photofind wrote.")
    return plan_from_json(content)


@contextmanager
def _actor(
    arguments: argparse.Namespace, library: Path, settings: Settings, vouch: Callable[[Step], None] = believe
) -> Iterator[Actor]:
    folders = untouchable(settings, library)
    with Journal.open(library / JOURNAL_FILE) as journal:
        yield Actor(journal, arguments.open_trash(), folders, lock=acting_lock_file(), vouch=vouch)


def _history(library: Path) -> list[RunRecord]:
    path = library / JOURNAL_FILE
    if not path.is_file():
        return []
    with Journal.open(path, writable=False) as journal:
        return journal.history()


def _run_of(runs: list[RunRecord], plan_id: str) -> RunRecord:
    """Return the latest run of which something can be taken back, of the plan that is named or begins like that."""
    found = [run for run in runs if run.plan_id.startswith(plan_id) and (run.done or run.unsettled)]
    exact = [run for run in found if run.plan_id == plan_id]
    if plan_id and not exact and len({run.plan_id for run in found}) > 1:
        raise PlanError(f"Several plans begin with {plan_id}; name more of the one you mean.")
    if found:
        return (exact or found)[0]
    raise PlanError(
        f"No plan {plan_id} has anything to be taken back; see `photofind duplicates --history`."
        if plan_id
        else "There is nothing to take back."
    )
