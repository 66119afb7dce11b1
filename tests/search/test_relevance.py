"""The mark from which on a hit is more than chance, and what else a result tells of the index."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from photofind.core.library import Library
from photofind.core.search import IndexShape, Query, Searcher
from photofind.core.settings import Settings
from photofind.core.vectors.relevance import CANNOT_TELL, FEWEST, relevance_mark
from photofind.core.vectors.rule import default_nprobe
from photofind.core.vectors.snapshot import scores_of
from tests.support.handmade import DIMENSION, Handmade, Picture, Vectors, pictures


def normal(count: int, centre: float = 0.0, spread: float = 0.04, seed: int = 0) -> Vectors:
    scores: Vectors = np.random.default_rng(seed).normal(centre, spread, count).astype(np.float32)
    return scores


@pytest.mark.parametrize("photos", [100, 10_000, 1_000_000])
def test_the_best_of_so_many_by_chance(photos: int) -> None:
    mark = relevance_mark(normal(4000), photos)
    assert mark == pytest.approx(0.04 * math.sqrt(2 * math.log(photos)), rel=0.1)
    assert mark > normal(photos, seed=1).max() * 0.9


def test_a_query_that_scatters_more_has_a_higher_mark() -> None:
    assert relevance_mark(normal(1000, spread=0.08), 1000) > relevance_mark(normal(1000, spread=0.04), 1000)
    assert relevance_mark(normal(1000, centre=0.1), 1000) > relevance_mark(normal(1000), 1000) + 0.08


def test_some_relatives_in_the_sample_hardly_move_it() -> None:
    mixed = np.concatenate([normal(950), normal(50, centre=0.8)])
    assert relevance_mark(mixed, 1000) == pytest.approx(relevance_mark(normal(1000), 1000), abs=0.03)


def test_it_keeps_within_bounds() -> None:
    assert relevance_mark(np.zeros(1000, np.float32), 1000) == pytest.approx(0.1)
    assert relevance_mark(np.ones(1000, np.float32), 1000) == pytest.approx(0.6)
    assert relevance_mark(normal(1000, centre=-0.5), 1000) == pytest.approx(0.1)


@pytest.mark.parametrize(("sampled", "photos"), [(0, 0), (FEWEST - 1, 1000), (1000, FEWEST - 1)])
def test_few_photos_cannot_tell(sampled: int, photos: int) -> None:
    assert relevance_mark(normal(sampled), photos) == CANNOT_TELL


# In results


def unrelated(count: int, first: int = 0) -> list[Picture]:
    vectors = np.random.default_rng(first).standard_normal((count, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stored = vectors.astype(np.float16).astype(np.float32)
    return [Picture(first + number, vector) for number, vector in enumerate(stored)]


def test_relatives_lie_above_the_mark_and_others_below(library: Handmade, searcher: Searcher) -> None:
    photos = unrelated(1500)
    towards = photos[0].embedding + 0.15 * photos[1].embedding
    relative = Picture(5000, (towards / np.linalg.norm(towards)).astype(np.float16).astype(np.float32))
    library.add([*photos, relative])
    for sealed in (False, True):
        if sealed:
            library.upkeep.run()
        result = searcher.search(Query(photo_ids=(1,), limit=1000))
        above = [hit for hit in result.hits if hit.score >= result.relevance]
        assert len(above) >= 2
        assert above[1].path.endswith("5000.jpg")
        assert len(above) < 20
        assert result.relevance == pytest.approx(0.6), "vectors of so few dimensions scatter widely"


def test_a_small_library_cannot_tell(library: Handmade, searcher: Searcher) -> None:
    assert searcher.search(Query(images=("/nowhere.jpg",))).relevance == CANNOT_TELL
    library.add(pictures(FEWEST - 1))
    assert searcher.search(Query(photo_ids=(1,))).relevance == CANNOT_TELL
    library.add(pictures(1, first=FEWEST))
    assert searcher.search(Query(photo_ids=(1,))).relevance > 0


def test_what_is_gone_takes_no_part(library: Handmade, searcher: Searcher) -> None:
    same = Picture(9000, pictures(1)[0].embedding)
    library.put({f"{number}.jpg": Picture(9000 + number, same.embedding) for number in range(300)})
    library.add(unrelated(100, first=20_000))
    query = Query(photo_ids=(library.photo_id("1.jpg"),))
    assert searcher.search(query).relevance == pytest.approx(0.6)
    library.remove(f"{number}.jpg" for number in range(100, 300))
    view = searcher.refresh()
    assert view is not None
    assert len(view.sample()) == view.live == 200


def test_rows_that_are_no_numbers_are_not_sampled(library: Handmade) -> None:
    library.add(pictures(100))
    content = bytearray(library.row_path.read_bytes())
    content[50 * 2 * DIMENSION : 60 * 2 * DIMENSION] = b"\x00\x7e" * DIMENSION * 10
    library.row_path.write_bytes(content)
    assert len(library.snapshot().sample()) == 90


def test_the_sample_is_bounded_and_the_same_for_every_reader(library: Handmade, searcher: Searcher) -> None:
    library.add(pictures(5000))
    view = searcher.refresh()
    assert view is not None
    sample = view.sample()
    assert sample.shape == (1024, DIMENSION)
    assert sample is view.sample()
    np.testing.assert_array_equal(sample, library.snapshot().sample())
    assert len(np.unique(sample, axis=0)) > 1000


def test_scores_are_inner_products() -> None:
    rows = np.random.default_rng(0).standard_normal((30, DIMENSION)).astype(np.float32)
    np.testing.assert_allclose(scores_of(rows, rows[3]), rows @ rows[3], rtol=1e-5, atol=1e-5)
    assert scores_of(rows[:0], rows[3]).shape == (0,)


# The index


def test_the_number_of_lists_is_told(library: Handmade, searcher: Searcher) -> None:
    assert searcher.shape() == IndexShape(1, 1, 0)
    library.add(pictures(20))
    assert searcher.shape() == IndexShape(1, 1, 20)
    library.add(pictures(10_500, seed=1, first=20))
    library.upkeep.run()
    shape = searcher.shape()
    assert (shape.nlist, shape.vectors) == (128, 10_520)
    assert shape.default_nprobe == default_nprobe(128, 10_520)
    result = searcher.search(Query(photo_ids=(1,)))
    assert (result.nprobe, result.nlist) == (shape.default_nprobe, 128)


@pytest.fixture
def opened(library: Handmade) -> Iterator[Library]:
    with closing(Library(library.folder, Settings())) as found:
        yield found


def test_a_library_tells_its_shape(library: Handmade, opened: Library) -> None:
    assert opened.index_shape() == IndexShape(1, 1, 0)
    library.add(pictures(3))
    assert opened.index_shape() == IndexShape(1, 1, 3)
