"""Which vectors a search may return: live ones, and of these perhaps only those that a filter keeps."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
import numpy.typing as npt


class Selection:
    """A set of vids in the form in which faiss asks for it: one bit each.

    Parameters
    ----------
    mask
        Shape (next_vid,), true for the vids that may be returned.
    """

    def __init__(self, mask: npt.NDArray[np.bool_]) -> None:
        self.mask = mask
        self.count = int(mask.sum())
        self._bits = np.packbits(mask, bitorder="little")
        self.selector: Any = faiss.IDSelectorBitmap(self._bits)

    def vids(self) -> npt.NDArray[np.int64]:
        """Return the vids that are in it, sorted."""
        return np.flatnonzero(self.mask)

    def span(self, first: int, end: int) -> Selection:
        """Return the part of it in ``first … end``, counted from ``first``."""
        return Selection(self.mask[first:end])
