"""Computes what differs between two pictures in a thread of its own, and colours it to be looked at.

::

    compute(wanted) ──newest wins──▶ difference (kept for the next gain) ──▶ colours ──▶ found
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from photofind.core.duplicates.difference import (
    Difference,
    Pixels,
    are_identical,
    difference,
    heat,
    working_size,
)
from photofind.core.duplicates.placements import IDENTITY
from photofind.core.settings import Settings
from photofind.gui.preview.picture import Picture, picture_of
from photofind.gui.review.compare.scene import Scene
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, sentence

MOST_PIXELS = 16_000_000
"""The most pixels in which differences are computed, however large the photos are."""


@dataclass(frozen=True, slots=True, eq=False)
class WantedDifference:
    """Two pictures of a scene to be compared; differences are shown ``gain`` times as strong."""

    first: Picture
    second: Picture
    scene: Scene
    gain: int
    outside: tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class FoundDifference:
    """What came of it: ``picture`` of the whole scene, and ``measured``.

    ``is_identical`` says that every pixel of both is the same, ``is_whole`` that both were compared in full.
    """

    picture: Picture
    measured: Difference
    is_identical: bool
    is_whole: bool


class _GivenUpError(Exception):
    """Somebody wants another difference meanwhile."""


class DifferenceMaker(LibraryReader):
    """Makes differences; ``found(FoundDifference)`` and ``failed(sentence)`` are about what was asked for last."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(self, library: Path, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Mailbox(newest_only=True)
        self._newest: WantedDifference | None = None
        self._last: tuple[WantedDifference, Difference, bool] | None = None  # used in the thread only
        self._start(ReaderThread("difference", library, settings, self._jobs), QThread.Priority.LowPriority)

    def compute(self, wanted: WantedDifference) -> None:
        """Ask for a difference; what was asked for before is given up."""
        self._newest = wanted
        self._jobs.put(Job(lambda _: self._make(wanted), lambda error: self._fail(wanted, error)))

    def forget(self) -> None:
        """Ask for nothing any more and let the pictures go."""
        self._newest = None
        self._jobs.put(Job(lambda _: self._clear(), lambda _: None))

    # In the thread

    def _clear(self) -> None:
        self._last = None

    def _make(self, wanted: WantedDifference) -> None:
        try:
            measured, is_identical = self._measured(wanted)
        except _GivenUpError:
            return
        colours = Image.fromarray(heat(measured, wanted.gain, outside=wanted.outside))
        picture = picture_of(colours, wanted.scene.size, complete=True)
        is_whole = _is_whole(wanted.first) and _is_whole(wanted.second)
        found = FoundDifference(picture, measured, is_identical, is_whole)
        self._postbox.post(lambda: self._tell(wanted, found))

    def _measured(self, wanted: WantedDifference) -> tuple[Difference, bool]:
        if self._last is not None and _differ_in_gain_only(self._last[0], wanted):
            return self._last[1], self._last[2]
        self._last = None
        first, second = pixels_of(wanted.first.levels[0]), pixels_of(wanted.second.levels[0])
        placement, frame = wanted.scene.placement, wanted.scene.frame
        sizes = (first.shape[1], first.shape[0]), (second.shape[1], second.shape[0])
        size = working_size(*sizes, placement, frame, MOST_PIXELS)
        measured = difference(first, second, placement, frame, size, check=lambda: self._check(wanted))
        is_identical = placement == IDENTITY and are_identical(first, second)
        self._last = (wanted, measured, is_identical)
        return measured, is_identical

    def _check(self, wanted: WantedDifference) -> None:
        if self._newest is not wanted:
            raise _GivenUpError

    def _fail(self, wanted: WantedDifference, error: Exception) -> None:
        self._postbox.post(lambda: self._tell_failure(wanted, sentence(error)))

    # In the window's thread

    def _tell(self, wanted: WantedDifference, found: FoundDifference) -> None:
        if self._newest is wanted:
            self.found.emit(found)

    def _tell_failure(self, wanted: WantedDifference, why: str) -> None:
        if self._newest is wanted:
            self.failed.emit(why)


def pixels_of(image: QImage) -> Pixels:
    """Return the pixels of an image in format RGB32 without a copy; the image has to live as long."""
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)


def _is_whole(picture: Picture) -> bool:
    return picture.levels[0].size() == picture.size


def _differ_in_gain_only(one: WantedDifference, other: WantedDifference) -> bool:
    same_pictures = one.first is other.first and one.second is other.second
    return same_pictures and one.scene == other.scene
