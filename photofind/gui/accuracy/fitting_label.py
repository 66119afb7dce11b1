"""A label that always takes the same room, and says less where it does not get it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_SLACK = 6


class FittingLabel(QLabel):
    """Shows the longest form of a text that fits, at its right end; what stands beside it does not move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms: Sequence[str] = ("",)
        self._room: Sequence[str] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def shown(self) -> str:
        """What is to be read at this width."""
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        fitting = (form for form in self._forms if metrics.horizontalAdvance(form) <= room)
        return next(fitting, metrics.elidedText(self._forms[-1], Qt.TextElideMode.ElideRight, room))

    def set_room(self, forms: Sequence[str]) -> None:
        """Take as much room as the first form of a text needs, and never less than the last one does."""
        self._room = forms
        self.updateGeometry()

    def say(self, forms: Sequence[str]) -> None:
        """Show a text: its forms, the longest first."""
        self._forms = forms
        self.setText(forms[0])
        self.setAccessibleDescription(forms[0])

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room of the longest form."""
        return QSize(_width(self.fontMetrics(), self._room[0]), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room of the shortest form."""
        return QSize(_width(self.fontMetrics(), self._room[-1]), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.shown)
        painter.end()


def _width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + _SLACK
