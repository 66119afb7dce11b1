"""``photofind evaluate``: how much of the truth each nprobe finds of this library, and how long that takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED, interruptible
from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.indexing.decoder import lower_priority
from photofind.core.library import Library
from photofind.core.settings import Settings

_HEAD = ("nprobe", "recall@1", "recall@10", "recall@100", "median ms", "p95 ms")


def run_evaluate(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Measure, keep and print; return the exit status."""
    if arguments.labels is not None:
        from photofind.cli.labels import run_labels

        return run_labels(arguments, library, settings)
    if settings.priority == "low":
        lower_priority()
    with (
        Library(library, settings) as opened,
        interruptible() as control,
        ProgressBar({"calibrate": "Measuring"}, "photos") as bar,
    ):
        calibrator = opened.calibrator(control, arguments.queries)
        for progress in calibrator.run():
            bar.show(progress.phase, progress.done, progress.total)
    if calibrator.accuracy is None:
        output.tell("Stopped; what was measured before still counts.")
        return INTERRUPTED
    if calibrator.problem:
        output.tell(calibrator.problem)
    _print(calibrator.accuracy, settings, as_json=arguments.json)
    return 0


def _print(accuracy: Accuracy, settings: Settings, *, as_json: bool) -> None:
    default = accuracy.cheapest(settings.default_recall)
    if as_json:
        output.document(_document(accuracy, default))
        return
    rows = [_HEAD, *map(_row, accuracy.points)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, point in zip(rows, (None, *accuracy.points), strict=True):
        mark = "  (default)" if point is default else ""
        output.line("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + mark)
    output.line(
        f"{accuracy.queries:,} photos were asked for their nearest among {accuracy.vectors:,}; comparing with all"
        f" takes {accuracy.exact_ms:.1f} ms; the standard error of recall@10 is at most {_error(accuracy):.4f}."
    )
    if default.recall_at_10 < settings.default_recall:
        output.tell(f"No nprobe reaches the wanted recall of {settings.default_recall:g}; the highest is the default.")


def _row(point: OperatingPoint) -> tuple[str, ...]:
    shares = (point.recall_at_1, point.recall_at_10, point.recall_at_100)
    times = (point.ms_median, point.ms_p95)
    return (str(point.nprobe), *(f"{share:.3f}" for share in shares), *(f"{ms:.2f}" for ms in times))


def _document(accuracy: Accuracy, default: OperatingPoint) -> dict[str, Any]:
    return {
        "curve": [
            {
                "nprobe": point.nprobe,
                "recall_at_1": round(point.recall_at_1, 5),
                "recall_at_10": round(point.recall_at_10, 5),
                "recall_at_100": round(point.recall_at_100, 5),
                "standard_error": round(point.error_at_10, 5),
                "ms_median": round(point.ms_median, 4),
                "ms_p95": round(point.ms_p95, 4),
            }
            for point in accuracy.points
        ],
        "default_nprobe": default.nprobe,
        "queries": accuracy.queries,
        "vectors": accuracy.vectors,
        "exact_ms": round(accuracy.exact_ms, 4),
        "standard_error": round(_error(accuracy), 5),
        "pack": accuracy.pack_key,
        "epoch": accuracy.epoch_id,
    }


def _error(accuracy: Accuracy) -> float:
    return max(point.error_at_10 for point in accuracy.points)
