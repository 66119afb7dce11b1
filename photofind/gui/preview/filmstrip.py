"""The neighbours of the photo as a strip of small pictures, painted from a tile source: no widget per photo."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from photofind.gui.grid.source import GridTile, TileSource
from photofind.gui.names import displayable

CELL = 64
_GAP = 6
_MARGIN = 8
_PITCH = CELL + _GAP
_RADIUS = 5.0
_KEPT = 200
_WHEEL_NOTCH = 120.0


class Filmstrip(QWidget):
    """A row of photos, one of them the current; clicking one emits ``photo_clicked`` with its id.

    While it is visible it tells the tile source which photos it wants, and that it wants none when it is hidden.
    """

    photo_clicked = Signal(object)

    def __init__(self, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._ids: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._current = -1
        self._offset = 0.0
        self._wanted: tuple[int, int] | None = None
        self._covers: OrderedDict[int, QPixmap] = OrderedDict()
        self.setFixedHeight(CELL + 2 * _MARGIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Neighbouring photos"))
        source.tiles_changed.connect(self._on_tiles_changed)

    @property
    def current_row(self) -> int:
        """The row of the current photo, -1 without one."""
        return self._current

    def set_photos(self, ids: npt.NDArray[np.int64], current: int) -> None:
        """Show these photos, ids of shape (n,), with the one in row ``current`` marked and in the middle."""
        self._ids = ids
        self._wanted = None
        self.set_current(current)

    def set_current(self, row: int) -> None:
        """Mark another photo and bring it to the middle."""
        self._current = row
        self._scroll_to(_MARGIN + row * _PITCH + CELL / 2 - self.width() / 2)

    def cell_rect(self, row: int) -> QRectF:
        """Return where the photo of a row is drawn, which may be out of sight."""
        return QRectF(self._left() + row * _PITCH, _MARGIN, CELL, CELL)

    def row_at(self, point: QPointF) -> int:
        """Return the row of the photo at a point, -1 where there is none."""
        row = int((point.x() - self._left()) // _PITCH)
        return row if 0 <= row < len(self._ids) and self.cell_rect(row).contains(point) else -1

    # Geometry

    def _length(self) -> float:
        return len(self._ids) * _PITCH - _GAP

    def _left(self) -> float:
        """Return where the first photo begins; a short strip lies in the middle."""
        spare = self.width() - self._length()
        return round(spare / 2) if spare > 2 * _MARGIN else _MARGIN - round(self._offset)

    def _scroll_to(self, offset: float) -> None:
        most = max(0.0, self._length() + 2 * _MARGIN - self.width())
        self._offset = max(0.0, min(offset, most))
        self._want()
        self.update()

    def _visible(self) -> tuple[int, int]:
        """Return the first visible row and the one after the last."""
        first = int(-self._left() // _PITCH)
        last = int((self.width() - self._left()) // _PITCH) + 1
        return max(0, first), max(0, min(len(self._ids), last))

    def _want(self) -> None:
        """Ask for the visible tiles, from the current photo outwards, and a screen more on both sides."""
        visible = self._visible()
        if visible == self._wanted or not self.isVisible():
            return
        self._wanted = visible
        first, last = visible
        more = last - first
        rows = np.arange(max(0, first - more), min(len(self._ids), last + more))
        middle = self._current if first <= self._current < last else (first + last) / 2
        self._source.want(self._ids[rows[np.argsort(np.abs(rows - middle), kind="stable")]].tolist())

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(*self._visible()):
            self._paint_cell(painter, row)
        painter.end()

    def _paint_cell(self, painter: QPainter, row: int) -> None:
        photo_id = int(self._ids[row])
        cell = self.cell_rect(row)
        cover = self._cover(photo_id)
        shape = QPainterPath()
        shape.addRoundedRect(cell, _RADIUS, _RADIUS)
        if cover is None:
            painter.fillPath(shape, self.palette().color(QPalette.ColorRole.Midlight))
        else:
            painter.save()
            painter.setClipPath(shape)
            painter.drawPixmap(cell.topLeft(), cover)
            painter.restore()
        if row == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3.0))
            painter.drawRoundedRect(cell.adjusted(-2.5, -2.5, 2.5, 2.5), _RADIUS + 2, _RADIUS + 2)
        else:
            shade = QColor(self.palette().color(QPalette.ColorRole.Window))
            shade.setAlpha(70)
            painter.fillPath(shape, shade)

    def _cover(self, photo_id: int) -> QPixmap | None:
        """Return the middle square of a photo's thumbnail at the size of a cell, None as long as there is none."""
        known = self._covers.get(photo_id)
        if known is not None and known.devicePixelRatio() == self.devicePixelRatioF():
            self._covers.move_to_end(photo_id)
            return known
        tile = self._source.tile(photo_id)
        if tile is None or tile.pixmap is None or tile.pixmap.isNull():
            return None
        made = self._covers[photo_id] = _square(tile.pixmap, self.devicePixelRatioF())
        while len(self._covers) > _KEPT:
            self._covers.popitem(last=False)
        return made

    def _on_tiles_changed(self, photo_ids: Sequence[int]) -> None:
        for photo_id in photo_ids:
            self._covers.pop(photo_id, None)
        self.update()

    # Events

    def showEvent(self, _event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._wanted = None
        self._want()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        if not event.spontaneous():
            self._source.want([])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self.set_current(self._current)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        if not event.pixelDelta().isNull():
            delta = event.pixelDelta()
            distance = float(delta.x() or delta.y())
        else:
            delta = event.angleDelta()
            distance = (delta.x() or delta.y()) / _WHEEL_NOTCH * 2 * _PITCH
        self._scroll_to(self._offset - distance)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.photo_clicked.emit(int(self._ids[row]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self.mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the name of the photo under the pointer as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self.row_at(QPointF(event.pos()))
            tile: GridTile | None = self._source.tile(int(self._ids[row])) if row >= 0 else None
            QToolTip.showText(event.globalPos(), displayable(tile.name) if tile else "", self)
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(10 * _PITCH, CELL + 2 * _MARGIN)


def _square(pixmap: QPixmap, ratio: float) -> QPixmap:
    side = round(CELL * ratio)
    plain = QPixmap(pixmap)
    plain.setDevicePixelRatio(1.0)
    scaled = plain.scaled(
        QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    spare = QSizeF(scaled.size() - QSize(side, side)) / 2
    square = scaled.copy(int(spare.width()), int(spare.height()), side, side)
    square.setDevicePixelRatio(ratio)
    return square
