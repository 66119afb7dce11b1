"""The numbers of the index: how many inverted lists, when to seal, merge, compact and re-cluster.

nlist grows with the library in steps, each with at least 39 vectors a list to train on, as faiss' k-means asks for
(Faiss wiki, "Guidelines to choose an index"). Whoever wants them finer may have a multiple of the square root instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.records import Segment
from photofind.core.settings import Settings

_NLIST_STEPS = ((10_000, 1), (20_000, 128), (50_000, 256), (200_000, 1024), (1_000_000, 4096), (4_000_000, 8192))
_NLIST_BEYOND = 16_384
_ROOT_FACTORS = {"4-sqrt-n": 4, "8-sqrt-n": 8, "16-sqrt-n": 16}
_MOST_LISTS = 65_536
FEWEST_A_LIST = 39
_ONE_LIST = _NLIST_STEPS[0][0]
_FULLY_TRAINED = 4_096
_SURE_A_LIST = 40
_FINE_NLIST = 4096
_PROBED_OF_FINE = 8_192
_PROBED_OF_COARSE = 16_384
_FEWEST_PROBED = 32

MIN_SEALED = 1_024
"""A delta smaller than this stays in memory after a run: searching it costs less than one more segment."""

MAX_DELTA = 16_384
"""A delta this large is sealed in the middle of a run."""

MAX_SEGMENT = 262_144
"""No segment is built of more vids, or merged as the library grows: it bounds the writer's memory while it builds one
(136 MB at 512 dimensions), and what it writes again when photos are added."""

MAX_COMPACTED = 2_097_152
"""Compaction joins segments as far as this: one file is searched in half the time of eight. No file is over 1.1 GB."""

MERGE_GROWTH = 4
"""Segments of the next size class are so many times larger."""

MAX_DEAD_SHARE = 0.2
"""A segment with a larger share of dead vectors is rewritten without them."""

RECLUSTER_GROWTH = 4.0
"""The index is trained anew when it holds so many times the vectors it was trained on."""

RECLUSTER_SLACK = 1.25
"""A library may outgrow a step of nlist by so much: a few more photos must not cost minutes of training at once."""


_CLASS_LIMITS = (
    *(MIN_SEALED * MERGE_GROWTH**power for power in (1, 2, 3)),
    MAX_SEGMENT // 2,  # two runs below it stay within MAX_SEGMENT; what has reached it is never merged again
)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What the user chose of how the index is trained: the rule for nlist, and k-means' vectors for each list."""

    nlist_rule: str = "auto"
    training_vectors: int = 64

    @classmethod
    def of(cls, settings: Settings) -> Tuning:
        """Take it from the settings."""
        return cls(settings.nlist_rule, settings.training_vectors)


USUAL = Tuning()
"""What holds where the user chose nothing."""


def nlist_for(vectors: int, rule: str = "auto") -> int:
    """Return the number of inverted lists for so many live vectors.

    "auto" goes by steps; "8-sqrt-n" is 8·√N, rounded to a power of two, with at least 39 vectors a list and at most
    65,536 lists. Up to 10,000 vectors there is one list by every rule.
    """
    if rule != "auto" and vectors > _ONE_LIST:
        wanted = round(math.log2(_ROOT_FACTORS[rule] * math.sqrt(vectors)))
        trainable = int(math.log2(vectors / FEWEST_A_LIST))
        return min(1 << min(wanted, trainable), _MOST_LISTS)
    for limit, nlist in _NLIST_STEPS:
        if vectors <= limit:
            return nlist
    return _NLIST_BEYOND


def training_rows(nlist: int, per_list: int = 64) -> int:
    """Return how many vectors k-means sees: ``per_list`` for each list, at least 10,000.

    It bounds the memory of training: no more than for 4,096 lists, half a GB as float32 at 512 dimensions with 64 a
    list and two with 256, but never fewer than 40 a list, 1.3 GB for 16,384 lists.
    """
    return max(10_000, min(per_list * nlist, max(per_list * _FULLY_TRAINED, _SURE_A_LIST * nlist)))


def default_nprobe(nlist: int, vectors: int) -> int:
    """Return how many lists a query probes when the user names no number: as many as hold some thousand vectors.

    Finer lists need fewer of them: measured on generated vectors of which nprobe 1 finds half the neighbours
    (``tests/benchmarks/bench_scale.py``), this finds at least 95 of 100 at 100,000 photos and 98 at a million, in 1 to
    3 ms at any size.
    """
    probed = _PROBED_OF_FINE if nlist >= _FINE_NLIST else _PROBED_OF_COARSE
    return min(nlist, max(_FEWEST_PROBED, -(-probed * nlist // max(vectors, 1))))


def needs_recluster(nlist: int, trained_on: int, vectors: int, rule: str = "auto") -> bool:
    """Tell whether an index trained on ``trained_on`` vectors should be trained anew for ``vectors``.

    It asks whether the library has grown, not whether the user chose another rule since: that costs minutes of training
    when the user wants it, not when the next photo comes.
    """
    outgrown = nlist_for(int(vectors / RECLUSTER_SLACK), rule) > max(nlist, nlist_for(trained_on, rule))
    return outgrown or vectors > RECLUSTER_GROWTH * max(trained_on, 1)


def plan_merge(segments: Sequence[Segment]) -> list[Segment]:
    """Return the neighbouring segments that should become one, or nothing.

    Size classes grow by :data:`MERGE_GROWTH`, as in a log-structured merge tree. Neighbours of a class and smaller ones
    are merged once they reach the next class together: a vector is rewritten at most once per class, and what stays of
    a class between two larger segments is less than one segment of the next. ``segments`` are in the order of vids.
    """
    for limit in _CLASS_LIMITS:
        run: list[Segment] = []
        for segment in segments:
            if span_of(segment) >= limit:
                run = []
                continue
            run.append(segment)
            if sum(map(span_of, run)) >= limit:
                return run
    return []


def plan_compaction(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return all segments in the groups of neighbours that may become one each: as few as :data:`MAX_COMPACTED` allows.

    ``segments`` are in the order of vids.
    """
    groups: list[list[Segment]] = []
    for segment in segments:
        if groups and segment.end_vid - groups[-1][0].first_vid <= MAX_COMPACTED:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups


def dead_in(segment: Segment, dead: npt.NDArray[np.bool_]) -> int:
    """Return how many dead vectors a segment still holds; ``dead`` flags every vid of the row store."""
    return segment.count - int((~dead[segment.first_vid : segment.end_vid]).sum())


def span_of(segment: Segment) -> int:
    """Return how many vids a segment covers, those of dead vectors too."""
    return segment.end_vid - segment.first_vid
