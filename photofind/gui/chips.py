"""The chips of the query bar: one for each part of the query, to be weighted, turned around, moved and taken out.

::

    [picture  not  beach.jpg  x2  (x)]     keys: Delete takes it out, - and + turn it around, the arrows go on
                                           Ctrl+wheel and the menu weigh it; the mouse drags it to another place
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QActionGroup,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from photofind.gui import numbers, theme
from photofind.gui.names import displayable
from photofind.gui.query import WEIGHTS, QueryPart

CHIP_PICTURE: Final = 28
"""Height of a chip's picture in logical pixels."""

_LONGEST: Final = 3
"""Longer side of a chip's picture in shorter ones: of a panorama, or a strip one pixel high, the middle is shown."""

_ROUND: Final = 6.0
_LONGEST_LABEL: Final = 150
_LONGEST_WORDS: Final = 260
_LONGEST_TIP: Final = 500
_ICON: Final = 18
_NOTCH: Final = 120
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_Key = Qt.Key


class Chip(QFrame):
    """One part of the query: a small picture, a name, what it weighs, and a button that takes it out."""

    removed = Signal(object)
    """The :class:`QueryPart`."""

    replaced = Signal(object, object)
    """A :class:`QueryPart`, and what the user wants in its place."""

    drag_started = Signal()
    """The user drags the chip."""

    stepped = Signal(int, bool)
    """The keyboard goes to the chip so many places on; whether it takes this chip along."""

    def __init__(self, part: QueryPart, picture: QPixmap | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self._pressed: QPointF | None = None
        self._wheel = 0
        self.setObjectName("chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self._spoken())
        self.setAccessibleDescription(self.tr("Delete takes it out; minus and plus turn it around"))
        hint = self.tr("Right-click to weigh it or turn it around; drag it to move it")
        self.setToolTip("\n".join([displayable(part.path or part.label)[:_LONGEST_TIP], hint]))
        self._picture = QLabel(self)
        self._sign = _Mark(self.tr("not") if part.is_negative else "", self)
        name = QLabel(self)
        name.setTextFormat(Qt.TextFormat.PlainText)
        text = self.tr("part of {}").format(part.label) if part.region else part.label
        longest = _LONGEST_LABEL if part.words is None else _LONGEST_WORDS
        name.setText(name.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, longest))
        self._weight = _Mark(weight_text(part.weight), self)
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(6)
        for widget in (self._picture, self._sign, name, self._weight, self._remove_button()):
            layout.addWidget(widget)
        for mark in (self._sign, self._weight):
            mark.setVisible(bool(mark.text()))
        self.setFixedHeight(CHIP_PICTURE + 6)
        self._colour_marks()
        self.set_picture(picture)

    @property
    def picture(self) -> QPixmap:
        """The picture that is shown; null as long as it is not known."""
        return self._picture.pixmap()

    def set_picture(self, picture: QPixmap | None) -> None:
        """Show the part's picture once it is known; words have a sign instead."""
        is_words = self.part.words is not None
        self._picture.setVisible(is_words or picture is not None)
        self._row.setContentsMargins(6 if is_words else 4 if picture is not None else 10, 2, 2, 2)
        if picture is not None and not is_words:
            ratio = self.devicePixelRatioF()
            middle = _middle(picture)
            scaled = middle.scaledToHeight(round(CHIP_PICTURE * ratio), Qt.TransformationMode.SmoothTransformation)
            scaled.setDevicePixelRatio(ratio)
            self._picture.setPixmap(scaled)

    def menu(self) -> QMenu:
        """Return a new menu of what can be done with the chip; it deletes itself when it closes."""
        menu = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        turn = menu.addAction(self.tr("&More like this") if self.part.is_negative else self.tr("&Less like this"))
        turn.triggered.connect(partial(self._weigh, -self.part.weight))
        menu.addSeparator()
        group = QActionGroup(menu)
        for weight in WEIGHTS:
            entry = menu.addAction(self.tr("Counts {}").format(_times(weight)))
            entry.setCheckable(True)
            entry.setChecked(weight == abs(self.part.weight))
            entry.triggered.connect(partial(self._weigh, -weight if self.part.is_negative else weight))
            group.addAction(entry)
        menu.addSeparator()
        menu.addAction(self.tr("&Take out")).triggered.connect(lambda: self.removed.emit(self.part))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    # Events

    def event(self, event: QEvent) -> bool:
        """Keep Backspace, which elsewhere in the window may mean "back", for the chip."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == _Key.Key_Backspace and not event.modifiers())
            return event.isAccepted()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the card that holds everything together; one that is turned around has another colour."""
        super().paintEvent(event)
        colours = self.palette()
        tone: theme.Tone = "error" if self.part.is_negative else "info"
        edge = theme.tone_colour(colours, tone) if self.part.is_negative else theme.hairline(colours)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.accent(colours), 2.0) if self.hasFocus() else QPen(edge, 1.0))
        painter.setBrush(theme.tint(colours, tone))
        inset = 1.0 if self.hasFocus() else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), _ROUND, _ROUND)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_marks()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the keys are for this chip."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that they no longer are."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take out, turn around, weigh, move; see the module."""
        key, weight = event.key(), abs(self.part.weight)
        if key in (_Key.Key_Delete, _Key.Key_Backspace):
            self.removed.emit(self.part)
        elif key == _Key.Key_Minus:
            self._weigh(-weight)
        elif key in (_Key.Key_Plus, _Key.Key_Equal):
            self._weigh(weight)
        elif key in (_Key.Key_Left, _Key.Key_Right):
            is_forward = (key == _Key.Key_Right) == (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
            self.stepped.emit(1 if is_forward else -1, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key in (_Key.Key_Space, _Key.Key_Return, _Key.Key_Enter):
            self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Weigh the part with Ctrl and the wheel."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / _NOTCH)
        self._wheel -= steps * _NOTCH
        if steps:
            self._weigh(stepped_weight(self.part.weight, steps))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Open the menu."""
        self.menu().popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where a drag would begin."""
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a drag."""
        if self._pressed is None:
            return
        if (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_started.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End a press."""
        del event
        self._pressed = None

    # Making

    def _remove_button(self) -> QToolButton:
        remove = QToolButton(self)
        remove.setAutoRaise(True)
        remove.setIcon(theme.icon("close"))
        remove.setIconSize(QSize(14, 14))
        remove.setToolTip(self.tr("Take this out of the query"))
        remove.setAccessibleName(self.tr("Take {} out of the query").format(self.part.label))
        remove.clicked.connect(lambda: self.removed.emit(self.part))
        return remove

    def _spoken(self) -> str:
        spoken = self.tr("Query: not {}") if self.part.is_negative else self.tr("Query: {}")
        words = [spoken.format(self.part.label), weight_text(self.part.weight)]
        return ", ".join(filter(None, words))

    def _colour_marks(self) -> None:
        colours = self.palette()
        self._sign.set_colour(theme.tone_colour(colours, "error"))
        self._weight.set_colour(theme.tone_colour(colours, "error" if self.part.is_negative else "info"))
        if self.part.words is not None:
            drawn = theme.pixmap("words", _ICON, theme.muted(colours), ratio=self.devicePixelRatioF())
            self._picture.setPixmap(drawn)

    def _weigh(self, weight: float, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a slot
        if weight != self.part.weight:
            self.replaced.emit(self.part, self.part.weighted(weight))


class _Mark(QLabel):
    """A short bold text in a colour of its own."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        font = self.font()
        font.setBold(True)
        self.setFont(font)

    def set_colour(self, colour: QColor) -> None:
        """Draw the text in a colour from now on."""
        colours = self.palette()
        if colours.color(QPalette.ColorRole.WindowText) != colour:
            colours.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(colours)


def weight_text(weight: float) -> str:
    """Return how many times a part counts; nothing for one that counts once."""
    return "" if abs(weight) == 1.0 else _times(abs(weight))


def stepped_weight(weight: float, steps: int) -> float:
    """Return the weight so many steps heavier, or lighter below 0; the sign stays."""
    size = abs(weight)
    place = min(range(len(WEIGHTS)), key=lambda n: abs(WEIGHTS[n] - size))
    stepped = WEIGHTS[min(max(place + steps, 0), len(WEIGHTS) - 1)]
    return -stepped if weight < 0 else stepped


def _times(weight: float) -> str:
    if weight == 0.5:
        return f"{_TIMES}½"
    return f"{_TIMES}{numbers.grouped(round(weight)) if weight == round(weight) else numbers.decimal(weight, 2)}"


def _middle(picture: QPixmap) -> QPixmap:
    """Return a picture, without its ends if it is very long."""
    width, height = picture.width(), picture.height()
    kept = QSize(min(width, _LONGEST * height), min(height, _LONGEST * width))
    return picture.copy((width - kept.width()) // 2, (height - kept.height()) // 2, kept.width(), kept.height())
