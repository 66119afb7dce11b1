# ruff: noqa: N802 - overrides keep Qt's names
"""Months and years beside the scroll bar: hover to see the month, click or drag to go there.

A mark is where its month is among the rows, as the scroll bar has it, so a year with many photos takes much room. The
strip shows itself only while the rows are sorted by day and are of more than one month.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from photofind.gui.grid.art import blend
from photofind.gui.grid.months import Mark, MonthIndex, first_day, month_text

_TICK_GAP: Final = 5.0
_EDGE: Final = 8
_TEXT_LEFT: Final = 15
_SNAP: Final = 4.0
_LEAST_VIEW: Final = 4.0
_Role = QPalette.ColorRole


class DateScrubber(QWidget):
    """A strip of months; connect it to the grid's ``visible_rows_changed`` and ``scroll_to_row``."""

    row_requested = Signal(int)
    """The row that is to be at the top of the grid."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index: MonthIndex | None = None
        self._marks: list[Mark] | None = None
        self._view = (0, -1)
        self._drawn: QPixmap | None = None
        self._hover_y: float | None = None
        self._bubble: QLabel | None = None
        self.setAccessibleName(self.tr("Dates"))
        self.setAccessibleDescription(self.tr("Click a month to go to its photos"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.hide()

    def set_days(self, days: npt.NDArray[np.int32] | None) -> None:
        """Show the months of these rows, days since 1970-01-01; hide for None, unsorted rows or a single month."""
        before = self.marks()
        self._index = MonthIndex.of(days) if days is not None else None
        self._marks = None
        if self.marks() != before:
            self._drawn = None
        self._point_at(None)
        self.setVisible(self._index is not None and len(self._index.months) > 1)
        self.update()

    def set_view(self, first_row: int, last_row: int) -> None:
        """Mark the rows that the grid shows."""
        before = self._view_area()
        self._view = first_row, last_row
        if self._view_area() != before:
            self.update(0, 0, _TEXT_LEFT, self.height())

    def marks(self) -> list[Mark]:
        """Return the marks that are drawn, from top to bottom."""
        if self._index is None:
            return []
        if self._marks is None:
            self._marks = self._index.marks(self._span(), self.fontMetrics().height() + 2, _TICK_GAP)
        return self._marks

    def month_text(self, y: float) -> str:
        """Return the month and year that a height of the strip stands for."""
        if self._index is None:
            return ""
        return month_text(first_day(self._index.month_at(self._row_at(y))))

    def sizeHint(self) -> QSize:
        """Return room for a year, or for a short month."""
        return QSize(self.fontMetrics().horizontalAdvance("0000") + 22, 200)

    def minimumSizeHint(self) -> QSize:
        """Return the width that is always needed."""
        return QSize(self.sizeHint().width(), 40)

    def _span(self) -> float:
        return max(float(self.height() - 2 * _EDGE), 1.0)

    def _row_at(self, y: float) -> int:
        assert self._index is not None
        near = [mark for mark in self.marks() if mark.is_written and 0 <= y - _EDGE - mark.y + _SNAP <= 2 * _SNAP]
        if near:
            return near[0].row
        row = int((y - _EDGE) / self._span() * self._index.count)
        return min(max(row, 0), self._index.count - 1)

    def _go_to(self, y: float) -> None:
        if self._index is not None:
            self.row_requested.emit(self._row_at(y))

    # The bubble

    def _point_at(self, y: float | None) -> None:
        self._hover_y = y
        self.update()
        if y is None or self._index is None:
            if self._bubble is not None:
                self._bubble.hide()
            return
        bubble = self._made_bubble()
        bubble.setText(self.month_text(y))
        bubble.adjustSize()
        middle = self.mapTo(self.window(), QPoint(0, round(y)))
        top = min(max(middle.y() - bubble.height() // 2, 0), self.window().height() - bubble.height())
        bubble.move(middle.x() - bubble.width() - 4, top)
        bubble.show()
        bubble.raise_()

    def _made_bubble(self) -> QLabel:
        if self._bubble is None:
            self._bubble = QLabel(self.window())
            self._bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._bubble.setAutoFillBackground(True)
            self._bubble.setBackgroundRole(_Role.ToolTipBase)
            self._bubble.setForegroundRole(_Role.ToolTipText)
            self._bubble.setFrameShape(QLabel.Shape.StyledPanel)
            self._bubble.setMargin(6)
        return self._bubble

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the month below the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the month below the mouse; go there while the button is down."""
        y = min(max(event.position().y(), 0.0), float(self.height()))
        self._point_at(y)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(y)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell no month any more."""
        super().leaveEvent(event)
        self._point_at(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the marks for the new height."""
        super().resizeEvent(event)
        self._marks = self._drawn = None

    def changeEvent(self, event: QEvent) -> None:
        """Choose the marks for another font."""
        super().changeEvent(event)
        self._marks = self._drawn = None
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what is seen, the marks, and the line below the mouse."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn_marks())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = self.palette().color(_Role.Highlight)
        area = self._view_area()
        if area is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawRoundedRect(area, 1.5, 1.5)
        if self._hover_y is not None:
            painter.setPen(QPen(accent, 1.5))
            painter.drawLine(QPointF(0, self._hover_y), QPointF(self.width(), self._hover_y))
        painter.end()

    def _view_area(self) -> QRectF | None:
        first, last = self._view
        if self._index is None or last < first:
            return None
        top, bottom = (row / self._index.count * self._span() for row in (first, last + 1))
        return QRectF(1.5, _EDGE + round(top), 3.0, max(round(bottom - top), _LEAST_VIEW))

    def _drawn_marks(self) -> QPixmap:
        """Draw the marks once for many repaints: the grid scrolls beside them."""
        ratio = self.devicePixelRatioF()
        if self._drawn is None or self._drawn.devicePixelRatio() != ratio:
            self._drawn = QPixmap(self.size() * ratio)
            self._drawn.setDevicePixelRatio(ratio)
            self._drawn.fill(self.palette().color(_Role.Base))
            painter = QPainter(self._drawn)
            painter.setFont(self.font())
            self._paint_marks(painter)
            painter.end()
        return self._drawn

    def _paint_marks(self, painter: QPainter) -> None:
        base, text = self.palette().color(_Role.Base), self.palette().color(_Role.Text)
        line = self.fontMetrics().height()
        strong, weak = blend(text, base, 0.8), blend(text, base, 0.45)
        for mark in self.marks():
            y = _EDGE + round(mark.y)
            if mark.is_written:
                painter.setPen(strong if mark.is_year else weak)
                area = QRect(_TEXT_LEFT, round(y - line / 2), self.width() - _TEXT_LEFT, line)
                painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text(mark))
            else:
                painter.fillRect(7, y, 4, 1, weak)

    def _text(self, mark: Mark) -> str:
        month = first_day(mark.month)
        if mark.is_year:
            return str(month.year)
        return QLocale().standaloneMonthName(month.month, QLocale.FormatType.ShortFormat)
