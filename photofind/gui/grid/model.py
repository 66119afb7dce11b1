"""What the rows of the grid are: numpy arrays from row to photo id, score and day, exchanged as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from photofind.gui.grid.source import GridTile
from photofind.gui.numbers import decimal

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Days = npt.NDArray[np.int32]

PHOTO_ID_ROLE: Final = Qt.ItemDataRole.UserRole
_FAINTEST: Final = 0.35
_FADE: Final = 0.08
"""How far under the mark, in score, a tile has lost two thirds of what it can lose."""

_SPARSEST: Final = 8
_ALWAYS_DENSE: Final = 1_000_000

_Index = QModelIndex | QPersistentModelIndex


class PhotoGridModel(QAbstractListModel):
    """The rows of the grid; text comes from whoever knows the tiles, see :meth:`describe_with`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: Ids = np.empty(0, np.int64)
        self._scores: Scores | None = None
        self._days: Days | None = None
        self._missed: npt.NDArray[np.bool_] | None = None
        self._reasons: Sequence[Sequence[str]] = ()
        self._mark = -1.0
        self._tile_of: Callable[[int], GridTile | None] = lambda _photo_id: None

    @property
    def ids(self) -> Ids:
        """Photo ids in display order, shape (n,); not to be written to."""
        return self._ids

    @property
    def scores(self) -> Scores | None:
        """How alike each photo is to the query, shape (n,); None when there is no query."""
        return self._scores

    @property
    def days(self) -> Days | None:
        """Days since 1970-01-01 of each photo, shape (n,); None when they are not known."""
        return self._days

    @property
    def mark(self) -> float:
        """Scores below it could be chance, and fade; -1.0 when nothing fades."""
        return self._mark

    def set_rows(
        self,
        ids: npt.NDArray[np.int64],
        *,
        scores: npt.NDArray[np.float32] | None = None,
        days: npt.NDArray[np.int32] | None = None,
        mark: float = -1.0,
        reasons: Sequence[Sequence[str]] = (),
        missed: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Exchange all rows; a view keeps its place with ``view_state`` before and ``restore_view_state`` after.

        Parameters
        ----------
        ids, scores, days:
            Shape (n,) each, in display order. They are kept, not copied.
        mark:
            Rows with a score below it fade.
        reasons:
            Why the photos of the first rows are here, in words; kept, not copied.
        missed:
            Which rows the search has missed, shape (n,); they are marked.
        """
        for extra in (scores, days, missed):
            if extra is not None and len(extra) != len(ids):
                raise ValueError(f"{len(ids)} ids, but {len(extra)} values beside them")
        self.beginResetModel()
        self._ids = np.ascontiguousarray(ids, np.int64)
        self._scores, self._days, self._mark, self._reasons = scores, days, mark, reasons
        self._missed = missed
        self.endResetModel()

    def photo_id(self, row: int) -> int:
        """Return the photo of a row."""
        return int(self._ids[row])

    def row_of(self, photo_id: int) -> int:
        """Return the row of a photo, or -1; one pass over the ids."""
        if not len(self._ids):
            return -1
        matches = self._ids == photo_id
        row = int(matches.argmax())
        return row if matches[row] else -1

    def rows_of(self, photo_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the rows of some photos, ascending; photos that have no row are left out."""
        if not len(photo_ids) or not len(self._ids):
            return np.empty(0, np.int64)
        highest = int(self._ids.max())
        if self._ids.min() < 0 or highest > _SPARSEST * len(self._ids) + _ALWAYS_DENSE:
            return np.flatnonzero(np.isin(self._ids, photo_ids)).astype(np.int64, copy=False)
        # Ids of a library are dense: a table by id takes two milliseconds for a million rows, `isin` fifteen.
        is_sought = np.zeros(highest + 1, np.bool_)
        is_sought[photo_ids[(photo_ids >= 0) & (photo_ids <= highest)]] = True
        return np.flatnonzero(is_sought[self._ids]).astype(np.int64, copy=False)

    def index_at(self, row: int) -> QModelIndex:
        """Return the index of a row that is there; ``index`` would ask for the number of rows first."""
        return self.createIndex(row, 0)

    def strengths(self, first: int, last: int) -> list[float]:
        """Return how opaque the rows ``first`` to ``last`` (included) are drawn: 1.0 at the mark, fading below it."""
        if self._scores is None:
            return [1.0] * (last - first + 1)
        under = np.maximum(self._mark - self._scores[first : last + 1], 0.0)
        faded: list[float] = (_FAINTEST + (1.0 - _FAINTEST) * np.exp(-under / _FADE)).tolist()
        return faded

    def missed(self, first: int, last: int) -> list[bool]:
        """Return which of the rows ``first`` to ``last`` (included) the search has missed."""
        if self._missed is None:
            return [False] * (last - first + 1)
        marked: list[bool] = self._missed[first : last + 1].tolist()
        return marked

    def describe_with(self, tile_of: Callable[[int], GridTile | None]) -> None:
        """Take names and paths from ``tile_of``, which gets a photo id and answers at once."""
        self._tile_of = tile_of

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Return the number of photos."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's id, or its words for tool tips and assistive technology."""
        row = index.row()
        if not index.isValid() or row >= len(self._ids):
            return None
        if role == PHOTO_ID_ROLE:
            return int(self._ids[row])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            tile = self._tile_of(int(self._ids[row]))
            if tile is None:
                return None
            return tile.name if role == Qt.ItemDataRole.DisplayRole else self._tip(row, tile.path)
        return None

    def reasons(self, row: int) -> Sequence[str]:
        """Return why the photo of a row is here, beyond its likeness to a picture; mostly nothing, as for row -1."""
        return self._reasons[row] if 0 <= row < len(self._reasons) else ()

    def _tip(self, row: int, path: str) -> str:
        reasons = self.reasons(row)
        if self._scores is None or not reasons:
            return path
        return "\n".join([path, " · ".join([decimal(float(self._scores[row]), 2), *reasons])])

    def _spoken(self, row: int) -> str:
        tile = self._tile_of(int(self._ids[row]))
        words = [tile.name if tile else self.tr("Photo")]
        if self._scores is not None:
            words.append(self.tr("{} % alike").format(per_cent(float(self._scores[row]))))
        words += self.reasons(row)
        if tile and tile.offline:
            words.append(self.tr("on a drive that is not connected"))
        return ", ".join(words)


def per_cent(score: float) -> int:
    """Return a score as people read it: 0 to 100."""
    return min(max(round(score * 100), 0), 100)
