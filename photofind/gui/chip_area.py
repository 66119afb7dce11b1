"""All chips of a long query, in as many lines as they need, of which a few are seen; and the button that opens them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QWidget

from photofind.gui.chips import Chip
from photofind.gui.filters.flow import FlowLayout, empty

_GAP = 4
_ARROW = 12
_LINES = 3.5
"""So many lines are seen at once; half of one tells that there are more."""


class ChipArea(QScrollArea):
    """Lines of chips below the query bar's own; as high as they are, up to a few lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inner = QWidget()
        self._flow = FlowLayout(self._inner, gap=_GAP, line_gap=_GAP)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for widget in (self.viewport(), self._inner):  # they lie on the bar
            widget.setAutoFillBackground(False)
        self.setAccessibleName(self.tr("All parts of the query"))
        self.hide()

    def add(self, chip: Chip) -> None:
        """Put a chip at the end."""
        self._flow.addWidget(chip)
        chip.show()

    def clear(self) -> None:
        """Take all chips out."""
        empty(self._flow)

    def arrange(self) -> None:
        """Put the chips into lines at once, instead of some time later, and be as high as a few of these."""
        width = self.viewport().width()
        height = self._flow.heightForWidth(width)
        self._inner.resize(width, height)
        self._flow.setGeometry(self._inner.rect())
        chips = self._inner.findChildren(Chip, options=Qt.FindChildOption.FindDirectChildrenOnly)
        line = max((chip.height() + _GAP for chip in chips), default=0)
        self.setFixedHeight(min(height, round(_LINES * line)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the chips into other lines."""
        super().resizeEvent(event)
        self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Arrange the chips again when a picture makes one wider."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inner:
            self.arrange()
        return super().eventFilter(watched, event)


class MoreButton(QToolButton):
    """Says how many chips are left out for want of room, and opens and closes the area that has them all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(_ARROW, _ARROW))
        self.setArrowType(Qt.ArrowType.DownArrow)
        self.setAccessibleName(self.tr("Show all parts of the query"))

    def say(self, left_out: int, *, is_open: bool) -> None:
        """Show what a click does; be hidden when nothing is left out."""
        text = self._label(left_out, is_open=is_open)
        self.setVisible(bool(text))
        if not text or text == self.text():
            return
        opening, closing = self.tr("Show all parts of the query"), self.tr("Show only its first parts again (Esc)")
        tip = closing if is_open else opening
        self.setText(text)
        self.setArrowType(Qt.ArrowType.UpArrow if is_open else Qt.ArrowType.DownArrow)
        self.setAccessibleName(text)
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)

    def width_for(self, left_out: int, *, is_open: bool) -> int:
        """Return how wide it will be; 0 when nothing is left out."""
        text = self._label(left_out, is_open=is_open)
        advance = self.fontMetrics().horizontalAdvance
        return self.sizeHint().width() + advance(text) - advance(self.text()) if text else 0

    def _label(self, left_out: int, *, is_open: bool) -> str:
        if is_open:
            return self.tr("Show fewer")
        return self.tr("and {} more").format(left_out) if left_out else ""
