"""The curve of recall against time: a dot for each position of the slider, the chosen one and the usual one told apart.

The mouse hovers over dots and clicks on them, the arrow keys go from one to the next; the widget only tells what was
chosen, and whoever owns it moves the slider.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from photofind.gui import theme
from photofind.gui.accuracy.positions import Positions
from photofind.gui.accuracy.scales import Scales
from photofind.gui.accuracy.words import AccuracyWords
from photofind.gui.numbers import decimal

_SIZE = QSize(420, 240)
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 14, 18, 40
_DOT, _CHOSEN, _RING = 4.0, 6.0, 9.0
_REACH = 16.0
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Home: -1000,
    Qt.Key.Key_End: 1000,
}


class AccuracyChart(QWidget):
    """Draws what a calibration has measured; empty as long as there is none."""

    chosen = Signal(int)
    """The user wants another position."""

    hovered = Signal(int)
    """The position below the mouse, or -1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = AccuracyWords(self)
        self._positions = Positions.of(1, 1)
        self._position = 0
        self._hovered = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Recall against time"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size at which the labels have room."""
        return _SIZE

    def show_positions(self, positions: Positions, position: int) -> None:
        """Show a calibration, and which position is chosen."""
        self._positions, self._position = positions, position
        self.setAccessibleDescription(". ".join(self._words.details(positions, position)))
        self.update()

    def dot(self, position: int) -> QPointF:
        """Return where the dot of a position is."""
        dots = self._dots(self._scales())
        return dots[position]

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell which dot is below the mouse."""
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is below the mouse any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a dot."""
        position = self._at(event.position())
        if position >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to another dot."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or self._positions.accuracy is None:
            super().keyPressEvent(event)
            return
        target = min(max(self._position + step, 0), self._positions.exact)
        if target != self._position:
            self.chosen.emit(target)

    def _hover(self, position: int) -> None:
        if position != self._hovered:
            self._hovered = position
            self.setCursor(Qt.CursorShape.PointingHandCursor if position >= 0 else Qt.CursorShape.ArrowCursor)
            self.hovered.emit(position)
            self.update()

    def _at(self, place: QPointF) -> int:
        """Return the position of the nearest dot if it is close enough, else -1."""
        if self._positions.accuracy is None:
            return -1
        distances = [math.hypot(dot.x() - place.x(), dot.y() - place.y()) for dot in self._dots(self._scales())]
        nearest = min(range(len(distances)), key=distances.__getitem__)
        return nearest if distances[nearest] <= _REACH else -1

    # Drawing

    def _values(self) -> tuple[list[float], list[float]]:
        accuracy = self._positions.accuracy
        assert accuracy is not None
        ms = [point.ms_median for point in accuracy.points]
        recalls = [point.recall_at_10 for point in accuracy.points]
        return [*ms, accuracy.exact_ms], [*recalls, 1.0]

    def _scales(self) -> Scales:
        area = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        return Scales.of(area, *self._values())

    def _dots(self, scales: Scales) -> list[QPointF]:
        return [scales.point(ms, recall) for ms, recall in zip(*self._values(), strict=True)]

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw axes, curve and dots."""
        if self._positions.accuracy is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scales = self._scales()
        self._paint_axes(painter, scales)
        dots = self._dots(scales)
        painter.setPen(QPen(theme.muted(self.palette()), 1.5))
        painter.drawPolyline(dots[:-1])
        painter.setPen(QPen(theme.muted(self.palette()), 1.5, Qt.PenStyle.DotLine))  # in between nothing is measured
        painter.drawPolyline(dots[-2:])
        self._paint_dots(painter, dots)
        painter.end()

    def _paint_axes(self, painter: QPainter, scales: Scales) -> None:
        area = scales.area
        faint, text = QPen(theme.hairline(self.palette()), 1.0), theme.muted(self.palette())
        digits = 1 if scales.step < 0.01 else 0
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for recall in scales.recall_lines():
            y = scales.point(scales.least_ms, recall).y()
            painter.setPen(faint)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(text)
            label = self.tr("{} %").format(decimal(recall * 100, digits))
            painter.drawText(QRectF(0, y - 10, _LEFT - 6, 20), right, label)
        for ms in scales.ms_lines():
            x = scales.point(ms, 1.0).x()
            painter.setPen(faint)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(text)
            label = decimal(ms, max(0, -math.floor(math.log10(ms) + 1e-9)))
            painter.drawText(QRectF(x - 40, area.bottom() + 3, 80, 18), Qt.AlignmentFlag.AlignCenter, label)
        title = QRectF(area.left(), area.bottom() + 20, area.width(), 18)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, self.tr("milliseconds for a search"))

    def _paint_dots(self, painter: QPainter, dots: list[QPointF]) -> None:
        base, accent, text = self.palette().window().color(), theme.accent(self.palette()), self.palette().text()
        for position, dot in enumerate(dots):
            chosen, hovered = position == self._position, position == self._hovered
            painter.setPen(QPen(base, 1.5))
            painter.setBrush(accent if chosen or hovered else theme.muted(self.palette()))
            painter.drawEllipse(dot, *[_CHOSEN if chosen or hovered else _DOT] * 2)
            if chosen:
                ring = QColor(accent)
                ring.setAlphaF(1.0 if self.hasFocus() else 0.45)
                painter.setPen(QPen(ring, 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(dot, _RING, _RING)
        painter.setPen(text.color())
        self._name(painter, dots[self._positions.default], self.tr("usual"))
        self._name(painter, dots[-1], self.tr("exact"))

    def _name(self, painter: QPainter, dot: QPointF, name: str) -> None:
        """Write below a dot what it is, inside the widget."""
        width = painter.fontMetrics().horizontalAdvance(name)
        left = min(max(dot.x() - width / 2, _LEFT), self.width() - width - 4)
        painter.drawText(QRectF(left, dot.y() + _RING + 1, width + 2, 18), Qt.AlignmentFlag.AlignLeft, name)
