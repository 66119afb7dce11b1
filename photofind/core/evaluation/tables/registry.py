"""The benchmark tables by name; the module of one is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from photofind.core.errors import QueryError
from photofind.core.evaluation.tables.result import Check, Options, Steps
from photofind.core.evaluation.tables.vectors import HasFolder, VectorSet, generated_vectors, library_vectors

Make = Callable[[VectorSet, Options, Check], Steps]


@dataclass(frozen=True, slots=True)
class Entry:
    """A table: how many queries it asks by default, and of how many photos it can and will be made.

    Of a library with more than ``most`` photos, ``most`` are drawn.
    """

    module: str
    queries: int
    fewest: int
    most: int

    def make(self) -> Make:
        """Import the table's module; return the function that measures it."""
        make: Make = import_module(f"{__package__}.{self.module}").make
        return make


TABLES = {
    "exact-vs-index": Entry("exact_vs_index", queries=100, fewest=100, most=10_000),
    "pq": Entry("pq", queries=200, fewest=100, most=20_000),
    "ivfpq": Entry("ivfpq", queries=200, fewest=1_000, most=100_000),
    "factory": Entry("factory", queries=200, fewest=100, most=100_000),
    "lsh": Entry("lsh", queries=1_000, fewest=2, most=1_000),
    "expansion": Entry("expansion", queries=500, fewest=20, most=20_000),
    "peers": Entry("peers", queries=200, fewest=100, most=1_000_000),
}
"""Every table that ``photofind bench`` knows."""


def vectors_of(name: str, library: HasFolder, queries: int | None) -> VectorSet:
    """Return the vectors of a library for a table.

    Raises
    ------
    QueryError
        When the library has too few photos for it.
    LibraryDamagedError
        When the embeddings cannot be read.
    """
    entry = TABLES[name]
    vectors = library_vectors(library, queries or entry.queries, entry.most)
    if len(vectors.database) < entry.fewest:
        count = len(vectors.database)
        has = f"{count:,} photo{'s' * (count != 1)}"
        raise QueryError(
            f"The table {name} takes {entry.fewest:,} photos or more, and this library has {has}: index more,"
            f" or measure generated vectors with --generated {entry.most}."
        )
    return vectors


def vectors_made(name: str, count: int, queries: int | None) -> VectorSet:
    """Return generated vectors for a table.

    Raises
    ------
    QueryError
        When they are too few for it, or too many for this machine.
    """
    entry = TABLES[name]
    if count < entry.fewest:
        raise QueryError(
            f"The table {name} takes {entry.fewest:,} vectors or more: ask for --generated {entry.fewest} or a higher"
            " number."
        )
    return generated_vectors(count, queries or entry.queries)
