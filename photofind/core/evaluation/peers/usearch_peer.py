"""usearch: one graph, its vectors as wide as the package chooses or in 8 bits, searched from a mapped file."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.peers.contestant import EFFORTS, Ids, Vectors


class UsearchPeer:
    """The numbers are its defaults; ``dtype`` None is what it chooses on this processor."""

    def __init__(self, folder: Path, dimension: int, dtype: str | None) -> None:
        self._file = str(folder / "index.usearch")
        self._made = {"ndim": dimension, "metric": "ip", "dtype": dtype}
        self._type: Any = importlib.import_module("usearch.index").Index
        self._index: Any = None

    def build(self, vectors: Vectors, threads: int) -> None:
        """Insert everything and save the file."""
        self._index = self._type(**self._made)
        self._index.add(np.arange(len(vectors)), vectors, threads=threads)
        self._index.save(self._file)

    def open(self, *, to_change: bool) -> None:
        """Map the file, or load it to be changed."""
        self._index = self._type(**self._made)
        if to_change:
            self._index.load(self._file)
        else:
            self._index.view(self._file)

    def efforts(self) -> Sequence[int]:
        """Return values of expansion_search."""
        return EFFORTS

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> npt.NDArray[Any]:
        """Search the graph."""
        self._index.expansion_search = max(effort, k)
        found: npt.NDArray[Any] = self._index.search(query, k, threads=1).keys
        return found

    def add(self, first: int, vectors: Vectors) -> None:
        """Insert more and save the file."""
        self._index.add(np.arange(first, first + len(vectors)), vectors)
        self._index.save(self._file)

    def delete(self, ids: Ids) -> None:
        """Remove and save the file."""
        self._index.remove(ids)
        self._index.save(self._file)

    def compact(self) -> bool:
        """Do nothing: removed vectors stay in the graph until others take their places."""
        return False


def make(name: str, folder: Path, dimension: int) -> UsearchPeer:
    """Return the contestant; the width of a component is part of its name."""
    return UsearchPeer(folder, dimension, "i8" if name.endswith("i8") else None)
