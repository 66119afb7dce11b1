"""Both pictures on one plane: the arithmetic of where each lies and how large a pixel of one is in the other.

The plane, called the *scene*, is measured in pixels of the first picture and holds both pictures whole; its corner is
the upper left one of what they cover together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QPolygonF, QTransform

from photofind.core.duplicates import placements
from photofind.core.duplicates.difference import Frame, union_frame
from photofind.core.evidence import Placement


@dataclass(frozen=True)
class Scene:
    """Two pictures of ``first`` and ``second`` pixels; ``placement`` maps the second into the first, and is sound."""

    first: QSize
    second: QSize
    placement: Placement

    @property
    def frame(self) -> Frame:
        """What both cover together, as fractions of the first picture."""
        return union_frame(self.placement)

    @property
    def size(self) -> QSize:
        """Width and height of the scene, at least one pixel each."""
        left, top, right, bottom = self.frame
        width, height = (right - left) * self.first.width(), (bottom - top) * self.first.height()
        return QSize(max(1, math.ceil(width - 1e-6)), max(1, math.ceil(height - 1e-6)))

    @property
    def scale(self) -> float:
        """How many pixels of the first picture a pixel of the second is wide."""
        return math.sqrt(abs(self.second_to_first().determinant()))

    def second_to_first(self) -> QTransform:
        """Return the map from pixels of the second picture to those of the first."""
        a, b, x, c, d, y = self.placement
        in_fractions = QTransform.fromScale(1 / self.second.width(), 1 / self.second.height())
        return in_fractions * QTransform(a, c, b, d, x, y) * _scale(self.first)

    def to_scene(self, number: int) -> QTransform:
        """Return the map from pixels of picture 0 or 1 to the scene."""
        left, top, _, _ = self.frame
        moved = QTransform.fromTranslate(-left * self.first.width(), -top * self.first.height())
        return moved if number == 0 else self.second_to_first() * moved

    def outline(self, number: int) -> QPolygonF:
        """Return the corners of picture 0 or 1 in the scene."""
        size = self.first if number == 0 else self.second
        return self.to_scene(number).map(QPolygonF(QRectF(QPointF(0, 0), QSizeF(size))))

    def pixels_of(self, number: int) -> float:
        """Return how many pixels of the scene a pixel of picture 0 or 1 is wide."""
        return 1.0 if number == 0 else self.scale


def laid_by_frames(first: QSize, second: QSize, orientation: int) -> Placement:
    """Return a placement for two pictures of which nobody knows how they belong together.

    The second is turned and put as large as it fits into the middle of the first.
    """
    width, height = second.width(), second.height()
    if orientation >= 5:
        width, height = height, width
    fitting = min(first.width() / width, first.height() / height)
    across, down = width * fitting / first.width(), height * fitting / first.height()
    fitted = (across, 0.0, (1 - across) / 2, 0.0, down, (1 - down) / 2)
    return placements.compose(fitted, placements.turn(orientation))


def _scale(size: QSize) -> QTransform:
    return QTransform.fromScale(size.width(), size.height())
