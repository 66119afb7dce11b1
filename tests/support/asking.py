"""Asking in a real window: typing, answers that come at once, and what the bar says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from photofind.core.queries import Hit, Query, SearchResult
from photofind.core.records import PhotoId
from tests.support.windows import Opened

CTRL = Qt.KeyboardModifier.ControlModifier
RESULT = SearchResult([], 1, 1, exact=True, relevance=-1.0, elapsed_ms=1.0)


class NoTiles(QObject):
    """A source that knows no photo."""

    tiles_changed = Signal(object)

    def tile(self, photo_id: int) -> None:
        del photo_id

    def want(self, photo_ids: Sequence[int]) -> None:
        del photo_ids

    def set_tile_pixels(self, pixels: int) -> None:
        del pixels


class Answered:
    """Answers the window's queries at once, with its first photos, so that tests can see what is asked for."""

    def __init__(self, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
        self.queries: list[Query] = []
        self.result = RESULT
        searching = opened.window.session.searching
        hits = [
            Hit(PhotoId(photo_id), f"/p/{photo_id}.jpg", 0.9 - row / 100, offline=False, why=("dog", "folder: home"))
            for row, photo_id in enumerate(opened.ids()[:8])
        ]
        self.hits = hits

        def search(query: Query) -> int:
            self.queries.append(query)
            unknown = bool(self.result.unknown)
            searching.found.emit(len(self.queries), replace(self.result, hits=[] if unknown else hits))
            return len(self.queries)

        monkeypatch.setattr(searching, "search", search)

    @property
    def words(self) -> list[tuple[str, ...]]:
        return [query.words for query in self.queries]


def type_words(opened: Opened, text: str) -> None:
    """Type as a user does who then pauses."""
    QTest.keyClicks(opened.window.words, text)
    opened.until(lambda: not opened.window.words.is_pending)


def places(opened: Opened) -> list[str]:
    """Return what the places before this one are about."""
    return [
        "all" if query is None else " + ".join(part.label for part in query.parts) or "filtered"
        for _, query in opened.window.browser.trail(20)
    ]


def line(opened: Opened) -> str:
    labels = opened.window.query_bar.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "What was understood")


def kept(opened: Opened) -> str:
    labels = opened.window.query_bar.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "How many photos match")


def summary(opened: Opened) -> str:
    labels = opened.window.query_bar.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "Results")
