"""The marks of the table ``exact-vs-index`` at 10,000 vectors, on several kinds of vectors.

Usage (some minutes)::

    python -m tests.benchmarks.bench_tables [--library DIR] [--parts FILE.npy] [--vectors 10000]

``classes`` are 101 invented classes of about a hundred vectors, as the photos of a labelled collection may lie;
``mixture`` are the generated vectors of ``photofind bench``, whose ten nearest neighbours lie far and wide;
``parts`` are embeddings of parts of real photos, as ``bench_promise --parts`` keeps them, about twenty of a photo;
``library`` are the embeddings of a library. All with 10,000 vectors are held to the marks. How many of the ten nearest
lie in ten lists depends on the vectors, and no index changes that: of the mixture's, two thirds do.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photofind.core.evaluation.tables import exact_vs_index
from photofind.core.evaluation.tables.registry import TABLES
from photofind.core.evaluation.tables.result import BenchTable, Options
from photofind.core.evaluation.tables.vectors import VectorSet, generated_vectors, library_vectors
from photofind.core.evaluation.writing import markdown
from tests.benchmarks.support import Mark, begin, conclude

_CLASSES = 101
_DIMENSION = 512
_SPREAD = 1.0
_SPEEDS = ((1, 63), (10, 250), (100, 280))
_RECALL = 0.99


@dataclass(frozen=True)
class _Folder:
    folder: Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--parts", type=Path, help="embeddings, a .npy file")
    parser.add_argument("--vectors", type=int, default=10_000)
    arguments = parser.parse_args()
    begin("Exact search against the index")
    queries = TABLES["exact-vs-index"].queries
    sets = {"classes": classes(arguments.vectors, queries), "mixture": generated_vectors(arguments.vectors, queries)}
    if arguments.parts:
        rows = np.load(arguments.parts)[: arguments.vectors + queries]
        sets["parts"] = VectorSet("library", rows[:-queries], rows[-queries:], None, len(rows) - queries)
    if arguments.library:
        sets["library"] = library_vectors(_Folder(arguments.library), queries, arguments.vectors)
    marks = [mark for name, vectors in sets.items() for mark in measure(name, vectors)]
    return conclude(marks)


def classes(count: int, queries: int) -> VectorSet:
    """Return vectors around 101 centres in random directions, spread as far as a centre lies from the origin."""
    generator = np.random.default_rng(5)
    centres = generator.standard_normal((_CLASSES, _DIMENSION)) / _DIMENSION**0.5
    of = generator.integers(0, _CLASSES, count + queries)
    drawn = centres[of] + _SPREAD * generator.standard_normal((len(of), _DIMENSION)) / _DIMENSION**0.5
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    rows = drawn.astype(np.float32)
    return VectorSet("generated", rows[:count], rows[count:], None, count)


def measure(name: str, vectors: VectorSet) -> list[Mark]:
    """Print the table of one kind of vectors; return its marks."""
    table = None
    for step in exact_vs_index.make(vectors, Options(), lambda: None):
        table = step if isinstance(step, BenchTable) else None
    assert table is not None
    table.title += f", {name}"
    if name == "classes":
        table.notes[0] = (
            f"Vectors are generated: {_CLASSES} classes as in a labelled collection; the queries are others."
        )
    print(markdown(table), flush=True)
    row = next(row for row in table.rows if (row["method"], row["nprobe"]) == ("IVF-SQ8", 10))
    marks = []
    if len(vectors.database) >= 10_000:
        for batch, bound in _SPEEDS:
            ratio = row[f"ratio_{batch}"]
            assert isinstance(ratio, float)
            marks.append(Mark(f"{name}: IVF-SQ8, nprobe 10, {batch} queries", ratio, bound, "x", at_least=True))
        recall = row["recall_at_10"]
        assert isinstance(recall, float)
        marks.append(Mark(f"{name}: IVF-SQ8, nprobe 10, top-10 recall", recall, _RECALL, at_least=True))
    return marks


if __name__ == "__main__":
    sys.exit(main())
