"""A label that always takes the same room, and says less where it does not get it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_SLACK = 6


class FittingLabel(QLabel):
    """Shows a text in full, or else its short form, at its right end; what stands beside it does not move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._short = ""
        self._room = ("", "")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def shown(self) -> str:
        """What is to be read at this width."""
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        if metrics.horizontalAdvance(self.text()) <= room:
            return self.text()
        return metrics.elidedText(self._short, Qt.TextElideMode.ElideRight, room)

    def set_room(self, full: str, short: str) -> None:
        """Take as much room as one text needs, and never less than another one."""
        self._room = (full, short)
        self.updateGeometry()

    def say(self, full: str, short: str) -> None:
        """Show a text."""
        self._short = short
        self.setText(full)
        self.setAccessibleDescription(full)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room of the widest text."""
        return QSize(_width(self.fontMetrics(), self._room[0]), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room of the widest short text."""
        return QSize(_width(self.fontMetrics(), self._room[1]), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.shown)
        painter.end()


def _width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + _SLACK
