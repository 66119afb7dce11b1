"""The health of the index, for people and as a document."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from photofind.cli import output
from photofind.core.health import Drift, IndexHealth, ListSizes, Reason, Unindexed

_UNINDEXED = {
    Unindexed.EMPTY: "none yet: there are no embeddings",
    Unindexed.FEW: "none: so few embeddings are compared one by one",
    Unindexed.WAITING: "none yet: the next `photofind index` makes it",
}
_REASONS = {
    Reason.DAMAGED: "its files are damaged",
    Reason.NEW: "there is none yet",
    Reason.GROWN: "the library has grown far beyond what it was trained on; the next `photofind index` does it",
    Reason.SHRUNK: "the library has shrunk to a part of what it was trained on",
    Reason.RULE: "the settings ask for another number of lists",
    Reason.IMBALANCE: "some lists are much longer than others",
    Reason.DRIFT: "photos that came since are of another kind",
}


def health_document(health: IndexHealth) -> dict[str, Any]:
    """Return the health as a JSON document."""
    document = asdict(health)
    document["reclustering"]["worth"] = health.reclustering.worth
    return document


def health_lines(health: IndexHealth) -> Iterator[str]:
    """Yield the health line by line, for people."""
    for problem in health.problems:
        yield f"Damaged   {problem}"
    if health.unindexed is not None:
        yield f"Lists     {_UNINDEXED[health.unindexed]}"
    if health.lists is not None and health.imbalance is not None:
        yield _lists(health.lists, health.imbalance)
    for segment in health.segments:
        yield f"Segment   {segment.vectors:,} embeddings, {segment.dead:,} dead, {output.size(segment.bytes)}"
    if health.dead:
        yield (
            f"Dead      {health.dead:,} embeddings of photos that are gone,"
            f" {output.size(health.dead_row_bytes)} of {output.size(health.row_bytes)} that stay in the store"
        )
    if health.nlist:
        yield _training(health)
    if health.drift is not None:
        yield _drift(health.drift)
    yield from _measures(health)


def _lists(lists: ListSizes, imbalance: float) -> str:
    return (
        f"Lists     {lists.shortest:,} to {lists.longest:,} embeddings, median {lists.median:,.0f},"
        f" {lists.empty:,} empty, imbalance {imbalance:.2f} (1 is even)"
    )


def _training(health: IndexHealth) -> str:
    when = "at an unknown time"
    if health.trained_at is not None:
        when = datetime.datetime.fromtimestamp(health.trained_at).strftime("%Y-%m-%d %H:%M")
    since = f", {health.newcomers:,} have come since" if health.newcomers is not None else ""
    return f"Trained   {when} on {health.trained_on:,} embeddings{since}"


def _drift(drift: Drift) -> str:
    which = "newer" if drift.newcomers else "all"
    return (
        f"Drift     of {drift.sampled:,} among {which} embeddings: distance to centroids {drift.distance:.3f}"
        f"{_then(drift.distance_then, '.3f')}, components clipped {drift.clipped:.2%}{_then(drift.clipped_then, '.2%')}"
    )


def _then(value: float | None, form: str) -> str:
    return f" ({value:{form}} when trained)" if value is not None else ""


def _measures(health: IndexHealth) -> Iterator[str]:
    compaction, reclustering = health.compaction, health.reclustering
    steps = []
    if compaction.dead:
        steps.append(f"{compaction.dead:,} dead go")
    if compaction.segments_after < compaction.segments_before:
        steps.append(f"{compaction.segments_before} segments become {compaction.segments_after}")
    if steps:
        yield (
            f"Compact   {', '.join(steps)}, {output.size(compaction.bytes_freed)} less,"
            f" about {output.duration(compaction.seconds)}"
            f"{': worth it, see `photofind doctor --compact`' if compaction.worth else ''}"
        )
    if reclustering.reason is not None:
        yield (
            f"Train     anew: {_REASONS[reclustering.reason]}; {reclustering.nlist_before:,} lists become"
            f" {reclustering.nlist_after:,}, about {output.duration(reclustering.seconds)},"
            " see `photofind doctor --recluster`"
        )
