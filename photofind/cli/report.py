"""``photofind status`` and ``photofind doctor``; what only one of them needs is imported when it is used."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photofind.cli import output
from photofind.cli.interrupting import INTERRUPTED
from photofind.core.doctor import Diagnosis, after_pages, back_ups, is_being_written, treated, unreadable
from photofind.core.doctor_pages import put_pages_right
from photofind.core.errors import LibraryDamagedError, UserError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings

if TYPE_CHECKING:
    from photofind.core.health import IndexHealth


def run_status(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Print the library's numbers and its error list."""
    with Library(library, settings) as opened:
        status = opened.status()
        errors = list(opened.errors())
        health = opened.health() if arguments.health else None
    if arguments.json:
        roots = [{"path": root.path, "offline": root.offline} for root in status.roots]
        listed = [{"path": error.path, "reason": error.reason} for error in errors]
        output.document({**asdict(status), "roots": roots, "errors": listed, **_examined(health)})
        return 0
    output.line(f"Library   {status.library} ({output.size(status.bytes)})")
    output.line(f"Photos    {status.photos:,}, {status.offline:,} of them offline, {status.pending:,} waiting")
    output.line(f"Model     {status.model or 'none yet'}, {status.vectors:,} embeddings")
    if status.missing_vectors:
        output.line(f"          {status.missing_vectors:,} embeddings to be made by the next `photofind index`")
    index = status.index
    output.line(
        f"Index     {index.nlist:,} inverted lists, {index.segments} segments ({output.size(index.bytes)}),"
        f" {index.delta:,} embeddings not in them yet, {index.dead:,} dead"
    )
    _tell_health(health)
    for root in status.roots:
        output.line(f"Folder    {root.path}{' (offline)' if root.offline else ''}")
    for error in errors:
        output.line(f"Error     {error.path}: {error.reason}")
    return 0


def _examined(health: IndexHealth | None) -> dict[str, Any]:
    if health is None:
        return {}
    from photofind.cli.health import health_document

    return {"health": health_document(health)}


def _tell_health(health: IndexHealth | None) -> None:
    if health is not None:
        from photofind.cli.health import health_lines

        for line in health_lines(health):
            output.line(line)


def run_doctor(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Examine the library, repair what can be rebuilt, then tend the index; status 1 when something stays wrong."""
    from photofind.cli.upkeep import chosen_tasks, outcome_lines, tend

    tasks = chosen_tasks(arguments)
    if tasks and arguments.check:
        raise UserError("--check changes nothing; leave it away to compact the index or to train it anew.")
    provisional = is_being_written(library)
    found = left = _examine(library, settings)
    provisional = provisional or is_being_written(library)
    mended = put_pages_right(library) if not found.healthy and not arguments.check else []
    if mended:
        left = _examine(library, settings)
        found = after_pages(found, left, mended)
    if left.problems and not left.beyond_repair and not arguments.check:
        with LibraryWriter(library, settings) as writer:
            found = treated(found, writer.repair())
        provisional = False  # nobody else was writing now
        left = _examine(library, settings)
    outcomes = tend(tasks, library, settings) if tasks and not left.beyond_repair else {}
    if arguments.json:
        output.document(
            {
                "healthy": found.healthy,
                "problems": found.problems + found.beyond_repair,
                "repaired": found.repaired,
                "unmended": left.unmended,
                "provisional": provisional,
                **outcomes,
            }
        )
    else:
        _tell(found, left, mended=not arguments.check)
        for line in outcome_lines(outcomes):
            output.line(line)
    if provisional:
        output.tell("Another photofind was writing: files that it had not finished may be listed as left over.")
    if left.beyond_repair:
        output.tell(_last_resort(library))
    if not all(outcome["done"] for outcome in outcomes.values()):
        return INTERRUPTED
    return 1 if left.unmended else 0


def _examine(library: Path, settings: Settings) -> Diagnosis:
    try:
        with Library(library, settings) as opened:
            return opened.examine()
    except LibraryDamagedError as error:
        return unreadable(error)


def _tell(found: Diagnosis, left: Diagnosis, *, mended: bool) -> None:
    for problem in [*found.beyond_repair, *found.problems]:
        output.line(f"Found     {problem}")
    for repaired in found.repaired:
        output.line(f"Mended    {repaired}")
    if mended and not found.beyond_repair:
        for problem in left.unmended:
            output.line(f"Remains   {problem}")
    if found.healthy:
        output.line("The library is healthy.")


def _last_resort(library: Path) -> str:
    names = ", ".join(path.name for path in back_ups(library))
    made = f" ({names})" if names else ""
    return (
        f"The catalog of {library} is damaged: put back a back-up of library.db{made} and delete library.db-wal and"
        " library.db-shm beside it, or index into a new library. If another program has changed it and you trust that,"
        " delete library.sums."
    )
