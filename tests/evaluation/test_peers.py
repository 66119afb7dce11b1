"""The table ``peers``: photofind's own index as a contestant, those that are installed, and what is said without."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photofind import __version__
from photofind.core.errors import QueryError, StorageError
from photofind.core.evaluation.generated import Mixture
from photofind.core.evaluation.peers import contest
from photofind.core.evaluation.peers.contest import Contest, Figures, Rung, StageError, workplace
from photofind.core.evaluation.peers.own_index import OwnIndex
from photofind.core.evaluation.peers.registry import ENTRIES, Entry, entry_of
from photofind.core.evaluation.tables.peers import make
from photofind.core.evaluation.tables.result import BenchTable, Options
from photofind.core.evaluation.tables.vectors import VectorSet
from photofind.core.progress import Progress

_NOT_HERE = "a_package_that_nobody_has"
_OTHERS = [entry for entry in ENTRIES if entry.needs and entry.is_installed]


def _go_on() -> None:
    """Nobody stops."""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary folders are made in one that can be looked into."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def vectors() -> VectorSet:
    """Enough for a sealed index; the queries are some of them, and two of them are copies."""
    database = Mixture().draw(1_500, np.random.default_rng(1))
    database[7] = database[8]
    own = np.arange(0, 20, dtype=np.int64)
    return VectorSet("library", database, database[own], own, len(database))


def _figures(place: Path, vectors: VectorSet, entry: Entry) -> Figures:
    steps = list(Contest(place, vectors, 2, _go_on).run(entry))
    assert steps[:-1] == list(contest.STAGES)
    assert isinstance(steps[-1], Figures)
    return steps[-1]


def test_our_own_index_goes_through_all_stages(temporary: Path, vectors: VectorSet) -> None:
    with workplace(vectors) as place:
        figures = _figures(place, vectors, entry_of("photofind"))
    assert figures.usual().recall == 1.0
    assert figures.came_back == 0
    assert figures.added_found == 1.0
    assert figures.disk > vectors.database.nbytes / 2
    assert figures.resident > figures.disk
    assert figures.compact is not None
    assert min(figures.build, figures.add, figures.delete, figures.usual().ms) > 0
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("entry", _OTHERS, ids=lambda entry: entry.name)
def test_an_installed_contestant_finds_adds_and_deletes(vectors: VectorSet, entry: Entry) -> None:
    with workplace(vectors) as place:
        figures = _figures(place, vectors, entry)
    assert figures.usual().recall > 0.9
    assert figures.came_back == 0
    assert figures.added_found > 0.9


def test_deleted_vectors_never_come_back_to_our_own_index(tmp_path: Path, vectors: VectorSet) -> None:
    index = OwnIndex(tmp_path, vectors.dimension)
    index.build(vectors.database, 2)
    index.open(to_change=True)
    query = vectors.database[8]
    assert set(index.search(query, 2, 1).tolist()) == {7, 8}
    index.delete(np.array([7, 8]))
    index.add(1_500, query[None])
    for _ in range(2):
        assert index.search(query, 2, 1).tolist()[0] == 1_500
        assert not {7, 8} & set(index.search(query, 10, 1).tolist())
        index.compact()
        index.close()
        index = OwnIndex(tmp_path, vectors.dimension)
        index.open(to_change=False)
    assert index.efforts() == [1]
    index.close()


def test_the_cheapest_rung_that_reaches_a_recall_counts() -> None:
    rungs = tuple(
        Rung(effort, recall, ms, ms, 1.0) for effort, recall, ms in ((1, 0.5, 1.0), (2, 0.96, 2.0), (4, 0.97, 4.0))
    )
    figures = Figures(1.0, 1, 1, None, rungs, 1.0, 1.0, None, 0, 1.0)
    assert [rung and rung.effort for rung in map(figures.cheapest, contest.TARGETS)] == [2, 2, None]
    assert figures.usual().effort == 2
    assert replace(figures, rungs=rungs[:1]).usual().effort == 1


def test_a_contestant_that_fails_says_why_and_the_others_go_on(
    temporary: Path, vectors: VectorSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "photofind.core.evaluation.tables.peers.ENTRIES",
        (
            ENTRIES[0],
            Entry("nobody", "own_index", "settings", "numpy"),
            Entry("absent", "absent", "settings", _NOT_HERE),
        ),
    )
    *steps, table = make(vectors, Options(threads=2), _go_on)
    assert isinstance(table, BenchTable)
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(steps[-1], Progress)
    assert steps[-1].done == steps[-1].total == 15
    own, failed, absent = table.rows
    assert own["recall"] == 1.0
    assert failed["version"] == f"{__version__}, failed"
    assert any(note.startswith("nobody failed: build: KeyError") for note in table.notes)
    assert absent["version"] == "not installed: pip install photofind[peers]"
    assert list(temporary.iterdir()) == []


def test_without_any_other_program_it_says_how_to_get_them(vectors: VectorSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "photofind.core.evaluation.tables.peers.ENTRIES", (ENTRIES[0], Entry("absent", "absent", "settings", _NOT_HERE))
    )
    with pytest.raises(QueryError, match=r"None of the programs .* run: pip install photofind\[peers\]$"):
        next(make(vectors, Options(), _go_on))


def test_an_unknown_program_is_refused_with_the_known_ones(vectors: VectorSet) -> None:
    with pytest.raises(QueryError, match=r"'annoy' is none of .*: photofind, hnswlib"):
        next(make(vectors, Options(strings=("annoy",)), _go_on))


def test_a_bundle_says_that_it_cannot(vectors: VectorSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(QueryError, match="bundle"):
        next(make(vectors, Options(), _go_on))


def test_too_little_disk_is_said_before(temporary: Path, vectors: VectorSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "_DISK_FACTOR", 1 << 40)
    with pytest.raises(StorageError, match=r"GB of disk in .*TMPDIR"), workplace(vectors):
        pytest.fail("begun all the same")
    assert list(temporary.iterdir()) == []


class _Enough(Exception):  # noqa: N818 - the user, not an error
    """The user stops."""


def test_a_stop_ends_the_process_and_leaves_no_folder(temporary: Path, vectors: VectorSet) -> None:
    def looks() -> Iterator[None]:
        yield from [None] * 12  # the vectors are laid out, a process runs
        raise _Enough

    waiting = looks()
    with pytest.raises(_Enough), workplace(vectors) as place:
        list(Contest(place, vectors, 2, lambda: next(waiting)).run(entry_of("photofind")))
    assert list(temporary.iterdir()) == []


def test_a_stage_without_a_result_is_an_error(vectors: VectorSet) -> None:
    with workplace(vectors) as place, pytest.raises(StageError, match=r"^build: KeyError: 'nobody'"):
        list(Contest(place, vectors, 2, _go_on).run(Entry("nobody", "own_index", "settings")))
