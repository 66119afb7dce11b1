"""How good the bank is: average precision, and figures on photos that the regression did not learn from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

FOLDS: Final = 5
RANK_WEIGHT: Final = 0.5  # of the concepts beside the vector, as in the search
_FAINT: Final = 1e-3  # a share that is as good as none
_LABELS: Final = "labels.json"


@dataclass(frozen=True, slots=True)
class CategoryQuery:
    """A category word and the photos that show such a thing."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled photos by name, in order, and the queries that are asked of them."""

    photos: tuple[str, ...]
    queries: tuple[CategoryQuery, ...]


def read_labels(folder: Path) -> Labels | None:
    """Return what is known of the photos in a folder, or None when nothing is."""
    path = folder / _LABELS
    if not path.is_file():
        return None
    table = json.loads(path.read_text(encoding="utf-8"))
    queries = [CategoryQuery(entry["query"], frozenset(entry["relevant"])) for entry in table["category_queries"]]
    return Labels(tuple(sorted(table["photos"])), tuple(queries))


def average_precision(scores: Floats, relevant: Bools) -> float:
    """Return the average precision of ranking by score, best first."""
    hits = relevant[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean()) if hits.any() else 0.0


def separation(scores: Floats, relevant: Bools) -> float:
    """Return how often a relevant photo scores higher than another one: 0.5 is chance."""
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2  # of the ranks that equal scores share
    inside = int(relevant.sum())
    excess = middle[places][relevant].sum() - inside * (inside - 1) / 2
    return float(excess / (inside * (len(relevant) - inside)))


def surety(masses: Floats) -> Floats:
    """Return posterior masses on the scale, 0 to 1, on which they are added to cosines."""
    return np.asarray(np.log(masses / _FAINT + 1) / np.log(1 / _FAINT + 1), np.float32)


def folds(photos: int) -> npt.NDArray[np.int64]:
    """Return the fold of each photo; always the same."""
    return np.random.default_rng(1).integers(0, FOLDS, photos)


def measure_captions(
    sentences: Floats,
    photo_of: npt.NDArray[np.int64],
    photos: Floats,
    scenes: Bools,
    learn_on: Callable[[Bools], Callable[[Floats], Floats]],
) -> tuple[float, float]:
    """Return how often a caption finds its photo first, and among ten, in folds of photos that were not learned from.

    Parameters
    ----------
    sentences, photo_of
        Embeddings of the captions and the row of the photo of each.
    photos, scenes
        Embeddings of the photos, and which of them take part (the others are only learned from).
    learn_on
        Makes the function from sentences to vectors, given the photos that it may learn from.
    """
    fold = folds(len(photos))
    ranks: list[int] = []
    for number in range(FOLDS):
        pool = np.flatnonzero((fold == number) & scenes)
        asked = np.flatnonzero(np.isin(photo_of, pool))
        scores = learn_on(fold != number)(sentences[asked]) @ photos[pool].T
        own = scores[np.arange(len(asked)), np.searchsorted(pool, photo_of[asked])]
        ranks += (scores > own[:, None]).sum(axis=1).tolist()
    return float(np.mean(np.array(ranks) < 1)), float(np.mean(np.array(ranks) < 10))


def mean_precision(scores: Sequence[Floats], labels: Labels) -> float:
    """Return the mean average precision of the category queries, given the scores of the labelled photos for each."""
    names = np.array(labels.photos)
    relevant = [np.isin(names, sorted(query.relevant)) for query in labels.queries]
    return float(np.mean([average_precision(row, truth) for row, truth in zip(scores, relevant, strict=True)]))
