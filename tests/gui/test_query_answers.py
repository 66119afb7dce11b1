"""Words, filters and weights in the window, answered by the real search."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from photofind.core.queries import Filters
from tests.support.asking import CTRL, kept, line, summary
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import Opened


def test_a_year_is_typed_and_found(opened: Opened, gallery: Gallery) -> None:
    opened.do("words")
    opened.search(lambda: QTest.keyClicks(opened.window.words, "2021"))
    assert {*opened.ids()} == {gallery.id_of(gallery.holidays / f"{number:02}.jpg") for number in range(12)}
    assert line(opened) == "Understood: 2021"


def test_things_are_typed_and_found_and_said(opened: Opened) -> None:
    opened.do("words")
    opened.search(lambda: QTest.keyClicks(opened.window.words, "cat"))
    assert line(opened) == "Understood: cat"
    opened.until(lambda: opened.window.grid.source.tile(opened.ids()[0]) is not None)
    tip = opened.window.model.data(opened.window.model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert str(tip).endswith("looks like: cat")
    opened.search(lambda: QTest.keyClicks(opened.window.words, " blorf"))
    assert line(opened) == "Understood: cat — Nothing known of “blorf”"
    opened.window.words.selectAll()
    opened.search(lambda: QTest.keyClicks(opened.window.words, "blorf"))
    assert opened.ids() == []
    assert opened.window.placeholder.text.startswith("photofind does not know “blorf”")


def _answered(opened: Opened, text: str) -> tuple[int, str, str]:
    """Return how many photos a text finds, what is said about it and what stands in the place of photos."""
    browser, settled = opened.window.browser, []
    browser.results_shown.connect(lambda *_: settled.append("shown"))
    browser.failed.connect(lambda _: settled.append("failed"))
    opened.window.words.setText(text)
    QTest.keyClick(opened.window.words, Qt.Key.Key_Return)
    opened.until(lambda: settled)
    failed, placeholder = settled == ["failed"], opened.window.placeholder
    assert bool(opened.window.notices.text) == failed
    said = opened.window.notices.text if failed else line(opened)
    return len(opened.ids()), said, placeholder.text.splitlines()[0] if placeholder.isVisible() else ""


@pytest.mark.parametrize(
    ("text", "photos", "said", "instead"),
    [
        ("\N{DOG FACE}\N{BEACH WITH UMBRELLA}", 0, "", "photofind does not know “\N{DOG FACE}\N{BEACH WITH UMBRELLA}”"),
        ("כלב על החוף", 0, "", "photofind does not know “כלב”, “על”, “החוף”"),
        ("dog -dog", PHOTOS, "Understood: dog · not dog", ""),
        ("-dog", PHOTOS, "Understood: not dog", ""),
        ("date:yesterday-ish", 0, "date:yesterday-ish is not a date; write ", "No photos found"),
        ('"', 0, "There is nothing to search for in this text; ", "No photos to show"),
        ("x" * 10_001, 0, "The text is longer than 10,000 characters; shorten it.", "No photos to show"),
    ],
)
def test_odd_texts_are_answered_or_explained(opened: Opened, text: str, photos: int, said: str, instead: str) -> None:
    found, sentence, placeholder = _answered(opened, text)
    assert (found, sentence[: len(said)] if said else sentence, placeholder) == (photos, said, instead)
    opened.do("home")
    opened.until(lambda: len(opened.ids()) == PHOTOS)


def test_filters_alone_list_photos_in_their_order_and_join_a_query(opened: Opened, gallery: Gallery) -> None:
    home = [photo_id for photo_id in gallery.ids() if photo_id not in _of_holidays(gallery)]
    opened.window.browser.set_filters(Filters(folders=(str(gallery.home),)))
    opened.until(lambda: opened.ids() == home)
    assert opened.window.model.days is not None
    opened.until(lambda: summary(opened) == f"10 of {PHOTOS} photos match the filters")
    opened.do("sort_reversed")
    opened.until(lambda: opened.ids() == home[::-1])
    opened.search(lambda: opened.click(0))
    assert sorted(opened.ids()) == sorted(home)
    opened.until(lambda: kept(opened) == f"10 of {PHOTOS} photos match the filters")
    opened.window.browser.set_filters(Filters(names=("no such name",)))
    opened.until(lambda: opened.ids() == [])
    opened.do("clear_query")
    opened.until(lambda: opened.window.placeholder.text.startswith("No photo matches the filters"))
    assert opened.window.placeholder.isVisible()


def test_a_folder_that_was_typed_and_holds_nothing_is_named(opened: Opened) -> None:
    opened.do("words")
    opened.search(lambda: QTest.keyClicks(opened.window.words, "folder:nowhere"))
    assert opened.ids() == []
    assert opened.window.placeholder.text.startswith("No photo matches the words")
    assert "nowhere" in opened.window.placeholder.text


def test_less_like_this_moves_a_photo_to_the_end(opened: Opened) -> None:
    opened.search(lambda: opened.click(3))
    first, other = opened.ids()[0], opened.ids()[12]
    opened.click(12, CTRL)
    opened.search(lambda: opened.do("less_like"))
    assert opened.ids()[0] == first
    assert opened.ids().index(other) > 12
    alike = {*opened.ids()[:6]}
    opened.search(lambda: opened.do("expand"))
    assert {*opened.ids()[:6]} == alike


def _of_holidays(gallery: Gallery) -> set[int]:
    return {gallery.id_of(path) for path in gallery.holidays.iterdir()}
