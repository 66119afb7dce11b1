# ruff: noqa: N802 - overrides keep Qt's names
"""The page on which duplicates are reviewed: the widgets, and which key and button means which command.

::

    back · Duplicates   strict --o-- loose: expected      finding 1,200 of 48,000     history · label · find
    kinds with counts | group 12 of 340 · 5 photos          not duplicates · accept the suggestions
    order             | [card][card][card]                       the members, as many as there are
    groups            | two photos compared: the one that is kept, and the current one
    what was decided                                         apply suggestions to the rest · remove marked

What the commands do is in :mod:`review`; the two photos are ``compare``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.core.evidence import GroupKind
from photofind.gui import numbers, theme
from photofind.gui.review.bulk import BulkDialog
from photofind.gui.review.commands import BY_KEY, command_for
from photofind.gui.review.compare.view import CompareView
from photofind.gui.review.group_list import GroupList
from photofind.gui.review.header import FindState, Header, show_words
from photofind.gui.review.member_row import MemberRow
from photofind.gui.review.review import Review
from photofind.gui.review.states import StatePage
from photofind.gui.review.summary import SummaryBar
from photofind.gui.review.words import kind_words
from photofind.gui.session import Session

_LIST_WIDTH: Final = 330
_POLL_MS: Final = 2_000
_NARROW: Final = 1_040
_LEAST: Final = QSize(360, 220)


class ReviewPage(QWidget):
    """Shows one review; :meth:`shutdown` must be called before it goes."""

    closed = Signal()
    """The user goes back to the photos."""

    find_requested = Signal()
    """The user wants duplicates to be looked for."""

    add_folder_requested = Signal()
    """There are no photos yet, and the user wants to add some."""

    apply_requested = Signal()
    """The user wants what is marked to be removed; :meth:`Review.desk` collects it."""

    history_requested = Signal()
    """The user wants to see what was done, and perhaps undo it."""

    label_requested = Signal()
    """The user wants to judge pairs for the threshold."""

    def __init__(self, session: Session, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Duplicates"))
        self.setAutoFillBackground(True)
        self.review = review
        self._session = session
        self._find = FindState()
        self._problem = ""
        thumbnails = session.thumbnails
        self.header = Header(self)
        self.list = GroupList(review.groups, thumbnails.view(self), self)
        self.cards = MemberRow(review.members, thumbnails.view(self), self)
        self.compare = CompareView(
            thumbnails.view(self), session.library, session.settings, self, pictures=session.pictures
        )
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.state = StatePage(self)
        self.nothing_here = StatePage(self)
        self.summary = SummaryBar(self)
        self.body = QStackedWidget(self)
        self.right = QStackedWidget(self)
        self._poll = QTimer(self, interval=_POLL_MS)
        self._poll.timeout.connect(review.desk.poll)
        self._lay_out()
        self._connect()
        self._choose_state()

    def shutdown(self) -> None:
        """End what the page's parts run; the desk is its owner's."""
        self._poll.stop()
        self.compare.shutdown()

    # Finding

    def show_finding(self, find: FindState) -> None:
        """Show how far looking for duplicates is; one that does not run is over."""
        self._find = find
        self.header.show_finding(find)
        self._choose_state()

    @property
    def problem(self) -> str:
        """Why there is nothing to show, empty as long as there is no such reason."""
        return self._problem

    def show_problem(self, sentence: str) -> None:
        """Show why there is nothing to show."""
        self._problem = sentence
        self._choose_state()

    # What is shown

    def _choose_state(self) -> None:
        listing = self.review.listing
        has_groups = listing is not None and len(listing.overview) > 0 and not self._problem
        self.body.setCurrentIndex(1 if has_groups else 0)
        self.summary.setVisible(has_groups)
        if not has_groups:
            self._say_state()

    def _say_state(self) -> None:
        listing, say = self.review.listing, self.state.say
        if self._problem:
            again = (self.tr("Try again"), self._try_again)
            say("warning", self.tr("The duplicates cannot be shown"), self._problem, action=again)
        elif not self._session.library_exists() or (listing is not None and not listing.photos):
            add = (self.tr("Add a folder…"), self.add_folder_requested.emit)
            say("duplicates", self.tr("No photos yet"), self.tr("Add a folder, then look for duplicates."), action=add)
        elif self._find.is_running:
            say("duplicates", self.tr("Looking for duplicates"), self._find.words(), share=self._find.share())
        elif listing is None:
            say("duplicates", "", "")
        elif not listing.was_searched or listing.waiting:
            find = (self.tr("Find duplicates"), self.find_requested.emit)
            count = numbers.photos(listing.waiting or listing.photos)
            words = self.tr("{} were not compared yet. Nothing is changed by comparing them.").format(count)
            say("duplicates", self.tr("Not searched yet"), words, action=find)
        else:
            words = self.tr("{} were compared.").format(numbers.photos(listing.photos))
            say("check", self.tr("No duplicates"), words)

    def _try_again(self) -> None:
        self._problem = ""
        self._choose_state()
        self.review.list_again()

    def _on_listed(self) -> None:
        self._problem = ""
        review = self.review
        listing = review.listing
        assert listing is not None
        overview = listing.overview
        self.header.threshold.set_steps(listing.steps, listing.threshold)
        self.list.tabs.set_counts({kind: overview.count_of(kind) for kind in GroupKind})
        self.list.tabs.set_kind(review.groups.kind)
        self.list.order.set_order(review.groups.order)
        self._choose_state()

    def _on_group_shown(self) -> None:
        group, count = self.review.members.group, self.review.groups.rowCount()
        self.list.tabs.set_kind(self.review.groups.kind)
        self.right.setCurrentIndex(1 if count else 0)
        if not count:
            kind = kind_words(self.review.groups.kind)
            self.nothing_here.say("check", kind, self.tr("There are none of this kind, or none that are left."))
        if group is None:
            self.title.setText("")
            self.compare.clear()
            return
        place = self.tr("Group {} of {}").format(numbers.grouped(self.review.row + 1), numbers.grouped(count))
        parts = [place, numbers.photos(len(group.members))]
        cautions = self.review.members.cautions()
        if cautions:
            parts.append(self.tr("look at {} first").format(numbers.grouped(cautions)))
        self.title.setText(" · ".join(parts))

    def _on_member_changed(self, row: int) -> None:
        self.review.member = row
        self._compare()

    def _compare(self) -> None:
        """Show the current member against the one that is kept; the kept one against the next."""
        members = self.review.members
        kept, row = members.kept_row(), self.review.member
        if row == kept:
            row = 1 if kept == 0 else 0
        if members.member(kept) is None or members.member(row) is None:
            self.compare.clear()
        else:
            self.compare.set_pair(*members.compared(kept, row))
            self.compare.set_roles(members.mark_words(kept), members.mark_words(row))

    def _on_marks_changed(self) -> None:
        self.summary.show_progress(self.review.book.progress())
        self.list.view.viewport().update()
        self.cards.viewport().update()
        if self.review.members.group is not None and self.review.member >= 0:
            self._compare()

    # Commands

    def do(self, command: str) -> None:
        """Do what a command of the table says."""
        moves: dict[str, Callable[[], None]] = {
            "close": self.closed.emit,
            "next": partial(self._move, 1),
            "previous": partial(self._move, -1),
            "page_down": lambda: self._move(self.list.view.page()),
            "page_up": lambda: self._move(-self.list.view.page()),
            "first": lambda: self.list.view.go(0),
            "last": lambda: self.list.view.go(self.list.view.count() - 1),
            "member_back": lambda: self.cards.go(self.cards.row - 1),
            "member_on": lambda: self.cards.go(self.cards.row + 1),
        }
        if command in moves:
            moves[command]()
        else:
            self.review.do(command)

    def _move(self, rows: int) -> None:
        self.list.view.go(self.list.view.row + rows)

    def _on_mark_clicked(self, row: int, mark: int) -> None:
        card = self.review.members.card(row)
        if card is not None:
            self.review.mark(row, 0 if card.mark == mark else mark)

    def _on_rest_requested(self) -> None:
        dialog = BulkDialog(len(self.review.open_groups()), self)
        dialog.chosen.connect(self._on_rest_chosen)
        dialog.open()

    def _on_rest_chosen(self, verdicts: object) -> None:
        assert isinstance(verdicts, frozenset)
        self.review.apply_suggestions(verdicts)

    def _on_applied(self, groups: int) -> None:
        self.summary.show_applying(0, 0)
        words = self.tr("In 1 group, photos were marked.")
        if groups != 1:
            words = self.tr("In {} groups, photos were marked.").format(numbers.grouped(groups))
        self.review.said.emit(words, None)

    # Events

    def event(self, event: QEvent) -> bool:
        """Keep the review's keys from the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key means here, or in the comparison; the rest is the window's."""
        command = command_for(event.key(), event.modifiers())
        focused = QApplication.focusWidget()
        if command == "accept" and isinstance(focused, QAbstractButton):
            focused.click()
        elif command is not None:
            self.do(command)
        elif not self.compare.take_key(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what others decide as long as the page is seen."""
        super().showEvent(event)
        self._poll.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of the pictures, and remember the place."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._poll.stop()
            self.review.keep_place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons where there is no room."""
        super().resizeEvent(event)
        for button in self._worded:
            show_words(button, on=event.size().width() >= _NARROW)

    def minimumSizeHint(self) -> QSize:
        """Return as much as every page of the window needs; a smaller one cuts."""
        return _LEAST

    # Putting together

    def _lay_out(self) -> None:
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addLayout(self._group_row())
        column.addWidget(self.cards)
        column.addWidget(self.compare, 1)
        self.right.addWidget(self.nothing_here)
        self.right.addWidget(work)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.right)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_LIST_WIDTH, 3 * _LIST_WIDTH])
        self.body.addWidget(self.state)
        self.body.addWidget(self.splitter)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addWidget(self.body, 1)
        page.addWidget(self.summary)
        self.setFocusProxy(self.list.view)

    def _group_row(self) -> QHBoxLayout:
        self._worded = [self._button(key, with_text=True) for key in ("reject", "dismiss", "accept")]
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(4)
        for key in ("previous", "next"):
            row.addWidget(self._button(key, with_text=False))
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        row.addSpacing(4)
        row.addWidget(self.title, 1)
        for button in self._worded:
            row.addWidget(button)
        return row

    def _button(self, key: str, *, with_text: bool) -> QToolButton:
        texts = {
            "reject": self.tr("Not a duplicate"),
            "dismiss": self.tr("No duplicates here"),
            "accept": self.tr("Accept suggestions"),
        }
        command = BY_KEY[key]
        button = QToolButton(self)
        button.setIcon(theme.icon(command.icon))
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        if with_text:
            button.setText(texts[key])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(command.hint())
        button.setAccessibleName(command.label())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.do(key))
        return button

    def _connect(self) -> None:
        review, header, summary = self.review, self.header, self.summary
        review.listed.connect(self._on_listed)
        review.list_failed.connect(self.show_problem)
        review.row_wanted.connect(self._on_row_wanted)
        review.member_wanted.connect(self.cards.go)
        review.group_shown.connect(self._on_group_shown)
        review.marks_changed.connect(self._on_marks_changed)
        review.desk.applying.connect(summary.show_applying)
        review.desk.applied.connect(self._on_applied)
        self.list.view.row_changed.connect(review.set_row)
        self.list.tabs.kind_chosen.connect(review.show_kind)
        self.list.order.order_chosen.connect(review.show_order)
        self.cards.row_changed.connect(self._on_member_changed)
        self.cards.mark_clicked.connect(self._on_mark_clicked)
        header.closed.connect(self.closed)
        header.threshold.threshold_changed.connect(review.list_at)
        header.find_requested.connect(self.find_requested)
        header.history_requested.connect(self.history_requested)
        header.label_requested.connect(self.label_requested)
        summary.remove_requested.connect(self.apply_requested)
        summary.rest_requested.connect(self._on_rest_requested)
        summary.stop_requested.connect(review.desk.stop_applying)

    def _on_row_wanted(self, row: int) -> None:
        if row >= 0:
            self.list.view.go(row)


def _is_ours(event: QKeyEvent) -> bool:
    return command_for(event.key(), event.modifiers()) is not None
