"""A disk or a folder that is away when a plan is to be taken back."""

from __future__ import annotations

from pathlib import Path

from photofind.core.plans import Outcome
from tests.actions.conftest import Desk
from tests.actions.worlds import plan_for
from tests.support.other_program import changed_by_hand


def _mounted_at(desk: Desk, mount: bytes) -> bytes:
    """Let the journal say that the volume was mounted elsewhere; return where it was."""
    with changed_by_hand(desk.journal_path) as journal:
        before: bytes = journal.execute("SELECT mount FROM steps").fetchone()[0]
        journal.execute("UPDATE steps SET mount = ?", (mount,))
        return before


def test_undo_says_that_the_disk_is_away_rather_than_that_the_trash_lost_the_file(desk: Desk) -> None:
    kept, copy = desk.file("photos/kept.jpg"), desk.file("photos/copy.jpg")
    plan = plan_for((copy, kept))
    [done] = desk.actor().apply(plan)
    assert done.now_at is not None
    away = Path(done.now_at).rename(desk.top / "on the disk that is away.jpg")
    mount = _mounted_at(desk, b"/media/away")
    [result] = desk.actor().undo(plan.id)
    assert (result.outcome, copy.exists()) == (Outcome.SKIPPED, False)
    assert result.reason == "The disk that it was on is not connected at /media/away."
    away.rename(done.now_at)
    _mounted_at(desk, mount)
    [result] = desk.actor().undo(plan.id)
    assert (result.outcome, copy.exists()) == (Outcome.UNDONE, True)


def test_undo_says_that_something_else_is_where_the_folder_was(desk: Desk) -> None:
    kept, copy = desk.file("photos/kept.jpg"), desk.file("trip/copy.jpg")
    plan = plan_for((copy, kept))
    list(desk.actor().apply(plan))
    copy.parent.rmdir()
    desk.file("trip")
    [result] = desk.actor().undo(plan.id)
    assert result.outcome == Outcome.SKIPPED
    assert result.reason == f"Its folder {copy.parent} cannot be made again: something else is in its place."
    copy.parent.unlink()
    [result] = desk.actor().undo(plan.id)
    assert (result.outcome, copy.exists()) == (Outcome.UNDONE, True)
