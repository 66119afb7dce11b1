"""The end of the query bar: what the search found, and what an exact check says that it missed.

::

    41 photos look alike · approximate · 1.3 ms   3 missed · show

The second part is a button only while there is something to show.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

_GAP = 6


class LinkButton(QToolButton):
    """A button that looks like a link: words in the colour of links, and a frame for the mouse and the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the button in its own colour."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        palette = QPalette(option.palette)
        palette.setColor(QPalette.ColorRole.ButtonText, palette.link().color())
        option.palette = palette
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.end()


class Outcome(QWidget):
    """A sentence about the answer, and beside it another one about what it lacks."""

    missed_clicked = Signal()
    """The user wants to see what was missed, or to see it no more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary, self._note, self._link = QLabel(self), QLabel(self), LinkButton(self)
        self._summary.setAccessibleName(self.tr("Results"))
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._note.setAccessibleName(self.tr("Exact check"))
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._link.clicked.connect(self.missed_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addStretch(1)  # what is left when something is hidden stays at the right end
        for widget in (self._summary, self._note, self._link):
            row.addWidget(widget)
        self.say_check("")

    @property
    def link(self) -> LinkButton:
        """The button; hidden while there is nothing to show."""
        return self._link

    @property
    def check(self) -> str:
        """What is said of the exact check."""
        return self._link.text() or self._note.text()

    def say(self, summary: str) -> None:
        """Say what was found."""
        self._summary.setText(summary)
        self.updateGeometry()

    def say_check(self, text: str, *, tip: str = "", is_link: bool = False) -> None:
        """Say what is known of what was missed; empty for nothing."""
        self._note.setText("" if is_link else text)
        self._link.setText(text if is_link else "")
        for widget in (self._note, self._link):
            widget.setToolTip(tip)
            widget.setAccessibleDescription(tip)
        self._link.setAccessibleName(self._link.text() or self.tr("What the search missed"))
        self._link.setVisible(is_link)
        self._note.setVisible(bool(text) and not is_link)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room of all that is said, be it shown or not."""
        return QSize(self._summary.sizeHint().width() + self._check_width(), super().sizeHint().height())

    def fit(self, room: int) -> None:
        """Show what so many pixels have room for: what was missed comes before what was found."""
        self._summary.setVisible(self.sizeHint().width() <= room)
        self.setVisible(self._check_width() <= room if self.check else not self._summary.isHidden())

    def _check_width(self) -> int:
        widget = self._link if self._link.text() else self._note
        return widget.sizeHint().width() + _GAP if self.check else 0
