"""A thin bar that shows how much is done; the style's own is lost on a dark background."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from photofind.gui import theme

_HEIGHT: Final = 8
_PARTS: Final = 1000
_UNKNOWN: Final = 0.35


class ThinBar(QProgressBar):
    """Shows a share; a pale bar while it is not known."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedSize(width, _HEIGHT)

    def show_share(self, share: float) -> None:
        """Show how much is done, 0 to 1; below 0 when that is not known."""
        self.setRange(0, 0 if share < 0 else _PARTS)
        self.setValue(round(max(share, 0.0) * _PARTS))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the groove and what is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        painter.setBrush(theme.hairline(self.palette()))
        painter.drawRoundedRect(groove, groove.height() / 2, groove.height() / 2)
        colour = QColor(theme.accent(self.palette()))
        share = self.value() / self.maximum() if self.maximum() else 1.0
        if not self.maximum():
            colour.setAlphaF(_UNKNOWN)
        painter.setBrush(colour)
        groove.setWidth(groove.width() * share)
        painter.drawRoundedRect(groove, groove.height() / 2, groove.height() / 2)
        painter.end()
