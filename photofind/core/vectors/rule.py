"""The numbers of the index: how many inverted lists, when to seal, merge, compact and re-cluster.

nlist grows with the library in steps, each between 39 and 256 vectors a list, the range that faiss' k-means asks for
(Faiss wiki, "Guidelines to choose an index").
"""

from __future__ import annotations

from collections.abc import Sequence

from photofind.core.records import Segment

_NLIST_STEPS = ((10_000, 1), (50_000, 256), (200_000, 1024), (1_000_000, 4096), (4_000_000, 8192))
_NLIST_BEYOND = 16_384
_FINE_NLIST = 4096
_PROBED_OF_FINE = 8_192
_PROBED_OF_COARSE = 16_384
_FEWEST_PROBED = 32

MIN_SEALED = 1_024
"""A delta smaller than this stays in memory after a run: searching it costs less than one more segment."""

MAX_DELTA = 16_384
"""A delta this large is sealed in the middle of a run."""

MAX_SEGMENT = 262_144
"""No segment spans more vids: it bounds the writer's memory while it builds or merges (136 MB at 512 dimensions)."""

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


def nlist_for(vectors: int) -> int:
    """Return the number of inverted lists for so many live vectors."""
    for limit, nlist in _NLIST_STEPS:
        if vectors <= limit:
            return nlist
    return _NLIST_BEYOND


def training_rows(nlist: int) -> int:
    """Return how many vectors k-means sees: 64 a list, but beyond 262,144 (half a GB as float32) only 40 a list."""
    return max(10_000, min(64 * nlist, max(262_144, 40 * nlist)))


def default_nprobe(nlist: int, vectors: int) -> int:
    """Return how many lists a query probes when the user names no number: as many as hold some thousand vectors.

    Finer lists need fewer of them: measured on generated vectors of which nprobe 1 finds half the neighbours
    (``tests/benchmarks/bench_scale.py``), this finds at least 95 of 100 at 100,000 photos and 98 at a million, in 1 to
    3 ms at any size.
    """
    probed = _PROBED_OF_FINE if nlist >= _FINE_NLIST else _PROBED_OF_COARSE
    return min(nlist, max(_FEWEST_PROBED, -(-probed * nlist // max(vectors, 1))))


def needs_recluster(nlist: int, trained_on: int, vectors: int) -> bool:
    """Tell whether an index trained on ``trained_on`` vectors should be trained anew for ``vectors``."""
    outgrown = nlist_for(int(vectors / RECLUSTER_SLACK)) > nlist
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


def span_of(segment: Segment) -> int:
    """Return how many vids a segment covers, those of dead vectors too."""
    return segment.end_vid - segment.first_vid
