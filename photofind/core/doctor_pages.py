"""Putting a library's databases right, exactly, by their checksums: flipped bits, and what lies behind their end.

It comes before everything else the doctor does, because a damaged page lets nobody open its database.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.journal import JOURNAL_FILE
from photofind.core.catalog.opening import opening
from photofind.core.catalog.page_sums import cut_off, damaged_pages, put_right
from photofind.core.catalog.pair_file import PAIRS_FILE, lock_pairs
from photofind.core.errors import LibraryBusyError, StorageError
from photofind.core.ownership import DATABASE, lock_library

LOG = logging.getLogger(__name__)

_DATABASES: Final = (DATABASE, PAIRS_FILE, DECISIONS_FILE, JOURNAL_FILE)


def put_pages_right(library: Path) -> list[str]:
    """Mend what can be, and return what was, a sentence each; a database that somebody writes is left alone.

    Raises StorageError when a disk refuses: then nobody knows yet what can be mended. The other databases are by then.
    """
    mended: list[str] = []
    refused: StorageError | None = None
    for name in _DATABASES:
        try:
            mended += _put_right(library, name)
        except (OSError, StorageError) as error:
            refused = refused or _refusal(library / name, error)
    if refused is not None:
        raise refused
    return mended


def _put_right(library: Path, name: str) -> list[str]:
    path = library / name
    try:
        if not damaged_pages(path):
            return []
        with ExitStack() as held:
            _keep_writers_away(library, path, held)
            mended, surplus = put_right(path), cut_off(path)
    except LibraryBusyError as error:
        LOG.warning("%s stays as it is: %s", name, error)
        return []
    done = []
    if mended:
        pages = "1 page" if mended == 1 else f"{mended} pages"
        done.append(f"{pages} of {name} with a flipped bit {'was' if mended == 1 else 'were'} put right")
    if surplus:
        done.append(f"{surplus:,} bytes behind the end of {name} were cut off")
    return done


def _refusal(path: Path, error: OSError | StorageError) -> StorageError:
    cause = error.__cause__ if isinstance(error, StorageError) else error
    reason = cause.strerror if isinstance(cause, OSError) else None
    refusal = StorageError(
        f"Damaged pages of {path} cannot be put right now: {reason or error}. Check that its disk is connected and"
        " writable, then run `photofind doctor` again."
    )
    refusal.__cause__ = error
    return refusal


def _keep_writers_away(library: Path, path: Path, held: ExitStack) -> None:
    if path.name == DATABASE:
        held.callback(lock_library(library).release)
    elif path.name == PAIRS_FILE:
        held.callback(lock_pairs(path).release)
    else:
        held.enter_context(opening(path))
