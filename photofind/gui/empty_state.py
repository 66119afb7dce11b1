"""What the window shows while the library has no photos: an invitation with one thing to do."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme

_Role = QPalette.ColorRole
_DRAWING: Final = QSize(300, 190)
_FRAME_MARGIN: Final = 16
_LEAST: Final = QSize(360, 220)
_HEIGHT_WITH_DRAWING: Final = 410


class EmptyState(QWidget):
    """The invitation; drops are taken by the window, which tells when something hovers above."""

    add_requested = Signal()
    """The user wants to add a folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Start"))
        self._highlighted = False
        self.button = PrimaryButton(self.tr("&Add a folder…"), self)
        self.button.setIcon(theme.icon("folder-add"))
        self.button.setToolTip(self.tr("Choose a folder of photos; nothing in it is changed"))
        self.button.clicked.connect(self.add_requested)
        self.setFocusProxy(self.button)
        self._lay_out()

    @property
    def is_highlighted(self) -> bool:
        """Whether the place to drop is marked."""
        return self._highlighted

    def set_drop_highlight(self, *, on: bool) -> None:
        """Mark the place while something that could be dropped hovers above the window."""
        if on != self._highlighted:
            self._highlighted = on
            self.update()

    def _lay_out(self) -> None:
        headline = QLabel(self.tr("Your photos, found by how they look"), self)
        font = headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        headline.setFont(font)
        headline.setWordWrap(True)
        privacy = _quiet(QLabel(self.tr("Everything stays on this computer."), self))
        hint = _quiet(QLabel(self.tr("or drop a folder here"), self))
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 24, 40, 24)
        column.setSpacing(0)
        column.addStretch(3)
        self._drawing = _Drawing(self)
        column.addWidget(self._drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(20)
        for label, space in ((headline, 8), (privacy, 24)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
            column.addSpacing(space)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.button)
        row.addStretch()
        column.addLayout(row)
        column.addSpacing(12)
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(hint)
        column.addStretch(4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for the words and the button; every page of the window needs as much as this one."""
        return _LEAST

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the drawing out where it would push the words apart."""
        super().resizeEvent(event)
        self._drawing.setVisible(event.size().height() >= _HEIGHT_WITH_DRAWING)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the ground, and the frame of the place to drop."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(_Role.Base))
        if not self._highlighted:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.accent(self.palette())
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine))
        ground = QColor(colour)
        ground.setAlphaF(0.08)
        painter.setBrush(ground)
        frame = QRectF(self.rect()).adjusted(_FRAME_MARGIN, _FRAME_MARGIN, -_FRAME_MARGIN, -_FRAME_MARGIN)
        painter.drawRoundedRect(frame, 14, 14)


class PrimaryButton(QPushButton):
    """The one button that a page is about, in the accent's colour."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(20, 20))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size with more air than that of other buttons."""
        return super().sizeHint() + QSize(28, 14)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a plain card with the label that the style draws."""
        del event
        option = QStyleOptionButton()
        self.initStyleOption(option)
        colours = self.palette()
        fill = theme.accent(colours)
        if self.isDown():
            fill = fill.darker(118)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill = fill.lighter(112)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        painter.drawRoundedRect(box, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent(colours), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)
        self._draw_label(painter, colours.color(_Role.HighlightedText))

    def _draw_label(self, painter: QPainter, colour: QColor) -> None:
        size = self.iconSize()
        icon_width = 0 if self.icon().isNull() else size.width() + 8
        words = self.fontMetrics().horizontalAdvance(self.text().replace("&", ""))
        left = (self.width() - icon_width - words) / 2
        if icon_width:
            top = (self.height() - size.height()) / 2
            # In the mode of selected things the icon has the colour of text on the accent.
            drawn = self.icon().pixmap(size, self.devicePixelRatioF(), QIcon.Mode.Selected)
            painter.drawPixmap(QPointF(left, top), drawn)
        painter.setPen(colour)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextSingleLine
        painter.drawText(QRectF(left + icon_width, 0, words + 8, self.height()), int(flags), self.text())


class _Drawing(QWidget):
    """Photos that resemble each other, one of them under a magnifying glass."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_DRAWING)
        self.setAccessibleName(self.tr("Photos under a magnifying glass"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for angle, centre, shift in ((-10.0, QPointF(82, 98), 18.0), (9.0, QPointF(212, 92), -14.0)):
            self._draw_photo(painter, centre, angle, shift, faded=True)
        self._draw_photo(painter, QPointF(146, 96), 0.0, 0.0, faded=False)
        self._draw_glass(painter)

    def _draw_photo(self, painter: QPainter, centre: QPointF, angle: float, shift: float, *, faded: bool) -> None:
        colours = self.palette()
        dark = theme.is_dark(colours)
        painter.save()
        painter.translate(centre)
        painter.rotate(angle)
        if faded:
            painter.setOpacity(0.55)
        card = QRectF(-66, -50, 132, 100)
        painter.setPen(QPen(theme.hairline(colours), 1.2))
        painter.setBrush(QColor("#e4e6ea" if dark else "#ffffff"))
        painter.drawRoundedRect(card, 8, 8)
        picture = card.adjusted(8, 8, -8, -8)
        clip = QPainterPath()
        clip.addRoundedRect(picture, 4, 4)
        painter.setClipPath(clip)
        painter.fillRect(picture, QColor("#9cc3ff" if dark else "#cfe2ff"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffc24b"))
        painter.drawEllipse(QPointF(26 + shift, -22), 9, 9)
        self._draw_hills(painter, picture, shift)
        painter.restore()

    def _draw_hills(self, painter: QPainter, picture: QRectF, shift: float) -> None:
        base = picture.bottom() + 1
        for colour, peak, reach, top in (("#5c9c86", 22.0, 62.0, -6.0), ("#2f6fc4", -24.0, 58.0, -18.0)):
            hill = QPainterPath(QPointF(peak + shift - reach, base))
            hill.quadTo(QPointF(peak + shift - reach * 0.35, top + 14), QPointF(peak + shift, top))
            hill.quadTo(QPointF(peak + shift + reach * 0.35, top + 14), QPointF(peak + shift + reach, base))
            painter.setBrush(QColor(colour))
            painter.drawPath(hill)

    def _draw_glass(self, painter: QPainter) -> None:
        colours = self.palette()
        rim = QColor("#d5dbe6") if theme.is_dark(colours) else QColor("#22304a")
        centre = QPointF(194, 128)
        painter.setPen(QPen(rim, 9, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(centre + QPointF(25, 25), centre + QPointF(46, 46))
        lens = QColor(theme.accent(colours))
        lens.setAlphaF(0.22)
        painter.setBrush(lens)
        painter.setPen(QPen(rim, 6))
        painter.drawEllipse(centre, 31, 31)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(255, 255, 255, 170), 3.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(QRectF(centre.x() - 21, centre.y() - 21, 42, 42), 110 * 16, 60 * 16)


def _quiet(label: QLabel) -> QLabel:
    """Give a label the colour of text of second rank, also after a change of palette."""
    label.setForegroundRole(_Role.PlaceholderText)
    label.setWordWrap(True)
    return label
