"""What was done, from the journal alone: after a restart, after a crash, in whole and in part."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.actions.freedesktop_trash import FreedesktopTrash
from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.planning import make_plan
from photofind.core.evidence import DuplicateGroup
from photofind.core.plans import Action, Plan
from photofind.core.settings import Settings
from photofind.gui.notices import NoticeBar
from photofind.gui.review.applying import ActionJobs
from photofind.gui.review.dialogs.control import ReviewDialogs
from photofind.gui.review.dialogs.history import HistoryDialog
from photofind.gui.review.dialogs.steps import Column
from photofind.gui.review.dialogs.unfinished import unfinished_plans
from tests.support.plans import Copies, to_remove

_WAIT = 30_000


class CrashError(BaseException):
    """The process ends, as far as the plan can tell."""


class CrashingTrash(FreedesktopTrash):
    """A trash in which the process ends, right before or right after some file is in it."""

    def __init__(self, files: int, *, after: bool) -> None:
        self._left = files
        self._after = after

    def put_at(self, path: str, place: str) -> None:
        self._left -= 1
        if self._left < 0 and not self._after:
            raise CrashError
        super().put_at(path, place)
        if self._left < 0:
            raise CrashError


def _plan(groups: list[DuplicateGroup]) -> Plan:
    marks = [(group, {member.photo_id: Mark.REMOVE for member in group.members[1:]}) for group in groups]
    return make_plan(marks, Action.TRASH)


def _apply(copies: Copies, plan: Plan) -> None:
    with copies.opener()() as actor:
        list(actor.apply(plan))


def _crash(copies: Copies, plan: Plan, files: int, *, after: bool) -> None:
    with pytest.raises(CrashError), copies.opener(CrashingTrash(files, after=after))() as actor:
        list(actor.apply(plan))


def _history(copies: Copies, qtbot: QtBot, runs: int) -> tuple[HistoryDialog, ActionJobs]:
    """Open the dialog as it is opened after a restart: with nothing but the journal's file."""
    jobs = ActionJobs(copies.opener())
    dialog = HistoryDialog(copies.journal, jobs)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(
        lambda: dialog.runs.topLevelItemCount() == runs and dialog.steps.steps.rowCount() > 0, timeout=_WAIT
    )
    return dialog, jobs


def _states(dialog: HistoryDialog) -> list[str]:
    place = dialog.steps.steps.columns.index(Column.STATE)
    return [str(dialog.steps.steps.index(row, place).data()) for row in range(dialog.steps.steps.rowCount())]


def test_what_was_removed_is_taken_back_after_a_restart(copies: Copies, qtbot: QtBot) -> None:
    groups = copies.groups(6, copies=3)
    _apply(copies, _plan(groups))
    assert set(copies.there()) == set(copies.bytes) - to_remove(groups)
    dialog, jobs = _history(copies, qtbot, runs=1)
    entry = dialog.runs.topLevelItem(0)
    assert entry is not None
    assert (entry.text(1), entry.text(3)) == ("12 photos to the trash", "done")
    assert _states(dialog) == ["in the trash"] * 12
    with qtbot.waitSignal(jobs.applied, timeout=_WAIT):
        dialog.all.click()
    assert copies.there() == copies.bytes
    qtbot.waitUntil(lambda: _states(dialog) == ["put back"] * 12, timeout=_WAIT)
    assert not dialog.all.isEnabled()
    entry = dialog.runs.topLevelItem(0)
    assert entry is not None
    assert entry.text(3) == "taken back"
    jobs.close()


def test_some_photos_are_taken_back(copies: Copies, qtbot: QtBot) -> None:
    groups = copies.groups(5)
    _apply(copies, _plan(groups))
    dialog, jobs = _history(copies, qtbot, runs=1)
    assert not dialog.selected.isEnabled()
    dialog.steps.selectRow(1)
    dialog.selected.click()
    qtbot.waitUntil(lambda: _states(dialog)[1] == "put back", timeout=_WAIT)
    assert _states(dialog) == ["in the trash", "put back", *["in the trash"] * 3]
    assert set(copies.bytes) - set(copies.there()) == to_remove(groups) - {groups[1].members[1].path}
    entry = dialog.runs.topLevelItem(0)
    assert entry is not None
    assert entry.text(3) == "partly taken back"
    assert dialog.steps.steps.rowCount() == 5
    jobs.close()


def test_what_cannot_be_put_back_is_told(copies: Copies, qtbot: QtBot) -> None:
    groups = copies.groups(2)
    _apply(copies, _plan(groups))
    taken = Path(groups[0].members[1].path)
    taken.write_bytes(b"something else by now")
    dialog, jobs = _history(copies, qtbot, runs=1)
    with qtbot.waitSignal(jobs.ended, timeout=_WAIT):
        dialog.all.click()
    assert "1 photo put back, 1 skipped" in dialog.notices.text
    assert taken.read_bytes() == b"something else by now"
    jobs.close()


def test_the_latest_is_first_and_others_are_looked_at(copies: Copies, qtbot: QtBot) -> None:
    groups = copies.groups(5)
    _apply(copies, _plan(groups[:2]))
    _apply(copies, _plan(groups[2:]))
    dialog, jobs = _history(copies, qtbot, runs=2)
    assert dialog.steps.steps.rowCount() == 3
    earlier = dialog.runs.topLevelItem(1)
    assert earlier is not None
    dialog.runs.setCurrentItem(earlier)
    qtbot.waitUntil(lambda: dialog.steps.steps.rowCount() == 2, timeout=_WAIT)
    jobs.close()


def test_without_a_journal_there_is_a_word_and_no_file(copies: Copies, qtbot: QtBot) -> None:
    jobs = ActionJobs(copies.opener())
    dialog = HistoryDialog(copies.journal, jobs)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.empty.isVisible()
    assert not dialog.all.isEnabled()
    assert unfinished_plans(copies.journal, copies.opener()) == []
    assert not copies.journal.exists()
    jobs.close()


@pytest.mark.parametrize("after", [False, True])
def test_an_interrupted_plan_is_told_and_taken_back(copies: Copies, qtbot: QtBot, after: bool) -> None:
    groups = copies.groups(8)
    _crash(copies, _plan(groups), 3, after=after)
    moved = 3 + after
    assert len(copies.there()) == len(copies.bytes) - moved
    window = QWidget()
    qtbot.addWidget(window)
    notices = NoticeBar(window)
    dialogs = ReviewDialogs(window, notices, copies.library, Settings, lambda *_, **__: None, copies.opener())
    dialogs.look_for_unfinished()
    qtbot.waitUntil(lambda: bool(notices.text), timeout=_WAIT)
    assert notices.text == f"An action was interrupted: {moved} of 8 photos had been moved to the trash."
    undo = next(button for button in notices.findChildren(QPushButton) if button.text() == "Undo")
    with qtbot.waitSignal(dialogs.applied, timeout=_WAIT):
        undo.click()
    assert copies.there() == copies.bytes
    assert unfinished_plans(copies.journal, copies.opener()) == []
    dialogs.close()


def test_a_plan_that_somebody_carries_out_now_is_not_interrupted(copies: Copies) -> None:
    from photofind.core.actions.locking import acting_lock

    _crash(copies, _plan(copies.groups(3)), 1, after=False)
    with acting_lock(copies.library / "acting.lock"):
        assert unfinished_plans(copies.journal, copies.opener()) == []
    assert [record.done for record in unfinished_plans(copies.journal, copies.opener())] == [1]


def test_a_plan_that_ended_is_not_interrupted(copies: Copies) -> None:
    _apply(copies, _plan(copies.groups(3)))
    assert unfinished_plans(copies.journal, copies.opener()) == []
