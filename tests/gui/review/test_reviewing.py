"""The review in the window: moving, marking, deciding, and what is kept of it; by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal

from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.keeping import Suggestion
from photofind.core.evidence import Evidence, GroupKind, Verdict
from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui.review import marks
from photofind.gui.review.bulk import BulkDialog
from photofind.gui.review.desk_work import Choice
from photofind.gui.review.dialogs.control import ReviewDialogs
from tests.gui.review.conftest import OpenReview, Reviewing
from tests.gui.review.handmade import Groups, content_hash, decisions
from tests.support.gallery import Gallery

_Key = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier
NOTHING, KEEP, REMOVE, SKIP = marks.UNMARKED, marks.KEEP, marks.REMOVE, marks.SKIP


def _stored(place: Gallery) -> dict[str, Mark]:
    with decisions(place.library) as store:
        return {Path(path).name: mark for (_, path), mark in store.marks().items()}


def _finish(reviewing: Reviewing, place: Gallery) -> dict[str, Mark]:
    """Close the window, and return what is stored."""
    reviewing.close()
    return _stored(place)


def test_it_opens_at_a_kind_that_has_groups_the_largest_gain_first(open_review: OpenReview) -> None:
    reviewing = open_review()
    assert reviewing.control.is_open
    assert reviewing.review.groups.kind is GroupKind.NEAR
    assert reviewing.names() == ["01.jpg", "06.jpg", "11.jpg"]
    assert "Group 1 of 2" in reviewing.page.title.text()


def test_keys_lead_from_group_to_group_and_from_photo_to_photo(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.press(_Key.Key_J)
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    reviewing.press(_Key.Key_K)
    reviewing.press(_Key.Key_Down)
    reviewing.press(_Key.Key_Down)
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    reviewing.press(_Key.Key_Up)
    reviewing.press(_Key.Key_Right)
    reviewing.press(_Key.Key_Right)
    assert reviewing.review.member == 2
    reviewing.press(_Key.Key_Left)
    assert reviewing.review.member == 1
    reviewing.press(_Key.Key_Escape)
    assert not reviewing.control.is_open


def test_marks_are_stored_as_they_are_made(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    reviewing.page.cards.go(0)
    reviewing.press(_Key.Key_1)
    reviewing.press(_Key.Key_Right)
    reviewing.press(_Key.Key_X)
    reviewing.press(_Key.Key_Right)
    reviewing.press(_Key.Key_3)
    assert reviewing.codes() == [KEEP, REMOVE, SKIP]
    expected = {"01.jpg": Mark.KEEP, "06.jpg": Mark.REMOVE, "11.jpg": Mark.SKIP}
    reviewing.opened.until(lambda: _stored(place) == expected)
    size = (place.holidays / "06.jpg").stat().st_size
    assert reviewing.page.summary.text.startswith("1 group decided · 1 photo to remove · ")
    assert reviewing.review.book.progress() == marks.Progress(1, 1, size)
    reviewing.press(_Key.Key_Left)
    reviewing.press(_Key.Key_Space)
    assert _finish(reviewing, place) == {"01.jpg": Mark.KEEP, "11.jpg": Mark.SKIP}


def test_what_was_marked_is_there_again_at_the_same_place(open_review: OpenReview) -> None:
    first = open_review()
    first.press(_Key.Key_J)
    first.page.cards.go(1)
    first.press(_Key.Key_2)
    first.review.show_kind(GroupKind.SIMILAR)
    first.settle()
    first.review.show_kind(GroupKind.NEAR)
    first.page.list.view.go(1)
    first.settle()
    first.control.close()  # a crash would leave the same: each mark was stored when it was made
    second = open_review()
    assert second.names() == ["04.jpg", "09.jpg"]
    assert second.codes() == [NOTHING, REMOVE]
    assert second.review.book.progress().photos == 1


def test_a_mark_about_another_content_means_nothing(open_review: OpenReview, place: Gallery) -> None:
    with decisions(place.library) as store:
        store.set_mark(bytes(32), str(place.holidays / "06.jpg"), Mark.REMOVE)
        store.set_mark(content_hash(place.holidays / "11.jpg"), str(place.holidays / "11.jpg"), Mark.REMOVE)
    reviewing = open_review()
    assert reviewing.codes() == [NOTHING, NOTHING, REMOVE]
    assert reviewing.review.book.progress().photos == 1


def test_the_last_photo_of_a_group_stays(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.press(_Key.Key_J)
    reviewing.page.cards.go(0)
    reviewing.press(_Key.Key_2)
    reviewing.press(_Key.Key_Right)
    reviewing.press(_Key.Key_2)
    assert reviewing.codes() == [REMOVE, NOTHING]
    assert "stays" in reviewing.opened.window.notices.text


def test_enter_accepts_what_is_suggested_and_goes_on(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    suggested = reviewing.review.members.suggested_codes()
    assert suggested is not None
    assert sorted(suggested.tolist()) == [KEEP, REMOVE, REMOVE]
    reviewing.press(_Key.Key_Return)
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    assert reviewing.review.groups.entry(0).state == marks.DECIDED
    stored = _finish(reviewing, place)
    assert sorted(stored.values()) == [Mark.KEEP, Mark.REMOVE, Mark.REMOVE]


def test_nothing_is_suggested_for_similar_shots(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    reviewing.review.show_kind(GroupKind.SIMILAR)
    reviewing.settle()
    assert reviewing.names() == ["02.jpg", "07.jpg"]
    reviewing.press(_Key.Key_Return)
    assert reviewing.codes() == [NOTHING, NOTHING]
    assert _finish(reviewing, place) == {}


def test_one_photo_is_no_duplicate(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    reviewing.page.cards.go(1)
    reviewing.press(_Key.Key_2)
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.press(_Key.Key_N)
    reviewing.settle()
    assert reviewing.names() == ["01.jpg", "11.jpg"]
    pair = sorted(content_hash(place.holidays / name) for name in ("01.jpg", "06.jpg"))
    with decisions(place.library) as store:
        assert [list(each) for each in store.rejected_pairs()] == [pair]
    assert _finish(reviewing, place) == {}


def test_a_group_is_no_duplicates_until_that_is_undone(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.press(_Key.Key_N, _SHIFT)
        assert reviewing.names() == ["04.jpg", "09.jpg"]  # at once
    reviewing.settle()
    assert reviewing.review.groups.rowCount() == 1
    with decisions(place.library) as store:
        assert len(store.dismissed_groups()) == 1
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        _undo(reviewing)
    reviewing.settle()
    assert reviewing.review.groups.rowCount() == 2
    assert reviewing.names() == ["04.jpg", "09.jpg"]


def _undo(reviewing: Reviewing) -> None:
    from PySide6.QtWidgets import QPushButton

    buttons = [each for each in reviewing.opened.window.notices.findChildren(QPushButton) if each.text() == "Undo"]
    buttons[-1].click()


def test_suggestions_hold_for_the_rest_by_verdict(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    reviewing.page.summary.rest.click()
    dialog = reviewing.page.findChild(BulkDialog)
    assert isinstance(dialog, BulkDialog)
    usual = {Verdict.SAME_FILE, Verdict.SAME_PICTURE, Verdict.REENCODED, Verdict.RESIZED}
    assert dialog.verdicts() == usual
    with reviewing.opened.qtbot.waitSignal(reviewing.review.desk.applied, timeout=30_000):
        dialog.mark.click()
    removed = {name for name, mark in _stored(place).items() if mark is Mark.REMOVE}
    assert not removed & {"02.jpg", "07.jpg"}
    assert len(removed & {"04.jpg", "09.jpg"}) == 1
    assert reviewing.review.book.progress().photos == len(removed)
    assert set(reviewing.codes()) & {KEEP, REMOVE}


def test_who_is_protected_cannot_be_removed(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review(Settings(workers=1, protected_folders=(str(place.holidays),)))
    reviewing.page.cards.go(1)
    reviewing.press(_Key.Key_2)
    assert reviewing.codes() == [NOTHING, NOTHING, NOTHING]
    assert "protected" in reviewing.opened.window.notices.text
    card = reviewing.review.members.card(1)
    assert card is not None
    assert card.is_protected


def test_another_window_at_work_is_noticed(open_review: OpenReview, place: Gallery) -> None:
    reviewing = open_review()
    desk = reviewing.review.desk
    reviewing.press(_Key.Key_3)
    desk.poll()
    path = place.holidays / "11.jpg"
    reviewing.opened.until(lambda: len(_stored(place)) == 1)
    with decisions(place.library) as store:
        store.set_mark(content_hash(path), str(path), Mark.REMOVE)
    reviewing.opened.until(lambda: _polled(reviewing) and reviewing.codes()[2] == REMOVE)
    with decisions(place.library) as store:
        store.dismiss_group([content_hash(place.holidays / name) for name in ("04.jpg", "09.jpg")])
    reviewing.opened.until(lambda: _polled(reviewing) and reviewing.review.groups.rowCount() == 1)


def _polled(reviewing: Reviewing) -> bool:
    reviewing.review.desk.poll()
    return True


def test_another_threshold_lists_anew_and_is_remembered(open_review: OpenReview, groups: Groups) -> None:
    reviewing = open_review()
    assert groups.thresholds == [0.9]
    assert reviewing.page.header.threshold.text == "usual: 99.6 % right, finds 97 %"
    reviewing.press(_Key.Key_J)
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        reviewing.page.header.threshold.threshold_changed.emit(0.99)
    reviewing.settle()
    assert reviewing.names() == ["04.jpg", "09.jpg"]
    assert reviewing.page.header.threshold.text.startswith("strict: 99.9 % right")
    reviewing.close()
    assert open_review().review.listing is not None
    assert groups.thresholds[-1] == 0.99


def test_keys_of_the_comparison_reach_it(open_review: OpenReview) -> None:
    reviewing = open_review()
    before = reviewing.page.compare.mode
    reviewing.press(_Key.Key_O)
    assert reviewing.page.compare.mode != before
    first, second = (side.member for side in reviewing.page.compare.sides)
    assert first is not None
    assert second is not None
    assert first.photo_id != second.photo_id


class _Dialogs(QObject):
    """Stands in the place of the dialogs, to be told what they would show."""

    acted = Signal(object)
    applied = Signal(object)
    labelled = Signal()

    def close(self) -> None:
        self.shown.append("closed")

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[object] = []

    def show_plan(self, choices: list[Choice]) -> None:
        self.shown += [sorted(Path(member.path).name for member in group.members) for group, _ in choices]

    def show_history(self) -> None:
        self.shown.append("history")

    def show_labels(self) -> None:
        self.shown.append("labels")


def test_the_buttons_open_the_dialogs_and_what_those_did_is_followed(open_review: OpenReview) -> None:
    reviewing = open_review()
    dialogs = _Dialogs()
    reviewing.control.use_dialogs(cast("ReviewDialogs", dialogs))
    reviewing.press(_Key.Key_J)
    reviewing.page.cards.go(1)
    reviewing.press(_Key.Key_2)
    reviewing.page.summary.remove.click()
    reviewing.opened.until(lambda: dialogs.shown)
    reviewing.page.header.past.click()
    reviewing.page.header.judge.click()
    assert dialogs.shown == [["04.jpg", "09.jpg"], "history", "labels"]
    with reviewing.opened.qtbot.waitSignal(reviewing.review.listed, timeout=30_000):
        dialogs.labelled.emit()


def test_what_is_marked_can_be_collected_for_a_plan(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.page.cards.go(2)
    reviewing.press(_Key.Key_2)
    collected: list[Choice] = []
    reviewing.review.collect_marked(collected.extend)
    reviewing.opened.until(lambda: collected)
    ((group, choices),) = collected
    assert [Path(member.path).name for member in group.members] == ["01.jpg", "06.jpg", "11.jpg"]
    suggestion = choices[group.members[2].photo_id]
    assert isinstance(suggestion, Suggestion), "the plan says which rule it goes by"
    assert suggestion.kept == group.members[0].photo_id


def test_what_is_marked_against_the_suggestion_is_collected_as_marked(open_review: OpenReview) -> None:
    reviewing = open_review()
    reviewing.page.cards.go(0)
    reviewing.press(_Key.Key_2)
    reviewing.page.cards.go(1)
    reviewing.press(_Key.Key_2)
    collected: list[Choice] = []
    reviewing.review.collect_marked(collected.extend)
    reviewing.opened.until(lambda: collected)
    ((group, choices),) = collected
    assert choices == dict.fromkeys([member.photo_id for member in group.members[:2]], Mark.REMOVE)


def test_the_others_are_held_against_the_one_that_is_kept(
    open_review: OpenReview, groups: Groups, place: Gallery
) -> None:
    with Library(place.library, place.settings) as library:
        contents = [_content_of(library, place.holidays / name) for name in ("01.jpg", "06.jpg", "11.jpg")]
    crop = Evidence(Verdict.CROPPED, 0.97, similarity=0.8, overlap=0.5)
    back = Evidence(Verdict.RESIZED, 0.99, similarity=0.9)
    groups.known = {contents[1]: {contents[0]: back, contents[2]: crop}}
    reviewing = open_review()
    reviewing.page.cards.go(1)
    reviewing.press(_Key.Key_1)
    reviewing.page.cards.go(2)
    cards = [reviewing.review.members.card(row) for row in range(3)]
    assert [card.member.evidence for card in cards if card] == [back, None, crop]
    assert reviewing.page.compare.verdict.sentence.text().startswith("Cropped")
    assert reviewing.page.compare.pair.titles[0].text().startswith("A  ·  Keep  ·  06.jpg")
    reviewing.press(_Key.Key_Left)
    reviewing.press(_Key.Key_Left)
    reviewing.press(_Key.Key_1)
    cards = [reviewing.review.members.card(row) for row in range(3)]
    assert [card and card.member.evidence and card.member.evidence.verdict for card in cards] == [
        None,
        Verdict.RESIZED,
        Verdict.EDITED,
    ]


def _content_of(library: Library, path: Path) -> int:
    photo = library.photo_at(str(path))
    assert photo is not None
    record = library.photo(photo)
    assert record is not None
    return int(record.content_id)
