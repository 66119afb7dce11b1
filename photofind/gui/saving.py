"""Saving searches by name, and coming back to them: what the panel asks for, done in a reader's thread."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from photofind.core.library import Library
from photofind.core.saved import SavedSearch, SavedSearches, Shelf
from photofind.gui.filters.describing import parts_of
from photofind.gui.panels.saved import suggested_name
from photofind.gui.query import QueryPart, WindowQuery

if TYPE_CHECKING:
    from photofind.gui.main_window import MainWindow


class SavedControl(QObject):
    """Connects a window's panel of saved searches with their file, which other windows may change as well."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._file = SavedSearches(window.session.library)
        self._runs = 0
        panel = window.saved
        panel.run_requested.connect(self._on_run)
        panel.save_began.connect(self.begin_saving)
        panel.save_requested.connect(self._on_save)
        panel.rename_requested.connect(lambda old, new: self._change(lambda: self._file.rename(old, new), new))
        panel.remove_requested.connect(self._on_remove)
        window.action_set["save_search"].triggered.connect(self.begin_saving)
        window.saved_dock.visibilityChanged.connect(self._on_visible)
        window.browser.place_changed.connect(self._on_place_changed)
        self._on_place_changed()

    def begin_saving(self) -> None:
        """Ask for a name for the search that is shown."""
        query = self._window.browser.query
        if query is not None and self._can_last(query):
            self._window.saved_dock.show()
            self._window.saved_dock.raise_()
            self._window.saved.ask_name(_suggestion(query))

    def _can_last(self, query: WindowQuery) -> bool:
        """Tell whether all of a query will be there tomorrow, and the user if not."""
        passing = [part.label for part in query.parts if part.path and self._window.intake.will_pass(part.path)]
        if passing:
            self._window.notices.show_notice(
                self.tr(
                    "“{}” has no file of its own; save it as one, search by that file, and save that search."
                ).format(passing[0]),
                kind="warning",
            )
        return not passing

    def _on_place_changed(self) -> None:
        is_query = self._window.browser.query is not None
        self._window.action_set.set_enabled("save_search", enabled=is_query)
        self._window.saved.set_can_save(possible=is_query)

    def _on_visible(self, visible: bool) -> None:  # noqa: FBT001 - a slot
        if visible:  # another window may have saved something meanwhile
            self._change(self._file.list)

    def _on_run(self, search: SavedSearch) -> None:
        window = self._window
        try:
            query = WindowQuery.from_json(search.query)
        except ValueError as error:
            window.notices.show_notice(
                self.tr("The search “{}” cannot be used: {}").format(search.name, error), kind="warning"
            )
            return
        if window.pages.currentWidget() is not window.grid_page:
            window.show_grid()
        self._runs = run = self._runs + 1
        if all(part.photo_id is None or part.path is None for part in query.parts):
            window.browser.visit(query)
            return
        window.session.searching.ask(
            partial(found_again, query),
            partial(self._on_found_again, run),
            failed=lambda _: self._on_found_again(run, query),  # the search itself will say what is wrong
        )

    def _on_found_again(self, run: int, query: WindowQuery) -> None:
        if run == self._runs:  # no other search was wanted meanwhile
            self._window.browser.visit(query)

    def _on_save(self, name: str) -> None:
        query = self._window.browser.query
        if query is not None and self._can_last(query):
            stored = query.to_json()
            self._change(lambda: self._file.save(name, stored), name)

    def _on_remove(self, search: SavedSearch) -> None:
        def removed(shelf: Shelf) -> None:
            self._show(shelf)
            self._window.notices.show_notice(
                self.tr("The saved search “{}” was removed.").format(search.name),
                kind="info",
                actions=[(self.tr("Undo"), lambda: self._change(lambda: self._file.put_back(search), search.name))],
            )

        self._ask(lambda: self._file.remove(search.name), removed)

    # The file

    def _change(self, act: Callable[[], Shelf], name: str = "") -> None:
        """Do something with the file in another thread, and show what it holds then with ``name`` selected."""
        self._ask(act, partial(self._show, name=name))

    def _ask(self, act: Callable[[], Shelf], receive: Callable[[Shelf], object]) -> None:
        self._window.session.searching.ask(lambda _: act(), receive, failed=self._on_failed)

    def _show(self, shelf: Shelf, name: str = "") -> None:
        self._window.saved.set_shelf(shelf)
        if name:
            self._window.saved.select(name)
        if shelf.warning:
            self._window.notices.show_notice(shelf.warning, kind="warning")

    def _on_failed(self, sentence: str) -> None:
        self._window.notices.show_notice(sentence, kind="warning")


def found_again(query: WindowQuery, library: Library) -> WindowQuery:
    """Return a query with its photos as the library knows them now; it may have been built anew since, with other ids.

    An id is trusted when it names the path that was stored with it, or when the file is nowhere else: photos that are
    moved keep their ids.
    """
    return query.of_same(_photo_again(part, library) for part in query.parts) or query


def _photo_again(part: QueryPart, library: Library) -> QueryPart:
    if part.photo_id is None or part.path is None:
        return part
    known = next(iter(library.tiles([part.photo_id])), None)
    if known is not None and known.path == part.path:
        return part
    photo_id = library.photo_at(part.path)
    if photo_id is not None:
        return QueryPart.of_photo(photo_id, part.path, weight=part.weight)
    if known is not None and not os.path.lexists(part.path):
        return QueryPart.of_photo(part.photo_id, known.path, weight=part.weight)
    return QueryPart.of_file(part.path, weight=part.weight)


def _suggestion(query: WindowQuery) -> str:
    return suggested_name([part.label for part in query.parts], [part.label for part in parts_of(query.filters)])
