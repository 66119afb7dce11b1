"""The calibration that holds for the view a search has: read again only when its file was replaced."""

from __future__ import annotations

import os
from pathlib import Path

from photofind.core.accuracy import Accuracy
from photofind.core.accuracy_file import ACCURACY_FILE, read_accuracy
from photofind.core.catalog import Pack


class KeptAccuracy:
    """Reads a library's calibration; a query that asks for it pays for asking when the file was made, not more.

    ``candidates_per_hit`` is how the library is searched now.
    """

    def __init__(self, library: Path, candidates_per_hit: int) -> None:
        self._library = library
        self._per_hit = candidates_per_hit
        self._path = library / ACCURACY_FILE
        self._stamp: tuple[int, ...] | None = None
        self._accuracy: Accuracy | None = None

    def of(self, pack: Pack, vectors: int) -> Accuracy | None:
        """Return the calibration of the pack's index with so many live vectors; None without one that holds."""
        stamp = self._present_stamp()
        if stamp != self._stamp:
            self._accuracy = read_accuracy(self._library) if stamp is not None else None
            self._stamp = stamp
        accuracy = self._accuracy
        if accuracy is None or not accuracy.holds_for(pack.key, pack.epoch_id or "", vectors, self._per_hit):
            return None
        return accuracy

    def _present_stamp(self) -> tuple[int, ...] | None:
        try:
            status = os.stat(self._path)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino
