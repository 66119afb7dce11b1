"""LanceDB: a table in Lance files with the index that its documentation names for recall against latency."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.evaluation.peers.contestant import EFFORTS, Ids, Vectors

_BLOCK = 65_536
_FEWEST_INDEXED = 1_024  # it trains on no fewer than 256 a partition, and compares the rows of small tables as they are
_REFINED = 2
"""So many times as many candidates as asked for are compared by their exact rows."""


class LanceDbPeer:
    """IVF_HNSW_SQ: graphs over vectors of 8 bits a component, one partition per million."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._dimension = dimension
        self._arrow: Any = importlib.import_module("pyarrow")
        self._database: Any = importlib.import_module("lancedb").connect(str(folder))
        self._table: Any = None
        self._is_indexed = False

    def build(self, vectors: Vectors, threads: int) -> None:
        """Write the table and index it."""
        del threads  # it takes what there are
        self._table = self._database.create_table("vectors", self._batches(0, vectors), schema=self._schema())
        if len(vectors) >= _FEWEST_INDEXED:
            self._table.create_index(metric="dot", vector_column_name="vector", index_type="IVF_HNSW_SQ")

    def open(self, *, to_change: bool) -> None:
        """Open the table."""
        del to_change
        self._table = self._database.open_table("vectors")
        self._is_indexed = bool(self._table.list_indices())

    def efforts(self) -> Sequence[int]:
        """Return values of ef, one number without an index."""
        return EFFORTS if self._is_indexed else (0,)

    def search(self, query: npt.NDArray[np.float32], k: int, effort: int) -> Sequence[int]:
        """Search the index, and the rows that it does not have yet."""
        asked = self._table.search(query, vector_column_name="vector").distance_type("dot").select(["id"]).limit(k)
        if self._is_indexed:
            asked = asked.ef(max(effort, _REFINED * k)).refine_factor(_REFINED)
        found: list[int] = asked.to_arrow()["id"].to_pylist()
        return found

    def add(self, first: int, vectors: Vectors) -> None:
        """Append rows and let the index take them in."""
        self._table.add(self._batches(first, vectors))
        self._table.optimize()

    def delete(self, ids: Ids) -> None:
        """Delete rows by their ids."""
        self._table.delete(f"id IN ({','.join(map(str, ids.tolist()))})")

    def compact(self) -> bool:
        """Write the rows anew without the deleted ones, and drop the old versions."""
        self._table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
        return True

    def _schema(self) -> Any:
        number = self._arrow.field("id", self._arrow.int64())
        vector = self._arrow.field("vector", self._arrow.list_(self._arrow.float32(), self._dimension))
        return self._arrow.schema([number, vector])

    def _batches(self, first: int, vectors: Vectors) -> Any:
        return self._arrow.RecordBatchReader.from_batches(self._schema(), self._blocks(first, vectors))

    def _blocks(self, first: int, vectors: Vectors) -> Iterator[Any]:
        for start in range(0, len(vectors), _BLOCK):
            block = np.ascontiguousarray(vectors[start : start + _BLOCK])
            ids = np.arange(first + start, first + start + len(block))
            rows = self._arrow.FixedSizeListArray.from_arrays(self._arrow.array(block.reshape(-1)), self._dimension)
            yield self._arrow.RecordBatch.from_arrays([self._arrow.array(ids), rows], schema=self._schema())


def make(name: str, folder: Path, dimension: int) -> LanceDbPeer:
    """Return the contestant."""
    del name
    return LanceDbPeer(folder, dimension)
