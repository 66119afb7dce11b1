"""The panel of the files that could not be read: why, and trying again."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from photofind.core.catalog import FileError
from photofind.gui import numbers
from photofind.gui.names import displayable
from photofind.gui.panels.making import empty_note, flat_button

_NAME, _REASON, _FOLDER = range(3)
_WIDTHS = (220, 320)
_ROW_PAD = 8
_MARGIN = 8
_HEIGHT = 190

Index = QModelIndex | QPersistentModelIndex


class ErrorModel(QAbstractTableModel):
    """The rows of the error list: name, reason, folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.errors: list[FileError] = []
        self._row_size = QSize(0, QFontMetrics(QGuiApplication.font()).height() + _ROW_PAD)

    def set_errors(self, errors: list[FileError]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.errors = errors
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.errors)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102, N802 - Qt's signature
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._row_size
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        error = self.errors[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{displayable(error.path)}\n{error.reason}"
        folder, name = os.path.split(displayable(error.path))
        return (name or folder, error.reason, folder)[index.column()]

    def headerData(  # noqa: D102, N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("Name"), self.tr("Problem"), self.tr("Folder"))[section]


class ErrorsPanel(QWidget):
    """A list of problems, ten thousands if need be."""

    retry_requested = Signal(object)
    """The user wants these files (a list of paths) to be read again; an empty list means all."""

    reveal_requested = Signal(object)
    """The user wants to see a file (its path) in the file manager."""

    closed = Signal()
    """The user has seen enough."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errors")
        self.setAccessibleName(self.tr("Files that could not be read"))
        self._model = ErrorModel(self)
        self._make_widgets()
        self._show_state()

    def set_errors(self, errors: list[FileError], *, total: int | None = None) -> None:
        """Show these problems, out of ``total`` when they are only the first; selection and place are kept."""
        self._count.setText(self._summary(len(errors), total if total is not None else len(errors)))
        if errors == self._model.errors:
            return
        selected = set(self.selected())
        place = self._list.verticalScrollBar().value()
        self._model.set_errors(list(errors))
        self._select(selected)
        self._list.verticalScrollBar().setValue(place)
        self._show_state()

    def selected(self) -> list[str]:
        """Return the paths of the selected rows."""
        rows = self._list.selectionModel().selectedRows()
        return [self._model.errors[index.row()].path for index in rows]

    def text(self) -> str:
        """Return the list as text, the selected rows or else all: path, tab, reason."""
        rows = sorted(index.row() for index in self._list.selectionModel().selectedRows())
        errors = [self._model.errors[row] for row in rows] or self._model.errors
        return "".join(f"{displayable(error.path)}\t{error.reason}\n" for error in errors)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for a few problems: there are rarely more, and the photos need the window."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    # Making

    def _make_widgets(self) -> None:
        self._list = QTreeView(self)
        self._list.setAccessibleName(self.tr("Problems"))
        self._list.setModel(self._model)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setAllColumnsShowFocus(True)
        self._list.setAlternatingRowColors(True)
        self._list.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column, width in enumerate(_WIDTHS):
            self._list.setColumnWidth(column, width)
        self._list.customContextMenuRequested.connect(self._on_menu_requested)
        self._list.activated.connect(self._on_reveal)
        self._list.selectionModel().selectionChanged.connect(self._show_state)
        self._empty = empty_note(self, self.tr("No problems"))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(_MARGIN, 0, _MARGIN, _MARGIN)
        column_.setSpacing(0)
        column_.addLayout(self._make_buttons())
        column_.addWidget(self._pages, 1)

    def _make_buttons(self) -> QHBoxLayout:
        self._retry = flat_button(self, "retry", self.tr("Retry selected"), shows_text=True)
        self._retry.clicked.connect(self._on_retry)
        self._retry_all = flat_button(self, "retry", self.tr("Retry all"), shows_text=True)
        self._retry_all.clicked.connect(self._on_retry_all)
        self._reveal = flat_button(self, "show-in-folder", self.tr("Show in file manager"), shows_text=True)
        self._reveal.clicked.connect(self._on_reveal)
        self._copy = flat_button(self, "copy", self.tr("Copy list"), shows_text=True)
        self._copy.clicked.connect(self._on_copy)
        self._count = QLabel(self)
        self._count.setObjectName("problem-count")
        self._count.setAccessibleName(self.tr("Number of problems"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 2, 4)
        row.setSpacing(2)
        for button in (self._retry, self._retry_all, self._reveal, self._copy):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._count)
        return row

    # Acting

    def menu(self) -> QMenu:
        """Return the context menu of the selected rows."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button, act in (
            (self._retry, self._on_retry),
            (self._reveal, self._on_reveal),
            (self._copy, self._on_copy),
        ):
            menu.addAction(button.icon(), button.text(), act).setEnabled(button.isEnabled())
        return menu

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Escape close the panel, and the keys for copying copy."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy()
        else:
            super().keyPressEvent(event)

    def _select(self, paths: set[str]) -> None:
        selection = QItemSelection()
        if paths:
            for row, error in enumerate(self._model.errors):
                if error.path in paths:
                    selection.select(self._model.index(row, _NAME), self._model.index(row, _FOLDER))
        self._list.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _summary(self, shown: int, total: int) -> str:
        if not total:
            return ""
        if shown < total:
            return self.tr("the first {} of {}").format(numbers.grouped(shown), numbers.problems(total))
        return numbers.problems(total)

    def _show_state(self) -> None:
        some = bool(self._model.errors)
        chosen = self._list.selectionModel().hasSelection()
        self._pages.setCurrentWidget(self._list if some else self._empty)
        self._retry.setEnabled(chosen)
        self._reveal.setEnabled(chosen)
        self._retry_all.setEnabled(some)
        self._copy.setEnabled(some)

    def _on_retry(self) -> None:
        paths = self.selected()
        if paths:
            self.retry_requested.emit(paths)

    def _on_retry_all(self) -> None:
        self.retry_requested.emit([])

    def _on_reveal(self) -> None:
        paths = self.selected()
        if paths:
            self.reveal_requested.emit(paths[0])

    def _on_copy(self) -> None:
        if self._model.errors:
            QGuiApplication.clipboard().setText(self.text())

    def _on_menu_requested(self, position: QPoint) -> None:
        if self._list.indexAt(position).isValid():
            self.menu().popup(self._list.viewport().mapToGlobal(position))


def _is_ours(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll)
