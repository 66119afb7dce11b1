"""What the list of groups and the cards of members draw alike: cards, pictures, marks with sign and word, badges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPalette, QPen

from photofind.gui import theme
from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.grid.source import GridTile
from photofind.gui.review.marks import KEEP, REMOVE, SKIP
from photofind.gui.review.words import CONTEXT

SIGN: Final = 16
_ROUND: Final = 7.0
_SIGN_GAP: Final = 4
_PILL_PAD: Final = 5
_FAINT: Final = 0.35
_Role = QPalette.ColorRole

Tone = Literal["accent", "error", "muted", "warning"]


@dataclass(frozen=True, slots=True)
class MarkLook:
    """How a mark looks: never by its colour alone."""

    text: str
    icon: str
    tone: Tone

    def label(self) -> str:
        """Return the translated word."""
        return QCoreApplication.translate(CONTEXT, self.text)


MARK_LOOKS: Final = {
    KEEP: MarkLook(QT_TRANSLATE_NOOP("Review", "Keep"), "keep", "accent"),
    REMOVE: MarkLook(QT_TRANSLATE_NOOP("Review", "Remove"), "trash", "error"),
    SKIP: MarkLook(QT_TRANSLATE_NOOP("Review", "Skip"), "skip", "muted"),
}


def tone_of(colours: QPalette, tone: Tone) -> QColor:
    """Return the colour of a tone, fit for text on the window's background and on lists."""
    if tone == "accent":
        return theme.accent(colours)
    return theme.muted(colours) if tone == "muted" else theme.tone_colour(colours, tone)


def draw_card(painter: QPainter, area: QRect, colours: QPalette, *, current: bool, hovered: bool, focus: bool) -> None:
    """Draw the ground of a row: filled and framed when it is current, with a second ring when it has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = QRectF(area).adjusted(1, 1, -1, -1)
    fill = QColor(theme.accent(colours) if current else colours.color(_Role.WindowText))
    fill.setAlphaF(0.16 if current else 0.09 if hovered else 0.04)
    painter.setBrush(fill)
    painter.setPen(QPen(theme.accent(colours), 1.5) if current else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(frame, _ROUND, _ROUND)
    if focus and current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.accent(colours), 1.5))
        painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), _ROUND - 3, _ROUND - 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_picture(painter: QPainter, box: QRect, tile: GridTile | None, colours: QPalette, *, fill: bool) -> None:
    """Draw a thumbnail in a box: its middle, or, unless ``fill``, all of it; a plain area as long as there is none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(box), 4, 4)
    pixmap = tile.pixmap if tile is not None else None
    if pixmap is None or pixmap.isNull():
        ground = QColor(colours.color(_Role.WindowText))
        ground.setAlphaF(0.10)
        painter.fillPath(shape, ground)
    if pixmap is not None and not pixmap.isNull():
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding if fill else Qt.AspectRatioMode.KeepAspectRatio
        size = pixmap.size().scaled(box.size(), mode).expandedTo(QSize(1, 1))
        target = QRect(box.topLeft(), size)
        target.moveCenter(box.center())
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(target.intersected(box)), 4, 4)
        painter.setClipPath(clip)
        if tile is not None and tile.offline:
            painter.setOpacity(0.5)
        painter.drawPixmap(target, pixmap)
    elif tile is not None:
        side = min(24, box.width())
        sign = theme.pixmap("photo-broken", side, theme.muted(colours), ratio=painter.device().devicePixelRatio())
        painter.drawPixmap(box.center() - QPointF(side / 2, side / 2).toPoint(), sign)
    painter.restore()


def draw_sign(painter: QPainter, at: QRect, name: str, colour: QColor) -> None:
    """Draw an icon in the middle of a place."""
    side = min(at.width(), at.height(), SIGN)
    sign = theme.pixmap(name, side, colour, ratio=painter.device().devicePixelRatio())
    painter.drawPixmap(at.x() + (at.width() - side) // 2, at.y() + (at.height() - side) // 2, sign)


def draw_line(
    painter: QPainter,
    area: QRect,
    text: str,
    colour: QColor,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """Draw one line of text, shortened to its place, in the painter's font."""
    shown = QFontMetrics(painter.font()).elidedText(text, elide, area.width())
    painter.setPen(colour)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), shown)


def small_font(font: QFont) -> QFont:
    """Return a font for what is of second rank."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(max(font.pointSizeF() * 0.9, 6.5))
    return small


def bold_font(font: QFont) -> QFont:
    """Return the font for a heading."""
    bold = QFont(font)
    bold.setBold(True)
    return bold


def mark_width(font: QFont, look: MarkLook) -> int:
    """Return how wide the button of a mark is."""
    return 2 * _PILL_PAD + SIGN + _SIGN_GAP + QFontMetrics(font).horizontalAdvance(look.label())


def draw_mark(painter: QPainter, area: QRect, look: MarkLook, colours: QPalette, *, on: bool) -> None:
    """Draw a mark as a button with sign and word, filled when it is set."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = tone_of(colours, look.tone)
    frame = QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5)
    if on:
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour)
        ink = colours.color(_Role.Base)
    else:
        painter.setPen(QPen(theme.hairline(colours), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ink = theme.muted(colours)
    painter.drawRoundedRect(frame, 5, 5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    inside = area.adjusted(_PILL_PAD, 0, -_PILL_PAD, 0)
    sign = QRect(inside.x(), inside.y(), SIGN, inside.height())
    words = inside.adjusted(SIGN + _SIGN_GAP, 0, 2, 0)
    draw_sign(painter, sign, look.icon, ink)
    draw_line(painter, words, look.label(), ink)
