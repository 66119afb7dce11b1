"""From milliseconds and recall to points of a rectangle, and which values are worth a line: arithmetic, no drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

_MARGIN = 0.06
"""Share of the time axis that is left free at both of its ends."""

_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_LINES = 6
_LEAST_SPAN = 0.002
_LEAST_MS = 0.001


@dataclass(frozen=True, slots=True)
class Scales:
    """A logarithmic axis of milliseconds and a linear one of recall, 1 at the top, both in ``area``."""

    area: QRectF
    least_ms: float
    most_ms: float
    least_recall: float
    step: float

    @classmethod
    def of(cls, area: QRectF, ms: Sequence[float], recalls: Sequence[float]) -> Scales:
        """Return the axes that hold some points."""
        low, high = max(min(ms), _LEAST_MS), max(*ms, _LEAST_MS * 2)
        spread = max((high / low) ** _MARGIN, 1.1)
        span = max(1.0 - min(recalls), _LEAST_SPAN)
        step = next((step for step in _STEPS if span <= step * (_MOST_LINES - 1)), _STEPS[-1])
        return cls(area, low / spread, high * spread, max(1.0 - step * math.ceil(span / step - 1e-9), 0.0), step)

    def point(self, ms: float, recall: float) -> QPointF:
        """Return where a point lies."""
        across = math.log(max(ms, _LEAST_MS) / self.least_ms) / math.log(self.most_ms / self.least_ms)
        up = (recall - self.least_recall) / (1.0 - self.least_recall)
        return QPointF(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())

    def recall_lines(self) -> list[float]:
        """Return the values of recall that get a line, from 1 down."""
        count = round((1.0 - self.least_recall) / self.step)
        return [1.0 - self.step * number for number in range(count + 1)]

    def ms_lines(self) -> list[float]:
        """Return the values of milliseconds that get a line: 1, 2 and 5 of each power of ten, or 1 alone if many."""
        first, last = math.floor(math.log10(self.least_ms)), math.ceil(math.log10(self.most_ms))
        digits = (1, 2, 5) if math.log10(self.most_ms / self.least_ms) < 2 else (1,)
        values = [digit * 10.0**power for power in range(first, last + 1) for digit in digits]
        return [value for value in values if self.least_ms <= value <= self.most_ms]
