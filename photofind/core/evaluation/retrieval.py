"""How well photos that belong together are found: the measures of image retrieval, one query after another.

::

    scores of a query ──▶ ranking of all others ──▶ average precision, precision, recall and hits at k, the label voted
                      └─▶ histogram of cosines, same label against other ──▶ the threshold for a wanted precision

Each query is left out of its own ranking; equal scores stand in the order of their ids, as in every answer.

* mAP: the mean over queries of the average precision over the whole ranking, without interpolation (Manning, Raghavan
  and Schütze, "Introduction to Information Retrieval", 2008, section 8.4).
* Precision at k: the share of the first k that have the query's label. Recall at k: the share of the others of its
  label that are among the first k. Hits at k: the share of queries with one of their label among the first k, which
  papers on metric learning call recall@k (Oh Song, Xiang, Jegelka and Savarese 2016).
* Accuracy at k: the k nearest vote for their labels, each with its cosine; of equal votes the nearest photo decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

PRECISION_AT = (1, 5, 10)
FOUND_AT = (1, 5, 10, 100)
VOTERS = (1, 5)
CONFUSED_AT = 5
"""So many voters fill the confusion table."""

_BINS = 20_000
"""Of cosines, -1 to 1: one ten-thousandth each."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A cosine from which on pairs of photos have one label as surely as was wanted.

    ``precision`` is the share of the pairs at or above ``cosine`` whose photos have the same label, ``recall`` the
    share of all pairs of a label that are kept. ``distance`` is 1 - cosine.
    """

    cosine: float
    precision: float
    recall: float

    @property
    def distance(self) -> float:
        """The cosine distance, 0 for the same picture."""
        return 1 - self.cosine


@dataclass(frozen=True, slots=True)
class LabelResult:
    """What was measured of one label: its photos, how many were asked for, their mAP and the share voted rightly."""

    label: str
    photos: int
    queries: int
    mean_ap: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """The means over all queries; the mappings are from k. ``confusions`` counts (label, label voted), right ones too.

    ``threshold`` is None when no cosine gives the wanted precision; ``best_precision`` is the highest that one does.
    """

    queries: int
    mean_ap: float
    precision: dict[int, float]
    recall: dict[int, float]
    hits: dict[int, float]
    accuracy: dict[int, float]
    labels: tuple[LabelResult, ...]
    confusions: dict[tuple[str, str], int]
    wanted_precision: float
    threshold: Threshold | None
    best_precision: float


def ranking(scores: Scores, own: int) -> Ids:
    """Return the ids of all others, best first, for the scores of one query with everything, shape (n,)."""
    order: Ids = np.argsort(-scores, kind="stable")
    others: Ids = order[order != own]
    return others


def average_precision(hits: npt.NDArray[np.bool_], relevant: int) -> float:
    """Return the average precision of a ranking, or of the part of it that was found.

    Parameters
    ----------
    hits
        Shape (n,), best first: which are relevant.
    relevant
        How many there are; those that were not found count 0.
    """
    places = np.flatnonzero(hits)
    return float((np.arange(1, len(places) + 1) / (places + 1)).sum() / relevant) if relevant else 0.0


def vote(labels: Ids, scores: Scores) -> int:
    """Return the label of most weight among the nearest photos, best first; a cosine below 0 has no vote."""
    names, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    weights = np.bincount(inverse.reshape(-1), np.maximum(scores, 0).astype(np.float64))
    return int(names[np.lexsort((first, -weights))[0]])


class RetrievalTally:
    """Adds up queries.

    Parameters
    ----------
    labels
        Of every photo, shape (n,), as places in ``names``.
    """

    def __init__(self, labels: Ids, names: Sequence[str]) -> None:
        self._labels = labels
        self._names = names
        self._sizes = np.bincount(labels, minlength=len(names))
        self._queries = 0
        self._precision = dict.fromkeys(PRECISION_AT, 0.0)
        self._recall = dict.fromkeys(FOUND_AT, 0.0)
        self._hits = dict.fromkeys(FOUND_AT, 0.0)
        self._right = dict.fromkeys(VOTERS, 0.0)
        self._asked = np.zeros(len(names), np.int64)
        self._ap = np.zeros(len(names))
        self._confusions: Counter[tuple[int, int]] = Counter()
        self._pairs = np.zeros((2, _BINS + 1), np.int64)

    def take(self, scores: Scores, own: int) -> None:
        """Add one query: its cosines with every photo, shape (n,), and which one it is; its label has other photos."""
        label = int(self._labels[own])
        order = ranking(scores, own)
        hits = self._labels[order] == label
        relevant = int(self._sizes[label]) - 1
        self._queries += 1
        self._asked[label] += 1
        self._ap[label] += average_precision(hits, relevant)
        for k in PRECISION_AT:
            self._precision[k] += float(hits[:k].sum()) / k
        for k in FOUND_AT:
            self._recall[k] += float(hits[:k].sum()) / relevant
            self._hits[k] += bool(hits[:k].any())
        for k in VOTERS:
            voted = vote(self._labels[order[:k]], scores[order[:k]])
            self._right[k] += voted == label
            if k == CONFUSED_AT:
                self._confusions[label, voted] += 1
        self._count_pairs(scores[order], hits)

    def result(self, precision: float) -> RetrievalResult:
        """Return the means, and the threshold for a wanted precision; at least one query must have been taken."""
        threshold, best = self._threshold(precision)
        names, asked = self._names, int(self._queries)

        def mean(sums: dict[int, float]) -> dict[int, float]:
            return {k: total / asked for k, total in sums.items()}

        return RetrievalResult(
            asked,
            float(self._ap.sum()) / asked,
            mean(self._precision),
            mean(self._recall),
            mean(self._hits),
            mean(self._right),
            tuple(self._label(int(label)) for label in np.flatnonzero(self._asked)),
            {(names[label], names[voted]): count for (label, voted), count in self._confusions.most_common()},
            precision,
            threshold,
            best,
        )

    def _label(self, label: int) -> LabelResult:
        asked = int(self._asked[label])
        right = self._confusions[label, label]
        return LabelResult(
            self._names[label], int(self._sizes[label]), asked, float(self._ap[label]) / asked, right / asked
        )

    def _count_pairs(self, scores: Scores, hits: npt.NDArray[np.bool_]) -> None:
        bins = np.clip((scores.astype(np.float64) + 1) * (_BINS / 2), 0, _BINS).astype(np.int64)
        self._pairs[0] += np.bincount(bins, minlength=_BINS + 1)
        self._pairs[1] += np.bincount(bins[hits], minlength=_BINS + 1)

    def _threshold(self, wanted: float) -> tuple[Threshold | None, float]:
        """Return the lowest cosine from which on pairs are as precise as wanted, and the best precision of any."""
        every, same = np.cumsum(self._pairs[:, ::-1], axis=1)
        precision = np.divide(same, every, out=np.zeros(_BINS + 1), where=every > 0)
        enough = np.flatnonzero((precision >= wanted) & (same > 0))
        best = float(precision.max())
        if not len(enough):
            return None, best
        at = int(enough[-1])
        # The bins below it that hold nothing would move it down for no pair: keep to the one that holds the last.
        at = int(np.flatnonzero(every == every[at])[0])
        cosine = round((_BINS - at) / (_BINS / 2) - 1, 4)
        return Threshold(cosine, float(precision[at]), float(same[at] / same[-1])), best
