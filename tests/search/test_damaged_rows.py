"""A search does without damaged embeddings and says how many photos that cost; of too many it says so instead."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.encoders import Encoder
from photofind.core.errors import LibraryDamagedError, QueryError
from photofind.core.progress import Control
from photofind.core.queries import Filters, Query, SearchResult
from photofind.core.search import Searcher
from photofind.core.vectors import rows
from photofind.core.vectors import snapshot as snapshots
from tests.search.conftest import LIMITS, PHOTOS, Place
from tests.support.handmade import DIMENSION, Handmade, flip_bit, name_of, pictures

STRIDE = 2 * DIMENSION
SIZE = 1300
SEALED = 1200
DAMAGED = (3, 700, SIZE - 1)


@pytest.fixture(params=["whole", "sealed"])
def grown(request: pytest.FixtureRequest, library: Handmade) -> Handmade:
    """A library that is compared whole, or one with a segment and some rows that no segment has."""
    photos = pictures(SIZE)
    library.add(photos[:SEALED])
    if request.param == "sealed":
        library.upkeep.run()
    library.add(photos[SEALED:])
    return library


def numbers(result: SearchResult) -> list[int]:
    return [int(Path(hit.path).stem) for hit in result.hits]


def damage(library: Handmade, *vids: int) -> None:
    for vid in vids:
        flip_bit(library.row_path, vid * STRIDE + 1)


@pytest.mark.parametrize("exact", [True, False])
def test_the_others_are_found_as_ever_and_the_lack_is_told(grown: Handmade, searcher: Searcher, exact: bool) -> None:
    query = Query(photo_ids=(1,), limit=SIZE, exact=exact)
    healthy = searcher.search(query)
    assert (len(healthy.hits), healthy.left_out) == (SIZE, 0)
    damage(grown, *DAMAGED)
    grown.add(pictures(1, seed=5, first=SIZE))  # what was verified is not read again until something changed
    for _ in range(2):
        result = searcher.search(query)
        assert result.left_out == len(DAMAGED)
        kept = [(hit.photo_id, hit.score) for hit in result.hits if Path(hit.path).stem != str(SIZE)]
        assert kept == [
            (hit.photo_id, hit.score)
            for hit, number in zip(healthy.hits, numbers(healthy), strict=True)
            if number not in DAMAGED
        ]


def test_an_expanded_query_does_without_them(grown: Handmade, searcher: Searcher) -> None:
    damage(grown, *DAMAGED)
    expanded = searcher.search(Query(photo_ids=(1,), limit=SIZE, expand=True, exact=True))
    assert (len(expanded.hits), expanded.left_out) == (SIZE - len(DAMAGED), len(DAMAGED))


def test_only_photos_that_could_be_hits_are_counted_and_each_copy_of_them(grown: Handmade, searcher: Searcher) -> None:
    grown.put({"copy.jpg": pictures(SIZE)[700]})
    one = Query(photo_ids=(1,), filters=Filters(names=("copy.jpg",)))
    assert (len(searcher.search(one).hits), searcher.search(one).left_out) == (1, 0)
    damage(grown, *DAMAGED)
    grown.add(pictures(1, seed=5, first=SIZE))
    result = searcher.search(one)
    assert (result.hits, result.left_out, result.matching) == ([], 1, 1)
    assert searcher.search(Query(photo_ids=(1,), exact=True, limit=SIZE)).left_out == len(DAMAGED) + 1
    listed = searcher.search(Query(filters=Filters(names=("copy.jpg",))))
    assert (len(listed.hits), listed.left_out) == (1, 0)  # nothing is compared


def test_in_a_large_library_the_next_best_takes_its_place(
    grown: Handmade, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_VERIFIED_WHOLE", 100)  # beyond, only what is shown is verified
    query = Query(photo_ids=(1,), limit=6, exact=True)
    best = numbers(searcher.search(query))
    damage(grown, best[2])
    grown.add(pictures(1, seed=5, first=SIZE))
    result = searcher.search(replace(query, limit=5))
    assert numbers(result) == [best[0], best[1], *best[3:]]
    assert result.left_out == 1


def test_a_row_of_no_photo_is_not_missed(grown: Handmade, searcher: Searcher) -> None:
    grown.remove([name_of(pictures(SIZE)[700])])
    damage(grown, 700)
    result = searcher.search(Query(photo_ids=(1,), limit=SIZE, exact=True))
    assert (len(result.hits), result.left_out) == (SIZE - 1, 0)


@pytest.mark.parametrize("count", [17, 600])
def test_an_answer_from_what_is_left_of_a_damaged_file_is_none(grown: Handmade, searcher: Searcher, count: int) -> None:
    sound = grown.row_path.read_bytes()
    damage(grown, *range(100, 100 + 16))
    assert searcher.search(Query(photo_ids=(1,), exact=True)).left_out == 16
    damage(grown, *range(200, 200 + count))
    grown.add(pictures(1, seed=5, first=SIZE))
    for exact in (True, True, False):
        with pytest.raises(LibraryDamagedError, match=f"{grown.row_path.name} is damaged .*doctor"):
            searcher.search(Query(photo_ids=(1,), limit=SIZE, exact=exact))
    with grown.row_path.open("r+b") as file:
        file.write(sound)
    assert searcher.search(Query(photo_ids=(1,), exact=True)).left_out == 0


def test_of_a_small_library_few_are_too_many(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(12))
    damage(library, 5, 6, 7)
    assert searcher.search(Query(photo_ids=(1,))).left_out == 3
    damage(library, 8)
    library.add(pictures(1, seed=5, first=12))
    with pytest.raises(LibraryDamagedError, match="is damaged"):
        searcher.search(Query(photo_ids=(1,)))


def test_rows_that_are_no_numbers_are_left_out(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(20))
    content = bytearray(library.row_path.read_bytes())
    content[7 * STRIDE : 8 * STRIDE] = b"\x00\x7e" * DIMENSION
    library.row_path.write_bytes(content)
    result = searcher.search(Query(photo_ids=(1,)))
    assert (len(result.hits), result.left_out) == (19, 1)


@pytest.fixture
def bad_sector(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let the disk fail to read a row."""
    lost: set[int] = set()
    read_at = rows._read_at

    def failing(file: io.FileIO, target: memoryview, place: int) -> int:
        if any(place < (vid + 1) * STRIDE and vid * STRIDE < place + len(target) for vid in lost):
            raise OSError(5, os.strerror(5))
        return read_at(file, target, place)

    monkeypatch.setattr(rows, "_read_at", failing)
    return lost.add


@pytest.mark.parametrize("exact", [True, False])
def test_what_the_disk_does_not_give_back_is_left_out(
    grown: Handmade, searcher: Searcher, bad_sector: Callable[[int], None], exact: bool
) -> None:
    for vid in DAMAGED:
        bad_sector(vid)
    for _ in range(2):
        result = searcher.search(Query(photo_ids=(1,), limit=SIZE, exact=exact))
        assert (len(result.hits), result.left_out) == (SIZE - len(DAMAGED), len(DAMAGED))
    for vid in range(900, 917):
        bad_sector(vid)
    with pytest.raises(LibraryDamagedError, match=f"{grown.row_path.name} cannot be read"):
        searcher.search(Query(photo_ids=(2,), limit=SIZE, exact=True))


def test_the_exact_check_of_an_answer_does_without_them_too(grown: Handmade, searcher: Searcher) -> None:
    query = Query(photo_ids=(1,), limit=50)
    damage(grown, *DAMAGED)
    found = [hit.photo_id for hit in searcher.search(query).hits]
    check = searcher.check_exactly(query, found, Control())
    assert check is not None
    assert check.left_out == len(DAMAGED)


def test_a_query_photo_whose_embedding_is_damaged_is_read_anew(
    place: Place, encoder: Encoder, open_at: Callable[[Place], Searcher]
) -> None:
    searcher = open_at(place)
    path = next(place.library.glob("vectors-*.f16"))
    flip_bit(path, 1 * 2 * encoder.dimension + 1)
    by_path = searcher.search(Query(images=(str(place.photos / PHOTOS[1]),)))
    assert (len(by_path.hits), by_path.left_out) == (3, 1)
    by_id = searcher.search(Query(photo_ids=(2,)))
    assert [(hit.path, hit.score) for hit in by_id.hits] == [(hit.path, hit.score) for hit in by_path.hits]
    (place.photos / PHOTOS[1]).unlink()
    with pytest.raises(QueryError, match=PHOTOS[1]):
        searcher.search(Query(photo_ids=(2,)))


@pytest.fixture
def open_at(encoder: Encoder) -> Iterator[Callable[[Place], Searcher]]:
    """Open a searcher that embeds what it has to."""
    opened: list[tuple[Searcher, Catalog]] = []

    def at(place: Place) -> Searcher:
        catalog = Catalog.open_reader(place.library / "library.db")
        opened.append((Searcher(place.library, catalog, lambda _: encoder, LIMITS), catalog))
        return opened[-1][0]

    yield at
    for searcher, catalog in opened:
        with closing(catalog), closing(searcher):
            pass
