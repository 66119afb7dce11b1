"""The tables of indexes, on so few vectors that every figure can be checked against brute force or arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest

from photofind.core.errors import QueryError
from photofind.core.evaluation.tables import exact_vs_index, factory, ivfpq, pq
from photofind.core.evaluation.tables.result import BenchTable, Options, Steps
from photofind.core.evaluation.tables.vectors import VectorSet
from photofind.core.progress import Progress
from tests.support.handmade import unit_vectors


class CancelledError(Exception):
    """What a check raises here."""


def no_check() -> None:
    """Never cancel."""


def vectors_of(count: int, dimension: int = 32, queries: int = 20) -> VectorSet:
    """Some of the vectors themselves as queries."""
    database = unit_vectors(count, 5, dimension)
    database /= np.linalg.norm(database, axis=1, keepdims=True)
    own = np.arange(queries)
    return VectorSet("library", database, database[own], own, count)


def finish(steps: Steps) -> BenchTable:
    """Run a table to its end, looking at its progress."""
    last = -1
    for step in steps:
        if isinstance(step, BenchTable):
            return step
        assert isinstance(step, Progress)
        assert step.phase == "bench"
        assert last <= step.done <= step.total
        last = step.done
    raise AssertionError("no table came")


def number(row: dict[str, object], key: str) -> float:
    value = row[key]
    assert isinstance(value, int | float)
    return float(value)


@pytest.fixture(scope="module")
def compared() -> BenchTable:
    return finish(exact_vs_index.make(vectors_of(1_000), Options(threads=1), no_check))


def test_exact_methods_find_all_and_indexes_more_the_more_they_probe(compared: BenchTable) -> None:
    recall = {(row["method"], row["nprobe"]): number(row, "recall_at_10") for row in compared.rows}
    assert [*recall] == [
        ("Brute force", None),
        ("NumPy product", None),
        ("Flat", None),
        ("IVF-Flat", 1),
        ("IVF-Flat", 10),
        ("IVF-SQ8", 1),
        ("IVF-SQ8", 10),
    ]
    assert [recall[method, None] for method in ("Brute force", "NumPy product", "Flat")] == [1, 1, 1]
    assert recall["IVF-Flat", 1] < recall["IVF-Flat", 10] <= 1
    assert abs(recall["IVF-SQ8", 10] - recall["IVF-Flat", 10]) < 0.02, "re-ranking makes up for the 8 bits"
    assert compared.facts["nlist"] == 32


def test_speed_is_that_of_the_first_row_divided_by_the_own(compared: BenchTable) -> None:
    for row in compared.rows:
        for batch in (1, 10, 100):
            key = f"ms_{batch}"
            assert number(row, f"ratio_{batch}") == pytest.approx(number(compared.rows[0], key) / number(row, key))
    stored = {row["method"]: number(row, "vector_bytes") for row in compared.rows}
    assert stored["Brute force"] == 32 * 4
    assert stored["IVF-SQ8"] < stored["Flat"] < stored["IVF-Flat"]


@pytest.mark.parametrize(("count", "nlist"), [(1, 1), (100, 8), (10_000, 128), (1_000_000, 1024)])
def test_the_lists_of_the_comparison(count: int, nlist: int) -> None:
    assert exact_vs_index.nlist_of(count) == nlist


def test_brute_force_is_exact() -> None:
    database = unit_vectors(300, 1)
    queries = unit_vectors(4, 2)
    found = exact_vs_index.brute_force(database, no_check, queries, 10)
    assert found.tolist() == np.argsort(-(queries @ database.T), axis=1)[:, :10].tolist()


@pytest.fixture(scope="module")
def quantized() -> BenchTable:
    return finish(pq.make(vectors_of(400, 40), Options(threads=1), no_check))


def test_more_codes_find_more_and_cost_more(quantized: BenchTable) -> None:
    rows = {(row["m"], row["bits"]): row for row in quantized.rows}
    assert [*rows] == [(m, bits) for bits in (6, 7, 8, 9) for m in (4, 8, 16, 32)]
    assert number(rows[32, 8], "recall_at_10") > number(rows[4, 6], "recall_at_10")
    assert number(rows[32, 8], "vector_bytes") > number(rows[4, 6], "vector_bytes")
    assert (rows[32, 8]["code_bytes"], rows[4, 6]["code_bytes"]) == (32, 3)


def test_what_cannot_be_trained_says_so(quantized: BenchTable) -> None:
    reasons = {row["bits"]: row.get("reason") for row in quantized.rows}
    assert reasons == {6: None, 7: None, 8: None, 9: "9 bits take 512 vectors to train"}
    assert quantized.columns[-1].key == "reason"


def test_a_dimension_that_has_no_32_parts_is_padded(quantized: BenchTable) -> None:
    assert any("24 zeros" in note for note in quantized.notes)
    assert quantized.facts["dimension"] == 40
    padded = pq.padded(unit_vectors(3, 1, 40), 32)
    assert padded.shape == (3, 64)
    assert pq.padded(padded, 32) is padded


def test_inverted_lists_of_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ivfpq, "NLISTS", (16, 4096))
    monkeypatch.setattr(ivfpq, "NPROBES", (1, 4, 16))
    table = finish(ivfpq.make(vectors_of(600), Options(threads=1), no_check))
    assert [(row["nlist"], row.get("nprobe")) for row in table.rows] == [(16, 1), (16, 4), (16, 16), (4096, None)]
    recall = [number(row, "recall_at_10") for row in table.rows[:3]]
    assert recall == sorted(recall)
    assert recall[0] < recall[-1]
    assert table.rows[-1]["reason"] == "4,096 inverted lists take as many vectors to train"


def ask(*strings: str, count: int = 300) -> BenchTable:
    return finish(factory.make(vectors_of(count), Options(strings, threads=1), no_check))


def test_a_string_gives_a_curve(capfd: pytest.CaptureFixture[str]) -> None:
    table = ask("Flat", "IVF8,Flat", "HNSW8", "LSH", "PQ8x4fs,RFlat", "OPQ8,PQ8x4")
    curves: dict[object, list[dict[str, object]]] = {}
    for row in table.rows:
        assert "reason" not in row, row
        curves.setdefault(row["index"], []).append(row)
    assert [row["setting"] for row in curves["Flat"]] == [""]
    assert number(curves["Flat"][0], "recall_at_10") == 1
    settings = [row["setting"] for row in curves["IVF8,Flat"]]
    assert settings == ["nprobe 1", "nprobe 2", "nprobe 4", "nprobe 8"][: len(settings)]
    assert number(curves["IVF8,Flat"][-1], "recall_at_10") == 1
    assert str(curves["HNSW8"][0]["setting"]) == "efSearch 16"
    assert str(curves["PQ8x4fs,RFlat"][0]["setting"]) == "k_factor 1"
    for rows in curves.values():
        recall = [number(row, "recall_at_10") for row in rows]
        assert recall == sorted(recall)
        assert all(found < 0.9995 for found in recall[:-1]), "a curve ends where nothing is missed"
    assert number(curves["LSH"][0], "vector_bytes") < number(curves["Flat"][0], "vector_bytes")
    assert capfd.readouterr().err == "", "faiss does not complain on stderr"


@pytest.mark.parametrize(
    ("string", "reason"),
    [
        ("nonsense", "no index-factory string"),
        ("äö", "no index-factory string"),
        ("", "no index-factory string"),
        ("PQ7", "multiple of the number of subquantizers"),
        ("IVF9999,Flat", "takes 9,999 vectors or more to train, and there are 300"),
        ("PQ8x0", "between 1 and"),
        ("HNSW0", "between 1 and"),
        ("HNSW1,Flat", "from 2 to 256 edges"),
        ("HNSW100000", "from 2 to 256 edges"),
        ("IVF16,PQ8x24", "from 1 to 16 bits"),
        ("RR999999,Flat", "up to 16,384 components"),
        ("IVF99999999999999,Flat", "between 1 and"),
        ("IDMap,Flat", "add does not make sense"),
        ("IVF-5,Flat", "no index-factory string"),
    ],
)
def test_what_faiss_refuses_or_would_die_of_becomes_a_row(string: str, reason: str) -> None:
    table = ask("Flat", string)
    (refused,) = [row for row in table.rows if row["index"] == string]
    assert reason in str(refused["reason"])
    assert "faiss" not in str(refused["reason"]) or string in {"nonsense", "äö", "", "IVF-5,Flat"}
    assert ".cpp" not in str(refused["reason"])
    assert table.columns[-1].key == "reason"


def test_when_all_are_refused_one_sentence_says_why() -> None:
    with pytest.raises(QueryError) as caught:
        ask("PQ7", "HNSW0")
    message = str(caught.value)
    assert "'PQ7': " in message
    assert "'HNSW0': " in message
    assert "\n" not in message


def test_the_usual_set_is_measured_on_any_dimension() -> None:
    table = finish(factory.make(vectors_of(300, 24), Options(threads=1), no_check))
    assert len({row["index"] for row in table.rows}) == 13
    assert not [row for row in table.rows if "reason" in row], table.rows


def test_photos_that_are_all_alike_are_all_found() -> None:
    database = np.repeat(unit_vectors(1, 1), 300, axis=0)
    database /= np.linalg.norm(database, axis=1, keepdims=True)
    own = np.arange(10)
    table = finish(
        factory.make(VectorSet("library", database, database[own], own, 300), Options(("Flat", "IVF4,SQ8")), no_check)
    )
    assert {row["recall_at_10"] for row in table.rows} == {1.0}


@pytest.mark.parametrize("module", ["exact_vs_index", "pq", "ivfpq", "factory"])
def test_a_check_ends_a_table_between_two_steps(module: str) -> None:
    calls = iter(range(1_000))

    def check() -> None:
        if next(calls) == 3:
            raise CancelledError

    make = {"exact_vs_index": exact_vs_index, "pq": pq, "ivfpq": ivfpq, "factory": factory}[module].make
    with pytest.raises(CancelledError):
        finish(cast("Iterator[BenchTable | Progress]", make(vectors_of(300), Options(threads=1), check)))
