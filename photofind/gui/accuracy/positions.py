"""What the slider and the curve range over: one position for each nprobe that a calibration measures, and "exact"."""

from __future__ import annotations

import math
from dataclasses import dataclass

from photofind.core.accuracy import Accuracy, OperatingPoint


@dataclass(frozen=True, slots=True)
class Positions:
    """The values of nprobe, ascending; the position after the last of them compares with every photo.

    ``default_nprobe`` is the program's choice, which without a calibration need not be one of them. ``accuracy`` is
    None as long as nothing was measured.
    """

    nprobes: tuple[int, ...]
    default_nprobe: int
    accuracy: Accuracy | None = None

    @classmethod
    def of(cls, nlist: int, default_nprobe: int, accuracy: Accuracy | None = None) -> Positions:
        """Return the positions for an index of ``nlist`` inverted lists: those measured, or else powers of two."""
        if accuracy is not None and (not accuracy.points or accuracy.points[-1].nprobe != nlist):
            accuracy = None  # of another index: it does not say what this slider would promise
        if accuracy is None:
            return cls(_powers_of_two(nlist), default_nprobe)
        return cls(tuple(point.nprobe for point in accuracy.points), default_nprobe, accuracy)

    @property
    def nlist(self) -> int:
        """How many inverted lists there are."""
        return self.nprobes[-1]

    @property
    def are_a_choice(self) -> bool:
        """Whether there is anything to choose: an index with one list is always compared as a whole."""
        return self.nlist > 1

    @property
    def exact(self) -> int:
        """The last position, which compares with every photo."""
        return len(self.nprobes)

    @property
    def default(self) -> int:
        """The position of the program's own choice; "exact" where there is no choice."""
        return self.nearest(self.default_nprobe) if self.are_a_choice else self.exact

    def nearest(self, nprobe: int) -> int:
        """Return the position that comes closest to an nprobe, by the ratio of the two."""
        return min(range(self.exact), key=lambda position: abs(math.log(self.nprobes[position] / max(nprobe, 1))))

    def point(self, position: int) -> OperatingPoint | None:
        """Return what was measured at a position; None for "exact" and without a calibration."""
        return self.accuracy.points[position] if self.accuracy is not None and position < self.exact else None


def _powers_of_two(nlist: int) -> tuple[int, ...]:
    steps = [2**power for power in range(max(nlist, 1).bit_length())]
    return tuple(steps if steps[-1] == nlist else [*steps, nlist])
