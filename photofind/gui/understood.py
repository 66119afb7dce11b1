"""The row below the chips: what the search has made of the words, and how many photos the filters keep.

The number has a place of its own at the end of the row, so that a long sentence about the words cannot push it out.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

_INDENT = 8
_GAP = 16


class UnderstoodRow(QWidget):
    """A sentence that loses its end when there is no room, and a number that does not; hidden without both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = _Line(self)
        self._line.setAccessibleName(self.tr("What was understood"))
        self._kept = QLabel(self)
        self._kept.setAccessibleName(self.tr("How many photos match"))
        self._kept.setTextFormat(Qt.TextFormat.PlainText)
        self._kept.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._line, 1)
        row.addWidget(self._kept)
        self.hide()

    def say(self, understood: str, kept: str) -> None:
        """Show both."""
        self._line.setText(understood)
        self._line.setAccessibleDescription(understood)
        self._kept.setText(kept)
        self._kept.setAccessibleDescription(kept)
        self._kept.setVisible(bool(kept))
        self.setVisible(bool(understood or kept))


class _Line(QLabel):
    """One quiet line of text that loses its end when the place is too narrow, and then shows it as a tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - _INDENT)
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.rect().adjusted(_INDENT, 0, 0, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, shown)
        painter.end()
