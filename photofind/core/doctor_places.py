"""Telling, and clearing, what lies in the place of files that the program opens and that hold nothing of value.

A folder there, or a link, keeps a writer from its lock or its log, and the catalog says nothing of it. Nothing is
removed: it gets another name, and whoever needs the file makes it anew.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from photofind.core.accuracy_file import ACCURACY_FILE
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.journal import JOURNAL_FILE
from photofind.core.catalog.pair_file import PAIRS_FILE
from photofind.core.errors import StorageError
from photofind.core.log_files import LOG_FILE, NATIVE_LOG_FILE
from photofind.core.ownership import DATABASE, LOCK_HOLDER, WRITER_LOCK, linked_parts
from photofind.core.private_files import misfit

_BASES: Final = (DATABASE, PAIRS_FILE, DECISIONS_FILE, JOURNAL_FILE)
_LOCKS: Final = (WRITER_LOCK, *(str(Path(name).with_suffix(".lock")) for name in _BASES[1:]), "searches.lock")
_NAMES: Final = (
    *_LOCKS,
    *(LOCK_HOLDER, LOG_FILE, NATIVE_LOG_FILE, ACCURACY_FILE),
    *(str(Path(name).with_suffix(".sums")) for name in _BASES),
)


def misplaced_names(library: Path) -> list[str]:
    """Return what is no file in the place of one, a sentence without its end each.

    What of the library itself is a link is told too, but stays: only the user knows where it is to lie.
    """
    found = [f"{path.name}: {found} is in its place" for path, found in _misplaced(library)]
    return found + [f"{path.name}: it is a link, by which nothing is written" for path in linked_parts(library)]


def clear_places(library: Path) -> list[str]:
    """Give what is in the place of such a file another name, and return what was done, a sentence each.

    Raises StorageError when the disk refuses.
    """
    done = []
    for path, found in _misplaced(library):
        aside = _free_name(path)
        try:
            path.rename(aside)
        except OSError as error:
            raise StorageError(
                f"In the place of {path} is {found}, which cannot be moved ({error.strerror or error}); move it away."
            ) from error
        done.append(f"{found} in the place of {path.name} is now {aside.name}")
    return done


def _misplaced(library: Path) -> list[tuple[Path, str]]:
    paths = (library / name for name in _NAMES)
    return [(path, found) for path in paths if (found := misfit(path)) and not _can_be_locked(path)]


def _can_be_locked(path: Path) -> bool:
    """Tell whether a lock that is a pipe may be held by somebody just now: it serves as well as a file."""
    return path.name in _LOCKS and stat.S_ISFIFO(path.lstat().st_mode)


def _free_name(path: Path) -> Path:
    number, aside = 1, path.with_name(f"{path.name}.damaged")
    while os.path.lexists(aside):
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    return aside
