"""The table ``lsh``: near-duplicates by random-projection hash tables, against the index, by each variant of the model.

::

    library ──▶ photos encoded by fp32 and int8 ─┐
    generated vectors ───────────────────────────┴─▶ hash tables, bits by tables ─┬─▶ exact answers, planted copies
                                                     as photofind searches ───────┘

Every query is asked alone and in one thread. Matches are what a method compares exactly; of them the ten best by cosine
are its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np

from photofind.core.errors import PackError
from photofind.core.evaluation.encoding import Encodings, agreement, encode_photos
from photofind.core.evaluation.hash_tables import HashTables
from photofind.core.evaluation.tables.result import BenchTable, ChartSpec, Check, Column, Options, Steps, machine_facts
from photofind.core.evaluation.tables.timing import recall_at, threads, timed, without_own
from photofind.core.evaluation.tables.vectors import Ids, Vectors, VectorSet, exact_answers
from photofind.core.progress import Progress
from photofind.core.vectors import rule
from photofind.core.vectors.snapshot import scores_of

BITS = (8, 12, 16, 20)
TABLES = (1, 4, 8, 16)
COPY_COSINE = 0.9

_K = 10
_MOST_PHOTOS = 1_000
_SEED = 9
_CHECKED_EACH = 16
_CANDIDATES = 64
_MOST_TRAINING = 100_000

_SERIES = "Encoder and method"  # no column: what lines of the chart are called, and over their names

_COLUMNS = (
    Column("encoder", "Encoder"),
    Column("method", "Method"),
    Column("bits", "Bits"),
    Column("tables", "Tables"),
    Column("encode_s", "Encode", 2, "s"),
    Column("build_s", "Build", 3, "s"),
    Column("query_s", "All queries", 3, "s"),
    Column("total_s", "Total", 2, "s"),
    Column("matches", "Matches a query", 1),
    Column("overlap", "Top-10 overlap"),
    Column("copies", "Copies found"),
)
_NOTES = (
    "Matches: what shares a bucket with the query in any table, or what the index hands on, and is compared exactly.",
    "Top-10 overlap: the share of the ten nearest by exact comparison that are among the ten best matches.",
    f"Copies found: each photo's embedding, moved to a cosine of {COPY_COSINE} with it, finds its photo among the ten.",
    f"In the chart, the points of a line are {', '.join(map(str, TABLES[:-1]))} and {TABLES[-1]} tables.",
    "Total: encoding (of a library), building, and every query alone in one thread.",
)

Answer = Callable[[Vectors, int], tuple[Ids, int]]
"""From one query, shape (d,), and k to the rows of the answer, best first, and how many were compared exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """Vectors to measure; ``encoder`` made them in ``encode_s`` seconds, both None when that is not known."""

    vectors: VectorSet
    encoder: str | None = None
    encode_s: float | None = None


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Yield progress and the table; a library's photos are read and encoded anew where that is possible."""
    table = BenchTable("lsh", "Near-duplicates by random-projection hash tables", _COLUMNS)
    table.chart = ChartSpec("matches", "copies", _SERIES, "tables", log_x=True)
    sources = [_Source(vectors)]
    if options.library is not None:
        sources = yield from _encoded(vectors, options, table, check)
    table.facts |= {**sources[0].vectors.facts(), **table.facts, **machine_facts(options.threads), "query_threads": 1}
    table.notes += _NOTES
    total = len(sources) * (len(BITS) * len(TABLES) + 2)
    for source in sources:
        for row in _rows(source, options, check):
            table.rows.append(row)
            yield Progress("bench", len(table.rows), total, 0)
    yield table


def planted_copies(rows: Vectors, cosine: float, generator: np.random.Generator) -> Vectors:
    """Return unit vectors that have this cosine with the unit vectors ``rows``, in random directions, shape (n, d)."""
    aside = generator.standard_normal(rows.shape, np.float32)
    aside -= np.einsum("ij,ij->i", aside, rows)[:, None] * rows
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), np.float32(1e-12))
    copies: Vectors = (np.float32(cosine) * rows + np.float32((1 - cosine**2) ** 0.5) * aside).astype(np.float32)
    return copies


def _encoded(
    vectors: VectorSet, options: Options, table: BenchTable, check: Check
) -> Generator[Progress, None, list[_Source]]:
    """Encode photos by each variant; where none can be read, or the model is gone, the stored embeddings have to do."""
    assert options.library is not None
    try:
        made = yield from encode_photos(
            options.library, min(_MOST_PHOTOS, len(vectors.database)), options.threads, check
        )
    except PackError as error:
        table.notes.append(f"Encoders are not compared: {error}")
        return [_Source(vectors)]
    count = len(made.variants[0].vectors)
    if count < 2:
        table.notes.append("Encoders are not compared: the files of the photos cannot be read now.")
        return [_Source(vectors)]
    _describe(made, table)
    own = np.random.default_rng(_SEED).permutation(count)[: len(vectors.queries)].astype(np.int64)
    return [
        _Source(
            VectorSet("library", each.vectors, each.vectors[own], own, vectors.total, made.model),
            each.variant,
            each.seconds,
        )
        for each in made.variants
    ]


def _describe(made: Encodings, table: BenchTable) -> None:
    first = made.variants[0]
    count = len(first.vectors)
    table.facts |= {"decode_s": made.decode_seconds, "photos": count, "skipped": made.skipped}
    table.notes.append(
        f"{count:,} photos of the library were read and decoded in {made.decode_seconds:.1f} s, which no row counts,"
        f" and encoded anew; {made.skipped:,} files could not be read."
    )
    for other in made.variants[1:]:
        cosine, overlap = agreement(first.vectors, other.vectors, _K)
        table.facts |= {f"cosine_{first.variant}_{other.variant}": cosine}
        table.facts |= {f"overlap_{first.variant}_{other.variant}": overlap}
        table.notes.append(
            f"{first.variant} against {other.variant}: {first.seconds:.1f} s against {other.seconds:.1f} s to encode;"
            f" mean cosine {cosine:.4f}, {overlap:.1%} of the ten nearest are the same."
        )


def _rows(source: _Source, options: Options, check: Check) -> Iterator[dict[str, object]]:
    _, true_scores = exact_answers(source.vectors, _K)
    rows = source.vectors.own
    if rows is None:
        count = min(len(source.vectors.queries), len(source.vectors.database))
        rows = np.random.default_rng(_SEED).permutation(len(source.vectors.database))[:count]
    copies = planted_copies(source.vectors.database[rows], COPY_COSINE, np.random.default_rng(_SEED))
    for name, bits, tables, build in _methods(source.vectors.database, options.threads):
        check()
        answer, build_s = timed(build)
        found, matches, query_s = _ask(answer, source.vectors.queries, source.vectors.own, check)
        planted, _, _ = _ask(answer, copies, None, check)
        yield {
            "encoder": source.encoder,
            "method": name,
            _SERIES: f"{source.encoder}, {name}" if source.encoder else name,
            "bits": bits,
            "tables": tables,
            "encode_s": source.encode_s,
            "build_s": build_s,
            "query_s": query_s,
            "total_s": (source.encode_s or 0.0) + build_s + query_s,
            "matches": matches - (source.vectors.own is not None),
            "overlap": recall_at(_K, found, source.vectors, true_scores),
            "copies": float((planted == rows[:, None]).any(axis=1).mean()),
        }


def _methods(database: Vectors, processors: int) -> Iterator[tuple[str, int | None, int | None, Callable[[], Answer]]]:
    yield "photofind, every row", None, None, lambda: _every_row(database)
    nlist = rule.nlist_for(len(database))
    nprobe = rule.default_nprobe(nlist, len(database))
    name = f"photofind, IVF{nlist},SQ8 at nprobe {nprobe}"
    yield name, None, None, lambda: _inverted_lists(database, nlist, nprobe, processors)
    for bits in BITS:
        for tables in TABLES:
            yield f"hash tables, {bits} bits", bits, tables, lambda b=bits, t=tables: HashTables(database, b, t).search  # type: ignore[misc]


def _every_row(database: Vectors) -> Answer:
    """Return how photofind searches what is not in its index yet: float16 rows, all of them."""
    index = faiss.IndexScalarQuantizer(database.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.add(database)

    def answer(query: Vectors, k: int) -> tuple[Ids, int]:
        _, ids = index.search(query[None], k)
        return ids[0], len(database)

    return answer


def _inverted_lists(database: Vectors, nlist: int, nprobe: int, processors: int) -> Answer:
    """Return how photofind searches its index: candidates by their codes, compared by their rows."""
    index: Any = faiss.index_factory(database.shape[1], f"IVF{nlist},SQ8", faiss.METRIC_INNER_PRODUCT)
    with threads(processors):
        index.train(database[:: -(-len(database) // _MOST_TRAINING)])
        index.add(database)
    wanted = min(_CANDIDATES, len(database))
    parameters = faiss.SearchParametersIVF(nprobe=nprobe)

    def answer(query: Vectors, k: int) -> tuple[Ids, int]:
        _, ids = index.search(query[None], wanted, params=parameters)
        found = ids[0][ids[0] >= 0]
        scores = scores_of(database[found], query)
        return found[np.lexsort((found, -scores))[:k]], len(found)

    return answer


def _ask(answer: Answer, queries: Vectors, own: Ids | None, check: Check) -> tuple[Ids, float, float]:
    """Ask every query alone; return the answers without the queries' own rows, mean matches and total seconds."""
    k = _K + (own is not None)
    found = np.full((len(queries), k), -1, np.int64)
    seconds, matches = 0.0, 0
    with threads(1):
        answer(queries[0], k)  # warms up
        for number, query in enumerate(queries):
            if number % _CHECKED_EACH == 0:
                check()
            (ids, count), took = timed(lambda query=query: answer(query, k))  # type: ignore[misc]
            found[number, : len(ids)] = ids
            matches += count
            seconds += took
    return without_own(found, own), matches / len(queries), seconds
