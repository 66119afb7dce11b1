"""Queries of the window: what they are made of, how they change, and how they are stored."""

from __future__ import annotations

import datetime
import json
import math
import os

import pytest

from photofind.core.queries import Filters, Orientation, Region, Term, Words
from photofind.gui.query import QueryPart, WindowQuery

CAT = QueryPart.of_photo(1, "/p/cat.jpg")
DOG = QueryPart.of_file("/p/dog.jpg")
PART = QueryPart.of_region(Region("/p/cow.jpg", 0.0, 0.25, 0.5, 1.0))
NIGHT = QueryPart.of_words("at night")
FILTERS = Filters(
    folders=("/photos/kyoto",),
    names=("img_*",),
    since=datetime.date(2019, 1, 2),
    orientation=Orientation.PORTRAIT,
    min_megapixels=2.0,
    has_gps=False,
)


def made(*parts: QueryPart, filters: Filters | None = None, expand: bool = False) -> WindowQuery:
    query = WindowQuery.of(parts, filters, expand=expand)
    assert query is not None
    return query


def labels(query: WindowQuery | None) -> list[tuple[str, float]]:
    return [(part.label, part.weight) for part in query.parts] if query is not None else []


# Parts


def test_the_same_thing_is_there_once_with_its_last_weight() -> None:
    query = made(CAT, NIGHT, CAT.weighted(-1.0), QueryPart.of_words("at night", weight=2.0))
    assert labels(query) == [("cat.jpg", -1.0), ("at night", 2.0)]


def test_a_file_a_region_of_it_and_words_that_read_like_it_are_three_things() -> None:
    whole = QueryPart.of_file("/p/cow.jpg")
    assert len(made(whole, PART, QueryPart.of_words("/p/cow.jpg")).parts) == 3


def test_nothing_asked_for_is_no_query_but_filters_are_one() -> None:
    assert WindowQuery.of([]) is None
    assert WindowQuery.of([], Filters()) is None
    listing = WindowQuery.of([], FILTERS, expand=True)
    assert listing is not None
    assert listing.is_listing
    assert not listing.expand


def test_changes_keep_filters_order_and_expansion() -> None:
    query = made(CAT, DOG, NIGHT, filters=FILTERS, expand=True)
    for changed in (
        query.without(DOG),
        query.adding([PART]),
        query.changing(DOG, DOG.weighted(3.0)),
        query.moving(NIGHT, 0),
    ):
        assert changed is not None
        assert changed.filters == FILTERS
        assert changed.expand
    assert labels(query.changing(DOG, DOG.weighted(3.0))) == [("cat.jpg", 1.0), ("dog.jpg", 3.0), ("at night", 1.0)]
    assert labels(query.moving(CAT, 2)) == [("dog.jpg", 1.0), ("at night", 1.0), ("cat.jpg", 1.0)]
    assert query.moving(PART, 0) == query
    last = query.without(CAT), query.without(CAT)
    assert last[0] is not None
    rest = last[0].without(DOG)
    assert rest is not None
    listing = rest.without(NIGHT)
    assert listing is not None
    assert listing.is_listing  # its filters go on


def test_typing_changes_the_words_and_nothing_else() -> None:
    query = made(CAT, NIGHT.weighted(2.0), DOG)
    assert labels(query.typing("by day")) == [("cat.jpg", 1.0), ("by day", 2.0), ("dog.jpg", 1.0)]
    assert labels(query.typing("")) == [("cat.jpg", 1.0), ("dog.jpg", 1.0)]
    assert labels(made(CAT).typing("snow")) == [("cat.jpg", 1.0), ("snow", 1.0)]
    assert made(CAT).typing("") == made(CAT)
    assert made(NIGHT).typing("") is None


def test_words_that_are_turned_around_are_not_typed_over() -> None:
    query = made(NIGHT.weighted(-1.0))
    assert query.typed is None
    assert labels(query.typing("snow")) == [("at night", -1.0), ("snow", 1.0)]


def test_a_photo_gets_its_name_and_keeps_its_weight() -> None:
    query = made(QueryPart.of_photo(1, None, weight=-2.0), NIGHT, filters=FILTERS)
    named = query.named({1: "/p/cat.jpg"})
    assert labels(named) == [("cat.jpg", -2.0), ("at night", 1.0)]
    assert named.filters == FILTERS


def test_the_core_gets_plain_parts_and_weighted_terms() -> None:
    query = made(CAT, DOG, PART, NIGHT, CAT.weighted(1.0), filters=FILTERS, expand=True)
    core = query.to_core(limit=7, nprobe=3, exact=False)
    core.check()
    assert (core.photo_ids, core.images, core.words) == ((1,), ("/p/dog.jpg",), ("at night",))
    assert (core.regions, core.others) == ((PART.region,), ())
    assert (core.filters, core.expand, core.limit, core.nprobe) == (FILTERS, True, 7, 3)
    weighted = made(CAT.weighted(-1.0), DOG.weighted(2.0), PART.weighted(-3.0), NIGHT.weighted(0.5))
    core = weighted.to_core(limit=7, nprobe=None, exact=True)
    core.check()
    assert core.others == (
        Term(1, -1.0),
        Term("/p/dog.jpg", 2.0),
        Term(Region("/p/cow.jpg", 0.0, 0.25, 0.5, 1.0), -3.0),
        Term(Words("at night"), 0.5),
    )
    assert (core.photo_ids, core.images, core.regions, core.words) == ((), (), (), ())


# Storing

ODD = QueryPart.of_file(os.fsdecode(b"/p/caf\xe9.jpg"), weight=-0.5)


@pytest.mark.parametrize(
    "query",
    [
        made(CAT),
        made(CAT.weighted(-1.0), DOG, PART, NIGHT, ODD, filters=FILTERS, expand=True),
        made(QueryPart.of_photo(5, None)),
        made(QueryPart.of_file("/tmp/x.png", "Picture")),
        made(QueryPart.of_words("日本 🌸 ‏שלום‏")),
        made(filters=Filters(until=datetime.date(2020, 2, 29), has_gps=True, max_megapixels=8)),
    ],
)
def test_a_query_survives_being_stored(query: WindowQuery) -> None:
    assert WindowQuery.from_json(json.loads(json.dumps(query.to_json()))) == query


def test_filters_that_restrict_nothing_are_not_stored() -> None:
    assert made(CAT).to_json() == {
        "parts": [{"label": "cat.jpg", "photo": 1, "path": "/p/cat.jpg"}],
        "filters": {},
        "expand": False,
    }


@pytest.mark.parametrize(
    "junk",
    [
        None,
        [],
        "dog",
        {},
        {"parts": []},
        {"parts": "dog"},
        {"parts": [None]},
        {"parts": [{}]},
        {"parts": [{"label": "x"}]},
        {"parts": [{"words": ""}]},
        {"parts": [{"words": "  "}]},
        {"parts": [{"words": 5}]},
        {"parts": [{"words": "x" * 10_001}]},
        {"parts": [{"words": str(number)} for number in range(101)]},
        {"parts": [{"words": "dog"}] * 1001},
        {"parts": [{"words": "dog", "weight": 0}]},
        {"parts": [{"words": "dog", "weight": 11}]},
        {"parts": [{"words": "dog", "weight": True}]},
        {"parts": [{"words": "dog", "weight": math.nan}]},
        {"parts": [{"words": "dog", "weight": "2"}]},
        {"parts": [{"photo": -1}]},
        {"parts": [{"photo": True}]},
        {"parts": [{"photo": 1 << 70}]},
        {"parts": [{"photo": "1", "path": "/p/x.jpg"}]},
        {"parts": [{"path": ["/p/x.jpg"]}]},
        {"parts": [{"path": "/p/x.jpg", "region": [0, 0, 1]}]},
        {"parts": [{"path": "/p/x.jpg", "region": [0, 0, 0, 1]}]},
        {"parts": [{"path": "/p/x.jpg", "region": [0, "a", 1, 1]}]},
        {"parts": [{"path": "/p/x.jpg", "region": {"left": 0}}]},
        {"parts": [{"words": "dog"}], "expand": 1},
        {"parts": [{"words": "dog"}], "filters": []},
        {"filters": {"since": "yesterday"}},
        {"filters": {"since": 2019}},
        {"filters": {"orientation": "upside down"}},
        {"filters": {"folders": "/p"}},
        {"filters": {"folders": [1]}},
        {"filters": {"has_gps": "yes"}},
        {"filters": {"min_megapixels": math.inf}},
        {"filters": {"min_megapixels": 10**400}},
        {"filters": {"colour": "red"}},
    ],
)
def test_junk_is_refused_with_a_sentence(junk: object) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        WindowQuery.from_json(junk)
