"""The table ``ivfpq``: how finely space is cut into inverted lists against how many of them are looked into.

Codes are those of product quantization with 32 sub-quantisers of 8 bits, of what is left of a vector besides its list's
centroid (Jégou, Douze and Schmid 2011, "IVFADC"). Nothing is re-ranked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import faiss

from photofind.core.evaluation.tables.building import built, bytes_each, training_note
from photofind.core.evaluation.tables.pq import padded, padding_notes
from photofind.core.evaluation.tables.result import (
    BenchTable,
    ChartSpec,
    Check,
    Column,
    Options,
    Steps,
    machine_facts,
)
from photofind.core.evaluation.tables.timing import measure
from photofind.core.evaluation.tables.vectors import Ids, Vectors, VectorSet, exact_answers
from photofind.core.progress import Progress

NLISTS = (128, 256, 512, 1024, 2048, 4096)
NPROBES = (1, 2, 4, 8, 16, 32, 64)
_SUB_QUANTISERS = 32
_BITS = 8
_VECTORS_PER_CODE_CENTROID = 64
_K = 10

_COLUMNS = (
    Column("nlist", "nlist", 0),
    Column("nprobe", "nprobe", 0),
    Column("code_bytes", "Code", 0, "bytes/vector"),
    Column("vector_bytes", "Memory", 1, "bytes/vector"),
    Column("build_s", "Build", 2, "s"),
    Column("recall_at_1", "Recall@1", 3),
    Column("recall_at_10", "Recall@10", 3),
    Column("ms", "1 query", 3, "ms"),
)


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Measure the table; yields progress and then the table."""
    table = BenchTable("ivfpq", "Inverted lists of product codes, PQ32x8", _COLUMNS)
    table.notes = [
        vectors.note(),
        *padding_notes(vectors, _SUB_QUANTISERS),
        f"{training_note(vectors.database)} Memory counts codes, ids and, shared by all vectors, all centroids.",
        "Answers are those of the codes alone, without re-ranking, in one thread; the median of single queries.",
    ]
    table.facts = {**vectors.facts(), **machine_facts(options.threads)}
    table.chart = ChartSpec("ms", "recall_at_10", "nlist", "nprobe", log_x=True)
    _, true_scores = exact_answers(vectors, _K)
    database, queries = padded(vectors.database, _SUB_QUANTISERS), padded(vectors.queries, _SUB_QUANTISERS)
    asked = VectorSet(vectors.source, database, queries, vectors.own)
    for done, nlist in enumerate(NLISTS):
        yield Progress("bench", done, len(NLISTS), 0)
        table.rows.extend(_rows(nlist, asked, true_scores, options.threads, check))
    table.settle()
    yield table


def _rows(
    nlist: int, vectors: VectorSet, true_scores: Vectors, count: int, check: Check
) -> Iterator[dict[str, object]]:
    if len(vectors.database) < nlist:
        yield {"nlist": nlist, "reason": f"{nlist:,} inverted lists take as many vectors to train"}
        return
    dimension = vectors.dimension
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFPQ(quantizer, dimension, nlist, _SUB_QUANTISERS, _BITS, faiss.METRIC_INNER_PRODUCT)
    index.pq.cp.max_points_per_centroid = _VECTORS_PER_CODE_CENTROID
    seconds = built(index, vectors.database, count, check)
    size = bytes_each(index)
    for nprobe in NPROBES:
        measured = measure(partial(_probe, index, nprobe), vectors, true_scores, check)
        yield {
            "nlist": nlist,
            "nprobe": nprobe,
            "code_bytes": int(index.code_size),
            "vector_bytes": size,
            "build_s": seconds,
            "recall_at_1": measured.recall_at_1,
            "recall_at_10": measured.recall_at_10,
            "ms": measured.ms,
        }


def _probe(index: Any, nprobe: int, queries: Vectors, k: int) -> Ids:
    found: Ids = index.search(queries, k, params=faiss.SearchParametersIVF(nprobe=nprobe))[1]
    return found
