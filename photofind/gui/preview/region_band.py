"""A rectangle drawn over the picture: from a press to a release, with its size beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

SMALLEST_SIDE = 8
"""View pixels; what is smaller was a click."""

_SHADE = QColor(0, 0, 0, 110)
_LABEL_GAP = 6.0
_LABEL_PADDING = 5.0


class RegionBand:
    """The rectangle while it is being drawn, in view coordinates; ``rect`` is None before the press."""

    def __init__(self) -> None:
        self._first: QPointF | None = None
        self._last = QPointF()

    @property
    def rect(self) -> QRectF | None:
        """What lies between the press and the pointer."""
        return None if self._first is None else QRectF(self._first, self._last).normalized()

    def start(self, point: QPointF) -> None:
        """Begin at a point."""
        self._first = self._last = point

    def stretch(self, point: QPointF) -> None:
        """Follow the pointer."""
        self._last = point

    def clear(self) -> None:
        """Forget what was drawn."""
        self._first = None

    def is_wide_enough(self) -> bool:
        """Tell whether this is a rectangle, and not the trace of a click."""
        rect = self.rect
        return rect is not None and min(rect.width(), rect.height()) >= SMALLEST_SIDE

    def paint(self, painter: QPainter, picture: QRectF, size: QSize) -> None:
        """Shade the ``picture`` (its rectangle in the view) around the band; ``size`` is the band's in photo pixels."""
        rect = self.rect
        inside = QRectF() if rect is None else rect.intersected(picture)
        self._shade(painter, picture, inside)
        if inside.isEmpty():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 160), 3.5), (QColor(255, 255, 255), 1.5)):  # seen on any picture
            painter.setPen(QPen(colour, width))
            painter.drawRect(inside)
        _paint_size(painter, inside, picture, f"{size.width()} \N{MULTIPLICATION SIGN} {size.height()}")

    def _shade(self, painter: QPainter, picture: QRectF, inside: QRectF) -> None:
        if inside.isEmpty():
            painter.fillRect(picture, QColor(0, 0, 0, _SHADE.alpha() // 2))
            return
        left, top, right, bottom = picture.left(), picture.top(), picture.right(), picture.bottom()
        for part in (
            QRectF(left, top, right - left, inside.top() - top),
            QRectF(left, inside.bottom(), right - left, bottom - inside.bottom()),
            QRectF(left, inside.top(), inside.left() - left, inside.height()),
            QRectF(inside.right(), inside.top(), right - inside.right(), inside.height()),
        ):
            painter.fillRect(part, _SHADE)


def _paint_size(painter: QPainter, inside: QRectF, picture: QRectF, text: str) -> None:
    metrics = QFontMetricsF(painter.font())
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _LABEL_PADDING, metrics.height() + _LABEL_PADDING)
    box.moveTopRight(inside.bottomRight() + QPointF(0, _LABEL_GAP))
    if box.bottom() > picture.bottom():
        box.moveBottomRight(inside.bottomRight() - QPointF(_LABEL_GAP, _LABEL_GAP))
    box.moveLeft(max(box.left(), picture.left()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 190))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
