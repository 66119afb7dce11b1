"""A question in place: a bar with a sentence and two buttons, the harmless one of which has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import theme


class ConfirmBar(QWidget):
    """Asks before something is done; hidden unless it asks. Escape is the harmless answer."""

    confirmed = Signal()
    """The user wants it done."""

    declined = Signal()
    """The user does not."""

    def __init__(self, yes: str, no: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Question"))
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._yes = QPushButton(yes, self)
        self._yes.setAccessibleName(yes)
        self._yes.clicked.connect(self._on_confirmed)
        self._no = QPushButton(no, self)
        self._no.setAccessibleName(no)
        self._no.clicked.connect(self._on_declined)
        for button in (self._yes, self._no):
            button.setAutoDefault(True)  # Return presses the one that has the focus
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self._text)
        column.addLayout(buttons)
        self.hide()

    @property
    def text(self) -> str:
        """The question; empty when there is none."""
        return "" if self.isHidden() else self._text.text()

    def ask(self, text: str) -> None:
        """Show a question."""
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.show()
        self._no.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.tint(self.palette(), "warning"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Escape decline."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_declined()
        else:
            super().keyPressEvent(event)

    def _on_confirmed(self) -> None:
        self.hide()
        self.confirmed.emit()

    def _on_declined(self) -> None:
        self.hide()
        self.declined.emit()
