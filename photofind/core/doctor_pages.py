"""Putting a library's databases right, exactly, by their checksums: flipped bits, and what lies behind their end.

It comes before everything else the doctor does, because a damaged page lets nobody open its database; only what lies in
the place of a lock is out of the way by then.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Final

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.journal import JOURNAL_FILE
from photofind.core.catalog.opening import opening
from photofind.core.catalog.page_mending import mend
from photofind.core.catalog.page_sums import damaged_pages
from photofind.core.catalog.pair_file import PAIRS_FILE, lock_pairs
from photofind.core.doctor_places import clear_places
from photofind.core.errors import LibraryBusyError, StorageError, UserError
from photofind.core.ownership import DATABASE, lock_library
from photofind.core.private_files import misfit

_DATABASES: Final = (DATABASE, PAIRS_FILE, DECISIONS_FILE, JOURNAL_FILE)


def put_pages_right(library: Path) -> list[str]:
    """Mend what can be, the places of locks and logs first, and return what was, a sentence each.

    Raises StorageError when a disk refuses, LibraryBusyError when somebody has a damaged database open: then nobody
    knows yet what can be mended. The other databases are by then.
    """
    mended = clear_places(library)
    refused: UserError | None = None
    for name in _DATABASES:
        try:
            mended += _put_right(library, name)
        except LibraryBusyError as error:
            refused = refused or _busy(library / name, error)
        except (OSError, StorageError) as error:
            refused = refused or _refusal(library / name, error)
    if refused is not None:
        raise refused
    return mended


def _put_right(library: Path, name: str) -> list[str]:
    path = library / name
    if misfit(path) or not damaged_pages(path):
        return []
    with ExitStack() as held:
        _keep_writers_away(library, path, held)
        mended = mend(path)
    done = []
    if mended.pages == 1:
        done.append(f"1 page of {name} with a flipped bit was put right")
    elif mended.pages:
        done.append(f"{mended.pages} pages of {name} with a flipped bit were put right")
    if mended.surplus:
        done.append(f"{mended.surplus:,} bytes behind the end of {name} were cut off")
    return done


def _busy(path: Path, error: LibraryBusyError) -> LibraryBusyError:
    refusal = LibraryBusyError(
        f"Damaged pages of {path} cannot be put right while another program has it open. Close photofind everywhere,"
        " then run `photofind doctor` again."
    )
    refusal.__cause__ = error
    return refusal


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
