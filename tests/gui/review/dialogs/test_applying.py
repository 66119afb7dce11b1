"""Plans carried out behind the window: results, stopping between two files, and closing."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path

from pytestqt.qtbot import QtBot

from photofind.core.actions.acting import Actor
from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.planning import make_plan
from photofind.core.errors import StorageError
from photofind.core.evidence import DuplicateGroup
from photofind.core.plans import Action, Plan
from photofind.gui.review.applying import ActionJobs, JobKind, JobReport
from tests.gui.review.dialogs.conftest import GatedTrash
from tests.support.plans import Copies, to_remove

_WAIT = 30_000


def _plan(groups: list[DuplicateGroup], action: Action = Action.TRASH, target: str | None = None) -> Plan:
    marks = [(group, {member.photo_id: Mark.REMOVE for member in group.members[1:]}) for group in groups]
    return make_plan(marks, action, target)


def _ended(jobs: ActionJobs, qtbot: QtBot, plan: Plan, kind: JobKind = JobKind.APPLY) -> JobReport:
    """Do something with a plan and return what became of it."""
    with qtbot.waitSignal(jobs.ended, timeout=_WAIT) as caught:
        if kind == JobKind.CHECK:
            jobs.check(plan)
        elif kind == JobKind.APPLY:
            assert jobs.apply(plan)
        else:
            assert jobs.undo(plan, total=len(plan.steps))
    assert caught.args is not None
    report = caught.args[0]
    assert isinstance(report, JobReport)
    return report


def test_a_check_touches_nothing(copies: Copies, jobs: ActionJobs, qtbot: QtBot) -> None:
    groups = copies.groups(4)
    Path(groups[1].members[1].path).write_bytes(b"changed meanwhile")
    report = _ended(jobs, qtbot, _plan(groups), JobKind.CHECK)
    assert (report.done, [result.step.file.path for result in report.skipped]) == (3, [groups[1].members[1].path])
    assert set(copies.there()) == set(copies.bytes)
    assert not jobs.is_running


def test_a_plan_is_applied_and_taken_back(copies: Copies, jobs: ActionJobs, qtbot: QtBot) -> None:
    groups = copies.groups(5, copies=3)
    plan = _plan(groups)
    told: list[list[str]] = []
    jobs.applied.connect(told.append)
    report = _ended(jobs, qtbot, plan)
    assert (report.done, report.skipped, report.stopped, report.error) == (10, (), False, "")
    assert set(copies.there()) == set(copies.bytes) - to_remove(groups)
    assert told == [[str(copies.folder / "copies 1"), str(copies.folder / "copies 2")]]
    back = _ended(jobs, qtbot, plan, JobKind.UNDO)
    assert back.done == 10
    assert copies.there() == copies.bytes
    assert len(told) == 2


def test_the_folder_moved_to_is_told_as_well(copies: Copies, jobs: ActionJobs, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "sorted out"
    target.mkdir()
    with qtbot.waitSignal(jobs.applied, timeout=_WAIT) as caught:
        jobs.apply(_plan(copies.groups(2), Action.MOVE, str(target)))
    assert caught.args == [[str(copies.folder / "copies 1"), str(target)]]


def test_it_stops_between_two_files(copies: Copies, gate: GatedTrash, qtbot: QtBot) -> None:
    groups = copies.groups(5)
    jobs = ActionJobs(copies.opener(gate))
    assert jobs.apply(_plan(groups))
    qtbot.waitUntil(gate.reached.is_set, timeout=_WAIT)
    assert not jobs.apply(_plan(groups))  # one at a time
    jobs.stop()
    with qtbot.waitSignal(jobs.ended, timeout=_WAIT) as caught:
        gate.go.set()
    assert caught.args is not None
    report = caught.args[0]
    assert (report.done, report.stopped, report.total) == (1, True, 5)
    assert len(copies.there()) == len(copies.bytes) - 1
    jobs.close()


def test_closing_waits_for_the_file_at_work_and_no_other(copies: Copies, gate: GatedTrash, qtbot: QtBot) -> None:
    groups = copies.groups(5)
    jobs = ActionJobs(copies.opener(gate))
    jobs.apply(_plan(groups))
    qtbot.waitUntil(gate.reached.is_set, timeout=_WAIT)
    jobs.stop()
    threading.Thread(target=gate.go.set).start()
    jobs.close()
    assert len(copies.there()) == len(copies.bytes) - 1
    assert "photofind-apply" not in [thread.name for thread in threading.enumerate()]


def test_a_check_gives_way_to_the_plan_itself(copies: Copies, jobs: ActionJobs, qtbot: QtBot) -> None:
    groups = copies.groups(20)
    plan = _plan(groups)
    kinds: list[JobKind] = []
    jobs.ended.connect(lambda report: kinds.append(report.kind))
    jobs.check(plan)
    jobs.apply(plan)
    qtbot.waitUntil(lambda: bool(kinds), timeout=_WAIT)
    assert kinds == [JobKind.APPLY]
    assert len(copies.there()) == 20


def test_what_the_user_can_mend_is_told_as_a_sentence(copies: Copies, qtbot: QtBot) -> None:
    def open_actor() -> AbstractContextManager[Actor]:
        raise StorageError("The disk is full; free some space.")

    jobs = ActionJobs(open_actor)
    report = _ended(jobs, qtbot, _plan(copies.groups(2)))
    assert (report.error, report.done) == ("The disk is full; free some space.", 0)
    assert not jobs.is_running
    jobs.close()
