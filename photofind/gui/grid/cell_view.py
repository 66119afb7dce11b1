# ruff: noqa: N802, ARG002 - overrides keep Qt's names and arguments
"""A list view whose geometry is arithmetic: what Qt would do for each row is answered from ``CellLayout`` instead.

The place that is seen belongs to a photo, not to a number of pixels: the *anchor* is a point of a row that stays where
it is while the viewport or the tiles change their size, until the user scrolls.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from photofind.gui.grid.layout import MAX_TILE, MIN_TILE, MIN_WIDTH, CellLayout
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.place import Anchor

_Index = QModelIndex | QPersistentModelIndex
_ZOOM_STEP: Final = 1.12
_SCROLLS_A_LINE: Final = 3
_DEFAULT_TILE: Final = 160


class CellView(QListView):
    """Places the rows of a model in equal cells; a subclass fills them, and calls ``setModel`` when it is ready."""

    tile_size_changed = Signal(int)
    """The new side of the square that pictures are fitted in, in logical pixels."""

    visible_rows_changed = Signal(int, int)
    """The first and the last row that are at least partly seen; (0, -1) for none."""

    def __init__(self, model: PhotoGridModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tile_size = _DEFAULT_TILE
        self._show_names = False
        self._cells = CellLayout(0, MIN_WIDTH, _DEFAULT_TILE)
        self._anchor: Anchor | None = None
        self._zoom: tuple[QPoint, Anchor] | None = None
        self._placing = False
        self._visible = (0, -1)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # A scroll bar that comes and goes changes the width, by which it would come and go.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAutoScroll(False)

    @property
    def cells(self) -> CellLayout:
        """The cells as they are laid out at this moment."""
        return self._cells

    @property
    def tile_size(self) -> int:
        """Side of the square that pictures are fitted in, in logical pixels."""
        return self._tile_size

    def set_tile_size(self, size: int) -> None:
        """Change the size of the tiles, 80 to 400; the current photo keeps its place, or the first one that is seen."""
        row = self.currentIndex().row()
        first, last = self._visible
        self._resize_tiles(
            size, Anchor.at_row(self._cells, row, self.verticalOffset()) if first <= row <= last else None
        )

    @property
    def show_names(self) -> bool:
        """Whether file names stand below the pictures."""
        return self._show_names

    @show_names.setter
    def show_names(self, shown: bool) -> None:
        self._show_names = shown
        self.lay_out()

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row that are at least partly seen; (0, -1) for none."""
        return self._visible

    def scroll_to_row(self, row: int) -> None:
        """Put a row's line at the upper edge."""
        if 0 <= row < self._cells.count:
            self.verticalScrollBar().setValue(self._cells.slot_top(row))

    def bring_into_view(self, row: int) -> None:
        """Scroll no more than is needed to see a row wholly."""
        top = self._cells.slot_top(row)
        bottom = top + self._cells.slot_height
        offset, height = self.verticalOffset(), self.viewport().height()
        if top < offset or self._cells.slot_height > height:
            self.verticalScrollBar().setValue(top)
        elif bottom > offset + height:
            self.verticalScrollBar().setValue(bottom - height)

    def card(self, row: int) -> QRect:
        """Return where a row's card is in the viewport."""
        return self._cells.card(row).translated(0, -self.verticalOffset())

    def row_at(self, point: QPoint) -> int:
        """Return the row whose card covers a point of the viewport, or -1."""
        return self._cells.row_at(point.x(), point.y() + self.verticalOffset())

    # Laying out

    def lay_out(self, anchor: Anchor | None = None) -> None:
        """Fit the cells to the viewport and the rows; what is at the anchor, or else at the top, stays there."""
        if anchor is None and self._anchor is None and self.verticalOffset():
            self._anchor = Anchor.at_top(self._cells, self.verticalOffset())
        label = QFontMetrics(self.font()).height() + 4 if self._show_names else 0
        width = max(self.viewport().width(), MIN_WIDTH)
        self._cells = CellLayout(len(self._model.ids), width, self._tile_size, label)
        self._scroll_to(anchor or self._anchor)

    def _scroll_to(self, anchor: Anchor | None) -> None:
        self._placing = True
        self.updateGeometries()
        self.verticalScrollBar().setValue(anchor.offset(self._cells) if anchor else 0)
        self._placing = False
        self.viewport().update()
        self._see()

    def _resize_tiles(self, size: int, anchor: Anchor | None) -> None:
        size = min(max(size, MIN_TILE), MAX_TILE)
        if size != self._tile_size:
            self._tile_size = size
            self.lay_out(anchor)
            self.tile_size_changed.emit(size)

    def _see(self) -> None:
        offset = self.verticalOffset()
        visible = self._cells.rows_between(offset, offset + self.viewport().height())
        changed = visible != self._visible
        self._visible = visible
        self.seen()
        if changed:
            self.visible_rows_changed.emit(*visible)

    def seen(self) -> None:
        """Take note that other cells, or the same ones elsewhere, are seen now; for subclasses."""

    def reset(self) -> None:
        """Take the new rows and go to their beginning."""
        super().reset()
        self._zoom = None
        self._anchor = Anchor(0, 0.0, 0)
        self.executeDelayedItemsLayout()  # now rather than after the next repaint, which would be for nothing

    def updateGeometries(self) -> None:
        """Give the scroll bar its range."""
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(self._cells.height - height, 0))
        bar.setPageStep(height)
        bar.setSingleStep(max(self._cells.slot_height // _SCROLLS_A_LINE, 1))

    def doItemsLayout(self) -> None:
        """Lay out by arithmetic, whatever Qt thinks there is to do."""
        self.lay_out()
        QAbstractItemView.doItemsLayout(self)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells to the new width."""
        QAbstractItemView.resizeEvent(self, event)
        self.lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the cells to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already."""
        self.viewport().scroll(0, dy)
        if not self._placing:
            self._anchor = self._zoom = None
            self._see()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size of the tiles around the photo below the mouse."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        event.accept()
        point = event.position().toPoint()
        if self._zoom is None or self._zoom[0] != point:
            offset = self.verticalOffset()
            row = self._cells.nearest_row(point.x(), point.y() + offset)
            row = row if row >= 0 else max(self._visible[1], 0)
            self._zoom = point, Anchor.at_row(self._cells, row, offset, point.y())
        grown = round(self._tile_size * _ZOOM_STEP ** (event.angleDelta().y() / 120))
        self._resize_tiles(grown, self._zoom[1])

    # What Qt asks

    def visualRect(self, index: _Index) -> QRect:
        """Return where a row's card is in the viewport."""
        return self.card(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the row whose card covers a point of the viewport."""
        row = self.row_at(point)
        return self._model.index(row) if row >= 0 else QModelIndex()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return the whole viewport: cheaper than asking each row."""
        return QRegion(self.viewport().rect())

    def scrollTo(self, index: _Index, hint: QAbstractItemView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        """Bring a row into view."""
        if index.isValid() and hint == QListView.ScrollHint.PositionAtTop:
            self.scroll_to_row(index.row())
        elif index.isValid():
            self.bring_into_view(index.row())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the current row: a subclass moves it."""
        return self.currentIndex()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Do nothing: a subclass selects."""

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: what is typed is for the window, and a million names are not in memory."""

    def isIndexHidden(self, index: _Index) -> bool:
        """Return False: every row is shown."""
        return False

    def horizontalOffset(self) -> int:
        """Return 0: the cells are as wide as the viewport."""
        return 0

    def verticalOffset(self) -> int:
        """Return how far the content is scrolled, in pixels."""
        return self.verticalScrollBar().value()
