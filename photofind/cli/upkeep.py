"""``photofind doctor --compact`` and ``--recluster``: the index made compact, or trained anew."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import interruptible
from photofind.core.health import IndexHealth
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings

_PHASES = {"compact": "Compacting the index", "recluster": "Training the index anew"}
_KEYS = {"compact": "compacted", "recluster": "reclustered"}

Outcomes = dict[str, dict[str, Any]]
"""What became of each task, by its key in the document; not ``done`` when it was stopped."""


def chosen_tasks(arguments: argparse.Namespace) -> list[str]:
    """Return the tasks that the user named, in the order in which they are done."""
    return [task for task in ("recluster", "compact") if getattr(arguments, task)]


def tend(tasks: Sequence[str], library: Path, settings: Settings) -> Outcomes:
    """Carry out tasks one after the other; Ctrl-C ends the one under way, and the index stays sound."""
    outcomes = {}
    with interruptible() as control:
        for task in tasks:
            before, started = _health(library, settings), time.monotonic()
            with LibraryWriter(library, settings, control) as writer, ProgressBar(_PHASES, "embeddings") as bar:
                for progress in writer.compact() if task == "compact" else writer.recluster():
                    bar.show(task, progress.done, progress.total)
            seconds = round(time.monotonic() - started, 3)
            after = _health(library, settings)
            compare = _compacted if task == "compact" else _reclustered
            outcomes[_KEYS[task]] = {"done": not control.stopping, "seconds": seconds, **compare(before, after)}
    return outcomes


def outcome_lines(outcomes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what became of the tasks, for people."""
    for key, outcome in outcomes.items():
        if not outcome["done"]:
            yield "Stopped   the index goes on to serve as it is"
        elif key == "compacted" and not outcome["segments_before"]:
            yield "Compacted nothing: there is no index yet"
        elif key == "compacted":
            yield (
                f"Compacted {outcome['segments_before']} segments into {outcome['segments_after']},"
                f" {outcome['dead']:,} dead embeddings dropped, {output.size(max(0, outcome['bytes_freed']))} less"
            )
        elif outcome["nlist_after"]:
            yield (
                f"Trained   anew: {outcome['nlist_after']:,} inverted lists, before {outcome['nlist_before']:,},"
                f" imbalance {outcome['imbalance_after']:.2f}"
            )
        else:
            yield "Trained   nothing: so few embeddings are compared one by one"


def _health(library: Path, settings: Settings) -> IndexHealth:
    with Library(library, settings) as opened:
        return opened.health()


def _compacted(before: IndexHealth, after: IndexHealth) -> dict[str, Any]:
    return {
        "segments_before": len(before.segments),
        "segments_after": len(after.segments),
        "dead": before.compaction.dead - after.compaction.dead,
        "bytes_freed": before.index_bytes - after.index_bytes,
    }


def _reclustered(before: IndexHealth, after: IndexHealth) -> dict[str, Any]:
    return {
        "nlist_before": before.nlist,
        "nlist_after": after.nlist,
        "imbalance_before": before.imbalance,
        "imbalance_after": after.imbalance,
    }
