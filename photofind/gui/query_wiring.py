"""What the user asks for, and what is said about the answer: words, chips, drops and actions around the query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QPixmap

from photofind.core.imaging import DecodeLimits
from photofind.core.library import Library
from photofind.core.queries import Region, SearchResult
from photofind.gui.answer import AnswerWords
from photofind.gui.browser import MOST_RESULTS
from photofind.gui.chips import CHIP_PICTURE
from photofind.gui.grid.dragging import dragged_ids
from photofind.gui.picture import chip_picture
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.query_bar import MOST_CRUMBS

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow

_MOST_PARTS: Final = 50


class QueryWiring(QObject):
    """Connects what can be said about the query with the browser, and its answers with what is said about them."""

    asked = Signal()
    """The user asks for something that the grid will show; the preview should make room."""

    answered = Signal()
    """Something about what is shown has changed."""

    def __init__(self, window: MainWindow, limits: DecodeLimits) -> None:
        super().__init__(window)
        self._window = window
        self._limits = limits
        self._words = AnswerWords(self)
        self._total: int | None = None
        self._failure: int | None = None
        self._elapsed_ms = 0.0
        w = window
        w.browser.place_changed.connect(self._on_place_changed)
        w.browser.results_shown.connect(self._on_results_shown)
        w.browser.results_completed.connect(self._on_results_completed)
        w.browser.listed.connect(self._on_listed)
        w.browser.failed.connect(self._on_failed)
        w.intake.parts_ready.connect(self._on_parts_ready)
        w.preview.reasons_of = lambda photo_id: w.model.reasons(w.model.row_of(photo_id))
        w.preview.region_drawn.connect(self._on_region_drawn)
        self._connect_words()
        self._connect_bar()

    def _connect_words(self) -> None:
        words = self._window.words
        words.typed.connect(lambda text: self._type(text, finished=False))
        words.finished.connect(lambda text: self._type(text, finished=True))
        words.settled.connect(self._window.browser.finish_typing)
        words.left.connect(self._on_words_left)
        words.dropped.connect(self._on_dropped)
        words.entered.connect(self._on_words_entered)

    def _connect_bar(self) -> None:
        bar = self._window.query_bar
        bar.part_removed.connect(lambda part: self._change(lambda query: query.without(part)))
        bar.part_replaced.connect(lambda part, other: self._change(lambda query: query.changing(part, other)))
        bar.part_moved.connect(lambda part, place: self._change(lambda query: query.moving(part, place)))
        bar.dropped.connect(self._on_dropped)
        bar.picture_wanted.connect(self._on_picture_wanted)

    # Asking

    def focus_words(self) -> None:
        """Let the user type: over the words that are there, or more of them."""
        self._window.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.words.selectAll()

    def find_similar(self, photo_ids: list[int]) -> None:
        """Look for what is like some photos."""
        self.asked.emit()
        self._window.browser.find_similar(self._limited(photo_ids))

    def more_like(self, photo_ids: list[int], *, weight: float = 1.0) -> None:
        """Add photos to the query; with a negative weight, the answer becomes less like them."""
        browser = self._window.browser
        self.asked.emit()
        browser.add(browser.parts_of(self._limited(photo_ids), weight=weight))

    def clear(self) -> None:
        """Take everything out of the query; the filters stay."""
        self._window.browser.search(())

    def _on_words_entered(self) -> None:
        """Open what reads words while the user is still typing the first; the search will tell if it cannot."""
        if self._window.session.library_exists():
            self._window.session.searching.ask(Library.prepare_words, lambda _: None, failed=lambda _: None)

    def _on_words_left(self) -> None:
        page = self._window.pages.currentWidget()
        if page is self._window.grid_page:
            self._window.grid.setFocus()
        elif page is not None:
            page.setFocus()

    def _limited(self, photo_ids: list[int]) -> list[int]:
        if len(photo_ids) > _MOST_PARTS:
            self._window.notices.show_notice(
                self.tr("Only the first {} of these photos are searched by.").format(_MOST_PARTS), kind="warning"
            )
        return photo_ids[:_MOST_PARTS]

    def _type(self, text: str, *, finished: bool) -> None:
        w = self._window
        if text.strip():  # without taking the keyboard from the field
            w.pages.setCurrentWidget(w.grid_page)
        w.browser.type_words(text, finished=finished)

    def _change(self, change: Callable[[WindowQuery], WindowQuery | None]) -> None:
        w = self._window
        query = w.browser.query
        changed = change(query) if query is not None else None
        if query is None or changed == query:
            return
        self.asked.emit()
        w.browser.visit(changed)
        if not w.query_bar.has_keyboard and not w.words.hasFocus():
            w.grid.setFocus()  # the chip that was pressed is gone

    def _on_parts_ready(self, parts: Sequence[QueryPart], adding: bool) -> None:  # noqa: FBT001 - a slot
        w = self._window
        self.asked.emit()
        w.show_grid()
        if adding:
            w.browser.add(parts)
        else:
            w.browser.search(parts)

    def _on_region_drawn(self, region: Region) -> None:
        self._on_parts_ready([QueryPart.of_region(region)], False)

    def _on_dropped(self, mime: QMimeData) -> None:
        photo_ids = dragged_ids(mime)
        if photo_ids:
            self.more_like(photo_ids)
        else:
            self._window.intake.take(mime, adding=True)

    def _on_picture_wanted(self, part: QueryPart) -> None:
        w = self._window
        limits, height = self._limits, round(CHIP_PICTURE * w.devicePixelRatioF())
        w.session.searching.ask(
            lambda library: chip_picture(library.pictures, part, limits, height),
            lambda image: w.query_bar.set_picture(part, QPixmap.fromImage(image)),
            failed=lambda _: None,  # the search itself says what is wrong with the file
        )

    # Answers

    def _on_place_changed(self) -> None:
        w = self._window
        query = w.browser.query
        typed = query.typed if query is not None else None
        w.words.show_words(typed.words or "" if typed is not None else "")
        w.query_bar.show_place(query, w.browser.trail(MOST_CRUMBS))
        if w.browser.is_listing:
            w.speed.forget_result()
        self._say("")

    def _on_results_shown(self, result: SearchResult, waited_ms: float) -> None:
        del waited_ms
        self._end_failure()
        self._elapsed_ms = result.elapsed_ms
        query = self._window.browser.query
        self._window.speed.show_result(
            result.nprobe,
            exact=result.exact,
            elapsed_ms=result.elapsed_ms,
            promised=query is not None and query.is_one_photo,
        )
        self._show_answer(result)
        if result.matching is not None:
            self._with_total(partial(self._show_line, result))

    def _on_results_completed(self, result: SearchResult) -> None:
        # What counts is how long the user waited, for the first screen of them.
        self._show_answer(replace(result, elapsed_ms=self._elapsed_ms))

    def _show_answer(self, result: SearchResult) -> None:
        w = self._window
        query = w.browser.query or WindowQuery(())
        w.query_bar.show_summary(self._words.summary(result, query, MOST_RESULTS))
        self._show_line(result)
        if not result.hits:
            reason = self._words.nothing(result, query)
            w.placeholder.say(reason.headline, reason.hints)
        self.answered.emit()

    def _show_line(self, result: SearchResult) -> None:
        kept = self._words.kept(result.matching, self._total)
        self._window.query_bar.show_understood(self._words.line(result), kept)

    def _on_listed(self, photos: int) -> None:
        w = self._window
        if w.browser.filters:
            self._say(self._words.kept(photos, self._total))
            self._with_total(lambda: self._say(self._words.kept(photos, self._total)))
            reason = self._words.no_match(w.browser.query or WindowQuery(()))
            w.placeholder.say(reason.headline, reason.hints)
        else:
            self._total = photos
            w.placeholder.say()
        self.answered.emit()

    def _with_total(self, act: Callable[[], None]) -> None:
        """Act once the number of all photos is known again, if the same place is shown by then."""
        query = self._window.browser.query

        def on_counted(total: int) -> None:
            self._total = total
            if query == self._window.browser.query:
                act()

        self._window.session.searching.ask(Library.count_photos, on_counted, failed=lambda _: None)

    def _on_failed(self, sentence: str) -> None:
        notice = self._window.notices.show_notice(sentence, kind="warning")
        if notice != self._failure:
            self._end_failure()  # of words that were not finished yet, say
        self._failure = notice
        self._window.placeholder.say()
        self._say("")  # what it said was about another answer
        self.answered.emit()

    def _end_failure(self) -> None:
        """End the notice of a query that had no answer."""
        if self._failure is not None:
            self._window.notices.withdraw(self._failure)
            self._failure = None

    def _say(self, summary: str) -> None:
        """Say how many photos there are, and nothing of words."""
        self._window.query_bar.show_understood("")
        self._window.query_bar.show_summary(summary)
