"""Who may read what a run has left, or has while it is at work; and what it leaves where nobody would look."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

_LOOK_SECONDS = 0.01
_OTHERS = 0o077


def open_to_others(top: Path, apart_from: Iterable[Path] = ()) -> dict[str, str]:
    """Return what below a folder others may use, itself included: paths with modes.

    What lies in a private folder counts all the same: folders are moved and copied, with their files' modes.
    """
    excepted = {os.fspath(path) for path in apart_from}
    found: dict[str, str] = {}
    for path in _tree(os.fspath(top)):
        if path in excepted:
            continue
        try:
            status = os.lstat(path)
        except OSError:
            continue  # gone since
        if not stat.S_ISLNK(status.st_mode) and status.st_mode & _OTHERS:
            found[path] = oct(stat.S_IMODE(status.st_mode))
    return found


def files_below(tops: Iterable[Path]) -> set[str]:
    """Return all files and folders below some folders, these left out."""
    return {path for top in tops for path in _tree(os.fspath(top)) if path != os.fspath(top)}


class Observer:
    """Looks at folders again and again while something runs in them; ``seen`` is what was ever open to others."""

    def __init__(self, tops: Iterable[Path], apart_from: Iterable[Path] = ()) -> None:
        self._tops = list(tops)
        self._apart_from = list(apart_from)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="observer", daemon=True)
        self.seen: dict[str, str] = {}
        self.looks = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._look_once()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            self._look_once()

    def _look_once(self) -> None:
        self.looks += 1
        for top in self._tops:
            self.seen.update(open_to_others(top, self._apart_from))


def _tree(top: str) -> list[str]:
    found = [top] if os.path.lexists(top) else []
    for folder, folders, files in os.walk(top):
        found += [os.path.join(folder, name) for name in (*folders, *files)]
    return found
