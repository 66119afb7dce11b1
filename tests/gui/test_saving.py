"""Saved searches come back: also when the library was built anew meanwhile, and its photos have other ids."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from photofind.core.saved import SavedSearch
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.saving import found_again
from tests.support.gallery import Gallery
from tests.support.windows import Opened

_UNKNOWN = 1 << 40


def _again(gallery: Gallery, *parts: QueryPart) -> tuple[QueryPart, ...]:
    with gallery.open() as library:
        return found_again(WindowQuery(parts), library).parts


def test_a_photo_is_known_by_its_path_when_its_id_is_not_or_means_another(gallery: Gallery) -> None:
    path, other = str(gallery.holidays / "03.jpg"), str(gallery.holidays / "04.jpg")
    right = QueryPart.of_photo(gallery.id_of(path), path, weight=-2.0)
    assert _again(gallery, right) == (right,)
    assert _again(gallery, replace(right, photo_id=_UNKNOWN)) == (right,)
    assert _again(gallery, replace(right, photo_id=gallery.id_of(other))) == (right,)


def test_a_photo_that_was_moved_keeps_its_id(gallery: Gallery) -> None:
    path = str(gallery.holidays / "03.jpg")
    moved = QueryPart.of_photo(gallery.id_of(path), "/nowhere/any more.jpg")
    assert _again(gallery, moved) == (QueryPart.of_photo(gallery.id_of(path), path),)


def test_a_file_that_the_library_does_not_have_is_searched_by_as_a_file(gallery: Gallery) -> None:
    other, probe = gallery.id_of(gallery.holidays / "03.jpg"), str(gallery.probe)
    for photo_id in (other, _UNKNOWN):
        assert _again(gallery, QueryPart.of_photo(photo_id, probe)) == (QueryPart.of_file(probe),)
    assert _again(gallery, QueryPart.of_photo(_UNKNOWN, "/no/where.jpg")) == (QueryPart.of_file("/no/where.jpg"),)


def test_the_rest_of_the_query_stays(gallery: Gallery) -> None:
    words, unnamed = QueryPart.of_words("dog", weight=2.0), QueryPart.of_photo(_UNKNOWN, None)
    assert _again(gallery, words, unnamed) == (words, unnamed)


def test_a_saved_search_finds_its_photo_in_a_library_that_was_built_anew(opened: Opened, gallery: Gallery) -> None:
    window, path = opened.window, str(gallery.holidays / "05.jpg")
    for photo_id in (_UNKNOWN, gallery.id_of(gallery.holidays / "06.jpg")):
        saved = SavedSearch("mine", WindowQuery((QueryPart.of_photo(photo_id, path),)).to_json())
        opened.search(partial(window.saved.run_requested.emit, saved))
        assert opened.ids()[0] == gallery.id_of(path)
        assert opened.chips() == ["05.jpg"]
        assert not window.notices.text
        window.browser.visit(None)


def test_of_two_searches_that_are_chosen_the_last_is_shown(opened: Opened, gallery: Gallery) -> None:
    paths = [str(gallery.holidays / name) for name in ("05.jpg", "06.jpg")]
    queries = [WindowQuery((QueryPart.of_photo(_UNKNOWN, path),)) for path in paths]

    def choose() -> None:
        for query in queries:
            opened.window.saved.run_requested.emit(SavedSearch("one", query.to_json()))

    opened.search(choose)
    assert opened.chips() == ["06.jpg"]
    assert opened.window.browser.trail(5) == [(-1, None)]
