"""Back and forward over queries."""

from __future__ import annotations

from photofind.gui.history import History
from photofind.gui.query import QueryPart, WindowQuery

CAT = WindowQuery((QueryPart.of_photo(1, "/p/cat.jpg"),))
DOG = WindowQuery((QueryPart.of_photo(2, "/p/dog.jpg"),))
COW = WindowQuery((QueryPart.of_photo(3, "/p/cow.jpg"),))


def walked(*queries: WindowQuery | None) -> History[str]:
    history: History[str] = History()
    for query in queries:
        history.visit(query)
    return history


def test_it_starts_at_all_photos_with_nowhere_to_go() -> None:
    history = walked()
    assert history.current.query is None
    assert not history.can_go_back
    assert not history.can_go_forward
    assert history.go(-1) is None
    assert history.go(1) is None


def test_back_and_forward() -> None:
    history = walked(CAT, DOG)
    assert [history.current.query, history.can_go_back, history.can_go_forward] == [DOG, True, False]
    history.go(-1)
    assert [history.current.query, history.can_go_back, history.can_go_forward] == [CAT, True, True]
    history.go(-1)
    assert history.current.query is None
    history.go(2)
    assert history.current.query == DOG


def test_each_place_keeps_how_it_was_left() -> None:
    history = walked()
    history.leave("scrolled to 2019")
    history.visit(CAT)
    history.leave("third row")
    place = history.go(-1)
    assert place is not None
    assert place.state == "scrolled to 2019"
    place = history.go(1)
    assert place is not None
    assert place.state == "third row"


def test_a_new_query_cuts_off_what_lay_ahead() -> None:
    history = walked(CAT, DOG)
    history.go(-1)
    history.visit(COW)
    assert not history.can_go_forward
    history.go(-1)
    assert history.current.query == CAT


def test_the_current_query_again_is_no_new_place() -> None:
    history = walked(CAT)
    assert not history.visit(CAT)
    history.go(-1)
    assert history.current.query is None


def test_the_trail_tells_the_way_back() -> None:
    history = walked(CAT, DOG, COW)
    assert [(distance, place.query) for distance, place in history.trail(2)] == [(-2, CAT), (-1, DOG)]
    assert len(history.trail(99)) == 3


def test_steps_on_the_way_leave_one_place() -> None:
    history = walked(CAT)
    history.leave("third row")
    history.visit(DOG)
    assert history.amend(COW) is None
    assert history.amend(COW) is None
    assert history.current.query == COW
    assert len(history.trail(99)) == 2
    back = history.amend(CAT)  # as if the user had never gone from there
    assert back is not None
    assert back.state == "third row"
    assert not history.can_go_forward
    assert len(history.trail(99)) == 1


def test_a_step_on_the_way_cuts_off_what_lay_ahead() -> None:
    history = walked(CAT, DOG)
    history.go(-1)
    history.amend(COW)
    assert not history.can_go_forward
    assert history.current.query == COW


def test_a_long_session_forgets_its_oldest_places() -> None:
    history: History[str] = History()
    for number in range(1000):
        history.visit(WindowQuery((QueryPart.of_photo(number, None),)))
    assert len(history.trail(10_000)) < 500
    assert history.current.query == WindowQuery((QueryPart.of_photo(999, None),))


def test_parts_of_a_query_come_once_and_can_be_taken_out() -> None:
    one, two = QueryPart.of_photo(1, None), QueryPart.of_file("/p/x.jpg")
    query = WindowQuery.of([one, two, one])
    assert query is not None
    assert query.parts == (one, two)
    rest = query.without(one)
    assert rest is not None
    assert rest.parts == (two,)
    assert rest.without(two) is None
    assert WindowQuery.of([]) is None
