"""What becomes of the review when photos were really put into the trash, and back; and of the window around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from photofind.core.catalog.decisions import Mark
from photofind.core.evidence import DuplicateGroup, GroupKind, Verdict
from photofind.core.plans import Action, Outcome, Plan, PlannedFile, Step, StepResult
from photofind.core.settings import Settings
from photofind.gui.review import marks
from photofind.gui.review.aftermath import folders_of_library, marks_after
from photofind.gui.review.applying import JobKind, JobReport
from photofind.gui.review.dialogs.apply import ApplyDialog
from photofind.gui.review.dialogs.control import ReviewDialogs
from photofind.gui.settings_dialog import AppliedSettings
from tests.gui.review.conftest import OpenReview, Reviewing
from tests.gui.review.handmade import Groups, decisions
from tests.support.gallery import Gallery
from tests.support.plans import Copies

_Key = Qt.Key


def _stored(place: Gallery) -> dict[str, Mark]:
    with decisions(place.library) as store:
        return {Path(path).name: mark for (_, path), mark in store.marks().items()}


class _Writer:
    """Notes what the writer process is asked to read, which these windows do not have."""

    def __init__(self, reviewing: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[list[str]] = []
        monkeypatch.setattr(reviewing.opened.window.session.worker, "index", self.asked.append)


def _planned(reviewing: Reviewing) -> ApplyDialog:
    """Let what is marked be planned; return the dialog when the plan was checked."""
    window = reviewing.opened.window
    reviewing.page.summary.remove.click()
    reviewing.opened.until(lambda: window.findChild(ApplyDialog) is not None, "the plan")
    dialog = window.findChild(ApplyDialog)
    assert isinstance(dialog, ApplyDialog)
    return dialog


def _carried_out(reviewing: Reviewing, dialog: ApplyDialog) -> None:
    reviewing.opened.until(dialog.go.isEnabled, "the plan is checked")
    with reviewing.opened.qtbot.waitSignal(_dialogs(reviewing).applied, timeout=30_000):
        dialog.start()


def _dialogs(reviewing: Reviewing) -> ReviewDialogs:
    dialogs = reviewing.control.dialogs
    assert dialogs is not None
    return dialogs


def _use_dialogs(reviewing: Reviewing) -> None:
    window = reviewing.opened.window
    reviewing.control.use_dialogs(ReviewDialogs.of(window, window.notices, window.session))


def test_marks_that_were_carried_out_do_not_come_back_with_the_photos(
    open_review: OpenReview, place: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewing = open_review()
    _use_dialogs(reviewing)
    writer = _Writer(reviewing, monkeypatch)
    reviewing.page.cards.go(0)
    reviewing.press(_Key.Key_1)
    reviewing.press(_Key.Key_Right)
    reviewing.press(_Key.Key_2)
    photo = place.holidays / "06.jpg"
    content = photo.read_bytes()
    dialog = _planned(reviewing)
    _carried_out(reviewing, dialog)
    assert not photo.exists()
    reviewing.opened.until(lambda: _stored(place) == {"01.jpg": Mark.KEEP})
    reviewing.opened.until(lambda: writer.asked == [[str(place.holidays)]])
    reviewing.review.mark(2, marks.SKIP)
    with reviewing.opened.qtbot.waitSignal(_dialogs(reviewing).applied, timeout=30_000):
        dialog.undo()
    assert photo.read_bytes() == content
    reviewing.opened.until(lambda: len(writer.asked) == 2)
    reviewing.control.refresh()
    reviewing.opened.until(lambda: reviewing.codes() == [marks.KEEP, marks.UNMARKED, marks.SKIP])
    dialog.close()


def test_what_became_a_hard_link_is_kept_until_that_is_taken_back(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    first, second = copies.groups(2)
    steps = [_step(group) for group in (first, second)]
    plan = Plan("plan", "2026-01-01T00:00:00Z", Action.HARDLINK, tuple(steps))
    done, skipped = StepResult(steps[0], Outcome.DONE), StepResult(steps[1], Outcome.SKIPPED, "changed")
    keys = [(member.content_hash, member.path) for member in first.members]
    report = JobReport(JobKind.APPLY, plan, (done, skipped), 2)
    assert marks_after(report) == dict.fromkeys(keys, marks.KEEP)
    undone = JobReport(JobKind.UNDO, plan, (StepResult(steps[0], Outcome.UNDONE),), 1)
    assert marks_after(undone) == {keys[1]: marks.UNMARKED}


def _step(group: DuplicateGroup) -> Step:
    kept, file = (PlannedFile(each.path, each.stamp, each.content_hash) for each in group.members)
    return Step(file, kept, Verdict.SAME_FILE, "larger")


def test_only_folders_of_the_library_are_read_again(tmp_path: Path) -> None:
    photos, apart = tmp_path / "photos", tmp_path / "apart"
    (photos / "in").mkdir(parents=True)
    apart.mkdir()
    (tmp_path / "link").symlink_to(photos)
    folders = [str(photos / "in"), str(apart), str(photos / "gone"), str(tmp_path / "link" / "in"), str(photos)]
    assert folders_of_library(folders, [str(photos)]) == [folders[0], folders[2], folders[3], folders[4]]


def test_the_review_goes_on_where_it_was_when_groups_before_it_are_gone(
    open_review: OpenReview, groups: Groups
) -> None:
    reviewing = open_review()
    reviewing.press(_Key.Key_J)
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    groups.made = groups.made[1:]
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.control.refresh()
    reviewing.settle()
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    assert reviewing.review.row == 0


def test_the_review_goes_on_where_it_was_when_what_it_was_at_is_gone(open_review: OpenReview, groups: Groups) -> None:
    reviewing = open_review()
    groups.made = groups.made[1:]
    reviewing.control.refresh()
    reviewing.opened.until(lambda: reviewing.names() == ["04.jpg", "09.jpg"])


def test_the_review_follows_a_group_that_became_one_of_another_kind(open_review: OpenReview, groups: Groups) -> None:
    reviewing = open_review()
    reviewing.press(_Key.Key_J)
    for place, made in enumerate(groups.made):
        groups.made[place] = replace(made, kind=GroupKind.EXACT)
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.control.refresh()
    reviewing.settle()
    assert reviewing.review.groups.kind is GroupKind.EXACT
    assert reviewing.names() == ["04.jpg", "09.jpg"]


def test_other_rules_change_what_is_suggested_and_nothing_is_read_again(
    open_review: OpenReview, place: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewing = open_review()
    window = reviewing.opened.window
    monkeypatch.setattr(window, "review_control", reviewing.control)
    writer = _Writer(reviewing, monkeypatch)
    settings = Settings(workers=1, protected_folders=(str(place.holidays),))
    window.dialogs._on_applied(AppliedSettings(settings, frozenset({"protected_folders"}), frozenset()))
    reviewing.opened.until(lambda: _is_protected(reviewing))
    assert writer.asked == []
    window.dialogs._on_applied(AppliedSettings(settings, frozenset({"skip_hidden"}), frozenset()))
    assert writer.asked == [[]]


def _is_protected(reviewing: Reviewing) -> bool:
    card = reviewing.review.members.card(1)
    return card is not None and card.is_protected


def test_actions_are_those_of_the_page_that_is_shown(open_review: OpenReview) -> None:
    reviewing = open_review()
    window, actions = reviewing.opened.window, reviewing.opened.window.action_set
    window.grid.selectAll()
    photo_actions = ("find_similar", "open_default", "show_in_manager", "copy_path", "preview", "select_all")
    assert not any(actions[key].isEnabled() for key in photo_actions)
    assert actions["back"].isEnabled()
    actions["back"].trigger()
    assert window.pages.currentWidget() is window.grid_page
    assert all(actions[key].isEnabled() for key in photo_actions)
    assert not actions["back"].isEnabled()


def test_escape_leads_back_from_wherever_the_keyboard_is(open_review: OpenReview) -> None:
    reviewing = open_review()
    window = reviewing.opened.window
    window.query_bar.setFocus()
    assert window.wiring.step_back()
    assert not reviewing.control.is_open
    assert not window.wiring.step_back()
