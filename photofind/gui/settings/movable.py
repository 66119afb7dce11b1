"""A list whose rows can be put in another order: by dragging, with Alt and the arrow keys, or by buttons."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photofind.gui import theme

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class MovableList(QListWidget):
    """Few rows in an order that matters, the most important first."""

    moved = Signal()
    """A row has another place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSpacing(3)
        self.setItemDelegate(_TickDelegate(self))
        self.model().rowsMoved.connect(self.moved)

    def can_move(self, step: int) -> bool:
        """Tell whether the current row could go so many places down, or up where that is negative."""
        row = self.currentRow()
        return row >= 0 and 0 <= row + step < self.count()

    def move_row(self, step: int) -> None:
        """Move the current row, if it can go there; it stays current."""
        if not self.can_move(step):
            return
        row = self.currentRow()
        entry = self.takeItem(row)
        self.insertItem(row + step, entry)
        self.setCurrentRow(row + step)
        self.moved.emit()

    def fit(self) -> None:
        """Be as high as the rows are, for a list in which none should hide."""
        rows = sum(self.sizeHintForRow(row) + 2 * self.spacing() for row in range(self.count()))
        self.setFixedHeight(rows + 2 * self.frameWidth() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the current row with Alt."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_row(step)
        else:
            super().keyPressEvent(event)


class _TickDelegate(QStyledItemDelegate):
    """Draws the boxes to tick so that they are seen in the dark."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802 - Qt's name
        super().initStyleOption(option, index)
        option.palette = theme.outlined(option.palette)
