"""The table ``expansion``: what moving queries and photos towards their neighbours does, and what compression costs.

::

    labelled photos ──some held out as queries──▶ plain ──▶ query side ──▶ database side ──▶ both ──▶ centroids

Each row is the mAP of the same queries among the same photos, and the median milliseconds of one of them: comparing it
with every photo, and sorting out the hundred best, in one thread. Labels are the library's folders, or those of the CSV
file that is named after the table; of generated vectors, their themes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.errors import QueryError
from photofind.core.evaluation.expanding import (
    augmented,
    best_of,
    best_of_scores,
    expanded,
    neighbours_of,
)
from photofind.core.evaluation.generated import Mixture
from photofind.core.evaluation.labelled import LabelEvaluator
from photofind.core.evaluation.labels import FOLDERS
from photofind.core.evaluation.minibatch import Clusters, cluster
from photofind.core.evaluation.retrieval import average_precision
from photofind.core.evaluation.tables.result import BenchTable, ChartSpec, Check, Column, Options, Steps, machine_facts
from photofind.core.evaluation.tables.timing import median_ms, timed
from photofind.core.evaluation.tables.vectors import Ids, Vectors, VectorSet
from photofind.core.progress import Progress
from photofind.core.vectors.snapshot import scores_of

NEIGHBOURS = (1, 3, 5, 10)
ALPHAS = (0.0, 1.0, 3.0)
BOTH_ALPHA = 3.0
PHOTOS_PER_CENTROID = (2, 5, 10, 20)

_MOST = 20_000
_SEED = 5
_HELD_OUT = 5  # one photo in so many at most is a query
_ANSWERS = 100
_TIMED = 30
_AT_ONCE = 64
_ROW_BYTES = 2  # photofind keeps float16 components
_ID_BYTES = 4

_COLUMNS = (
    Column("method", "Method"),
    Column("neighbours", "Neighbours"),
    Column("centroids", "Centroids"),
    Column("map", "mAP", 4),
    Column("change", "Change", 4),
    Column("ms", "Query", 2, "ms"),
    Column("build_s", "Build", 2, "s"),
    Column("bytes", "Bytes a photo", 0),
)
_NOTES = (
    "Queries are photos held out of the database, a fifth of all at most, whose label is still in it.",
    "mAP is over the whole ranking, compared exactly, without an index.",
    "Neighbours are weighted by their cosine to the power of alpha.",
    "Query: the median of one query in one thread, the hundred best sorted out; the query side asks twice.",
    "Build: for the database side, finding the neighbours of all photos and moving the photos.",
    "Centroids: mini-batch k-means; each photo is represented by its centroid, and photos of one centroid tie.",
    "Bytes a photo: float16 components; for centroids, these shared among the photos and 4 bytes for its number.",
)

Score = Callable[[Vectors], npt.NDArray[np.float32]]
"""From queries, shape (m, d), to their scores with every photo, shape (m, n)."""

Answer = Callable[[Vectors], object]
"""Answers one query, shape (d,): what is timed."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Photos to search among and queries held out of them, unit vectors, with their labels as numbers."""

    database: Vectors
    labels: Ids
    queries: Vectors
    wanted: Ids


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One way to answer; ``row`` are the cells that say which."""

    row: dict[str, object]
    score: Score
    answer: Answer


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Yield progress and the table; ``vectors`` say how many of them and how many queries are wanted.

    Raises
    ------
    QueryError
        When labels cannot be read, or too few photos have the same one.
    """
    table = BenchTable("expansion", "Query expansion, database-side augmentation and compression", _COLUMNS)
    task = _task(vectors, options, table)
    table.facts |= {
        "source": vectors.source,
        "vectors": len(task.database),
        "dimension": task.database.shape[1],
        "queries": len(task.queries),
        "labels": len(np.unique(task.labels)),
        **machine_facts(options.threads),
        "query_threads": 1,
    }
    table.notes += _NOTES
    table.chart = ChartSpec("neighbours", "map", "method")
    total = 1 + 2 * len(NEIGHBOURS) * len(ALPHAS) + len(NEIGHBOURS) + len(PHOTOS_PER_CENTROID)
    plain: float | None = None
    for done, way in enumerate(_ways(task, check)):
        yield Progress("bench", done, total, 0)
        reached = mean_ap(way.score, task, check)
        plain = reached if plain is None else plain
        found = {"map": reached, "change": reached - plain, "ms": _milliseconds(way.answer, task, check)}
        table.rows.append({**way.row, **found})
    yield Progress("bench", total, total, 0)
    yield table


def mean_ap(score: Score, task: Task, check: Check) -> float:
    """Return the mean average precision over all queries; equal scores stand in the order of the database."""
    sizes = np.bincount(task.labels, minlength=int(task.wanted.max()) + 1)
    found = 0.0
    for start in range(0, len(task.queries), _AT_ONCE):
        check()
        for scores, label in zip(
            score(task.queries[start : start + _AT_ONCE]), task.wanted[start : start + _AT_ONCE].tolist(), strict=True
        ):
            order = np.argsort(-scores, kind="stable")
            found += average_precision(task.labels[order] == label, int(sizes[label]))
    return found / len(task.queries)


def hold_out(vectors: Vectors, labels: Ids, queries: int, generator: np.random.Generator) -> Task:
    """Return a task: at most so many queries, and a fifth of the photos, of which each finds one of its label at least.

    The rest of the photos are in random order, so that equal scores favour nobody.

    Raises
    ------
    QueryError
        When no two photos that were drawn have the same label.
    """
    order = generator.permutation(len(vectors))
    held = min(queries, len(vectors) // _HELD_OUT)
    asked, kept = order[:held], order[held:]
    asked = asked[np.isin(labels[asked], labels[kept])]
    if not len(asked):
        raise QueryError("Too few photos have the same label; the table expansion takes some dozens that do.")
    return Task(vectors[kept], labels[kept], vectors[asked], labels[asked])


def _task(vectors: VectorSet, options: Options, table: BenchTable) -> Task:
    generator = np.random.default_rng(_SEED)
    if options.library is None:
        if options.strings:
            raise QueryError("A file labels the photos of a library; leave --generated away, or the file.")
        made, themes = Mixture().draw_with_themes(len(vectors.database), generator)
        table.notes.append("Vectors are generated; those drawn from one of 1,000 themes have one label.")
        return hold_out(made, themes, len(vectors.queries), generator)
    source = options.strings[0] if options.strings else FOLDERS
    with LabelEvaluator(options.library, source) as evaluator:
        labels = evaluator.labels.labels
        places = np.arange(len(labels))
        if len(places) > _MOST:
            places = np.sort(generator.choice(places, _MOST, replace=False))
        table.notes.append(
            f"{len(places):,} of the library's {len(labels):,} labelled photos;"
            f" labels are {'folders' if source == FOLDERS else 'those of the file'}."
        )
        return hold_out(evaluator.rows(places), labels[places], len(vectors.queries), generator)


def _ways(task: Task, check: Check) -> Iterator[_Way]:
    plain = task.database
    size = plain.shape[1] * _ROW_BYTES
    yield _plain_way({"method": "plain", "neighbours": 0, "build_s": 0.0, "bytes": size}, plain)
    for alpha in ALPHAS:
        for count in NEIGHBOURS:
            cells = {"neighbours": count, "build_s": 0.0, "bytes": size}
            yield _expanding_way({"method": f"query side, alpha {alpha:g}", **cells}, plain, count, alpha)
    (ids, scores), found_s = timed(lambda: neighbours_of(plain, max(NEIGHBOURS), check))
    both = []
    for alpha in ALPHAS:
        for count in NEIGHBOURS:
            moved, moved_s = _augmented(plain, ids[:, :count], scores[:, :count], alpha)
            cells = {"neighbours": count, "build_s": found_s + moved_s, "bytes": size}
            yield _plain_way({"method": f"database side, alpha {alpha:g}", **cells}, moved)
            if alpha == BOTH_ALPHA:
                both.append(_expanding_way({"method": f"both sides, alpha {alpha:g}", **cells}, moved, count, alpha))
    yield from both
    generator = np.random.default_rng(_SEED)
    for share in PHOTOS_PER_CENTROID:
        yield _compressed_way(plain, max(1, len(plain) // share), generator, check)


def _augmented(vectors: Vectors, ids: Ids, scores: Vectors, alpha: float) -> tuple[Vectors, float]:
    return timed(lambda: augmented(vectors, ids, scores, alpha))


def _plain_way(cells: dict[str, object], database: Vectors) -> _Way:
    return _Way(cells, lambda queries: queries @ database.T, lambda query: best_of(database, query, _ANSWERS))


def _expanding_way(cells: dict[str, object], database: Vectors, count: int, alpha: float) -> _Way:
    def moved(query: Vectors, scores: Vectors) -> Vectors:
        ids, best = best_of_scores(scores, count)
        return expanded(query, database[ids], best, alpha)

    def score(queries: Vectors) -> Vectors:
        pairs = zip(queries, queries @ database.T, strict=True)
        return np.stack([moved(query, scores) for query, scores in pairs]) @ database.T

    def answer(query: Vectors) -> object:
        ids, best = best_of(database, query, count)
        return best_of(database, expanded(query, database[ids], best, alpha), _ANSWERS)

    return _Way(cells, score, answer)


def _compressed_way(database: Vectors, k: int, generator: np.random.Generator, check: Check) -> _Way:
    clusters, seconds = timed(lambda: _unit_clusters(database, k, generator, check))
    centroids, nearest = clusters.centroids, clusters.nearest
    size = len(centroids) * database.shape[1] * _ROW_BYTES / len(database) + _ID_BYTES
    cells = {"method": "centroids", "centroids": len(centroids), "build_s": seconds, "bytes": size}

    def answer(query: Vectors) -> object:
        return best_of_scores(scores_of(centroids, query)[nearest], _ANSWERS)

    return _Way(cells, lambda queries: (queries @ centroids.T)[:, nearest], answer)


def _unit_clusters(database: Vectors, k: int, generator: np.random.Generator, check: Check) -> Clusters:
    """Return clusters whose centroids have length 1, so that products with them are cosines."""
    clusters = cluster(database, k, generator, check)
    lengths = np.maximum(np.linalg.norm(clusters.centroids, axis=1, keepdims=True), np.float32(1e-12))
    return Clusters(clusters.centroids / lengths, clusters.nearest)


def _milliseconds(answer: Answer, task: Task, check: Check) -> float:
    queries = iter(np.resize(np.arange(len(task.queries)), _TIMED + 1).tolist())
    return median_ms(lambda: answer(task.queries[next(queries)]), check, repeats=_TIMED)
