"""``photofind bench``: measures a benchmark table and prints it, as Markdown, CSV or JSON, and as a chart."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from pathlib import Path

from photofind.cli import output
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED, interruptible
from photofind.core.actions import ProtectedFolders
from photofind.core.errors import QueryError
from photofind.core.evaluation.charts import check_chart, draw
from photofind.core.evaluation.tables.registry import TABLES, vectors_made, vectors_of
from photofind.core.evaluation.tables.result import BenchTable, Options
from photofind.core.evaluation.tables.vectors import VectorSet
from photofind.core.evaluation.writing import check_target, csv_text, document, markdown, write_table
from photofind.core.library import Library
from photofind.core.progress import Control
from photofind.core.settings import Settings

_PHASES = {"bench": "Measuring"}
_MOST_STRINGS = {"factory": 1_000, "expansion": 1, "peers": 20}


class _StoppedError(Exception):
    """Ctrl-C between two steps."""


def run_bench(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Measure a table, print it and write what was asked for; return the exit status."""
    if len(arguments.factory) > _MOST_STRINGS.get(arguments.table, 0):
        raise QueryError(
            f"The table {arguments.table} takes no strings like {' '.join(arguments.factory)!r}; only factory does,"
            " expansion takes one CSV file of labels, and peers the names of programs."
        )
    targets = [Path(os.path.abspath(name)) if name is not None else None for name in (arguments.out, arguments.chart)]
    out, chart = targets
    is_ours = ProtectedFolders([str(library)]).covers
    if out is not None:
        check_target(out, is_ours=is_ours)
    if chart is not None:
        check_chart(chart, is_ours)
    try:
        with interruptible(abruptly=True) as control:
            table = _measure(arguments, library, settings, control)
    except _StoppedError:
        output.tell("Stopped; a table is measured in one run, so that nothing of it is kept.")
        return INTERRUPTED
    _show(table, arguments)
    if out is not None:
        write_table(table, out, is_ours)
        output.tell(f"Table written to {out}")
    if chart is not None:
        draw(table, chart, is_ours)
        output.tell(f"Chart written to {chart}")
    return 0


def _measure(arguments: argparse.Namespace, library: Path, settings: Settings, control: Control) -> BenchTable:
    vectors = _vectors(arguments, library, settings)
    options = Options(strings=tuple(arguments.factory), library=library if vectors.source == "library" else None)

    def check() -> None:
        if control.stopping:
            raise _StoppedError

    check()
    with ProgressBar(_PHASES, "rows") as display:
        for step in TABLES[arguments.table].make()(vectors, options, check):
            if isinstance(step, BenchTable):
                return step
            display.show(step.phase, step.done, step.total)
    raise AssertionError(f"{arguments.table} made no table")


def _vectors(arguments: argparse.Namespace, library: Path, settings: Settings) -> VectorSet:
    if arguments.generated is not None:
        return vectors_made(arguments.table, arguments.generated, arguments.queries)
    with closing(Library(library, settings)) as opened:
        return vectors_of(arguments.table, opened, arguments.queries)


def _show(table: BenchTable, arguments: argparse.Namespace) -> None:
    if arguments.json:
        output.document(document(table))
        return
    text = csv_text(table) if arguments.format == "csv" else markdown(table)
    for line in text.splitlines():
        output.line(line)
