"""A layout that puts widgets side by side, and what does not fit into the next line, like words."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lines of widgets of their own size; the height follows from the width. Hidden widgets take no room."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8, line_gap: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._line_gap = line_gap

    def addItem(self, item: QLayoutItem) -> None:  # noqa: D102, N802 - Qt's name
        self._items.append(item)

    def count(self) -> int:  # noqa: D102 - Qt's name
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: D102, N802 - Qt's name
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: D102, N802 - Qt's name
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: D102, N802 - Qt's name
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: D102, N802 - Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: D102, N802 - Qt's name
        return self._arranged(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, area: QRect) -> None:  # noqa: D102, N802 - Qt's name
        super().setGeometry(area)
        self._arranged(area, moves=True)

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: D102, N802 - Qt's name
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arranged(self, area: QRect, *, moves: bool) -> int:
        """Put the items into lines, or only find out how high these are; return the height with the margins."""
        margins: QMargins = self.contentsMargins()
        inner = area.marginsRemoved(margins)
        x, y, line = inner.x(), inner.y(), 0
        row: list[tuple[QLayoutItem, int, int]] = []
        for item in self._shown():
            width = min(item.sizeHint().width(), inner.width())
            if x > inner.x() and x + width > inner.x() + inner.width():
                _place(row, y, line, moves=moves)
                x, y, line, row = inner.x(), y + line + self._line_gap, 0, []
            row.append((item, x, width))
            x += width + self._gap
            line = max(line, item.sizeHint().height())
        _place(row, y, line, moves=moves)
        return y + line - area.y() + margins.bottom()


def _place(row: list[tuple[QLayoutItem, int, int]], top: int, line: int, *, moves: bool) -> None:
    for item, x, width in row if moves else ():
        height = min(line, item.sizeHint().height())
        item.setGeometry(QRect(QPoint(x, top + (line - height) // 2), QSize(width, height)))


def empty(layout: QLayout) -> None:
    """Take everything out of a layout; its widgets stay as they are.

    ``takeAt`` gives each item to its caller, and PySide deletes none: a hundred bytes for each chip of each query.
    """
    while (item := layout.takeAt(0)) is not None:
        shiboken6.delete(item)
