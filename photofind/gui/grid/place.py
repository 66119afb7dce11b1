"""Which part of the grid is seen, in terms that survive a change of width, tile size or rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.gui.grid.layout import CellLayout
from photofind.gui.grid.model import Ids, PhotoGridModel

_BITS_OF_AN_ID: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class PhotoSet:
    """Some photos, in as little memory as they need: a window remembers hundreds of selections.

    A bit for each id from ``first`` on where most of a library is selected, or else the ids themselves.
    """

    first: int
    bits: npt.NDArray[np.uint8]
    few: Ids

    @classmethod
    def of(cls, ids: Ids) -> PhotoSet:
        """Keep ids, shape (n,), in no order; a copy of them."""
        first, end = (int(ids.min()), int(ids.max()) + 1) if len(ids) else (0, 0)
        if end - first > _BITS_OF_AN_ID * len(ids):
            return cls(0, np.empty(0, np.uint8), ids.copy())
        flags = np.zeros(end - first, np.bool_)
        flags[ids - first] = True
        return cls(first, np.packbits(flags), np.empty(0, np.int64))

    def ids(self) -> Ids:
        """Return the ids, shape (n,), in no order."""
        return np.concatenate([np.flatnonzero(np.unpackbits(self.bits)) + self.first, self.few])


@dataclass(frozen=True, slots=True, eq=False)
class GridState:
    """How a grid was left: by photo, not by row, so that it holds when photos come and go.

    Attributes
    ----------
    seen:
        The photos that were at least partly seen, the first of them at the upper edge. Empty: the grid was at its
        very beginning, and stays there when photos are added in front.
    hidden_share:
        How much of the first line was scrolled out of sight, as a share of its height.
    selected, current:
        The selected photos, and the one that the keyboard was at.
    """

    seen: Ids
    hidden_share: float
    selected: PhotoSet
    current: int | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point of the grid and where it is seen: ``share`` of the slot of ``row`` is at ``y`` of the viewport."""

    row: int
    share: float
    y: int

    @classmethod
    def at_top(cls, cells: CellLayout, offset: int) -> Anchor:
        """Return what is at the upper edge of the viewport."""
        row, _ = cells.rows_between(offset, offset + 1)
        return cls(row, (offset - cells.slot_top(row)) / cells.slot_height, 0)

    @classmethod
    def at_row(cls, cells: CellLayout, row: int, offset: int, y: int = 0) -> Anchor:
        """Return the point of a row that is at ``y`` of the viewport."""
        return cls(row, (y + offset - cells.slot_top(row)) / cells.slot_height, y)

    def offset(self, cells: CellLayout) -> int:
        """Return how far the content is to be scrolled to have the point where it was."""
        return round(cells.slot_top(min(self.row, max(cells.count - 1, 0))) + self.share * cells.slot_height - self.y)


def surviving_anchor(model: PhotoGridModel, state: GridState) -> Anchor | None:
    """Return where the upper edge was, or the first photo below it that is still there; None for the beginning."""
    if not len(state.seen):
        return None
    for photo_id in state.seen.tolist():
        row = model.row_of(photo_id)
        if row >= 0:
            return Anchor(row, state.hidden_share, 0)
    return None
