"""A slider with a mark below the position that is the usual one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from photofind.gui import theme

_MARK_WIDTH, _MARK_HEIGHT = 3.0, 4.0
_WIDTH, _NARROWEST = 140, 70


class MarkedSlider(QSlider):
    """A horizontal slider; :meth:`set_mark` says where its mark is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._mark: int | None = None
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)

    @property
    def mark(self) -> int | None:
        """The position that is marked, if any."""
        return self._mark

    def set_mark(self, position: int | None) -> None:
        """Mark a position, or none."""
        self._mark = position
        self.update()

    def mark_area(self) -> QRectF:
        """Return where the mark is drawn: below the middle of the handle when that stands at it."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = option.sliderValue = self._mark or 0
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        handle = self.style().subControlRect(control, option, part, self)
        left = handle.x() + (handle.width() - _MARK_WIDTH) / 2
        return QRectF(left, self.height() - _MARK_HEIGHT, _MARK_WIDTH, _MARK_HEIGHT)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the usual width; a narrow window in a language of long words gives less."""
        return QSize(_WIDTH, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the slider and its mark."""
        super().paintEvent(event)
        if self._mark is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.muted(self.palette()))
        painter.drawRoundedRect(self.mark_area(), 1.0, 1.0)
        painter.end()
