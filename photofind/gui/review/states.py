"""What stands in the place of the groups while there are none: why, and what could be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from photofind.gui import theme
from photofind.gui.names import displayable
from photofind.gui.review.thin_bar import ThinBar

_SIGN: Final = 56
_WIDEST: Final = 460
_BAR: Final = 280


class StatePage(QWidget):
    """A sign, a headline, a sentence, and perhaps a bar and a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = "duplicates"
        self._act: Callable[[], object] | None = None
        self._sign = QLabel(self)
        self._headline = QLabel(self)
        font = self._headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.45)
        font.setBold(True)
        self._headline.setFont(font)
        self._sentence = QLabel(self)
        self._sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = ThinBar(_BAR, self)
        self.button = QPushButton(self)
        self.button.clicked.connect(self._on_clicked)
        self._lay_out()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.say("duplicates", "", "")

    @property
    def text(self) -> str:
        """The headline and the sentence."""
        return f"{self._headline.text()} {self._sentence.text()}".strip()

    def say(
        self,
        icon: str,
        headline: str,
        sentence: str,
        *,
        share: float | None = None,
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show a state; ``share`` is how much is done, below 0 when that is not known; ``action`` a button."""
        self._icon = icon
        self._headline.setText(headline)
        self._sentence.setText(displayable(sentence))
        self._bar.setVisible(share is not None)
        if share is not None:
            self._bar.show_share(share)
        self.button.setVisible(action is not None)
        self._act = action[1] if action is not None else None
        self.button.setText(action[0] if action is not None else "")
        self.setAccessibleName(headline)
        self.setAccessibleDescription(sentence)
        self._paint_sign()

    def _on_clicked(self) -> None:
        if self._act is not None:
            self._act()

    def _paint_sign(self) -> None:
        colour = theme.muted(self.palette())
        self._sign.setPixmap(theme.pixmap(self._icon, _SIGN, colour, ratio=self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_sign()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 24, 40, 24)
        column.setSpacing(12)
        column.addStretch(2)
        for label in (self._sign, self._headline, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self._sign)
            row = QHBoxLayout()
            row.addStretch()
            label.setMaximumWidth(_WIDEST)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            row.addWidget(label, 10)
            row.addStretch()
            column.addLayout(row)
        for widget in (self._bar, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
