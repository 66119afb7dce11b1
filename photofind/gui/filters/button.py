"""The button of the tool bar that opens the filters, with the number of those that hold in its corner."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolButton, QWidget

from photofind.gui import theme

_BADGE = 14.0
_DIGITS = 0.62


class FilterButton(QToolButton):
    """Shows an action and how many filters hold, so that nobody misses photos without knowing why."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.setDefaultAction(action)
        self.setAccessibleName(action.iconText())

    @property
    def count(self) -> int:
        """How many filters hold."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show how many filters hold; none without a badge."""
        self._count = count
        words = self.tr("1 filter holds") if count == 1 else self.tr("{} filters hold").format(count)
        self.setAccessibleDescription(words if count else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the badge over the button."""
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        badge = QRectF(self.width() - _BADGE - 1, 1, _BADGE, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent(self.palette()))
        painter.drawEllipse(badge)
        font = self.font()
        font.setPixelSize(round(_BADGE * _DIGITS * 1.15))
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._count))
        painter.end()
