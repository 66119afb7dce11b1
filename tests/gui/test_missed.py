"""What the fast search missed: checked behind the user's back, told beside the answer, and shown on the grid."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.core.errors import StorageError
from photofind.core.library import Library
from photofind.core.progress import Control
from photofind.core.queries import ExactCheck, Filters, Hit, Query, SearchResult
from photofind.core.records import PhotoId
from photofind.core.settings import Settings
from photofind.gui.answer_rows import AnswerRows
from photofind.gui.browser import MOST_RESULTS
from photofind.gui.outcome import LinkButton, Outcome
from photofind.gui.preferences import Preferences
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.searching import SearchLink
from tests.support.listed import LISTED, NLIST, make_listed
from tests.support.windows import WAIT_MS, Opened


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("missed") / "library"
    make_listed(place)
    return place


@pytest.fixture
def listed(qtbot: QtBot, library: Path, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library with inverted lists, whose searches look into one of them."""
    window = Opened(qtbot, library, Settings(), Preferences(tmp_path / "window.ini"))
    window.start(LISTED)
    window.window.speed.set_index(NLIST, 8)
    window.window.speed.choose(0)
    with qtbot.waitSignal(window.window.speed.changed, timeout=WAIT_MS):
        pass
    yield window
    window.close()


def outcome(opened: Opened) -> Outcome:
    return opened.window.query_bar.outcome


def checked(opened: Opened) -> ExactCheck:
    """Wait for what the check of the answer on the grid finds."""
    opened.until(lambda: opened.window.missed.check is not None)
    check = opened.window.missed.check
    assert check is not None
    return check


def marked(opened: Opened) -> list[int]:
    model = opened.window.model
    rows = model.missed(0, len(model.ids) - 1)
    return [photo_id for photo_id, missed in zip(opened.ids(), rows, strict=True) if missed]


def hit(number: int, score: float, *why: str) -> Hit:
    return Hit(PhotoId(number), f"/p/{number}.jpg", score, offline=False, why=why)


def find(opened: Opened, row: int = 0) -> ExactCheck:
    opened.search(lambda: opened.click(row))
    return checked(opened)


# Rows


def test_what_was_missed_stands_where_its_score_says() -> None:
    found = [hit(1, 1.0), hit(2, 0.8, "looks like: dog"), hit(3, 0.6)]
    rows = AnswerRows.of(found, [hit(9, 0.7), hit(8, 0.8, "colour: red"), hit(7, 0.1), hit(2, 0.8)], "missed")
    assert rows.ids.tolist() == [1, 2, 8, 9, 3, 7]
    assert rows.missed.tolist() == [False, False, True, True, False, True]
    assert rows.reasons == [(), ("looks like: dog",), ("colour: red", "missed"), ("missed",), (), ("missed",)]
    assert rows.scores.tolist() == pytest.approx([1.0, 0.8, 0.8, 0.7, 0.6, 0.1])


_SCORES = st.lists(st.integers(-4, 4).map(lambda score: score / 4), max_size=12)


@given(_SCORES, _SCORES)
def test_what_was_found_keeps_its_order_and_the_rest_is_sorted_in(found: list[float], missed: list[float]) -> None:
    ours = [hit(number, score) for number, score in enumerate(found)]
    others = [hit(100 + number, score) for number, score in enumerate(missed)]
    rows = AnswerRows.of(ours, others, "why")
    assert rows.ids[~rows.missed].tolist() == [each.photo_id for each in ours]
    assert sorted(rows.ids[rows.missed].tolist()) == [each.photo_id for each in others]
    if found == sorted(found, reverse=True):
        assert (np.diff(rows.scores) <= 0).all()


# The link


def test_a_check_is_answered_in_the_windows_thread(library: Path, qtbot: QtBot) -> None:
    link, answers = SearchLink(library, Settings()), []
    query = Query(photo_ids=(1,), limit=50, nprobe=1)
    with Library(library, Settings()) as opened:
        found = [each.photo_id for each in opened.search(query).hits]
        exact = [each.photo_id for each in opened.search(replace(query, exact=True)).hits]
    link.check(query, found, lambda check: answers.append((check, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    check, thread = answers[0]
    assert thread is threading.main_thread()
    assert check is not None
    assert {each.photo_id for each in check.missed} == set(exact) - set(found)
    assert link.close(WAIT_MS)


@pytest.mark.parametrize("how", ["search", "cancel", "cancel_check", "check", "close"])
def test_a_check_makes_room_for_what_is_asked_next(
    library: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def check_exactly(_: Library, query: Query, found: Collection[int], control: Control) -> ExactCheck | None:
        del found
        if query.limit == 1:
            return ExactCheck(1, (), 0.0)
        begun.set()
        while not control.stopping:
            control.wait_while_paused()
        stopped.set()
        return None

    monkeypatch.setattr(Library, "check_exactly", check_exactly)
    link = SearchLink(library, Settings())
    first: list[ExactCheck | None] = []
    second: list[ExactCheck | None] = []
    link.check(Query(photo_ids=(1,)), [], first.append)
    assert begun.wait(20)
    if how == "check":
        link.check(Query(photo_ids=(1,), limit=1), [], second.append)
        qtbot.waitUntil(lambda: bool(second), timeout=WAIT_MS)
    elif how == "search":
        with qtbot.waitSignal(link.found, timeout=WAIT_MS):
            link.search(Query(photo_ids=(1,)))
    elif how != "close":
        getattr(link, how)()
    else:
        assert link.close(WAIT_MS)
    assert stopped.wait(20)
    assert link.close(WAIT_MS)
    assert first == []


def test_a_check_that_fails_is_no_news(library: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageError("The disk refuses.")

    monkeypatch.setattr(Library, "check_exactly", fail)
    link = SearchLink(library, Settings())
    answers: list[ExactCheck | None] = []
    with qtbot.assertNotEmitted(link.failed), qtbot.assertNotEmitted(link.ask_failed):
        link.check(Query(photo_ids=(1,)), [], answers.append)
        qtbot.waitUntil(lambda: answers == [None], timeout=WAIT_MS)
    assert link.close(WAIT_MS)


# In the window


def test_what_was_missed_is_told_shown_and_hidden_again(listed: Opened) -> None:
    check = find(listed)
    missed = [each.photo_id for each in check.missed]
    assert missed
    assert outcome(listed).check == f"{len(missed)} missed · show"
    assert f"of the {check.nearest} best" in outcome(listed).link.toolTip()
    found, model = listed.ids(), listed.window.model
    assert not set(found) & set(missed)
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    assert sorted(listed.ids()) == sorted([*found, *missed])
    assert sorted(marked(listed)) == sorted(missed)
    assert model.scores is not None
    assert (np.diff(model.scores[1:]) <= 1e-6).all()
    row = model.row_of(missed[0])
    assert model.reasons(row) == ("missed by the fast search",)
    assert "missed by the fast search" in str(model.data(model.index_at(row), Qt.ItemDataRole.AccessibleTextRole))
    assert outcome(listed).check == f"{len(missed)} missed · hide"
    QTest.keyClick(outcome(listed).link, Qt.Key.Key_Space)
    assert listed.ids() == found
    assert marked(listed) == []
    assert outcome(listed).check == f"{len(missed)} missed · show"


def test_the_photos_that_are_marked_look_like_it(listed: Opened) -> None:
    check = find(listed)
    grid, model = listed.window.grid, listed.window.model
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    row = model.row_of(int(check.missed[0].photo_id))
    grid.bring_into_view(row)
    grid.clearSelection()
    marked_card = grid.viewport().grab(grid.card(row)).toImage()
    model.set_rows(model.ids, scores=model.scores)
    grid.bring_into_view(row)
    assert grid.viewport().grab(grid.card(row)).toImage() != marked_card


def test_the_place_and_the_selection_survive(listed: Opened) -> None:
    find(listed)
    grid = listed.window.grid
    grid.set_tile_size(300)
    ids = listed.ids()
    row = len(ids) // 2  # some of those that were missed come before it
    grid.set_current_id(ids[row])
    seen = grid.card(row).top()
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    assert grid.current_id() == ids[row]
    assert grid.selected_ids().tolist() == [ids[row]]
    assert listed.window.model.row_of(ids[row]) > row
    assert seen > 0


def test_the_first_that_was_missed_is_seen_however_far_down_it_lies(listed: Opened) -> None:
    grid, model = listed.window.grid, listed.window.model
    grid.set_tile_size(300)
    find(listed)
    found = [hit(photo_id, 1.0 - row / 1000) for row, photo_id in enumerate(listed.ids())]
    assert len(found) > 20
    result = SearchResult(found, 1, NLIST, exact=False, relevance=-1.0, elapsed_ms=1.0)
    lowest = hit(int(next(set(range(1, LISTED)).difference(listed.ids()).__iter__())), -1.0)
    listed.window.browser._answer = result
    listed.window.missed._check = ExactCheck(100, (lowest,), 1.0)
    assert grid.verticalOffset() == 0
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    first, last = grid.visible_rows()
    assert first <= model.row_of(lowest.photo_id) <= last


def test_an_answer_that_misses_nothing_says_so(listed: Opened) -> None:
    listed.window.speed.choose(listed.window.speed.positions.nearest(NLIST))
    check = find(listed)
    assert check.missed == ()
    assert outcome(listed).check == "none missed"
    assert outcome(listed).link.isHidden()


def test_a_check_says_how_many_photos_it_could_not_compare(listed: Opened) -> None:
    check = find(listed)
    for missed in (check.missed, ()):
        listed.window.missed._on_checked(replace(check, missed=missed, left_out=2))
        assert "2 photos could not be compared: their embeddings are damaged" in outcome(listed).link.toolTip()


def test_an_exact_answer_is_not_checked(listed: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Query] = []
    monkeypatch.setattr(listed.window.session.searching, "check", lambda query, *_: asked.append(query))
    listed.window.speed.set_exact(exact=True)
    with listed.qtbot.waitSignal(listed.window.browser.answered, timeout=WAIT_MS):
        listed.click(0)
    assert not listed.window.missed._quiet.isActive()
    assert outcome(listed).check == ""
    assert asked == []


def test_only_the_complete_answer_is_checked(listed: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Query, Sequence[int]]] = []
    monkeypatch.setattr(listed.window.session.searching, "check", lambda query, found, _: asked.append((query, found)))
    listed.search(lambda: listed.click(0))
    listed.until(lambda: asked)
    ((query, found),) = asked
    assert list(found) == listed.ids()
    assert query.limit == MOST_RESULTS
    assert query.nprobe == 1
    assert outcome(listed).check == "checking…"


def test_going_elsewhere_forgets_it_and_coming_back_finds_it_again(listed: Opened) -> None:
    first = find(listed)
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    with_missed = listed.ids()
    listed.search(lambda: listed.click(3))
    assert outcome(listed).check == ""
    assert marked(listed) == []
    checked(listed)
    listed.search(lambda: listed.do("back"))
    assert outcome(listed).check == ""
    assert len(listed.ids()) == len(with_missed) - len(first.missed)
    assert checked(listed).missed == first.missed
    assert outcome(listed).check == f"{len(first.missed)} missed · show"
    listed.do("home")
    listed.until(lambda: len(listed.ids()) == LISTED)
    assert outcome(listed).check == ""
    assert listed.window.missed.check is None
    listed.search(lambda: listed.do("forward") if listed.window.browser.can_go_forward else listed.do("back"))
    checked(listed)


def test_a_library_that_changes_is_asked_and_checked_again(listed: Opened) -> None:
    first = find(listed)
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    listed.search(lambda: listed.window.browser.refresh(settled=True))
    assert marked(listed) == []
    assert checked(listed).missed == first.missed


def test_the_slider_checks_anew(listed: Opened) -> None:
    few = find(listed)
    listed.search(lambda: listed.window.speed.choose(3))
    assert outcome(listed).check == ""
    assert 0 < len(checked(listed).missed) < len(few.missed)


def test_queries_with_words_are_checked(listed: Opened) -> None:
    photo = QueryPart.of_photo(listed.ids()[0], None)
    both = [photo, QueryPart.of_words("a red dog on the beach")]
    listed.search(lambda: listed.window.browser.visit(WindowQuery.of(both, Filters())))
    assert checked(listed).nearest == 100
    assert " of 100" not in listed.window.speed.toolTip()


def test_queries_with_filters_are_checked_within_them(listed: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    search = Library.search

    def careless(library: Library, query: Query) -> SearchResult:  # a small library is exact where there are filters
        result = search(library, replace(query, limit=query.limit + 2))
        return replace(result, hits=[*result.hits[:3], *result.hits[5:]], exact=False)

    monkeypatch.setattr(Library, "search", careless)
    photo, folder = QueryPart.of_photo(listed.ids()[0], None), "/made-up/00000500"
    listed.search(lambda: listed.window.browser.visit(WindowQuery.of([photo], Filters(folders=(folder,)))))
    missed = checked(listed).missed
    assert outcome(listed).check == "2 missed · show"
    assert all(each.path.startswith(folder) for each in missed)
    QTest.mouseClick(outcome(listed).link, Qt.MouseButton.LeftButton)
    assert listed.ids()[3:5] == [each.photo_id for each in missed]


def test_the_promise_is_for_queries_by_one_photo() -> None:
    photo = QueryPart.of_photo(1, None)
    assert WindowQuery((photo,)).is_one_photo
    assert WindowQuery((QueryPart.of_file("/p.jpg"),)).is_one_photo
    others = (
        WindowQuery((photo, QueryPart.of_photo(2, None))),
        WindowQuery((photo.weighted(-1.0),)),
        WindowQuery((QueryPart.of_words("dog"),)),
        WindowQuery((photo,), Filters(has_gps=True)),
        WindowQuery((photo,), expand=True),
        WindowQuery(()),
    )
    assert not any(query.is_one_photo for query in others)


# The end of the query bar


def test_a_narrow_bar_keeps_what_was_missed(qtbot: QtBot) -> None:
    widget = Outcome()
    qtbot.addWidget(widget)
    widget.say("41 photos look alike · approximate · 1.3 ms")
    widget.say_check("3 missed · show", tip="why", is_link=True)
    widget.show()
    wide = widget.sizeHint().width()
    for room, summary, link in ((wide, True, True), (wide - 1, False, True), (20, False, False)):
        widget.fit(room)
        assert (widget._summary.isVisible(), widget.link.isVisible()) == (summary, link), room
    widget.say_check("")
    widget.fit(wide)
    assert widget._summary.isVisible()
    assert widget.link.isHidden()


def test_the_link_has_the_colour_of_links(qtbot: QtBot) -> None:
    button = LinkButton()
    qtbot.addWidget(button)
    button.setText("3 missed · show")
    button.show()
    colour = button.palette().link().color()
    image = button.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert colour.name() in colours


def test_an_answer_of_few_photos_is_measured_by_the_hundred_nearest(listed: Opened) -> None:
    check = find(listed)
    assert len(listed.ids()) < 100  # one list holds no more
    assert check.nearest == 100
    assert len(check.missed) > 100 - len(listed.ids())
