# ruff: noqa: N802 - overrides keep Qt's names
"""The groups that the list shows, as numbers of an :class:`Overview` in an order; its data are read when a row is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from photofind.core.evidence import GroupKind
from photofind.gui import numbers
from photofind.gui.review import marks
from photofind.gui.review.marks import MarkBook
from photofind.gui.review.overview import KINDS, GroupOrder, Ints, Overview, empty_overview
from photofind.gui.review.words import kind_words, size_words

_Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE: Final = Qt.ItemDataRole.UserRole
COVERS: Final = 3
"""How many members' pictures a row shows."""


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """One row of the list; ``covers`` are the photos whose pictures it shows, ``state`` one of :mod:`marks`."""

    group: int
    kind: GroupKind
    members: int
    freeable: int
    covers: tuple[int, ...]
    state: int
    removing: int


class GroupModel(QAbstractListModel):
    """Rows of groups of one kind; groups that were dismissed are left out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._overview = empty_overview()
        self._book = MarkBook(self._overview)
        self._freeable = self._overview.freeable()
        self._groups: Ints = np.empty(0, np.int64)
        self._kind = GroupKind.EXACT
        self._order = GroupOrder.BYTES

    @property
    def kind(self) -> GroupKind:
        """The kind of the groups that are listed."""
        return self._kind

    @property
    def order(self) -> GroupOrder:
        """What comes first."""
        return self._order

    @property
    def overview(self) -> Overview:
        """All groups, of every kind."""
        return self._overview

    @property
    def book(self) -> MarkBook:
        """What was decided."""
        return self._book

    def set_groups(self, overview: Overview, book: MarkBook) -> None:
        """Show other groups."""
        self._overview, self._book = overview, book
        self._freeable = overview.freeable()
        self._rebuild()

    def show(self, kind: GroupKind, order: GroupOrder) -> None:
        """Show the groups of a kind in an order."""
        if (kind, order) != (self._kind, self._order):
            self._kind, self._order = kind, order
            self._rebuild()

    def drop_row(self, row: int) -> None:
        """List one group less."""
        self.beginResetModel()
        self._groups = np.delete(self._groups, row)
        self.endResetModel()

    def group(self, row: int) -> int:
        """Return the group of a row, -1 when there is none."""
        return int(self._groups[row]) if 0 <= row < len(self._groups) else -1

    def row_of(self, group: int) -> int:
        """Return the row of a group, -1 when it is not listed."""
        rows = np.flatnonzero(self._groups == group)
        return int(rows[0]) if len(rows) else -1

    def groups(self) -> Ints:
        """Return all groups in their order, shape (n,)."""
        return self._groups

    def next_undecided(self, row: int) -> int:
        """Return the next row after ``row`` that is not decided, else the first of all; -1 when all are decided."""
        is_open = self._book.states()[self._groups] == marks.UNDECIDED
        rows = np.flatnonzero(is_open)
        after = rows[rows > row]
        return int(after[0]) if len(after) else int(rows[0]) if len(rows) else -1

    def entry(self, row: int) -> GroupEntry:
        """Return what a row shows."""
        group = self.group(row)
        members = self._overview.members(group)
        return GroupEntry(
            group,
            KINDS[int(self._overview.kinds[group])],
            len(members),
            int(self._freeable[group]),
            tuple(members[:COVERS].tolist()),
            int(self._book.states()[group]),
            int(np.count_nonzero(self._book.of(group) == marks.REMOVE)),
        )

    def covers(self, first: int, last: int) -> list[int]:
        """Return the photos whose pictures the rows ``first`` to ``last`` (excluded) show."""
        rows = range(max(0, first), min(last, len(self._groups)))
        return [cover for row in rows for cover in self._overview.members(self.group(row))[:COVERS].tolist()]

    def marks_changed(self) -> None:
        """Let whatever is seen be drawn anew."""
        if len(self._groups):
            self.dataChanged.emit(self.index(0), self.index(len(self._groups) - 1))

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of groups that are listed."""
        return 0 if parent is not None and parent.isValid() else len(self._groups)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's entry, or its words."""
        if not index.isValid() or index.row() >= len(self._groups):
            return None
        if role == ENTRY_ROLE:
            return self.entry(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(self.entry(index.row()))
        return None

    def _words(self, entry: GroupEntry) -> str:
        parts = [kind_words(entry.kind), numbers.photos(entry.members), self.gain(entry), self.state(entry)]
        return ", ".join(part for part in parts if part)

    def gain(self, entry: GroupEntry) -> str:
        """Return how much room a group takes beyond its largest photo."""
        return self.tr("{} to free").format(size_words(entry.freeable))

    def state(self, entry: GroupEntry) -> str:
        """Return what was decided of a group, nothing as long as nothing was."""
        if entry.state == marks.DECIDED:
            return self.tr("remove {}").format(numbers.grouped(entry.removing)) if entry.removing else self.tr("keep")
        return self.tr("skipped") if entry.state == marks.SKIPPED else ""

    def _rebuild(self) -> None:
        self.beginResetModel()
        groups = self._overview.ordered(self._kind, self._order)
        self._groups = groups[self._book.states()[groups] != marks.DISMISSED] if len(groups) else groups
        self.endResetModel()
