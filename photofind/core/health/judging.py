"""What compacting the index and training it anew would do, and whether it is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from photofind.core.health.report import Compaction, Drift, Reason, Reclustering, SegmentHealth
from photofind.core.records import Epoch, Segment
from photofind.core.vectors import rule
from photofind.core.vectors.building import training_work

MAX_IMBALANCE = 2.5
"""Above it queries pay more than twice for the same vectors; photos are never spread quite evenly."""

MAX_DISTANCE_GROWTH = 1.1
"""Newcomers so many times farther from their centroids are of another kind."""

MAX_CLIPPED = 0.01
MAX_CLIPPED_GROWTH = 4.0
"""Of newcomers this share of components may be clipped, and so many times that of the training, before it counts."""

_WORTH_DEAD = 0.05
_WORTH_SEGMENTS = 4
"""Each segment less saves a query 0.08 ms; a few always lie between the size classes that an update merges."""

_ENOUGH_NEW = 0.1
"""Training anew on much the same vectors gives much the same lists: so many must have come since."""

_ID_BYTES = 8
_COPIED_PER_SECOND = 400_000
_ENCODED_PER_SECOND = 150_000
_PRODUCTS_PER_SECOND = 2e10
"""Multiplications with additions of one processor; measured by training 4,096 lists at 512 dimensions with AVX2."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the judgement is made of; ``vectors`` are live ones, ``newcomers`` came after the training."""

    vectors: int
    dimension: int
    epoch: Epoch | None
    newcomers: int | None
    imbalance: float | None
    drift: Drift | None
    is_damaged: bool


def judge_compaction(segments: Sequence[Segment], healths: Sequence[SegmentHealth], dimension: int) -> Compaction:
    """Say what compaction makes of segments, in the order of their vids; ``healths`` are of the same ones."""
    if not segments:
        return Compaction()
    groups = rule.plan_compaction(segments)
    dead_of = {health.id: health.dead for health in healths}
    rewritten = [run for run in groups if len(run) > 1 or dead_of[run[0].id]]
    dead = sum(dead_of.values())
    stored = sum(segment.count for segment in segments)
    per_vector = dimension + _ID_BYTES  # a byte for each component
    overhead = segments[0].bytes - segments[0].count * per_vector
    merged = len(segments) - len(groups)
    return Compaction(
        segments_before=len(segments),
        segments_after=len(groups),
        dead=dead,
        bytes_freed=max(0, dead * per_vector + merged * overhead),
        seconds=sum(segment.count for run in rewritten for segment in run) / _COPIED_PER_SECOND,
        worth=merged >= _WORTH_SEGMENTS or dead > _WORTH_DEAD * stored,
    )


def judge_reclustering(figures: Figures, tuning: rule.Tuning, threads: int) -> Reclustering:
    """Say what training anew gives; ``threads`` would do it."""
    before = figures.epoch.nlist if figures.epoch else 0
    if figures.vectors < rule.MIN_SEALED:
        return Reclustering(before, 0, Reason.DAMAGED if figures.is_damaged else None)
    nlist = rule.nlist_for(figures.vectors, tuning.nlist_rule)
    work = training_work(figures.vectors, nlist, tuning.training_vectors) + figures.vectors
    products = float(work) * nlist * figures.dimension
    seconds = products / (_PRODUCTS_PER_SECOND * threads) + figures.vectors / _ENCODED_PER_SECOND
    return Reclustering(before, nlist, _reason(figures, tuning.nlist_rule), seconds)


def _reason(figures: Figures, nlist_rule: str) -> Reason | None:
    epoch = figures.epoch
    if figures.is_damaged:
        return Reason.DAMAGED
    if epoch is None:
        return Reason.NEW
    return _reason_by_size(epoch, figures.vectors, nlist_rule) or _reason_by_newcomers(figures)


def _reason_by_size(epoch: Epoch, vectors: int, nlist_rule: str) -> Reason | None:
    if rule.needs_recluster(epoch.nlist, epoch.trained_on, vectors, nlist_rule):
        return Reason.GROWN
    if vectors * rule.RECLUSTER_GROWTH < epoch.trained_on:
        return Reason.SHRUNK
    return Reason.RULE if rule.nlist_for(epoch.trained_on, nlist_rule) != epoch.nlist else None


def _reason_by_newcomers(figures: Figures) -> Reason | None:
    # Those of an index from before this was noted cannot be told from the others.
    if figures.newcomers is not None and figures.newcomers < _ENOUGH_NEW * figures.vectors:
        return None
    if figures.imbalance is not None and figures.imbalance > MAX_IMBALANCE:
        return Reason.IMBALANCE
    return Reason.DRIFT if figures.drift is not None and _is_drifting(figures.drift) else None


def _is_drifting(drift: Drift) -> bool:
    if not drift.newcomers or drift.distance_then is None or drift.clipped_then is None:
        return False
    is_far = drift.distance > MAX_DISTANCE_GROWTH * drift.distance_then
    return is_far or drift.clipped > max(MAX_CLIPPED, MAX_CLIPPED_GROWTH * drift.clipped_then)
