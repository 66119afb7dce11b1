from __future__ import annotations

import numpy as np
import pytest

from photofind.core.evaluation.expanding import augmented, best_of, expanded, neighbours_of, weights_of
from photofind.core.evaluation.generated import Mixture
from photofind.core.evaluation.hash_tables import HashTables
from photofind.core.evaluation.minibatch import Clusters, cluster, inertia, nearest_of
from photofind.core.evaluation.tables.expansion import hold_out, mean_ap
from tests.support.handmade import Vectors, no_check, unit_vectors


def chain() -> tuple[Vectors, np.ndarray]:
    """Photos of two things, seen from one side to the other: each is like the next of its thing, not like the last."""
    steps = np.linspace(0, 1, 9)
    first = np.stack([np.cos(steps * 2), np.sin(steps * 2), 0 * steps], axis=1)
    second = np.stack([np.cos(1.1 + 0 * steps), 0 * steps, np.sin(1.1 + 0 * steps)], axis=1)
    second += 0.02 * np.random.default_rng(1).standard_normal(second.shape)
    vectors = np.concatenate([first, second])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.repeat([0, 1], 9)


def found(database: Vectors, labels: np.ndarray, query: Vectors) -> int:
    """Return how many of the query's thing are among the first nine."""
    return int((labels[best_of(database, query, 9)[0]] == 0).sum())


def test_a_query_moves_by_the_power_of_its_answers_cosines() -> None:
    query = np.array([1, 0, 0], np.float32)
    answers = np.array([[0.8, 0.6, 0], [-0.6, 0, 0.8]], np.float32)
    scores = answers @ query

    moved = expanded(query, answers, scores, alpha=3)

    expected = query + 0.8**3 * answers[0]  # the other one is its opposite, more or less
    assert moved == pytest.approx(expected / np.linalg.norm(expected))
    assert weights_of(scores, 0).tolist() == [1, 0]


def test_expansion_reaches_what_is_like_the_answers() -> None:
    vectors, labels = chain()
    query = vectors[0]
    before = found(vectors, labels, query)
    ids, scores = best_of(vectors, query, 4)

    after = found(vectors, labels, expanded(query, vectors[ids], scores, alpha=1))

    assert before < after


def test_photos_that_were_moved_to_their_neighbours_find_more_of_their_thing() -> None:
    random = np.random.default_rng(4)
    labels = np.arange(200) % 4
    noisy = random.standard_normal((4, 64))[labels] + 2 * random.standard_normal((200, 64))
    vectors = (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)
    task = hold_out(vectors, labels, 40, random)
    ids, scores = neighbours_of(task.database, 10)
    moved = augmented(task.database, ids, scores, alpha=1)

    before = mean_ap(lambda queries: queries @ task.database.T, task, no_check)
    after = mean_ap(lambda queries: queries @ moved.T, task, no_check)

    assert np.linalg.norm(moved, axis=1) == pytest.approx(np.ones(160), abs=1e-5)
    assert after > before + 0.1  # what differs by chance is averaged out


def test_neighbours_are_those_of_brute_force() -> None:
    vectors = unit_vectors(1_500, seed=3)
    products = vectors @ vectors.T
    np.fill_diagonal(products, -np.inf)

    ids, scores = neighbours_of(vectors, 5)

    assert scores == pytest.approx(-np.sort(-products, axis=1)[:, :5], abs=1e-6)
    assert np.take_along_axis(products, ids, axis=1) == pytest.approx(scores, abs=1e-6)
    assert neighbours_of(vectors[:3], 5)[0].tolist() != [[0, 1], [0, 1], [0, 1]]
    assert neighbours_of(vectors[:3], 5)[0].shape == (3, 2)
    assert neighbours_of(vectors[:1], 5)[0].shape == (1, 0)


# Mini-batch k-means


def test_mini_batches_bring_centroids_to_the_middle_of_what_they_stand_for() -> None:
    vectors = unit_vectors(2_000, seed=5)
    random = np.random.default_rng(0)
    drawn = vectors[np.random.default_rng(1).choice(2_000, 50, replace=False)]
    before = inertia(vectors, Clusters(drawn, nearest_of(vectors, drawn)))

    clusters = cluster(vectors, 50, random, batch=200)

    assert inertia(vectors, clusters) < 0.8 * before
    distances = ((vectors[:, None] - clusters.centroids) ** 2).sum(axis=2)
    assert np.take_along_axis(distances, clusters.nearest[:, None], axis=1)[:, 0] == pytest.approx(
        distances.min(axis=1), abs=1e-5
    )


def test_a_centroid_is_the_mean_of_all_that_it_has_seen() -> None:
    vectors = unit_vectors(40, seed=6)
    seen = []

    class Recording(np.random.Generator):
        def integers(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
            drawn = super().integers(*arguments, **named)  # type: ignore[call-overload]
            seen.extend(drawn.tolist())
            return drawn

    clusters = cluster(vectors, 1, Recording(np.random.PCG64(2)), batch=16, epochs=3)

    assert len(seen) == 128
    assert clusters.centroids[0] == pytest.approx(vectors[seen].mean(axis=0), abs=1e-5)


def test_no_more_centroids_than_vectors() -> None:
    vectors = unit_vectors(7, seed=7)

    clusters = cluster(vectors, 100, np.random.default_rng(0))

    assert len(clusters.centroids) == 7


def test_clustering_stops_when_it_is_asked_to() -> None:
    class StoppedError(Exception):
        pass

    def stop() -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        cluster(unit_vectors(100, seed=8), 5, np.random.default_rng(0), stop)


# Hash tables


def test_matches_share_every_bit_of_a_table() -> None:
    vectors = unit_vectors(300, seed=9)
    tables = HashTables(vectors, bits=6, tables=3)
    keys = tables.keys(vectors)

    for row in range(0, 300, 7):
        expected = np.flatnonzero((keys == keys[row]).any(axis=1))
        assert tables.matches(vectors[row]).tolist() == expected.tolist()
        best, count = tables.search(vectors[row], 5)
        assert count == len(expected)
        by_cosine = expected[np.lexsort((expected, -(vectors[expected] @ vectors[row])))]
        assert best.tolist() == by_cosine[:5].tolist()


def test_keys_are_the_sides_of_hyperplanes() -> None:
    vectors = unit_vectors(50, seed=10)
    keys = HashTables(vectors, bits=12, tables=4).keys(vectors)

    assert keys.shape == (50, 4)
    assert keys.min() >= 0
    assert keys.max() < 1 << 12
    opposite = HashTables(vectors, bits=12, tables=4).keys(-vectors)
    assert (keys + opposite == (1 << 12) - 1).all()  # every side is the other one


@pytest.mark.parametrize(("bits", "tables"), [(4, 1), (8, 2), (12, 8)])
def test_neighbours_meet_as_often_as_their_angle_says(bits: int, tables: int) -> None:
    random = np.random.default_rng(11)
    vectors = random.standard_normal((4_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    aside = random.standard_normal((4_000, 64)).astype(np.float32)
    aside -= (aside * vectors).sum(axis=1, keepdims=True) * vectors
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    near = (0.9 * vectors + np.sqrt(1 - 0.9**2) * aside).astype(np.float32)
    made = HashTables(vectors, bits, tables)

    met = (made.keys(vectors) == made.keys(near)).any(axis=1).mean()

    agree = 1 - np.arccos(0.9) / np.pi
    assert met == pytest.approx(1 - (1 - agree**bits) ** tables, abs=0.05)


def test_nothing_is_near_a_vector_without_a_bucket() -> None:
    vectors = unit_vectors(3, seed=12)
    tables = HashTables(vectors, bits=62, tables=1)

    ids, count = tables.search(-vectors[0], 5)

    assert (ids.tolist(), count) == ([], 0)


# Generated vectors with labels


def test_generated_vectors_tell_their_themes() -> None:
    mixture = Mixture()
    vectors, themes = mixture.draw_with_themes(2_000, np.random.default_rng(1))

    assert vectors.tolist() == mixture.draw(2_000, np.random.default_rng(1)).tolist()
    products = vectors @ vectors.T
    same = (themes[:, None] == themes) & ~np.eye(2_000, dtype=np.bool_)
    assert products[same].mean() > products[~same & ~np.eye(2_000, dtype=np.bool_)].mean() + 0.1
