"""What the review of one window does: it is opened, asks for what is new to be compared, and is told what came of it.

::

    action, worker ──▶ ReviewControl ──▶ ReviewPage ──▶ Review ──▶ ReviewDesk

Page and desk are made when the review is first opened: a window that only searches has no use for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from photofind.core.library import Library
from photofind.gui.review.aftermath import folders_of_library, marks_after
from photofind.gui.review.applying import JobReport
from photofind.gui.review.desk import ReviewDesk
from photofind.gui.review.header import FindState
from photofind.gui.review.source import LibrarySource, OpenSource
from photofind.gui.worker_link import WorkerProgress

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow
    from photofind.gui.review.dialogs.control import ReviewDialogs
    from photofind.gui.review.page import ReviewPage
    from photofind.gui.review.review import Review

_LIST_SECONDS: Final = 10.0
"""How often groups are listed anew while duplicates are being looked for."""


class ReviewControl(QObject):
    """Connects a window's review."""

    def __init__(self, window: MainWindow, open_source: OpenSource = LibrarySource) -> None:
        super().__init__(window)
        self._window = window
        self._open_source = open_source
        self._page: ReviewPage | None = None
        self._desk: ReviewDesk | None = None
        self._dialogs: ReviewDialogs | None = None
        self._is_finding = self._is_paused = False
        self._listed_at = 0.0
        window.action_set["duplicates"].triggered.connect(self.show)
        window.session.worker.ready.connect(self._on_library_appeared)
        window.background.library_changed.connect(self._on_library_changed)
        window.browser.place_changed.connect(self._leave)
        window.queries.asked.connect(self._leave)
        for key in ("home", "forward", "words"):
            window.action_set[key].triggered.connect(self._leave)
        worker = window.session.worker
        worker.duplicates_progressed.connect(self._on_find_progressed)
        worker.duplicates_found.connect(self._on_found)
        worker.pause_changed.connect(self._on_pause_changed)
        worker.failed.connect(self._on_worker_failed)
        worker.gave_up.connect(self._on_worker_failed)

    def start(self) -> None:
        """Have the dialogs at hand, and tell of an action on files that was interrupted; once pictures are shown."""
        from photofind.gui.review.dialogs.control import ReviewDialogs

        dialogs = ReviewDialogs.of(self._window, self._window.notices, self._window.session)
        self.use_dialogs(dialogs)
        dialogs.look_for_unfinished()

    @property
    def page(self) -> ReviewPage:
        """The page, which is made when it is first wanted."""
        if self._page is None:
            self._page = self._made_page()
            self._connect_dialogs()
        return self._page

    @property
    def dialogs(self) -> ReviewDialogs | None:
        """The dialogs that were made, None before :meth:`start`."""
        return self._dialogs

    @property
    def review(self) -> Review:
        """What the page is at."""
        return self.page.review

    @property
    def is_open(self) -> bool:
        """Whether the page is what the window shows."""
        return self._page is not None and self._window.pages.currentWidget() is self._page

    def show(self) -> None:
        """Show the page, list the groups as they are now, and have new photos compared."""
        page = self.page
        self._window.pages.setCurrentWidget(page)
        page.setFocus()
        page.review.list_again()
        self.find()

    def find(self) -> None:
        """Have photos compared that were not yet; quick when there are none."""
        if not self._window.session.library_exists():
            return
        self._is_finding = True
        self._listed_at = time.monotonic()
        self._show_finding()
        self._window.session.worker.find_duplicates()

    def use_dialogs(self, dialogs: ReviewDialogs) -> None:
        """Open these dialogs from the page, and follow what they bring about."""
        self._dialogs = dialogs
        dialogs.acted.connect(self._on_acted)
        dialogs.applied.connect(self._on_files_changed)
        dialogs.labelled.connect(self.refresh)
        if self._page is not None:
            self._connect_dialogs()

    def refresh(self) -> None:
        """List the groups anew, after files were acted on, say."""
        if self._page is not None:
            self._page.review.list_again()

    def suggest_again(self) -> None:
        """Show what is suggested now that other rules or folders hold."""
        if self._page is not None:
            self._page.review.show_again()

    def close(self) -> None:
        """End what runs; the window is closing."""
        if self._dialogs is not None:
            self._dialogs.close()
        desk, self._desk = self._desk, None
        if desk is None:
            return
        if self._page is not None:
            if self.is_open:
                self._page.review.keep_place()
            self._page.shutdown()
        desk.finish()

    # What happens elsewhere

    def _on_library_appeared(self) -> None:
        if self._desk is not None:
            self._desk.library_appeared()

    def _on_library_changed(self, settled: bool) -> None:  # noqa: FBT001 - a slot
        if settled and self.is_open:
            self.refresh()
            self.find()

    def _on_find_progressed(self, progress: WorkerProgress) -> None:
        if self._page is None:
            return
        self._is_finding = True
        self._show_finding(progress)
        if self.is_open and time.monotonic() - self._listed_at > _LIST_SECONDS:
            self._listed_at = time.monotonic()
            self._page.review.list_again()

    def _on_found(self, _report: object) -> None:
        self._end_finding()
        self.refresh()

    def _on_worker_failed(self) -> None:
        if self._is_finding:
            self._end_finding()

    def _on_pause_changed(self, paused: bool) -> None:  # noqa: FBT001 - a slot
        self._is_paused = paused
        if self._is_finding:
            self._show_finding()

    def _show_finding(self, progress: WorkerProgress | None = None) -> None:
        if self._page is None:
            return
        find = FindState(is_running=True, is_paused=self._is_paused)
        if progress is not None:
            find = replace(find, phase=progress.phase, done=progress.done, total=progress.total)
        self._page.show_finding(find)

    def _end_finding(self) -> None:
        self._is_finding = False
        if self._page is not None:
            self._page.show_finding(FindState())

    def _leave(self) -> None:
        if self.is_open:
            self._window.wiring.leave_page()

    # When files were acted on

    def _on_acted(self, report: JobReport) -> None:
        """Forget the marks that were carried out; what is shown follows when the photos are read again."""
        after = marks_after(report)
        if after:
            self._opened_desk().mark(list(after), list(after.values()))

    def _on_files_changed(self, folders: Sequence[str]) -> None:
        def of_library(library: Library) -> list[str]:
            return folders_of_library(folders, [root.path for root in library.roots()])

        self._window.session.searching.ask(of_library, self._read_again)

    def _read_again(self, folders: list[str]) -> None:
        if folders:
            self._window.session.worker.index(folders)

    def _say(self, text: str, undo: Callable[[], None] | None) -> None:
        actions = [(self.tr("Undo"), undo)] if undo is not None else []
        self._window.notices.show_notice(text, actions=actions)

    # Making

    def _connect_dialogs(self) -> None:
        page, dialogs = self._page, self._dialogs
        if page is not None and dialogs is not None:
            page.apply_requested.connect(lambda: page.review.collect_marked(dialogs.show_plan))
            page.history_requested.connect(lambda: dialogs.show_history())
            page.label_requested.connect(dialogs.show_labels)

    def _made_page(self) -> ReviewPage:
        from photofind.gui.review.page import ReviewPage
        from photofind.gui.review.review import Review

        window = self._window
        review = Review(self._opened_desk(), self)
        page = ReviewPage(window.session, review, window)
        review.said.connect(self._say)
        page.closed.connect(self._leave)
        page.find_requested.connect(self.find)
        page.add_folder_requested.connect(window.action_set["add_folder"].trigger)
        window.pages.addWidget(page)
        return page

    def _opened_desk(self) -> ReviewDesk:
        if self._desk is None:
            session = self._window.session
            self._desk = ReviewDesk(session.library, lambda: session.settings, self._open_source, self)
        return self._desk
