"""Examining the files beside the catalog that have to do with duplicates.

Pairs are a cache and are set aside when they are of no use. Decisions and the journal are the user's own: nothing else
holds what is in them, so that they are never touched, and the user is told what to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from photofind.core.catalog.checking import problems_of
from photofind.core.catalog.decision_file import DECISIONS_FILE, DECISIONS_VERSION, open_decisions
from photofind.core.catalog.journal import JOURNAL_FILE, JOURNAL_VERSION, Journal
from photofind.core.catalog.pair_file import PAIRS_FILE, PAIRS_VERSION, discard
from photofind.core.errors import LibraryBusyError, LibraryDamagedError, LibraryVersionError, StorageError

LOG = logging.getLogger(__name__)


class _Opened(Protocol):
    def close(self) -> None: ...


_OpenToRead = Callable[[Path], _Opened]

_OWN: Final[tuple[tuple[str, int, _OpenToRead, str], ...]] = (
    (
        DECISIONS_FILE,
        DECISIONS_VERSION,
        partial(open_decisions, writable=False),
        "Put back a back-up of it, or move it away: then what you said about duplicates is forgotten.",
    ),
    (
        JOURNAL_FILE,
        JOURNAL_VERSION,
        partial(Journal.open, writable=False),
        "Put back a back-up of it, or move it away: then photofind cannot take back what was done so far, but what"
        " was put into the trash or moved is still there.",
    ),
)


@dataclass(slots=True)
class Companions:
    """What is wrong with the files beside the catalog, in sentences; ``pairs_damaged`` is what can be mended."""

    problems: list[str] = field(default_factory=list)
    pairs_damaged: bool = False


def examine_companions(library: Path) -> Companions:
    """Look at the pairs of duplicates, the decisions and the journal; those that are not there are not missed."""
    found = Companions()
    _examine_pairs(library / PAIRS_FILE, found)
    for name, version, open_to_read, advice in _OWN:
        problem = _own_problem(library / name, version, open_to_read, advice)
        if problem:
            found.problems.append(f"{name}: {problem}")
    return found


def discard_pairs(library: Path) -> bool:
    """Set the pairs aside, which the next search makes anew; False when somebody uses them or the disk refuses."""
    try:
        discard(library / PAIRS_FILE)
    except (LibraryBusyError, StorageError) as error:
        LOG.warning("the pairs of duplicates stay as they are: %s", error)
        return False
    return True


def _examine_pairs(path: Path, found: Companions) -> None:
    if not path.exists():
        return
    try:
        problems = problems_of(path, PAIRS_VERSION)
    except LibraryVersionError as error:
        problems = [f"made by a newer photofind ({error})"]
    except LibraryDamagedError as error:
        problems = [str(error.__cause__ or error)]
    except (StorageError, LibraryBusyError) as error:
        found.problems.append(f"{path.name}: {error}")
        return
    found.pairs_damaged = bool(problems)
    found.problems += [f"{path.name}: {problem}" for problem in problems]


def _own_problem(path: Path, newest: int, open_to_read: _OpenToRead, advice: str) -> str:
    """Return what is wrong with a file that is the user's own and what to do about it; nothing when it is sound."""
    if not path.exists():
        return ""
    try:
        problems = problems_of(path, newest)
        if not problems:
            open_to_read(path).close()  # who finds nothing wrong with the pages may find tables that are not its own
    except LibraryVersionError as error:
        return f"made by a newer photofind ({error}); update photofind."
    except LibraryDamagedError as error:
        problems = [str(_first_cause(error))]
    except (StorageError, LibraryBusyError) as error:
        return str(error)
    return f"damaged ({problems[0]}). {advice}" if problems else ""


def _first_cause(error: BaseException) -> BaseException:
    """Return what lies behind an error that was told in other words."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
