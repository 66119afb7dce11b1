"""hnswlib: one graph over float32 vectors, wholly in memory and saved as one file (Malkov and Yashunin, 2016)."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.peers.contestant import EFFORTS, Ids, Vectors

_M = 16
_EF_CONSTRUCTION = 200
_ROOM = 1.1  # an index is made for so many elements; what is added has to fit


class HnswlibPeer:
    """The numbers of its README."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._file = folder / "index.bin"
        self._index: Any = importlib.import_module("hnswlib").Index(space="ip", dim=dimension)

    def build(self, vectors: Vectors, threads: int) -> None:
        """Insert everything and save the file."""
        self._index.init_index(max_elements=_with_room(len(vectors)), M=_M, ef_construction=_EF_CONSTRUCTION)
        self._index.add_items(vectors, np.arange(len(vectors)), num_threads=threads)
        self._save()

    def open(self, *, to_change: bool) -> None:
        """Load the file."""
        del to_change
        self._index.load_index(str(self._file))  # with the room that it was made with
        self._index.set_num_threads(1)

    def efforts(self) -> Sequence[int]:
        """Return values of ef."""
        return EFFORTS

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> npt.NDArray[Any]:
        """Search the graph."""
        self._index.set_ef(max(effort, k))
        try:
            found: npt.NDArray[Any] = self._index.knn_query(query, k, num_threads=1)[0][0]
        except RuntimeError:  # it refuses to return fewer than k
            return np.empty(0, np.int64)
        return found

    def add(self, first: int, vectors: Vectors) -> None:
        """Insert more and save the file."""
        needed = self._index.element_count + len(vectors)
        if needed > self._index.max_elements:
            self._index.resize_index(_with_room(needed))
        self._index.add_items(vectors, np.arange(first, first + len(vectors)), num_threads=-1)
        self._save()

    def delete(self, ids: Ids) -> None:
        """Mark as deleted and save the file."""
        for number in ids.tolist():
            self._index.mark_deleted(number)
        self._save()

    def compact(self) -> bool:
        """Do nothing: marked elements stay in the graph."""
        return False

    def _save(self) -> None:
        self._index.save_index(str(self._file))


def make(name: str, folder: Path, dimension: int) -> HnswlibPeer:
    """Return the contestant."""
    del name
    return HnswlibPeer(folder, dimension)


def _with_room(count: int) -> int:
    return int(count * _ROOM) + 16
