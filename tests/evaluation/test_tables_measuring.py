"""What every table stands on: the vectors, the exact answers and the recall that is counted against them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import QueryError
from photofind.core.evaluation.tables.registry import TABLES, vectors_made, vectors_of
from photofind.core.evaluation.tables.timing import measure, recall_at, without_own
from photofind.core.evaluation.tables.vectors import (
    VectorSet,
    exact_answers,
    generated_vectors,
    library_vectors,
)
from tests.support.handmade import Handmade, name_of, pictures, unit_vectors


@dataclass(frozen=True)
class Folder:
    """All that reading vectors wants of a library."""

    folder: Path


def no_check() -> None:
    """Never cancel."""


def test_exact_answers_are_those_of_a_full_sort() -> None:
    database = unit_vectors(40_000, 1, 16)
    vectors = VectorSet("generated", database, unit_vectors(7, 2, 16))
    ids, scores = exact_answers(vectors, 10)
    for number, query in enumerate(vectors.queries):
        products = database @ query
        assert scores[number].tolist() == pytest.approx(np.sort(products)[::-1][:10].tolist(), abs=1e-6)
        assert products[ids[number]].tolist() == pytest.approx(scores[number].tolist(), abs=1e-6)


def test_a_query_is_no_answer_to_itself() -> None:
    database = unit_vectors(50, 1)
    own = np.array([3, 49])
    vectors = VectorSet("library", database, database[own], own)
    ids, scores = exact_answers(vectors, 49)
    assert [sorted([*row, query]) for row, query in zip(ids.tolist(), own.tolist(), strict=True)] == [[*range(50)]] * 2
    assert (scores < 0.999).all()
    ids, scores = exact_answers(vectors, 51)
    assert (ids[:, 49:] == -1).all()
    assert (scores[:, 49:] == -np.inf).all()


def test_recall_counts_what_is_as_near_as_the_truth() -> None:
    database = unit_vectors(300, 1)
    vectors = VectorSet("generated", database, unit_vectors(5, 2))
    truth, scores = exact_answers(vectors, 10)
    assert recall_at(10, truth, vectors, scores) == 1
    assert recall_at(1, truth, vectors, scores) == 1
    worse = truth.copy()
    worse[:, 5:] = -1
    assert recall_at(10, worse, vectors, scores) == pytest.approx(0.5)
    assert recall_at(1, truth[:, ::-1], vectors, scores) == 0
    twice = np.hstack([truth[:, :5], truth[:, :5]])
    assert recall_at(10, twice, vectors, scores) == pytest.approx(0.5), "an answer counts once"


def test_any_of_several_copies_is_right() -> None:
    database = np.repeat(unit_vectors(1, 1), 30, axis=0)
    own = np.arange(4)
    vectors = VectorSet("library", database, database[own], own)
    _, scores = exact_answers(vectors, 10)
    others = np.tile(np.arange(20, 30), (4, 1))
    assert recall_at(10, others, vectors, scores) == 1


def test_fewer_neighbours_than_are_asked_for_are_all_wanted() -> None:
    database = unit_vectors(4, 1)
    own = np.arange(4)
    vectors = VectorSet("library", database, database, own)
    truth, scores = exact_answers(vectors, 10)
    assert recall_at(10, truth, vectors, scores) == 1
    truth[:, 1:] = -1
    assert recall_at(10, truth, vectors, scores) == pytest.approx(1 / 3)


def test_own_rows_leave_wherever_they_are() -> None:
    found = np.array([[7, 1, 2], [1, 7, 2], [1, 2, 3]])
    assert without_own(found, np.array([7, 7, 7])).tolist() == [[1, 2], [1, 2], [1, 2]]
    assert without_own(found, None) is found


def test_a_search_is_measured_without_the_own_row() -> None:
    database = unit_vectors(200, 1)
    own = np.arange(20)
    vectors = VectorSet("library", database, database[own], own)
    _, scores = exact_answers(vectors, 10)
    measured = measure(lambda queries, k: np.argsort(-(queries @ database.T), axis=1)[:, :k], vectors, scores, no_check)
    assert (measured.recall_at_1, measured.recall_at_10) == (1, 1)
    assert measured.ms > 0


def test_the_vectors_of_a_library_are_its_live_ones(library: Handmade) -> None:
    photos = pictures(120)
    library.add(photos)
    library.remove([name_of(photos[number]) for number in range(20)])
    library.upkeep.run()
    vectors = library_vectors(Folder(library.folder), 30, 1_000)
    expected = np.array([photo.embedding for photo in photos[20:]])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(vectors.database, expected, atol=1e-6)
    assert vectors.own is not None
    assert len(set(vectors.own.tolist())) == 30
    assert np.array_equal(vectors.queries, vectors.database[vectors.own])
    assert (vectors.source, vectors.total) == ("library", 100)
    assert "all 100 embeddings" in vectors.note()


def test_of_a_large_library_a_sample_is_drawn_the_same_each_time(library: Handmade) -> None:
    library.add(pictures(300))
    one, other = (library_vectors(Folder(library.folder), 10, 50) for _ in range(2))
    assert len(one.database) == 50
    assert np.array_equal(one.database, other.database)
    assert "a random 50 of 300 embeddings" in one.note()


def test_generated_vectors_are_the_same_each_time_and_the_queries_are_others() -> None:
    one, other = generated_vectors(500, 20), generated_vectors(500, 20)
    assert np.array_equal(one.database, other.database)
    assert np.array_equal(one.queries, other.queries)
    assert np.allclose(np.linalg.norm(one.database, axis=1), 1, atol=1e-5)
    assert (one.queries @ one.database.T).max() < 0.999
    assert one.own is None


def test_more_vectors_than_the_memory_holds_are_refused() -> None:
    with pytest.raises(QueryError, match=r"10,000,000,000 generated vectors take 20,480\.0 GB"):
        generated_vectors(10_000_000_000, 1)


@pytest.mark.parametrize("photos", [0, 1, 99])
def test_a_library_with_too_few_photos_says_how_many_it_takes(photos: int, library: Handmade) -> None:
    if photos:
        library.add(pictures(photos))
    with pytest.raises(QueryError) as caught:
        vectors_of("factory", Folder(library.folder), None)
    message = str(caught.value)
    assert "takes 100 photos or more" in message
    assert f"has {photos} photo{'s' * (photos != 1)}:" in message
    assert "--generated" in message


def test_too_few_generated_vectors_are_refused() -> None:
    with pytest.raises(QueryError, match="takes 100 vectors or more: ask for --generated 100"):
        vectors_made("pq", 99, None)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_its_module(name: str) -> None:
    assert callable(TABLES[name].make())
