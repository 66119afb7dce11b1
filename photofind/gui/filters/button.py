"""The button that opens the filters, with the number of those that hold at its end."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from photofind.gui import theme

_BADGE = 18
_EDGE = 5
_DIGITS = 12


class FilterButton(QToolButton):
    """Shows an action and how many filters hold, so that nobody misses photos without knowing why."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(18, 18))
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
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return some room for the badge while there is one."""
        return super().sizeHint() + QSize(_BADGE + _EDGE if self._count else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the badge after the text."""
        if not self._count:
            super().paintEvent(event)
            return
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        frame = QStyleOptionToolButton(option)
        frame.text, frame.icon = "", QIcon()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, frame)
        option.rect = option.rect.adjusted(0, 0, -_BADGE - _EDGE, 0)
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        badge = QRectF(self.width() - _BADGE - _EDGE, (self.height() - _BADGE) / 2, _BADGE, _BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent(self.palette()))
        painter.drawEllipse(badge)
        font = self.font()
        font.setPixelSize(_DIGITS)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._count))
        painter.end()
