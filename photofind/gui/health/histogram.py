"""How many inverted lists are how long, as bars: a glance tells lists that fit the photos from those that do not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from photofind.core.health import ListSizes
from photofind.gui import numbers, theme

_HEIGHT: Final = 96
_GAP: Final = 1.5
_LOWEST: Final = 2.0
_WIDEST: Final = 48.0
_APART: Final = 10


class SizesChart(QWidget):
    """Bars of lists by their sizes, from empty to the longest, with a line at the median; the pointer asks for more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists: ListSizes | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_lists(self, lists: ListSizes) -> None:
        """Show how long the lists of an index are."""
        self._lists = lists
        words = self.tr("{lists} inverted lists by their sizes, the longest of {longest} vectors")
        count, longest = numbers.grouped(sum(lists.histogram)), numbers.grouped(lists.longest)
        self.setAccessibleName(words.format(lists=count, longest=longest))
        self.update()

    def words_at(self, x: float) -> str:
        """Return what the bar below a place says; nothing beside all bars."""
        lists = self._lists
        if lists is None or not 0 <= x < self.width():
            return ""
        bar = int(x / self.width() * len(lists.histogram))
        first, last = bar * lists.step, min((bar + 1) * lists.step - 1, lists.longest)
        count = numbers.grouped(lists.histogram[bar])
        if first == last:
            return self.tr("Lists of {size} vectors: {lists}").format(size=numbers.grouped(first), lists=count)
        words = self.tr("Lists of {first} to {last} vectors: {lists}")
        return words.format(first=numbers.grouped(first), last=numbers.grouped(last), lists=count)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(360, _HEIGHT)

    def event(self, event: QEvent) -> bool:
        """Tell what is below the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._lists is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0, 4, 0, -self.fontMetrics().height() - 4)
        self._paint_bars(painter, area, self._lists)
        self._paint_scale(painter, area, self._lists)
        painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF, lists: ListSizes) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent(self.palette()))
        step = area.width() / len(lists.histogram)
        most = max(*lists.histogram, 1)
        for bar, count in enumerate(lists.histogram):
            if count:
                height = max(_LOWEST, area.height() * count / most)
                left, width = area.left() + bar * step, min(_WIDEST, max(1.0, step - _GAP))
                painter.drawRect(QRectF(left, area.bottom() - height, width, height))

    def _paint_scale(self, painter: QPainter, area: QRectF, lists: ListSizes) -> None:
        painter.setPen(QPen(theme.hairline(self.palette()), 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        x = area.left() + area.width() * (lists.median + 0.5) / (len(lists.histogram) * lists.step)
        painter.setPen(QPen(self.palette().windowText().color(), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setPen(theme.muted(self.palette()))
        metrics, longest = self.fontMetrics(), numbers.grouped(lists.longest)
        below = QRectF(area.left(), area.bottom() + 3, area.width(), metrics.height())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, numbers.grouped(0))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, longest)
        median = self.tr("median {}").format(numbers.grouped(round(lists.median)))
        half = metrics.horizontalAdvance(median) / 2 + 1
        left = below.left() + metrics.horizontalAdvance(numbers.grouped(0)) + _APART + half
        right = below.right() - metrics.horizontalAdvance(longest) - _APART - half
        middle = min(max(x, left), right)
        painter.drawText(QRectF(middle - half, below.top(), 2 * half, below.height()), 0, median)
