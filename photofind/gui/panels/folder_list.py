"""The list of the library's folders: a model over :class:`RootSummary` and the drawing of its two-line rows."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from photofind.core.records import RootSummary
from photofind.gui import numbers, theme
from photofind.gui.names import displayable

Index = QModelIndex | QPersistentModelIndex

ROOT_ROLE = Qt.ItemDataRole.UserRole
_PAD = 8
_GAP = 8
_ICON = 20
_LINE_GAP = 2
_SMALL = 0.9


def folder_name(path: str) -> str:
    """Return the last part of a folder's path as it is shown, or all of it for a whole drive."""
    return displayable(os.path.basename(path.rstrip("/\\")) or path)


class FolderModel(QAbstractListModel):
    """The folders in the order they are given; the role :data:`ROOT_ROLE` has the :class:`RootSummary`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roots: list[RootSummary] = []

    @property
    def roots(self) -> list[RootSummary]:
        """The folders."""
        return self._roots

    def set_roots(self, roots: list[RootSummary]) -> None:
        """Show other folders, or other numbers of the same ones, which keeps the selection."""
        same = [root.path for root in roots] == [root.path for root in self._roots]
        if same:
            self._roots = list(roots)
            if roots:
                self.dataChanged.emit(self.index(0), self.index(len(roots) - 1))
            return
        self.beginResetModel()
        self._roots = list(roots)
        self.endResetModel()

    def row_of(self, path: str) -> int:
        """Return the row of a folder, -1 when it is not here."""
        return next((row for row, root in enumerate(self._roots) if root.path == path), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._roots)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's
        if not index.isValid():
            return None
        root = self._roots[index.row()]
        if role == ROOT_ROLE:
            return root
        if role == Qt.ItemDataRole.DisplayRole:
            return folder_name(root.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([displayable(root.path), *self._notes(root)])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join([folder_name(root.path), numbers.photos(root.photos), *self._notes(root)])
        return None

    def _notes(self, root: RootSummary) -> list[str]:
        notes = []
        if root.offline:
            notes.append(self.tr("Not connected now; its photos stay in the library."))
        if root.errors:
            notes.append(self.tr("{} with files that could not be read").format(numbers.problems(root.errors)))
        return notes


class FolderDelegate(QStyledItemDelegate):
    """Draws a row: name and number of photos, below them the path and what is the matter with the folder."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: D102, N802 - Qt's name
        name, small = _fonts(option.font)
        height = 2 * _PAD + QFontMetrics(name).height() + _LINE_GAP + QFontMetrics(small).height()
        return QSize(160, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: D102 - Qt's
        root = index.data(ROOT_ROLE)
        widget: QWidget = option.widget
        painter.save()
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = widget.palette()
        strong = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        weak = strong if selected else theme.muted(palette)
        area = option.rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        icon = theme.pixmap(
            "offline" if root.offline else "folder", _ICON, weak, ratio=painter.device().devicePixelRatioF()
        )
        painter.drawPixmap(area.left(), area.top() + (area.height() - _ICON) // 2, icon)
        area.setLeft(area.left() + _ICON + _GAP)
        name_font, small_font = _fonts(option.font)
        top = QRect(area.left(), area.top(), area.width(), QFontMetrics(name_font).height())
        bottom = QRect(area.left(), top.bottom() + 1 + _LINE_GAP, area.width(), QFontMetrics(small_font).height())

        painter.setFont(small_font)
        painter.setPen(weak)
        _draw_right(painter, top, numbers.grouped(root.photos))
        for text, colour in self._badges(root, palette):
            painter.setPen(strong if selected else colour)
            _draw_right(painter, bottom, text)
        painter.setPen(weak)
        _draw_elided(painter, bottom, displayable(root.path), Qt.TextElideMode.ElideMiddle)
        painter.setFont(name_font)
        painter.setPen(strong)
        _draw_elided(painter, top, folder_name(root.path), Qt.TextElideMode.ElideRight)
        painter.restore()

    def _badges(self, root: RootSummary, palette: QPalette) -> list[tuple[str, Any]]:
        badges: list[tuple[str, Any]] = []
        if root.errors:
            badges.append((numbers.problems(root.errors), theme.tone_colour(palette, "warning")))
        if root.offline:
            badges.append((self.tr("offline"), theme.muted(palette)))
        return badges


def _fonts(base: QFont) -> tuple[QFont, QFont]:
    name, small = QFont(base), QFont(base)
    name.setWeight(QFont.Weight.DemiBold)
    if base.pointSizeF() > 0:
        small.setPointSizeF(base.pointSizeF() * _SMALL)
    return name, small


def _draw_right(painter: QPainter, area: QRect, text: str) -> None:
    """Draw at the right end of an area, and take what was used away from it."""
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(text) - _GAP)


def _draw_elided(painter: QPainter, area: QRect, text: str, mode: Qt.TextElideMode) -> None:
    shown = painter.fontMetrics().elidedText(text, mode, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
