"""Composing a query in the window: words, more and less like this, chips, drops, and what is said about the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from photofind.core.queries import Filters
from photofind.gui.grid.dragging import PHOTO_IDS_MIME
from photofind.gui.preferences import Preferences
from photofind.gui.query import QueryPart, WindowQuery
from tests.support.asking import CTRL, RESULT, Answered, kept, line, places, summary, type_words
from tests.support.gallery import PHOTOS, Gallery
from tests.support.windows import Opened, drop_on


@pytest.fixture
def answered(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Answered:
    return Answered(opened, monkeypatch)


# Words


@pytest.mark.parametrize("key", ["/", "find"])
def test_a_key_leads_to_the_field(opened: Opened, key: str) -> None:
    window = opened.window
    assert window.words.isVisible()
    window.grid.setFocus()
    if key == "/":
        QTest.keyClicks(window.grid, "/")
    else:
        opened.do("words")
    assert window.words.hasFocus()
    assert window.words.text() == ""
    QTest.keyClicks(window.words, "24/12")  # there it is text
    assert window.words.text() == "24/12"
    window.words.cancel_pending()
    QTest.keyClick(window.words, Qt.Key.Key_Escape)
    assert window.grid.hasFocus()
    assert window.browser.query is None


def test_typing_searches_and_keeps_one_place_of_the_history(opened: Opened, answered: Answered) -> None:
    window = opened.window
    opened.do("words")
    type_words(opened, "dog")
    type_words(opened, " on a")
    type_words(opened, " beach")
    assert answered.words == [("dog",), ("dog on a",), ("dog on a beach",)]
    assert places(opened) == ["all"]
    assert opened.chips() == ["dog on a beach"]
    assert window.words.hasFocus()
    QTest.keyClick(window.words, Qt.Key.Key_Return)
    type_words(opened, "!")
    assert places(opened) == ["all", "dog on a beach"]
    opened.do("back")
    assert window.words.text() == "dog on a beach"
    opened.do("back")
    assert window.words.text() == ""
    opened.until(lambda: len(opened.ids()) == PHOTOS)


def test_what_was_typed_and_erased_was_never_there(opened: Opened, answered: Answered) -> None:
    window = opened.window
    window.grid.set_tile_size(300)
    window.grid.verticalScrollBar().setValue(window.grid.verticalScrollBar().maximum())
    place = window.grid.verticalOffset()
    opened.do("words")
    type_words(opened, "do")
    assert len(opened.ids()) == len(answered.hits)
    window.words.selectAll()
    QTest.keyClick(window.words, Qt.Key.Key_Delete)
    opened.until(lambda: len(opened.ids()) == PHOTOS)
    assert window.browser.query is None
    assert not window.browser.can_go_back
    assert window.grid.verticalOffset() == place
    assert window.words.hasFocus()


def test_words_join_the_photo_and_leave_it_alone(opened: Opened, answered: Answered) -> None:
    opened.click(3)
    photo = opened.chips()[0]
    opened.do("words")
    type_words(opened, "at night")
    assert opened.chips() == [photo, "at night"]
    opened.window.words.clear()
    opened.window.words.textEdited.emit("")  # as the button for it does
    assert opened.chips() == [photo]
    assert answered.queries[-1].words == ()


def test_a_click_on_a_photo_begins_anew_and_empties_the_field(opened: Opened, answered: Answered) -> None:
    opened.do("words")
    type_words(opened, "dog")
    opened.click(2)
    assert len(opened.chips()) == 1
    assert opened.window.words.text() == ""
    assert answered.queries[-1].words == ()
    assert places(opened) == ["all", "dog"]
    opened.do("back")
    assert opened.window.words.text() == "dog"


def test_going_away_forgets_what_was_not_searched_for_yet(opened: Opened, answered: Answered) -> None:
    opened.do("words")
    type_words(opened, "dog")
    QTest.keyClicks(opened.window.words, "s")
    opened.do("home")
    assert opened.window.words.text() == ""
    assert not opened.window.words.is_pending
    assert answered.words == [("dog",)]


def test_typing_from_the_preview_shows_the_answer(opened: Opened, answered: Answered) -> None:
    window = opened.window
    window.show_preview(opened.ids()[0])
    QTest.keyClicks(window.preview, "/")
    type_words(opened, "dog")
    assert window.pages.currentWidget() is window.grid_page
    assert window.words.hasFocus()
    assert answered.words == [("dog",)]


def test_negated_words_stay_when_others_are_typed(opened: Opened, answered: Answered) -> None:
    opened.do("words")
    type_words(opened, "people")
    chip = opened.window.query_bar.chips[0]
    chip.replaced.emit(chip.part, chip.part.weighted(-1.0))
    assert opened.window.words.text() == ""
    type_words(opened, "beach")
    assert opened.chips() == ["people", "beach"]
    assert answered.queries[-1].words == ("beach",)
    assert [term.weight for term in answered.queries[-1].others] == [-1.0]


# More and less


def test_more_and_less_like_this_add_to_the_query(opened: Opened, answered: Answered) -> None:
    actions = opened.window.action_set
    opened.click(1, CTRL)
    assert not actions["less_like"].isEnabled()
    opened.do("more_like")
    assert len(answered.queries[-1].photo_ids) == 1
    opened.click(2, CTRL)
    chosen = opened.window.grid.selected_ids().tolist()
    opened.do("less_like")
    assert [(term.of, term.weight) for term in answered.queries[-1].others] == [(chosen[0], -1.0)]
    assert len(opened.chips()) == 2
    assert opened.window.query_bar.chips[1].accessibleName().startswith("Query: not")
    opened.click(2, CTRL)
    opened.do("more_like")  # the same photo: it changes sides
    assert len(opened.chips()) == 2
    assert answered.queries[-1].others == ()


def test_more_of_the_same_belongs_to_the_query(opened: Opened, answered: Answered) -> None:
    expand = opened.window.action_set["expand"]
    assert not expand.isEnabled()
    opened.click(1)
    opened.do("expand")
    assert answered.queries[-1].expand
    assert expand.isChecked()
    opened.do("back")
    assert not expand.isChecked()
    assert not answered.queries[-1].expand
    opened.do("forward")
    assert expand.isChecked()
    opened.click(2)
    assert not expand.isChecked()


# Chips


def test_the_keyboard_works_on_the_chips(opened: Opened, answered: Answered) -> None:
    bar = opened.window.query_bar
    opened.click(1, CTRL)
    opened.click(4, CTRL)
    opened.do("find_similar")
    first, second = opened.chips()
    bar.chips[0].setFocus()
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Minus)
    assert bar.chips[0].hasFocus()
    assert bar.chips[0].part.weight == -1.0
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Right, CTRL)
    assert opened.chips() == [second, first]
    assert bar.chips[1].hasFocus()
    QTest.keyClick(bar.chips[1], Qt.Key.Key_Delete)
    assert opened.chips() == [second]
    assert bar.chips[0].hasFocus()
    QTest.keyClick(bar.chips[0], Qt.Key.Key_Backspace)
    opened.until(lambda: len(opened.ids()) == PHOTOS)
    assert opened.window.grid.hasFocus()
    assert len(answered.queries) == 4


@pytest.mark.usefixtures("answered")
def test_the_tab_key_goes_from_the_field_through_the_query(opened: Opened) -> None:
    window = opened.window
    opened.click(1)
    QTest.keyClicks(window.grid, "/")
    seen = []
    for _ in range(5):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    chip = window.query_bar.chips[0]
    assert seen[0] == window.words.accessibleName()
    assert seen[2:4] == ["Back to All photos", chip.accessibleName()]
    assert seen[4].startswith("Take ")


def test_photos_and_files_dropped_on_the_bar_or_the_field_join_the_query(
    opened: Opened, answered: Answered, gallery: Gallery
) -> None:
    opened.click(1)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/p/x.jpg")])
    mime.setData(PHOTO_IDS_MIME, np.array(opened.ids()[2:4], "<i8").tobytes())
    assert drop_on(opened.window.query_bar, mime)
    assert len(answered.queries[-1].photo_ids) == 3
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(gallery.probe))])
    assert drop_on(opened.window.words, mime)
    assert opened.chips()[3:] == ["probe.jpg"]
    assert opened.window.words.text() == ""
    opened.drop(mime)  # on the window: a new query
    assert opened.chips() == ["probe.jpg"]


def test_a_picture_of_the_web_joins_the_query_that_it_was_dropped_on(
    opened: Opened, answered: Answered, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetcher, notices = opened.window.intake._fetcher, opened.window.notices
    data = gallery.probe.read_bytes()
    monkeypatch.setattr(fetcher, "fetch", lambda address: fetcher.fetched.emit(address, data))
    opened.click(1)
    mime = QMimeData()
    mime.setUrls([QUrl("https://pictures.example/x.jpg")])
    assert drop_on(opened.window.query_bar, mime)
    assert len(answered.queries) == 1
    button = next(b for b in notices.findChildren(QAbstractButton) if b.text() == "Download")
    button.click()
    assert len(opened.chips()) == 2
    assert opened.chips()[1] == "x.jpg"


# Filters


def test_filters_stay_until_they_are_taken_away_or_all_photos_are_wanted(
    opened: Opened, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Filters | None] = []
    listing = opened.window.session.listing
    monkeypatch.setattr(listing, "load", lambda *_, filters=None, **__: asked.append(filters))
    browser, filters = opened.window.browser, Filters(has_gps=True)
    browser.set_filters(filters)
    assert browser.is_listing
    assert browser.filters == filters
    opened.click(1)
    assert answered.queries[-1].filters == filters
    opened.do("clear_query")
    assert (browser.is_listing, browser.filters) == (True, filters)
    opened.do("sort_name")
    assert browser.filters == filters
    browser.set_filters(Filters())
    assert browser.query is None
    assert asked[0] == filters
    assert not asked[-1]
    browser.set_filters(filters)
    opened.do("home")
    assert browser.query is None
    browser.go(-1)
    assert browser.filters == filters


# What is said


def test_the_window_says_what_it_understood_and_why_a_photo_is_here(opened: Opened, answered: Answered) -> None:
    answered.result = replace(RESULT, understood="dog · beach", matching=12)
    opened.until(lambda: opened.window.grid.source.tile(opened.ids()[0]) is not None)
    opened.do("words")
    type_words(opened, "dog on a beach")
    assert line(opened) == "Understood: dog · beach"
    opened.until(lambda: kept(opened) == f"12 of {PHOTOS} photos match the filters")
    assert summary(opened) == "Best matches first · exact · 1.0 ms"
    tip = opened.window.model.data(opened.window.model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert isinstance(tip, str)
    assert tip.endswith("\n0.90 · dog · folder: home")
    spoken = opened.window.model.data(opened.window.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert "folder: home" in str(spoken)
    opened.window.show_preview(opened.ids()[0])
    rows = opened.window.preview.details
    opened.until(lambda: ("Found by", "dog · folder: home") in [(row.name, row.text) for row in rows.rows])
    opened.do("home")
    assert line(opened) == kept(opened) == ""


def test_words_that_mean_nothing_get_a_friendly_page_and_no_photos(opened: Opened, answered: Answered) -> None:
    answered.result = replace(RESULT, unknown=("blorf",))
    opened.do("words")
    type_words(opened, "blorf")
    placeholder = opened.window.placeholder
    assert placeholder.isVisible()
    assert placeholder.text.startswith("photofind does not know “blorf”")
    assert "drop a picture" in placeholder.text
    assert opened.ids() == []
    opened.do("home")
    opened.until(lambda: len(opened.ids()) == PHOTOS)
    assert not placeholder.isVisible()


def test_the_notice_of_a_query_that_failed_ends_with_the_next_answer(opened: Opened, answered: Answered) -> None:
    notices = opened.window.notices
    opened.do("words")
    type_words(opened, "dog")
    for sentence in ("No such thing.", "No such thing.", "Nor this."):
        opened.window.session.searching.failed.emit(0, sentence)
    assert notices.count == 1
    assert notices.text == "Nor this."
    type_words(opened, "s")
    assert notices.count == 0
    assert len(answered.queries) == 2


def test_a_stored_query_is_asked_again(opened: Opened, answered: Answered) -> None:
    query = WindowQuery.of(
        [QueryPart.of_words("dog", weight=2.0), QueryPart.of_photo(opened.ids()[0], None, weight=-1.0)], expand=True
    )
    assert query is not None
    opened.window.browser.visit(WindowQuery.from_json(query.to_json()))
    assert [term.weight for term in answered.queries[-1].others] == [2.0, -1.0]
    assert answered.queries[-1].expand
    assert opened.window.words.text() == "dog"
    QApplication.processEvents()


def test_typing_while_there_is_no_library_yet_leads_back_to_the_invitation(
    qtbot: QtBot, gallery: Gallery, tmp_path: Path
) -> None:
    unmade = Opened(qtbot, tmp_path / "later", gallery.settings, Preferences(tmp_path / "window.ini"))
    window = unmade.window
    window.start_reading()
    with qtbot.waitActive(window):
        window.activateWindow()
    assert window.pages.currentWidget() is window.empty_state
    unmade.do("words")
    type_words(unmade, "dog")
    assert window.pages.currentWidget() is window.grid_page
    assert window.words.hasFocus()
    window.words.selectAll()
    QTest.keyClick(window.words, Qt.Key.Key_Backspace)
    assert window.pages.currentWidget() is window.empty_state
    assert window.words.hasFocus()
    QTest.keyClick(window.words, Qt.Key.Key_Escape)
    assert not window.words.hasFocus()
    unmade.close()
