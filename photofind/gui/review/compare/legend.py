"""What the colours of a difference mean, how strongly they are shown, and the difference in words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QToolButton, QWidget

from photofind.core.duplicates.difference import ONLY_ONE, ramp_colours
from photofind.gui import theme

GAINS: Final = (1, 4, 16)
_STOPS = 17
_RAMP_WIDTH = 96
_PATCH = 14


class Legend(QWidget):
    """A row below a difference; ``gain_chosen(int)`` says how many times as strong it is to be shown."""

    gain_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName(self.tr("Difference"))
        self._gains = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 4, 8, 4)
        line.setSpacing(6)
        line.addWidget(self.sentence, 1)
        line.addWidget(_muted(self.tr("same")))
        line.addWidget(_Ramp(self))
        line.addWidget(_muted(self.tr("differs")))
        line.addSpacing(8)
        line.addWidget(_Patch(QColor(*ONLY_ONE), self))
        line.addWidget(_muted(self.tr("only in one")))
        line.addSpacing(8)
        for gain in GAINS:
            line.addWidget(self._button(gain))
        self._gains.idClicked.connect(self.gain_chosen)
        self.set_gain(GAINS[0])

    def set_gain(self, gain: int) -> None:
        """Show which gain is chosen."""
        self._gains.button(gain).setChecked(True)

    def say(self, sentence: str) -> None:
        """Show the difference in words."""
        self.sentence.setText(sentence)

    def _button(self, gain: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(f"\N{MULTIPLICATION SIGN}{gain}")
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(self.tr("Show differences {} times as strong (G)").format(gain))
        button.setAccessibleName(button.toolTip())
        self._gains.addButton(button, gain)
        return button


class _Ramp(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(_RAMP_WIDTH, _PATCH))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        for number, colour in enumerate(ramp_colours(_STOPS)):
            gradient.setColorAt(number / (_STOPS - 1), QColor(*colour))
        painter.fillRect(self.rect(), gradient)
        _frame(painter, self)


class _Patch(QWidget):
    def __init__(self, colour: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setFixedSize(QSize(_PATCH, _PATCH))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colour)
        _frame(painter, self)


def _frame(painter: QPainter, widget: QWidget) -> None:
    painter.setPen(theme.hairline(widget.palette()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
    painter.end()


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
