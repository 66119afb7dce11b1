"""One repaint of the viewport: the cells in what has to be painted, the rubber band, and the month on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QRegion

from photofind.gui.grid.art import TileArt
from photofind.gui.grid.layout import CellLayout
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.months import month_of
from photofind.gui.grid.painter import TileLook, TilePainter
from photofind.gui.grid.scaling import Scaler
from photofind.gui.grid.selection import Selector
from photofind.gui.grid.source import TileSource

_LABEL_AT: Final = QPoint(10, 8)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the viewport shows at this moment; ``hovered`` and ``focused`` are rows or -1."""

    model: PhotoGridModel
    source: TileSource
    selector: Selector
    cells: CellLayout
    art: TileArt
    scaler: Scaler
    offset: int
    hovered: int
    focused: int
    band: QRect | None


def repaint(painter: QPainter, region: QRegion, scene: Scene) -> QRect:
    """Paint what a region of the viewport shows; return where the month stands, an empty rectangle for nowhere."""
    scene.scaler.begin()
    # Drawing through a clip of several rectangles is slow, so each gets its turn; there are up to three of them.
    for area in cast(Iterable[QRect], region):
        painter.setClipRect(area)
        _paint_rows(painter, area, scene)
    painter.setClipping(False)
    if scene.band is not None:
        _paint_band(painter, scene.band.translated(0, -scene.offset), scene.art)
    return _paint_month(painter, scene)


def _paint_rows(painter: QPainter, area: QRect, scene: Scene) -> None:
    first, last = scene.cells.rows_between(area.top() + scene.offset, area.bottom() + 1 + scene.offset)
    if last < first:
        return
    model, cells, tile_of = scene.model, scene.cells, scene.source.tile
    tiles = TilePainter(painter, cells, scene.art, scene.scaler)
    ids = model.ids[first : last + 1].tolist()
    selected = scene.selector.among(first, last)
    strengths, missed = model.strengths(first, last), model.missed(first, last)
    scores = model.scores[first : last + 1].tolist() if model.scores is not None else [None] * len(ids)
    for place, photo_id in enumerate(ids):
        row = first + place
        card = cells.card(row).translated(0, -scene.offset)
        if not area.intersects(card):
            continue
        look = TileLook(
            selected[place],
            row == scene.hovered,
            row == scene.focused,
            scores[place],
            strengths[place],
            missed=missed[place],
        )
        tiles.draw(card, tile_of(photo_id), look)


def _paint_band(painter: QPainter, band: QRect, art: TileArt) -> None:
    fill = QColor(art.accent)
    fill.setAlphaF(0.18)
    painter.fillRect(band, fill)
    painter.setPen(QPen(art.accent, 1.0))
    painter.drawRect(QRectF(band).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_month(painter: QPainter, scene: Scene) -> QRect:
    chip = month_chip(scene.model, scene.cells, scene.art, scene.offset)
    if chip is None:
        return QRect()
    painter.drawPixmap(_LABEL_AT, chip)
    return chip_area(chip)


def month_chip(model: PhotoGridModel, cells: CellLayout, art: TileArt, offset: int) -> QPixmap | None:
    """Return the month of the first photo that is seen, drawn, or None when days are not known."""
    if model.days is None or not len(model.days):
        return None
    first, _ = cells.rows_between(offset, offset + 1)
    return art.label(month_of(int(model.days[first])))


def chip_area(chip: QPixmap) -> QRect:
    """Return where the month stands in the viewport."""
    return QRect(_LABEL_AT, chip.deviceIndependentSize().toSize())
