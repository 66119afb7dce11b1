"""What the grid shows, and how it got there: photos in an order, or the answer to a query; back and forward.

::

    visit / back / order ──▶ ListingLoader or SearchLink ──▶ rows of the grid ──▶ view state of that place

One direction: the user's wish goes to a reader thread, and only its newest answer reaches the grid. The filters stay
when something else is asked for, until they are taken away or the user goes back to all photos.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from photofind.core.queries import Filters, Hit, Query, SearchResult
from photofind.core.records import Listing, SortKey
from photofind.gui.answer_rows import AnswerRows
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.view import GridState, PhotoGridView
from photofind.gui.history import History
from photofind.gui.listing import ListingLoader
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.searching import SearchLink
from photofind.gui.speed import SpeedSlider

MOST_RESULTS = 500
"""So many photos answer a query; those that fit on the screen are asked for first, see :meth:`Browser._ask`."""

_FIRST_RESULTS = 30
_COMPLETE_MS = 150
_LISTING_SHARE = 10
"""A growing library is listed again at most so often that listing takes one tenth of the time."""

_LEAST_REFRESH_MS = 1000


class Browser(QObject):
    """Moves the grid between places; see the module for the flow."""

    place_changed = Signal()
    """Another place is current; its rows may still be on their way."""

    results_shown = Signal(object, float)
    """A :class:`SearchResult` is on the grid, and the milliseconds since it was asked for."""

    results_completed = Signal(object)
    """A :class:`SearchResult` with what follows the first screen of results has taken its place."""

    asking = Signal()
    """Something else than what is on the grid was asked for, or the same again."""

    answered = Signal(object, object)
    """A :class:`Query` and its complete answer, a :class:`SearchResult`, which is on the grid."""

    listed = Signal(int)
    """All photos, or those that the filters keep, are on the grid: so many."""

    refreshing = Signal()
    """All photos are listed anew because the library changed."""

    failed = Signal(str)
    """The question could not be answered: a sentence for the user."""

    def __init__(
        self,
        model: PhotoGridModel,
        view: PhotoGridView,
        listing: ListingLoader,
        searching: SearchLink,
        speed: SpeedSlider,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._view = view
        self._listing = listing
        self._searching = searching
        self._speed = speed
        self._history: History[GridState] = History()
        self._sort, self._descending = SortKey.DATE, True
        self._restore: GridState | None = None
        self._is_typing = False
        self._asked_at = 0.0
        self._asked: Query | None = None
        self._answer: SearchResult | None = None
        self._is_completing = False
        self._fresh_place = True
        self._is_awaited = False
        self._is_outdated = False
        self._is_stopped = False
        self._complete = QTimer(self, singleShot=True, interval=_COMPLETE_MS)
        self._complete.timeout.connect(self._on_complete)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.timeout.connect(self._on_refresh)
        listing.listed.connect(self._on_listed)
        listing.failed.connect(self._on_listing_failed)
        searching.found.connect(self._on_found)
        searching.failed.connect(self._on_failed)
        speed.changed.connect(self._on_speed_changed)

    @property
    def query(self) -> WindowQuery | None:
        """The query that is shown; None while all photos are."""
        return self._history.current.query

    @property
    def filters(self) -> Filters:
        """What the photos that are shown are limited to."""
        return self.query.filters if self.query is not None else Filters()

    @property
    def is_listing(self) -> bool:
        """Whether photos are shown in the user's order, all of them or those that the filters keep."""
        return self.query is None or self.query.is_listing

    @property
    def sort(self) -> tuple[SortKey, bool]:
        """The order of all photos, and whether it is descending."""
        return self._sort, self._descending

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before this one."""
        return self._history.can_go_back

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a place after this one."""
        return self._history.can_go_forward

    def trail(self, length: int) -> list[tuple[int, WindowQuery | None]]:
        """Return the places before this one, oldest first, with their distances."""
        return [(distance, place.query) for distance, place in self._history.trail(length)]

    def start(self, sort: SortKey, *, descending: bool, is_asked: bool = False) -> None:
        """Show all photos for the first time; ``is_asked`` when they are on their way already."""
        self._sort, self._descending = sort, descending
        if is_asked:
            self._is_awaited = True
        else:
            self._list()
        self.place_changed.emit()

    def visit(self, query: WindowQuery | None) -> None:
        """Show the answer to a query, or all photos for None; the query that is shown already is asked again."""
        self._is_typing = False
        self._leave()
        if self._history.visit(query):
            self._show(None)
        elif not self.is_listing:
            self._ask()  # a file that could not be read may have been mended

    def search(self, parts: Iterable[QueryPart]) -> None:
        """Ask for some parts in the place of those before, under the same filters; without any, list photos."""
        self.visit(WindowQuery.of(parts, self.filters))

    def add(self, parts: Iterable[QueryPart]) -> None:
        """Ask for more parts along with those of the query."""
        query = self.query or WindowQuery(())
        self.visit(query.adding(parts))

    def type_words(self, words: str, *, finished: bool) -> None:
        """Ask for other words along with the photos of the query.

        As long as the words are not ``finished``, those that follow take their place in the history.
        """
        query = (self.query or WindowQuery(())).typing(words.strip())
        if not self._is_typing:
            if query != self.query:
                self.visit(query)
                self._is_typing = not finished
            elif finished and words and not self.is_listing:
                self._ask()
            return
        self._is_typing = not finished
        if query != self.query:
            place = self._history.amend(query)
            self._is_typing &= place is None
            self._show(place.state if place is not None else None)

    def finish_typing(self) -> None:
        """Let what is typed from now on be a place of its own."""
        self._is_typing = False

    def set_filters(self, filters: Filters) -> None:
        """Show only photos that some filters keep; the query stays."""
        query = self.query or WindowQuery(())
        self._change(WindowQuery.of(query.parts, filters, expand=query.expand))

    def set_expand(self, *, expand: bool) -> None:
        """Look, or do not look, for more of what the best answers to the query have in common."""
        if self.query is not None and not self.is_listing:
            self._change(replace(self.query, expand=expand))

    def find_similar(self, photo_ids: list[int]) -> None:
        """Look for what is like some photos of the library."""
        parts = self.parts_of(photo_ids)
        if parts:
            self.search(parts)

    def parts_of(self, photo_ids: Iterable[int], *, weight: float = 1.0) -> list[QueryPart]:
        """Return the parts of a query for some photos of the library, named as far as their names are known."""
        tiles = ((photo_id, self._view.source.tile(photo_id)) for photo_id in photo_ids)
        return [QueryPart.of_photo(number, tile.path if tile else None, weight=weight) for number, tile in tiles]

    def show_missed(self, missed: Sequence[Hit], why: str) -> None:
        """Put photos that the answer lacks among its own, with a reason; without any, show the answer as it came."""
        if self._answer is not None:
            self._put_answer(self._answer, AnswerRows.of(self._answer.hits, missed, why))

    def go(self, distance: int) -> None:
        """Go so many places back (negative) or forward, and restore how that place was left."""
        self._is_typing = False
        self._leave()
        place = self._history.go(distance)
        if place is not None:
            self._show(place.state)

    def set_sort(self, sort: SortKey, *, descending: bool) -> None:
        """Show all photos in another order."""
        self._sort, self._descending = sort, descending
        if self.is_listing:
            self._fresh_place, self._restore = True, None
            self._list()
        self.place_changed.emit()

    def stop(self) -> None:
        """List nothing any more."""
        self._is_stopped = True
        self._complete.stop()
        self._refresh.stop()

    def refresh(self, *, settled: bool = False) -> None:
        """Show what the library has gained or lost, soon; the user's place stays.

        The answer to a query follows only when the library has ``settled``: a file is read anew for each answer.
        """
        self._is_outdated |= settled
        if not self._is_stopped and not self._refresh.isActive():
            self._refresh.start(max(_LEAST_REFRESH_MS, round(self._listing.took_ms * _LISTING_SHARE)))

    def _change(self, query: WindowQuery | None) -> None:
        if query != self.query:
            self.visit(query)

    def _leave(self) -> None:
        """Remember how this place looks; until its rows have come, the view still shows the place before it."""
        self._history.leave(self._restore if self._fresh_place else self._view.view_state())

    def _show(self, state: GridState | None) -> None:
        self._restore, self._fresh_place = state, True
        self._answer = None
        self.asking.emit()
        self.place_changed.emit()  # first: a search would fight with it for the interpreter
        if self.is_listing:
            self._searching.cancel()
            self._complete.stop()
            self._list()
        else:
            self._listing.cancel()
            self._is_awaited = False
            self._ask()

    def _list(self) -> None:
        self._refresh.stop()
        self._is_awaited = True
        # A beginning would cut off what is shown already.
        self._listing.load(self._sort, descending=self._descending, beginning=self._fresh_place, filters=self.filters)

    def _ask(self) -> None:
        assert self.query is not None
        self._asked_at = time.perf_counter()
        self._is_outdated = False
        self._is_completing = False
        self._complete.stop()
        # The first screen of a new answer must come at once; where the user has scrolled, nothing may be cut off.
        self._ask_for(self._first_results() if self._fresh_place and self._restore is None else MOST_RESULTS)

    def _ask_for(self, limit: int) -> None:
        assert self.query is not None
        self._answer = None
        self._asked = self.query.to_core(limit=limit, nprobe=self._speed.nprobe, exact=self._speed.is_exact)
        self.asking.emit()
        self._searching.search(self._asked)

    def _on_complete(self) -> None:
        if not self.is_listing:
            self._is_completing = True
            self._ask_for(MOST_RESULTS)

    def _first_results(self) -> int:
        first, last = self._view.visible_rows()
        return min(MOST_RESULTS, max(_FIRST_RESULTS, last - first + 1))

    def _on_refresh(self) -> None:
        if self._is_awaited or self._view.is_pressed:
            # A listing that is superseded again and again never ends, and other rows would end a click or a band.
            self._refresh.start(_LEAST_REFRESH_MS)
            return
        self.refreshing.emit()
        if self.is_listing:
            self._list()
        elif self._is_outdated:
            self._ask()

    def _must_wait(self) -> bool:
        """Tell whether the mouse is at work on the rows that are shown; what has come is then asked for again."""
        if self._fresh_place or not self._view.is_pressed:
            return False
        self.refresh(settled=True)
        return True

    def _on_speed_changed(self) -> None:
        if not self.is_listing:
            self._ask()

    def _on_listed(self, listing: Listing, complete: bool) -> None:  # noqa: FBT001 - a slot
        self._is_awaited = self._is_awaited and not complete
        if self._must_wait():
            return
        days = listing.days if self._sort is SortKey.DATE else None
        self._put_rows(listing.photo_ids, None, days, -1.0, settle=complete)
        self.listed.emit(listing.total)

    def _on_found(self, generation: int, result: SearchResult) -> None:
        del generation  # only the newest answer comes
        if self._must_wait():
            return
        self._name_parts(result)
        self._put_answer(result, AnswerRows.of(result.hits))
        if self._is_completing:
            self._is_completing = False
            self.results_completed.emit(result)
        else:
            self.results_shown.emit(result, (time.perf_counter() - self._asked_at) * 1000.0)
        if self._asked is not None and len(result.hits) == self._asked.limit < MOST_RESULTS:
            self._complete.start()  # once the first screen has its pictures
        elif self._asked is not None:
            self._answer = result
            self.answered.emit(replace(self._asked, limit=MOST_RESULTS), result)  # all there is, be it few

    def _put_answer(self, result: SearchResult, rows: AnswerRows) -> None:
        self._put_rows(
            rows.ids, rows.scores, None, result.relevance, settle=True, reasons=rows.reasons, missed=rows.missed
        )

    def _name_parts(self, result: SearchResult) -> None:
        """Give photos their names that were asked by before these were known: each is among its own hits."""
        if self.query is not None:
            named = self.query.named({hit.photo_id: hit.path for hit in result.hits})
            if named != self.query:
                self._history.current.query = named
                self.place_changed.emit()

    def _on_failed(self, generation: int, sentence: str) -> None:
        del generation
        self._is_completing = False
        self._put_rows(np.empty(0, np.int64), None, None, -1.0, settle=True)
        for part in self.query.parts if self.query is not None else ():
            if part.path:  # which for a dropped picture is a copy that the user has never heard of
                sentence = sentence.replace(part.path, part.label)
        self.failed.emit(sentence)

    def _on_listing_failed(self, sentence: str) -> None:
        self._is_awaited = False
        if self._fresh_place:  # what the grid still shows is not what was asked for
            self._put_rows(np.empty(0, np.int64), None, None, -1.0, settle=True)
        self.failed.emit(sentence)

    def _put_rows(
        self,
        ids: np.ndarray[tuple[int], np.dtype[np.int64]],
        scores: np.ndarray[tuple[int], np.dtype[np.float32]] | None,
        days: np.ndarray[tuple[int], np.dtype[np.int32]] | None,
        mark: float,
        *,
        settle: bool,
        reasons: Sequence[Sequence[str]] = (),
        missed: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None,
    ) -> None:
        state = self._restore if self._fresh_place else self._view.view_state()
        self._model.set_rows(ids, scores=scores, days=days, mark=mark, reasons=reasons, missed=missed)
        if state is not None:
            self._view.restore_view_state(state)
        elif self._fresh_place:
            self._view.scrollToTop()
        if settle or state is None:
            self._fresh_place, self._restore = False, None
