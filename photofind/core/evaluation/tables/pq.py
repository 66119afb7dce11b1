"""The table ``pq``: product quantization with few and many sub-quantisers, coarse and fine ones.

Jégou, Douze and Schmid, "Product quantization for nearest neighbor search" (2011): a vector becomes M codes of some
bits, each the nearest of 2^bits centroids of its part of the vector. Nothing is re-ranked here.
"""

from __future__ import annotations

import faiss
import numpy as np

from photofind.core.evaluation.tables.building import built, bytes_each, training_note
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
from photofind.core.evaluation.tables.vectors import Vectors, VectorSet, exact_answers
from photofind.core.progress import Progress

SUB_QUANTISERS = (4, 8, 16, 32)
BITS = (6, 7, 8, 9)
_K = 10

_COLUMNS = (
    Column("m", "Sub-quantisers", 0),
    Column("bits", "Bits each", 0),
    Column("code_bytes", "Code", 0, "bytes/vector"),
    Column("vector_bytes", "Memory", 1, "bytes/vector"),
    Column("train_s", "Build", 2, "s"),
    Column("recall_at_1", "Recall@1", 3),
    Column("recall_at_10", "Recall@10", 3),
    Column("ms", "1 query", 3, "ms"),
)


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Measure the table; yields progress and then the table."""
    table = BenchTable("pq", "Product quantization", _COLUMNS)
    table.notes = [
        vectors.note(),
        *padding_notes(vectors, max(SUB_QUANTISERS)),
        f"{training_note(vectors.database)} Memory counts the codes and, shared by all vectors, the centroids.",
        "Answers are those of the codes alone, without re-ranking, in one thread; the median of single queries.",
    ]
    table.facts = {**vectors.facts(), **machine_facts(options.threads)}
    table.chart = ChartSpec("code_bytes", "recall_at_10", "bits", "m", log_x=True)
    _, true_scores = exact_answers(vectors, _K)
    database, queries = padded(vectors.database, max(SUB_QUANTISERS)), padded(vectors.queries, max(SUB_QUANTISERS))
    asked = VectorSet(vectors.source, database, queries, vectors.own)
    total = len(SUB_QUANTISERS) * len(BITS)
    for bits in BITS:
        for m in SUB_QUANTISERS:
            yield Progress("bench", len(table.rows), total, 0)
            table.rows.append({"m": m, "bits": bits, **_row(m, bits, asked, true_scores, options.threads, check)})
    table.settle()
    yield table


def padded(vectors: Vectors, multiple: int) -> Vectors:
    """Return vectors with zeros behind, which change no product, so that their parts are of equal length."""
    missing = -vectors.shape[1] % multiple
    return np.pad(vectors, ((0, 0), (0, missing))) if missing else vectors


def padding_notes(vectors: VectorSet, multiple: int) -> list[str]:
    """Return what to say about :func:`padded`, if there is anything."""
    missing = -vectors.dimension % multiple
    return [f"{missing} zeros are put behind each vector: {multiple} equal parts need them."] if missing else []


def _row(m: int, bits: int, vectors: VectorSet, true_scores: Vectors, count: int, check: Check) -> dict[str, object]:
    if len(vectors.database) < 1 << bits:
        return {"reason": f"{bits} bits take {1 << bits} vectors to train"}
    index = faiss.IndexPQ(vectors.dimension, m, bits, faiss.METRIC_INNER_PRODUCT)
    seconds = built(index, vectors.database, count, check)
    measured = measure(lambda queries, k: index.search(queries, k)[1], vectors, true_scores, check)
    return {
        "code_bytes": int(index.code_size),
        "vector_bytes": bytes_each(index),
        "train_s": seconds,
        "recall_at_1": measured.recall_at_1,
        "recall_at_10": measured.recall_at_10,
        "ms": measured.ms,
    }
