"""Where each cell of the grid is: arithmetic on a fixed cell, nothing is laid out.

The content is ``width`` pixels wide and is cut into equal *slots*, one a photo; spare width is shared among them, so
there is no ragged right margin. Each slot holds a *card*, inset by half a gap; the card holds the *box* that the
picture is fitted in and, below it, the line for the name. All coordinates are of the content, logical pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect

MIN_TILE: Final = 80
MAX_TILE: Final = 400
GAP: Final = 6
MIN_WIDTH: Final = 60

Runs = npt.NDArray[np.int64]
"""Rows as ``(k, 2)`` pairs of first and last row, both included, ascending and disjoint."""


@dataclass(frozen=True, slots=True)
class CellLayout:
    """The cells of ``count`` photos in a content ``width`` wide.

    Parameters
    ----------
    count, width:
        Photos, and pixels from the left to the right edge, at least ``MIN_WIDTH``.
    tile:
        Side of the square box that pictures are fitted in.
    label:
        Height of the line below the picture, 0 for none.
    """

    count: int
    width: int
    tile: int
    label: int = 0
    columns: int = field(init=False)
    lines: int = field(init=False)
    slot_height: int = field(init=False)
    padding: int = field(init=False)

    def __post_init__(self) -> None:
        padding = max(4, min(10, self.tile // 18))
        columns = max(1, self.width // (self.tile + 2 * padding + GAP))
        object.__setattr__(self, "padding", padding)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "lines", -(-self.count // columns))
        object.__setattr__(self, "slot_height", self.tile + 2 * padding + self.label + GAP)

    @property
    def height(self) -> int:
        """Height of the whole content; 0 without photos."""
        return self.lines * self.slot_height

    def slot_top(self, row: int) -> int:
        """Return the upper edge of a row's slot."""
        return row // self.columns * self.slot_height

    def card(self, row: int) -> QRect:
        """Return the rectangle that a photo's card covers."""
        line, column = divmod(row, self.columns)
        left = column * self.width // self.columns
        right = (column + 1) * self.width // self.columns
        half = GAP // 2
        return QRect(left + half, line * self.slot_height + half, right - left - GAP, self.slot_height - GAP)

    def box(self, card: QRect) -> QRect:
        """Return the square in a card that the picture is fitted in."""
        spare = card.width() - self.tile
        return QRect(card.x() + spare // 2, card.y() + self.padding, self.tile, self.tile)

    def row_at(self, x: int, y: int) -> int:
        """Return the row whose card covers a point, or -1."""
        row = self.nearest_row(x, y)
        return row if row >= 0 and self.card(row).contains(x, y) else -1

    def nearest_row(self, x: int, y: int) -> int:
        """Return the row whose slot covers a point, or -1 outside of all slots."""
        if not (0 <= x < self.width and self.count):
            return -1
        line = y // self.slot_height
        row = line * self.columns + self._column(x)
        return row if line >= 0 and row < self.count else -1

    def rows_between(self, top: int, bottom: int) -> tuple[int, int]:
        """Return the first and the last row of the lines from ``top`` to ``bottom`` (excluded); (0, -1) for none."""
        if not self.count or bottom <= top:
            return 0, -1
        first = min(max(top // self.slot_height, 0), self.lines - 1)
        last = min(max((bottom - 1) // self.slot_height, 0), self.lines - 1)
        return first * self.columns, min((last + 1) * self.columns, self.count) - 1

    def lines_in(self, height: int) -> int:
        """Return how many whole lines a window of a height shows, at least one."""
        return max(1, height // self.slot_height)

    def runs_in(self, area: QRect) -> Runs:
        """Return the rows whose cards meet an area."""
        half = GAP // 2
        first_line = max((area.top() + half) // self.slot_height, 0)
        last_line = min((area.bottom() - half) // self.slot_height, self.lines - 1)
        left, right = max(area.left() + half, 0), min(area.right() - half, self.width - 1)
        if not self.count or first_line > last_line or left >= self.width or right < 0:
            return np.empty((0, 2), np.int64)
        first, last = self._column(left), self._column(right)
        if first > last:
            return np.empty((0, 2), np.int64)
        if last - first + 1 == self.columns:
            pairs = np.array([[first_line * self.columns, (last_line + 1) * self.columns - 1]], np.int64)
        else:
            starts = np.arange(first_line, last_line + 1, dtype=np.int64) * self.columns
            pairs = np.stack([starts + first, starts + last], axis=1)
        pairs = pairs[pairs[:, 0] < self.count]
        np.minimum(pairs, self.count - 1, out=pairs)
        return pairs

    def _column(self, x: int) -> int:
        return ((x + 1) * self.columns - 1) // self.width
