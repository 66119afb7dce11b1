"""Draws tiles: the picture fitted in its card, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from photofind.gui.grid.art import CardKind, TileArt
from photofind.gui.grid.layout import CellLayout
from photofind.gui.grid.model import per_cent
from photofind.gui.grid.scaling import Scaler
from photofind.gui.grid.source import GridTile

_OFFLINE_STRENGTH: Final = 0.45
_INSET: Final = 5
_TINY: Final = 128
"""Pictures with fewer device pixels than this on their long side are magnified at most twice, not to a blur."""


@dataclass(frozen=True, slots=True)
class TileLook:
    """How one tile is to be drawn besides its picture."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    score: float | None = None
    strength: float = 1.0
    missed: bool = False


class TilePainter:
    """Draws the tiles of one repaint; made by the view with the current cells and art."""

    def __init__(self, painter: QPainter, cells: CellLayout, art: TileArt, scaler: Scaler) -> None:
        self._painter = painter
        self._cells = cells
        self._art = art
        self._scaler = scaler

    def draw(self, card: QRect, tile: GridTile | None, look: TileLook) -> None:
        """Draw one tile; ``tile`` None: it is not known yet."""
        painter, art = self._painter, self._art
        painter.drawPixmap(card.topLeft(), art.card(card.size(), CardKind(look.selected, look.hovered, look.missed)))
        box = self._cells.box(card)
        strength = min(look.strength, _OFFLINE_STRENGTH if tile and tile.offline else 1.0)
        if strength < 1.0:
            painter.setOpacity(strength)
        self._picture(box, tile)
        if tile and self._cells.label:
            self._name(card, box, tile.name)
        if strength < 1.0:
            painter.setOpacity(1.0)
        self._badges(card, tile, look)
        if look.focused:
            self._focus_ring(card, selected=look.selected)

    def _picture(self, box: QRect, tile: GridTile | None) -> None:
        if tile is None:
            self._painter.drawPixmap(box.topLeft(), self._art.waiting(box.width()))
        elif tile.pixmap is None or tile.pixmap.isNull():
            self._painter.drawPixmap(box.topLeft(), self._art.broken(box.width()))
        else:
            self._fit(box, tile.pixmap)

    def _fit(self, box: QRect, pixmap: QPixmap) -> None:
        ratio = self._art.ratio
        target = fitted(pixmap, box, ratio)
        width, height = round(target.width() * ratio), round(target.height() * ratio)
        drawn: QPixmap | None = pixmap
        if (width, height) != (pixmap.width(), pixmap.height()):
            drawn = self._scaler.scaled(pixmap, width, height, ratio)
        if drawn is not None and drawn.devicePixelRatio() == ratio:
            self._painter.drawPixmap(target.topLeft(), drawn)
        else:
            self._painter.drawPixmap(target, pixmap, QRectF(0, 0, pixmap.width(), pixmap.height()))

    def _name(self, card: QRect, box: QRect, name: str) -> None:
        line = self._art.line(name, card.width() - 12)
        size = line.size()
        self._painter.setFont(self._art.font)
        self._painter.setPen(self._art.text)
        self._painter.drawStaticText(
            QPointF(
                card.x() + (card.width() - size.width()) / 2, box.bottom() + 1 + (self._cells.label - size.height())
            ),
            line,
        )

    def _badges(self, card: QRect, tile: GridTile | None, look: TileLook) -> None:
        if tile and tile.offline:
            self._painter.drawPixmap(card.topLeft() + QPoint(_INSET, _INSET), self._art.offline())
        if look.missed:
            sign = self._art.missed()
            left = card.right() + 1 - _INSET - sign.deviceIndependentSize().toSize().width()
            self._painter.drawPixmap(QPoint(left, card.top() + _INSET), sign)
        if look.score is not None:
            chip = self._art.chip(str(per_cent(look.score)))
            size = chip.deviceIndependentSize().toSize()
            bottom = card.bottom() + 1 - self._cells.label
            corner = QPoint(card.right() + 1 - _INSET - size.width(), bottom - _INSET - size.height())
            self._painter.drawPixmap(corner, chip)

    def _focus_ring(self, card: QRect, *, selected: bool) -> None:
        inset = 4.0 if selected else 1.5
        pen = QPen(self._art.text if selected else self._art.accent, 1.5)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.drawRoundedRect(QRectF(card).adjusted(inset, inset, -inset, -inset), 5.0, 5.0)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def fitted(pixmap: QPixmap, box: QRect, ratio: float) -> QRectF:
    """Return where in a box a picture is drawn, on whole device pixels; one that nearly fits is not scaled.

    Parameters
    ----------
    ratio:
        Device pixels in a logical one.
    """
    width, height = pixmap.width(), pixmap.height()
    room = round(box.width() * ratio)
    longest = max(width, height)
    if abs(longest - room) > 1:
        scale = room / longest
        if longest < _TINY:
            scale = min(scale, max(2.0, ratio))
        width, height = max(round(width * scale), 1), max(round(height * scale), 1)
    left = round(box.x() * ratio) + (room - width) // 2
    top = round(box.y() * ratio) + (room - height) // 2
    return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)
