"""The table ``factory``: any kinds of indexes that faiss knows, side by side, each a curve of recall against time.

Kinds are named by index-factory strings (Faiss wiki, "The index factory").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from photofind.core.errors import QueryError
from photofind.core.evaluation.tables.building import built, bytes_each, training_note
from photofind.core.evaluation.tables.factory_strings import (
    RefusedError,
    ladder,
    new_index,
    reason_of,
    takes_one_piece,
    tune,
    usual_strings,
)
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

_K = 10
_ENOUGH = 0.9995
"""The recall@10 after which a curve has no more to tell."""

_COLUMNS = (
    Column("index", "Index"),
    Column("setting", "Setting"),
    Column("build_s", "Build", 2, "s"),
    Column("vector_bytes", "Memory", 0, "bytes/vector"),
    Column("recall_at_1", "Recall@1", 3),
    Column("recall_at_10", "Recall@10", 3),
    Column("ms", "1 query", 3, "ms"),
)
_SHORT = {"nprobe": "nprobe", "efSearch": "efSearch", "k_factor_rf": "k_factor"}


def make(vectors: VectorSet, options: Options, check: Check) -> Steps:
    """Measure the strings of the options, or a usual set; yields progress and then the table.

    What faiss refuses becomes a row with the reason.

    Raises
    ------
    QueryError
        When faiss refuses all of them.
    """
    strings = tuple(dict.fromkeys(options.strings)) or usual_strings(len(vectors.database), vectors.dimension)
    table = BenchTable("factory", "Kinds of indexes", _COLUMNS)
    table.notes = [
        vectors.note(),
        f"{training_note(vectors.database)} Memory counts all that a search needs, rows for re-ranking too.",
        "Single queries in one thread, the median; indexes are built in all threads. nprobe, efSearch or, with"
        " re-ranking alone, k_factor is doubled until nothing is missed; IVF and graphs with re-ranking have k_factor"
        " 10.",
    ]
    table.facts = {**vectors.facts(), **machine_facts(options.threads)}
    table.chart = ChartSpec("ms", "recall_at_10", "index", log_x=True)
    _, true_scores = exact_answers(vectors, _K)
    for done, string in enumerate(strings):
        yield Progress("bench", done, len(strings), 0)
        check()
        table.rows.extend(_rows(string, vectors, true_scores, options.threads, check))
    _expect_a_measured_one(table)
    table.settle()
    yield table


def _rows(string: str, vectors: VectorSet, true_scores: Vectors, count: int, check: Check) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    try:
        rows.extend(_measured(string, vectors, true_scores, count, check))
    except RefusedError as error:
        rows.append({"index": string, "reason": str(error)})
    except (RuntimeError, MemoryError) as error:  # what faiss raises, while training and searching too
        rows.append({"index": string, "reason": reason_of(error)})
    return rows


def _measured(
    string: str, vectors: VectorSet, true_scores: Vectors, count: int, check: Check
) -> Iterator[dict[str, object]]:
    index = new_index(string, vectors.dimension)
    seconds = built(index, vectors.database, count, check, at_once=takes_one_piece(string))
    size = bytes_each(index)
    for setting in ladder(index):
        tune(index, setting)
        measured = measure(_search_of(index), vectors, true_scores, check)
        yield {
            "index": string,
            "setting": ", ".join(f"{_SHORT[name]} {value}" for name, value in setting.items()),
            "build_s": seconds,
            "vector_bytes": size,
            "recall_at_1": measured.recall_at_1,
            "recall_at_10": measured.recall_at_10,
            "ms": measured.ms,
        }
        if measured.recall_at_10 >= _ENOUGH:
            return


def _search_of(index: Any) -> Any:
    return lambda queries, k: index.search(queries, k)[1]


def _expect_a_measured_one(table: BenchTable) -> None:
    if any("ms" in row for row in table.rows):
        return
    reasons = "; ".join(f"{row['index']!r}: {row['reason']}" for row in table.rows)
    raise QueryError(f"faiss can measure none of these indexes; name others, such as IVF256,SQ8 ({reasons}).")
