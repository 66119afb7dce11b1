"""The line that shows between which chips something would be dropped."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from photofind.gui import theme

_WIDTH = 2
_GAP = 1


class DropMark(QWidget):
    """A thin line on top of its parent; it gets no events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, beside: QRect, *, after: bool) -> None:
        """Stand before or after a place of the parent."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = beside.right() + 1 + _GAP if after != is_mirrored else beside.left() - _GAP - _WIDTH
        self.setGeometry(QRect(x, beside.y(), _WIDTH, beside.height()))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it in the accent colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.accent(self.palette()))
        painter.end()
