# ruff: noqa: N802 - overrides keep Qt's names
"""The grid: photos as tiles in the cells of a :class:`CellView`, with everything that mouse and keyboard do to them.

What the mouse does is in :mod:`pointer`, where keys lead in :mod:`keyboard`, what is selected in :mod:`selection`, how
a tile looks in :mod:`painter`. After every change of rows, width, tile size or scroll position the view asks its source
for the tiles that are seen, then for those a few lines on.

Rows are exchanged in the model. To keep the place and the selection, by photo::

    state = view.view_state()
    model.set_rows(...)
    view.restore_view_state(state)

Without the last line the view is at the beginning of the new rows, and nothing is selected. Either way
``selection_changed`` comes once, when the event loop runs again, and only if other photos are selected than before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QItemSelection, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from photofind.gui.grid.art import TileArt
from photofind.gui.grid.cell_view import CellView
from photofind.gui.grid.dragging import MOST_DRAGGED, make_drag
from photofind.gui.grid.keyboard import target_row
from photofind.gui.grid.model import Ids, PhotoGridModel
from photofind.gui.grid.painter import fitted
from photofind.gui.grid.place import GridState, PhotoSet, surviving_anchor
from photofind.gui.grid.pointer import Pointer
from photofind.gui.grid.repaint import Scene, chip_area, month_chip, repaint
from photofind.gui.grid.scaling import Scaler
from photofind.gui.grid.selection import Selector, are_few
from photofind.gui.grid.source import TileSource

__all__ = ["GridState", "PhotoGridView"]

_LINES_AHEAD: Final = 3
_PIXELS_SETTLE_MS: Final = 120
_REFINE_MS: Final = 30
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class PhotoGridView(CellView):
    """Shows the photos of a model, as tiles of a source; see the module."""

    photo_clicked = Signal(object)
    """A photo id: clicked with the left button, without modifiers and without a drag."""

    photo_opened = Signal(object)
    """A photo id: double-clicked, or Enter."""

    preview_requested = Signal(object)
    """A photo id: Space."""

    selection_changed = Signal()
    """Other photos are selected than before; exchanging rows alone does not emit it when the same photos stay."""

    menu_requested = Signal(QPoint, object)
    """A menu is wanted at a global position, for a photo id or, between photos, None."""

    def __init__(self, model: PhotoGridModel, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.source = source
        self.run_drag: Callable[[QDrag], object] = lambda drag: drag.exec(Qt.DropAction.CopyAction)
        self.paths_of: Callable[[Sequence[int]], list[str]] = self._known_paths
        self._art: TileArt | None = None
        self._scaler = Scaler()
        self._hovered = -1
        self._mouse = QPoint(-1, -1)
        self._pressed_id = -1
        self._label_area = QRect()
        self._announced: Ids = np.empty(0, np.int64)
        self._selector = Selector(model, self)
        self._pointer = Pointer(self, self._selector, self)
        self._pointer.clicked.connect(lambda row: self.photo_clicked.emit(self._model.photo_id(row)))
        self._pointer.drag_started.connect(self._on_drag_started)
        self._pointer.band_changed.connect(self.viewport().update)
        self._refine = QTimer(self, singleShot=True, interval=_REFINE_MS)
        self._refine.timeout.connect(self.viewport().update)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._announce_selection)
        self._pixels = QTimer(self, singleShot=True, interval=_PIXELS_SETTLE_MS)
        self._pixels.timeout.connect(self._tell_pixels)
        self.tile_size_changed.connect(lambda _size: self._pixels.start())
        self.setAccessibleName(self.tr("Photos"))
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)  # drops are for the window
        self.viewport().setMouseTracking(True)
        self.setModel(model)
        model.describe_with(source.tile)
        source.tiles_changed.connect(self._on_tiles_changed)
        self._tell_pixels()

    # What is shown

    def view_state(self) -> GridState:
        """Return what is seen and selected, to be restored when the rows have been exchanged or the user comes back."""
        first, last = self._visible
        offset = self.verticalOffset()
        seen = self._model.ids[first : last + 1 if offset else first].copy()  # a view, even of none, would keep all
        share = (offset - self._cells.slot_top(first)) / self._cells.slot_height
        return GridState(seen, share, PhotoSet.of(self.selected_ids()), self.current_id())

    def restore_view_state(self, state: GridState) -> None:
        """See and select what was seen and selected, as far as the photos are still there."""
        self.lay_out()
        self._anchor = surviving_anchor(self._model, state)
        self._scroll_to(self._anchor)
        self._selector.select_ids(state.selected.ids())
        row = self._model.row_of(state.current) if state.current is not None else -1
        if row >= 0:
            self._selector.move_current(row)
            self._selector.anchor = row

    @property
    def is_pressed(self) -> bool:
        """Whether the mouse is at work on the rows: other rows would end a click or a rubber band."""
        return self._pointer.is_pressed

    # What is selected

    def selected_ids(self) -> Ids:
        """Return the selected photos in display order, shape (n,)."""
        return self._selector.ids()

    def select_ids(self, photo_ids: npt.NDArray[np.int64] | Sequence[int]) -> None:
        """Select those of some photos that the grid shows, and nothing else."""
        self._selector.select_ids(np.asarray(photo_ids, np.int64))

    def current_id(self) -> int | None:
        """Return the photo that the keyboard is at."""
        row = self._selector.current
        return self._model.photo_id(row) if row >= 0 else None

    def set_current_id(self, photo_id: int) -> None:
        """Move the keyboard to a photo, select it alone and bring it into view; nothing when it is not shown."""
        row = self._model.row_of(photo_id)
        if row >= 0:
            self._selector.only(row)
            self.bring_into_view(row)

    def selectAll(self) -> None:
        """Select every photo."""
        self._selector.all()

    def clearSelection(self) -> None:
        """Select nothing."""
        self._selector.clear()

    def _announce_selection(self) -> None:
        self._settle.stop()
        selected = self.selected_ids()
        if not np.array_equal(selected, self._announced):
            self._announced = selected
            self.selection_changed.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Repaint and tell; while rows are being exchanged, tell only what is left of it at the end."""
        self._selector.forget()
        if are_few(selected, deselected):
            super().selectionChanged(selected, deselected)  # tells assistive technology
        self.viewport().update()
        if not self._settle.isActive():
            self._announce_selection()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, open; whatever else is typed is for the window."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        event.setAccepted(self._take_key(event.key(), plain))

    def _take_key(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & ~(_CTRL | _SHIFT):
            return False
        row = self._selector.current
        if key == Qt.Key.Key_Escape:
            return self._take_escape()
        if key == Qt.Key.Key_A and modifiers == _CTRL:
            self.selectAll()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers and row >= 0:
            self.photo_opened.emit(self._model.photo_id(row))
        elif key == Qt.Key.Key_Space and row >= 0:
            self._take_space(row, toggle=bool(modifiers & _CTRL))
        else:
            return self._take_move(key, row, modifiers)
        return True

    def _take_escape(self) -> bool:
        if self._pointer.cancel():
            return True
        selected = len(self._selector.runs) > 0
        self._selector.clear()
        return selected

    def _take_space(self, row: int, *, toggle: bool) -> None:
        if toggle:
            self._selector.toggle(row)
        else:
            self.preview_requested.emit(self._model.photo_id(row))

    def _take_move(self, key: int, row: int, modifiers: Qt.KeyboardModifier) -> bool:
        if not self._cells.count:
            return False
        page = self._cells.lines_in(self.viewport().height())
        target = target_row(key, max(row, 0), self._cells, page)
        if target is None:
            return False
        if row < 0:
            target = target if key in (Qt.Key.Key_Home, Qt.Key.Key_End) else self._visible[0]
        if modifiers & _SHIFT:
            self._selector.extend(target, keep=bool(modifiers & _CTRL))
        elif modifiers & _CTRL:
            self._selector.move_current(target)
        else:
            self._selector.only(target)
        self.bring_into_view(target)
        return True

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag or a rubber band; a right press selects what its menu is about."""
        point = event.position().toPoint()
        row = self.row_at(point)
        self._pressed_id = self._model.photo_id(row) if row >= 0 else -1
        if event.button() == Qt.MouseButton.LeftButton:
            self._hover(-1)
            self._pointer.press(event)
        elif event.button() == Qt.MouseButton.RightButton and not self._pointer.is_pressed:
            if row < 0:
                self._selector.clear()
            elif not self._selector.contains(row):
                self._selector.only(row)
            else:
                self._selector.move_current(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a press, or show what is below the mouse."""
        self._mouse = event.position().toPoint()
        if self._pointer.is_pressed:
            self._pointer.move(event)
        elif not event.buttons():
            self._hover(self.row_at(self._mouse))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a rubber band."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release()
            self._hover(self.row_at(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a photo; one that the first click has put there was not meant."""
        row = self.row_at(event.position().toPoint())
        if row < 0 or event.button() != Qt.MouseButton.LeftButton or event.modifiers() & (_CTRL | _SHIFT):
            self.mousePressEvent(event)
        elif self._model.photo_id(row) == self._pressed_id:
            self.photo_opened.emit(self._pressed_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu: at the mouse, or, by key, on the current photo."""
        row, at = self.row_at(event.pos()), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            row = self._selector.current
            if row >= 0:
                self.bring_into_view(row)
                at = self.viewport().mapToGlobal(self.card(row).center())
        self.menu_requested.emit(at, self._model.photo_id(row) if row >= 0 else None)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Show nothing as being below the mouse when it leaves, be it for the scroll bar."""
        if event.type() == QEvent.Type.Leave:
            self._mouse = QPoint(-1, -1)
            self._hover(-1)
        return super().viewportEvent(event)

    def is_on_picture(self, row: int, point: QPoint) -> bool:
        """Tell whether a point of the viewport is on the picture of a row rather than beside it."""
        box = self._cells.box(self.card(row))
        tile = self.source.tile(self._model.photo_id(row))
        if tile is None or tile.pixmap is None or tile.pixmap.isNull():
            return box.contains(point)
        return fitted(tile.pixmap, box, self.devicePixelRatioF()).contains(point)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            for touched in (row, self._hovered):
                if 0 <= touched < self._cells.count:
                    self.viewport().update(self.card(touched))
            self._hovered = row

    def _on_drag_started(self, row: int) -> None:
        ids = self.selected_ids()[:MOST_DRAGGED]
        tile = self.source.tile(self._model.photo_id(row))
        drag = make_drag(self, ids, self.paths_of(ids.tolist()), tile.pixmap if tile else None, self._current_art())
        if drag is not None:
            self.run_drag(drag)

    def _known_paths(self, photo_ids: Sequence[int]) -> list[str]:
        tiles = (self.source.tile(photo_id) for photo_id in photo_ids)
        return [tile.path for tile in tiles if tile is not None and not tile.offline]

    # Events

    def reset(self) -> None:
        """Take the new rows; nothing is selected until somebody restores it."""
        self._settle.start()
        self._pointer.stop()
        self._selector.anchor = -1
        self._hovered = -1
        super().reset()
        self._selector.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for tiles at the resolution of this screen."""
        super().showEvent(event)
        self._tell_pixels()
        self.lay_out()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing while nobody sees it."""
        super().hideEvent(event)
        self.source.want([])

    def _tell_pixels(self) -> None:
        self.source.set_tile_pixels(round(self._tile_size * self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew what depends on palette, font and style."""
        self._art = None
        super().changeEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted; what stands above it, the month, is painted again at its place."""
        super().scrollContentsBy(dx, dy)
        chip = month_chip(self._model, self._cells, self._current_art(), self.verticalOffset())
        if chip is not None:
            for area in (self._label_area, self._label_area.translated(0, dy), chip_area(chip)):
                self.viewport().update(area)
        self._pointer.follow_scrolling()

    def seen(self) -> None:
        """Want the tiles of what is seen now."""
        self._hover(self.row_at(self._mouse) if not self._pointer.is_pressed else -1)
        if self.isVisible():
            self._want()

    def _want(self) -> None:
        (first, last), ids = self._visible, self._model.ids
        more = _LINES_AHEAD * self._cells.columns
        seen, below, above = ids[first : last + 1], ids[last + 1 : last + 1 + more], ids[max(first - more, 0) : first]
        self.source.want(np.concatenate([seen, below, above]).tolist())

    def _on_tiles_changed(self, photo_ids: list[int]) -> None:
        first, last = self._visible
        changed = set(photo_ids)
        for row, photo_id in enumerate(self._model.ids[first : last + 1].tolist(), first):
            if photo_id in changed:
                self.viewport().update(self.card(row))

    def _current_art(self) -> TileArt:
        ratio = self.devicePixelRatioF()
        if self._art is None or self._art.ratio != ratio:
            self._art = TileArt(self.palette(), self.font(), ratio)
            self._pixels.start()
        return self._art

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that have to be painted anew."""
        scene = Scene(
            self._model,
            self.source,
            self._selector,
            self._cells,
            self._current_art(),
            self._scaler,
            offset=self.verticalOffset(),
            hovered=self._hovered,
            focused=self._selector.current if self.hasFocus() else -1,
            band=self._pointer.band,
        )
        painter = QPainter(self.viewport())
        self._label_area = repaint(painter, event.region(), scene)
        painter.end()
        if self._scaler.has_refused:
            self._refine.start()
