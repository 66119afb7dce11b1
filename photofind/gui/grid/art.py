"""The parts of a tile that look alike on many tiles, drawn once and kept as pixmaps.

Rounded shapes and text are slow to draw, some hundred microseconds a tile; a pixmap takes a few. Everything is keyed
by what it depends on and thrown away when palette, font or pixel ratio change, or when there is too much of it: each
size of the tiles has cards of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPalette, QPen, QPixmap, QStaticText

from photofind.gui import theme

_MOST_LINES: Final = 4000
_MOST_BYTES: Final = 24 * 1024 * 1024
"""Of pixmaps: what every kind of card needs for the largest tiles on a dense screen."""

_ROUNDING: Final = 7.0
_Role = QPalette.ColorRole


@dataclass(frozen=True, slots=True)
class CardKind:
    """What a card's background depends on besides its size."""

    selected: bool
    hovered: bool
    missed: bool = False


class TileArt:
    """Backgrounds, signs, chips and lines of text, in one palette, font and pixel ratio."""

    def __init__(self, palette: QPalette, font: QFont, ratio: float) -> None:
        self.ratio = ratio
        self.base = palette.color(_Role.Base)
        self.text = palette.color(_Role.Text)
        self.accent = palette.color(_Role.Highlight)
        self._warning = theme.tone_colour(palette, "warning")
        self.font = font
        self.small = QFont(font)
        self.small.setPointSizeF(max(font.pointSizeF() * 0.85, 6.5) if font.pointSizeF() > 0 else 8.0)
        self._metrics = QFontMetrics(font)
        self._kept: dict[Hashable, QPixmap] = {}
        self._bytes = 0
        self._lines: dict[tuple[str, int], QStaticText] = {}

    def mixed(self, share: float) -> QColor:
        """Return the text's colour thinned into the background's: 0.0 is all background."""
        return blend(self.text, self.base, share)

    def card(self, size: QSize, kind: CardKind) -> QPixmap:
        """Return the background of a card; it is opaque, so that it is copied rather than blended."""
        return self._drawn((size.width(), size.height(), kind), size, lambda painter: self._card(painter, size, kind))

    def waiting(self, side: int) -> QPixmap:
        """Return what stands for a picture that is still being fetched."""
        return self._drawn(("waiting", side), QSize(side, side), lambda painter: self._waiting(painter, side))

    def broken(self, side: int) -> QPixmap:
        """Return what stands for a picture that has no thumbnail."""
        return self._drawn(("broken", side), QSize(side, side), lambda painter: self._broken(painter, side))

    def offline(self) -> QPixmap:
        """Return the badge of a photo whose drive is not there."""
        return self._drawn("offline", QSize(22, 22), self._offline)

    def missed(self) -> QPixmap:
        """Return the badge of a photo that the fast search has missed."""
        text = QCoreApplication.translate("TileArt", "missed")
        metrics = QFontMetrics(self.small)
        size = QSize(metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
        return self._drawn(("missed", text), size, lambda painter: self._missed(painter, size, text))

    def chip(self, text: str) -> QPixmap:
        """Return a small label that is readable on any picture."""
        metrics = QFontMetrics(self.small)
        size = QSize(max(metrics.horizontalAdvance(text) + 10, 24), metrics.height() + 4)
        return self._drawn(("chip", text), size, lambda painter: self._pill(painter, size, text, self.small))

    def label(self, text: str) -> QPixmap:
        """Return a larger label, the month on top of the grid."""
        metrics = QFontMetrics(self.font)
        size = QSize(metrics.horizontalAdvance(text) + 22, metrics.height() + 8)
        return self._drawn(("label", text), size, lambda painter: self._pill(painter, size, text, self.font))

    def line(self, text: str, width: int) -> QStaticText:
        """Return one line of text, its middle left out if it is too long."""
        known = self._lines.get((text, width))
        if known is None:
            if len(self._lines) >= _MOST_LINES:
                self._lines.clear()
            known = QStaticText(self._metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width))
            known.setTextFormat(Qt.TextFormat.PlainText)
            known.prepare(font=self.font)
            self._lines[text, width] = known
        return known

    def _drawn(self, key: Hashable, size: QSize, draw: Callable[[QPainter], None]) -> QPixmap:
        known = self._kept.get(key)
        if known is not None:
            return known
        fresh = QPixmap(size * self.ratio)
        self._make_room(4 * fresh.width() * fresh.height())
        fresh.setDevicePixelRatio(self.ratio)
        fresh.fill(
            self.base if isinstance(key, tuple) and isinstance(key[-1], CardKind) else Qt.GlobalColor.transparent
        )
        painter = QPainter(fresh)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        self._kept[key] = fresh
        return fresh

    def _make_room(self, needed: int) -> None:
        if self._bytes + needed > _MOST_BYTES:
            self._kept.clear()
            self._bytes = 0
        self._bytes += needed

    def _card(self, painter: QPainter, size: QSize, kind: CardKind) -> None:
        area = QRectF(0, 0, size.width(), size.height())
        fill = self.mixed(0.09 if kind.hovered else 0.045)
        if kind.selected:
            fill = blend(self.accent, self.base, 0.34 if kind.hovered else 0.26)
            painter.setPen(QPen(self.accent, 2.0))
            area.adjust(1, 1, -1, -1)
        elif kind.missed:
            fill = blend(self._warning, self.base, 0.16 if kind.hovered else 0.10)
            painter.setPen(QPen(self._warning, 1.5, Qt.PenStyle.DashLine))
            area.adjust(1, 1, -1, -1)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area, _ROUNDING, _ROUNDING)

    def _waiting(self, painter: QPainter, side: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        tone = QColor(self.text)
        tone.setAlphaF(0.05)
        painter.setBrush(tone)
        painter.drawRoundedRect(QRectF(0, side * 0.125, side, side * 0.75), 4, 4)

    def _broken(self, painter: QPainter, side: int) -> None:
        unit = min(side * 0.5, 96.0) / 24.0
        painter.translate(side / 2 - 12 * unit, side / 2 - 12 * unit)
        painter.scale(unit, unit)
        pen = QPen(self.mixed(0.42), 2.0 / unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(_broken_picture())

    def _offline(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._scrim())
        painter.drawEllipse(QRectF(0, 0, 22, 22))
        pen = QPen(self.text, 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(5.5, 8.0, 11, 6.5), 1.5, 1.5)
        painter.drawPoint(QPointF(13.8, 11.3))
        painter.drawLine(QPointF(6.2, 16.6), QPointF(15.8, 5.4))

    def _missed(self, painter: QPainter, size: QSize, text: str) -> None:
        area = QRectF(0, 0, size.width(), size.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._warning)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(self.small)
        painter.setPen(self.base)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _pill(self, painter: QPainter, size: QSize, text: str, font: QFont) -> None:
        area = QRect(0, 0, size.width(), size.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._scrim())
        painter.drawRoundedRect(QRectF(area), area.height() / 2, area.height() / 2)
        painter.setFont(font)
        painter.setPen(self.text)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _scrim(self) -> QColor:
        scrim = QColor(self.base)
        scrim.setAlphaF(0.86)
        return scrim


def blend(front: QColor, back: QColor, share: float) -> QColor:
    """Return ``share`` of one colour laid over another, opaque."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        front.redF() * share + back.redF() * rest,
        front.greenF() * share + back.greenF() * rest,
        front.blueF() * share + back.blueF() * rest,
    )


def _broken_picture() -> QPainterPath:
    """Draw a picture's frame, torn from top to bottom, with hills and a sun, in a square of 24 units."""
    path = QPainterPath(QPointF(10.5, 4))
    for x, y in ((4, 4), (3, 5), (3, 19), (4, 20), (9.5, 20), (12, 16.5), (9, 12.5), (11.5, 8.5), (10.5, 4)):
        path.lineTo(x, y)
    path.moveTo(14.5, 4)
    for x, y in ((20, 4), (21, 5), (21, 19), (20, 20), (13.5, 20), (16, 16.5), (13, 12.5), (15.5, 8.5), (14.5, 4)):
        path.lineTo(x, y)
    path.addEllipse(QPointF(6.8, 8), 1.3, 1.3)
    path.moveTo(5, 17)
    path.lineTo(7.6, 13.6)
    path.lineTo(8.8, 15)
    path.moveTo(17.4, 13.2)
    path.lineTo(19, 15.8)
    return path
