"""``peers``: the same vectors and queries through hnswlib, usearch, sqlite-vec and LanceDB, beside photofind's index.

One query at a time in one thread; builds use every processor. The milliseconds at a recall are those of the cheapest
effort of a contestant's ladder that reaches it, nothing is interpolated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from photofind.core.errors import QueryError
from photofind.core.evaluation.peers.contest import STAGES, TARGETS, Contest, Figures, StageError, workplace
from photofind.core.evaluation.peers.registry import ENTRIES, INSTALL, Entry, entry_of
from photofind.core.evaluation.tables.result import (
    BenchTable,
    ChartSpec,
    Check,
    Column,
    Options,
    Steps,
    machine_facts,
)
from photofind.core.evaluation.tables.vectors import VectorSet
from photofind.core.progress import Progress

_MB = 1e6
_NOTICEABLE = 1.15
_COLUMNS = (
    Column("peer", "program"),
    Column("version", "version"),
    Column("build_s", "build", 1, "s"),
    Column("disk_mb", "on disk", 0, "MB"),
    Column("resident_mb", "resident", 0, "MB"),
    Column("anonymous_mb", "of it anonymous", 0, "MB"),
    *(Column(f"ms_{round(100 * target)}", f"at recall {target:.2f}", 2, "ms") for target in TARGETS),
    Column("recall", "best recall@10", 3),
    Column("add_s", "add 1 %", 2, "s"),
    Column("delete_s", "delete 1 %", 2, "s"),
    Column("compact_s", "compact", 2, "s"),
    Column("added_found", "added found", 3),
    Column("came_back", "deleted that come back", 0),
)
_NOTES = (
    "Resident memory is that of a fresh process that opens the index and answers the queries at recall 0.95, or the"
    " best there is; its anonymous part is what the system cannot drop and read again.",
    "Adding and deleting end when a newly opened index would know of it. compact: giving back what deleted vectors"
    " take, empty where that means building anew. photofind marks the deleted and rewrites a segment by itself when a"
    " fifth of it is dead; its catalog of photos is not part of this, as the others have none.",
    "Ladders end at recall 0.99; slow programs are asked fewer queries, 20 s for each effort.",
)


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Measure the contestants that are installed, or those of ``options.strings``, beside photofind.

    Raises
    ------
    QueryError
        When none is installed, one is not known, or this program cannot load any.
    StorageError
        When there is too little disk.
    """
    entries = _wanted(options)
    table = BenchTable(
        "peers",
        "The same vectors through other programs",
        _COLUMNS,
        notes=[vectors.note(), *_NOTES, *(f"{entry.name}: {entry.settings}." for entry in entries)],
        facts={**vectors.facts(), **machine_facts(options.threads)},
        chart=ChartSpec("ms_95", "resident_mb", series="peer", log_x=True, log_y=True),
    )
    total = len(STAGES) * len(entries)
    yield Progress("bench", 0, total, 0)
    with workplace(vectors) as folder:
        contest = Contest(folder, vectors, options.threads, check)
        for number, entry in enumerate(entries):
            yield from _measured(contest, entry, table, len(STAGES) * number, total)
    yield table


def _wanted(options: Options) -> list[Entry]:
    if getattr(sys, "frozen", False):
        raise QueryError(f"This program is a bundle that loads no other packages; run the table from `{INSTALL}`.")
    try:
        named = [entry_of(name) for name in options.strings]
    except KeyError as error:
        known = ", ".join(entry.name for entry in ENTRIES)
        raise QueryError(f"{error.args[0]!r} is none of the programs of this table: {known}.") from error
    others = [entry for entry in ENTRIES if entry.needs and (not named or entry in named)]
    if not any(entry.is_installed for entry in others):
        raise QueryError(f"None of the programs to compare with is installed here; run: {INSTALL}")
    return [entry for entry in ENTRIES if not entry.needs or entry in others]


def _measured(contest: Contest, entry: Entry, table: BenchTable, before: int, total: int) -> Iterator[Progress]:
    """Add a contestant's row; one that is missing or fails gets a row that says so."""
    if not entry.is_installed:
        table.rows.append({"peer": entry.name, "version": f"not installed: {INSTALL}"})
        yield Progress("bench", before + len(STAGES), total, 0)
        return
    try:
        for number, step in enumerate(contest.run(entry)):
            if isinstance(step, Figures):
                _note(table, entry, step)
            else:
                yield Progress("bench", before + number + 1, total, 0)
    except StageError as error:
        table.rows.append({"peer": entry.name, "version": f"{entry.version}, failed"})
        table.notes.append(f"{entry.name} failed: {error}.")
        yield Progress("bench", before + len(STAGES), total, 0)


def _note(table: BenchTable, entry: Entry, figures: Figures) -> None:
    reached = {f"ms_{round(100 * target)}": figures.cheapest(target) for target in TARGETS}
    table.rows.append(
        {
            "peer": entry.name,
            "version": entry.version,
            "build_s": figures.build,
            "disk_mb": figures.disk / _MB,
            "resident_mb": figures.resident / _MB,
            "anonymous_mb": None if figures.anonymous is None else figures.anonymous / _MB,
            **{key: rung.ms if rung else None for key, rung in reached.items()},
            "recall": max(rung.recall for rung in figures.rungs),
            "add_s": figures.add,
            "delete_s": figures.delete,
            "compact_s": figures.compact,
            "added_found": figures.added_found,
            "came_back": figures.came_back,
        }
    )
    ladder = "; ".join(f"{rung.effort}: {rung.recall:.3f}, {rung.ms:.2f} ms" for rung in figures.rungs)
    table.notes.append(f"{entry.name}, effort: recall@10, median of a query: {ladder}.")
    busy = max(rung.busy for rung in figures.rungs)
    if busy > _NOTICEABLE:
        table.notes.append(f"{entry.name} kept {busy:.1f} processors busy with one query, though one was asked for.")
