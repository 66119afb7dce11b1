"""What the review is at, and what each of its commands does: the part of the page that is no widget.

::

    keys, buttons ──▶ Review.do(command) ──▶ marks, at once in the models ──▶ ReviewDesk stores them
                                       └───▶ row_wanted, member_wanted ──▶ the lists move

Marks are shown before they are stored. What the desk lists anew, because the threshold or the library changed, takes
the place of what was listed; the current group is found again by its photos.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from photofind.core.evidence import GroupKind, Member, Verdict
from photofind.gui.review import marks
from photofind.gui.review.desk import ReviewDesk
from photofind.gui.review.desk_work import Choice, ListedGroups, Place, ShownGroup
from photofind.gui.review.group_model import GroupModel
from photofind.gui.review.marks import MarkBook
from photofind.gui.review.member_model import MemberModel
from photofind.gui.review.overview import Codes, GroupOrder, Ints
from photofind.gui.review.placing import group_to_show, kind_to_show

_PLACE_MS: Final = 400
_AGAIN_MS: Final = 200

Undo = Callable[[], None]


class Review(QObject):
    """One review over one desk; the page shows :attr:`groups` and :attr:`members`."""

    listed = Signal()
    """All groups were listed, anew or for the first time."""

    list_failed = Signal(str)
    """A sentence: there is nothing to show."""

    row_wanted = Signal(int)
    """This group is to be the current one, by its row; -1 for none."""

    member_wanted = Signal(int)
    """This member is to be the current one."""

    group_shown = Signal()
    """:attr:`members` shows another group, or none."""

    marks_changed = Signal()
    """Something was marked, here or elsewhere."""

    said = Signal(str, object)
    """Something to tell the user, and how it is undone, or None."""

    def __init__(self, desk: ReviewDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.groups = GroupModel(self)
        self.members = MemberModel(self)
        self.listing: ListedGroups | None = None
        self.row = -1
        self.member = -1
        self._recent: list[tuple[Ints, Codes]] = []
        self._wanted_photo = -1
        self._keep_place = QTimer(self, singleShot=True, interval=_PLACE_MS)
        self._keep_place.timeout.connect(self.keep_place)
        self._list_again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._list_again.timeout.connect(self.list_again)
        desk.listed.connect(self._on_listed)
        desk.list_failed.connect(self.list_failed)
        desk.shown.connect(self._on_shown)
        desk.show_failed.connect(self._on_show_failed)
        desk.marked.connect(self._on_marked)
        desk.marks_read.connect(self._on_marks_read)
        desk.changed_elsewhere.connect(self._on_changed_elsewhere)
        desk.store_failed.connect(lambda text: self.said.emit(text, None))

    # What is listed

    @property
    def book(self) -> MarkBook:
        """What was decided."""
        return self.groups.book

    def list_again(self) -> None:
        """List all groups anew, as they are now, at the threshold that holds."""
        self.list_at(self.listing.threshold if self.listing is not None else None)

    def list_at(self, threshold: float | None) -> None:
        """List all groups at a threshold; None is the one that was chosen last."""
        self._recent.clear()
        self.desk.list_groups(threshold)

    def show_kind(self, kind: GroupKind) -> None:
        """List the groups of a kind."""
        self._show(kind, self.groups.order)

    def show_order(self, order: GroupOrder) -> None:
        """List the groups in an order."""
        self._show(self.groups.kind, order)

    def _show(self, kind: GroupKind, order: GroupOrder) -> None:
        group = self.groups.group(self.row)
        self.groups.show(kind, order)
        self._go(max(0, self.groups.row_of(group)))

    def _on_listed(self, listing: ListedGroups) -> None:
        is_first, row = self.listing is None, self.row
        before, overview = self.groups.overview, listing.overview
        photo_id = listing.photo_id if is_first else self._current_photo()
        kind = listing.place.kind if is_first else self.groups.kind
        if is_first or before.count_of(kind):  # or else the user looks at what there is none of
            kind = kind_to_show(overview, kind, photo_id)
        for ids, codes in self._recent:
            listing.book.set(ids, codes)
        self.listing = listing
        group = group_to_show(overview, kind, photo_id, self.groups.groups()[max(0, row) :], before)
        self.groups.show(kind, listing.place.order if is_first else self.groups.order)
        self.groups.set_groups(overview, listing.book)
        found = self.groups.row_of(group) if group >= 0 else -1
        self.listed.emit()
        self._go(found if found >= 0 else max(0, row))
        self.marks_changed.emit()

    def _current_photo(self) -> int:
        group = self.groups.group(self.row)
        member = self.members.member(max(0, self.member))
        if member is not None:
            return int(member.photo_id)
        return int(self.groups.overview.members(group)[0]) if group >= 0 else -1

    # The current group

    def set_row(self, row: int) -> None:
        """Show the group of a row, which the list has made the current one."""
        group = self.groups.group(row)
        self.row = row
        if group < 0:
            self.desk.forget_group()
            self.members.clear()
            self.member = -1
            self.group_shown.emit()
            return
        self.desk.show_group(self.groups.overview, group)

    def show_again(self) -> None:
        """Show the current group anew, with what is suggested now."""
        if self.groups.group(self.row) >= 0:
            self.set_row(self.row)

    def _go(self, row: int) -> None:
        count = self.groups.rowCount()
        row = min(row, count - 1)
        self.row_wanted.emit(row)
        if row < 0:
            self.set_row(-1)

    def _on_shown(self, shown: ShownGroup) -> None:
        if shown.overview is not self.groups.overview or shown.number != self.groups.group(self.row):
            return
        if len(shown.group.members) < len(self.groups.overview.members(shown.number)):
            self._list_again.start()  # some are gone
        if shown.changed:
            self.book.set(shown.changed, marks.UNMARKED)
            self.marks_changed.emit()
        looked_at = self.members.member(self.member)
        self.members.set_group(shown.group, shown.suggestions, self._codes(shown), shown.known)
        self.member = -1
        self.group_shown.emit()
        again = -1 if looked_at is None else self.members.row_of(looked_at.photo_id)
        self.member_wanted.emit(again if again >= 0 else self._first_member())
        self._keep_place.start()

    def _codes(self, shown: ShownGroup) -> Codes:
        """Return the marks of the members that are left of a group."""
        listed = self.groups.overview.members(shown.number)
        codes = dict(zip(listed.tolist(), self.book.of(shown.number).tolist(), strict=True))
        return np.array([codes.get(int(member.photo_id), marks.UNMARKED) for member in shown.group.members], np.uint8)

    def _first_member(self) -> int:
        """Return the member to look at first: one that is not the one the others are held against."""
        count = self.members.rowCount()
        kept = self.members.kept_row()
        return 0 if count < 2 else next(row for row in range(count) if row != kept)

    def _on_show_failed(self, text: str) -> None:
        self.members.clear()
        self.group_shown.emit()
        self.said.emit(text, None)

    def keep_place(self) -> None:
        """Remember where the review is, for the next time."""
        reference = self.members.member(0)
        if self.listing is not None:
            path = reference.path if reference is not None else ""
            self.desk.keep_place(Place(self.groups.kind, self.groups.order, path, self.listing.threshold))

    # Commands

    def do(self, command: str) -> None:
        """Do what a command of the table says; those that move the lists are the page's."""
        acts: dict[str, Callable[[], None]] = {
            "toggle": self._toggle,
            "keep": lambda: self.mark(self.member, marks.KEEP),
            "remove": lambda: self.mark(self.member, marks.REMOVE),
            "skip": lambda: self.mark(self.member, marks.SKIP),
            "clear": lambda: self.mark(self.member, marks.UNMARKED),
            "accept": self._accept,
            "reject": self._reject,
            "dismiss": self._dismiss,
        }
        if command in acts and self.members.group is not None:
            acts[command]()

    def mark(self, row: int, mark: int) -> None:
        """Mark a member, unless nothing would be left or it must not be touched."""
        card = self.members.card(row)
        if card is None:
            return
        refusal = self._refusal(row) if mark == marks.REMOVE else ""
        if refusal:
            self.said.emit(refusal, None)
            return
        codes = self.members.codes.copy()
        codes[row] = mark
        self._set_codes(codes)

    def _refusal(self, row: int) -> str:
        """Return why a member cannot be marked to be removed, nothing when it can."""
        card = self.members.card(row)
        assert card is not None
        if card.is_protected:
            return self.tr("This photo is in a protected folder: nothing there is removed.")
        if card.member.offline:
            return self.tr("This photo is on a drive that is not connected: it cannot be removed now.")
        codes = self.members.codes
        others = np.arange(len(codes)) != row
        if np.all(codes[others] == marks.REMOVE):
            return self.tr("One photo of each group stays: keep another one first.")
        return ""

    def _toggle(self) -> None:
        card = self.members.card(self.member)
        if card is not None:
            self.mark(self.member, marks.UNMARKED if card.mark == marks.REMOVE else marks.REMOVE)

    def _accept(self) -> None:
        codes = self.members.suggested_codes()
        if codes is not None:
            self._set_codes(codes)
        row = self.groups.next_undecided(self.row)
        if codes is None and row == self.row:
            row = min(self.row + 1, self.groups.rowCount() - 1)
        if row >= 0:
            self._go(row)
        else:
            self.said.emit(self.tr("All groups here are decided."), None)

    def _set_codes(self, codes: Codes) -> None:
        """Mark all members of the current group, and store what differs."""
        group = self.members.group
        assert group is not None
        changed = np.flatnonzero(codes != self.members.codes)
        if not len(changed):
            return
        members = [group.members[row] for row in changed]
        self._note(np.array([member.photo_id for member in members], np.int64), codes[changed])
        self.members.set_codes(codes)
        self.desk.mark([(member.content_hash, member.path) for member in members], codes[changed].tolist())
        self.marks_changed.emit()

    def _note(self, ids: Ints, codes: Codes) -> None:
        """Mark photos in what is shown, and in what may be on its way without that."""
        self.book.set(ids, codes)
        self._recent.append((ids, codes))
        self.groups.marks_changed()

    # No duplicates

    def _reject(self) -> None:
        """Take one photo out of the group: it is no copy of the reference."""
        group = self.members.group
        assert group is not None
        member = self.members.member(self.member)
        if len(group.members) == 2:
            member = group.members[1]
        if member is None or member is group.members[0]:
            self.said.emit(self.tr("Choose the photo that is no duplicate of the first one."), None)
            return
        reference = group.members[0]
        if member.content_hash == reference.content_hash:
            self.said.emit(self.tr("These two files are the same, byte for byte."), None)
            return
        self._forget_marks([member])
        pair = reference.content_hash, member.content_hash
        words = self.tr("These two will not be shown as duplicates again.")
        undo = partial(self.desk.accept_pair, *pair, self._list_again.start)
        self.desk.reject_pair(*pair, lambda: self._let_go(words, undo))
        if len(group.members) == 2:
            self._take_out(self.groups.group(self.row))

    def _dismiss(self) -> None:
        """Take the whole group out: none of its photos is a copy of another."""
        group = self.members.group
        assert group is not None
        self._forget_marks(list(group.members))
        words = self.tr("This group will not be shown again, unless a new photo joins it.")
        self.desk.dismiss_group(
            [member.content_hash for member in group.members],
            lambda dismissal: self._let_go(words, partial(self.desk.restore_group, dismissal, self._list_again.start)),
        )
        self._take_out(self.groups.group(self.row))

    def _let_go(self, words: str, undo: Undo) -> None:
        self.said.emit(words, undo)
        self._list_again.start()

    def _take_out(self, number: int) -> None:
        """Show the next group at once; the list follows when the groups are made anew."""
        self.book.dismiss(number, on=True)
        row = self.row
        self.groups.drop_row(row)
        self.row = -1
        self._go(row)
        self.marks_changed.emit()

    def _forget_marks(self, members: list[Member]) -> None:
        rows = [self.members.row_of(member.photo_id) for member in members]
        codes = self.members.codes.copy()
        codes[rows] = marks.UNMARKED
        self._set_codes(codes)

    # Suggestions for all

    def open_groups(self) -> Ints:
        """Return the groups of copies where nothing is decided, shape (n,); similar shots are never among them."""
        overview = self.groups.overview
        groups = [overview.ordered(kind, GroupOrder.BYTES) for kind in (GroupKind.EXACT, GroupKind.NEAR)]
        undecided = np.concatenate(groups)
        states = self.book.states()
        return undecided[states[undecided] == marks.UNDECIDED] if len(undecided) else undecided

    def apply_suggestions(self, verdicts: Collection[Verdict]) -> None:
        """Mark what is suggested in all groups where nothing is decided."""
        self.desk.apply_suggestions(self.groups.overview, self.open_groups(), verdicts)

    def collect_marked(self, receive: Callable[[list[Choice]], object]) -> None:
        """Read the groups of which something is to be removed, with what the user wants of their photos."""
        self.desk.collect(self.groups.overview, self.book.removed_groups(), receive)

    # What comes from elsewhere

    def _on_marked(self, ids: Ints, codes: Codes) -> None:
        self._note(ids, codes)
        self._show_marks()

    def _on_changed_elsewhere(self, groups: bool, others: bool) -> None:  # noqa: FBT001 - a slot
        if groups:
            self.list_again()
        elif others:
            self.desk.read_marks()

    def _on_marks_read(self, made: int, ids: Ints, codes: Codes) -> None:
        if made != self.desk.marks_made:
            self.desk.read_marks()  # something was marked here meanwhile
            return
        self.book.replace(ids, codes)
        self._recent.clear()
        self.groups.marks_changed()
        self._show_marks()

    def _show_marks(self) -> None:
        """Show the marks of the current group as they are in the book."""
        number = self.groups.group(self.row)
        group = self.members.group
        if group is not None and number >= 0:
            listed = self.groups.overview.members(number).tolist()
            codes = dict(zip(listed, self.book.of(number).tolist(), strict=True))
            shown = [codes.get(int(member.photo_id), marks.UNMARKED) for member in group.members]
            self.members.set_codes(np.array(shown, np.uint8))
        self.marks_changed.emit()
