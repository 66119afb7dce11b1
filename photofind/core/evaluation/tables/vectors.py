"""The vectors that a table is measured on: a library's embeddings or generated ones, and the exact answers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import psutil

from photofind.core.catalog import Catalog
from photofind.core.errors import QueryError
from photofind.core.evaluation.generated import DIMENSION, Mixture
from photofind.core.searching.view import IndexView
from photofind.core.vectors import IndexSnapshot

Vectors = npt.NDArray[np.float32]
"""Unit vectors, shape (n, dimension)."""

Ids = npt.NDArray[np.int64]

_SEED = 7
_DATABASE_FILE = "library.db"
_READ = 8_192  # rows at a time
_BLOCK = 16_384
_MOST_OF_MEMORY = 0.6  # an index or two have to fit beside the vectors


class HasFolder(Protocol):
    """A library: whoever opened it said already when there is none."""

    @property
    def folder(self) -> Path:
        """Where it lies."""


@dataclass(frozen=True, slots=True)
class VectorSet:
    """A database to index and queries to ask it.

    ``database`` and ``queries`` are unit rows, float32, of shape (n, d) and (m, d). ``own``, of shape (m,), is the row
    of the database that each query is, which is left out of its answers; None where the queries are others. ``total``
    is the number of embeddings in the library, of which the database may be a sample, and ``model`` what made them.
    """

    source: Literal["library", "generated"]
    database: Vectors
    queries: Vectors
    own: Ids | None = None
    total: int = 0
    model: str = ""

    @property
    def dimension(self) -> int:
        """The number of components."""
        return int(self.database.shape[1])

    def facts(self) -> dict[str, object]:
        """Return what a table says about its vectors."""
        facts: dict[str, object] = {
            "source": self.source,
            "vectors": len(self.database),
            "dimension": self.dimension,
            "queries": len(self.queries),
        }
        return {**facts, "model": self.model} if self.model else facts

    def note(self) -> str:
        """Return where the vectors and the queries come from, in a sentence."""
        if self.source == "generated":
            return "Vectors are generated: a mixture of themes, as hard to index as embeddings; the queries are others."
        taken = "all" if len(self.database) == self.total else f"a random {len(self.database):,} of"
        return (
            f"Vectors are {taken} {self.total:,} embeddings of the library; the queries are some of these photos, each"
            " left out of its own answers."
        )


def library_vectors(library: HasFolder, queries: int, most: int) -> VectorSet:
    """Return the live embeddings of a library's active model, ``most`` of them at random, the same each time.

    ``queries`` of them, or all where there are fewer, are asked. Damaged rows are left out. What the library's writer
    does meanwhile is not seen.

    Raises
    ------
    LibraryDamagedError
        When the embeddings cannot be read.
    """
    generator = np.random.default_rng(_SEED)
    with (
        closing(Catalog.open_reader(library.folder / _DATABASE_FILE)) as catalog,
        closing(IndexView(library.folder, catalog)) as view,
    ):
        seen = view.look(lambda _: None)
        if seen is None:
            nothing = np.empty((0, 1), np.float32)
            return VectorSet("library", nothing, nothing, np.empty(0, np.int64))
        database = _read(seen.snapshot, _sampled(seen.snapshot, most, generator))
        total, model = seen.snapshot.live, seen.pack.spec
    own = generator.permutation(len(database))[:queries].astype(np.int64)
    return VectorSet("library", database, database[own], own, total, model)


def generated_vectors(count: int, queries: int, seed: int = 1) -> VectorSet:
    """Return ``count`` generated vectors and ``queries`` others of the same distribution.

    Raises
    ------
    QueryError
        When they do not fit into the memory.
    """
    wanted = count * DIMENSION * 4
    if wanted > _MOST_OF_MEMORY * psutil.virtual_memory().available:
        raise QueryError(
            f"{count:,} generated vectors take {wanted / 1e9:,.1f} GB, more than this machine has free; ask for fewer."
        )
    mixture = Mixture(seed=seed)
    database = np.empty((count, DIMENSION), np.float32)
    start = 0
    for block in mixture.blocks(count, _BLOCK, seed):
        database[start : start + len(block)] = block
        start += len(block)
    asked = mixture.draw(queries, np.random.default_rng(seed + 1_000_003))
    return VectorSet("generated", database, asked, None, count)


def exact_answers(vectors: VectorSet, k: int) -> tuple[Ids, Vectors]:
    """Return the ids and the cosine similarities of the ``k`` nearest rows of each query, both of shape (m, k).

    Best first; a query's own row is no answer. Where the database has fewer than ``k`` others, ids end with -1 and
    similarities with -inf.
    """
    count = len(vectors.queries)
    ids = np.full((count, k), -1, np.int64)
    scores = np.full((count, k), -np.inf, np.float32)
    for start in range(0, len(vectors.database), _BLOCK):
        block = vectors.database[start : start + _BLOCK]
        new = vectors.queries @ block.T
        if vectors.own is not None:
            here = np.flatnonzero((vectors.own >= start) & (vectors.own < start + len(block)))
            new[here, vectors.own[here] - start] = -np.inf
        places = np.broadcast_to(np.arange(start, start + len(block)), new.shape)
        ids, scores = _best(np.hstack([ids, places]), np.hstack([scores, new]), k)
    ids[scores == -np.inf] = -1
    return ids, scores


def _best(ids: Ids, scores: Vectors, k: int) -> tuple[Ids, Vectors]:
    first = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    ids, scores = np.take_along_axis(ids, first, axis=1), np.take_along_axis(scores, first, axis=1)
    order = np.lexsort((ids, -scores), axis=1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(scores, order, axis=1)


def _sampled(snapshot: IndexSnapshot, most: int, generator: np.random.Generator) -> Ids:
    state = snapshot.state
    live = np.setdiff1d(np.arange(state.next_vid), np.asarray(state.dead, np.int64), assume_unique=True)
    if len(live) > most:
        live = np.sort(generator.choice(live, most, replace=False))
    return live


def _read(snapshot: IndexSnapshot, vids: Ids) -> Vectors:
    parts = [snapshot.rows(vids[start : start + _READ]) for start in range(0, len(vids), _READ)]
    rows = np.concatenate(parts) if parts else np.empty((0, 1), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    sound = np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 0)
    unit: Vectors = np.ascontiguousarray(rows[sound] / lengths[sound], np.float32)
    return unit
