"""Which photos are selected: ranges of rows in Qt's selection model, read and written through numpy.

Qt's selection model stays the one truth, because assistive technology asks it. It is fast with ranges; what is slow is
to make an index object for each row, so nothing here does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView

from photofind.gui.grid.layout import Runs
from photofind.gui.grid.model import Ids, PhotoGridModel

_Flag = QItemSelectionModel.SelectionFlag
_MOST_TOLD: Final = 100
_MOST_RUNS: Final = 10_000
"""Scattered ranges beyond this many would take noticeable time; see :meth:`Selector.select_ids`."""

NO_ROWS: Final[Runs] = np.empty((0, 2), np.int64)


class Selector:
    """Selects by row and by photo, with the anchor that ranges start from."""

    def __init__(self, model: PhotoGridModel, view: QAbstractItemView) -> None:
        self._model = model
        self._view = view
        self._runs: Runs | None = None
        self._expected: Runs | None = None
        self.anchor = -1

    @property
    def runs(self) -> Runs:
        """The selected rows."""
        if self._runs is None:
            self._runs = runs_of(self._view.selectionModel().selection())
        return self._runs

    @property
    def current(self) -> int:
        """The row that the keyboard is at, or -1."""
        return self._view.selectionModel().currentIndex().row()

    def forget(self) -> None:
        """Read the selection anew at the next question; the view calls it when the selection model has changed."""
        self._runs = self._expected

    def ids(self) -> Ids:
        """Return the selected photos in display order; may be a view of the model's ids."""
        return ids_in(self._model.ids, self.runs)

    def contains(self, row: int) -> bool:
        """Tell whether a row is selected."""
        return bool(self.among(row, row)[0])

    def among(self, first: int, last: int) -> list[bool]:
        """Tell for each row from ``first`` to ``last`` (included) whether it is selected."""
        rows = np.arange(first, last + 1)
        if not len(self.runs):
            return [False] * len(rows)
        place = np.searchsorted(self.runs[:, 0], rows, side="right") - 1
        inside: list[bool] = ((place >= 0) & (rows <= self.runs[place, 1])).tolist()
        return inside

    def move_current(self, row: int) -> None:
        """Make a row current and leave the selection as it is."""
        self._view.selectionModel().setCurrentIndex(self._model.index_at(row), _Flag.NoUpdate)

    def only(self, row: int) -> None:
        """Select one row alone."""
        self.anchor = row
        self.move_current(row)
        self._apply(np.array([[row, row]], np.int64), _Flag.ClearAndSelect)

    def toggle(self, row: int) -> None:
        """Select a row that is not selected, and the other way round."""
        self.anchor = row
        self.move_current(row)
        self._apply(np.array([[row, row]], np.int64), _Flag.Toggle)

    def extend(self, row: int, *, keep: bool) -> None:
        """Select from the anchor to a row, in addition to what is selected with ``keep``."""
        if not 0 <= self.anchor < len(self._model.ids):
            self.anchor = max(self.current, 0)
        self.move_current(row)
        run = np.array([[min(self.anchor, row), max(self.anchor, row)]], np.int64)
        self._apply(run, _Flag.Select if keep else _Flag.ClearAndSelect)

    def all(self) -> None:
        """Select every row."""
        if len(self._model.ids):
            self._apply(np.array([[0, len(self._model.ids) - 1]], np.int64), _Flag.ClearAndSelect)

    def clear(self) -> None:
        """Select nothing."""
        if len(self.runs):
            self._view.selectionModel().clearSelection()

    def set_runs(self, runs: Runs) -> None:
        """Select some rows and nothing else."""
        self._apply(runs, _Flag.ClearAndSelect)

    def add_runs(self, runs: Runs) -> None:
        """Select some rows in addition."""
        self._apply(runs, _Flag.Select)

    def select_ids(self, photo_ids: npt.NDArray[np.int64]) -> None:
        """Select those of some photos that have a row.

        More than ten thousand separate ranges are not selected at all rather than in part: nobody sees what a part is.
        """
        runs = runs_of_rows(self._model.rows_of(photo_ids))
        self.set_runs(runs if len(runs) <= _MOST_RUNS else NO_ROWS)

    def _apply(self, runs: Runs, how: QItemSelectionModel.SelectionFlag) -> None:
        if len(runs) or how == _Flag.ClearAndSelect:
            self._expected = runs if how == _Flag.ClearAndSelect else None
            self._view.selectionModel().select(to_selection(self._model, runs), how)
            self._expected = None


def are_few(selected: QItemSelection, deselected: QItemSelection) -> bool:
    """Tell whether Qt can tell assistive technology about a change: it makes a list of all the rows."""
    if selected.count() > 1 or deselected.count() > 1:
        return False
    return sum(part.height() for part in selected.toList()) <= _MOST_TOLD


def runs_of(selection: QItemSelection) -> Runs:
    """Return the rows of Qt's ranges, ascending."""
    pairs = [(part.top(), part.bottom()) for part in selection.toList()]
    if not pairs:
        return NO_ROWS
    runs = np.array(pairs, np.int64)
    return runs[np.argsort(runs[:, 0])]


def runs_of_rows(rows: npt.NDArray[np.int64]) -> Runs:
    """Return ascending rows, shape (n,), as runs."""
    if not len(rows):
        return NO_ROWS
    breaks = np.flatnonzero(np.diff(rows) != 1)
    starts = rows[np.concatenate([[0], breaks + 1])]
    ends = rows[np.concatenate([breaks, [len(rows) - 1]])]
    return np.stack([starts, ends], axis=1)


def ids_in(ids: Ids, runs: Runs) -> Ids:
    """Return the ids of the rows of some runs."""
    if len(runs) == 1:
        return ids[runs[0, 0] : runs[0, 1] + 1]
    lengths = runs[:, 1] - runs[:, 0] + 1
    before = np.cumsum(lengths) - lengths
    return ids[np.repeat(runs[:, 0] - before, lengths) + np.arange(int(lengths.sum()))]


def joined(left: Runs, right: Runs) -> Runs:
    """Return the rows that are in one or the other."""
    if not len(left) or not len(right):
        return right if not len(left) else left
    both = np.concatenate([left, right])
    both = both[np.argsort(both[:, 0], kind="stable")]
    reach = np.maximum.accumulate(both[:, 1])
    fresh = np.concatenate([[True], both[1:, 0] > reach[:-1] + 1])
    starts = np.flatnonzero(fresh)
    ends = np.concatenate([starts[1:] - 1, [len(both) - 1]])
    return np.stack([both[starts, 0], reach[ends]], axis=1)


def to_selection(model: PhotoGridModel, runs: Runs) -> QItemSelection:
    """Return runs as Qt's ranges."""
    selection = QItemSelection()
    for first, last in runs.tolist():
        top = model.index_at(first)
        selection.select(top, model.index_at(last) if last != first else top)
    return selection
