"""The verdict as a line of text, with the numbers behind it for those who want to see them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from photofind.gui import theme

_ICON_SIDE = 18


class VerdictLine(QWidget):
    """Says a sentence; a button shows the evidence below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = _label()
        self.sentence.setAccessibleName(self.tr("Verdict"))
        self.evidence = _label()
        self.evidence.setAccessibleName(self.tr("Evidence"))
        self.evidence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.button = QToolButton(self)
        self.button.setText(self.tr("Evidence"))
        self.button.setToolTip(self.tr("Show the numbers behind the verdict"))
        self.button.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setAutoRaise(True)
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.toggled.connect(lambda on: self._unfold(on=on))
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 5, 8, 5)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.sentence, 0, 0)
        grid.addWidget(self.button, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.evidence, 1, 0, 1, 2)
        self._unfold(on=False)

    def say(self, sentence: str, evidence: str) -> None:
        """Show a verdict and its numbers; without numbers, there is nothing to unfold."""
        self.sentence.setText(sentence)
        self.evidence.setText(evidence)
        self.button.setVisible(bool(evidence))
        self.evidence.setVisible(bool(evidence) and self.button.isChecked())

    def _unfold(self, *, on: bool) -> None:
        self.button.setIcon(theme.icon("down" if on else "next"))
        self.evidence.setVisible(on and bool(self.evidence.text()))


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
