"""The steps of a plan as a table: one row each, made when it is looked at, so that ten thousand cost nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from photofind.core.plans import Action, Step, StepResult
from photofind.gui.desktop import copy_paths
from photofind.gui.names import displayable
from photofind.gui.review.dialogs import wording

Index = QModelIndex | QPersistentModelIndex
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
"""How columns of numbers are aligned."""

_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(Enum):
    """What a column tells of a step."""

    NAME = auto()
    FOLDER = auto()
    SIZE = auto()
    KEPT = auto()
    WHY = auto()
    STATE = auto()
    REASON = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """What a row tells: texts as they are shown, but for the path, which may hold what is no text."""

    path: str
    size: int | None = None
    kept: str = ""
    why: str = ""
    state: str = ""
    reason: str = ""


class StepsModel(QAbstractTableModel):
    """Photos of a plan and what becomes of them; ``columns`` are shown in their order."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._count = 0
        self._made: Callable[[int], Row] = lambda _: Row("")

    def show_steps(self, action: Action, steps: Sequence[Step], results: Sequence[StepResult | None] = ()) -> None:
        """Show steps; ``results`` are parallel to them, None for one that was not begun, or empty."""
        self._show(len(steps), lambda row: step_row(action, steps[row], results[row] if results else None))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows that are made already."""
        self._show(len(rows), rows.__getitem__)

    def row(self, number: int) -> Row:
        """Return a row."""
        return self._made(number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102, N802 - Qt's signature
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, D102, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(  # noqa: D102, N802 - Qt's
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _title(self.columns[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.columns[section] == Column.SIZE else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: D102 - Qt's
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(column, self.row(index.row()))
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self.row(index.row())
            return displayable(row.path) if column in (Column.NAME, Column.FOLDER) else _text(column, row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == Column.SIZE:
            return RIGHT
        return None

    def _show(self, count: int, made: Callable[[int], Row]) -> None:
        self.beginResetModel()
        self._count, self._made = count, made
        self.endResetModel()


def step_row(action: Action, step: Step, result: StepResult | None = None) -> Row:
    """Return the row of a step."""
    return Row(
        step.file.path,
        step.file.stamp.size,
        displayable(step.kept.path),
        wording.why(step),
        wording.state(action, result),
        displayable(result.reason) if result and result.reason else wording.why(step),
    )


class _FromStart(QStyledItemDelegate):
    """Draws sentences, which begin with what matters, where paths matter most at both ends."""

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Leave out the end of what is too long."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


class StepsTable(QTableView):
    """Shows a :class:`StepsModel`; rows are selected, Ctrl+C copies their paths, Tab leaves the table."""

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = StepsModel(columns, self)
        self.setModel(self.steps)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        from_start = _FromStart(self)
        for number, column in enumerate(columns):
            if column in (Column.WHY, Column.REASON):
                self.setItemDelegateForColumn(number, from_start)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(columns[-1] != Column.SIZE)
        for number, column in enumerate(columns):
            header.resizeSection(number, _WIDTHS[column])

    def selected_rows(self) -> list[int]:
        """Return the rows that are selected, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy paths, not the text of one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_paths([self.steps.row(row).path for row in self.selected_rows()])
        else:
            super().keyPressEvent(event)


_WIDTHS: Final = {
    Column.NAME: 160,
    Column.FOLDER: 220,
    Column.SIZE: 80,
    Column.KEPT: 230,
    Column.WHY: 220,
    Column.STATE: 100,
    Column.REASON: 260,
}


def _title(column: Column) -> str:
    translate = QCoreApplication.translate
    return {
        Column.NAME: translate("Steps", "Photo"),
        Column.FOLDER: translate("Steps", "Folder"),
        Column.SIZE: translate("Steps", "Size"),
        Column.KEPT: translate("Steps", "Kept instead"),
        Column.WHY: translate("Steps", "Why"),
        Column.STATE: translate("Steps", "State"),
        Column.REASON: translate("Steps", "Reason"),
    }[column]


def _text(column: Column, row: Row) -> str:
    return {
        Column.NAME: displayable(os.path.basename(row.path)),
        Column.FOLDER: displayable(os.path.dirname(row.path)),
        Column.SIZE: "" if row.size is None else wording.size(row.size),
        Column.KEPT: row.kept,
        Column.WHY: row.why,
        Column.STATE: row.state,
        Column.REASON: row.reason,
    }[column]
