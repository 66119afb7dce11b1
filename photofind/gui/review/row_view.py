# ruff: noqa: N802, D102 - overrides keep Qt's names and meaning
"""A list whose rows all have the same length: each row's place is arithmetic, so a million of them cost nothing.

Rows lie below each other, or, lying on its side, beside each other. Each is drawn by a delegate and only when it is
seen. The keyboard belongs to the page around it, which calls :meth:`RowView.go`; the mouse makes a row current.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyleOptionViewItem, QWidget

_Index = QModelIndex | QPersistentModelIndex
_LONGEST = 2**30
_NOTCH = 120
_FLAG = QItemSelectionModel.SelectionFlag


class RowView(QAbstractItemView):
    """Shows a model of one column; ``extent`` is the length of a row along the axis in logical pixels.

    A list of more rows than fit in what Qt's scroll bars count is scrolled in coarser steps.
    """

    visible_changed = Signal(int, int)
    """The first row that is seen, and the one after the last; also when rows were exchanged."""

    row_changed = Signal(int)
    """Another row is current, by whatever way; -1 when there is none."""

    row_clicked = Signal(int, QPoint)
    """A row was clicked, and where in it."""

    def __init__(self, extent: int, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._extent = extent
        self._is_upright = orientation == Qt.Orientation.Vertical
        self._hovered = -1
        self._visible = (0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOff if self._is_upright else policy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if self._is_upright else policy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self._tell = QTimer(self, singleShot=True, interval=0)
        self._tell.timeout.connect(self._tell_visible)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._on_scrolled)

    # Rows

    @property
    def row(self) -> int:
        """The current row, -1 without one."""
        return self.currentIndex().row()

    def count(self) -> int:
        """Return the number of rows."""
        model: QAbstractItemModel | None = self.model()
        return 0 if model is None else model.rowCount()

    def go(self, row: int) -> None:
        """Make a row current and bring it into view; one beyond the ends is the one at the end."""
        if self.count():
            self.setCurrentIndex(self.model().index(max(0, min(row, self.count() - 1)), 0))

    def page(self) -> int:
        """Return how many rows are seen at a time, at least one."""
        return max(1, self._length() // self._extent)

    def row_at(self, point: QPoint) -> int:
        """Return the row at a point of the viewport, -1 where there is none."""
        along = (point.y() if self._is_upright else self._mirrored(point.x())) + self._offset()
        row = along // self._extent
        return row if 0 <= row < self.count() else -1

    def row_rect(self, row: int) -> QRect:
        """Return where a row is in the viewport, which may be out of sight."""
        start = row * self._extent - self._offset()
        size = self.viewport().size()
        if abs(start) > _LONGEST:
            return QRect()
        if self._is_upright:
            return QRect(0, start, size.width(), self._extent)
        left = size.width() - start - self._extent if self.isRightToLeft() else start
        return QRect(left, 0, self._extent, size.height())

    def update_row(self, row: int) -> None:
        """Draw a row anew."""
        self.viewport().update(self.row_rect(row))

    # Geometry

    def _bar(self) -> object:
        return self.verticalScrollBar() if self._is_upright else self.horizontalScrollBar()

    def _length(self) -> int:
        size = self.viewport().size()
        return size.height() if self._is_upright else size.width()

    def _mirrored(self, x: int) -> int:
        return self.viewport().width() - 1 - x if self.isRightToLeft() else x

    def _offset(self) -> int:
        return (self.verticalScrollBar() if self._is_upright else self.horizontalScrollBar()).value()

    def _lay_out(self) -> None:
        bar = self.verticalScrollBar() if self._is_upright else self.horizontalScrollBar()
        bar.setRange(0, max(0, min(self.count() * self._extent - self._length(), _LONGEST)))
        bar.setPageStep(self._length())
        bar.setSingleStep(max(1, self._extent // 2))
        self._tell.start()

    def _on_scrolled(self) -> None:
        self._tell.start()
        self.viewport().update()

    def visible(self) -> tuple[int, int]:
        """Return the first row that is seen and the one after the last."""
        first = self._offset() // self._extent
        last = -(-(self._offset() + self._length()) // self._extent)
        return min(first, self.count()), min(last, self.count())

    def _tell_visible(self) -> None:
        self.visible_changed.emit(*self.visible())

    # What Qt asks of a view

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self._lay_out()

    def reset(self) -> None:
        super().reset()
        self._hovered = -1
        self._lay_out()
        self.viewport().update()

    def visualRect(self, index: _Index) -> QRect:
        return self.row_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.row_at(point)
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

    def scrollTo(
        self,
        index: _Index,
        _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not index.isValid():
            return
        bar = self.verticalScrollBar() if self._is_upright else self.horizontalScrollBar()
        start = index.row() * self._extent
        if start < bar.value():
            bar.setValue(start)
        elif start + self._extent > bar.value() + self._length():
            bar.setValue(start + self._extent - self._length())

    def moveCursor(self, _action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        return self.currentIndex()  # the page moves it

    def horizontalOffset(self) -> int:
        return 0 if self._is_upright else self._offset()

    def verticalOffset(self) -> int:
        return self._offset() if self._is_upright else 0

    def isIndexHidden(self, _index: _Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        index = self.indexAt(rect.center())
        self.selectionModel().select(QItemSelection(index, index) if index.isValid() else QItemSelection(), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self.update_row(index.row())
        self.row_changed.emit(current.row())

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the keys are the page's

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        point = event.position().toPoint()
        row = self.row_at(point)
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.row_clicked.emit(row, point - self.row_rect(row).topLeft())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(event.position().toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll along the axis whichever way the wheel turns."""
        pixels, angle = event.pixelDelta(), event.angleDelta()
        bar = self.verticalScrollBar() if self._is_upright else self.horizontalScrollBar()
        if not pixels.isNull():
            bar.setValue(bar.value() - (pixels.y() or pixels.x()))
        else:
            bar.setValue(bar.value() - (angle.y() or angle.x()) * self._extent // _NOTCH)
        event.accept()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            for touched in (row, self._hovered):
                self.update_row(touched)
            self._hovered = row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().brush(self.viewport().backgroundRole()))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state & ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        delegate = self.itemDelegate()
        for row in range(*self.visible()):
            option.rect = self.row_rect(row)
            if not option.rect.intersects(event.rect()):
                continue
            option.state = plain
            if row == self.row:
                option.state |= QStyle.StateFlag.State_Selected
                if self.hasFocus():
                    option.state |= QStyle.StateFlag.State_HasFocus
            if row == self._hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            delegate.paint(painter, option, self.model().index(row, 0))
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(2 * self._extent, 2 * self._extent)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 40)
