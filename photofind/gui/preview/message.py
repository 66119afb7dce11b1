"""A sentence in place: laid over the lower part of a widget, for what went wrong with what it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

_MARGIN = 24
_PADDING = 12
_WIDEST = 560


class Message(QLabel):
    """A sentence over ``view``, hidden while there is nothing to say; it keeps its place when the view is resized."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMargin(_PADDING)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(self.tr("Message"))
        view.installEventFilter(self)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the message."""
        self.setText(sentence)
        self._place()
        self.setVisible(bool(sentence))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the view."""
        if watched is self._view and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING + 2
        width = max(1, min(wanted, _WIDEST, self._view.width() - 2 * _MARGIN))
        height = self.heightForWidth(width)
        self.setGeometry((self._view.width() - width) // 2, self._view.height() - _MARGIN - height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        painter.end()
        super().paintEvent(event)
