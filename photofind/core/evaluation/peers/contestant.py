"""What every contestant can do, and the registry's word for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Unit vectors, shape (n, dimension)."""

Ids = npt.NDArray[np.int64]

EFFORTS = (10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 256, 384, 512, 768, 1024)
"""The ladder of graph indexes: how many candidates a search keeps (efSearch)."""


class Contestant(Protocol):
    """An index in a folder of its own. What changes it returns when a newly opened index would know of the change."""

    def build(self, vectors: Vectors, threads: int) -> None:
        """Make the index of vectors with the ids 0 … n, by so many threads."""

    def open(self, *, to_change: bool) -> None:
        """Open what was built, in one thread for searches."""

    def efforts(self) -> Sequence[int]:
        """Return how hard a search may look, cheapest first; a single number where every search is exact."""

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> Sequence[int] | npt.NDArray[Any]:
        """Return the ids of the ``k`` nearest of a vector, shape (dimension,), best first; fewer if it finds fewer."""

    def add(self, first: int, vectors: Vectors) -> None:
        """Add vectors with the ids ``first …``."""

    def delete(self, ids: Ids) -> None:
        """Let vectors never be found again."""

    def compact(self) -> bool:
        """Give back what deleted vectors take; False where the program knows no way but building anew."""
