"""Was an action interrupted? Asked once when a window opens, in a thread.

A plan is interrupted when the journal has steps of it under way and nobody holds the lock: its process ended in the
middle. What became of these steps is found out by the actor, which looks at the disk; then it can be told and undone.
"""

from __future__ import annotations

import logging
from pathlib import Path

from photofind.core.catalog.journal import Journal, RunRecord
from photofind.core.errors import LibraryBusyError
from photofind.gui.review.applying import OpenActor

LOG = logging.getLogger(__name__)


def unfinished_plans(journal: Path, open_actor: OpenActor) -> list[RunRecord]:
    """Return the runs that were interrupted, as they stand now, the latest first; to be called in a thread.

    Raises
    ------
    StorageError, LibraryDamagedError
        When the journal cannot be read or written.
    """
    interrupted = _interrupted(journal)
    if not interrupted:
        return []
    try:
        with open_actor() as actor:
            actor.recover()
    except LibraryBusyError:
        return []  # it is not interrupted: another window is at it
    LOG.info("interrupted: %s", interrupted)
    with Journal.open(journal) as opened:
        return [record for record in opened.history() if record.run in interrupted]


def _interrupted(journal: Path) -> set[int]:
    if not journal.exists():
        return set()
    with Journal.open(journal) as opened:
        return {entry.run for entry in opened.unsettled()}
