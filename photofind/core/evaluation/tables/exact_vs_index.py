"""The table ``exact-vs-index``: from a loop in Python to inverted lists of 8-bit codes, each against the first row.

It is the table of articles on image search by deep features and Faiss. Its reference is what people write first: for
each query a loop over all rows that takes the norm of the difference, and a sort. Unit vectors have the same order by
distance as by cosine, so all methods have the same truth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import faiss
import numpy as np

from photofind.core.evaluation.tables.building import built, bytes_each
from photofind.core.evaluation.tables.result import (
    BenchTable,
    ChartSpec,
    Check,
    Column,
    Options,
    Steps,
    machine_facts,
)
from photofind.core.evaluation.tables.timing import Search, measure, median_ms, threads
from photofind.core.evaluation.tables.vectors import Ids, Vectors, VectorSet, exact_answers
from photofind.core.progress import Progress

_K = 10
_BATCHES = (1, 10, 100)
_NPROBES = (1, 10)
_CANDIDATES_PER_HIT = 6.4  # 64 for ten hits, as the search of the library re-ranks them
_REPEATS = 5

_COLUMNS = (
    Column("method", "Method"),
    Column("nprobe", "nprobe", 0),
    Column("build_s", "Build", 2, "s"),
    Column("ms_1", "1 query", 3, "ms"),
    Column("ms_10", "10 queries", 2, "ms"),
    Column("ms_100", "100 queries", 1, "ms"),
    Column("recall_at_1", "Recall@1", 3),
    Column("recall_at_10", "Recall@10", 3),
    Column("ratio_1", "Speed, 1", 1, "x"),
    Column("ratio_10", "Speed, 10", 1, "x"),
    Column("ratio_100", "Speed, 100", 1, "x"),
    Column("vector_bytes", "Memory", 0, "bytes/vector"),
)


@dataclass(frozen=True, slots=True)
class _Method:
    name: str
    search: Search
    build_s: float
    vector_bytes: float
    nprobe: int | None = None
    repeats: int = _REPEATS


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Measure the table; yields progress and then the table.

    Every method answers 1, 10 and 100 queries at once. Recall is that of all queries, asked one by one.
    """
    nlist = nlist_of(len(vectors.database))
    builders = _builders(vectors, nlist, options.threads, check)
    total = len(_NPROBES) * 2 + 3
    table = BenchTable("exact-vs-index", "Exact search against the index", _COLUMNS, notes=_notes(vectors, nlist))
    table.facts = {**vectors.facts(), "nlist": nlist, **machine_facts(options.threads)}
    table.chart = ChartSpec("ms_1", "recall_at_10", "method", "nprobe", log_x=True)
    _, true_scores = exact_answers(vectors, _K)
    for build in builders:
        yield Progress("bench", len(table.rows), total, 0)
        for method in build():
            check()
            table.rows.append(_row(method, vectors, true_scores, options.threads, check))
            _compare(table.rows)
            yield Progress("bench", len(table.rows), total, 0)
    yield table


def nlist_of(count: int) -> int:
    """Return the number of inverted lists of this table: the power of two that is nearest to the root of the size."""
    return 1 << max(0, round(math.log2(math.sqrt(count))))


def _notes(vectors: VectorSet, nlist: int) -> list[str]:
    return [
        vectors.note(),
        "Brute force is a loop in Python over all rows that takes the norm of each difference, and a sort of all"
        " distances, for each query; Speed is how many times faster a method answers as many queries in this run.",
        f"IVF has {nlist:,} inverted lists, the power of two next to the root of the number of vectors. IVF-SQ8 orders"
        " 64 candidates of its 8-bit codes by their float16 rows, kept besides: Memory counts the index alone.",
        "Single queries run in one thread. Indexes are built, and answer 10 and 100 queries, in all threads; so does"
        " the BLAS under NumPy. Brute force has one thread. Times are medians; everything is in memory and warm.",
        "Recall@10 is the share of the ten nearest that are among the first ten found.",
    ]


def _builders(vectors: VectorSet, nlist: int, count: int, check: Check) -> list[Callable[[], list[_Method]]]:
    return [
        partial(_in_numpy, vectors.database, check),
        partial(_flat, vectors.database, count, check),
        partial(_ivf_flat, vectors.database, nlist, count, check),
        partial(_ivf_sq8, vectors.database, nlist, count, check),
    ]


def _in_numpy(database: Vectors, check: Check) -> list[_Method]:
    stored = 4.0 * database.shape[1]
    return [
        _Method("Brute force", partial(brute_force, database, check), 0.0, stored, repeats=1),
        _Method("NumPy product", partial(_by_product, database), 0.0, stored),
    ]


def brute_force(database: Vectors, check: Check, queries: Vectors, k: int) -> Ids:
    """Return the ids of the ``k`` nearest rows of each query, shape (m, k): the slow way, on purpose."""
    found = []
    for query in queries:
        check()
        distances = [np.linalg.norm(row - query) for row in database]
        found.append(sorted(range(len(distances)), key=distances.__getitem__)[:k])
    return np.asarray(found, np.int64)


def _by_product(database: Vectors, queries: Vectors, k: int) -> Ids:
    scores = queries @ database.T
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1)
    return np.take_along_axis(best, order, axis=1)


def _flat(database: Vectors, count: int, check: Check) -> list[_Method]:
    index = faiss.IndexFlatIP(database.shape[1])
    seconds = built(index, database, count, check)
    return [_Method("Flat", lambda queries, k: index.search(queries, k)[1], seconds, bytes_each(index))]


def _ivf_flat(database: Vectors, nlist: int, count: int, check: Check) -> list[_Method]:
    index = faiss.index_factory(database.shape[1], f"IVF{nlist},Flat", faiss.METRIC_INNER_PRODUCT)
    seconds = built(index, database, count, check)
    size = bytes_each(index)
    return [_Method("IVF-Flat", partial(_probe, index, nprobe), seconds, size, nprobe) for nprobe in _NPROBES]


def _ivf_sq8(database: Vectors, nlist: int, count: int, check: Check) -> list[_Method]:
    index = faiss.index_factory(database.shape[1], f"IVF{nlist},SQ8", faiss.METRIC_INNER_PRODUCT)
    seconds = built(index, database, count, check)
    size = bytes_each(index)
    rows = faiss.IndexScalarQuantizer(database.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    rows.add(database)
    both = faiss.IndexRefine(index, rows)
    return [_Method("IVF-SQ8", partial(_probe_and_rank, both, nprobe), seconds, size, nprobe) for nprobe in _NPROBES]


def _probe(index: Any, nprobe: int, queries: Vectors, k: int) -> Ids:
    found: Ids = index.search(queries, k, params=faiss.SearchParametersIVF(nprobe=nprobe))[1]
    return found


def _probe_and_rank(index: Any, nprobe: int, queries: Vectors, k: int) -> Ids:
    probing = faiss.SearchParametersIVF(nprobe=nprobe)
    wanted = faiss.IndexRefineSearchParameters(k_factor=_CANDIDATES_PER_HIT, base_index_params=probing)
    found: Ids = index.search(queries, k, params=wanted)[1]
    return found


def _row(method: _Method, vectors: VectorSet, true_scores: Vectors, count: int, check: Check) -> dict[str, object]:
    measured = measure(method.search, vectors, true_scores, check)
    row: dict[str, object] = {"method": method.name, "nprobe": method.nprobe, "build_s": method.build_s}
    row["ms_1"] = measured.ms
    for batch in _BATCHES[1:]:
        asked = np.resize(vectors.queries, (batch, vectors.dimension))
        with threads(count):
            ask = partial(method.search, asked, _K)
            row[f"ms_{batch}"] = median_ms(ask, check, method.repeats, warm_up=method.repeats > 1)
    row["recall_at_1"], row["recall_at_10"] = measured.recall_at_1, measured.recall_at_10
    row["vector_bytes"] = method.vector_bytes
    return row


def _compare(rows: list[dict[str, object]]) -> None:
    """Fill in how many times faster than the first row the last one is."""
    for batch in _BATCHES:
        reference, own = rows[0][f"ms_{batch}"], rows[-1][f"ms_{batch}"]
        assert isinstance(reference, float)
        assert isinstance(own, float)
        rows[-1][f"ratio_{batch}"] = reference / own
