from __future__ import annotations

import numpy as np
import pytest

from photofind.core.evaluation.retrieval import (
    FOUND_AT,
    PRECISION_AT,
    VOTERS,
    RetrievalResult,
    RetrievalTally,
    Scores,
    average_precision,
    ranking,
    vote,
)


def measured(scores: Scores, labels: list[int], precision: float = 0.9) -> RetrievalResult:
    """Ask every photo that has another of its label; ``scores`` are those of all with all."""
    numbers = np.array(labels)
    names = [f"label {number}" for number in range(max(labels) + 1)]
    tally = RetrievalTally(numbers, names)
    for own, label in enumerate(labels):
        if labels.count(label) > 1:
            tally.take(scores[own], own)
    return tally.result(precision)


@pytest.mark.parametrize(
    ("hits", "relevant", "expected"),
    [
        ([True, True], 2, 1.0),
        ([True, False, True, False], 2, (1 + 2 / 3) / 2),
        ([False, True, True], 2, (1 / 2 + 2 / 3) / 2),
        ([True, False], 4, 1 / 4),  # three were not found
        ([False, False], 1, 0.0),
        ([], 1, 0.0),
        ([], 0, 0.0),
    ],
)
def test_average_precision_as_computed_by_hand(hits: list[bool], relevant: int, expected: float) -> None:
    assert average_precision(np.array(hits, np.bool_), relevant) == pytest.approx(expected)


def test_a_photo_is_no_answer_to_itself_and_equal_scores_stand_in_the_order_of_ids() -> None:
    scores = np.array([0.5, 1.0, 0.9, 0.5], np.float32)

    assert ranking(scores, own=1).tolist() == [2, 0, 3]


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([7, 3, 3], [0.9, 0.5, 0.45], 3),  # together they weigh more than the nearest
        ([7, 3, 3], [0.9, 0.4, 0.4], 7),
        ([5, 2], [0.5, 0.5], 5),  # of equal votes the nearest decides
        ([4, 1, 1], [0.1, -0.9, -0.9], 4),  # opposites have no vote
        ([6], [-0.2], 6),
    ],
)
def test_the_nearest_vote_with_their_cosines(labels: list[int], scores: list[float], expected: int) -> None:
    assert vote(np.array(labels), np.array(scores, np.float32)) == expected


def test_a_small_library_as_computed_by_hand() -> None:
    # Two cats, two dogs and a bird that nobody else is like; the second dog looks like a cat.
    scores = np.array(
        [
            [1.0, 0.9, 0.1, 0.8, 0.0],
            [0.9, 1.0, 0.2, 0.7, 0.0],
            [0.1, 0.2, 1.0, 0.3, 0.4],
            [0.8, 0.7, 0.3, 1.0, 0.0],
            [0.0, 0.0, 0.4, 0.0, 1.0],
        ],
        np.float32,
    )
    result = measured(scores, [0, 0, 1, 1, 2], precision=0.9)

    assert result.queries == 4  # the bird is compared with, and not asked
    # The cats find each other first; the dogs find each other second and third.
    assert result.mean_ap == pytest.approx((1 + 1 + 1 / 2 + 1 / 3) / 4)
    assert result.precision == pytest.approx({1: 2 / 4, 5: 1 / 5, 10: 1 / 10})
    assert result.recall == pytest.approx({1: 2 / 4, 5: 1, 10: 1, 100: 1})
    assert result.hits == pytest.approx({1: 2 / 4, 5: 1, 10: 1, 100: 1})
    assert result.accuracy[1] == pytest.approx(2 / 4)
    assert [(each.label, each.photos) for each in result.labels] == [("label 0", 2), ("label 1", 2)]
    assert [each.mean_ap for each in result.labels] == pytest.approx([1.0, (1 / 2 + 1 / 3) / 2])
    # From 0.9 on only the cats pair up, seen from both sides; the dogs' 0.3 is below many others.
    assert result.threshold is not None
    assert result.threshold.cosine == pytest.approx(0.9, abs=1.01e-4)
    assert result.threshold.distance == pytest.approx(0.1, abs=1.01e-4)
    assert (result.threshold.precision, result.threshold.recall) == (1.0, 0.5)


def test_the_confusion_table_counts_what_was_voted_for_each_label() -> None:
    near = np.full((6, 6), 0.1, np.float32)
    near[0, 1:3] = near[1, :3] = near[2, :2] = 0.9
    near[3, 0:3] = 0.8  # one of the second label lies among the first
    near[4:, 3:] = 0.9
    result = measured(near, [0, 0, 0, 1, 1, 1])

    assert result.confusions == {("label 0", "label 0"): 3, ("label 1", "label 1"): 2, ("label 1", "label 0"): 1}
    assert list(result.confusions.values()) == [3, 2, 1]
    assert result.accuracy[5] == pytest.approx(5 / 6)
    assert {each.label: each.accuracy for each in result.labels} == pytest.approx({"label 0": 1.0, "label 1": 2 / 3})


def test_measures_agree_with_counting_them_one_by_one() -> None:
    random = np.random.default_rng(4)
    labels = random.integers(0, 12, 150).tolist()
    vectors = random.standard_normal((12, 8))[labels] + 1.5 * random.standard_normal((150, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = (vectors @ vectors.T).astype(np.float32)
    result = measured(scores, labels, precision=0.6)

    aps: list[float] = []
    precision: dict[int, list[float]] = {k: [] for k in PRECISION_AT}
    recall: dict[int, list[float]] = {k: [] for k in FOUND_AT}
    hits: dict[int, list[float]] = {k: [] for k in FOUND_AT}
    accuracy: dict[int, list[float]] = {k: [] for k in VOTERS}
    for own, label in enumerate(labels):
        others = sorted((other for other in range(150) if other != own), key=lambda other: -scores[own, other])
        right = [labels[other] == label for other in others]
        total = sum(right)
        aps.append(sum(sum(right[: n + 1]) / (n + 1) for n in range(149) if right[n]) / total)
        for k in PRECISION_AT:
            precision[k].append(sum(right[:k]) / k)
        for k in FOUND_AT:
            recall[k].append(sum(right[:k]) / total)
            hits[k].append(any(right[:k]))
        for k in VOTERS:
            votes: dict[int, float] = {}
            for other in others[:k]:
                votes[labels[other]] = votes.get(labels[other], 0.0) + max(0.0, float(scores[own, other]))
            accuracy[k].append(max(votes, key=lambda each: votes[each]) == label)
    assert result.mean_ap == pytest.approx(np.mean(aps))
    for found, expected in (
        (result.precision, precision),
        (result.recall, recall),
        (result.hits, hits),
        (result.accuracy, accuracy),
    ):
        assert found == pytest.approx({k: np.mean(values) for k, values in expected.items()})


@pytest.mark.parametrize("wanted", [0.3, 0.5, 0.8, 1.0])
def test_the_threshold_is_the_lowest_that_is_precise_enough(wanted: float) -> None:
    random = np.random.default_rng(6)
    labels = random.integers(0, 6, 80)
    vectors = random.standard_normal((6, 8))[labels] + random.standard_normal((80, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = (vectors @ vectors.T).astype(np.float32)
    result = measured(scores, labels.tolist(), precision=wanted)

    apart = ~np.eye(80, dtype=np.bool_)
    same = (labels[:, None] == labels)[apart]
    cosines = scores[apart]

    def precision_from(cosine: float) -> float:
        return float(same[cosines >= cosine].mean())

    assert result.threshold is not None
    found = result.threshold
    assert found.precision >= wanted
    assert found.precision == pytest.approx(precision_from(found.cosine), abs=2e-3)
    assert found.recall == pytest.approx(same[cosines >= found.cosine].sum() / same.sum(), abs=2e-3)
    lower = [cosine for cosine in np.unique(cosines).tolist() if cosine < found.cosine - 2e-4]
    assert all(precision_from(cosine) < wanted + 1e-9 for cosine in lower)


def test_a_precision_that_no_threshold_gives_is_said_to_be_out_of_reach() -> None:
    # The nearest pair of all has two labels.
    scores = np.array([[1, 0.5, 0.9], [0.5, 1, 0.2], [0.9, 0.2, 1]], np.float32)
    result = measured(scores, [0, 0, 1], precision=0.9)

    assert result.threshold is None
    assert result.best_precision == pytest.approx(2 / 3)  # the pair of the label, asked from both sides


def test_photos_that_are_all_the_same_are_found_in_the_order_of_their_ids() -> None:
    result = measured(np.ones((6, 6), np.float32), [0, 1, 0, 1, 0, 1], precision=0.95)

    assert 0 < result.mean_ap < 1
    assert result.threshold is None
    assert result.best_precision == pytest.approx(12 / 30)
