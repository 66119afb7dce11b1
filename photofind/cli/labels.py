"""``photofind evaluate --labels``: how well photos that belong together are found."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED, interruptible
from photofind.core.evaluation.labelled import PHASE, LabelEvaluator, LabelReport
from photofind.core.evaluation.retrieval import CONFUSED_AT, FOUND_AT, RetrievalResult
from photofind.core.library import Library
from photofind.core.settings import Settings

_SHOWN = 10


def run_labels(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Measure and print; return the exit status."""
    with Library(library, settings) as opened:
        nprobe = opened.index_shape().default_nprobe
    report = _measured(arguments, library, settings, nprobe)
    if report is None:
        output.tell("Stopped; nothing was measured.")
        return INTERRUPTED
    if arguments.json:
        output.document(document(report))
    else:
        _tell(report)
    return 0


def _measured(arguments: argparse.Namespace, library: Path, settings: Settings, nprobe: int) -> LabelReport | None:
    with (
        LabelEvaluator(library, arguments.labels, candidates_per_hit=settings.rerank_candidates) as evaluator,
        interruptible() as control,
        ProgressBar({PHASE: "Asking"}, "photos") as bar,
    ):
        for moment in evaluator.run(nprobe, arguments.precision, arguments.queries, control):
            bar.show(moment.phase, moment.done, moment.total)
        return evaluator.report


def document(report: LabelReport) -> dict[str, Any]:
    """Return what was measured as JSON has it; ``confusions`` maps each label to the labels voted and their numbers."""
    labels, result, index = report.labels, report.result, report.index
    confusions: dict[str, dict[str, int]] = {}
    for (label, voted), count in result.confusions.items():
        confusions.setdefault(label, {})[voted] = count
    return {
        "photos": len(labels.vids),
        "labels": len(labels.names),
        "queries": result.queries,
        "unlabelled": labels.unlabelled,
        "contradictory": labels.contradictory,
        "unknown": labels.unknown,
        "alone": report.alone,
        "map": result.mean_ap,
        "precision": _by_k(result.precision),
        "recall": _by_k(result.recall),
        "hits": _by_k(result.hits),
        "accuracy": _by_k(result.accuracy),
        "threshold": _threshold(result),
        "index": {
            "queries": index.queries,
            "depth": index.depth,
            "nprobe": index.nprobe,
            "nlist": index.nlist,
            "compares_all": index.compares_all,
            "exact_map": index.exact_ap,
            "index_map": index.index_ap,
            "exact_ms": index.exact_ms,
            "index_ms": index.index_ms,
        },
        "per_label": [
            {
                "label": each.label,
                "photos": each.photos,
                "queries": each.queries,
                "map": each.mean_ap,
                "accuracy": each.accuracy,
            }
            for each in result.labels
        ],
        "confusions": confusions,
        "seconds": report.seconds,
    }


def _by_k(values: dict[int, float]) -> dict[str, float]:
    return {str(k): value for k, value in values.items()}


def _threshold(result: RetrievalResult) -> dict[str, float | None]:
    wanted: dict[str, float | None] = {
        "wanted_precision": result.wanted_precision,
        "best_precision": result.best_precision,
    }
    found = result.threshold
    if found is None:
        return {**wanted, **dict.fromkeys(("cosine", "distance", "precision", "recall"))}
    return {
        **wanted,
        "cosine": found.cosine,
        "distance": found.distance,
        "precision": found.precision,
        "recall": found.recall,
    }


def _tell(report: LabelReport) -> None:
    labels, result, index = report.labels, report.result, report.index
    output.line(f"Photos      {len(labels.vids):,} of {len(labels.names):,} labels, {result.queries:,} asked")
    for count, what in (
        (report.alone, "the only ones of their label: compared with, not asked"),
        (labels.unlabelled, "others without a label, left out"),
        (labels.contradictory, "of these are copies with different labels"),
        (labels.unknown, "paths of the file are not in the library"),
    ):
        if count:
            output.line(f"            {count:,} {what}")
    output.line(f"mAP         {result.mean_ap:.4f}")
    output.line(" " * 12 + "".join(f"@{k}".rjust(9) for k in FOUND_AT))
    for name, values in (
        ("Precision", result.precision),
        ("Recall", result.recall),
        ("Hits", result.hits),
        ("Accuracy", result.accuracy),
    ):
        cells = "".join(f"{values[k]:9.4f}" if k in values else " " * 9 for k in FOUND_AT)
        output.line(f"{name:12}{cells}".rstrip())
    way = "every photo is compared" if index.compares_all else f"nprobe {index.nprobe} of {index.nlist:,}"
    output.line(
        f"Index       mAP of the first {index.depth:,} answers {index.index_ap:.4f} in {index.index_ms:.2f} ms ({way}),"
        f" exact {index.exact_ap:.4f} in {index.exact_ms:.2f} ms; {index.queries:,} photos asked"
    )
    output.line(f"Threshold   {_threshold_words(result)}")
    _tell_labels(result)


def _threshold_words(result: RetrievalResult) -> str:
    found = result.threshold
    if found is None:
        return (
            f"none gives a precision of {result.wanted_precision:.2%} between pairs of photos;"
            f" the best is {result.best_precision:.2%}"
        )
    return (
        f"cosine {found.cosine:.4f} (distance {found.distance:.4f}): of the pairs above it {found.precision:.2%} have"
        f" the same label, {found.recall:.2%} of all that do"
    )


def _tell_labels(result: RetrievalResult) -> None:
    wrong = [(pair, count) for pair, count in result.confusions.items() if pair[0] != pair[1]]
    if wrong:
        output.line(f"Confused    by the {CONFUSED_AT} nearest, most often first; --json has the whole table")
        for (label, voted), count in wrong[:_SHOWN]:
            output.line(f"{count:10,}  {label} taken for {voted}")
    worst = sorted(result.labels, key=lambda each: each.mean_ap)[:_SHOWN]
    output.line("Labels      lowest mAP first" if len(result.labels) > len(worst) else "Labels")
    for each in worst:
        output.line(f"    {each.mean_ap:.4f}  {each.label} ({each.photos:,} photos, {each.accuracy:.0%} voted rightly)")
