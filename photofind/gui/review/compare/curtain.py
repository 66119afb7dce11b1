"""The divider between two pictures that lie over each other: where it is, and how it looks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

_REACH = 14.0
_HANDLE = 13.0
_STEP = 0.02
_INK = QColor(20, 20, 22, 190)
_PAPER = QColor(255, 255, 255)


class Curtain:
    """A vertical line over the part of a view that shows something; ``share`` of it lies to the left."""

    def __init__(self) -> None:
        self.share = 0.5

    def x(self, visible: QRectF) -> float:
        """Return where the line is, in view coordinates."""
        return visible.left() + visible.width() * self.share

    def is_near(self, point: QPointF, visible: QRectF) -> bool:
        """Tell whether a point is close enough to take hold of the line."""
        return abs(point.x() - self.x(visible)) <= _REACH

    def move_to(self, x: float, visible: QRectF) -> None:
        """Put the line to a place, as far as there is something to see."""
        if visible.width() > 0:
            self.share = min(max((x - visible.left()) / visible.width(), 0.0), 1.0)

    def step(self, steps: int) -> None:
        """Move the line by steps to the right."""
        self.share = min(max(self.share + steps * _STEP, 0.0), 1.0)

    def paint(self, painter: QPainter, visible: QRectF) -> None:
        """Draw the line with its handle."""
        x, middle = self.x(visible), visible.center().y()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((_INK, 4.0), (_PAPER, 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, visible.top()), QPointF(x, visible.bottom()))
        painter.setPen(QPen(_INK, 1.5))
        painter.setBrush(_PAPER)
        painter.drawEllipse(QPointF(x, middle), _HANDLE, _HANDLE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_INK)
        for side in (-1, 1):
            tip, back = x + side * _HANDLE * 0.66, x + side * _HANDLE * 0.25
            corners = [QPointF(tip, middle), QPointF(back, middle - 5), QPointF(back, middle + 5)]
            painter.drawPolygon(QPolygonF(corners))
