"""A search inside filters returns what a comparison with every photo that they keep returns, however few these are."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from photofind.core.catalog import Catalog
from photofind.core.errors import QueryError
from photofind.core.queries import Filters, Orientation, Query, SearchResult
from photofind.core.search import Searcher
from photofind.core.vectors import snapshot
from tests.search.conftest import LIMITS, no_encoder
from tests.support.described import TOP, Described, best, described, keeps, put_described
from tests.support.handmade import Handmade

COUNT, COPIES = 1_500, 150
KYOTO = os.path.join(TOP, "Kyoto")


@dataclass(frozen=True)
class Place:
    """A library of described photos, sealed but for the last few, and what should be in it."""

    photos: list[Described]
    ids: dict[str, int]
    searcher: Searcher

    def search(self, asked: Described, filters: Filters, limit: int = 20, *, exact: bool = False) -> SearchResult:
        query = Query(photo_ids=(self.ids[asked.path],), filters=filters, limit=limit, exact=exact)
        return self.searcher.search(query)

    def check(self, asked: Described, filters: Filters, limit: int = 20, *, exact: bool = False) -> SearchResult:
        """Compare a result with brute force; photos of equal score may change places."""
        expected = best(self.photos, filters, asked.embedding)
        result = self.search(asked, filters, limit, exact=exact)
        assert result.matching == (len(expected) if filters else None)
        assert [hit.score for hit in result.hits] == pytest.approx([s for s, _ in expected[:limit]], abs=1e-5)
        scores = {path: score for score, path in expected}
        assert [scores[hit.path] for hit in result.hits] == pytest.approx([h.score for h in result.hits], abs=1e-5)
        assert len({hit.path for hit in result.hits}) == len(result.hits) == min(limit, len(expected))
        return result


@contextmanager
def _searcher(library: Path) -> Iterator[Searcher]:
    with (
        Catalog.open_reader(library / "library.db") as reader,
        closing(Searcher(library, reader, no_encoder, LIMITS)) as searcher,
    ):
        yield searcher


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    library = Handmade(tmp_path_factory.mktemp("filtered") / "library")
    photos = described(COUNT, COPIES)
    ids = put_described(library, photos[:1_400])
    library.upkeep.run()
    assert library.state().segments
    ids |= put_described(library, photos[1_400:])  # these stay in the delta
    library.close()
    with _searcher(library.folder) as searcher:
        yield Place(photos, ids, searcher)


@pytest.fixture(params=[20_000, 40], ids=["all are compared", "lists are probed"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The largest selection that is compared one by one; below it, the lists are asked."""
    monkeypatch.setattr(snapshot, "_FEW", request.param)
    few: int = request.param
    return few


days = st.none() | st.dates(datetime.date(2014, 12, 1), datetime.date(2020, 2, 1))


def some(*texts: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(texts), max_size=2).map(tuple)


filters = st.builds(
    Filters,
    folders=some(TOP, KYOTO, os.path.join(KYOTO, "food"), os.path.join(TOP, "Oslo", "3"), "/elsewhere"),
    names=some("img", "HOLIDAY", "img_*7.jpg", "_0012?"),
    within=some("kyoto", "home", "FOOD"),
    cameras=some("canon", "d90", "n"),
    formats=some("jpg", "png", "heic", "raw"),
    since=days,
    until=days,
    orientation=st.none() | st.sampled_from(Orientation),
    min_megapixels=st.none() | st.sampled_from([0.5, 12.0]),
    max_megapixels=st.none() | st.just(1.0),
    has_gps=st.none() | st.booleans(),
)


@given(filters=filters, asked=st.integers(0, COUNT - 1), limit=st.sampled_from([1, 20, 2_000]), exact=st.booleans())
@example(filters=Filters(), asked=3, limit=50, exact=False)
@example(filters=Filters(folders=(TOP,)), asked=1_450, limit=50, exact=False)
@settings(max_examples=60, deadline=None)
def test_any_filter_returns_what_brute_force_returns(
    filters: Filters, asked: int, limit: int, exact: bool, place: Place
) -> None:
    result = place.check(place.photos[asked], filters, limit, exact=exact)
    assert result.exact or not filters, "so few are always compared one by one"


@pytest.mark.parametrize("share", [1.0, 0.1, 0.01, 3])
@pytest.mark.parametrize("exact", [False, True])
def test_however_little_a_filter_keeps(share: float, exact: bool, few: int, place: Place) -> None:
    """By names and dates, which have nothing to do with what the photos look like."""
    third = sorted(photo.facts.taken_at or "" for photo in place.photos)[2]
    some_filters = {
        1.0: Filters(folders=(TOP,)),
        0.1: Filters(names=("5.jpg",)),
        0.01: Filters(names=("55.jpg",)),
        3: Filters(until=datetime.date.fromisoformat(third[:10])),
    }
    asked = some_filters[share]
    kept = [photo for photo in place.photos if keeps(asked, photo)]
    assert len(kept) == 3 if share == 3 else len(kept) == pytest.approx(share * COUNT, rel=0.01)
    for photo in place.photos[:: COUNT // 6]:
        result = place.check(photo, asked, 50, exact=exact)
        assert result.exact == (exact or len({photo.content for photo in kept}) <= few)


def test_the_least_alike_photos_are_found_too(few: int, place: Place) -> None:
    """A filter that keeps only what lies far from the query in the index."""
    del few
    asked = place.photos[0]
    distant = min(place.photos, key=lambda photo: float(photo.embedding @ asked.embedding))
    result = place.check(asked, Filters(names=(distant.name,)))
    assert [hit.path for hit in result.hits] == [distant.path]
    assert result.hits[0].score < 0


def test_copies_outside_the_filter_are_not_shown(few: int, place: Place) -> None:
    del few
    copy = next(photo for photo in place.photos[::-1] if len(_twins(place, photo)) == 1)
    twin = _twins(place, copy)[0]
    filters = Filters(names=(copy.name,))
    for asked in (copy, twin):
        result = place.check(asked, filters)
        assert [hit.path for hit in result.hits] == [copy.path]
        assert result.hits[0].score == pytest.approx(1, abs=1e-3)
    both = place.search(twin, Filters(), 2)
    assert {hit.path for hit in both.hits} == {copy.path, twin.path}


def _twins(place: Place, photo: Described) -> list[Described]:
    return [other for other in place.photos if other.content == photo.content and other.path != photo.path]


def test_the_query_photo_itself_must_pass(place: Place) -> None:
    asked = next(photo for photo in place.photos if photo.facts.camera == "NIKON D90")
    hits = place.check(asked, Filters(cameras=("canon",))).hits
    assert asked.path not in [hit.path for hit in hits]
    query = Query(photo_ids=(place.ids[asked.path],), filters=Filters(cameras=("nikon",)), exclude_query=True, limit=9)
    assert len(hits := place.searcher.search(query).hits) == 9
    assert asked.path not in [hit.path for hit in hits]


@pytest.mark.parametrize(
    "filters",
    [Filters(folders=("/elsewhere",)), Filters(since=datetime.date(2030, 1, 1)), Filters(cameras=("no such",))],
)
def test_a_filter_that_keeps_nothing(filters: Filters, place: Place) -> None:
    for query in (Query(filters=filters), Query(photo_ids=(1,), filters=filters)):
        result = place.searcher.search(query)
        assert (result.hits, result.matching, result.exact) == ([], 0, True)


# Filters alone, and filters in words


def _dates(place: Place, result: SearchResult) -> list[str]:
    taken = {photo.path: photo.facts.taken_at or "" for photo in place.photos}
    return [taken[hit.path] for hit in result.hits]


def test_filters_alone_list_the_newest_first(place: Place) -> None:
    asked = Filters(cameras=("pentax",), since=datetime.date(2017, 1, 1))
    kept = sorted((p.facts.taken_at or "" for p in place.photos if keeps(asked, p)), reverse=True)
    result = place.searcher.search(Query(filters=asked, limit=30))
    assert _dates(place, result) == kept[:30]
    assert (result.exact, result.matching) == (True, len(kept))
    everything = place.searcher.search(Query(filters=asked, limit=10_000))
    assert _dates(place, everything) == kept


def test_prefixes_in_words_are_filters(place: Place) -> None:
    typed = place.searcher.search(Query(words=("camera:pentax date:>=2017",), limit=30))
    meant = Filters(cameras=("pentax",), since=datetime.date(2017, 1, 1))
    assert typed.hits == place.searcher.search(Query(filters=meant, limit=30)).hits
    assert typed.hits[0].why
    with_image = place.searcher.search(Query(photo_ids=(1,), words=("type:png",), limit=30))
    by_filter = place.searcher.search(Query(photo_ids=(1,), filters=Filters(formats=("png",)), limit=30))
    assert [hit.path for hit in with_image.hits] == [hit.path for hit in by_filter.hits]


def test_filters_of_all_kinds_hold_together(place: Place) -> None:
    both = Filters(cameras=("canon",), orientation=Orientation.PORTRAIT)
    query = Query(photo_ids=(1,), words=("camera:canon",), filters=Filters(orientation=Orientation.PORTRAIT), limit=99)
    result = place.searcher.search(query)
    assert result.matching == sum(keeps(both, photo) for photo in place.photos)
    assert {h.path for h in result.hits} == {h.path for h in place.search(place.photos[0], both, 99).hits}


def test_nothing_asked_inside_an_empty_filter_is_refused(place: Place) -> None:
    with pytest.raises(QueryError, match="Name words, an image"):
        place.searcher.search(Query(filters=Filters()))


def test_a_filter_follows_what_the_writer_commits(tmp_path: Path) -> None:
    """Answers are remembered, but not across commits."""
    library = Handmade(tmp_path / "library")
    photos = described(60)
    asked = Filters(cameras=("canon",))
    try:
        ids = put_described(library, photos[:30])
        with _searcher(library.folder) as searcher:
            place = Place(photos[:30], ids, searcher)
            place.check(photos[0], asked)
            ids |= put_described(library, photos[30:])
            Place(photos, ids, searcher).check(photos[0], asked)
    finally:
        library.close()
