"""What a calibration found out about a library's index: how much of the truth each nprobe finds, and how long it takes.

Plain data, measured by ``core/evaluation`` on the library's own photos, kept beside the catalog, and read by the search
for its default, by the slider for its labels and by whoever draws the curve.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

OUTGROWN = 1.25
"""A calibration counts no more for a library with so many times the vectors, or so many times fewer."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What searches with one nprobe find and take.

    ``recall_at_k`` is the share, 0 to 1, of the k nearest photos that are among the first k found; ``error_at_10`` is
    the standard error of the second one. Milliseconds are those of a search for 100 neighbours on this machine.
    """

    nprobe: int
    recall_at_1: float
    recall_at_10: float
    recall_at_100: float
    error_at_10: float
    ms_median: float
    ms_p95: float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A calibration of one epoch of an index, searched in one way.

    ``points`` are in the order of nprobe: 1, 2, 4 … up to the number of inverted lists. ``epoch_id`` is empty where
    there is no index and every search compares all ``vectors``. ``queries`` photos were asked for and left out of their
    own answers; ``candidates_per_hit`` is how many were compared by their exact embeddings for each wanted one.
    ``exact_ms`` is the median of comparing with every photo, ``measured_at`` seconds since 1970.
    """

    pack_key: str
    epoch_id: str
    vectors: int
    queries: int
    candidates_per_hit: int
    measured_at: float
    exact_ms: float
    points: tuple[OperatingPoint, ...]

    def at(self, nprobe: int) -> OperatingPoint:
        """Return what searches with ``nprobe`` reach at least: the point at it or the last one before it."""
        place = bisect_right([point.nprobe for point in self.points], nprobe)
        return self.points[max(0, place - 1)]

    def cheapest(self, recall: float) -> OperatingPoint:
        """Return the first point whose recall@10 is ``recall`` or more; the last one where none reaches it."""
        return next((point for point in self.points if point.recall_at_10 >= recall), self.points[-1])

    def holds_for(self, pack_key: str, epoch_id: str, vectors: int, candidates_per_hit: int) -> bool:
        """Tell whether it still tells the truth of an index that is searched with so many candidates for each hit.

        It does of the same epoch, grown or shrunk by less than a quarter. Without an index there are no candidates.
        """
        return (
            (self.pack_key, self.epoch_id) == (pack_key, epoch_id)
            and (not epoch_id or self.candidates_per_hit == candidates_per_hit)
            and vectors < self.vectors * OUTGROWN
            and self.vectors < vectors * OUTGROWN
        )
