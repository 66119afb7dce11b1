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


@pytest.mark.parametrize(
    "text",
    ["\N{DOG FACE}\N{BEACH WITH UMBRELLA}", "כלב על החוף", "dog -dog", "-dog", "date:yesterday-ish", '"', "x" * 10_001],
)
def test_odd_texts_are_answered_or_explained(opened: Opened, text: str) -> None:
    browser, settled = opened.window.browser, []
    browser.results_shown.connect(lambda *_: settled.append("shown"))
    browser.failed.connect(lambda _: settled.append("failed"))
    opened.window.words.setText(text)
    QTest.keyClick(opened.window.words, Qt.Key.Key_Return)
    opened.until(lambda: settled)
    failed = settled == ["failed"]
    assert bool(opened.window.notices.text) == failed
    assert opened.ids() or opened.window.placeholder.isVisible()
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
