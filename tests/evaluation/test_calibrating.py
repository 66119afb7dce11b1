"""What a calibration promises against brute force, and what becomes of it in odd libraries."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from photofind.core.accuracy import Accuracy
from photofind.core.accuracy_file import read_accuracy
from photofind.core.catalog import Catalog
from photofind.core.errors import LibraryDamagedError, QueryError, StorageError
from photofind.core.evaluation import calibrating
from photofind.core.evaluation.calibrating import Calibrator, ladder
from photofind.core.evaluation.probing import Search, search_all
from photofind.core.evaluation.truth import Neighbours, TruthPass
from photofind.core.library import Library
from photofind.core.progress import Control, Progress
from photofind.core.settings import Settings
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.snapshot import Ranked
from tests.support.clustered import cluster
from tests.support.handmade import DIMENSION, Handmade, Picture, name_of, no_check, pictures, unit_vectors

NLIST = 32


def calibrated(library: Handmade, queries: int | None = None) -> Accuracy:
    with Library(library.folder, Settings()) as opened:
        calibrator = opened.calibrator(queries=queries)
        for _ in calibrator.run():
            pass
        assert calibrator.problem == ""
        assert calibrator.accuracy is not None
        return calibrator.accuracy


def measured(snapshot: IndexSnapshot, vids: list[int], nprobe: int, k: int) -> float:
    """Return the recall@k of real searches for photos of the library, by brute force over all live rows."""
    live = snapshot.alive.vids()
    rows = snapshot.rows(live)
    found = 0
    for vid in vids:
        query = snapshot.rows([vid])[0]
        scores = np.where(live == vid, -2, rows @ query)
        truth = set(live[np.argsort(-scores, kind="stable")[:k]].tolist())
        answer = [other for other in snapshot.search(query, k + 1, nprobe)[0].tolist() if other != vid]
        found += len(truth & set(answer[:k]))
    return found / (len(vids) * k)


@pytest.mark.parametrize(("nlist", "nprobes"), [(1, [1]), (2, [1, 2]), (5, [1, 2, 4, 5]), (8, [1, 2, 4, 8])])
def test_the_steps_of_nprobe(nlist: int, nprobes: list[int]) -> None:
    assert ladder(nlist) == nprobes


def test_exact_neighbours_are_those_of_brute_force(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.evaluation.truth._MOST_ROWS", 300)  # several blocks
    library.add(pictures(1000))
    library.remove([f"{number}.jpg" for number in range(0, 1000, 7)])
    snapshot = library.snapshot()
    live = snapshot.alive.vids()
    own = live[::50]
    one = TruthPass(snapshot, own, 1)
    shares = list(one.run(no_check))
    assert len(shares) > 2
    assert shares[-1] == 1
    assert one.neighbours is not None
    for number, vid in enumerate(own.tolist()):
        scores = np.where(live == vid, -2, snapshot.rows(live) @ snapshot.rows([vid])[0])
        best = np.argsort(-scores, kind="stable")[:100]
        assert one.neighbours.vids[number].tolist() == live[best].tolist()
        assert np.allclose(one.neighbours.scores[number], scores[best], atol=1e-6)


def test_the_curve_is_that_of_real_searches(library: Handmade) -> None:
    """Of sealed photos, dead ones and those that no list holds yet; every photo is searched for to compare."""
    photos = pictures(640)
    library.add(photos[:580])
    cluster(library, NLIST)
    library.add(photos[580:])
    library.remove([name_of(photo) for photo in photos[100:140]])
    accuracy = calibrated(library)
    snapshot = library.snapshot()
    assert accuracy.pack_key == library.key
    assert accuracy.epoch_id == library.pack.epoch_id
    assert (accuracy.vectors, accuracy.queries) == (600, 600)
    assert [point.nprobe for point in accuracy.points] == [1, 2, 4, 8, 16, 32]
    vids = snapshot.alive.vids().tolist()
    for nprobe, k, share in [
        (1, 1, accuracy.at(1).recall_at_1),
        (1, 10, accuracy.at(1).recall_at_10),
        (4, 10, accuracy.at(4).recall_at_10),
        (8, 100, accuracy.at(8).recall_at_100),
    ]:
        assert 0.1 < share < 1
        assert share == pytest.approx(measured(snapshot, vids, nprobe, k), abs=0.01)
    assert accuracy.at(NLIST).recall_at_10 == pytest.approx(1, abs=0.002)
    for earlier, later in itertools.pairwise(accuracy.points):
        assert earlier.recall_at_1 <= later.recall_at_1
        assert earlier.recall_at_10 <= later.recall_at_10
        assert earlier.recall_at_100 <= later.recall_at_100
    assert all(0 < point.ms_median <= point.ms_p95 for point in accuracy.points)
    assert all(0 <= point.error_at_10 < 0.01 for point in accuracy.points)
    assert accuracy.exact_ms > 0
    assert read_accuracy(library.folder) == accuracy


@pytest.fixture(scope="module")
def clustered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handmade]:
    """600 photos in 32 lists, to be measured only."""
    made = Handmade(tmp_path_factory.mktemp("clustered") / "library")
    made.add(pictures(600))
    cluster(made, NLIST)
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(clustered: Handmade) -> Accuracy:
    """What is measured when all photos are asked for."""
    return calibrated(clustered)


def test_few_queries_tell_less_surely(clustered: Handmade, whole: Accuracy) -> None:
    few, many = calibrated(clustered, queries=60), whole
    assert (few.queries, many.queries) == (60, 600)
    assert few.at(1).error_at_10 > 2 * many.at(1).error_at_10
    assert abs(few.at(1).recall_at_10 - many.at(1).recall_at_10) < 4 * few.at(1).error_at_10


def test_what_lists_cannot_tell_is_told_by_searches(
    clustered: Handmade, whole: Accuracy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that loses half of what it probes must not be promised to find all of that."""
    search = IndexSnapshot.search

    def forgetful(*arguments: object) -> object:
        vids, scores = search(*arguments)  # type: ignore[arg-type]
        return vids[vids % 2 == 0], scores[vids % 2 == 0]

    monkeypatch.setattr(IndexSnapshot, "search", forgetful)
    half = calibrated(clustered)
    for nprobe in (1, 8, NLIST):
        assert half.at(nprobe).recall_at_10 == pytest.approx(whole.at(nprobe).recall_at_10 / 2, abs=0.04)


@pytest.mark.parametrize("sealed", [False, True])
def test_photos_that_are_all_the_same_are_all_found(sealed: bool, library: Handmade) -> None:
    same = unit_vectors(1, 3)[0]
    library.add([Picture(number, same) for number in range(1300)])
    if sealed:
        library.upkeep.run()
        assert library.state().segments
    accuracy = calibrated(library)
    assert [(p.nprobe, p.recall_at_1, p.recall_at_10, p.recall_at_100) for p in accuracy.points] == [(1, 1, 1, 1)]


def test_the_same_photos_in_many_lists(library: Handmade) -> None:
    """k-means makes lists that hold nothing of them."""
    same = unit_vectors(1, 3)[0]
    library.add([Picture(number, same) for number in range(400)])
    cluster(library, 8)
    points = calibrated(library).points
    assert [point.nprobe for point in points] == [1, 2, 4, 8]
    assert (points[-1].recall_at_1, points[-1].recall_at_100) == (1, 1)


@pytest.mark.parametrize("size", [2, 3, 11, 101, 150])
def test_small_libraries_have_one_point_at_which_all_is_found(size: int, library: Handmade) -> None:
    library.add(pictures(size))
    accuracy = calibrated(library)
    assert (accuracy.epoch_id, accuracy.vectors, accuracy.queries) == ("", size, size)
    assert [(p.nprobe, p.recall_at_1, p.recall_at_10, p.recall_at_100) for p in accuracy.points] == [(1, 1, 1, 1)]


@pytest.mark.parametrize(("size", "complaint"), [(0, "no photos"), (1, "nothing to be compared with")])
def test_there_have_to_be_two_photos(size: int, complaint: str, library: Handmade) -> None:
    library.add(pictures(size))
    with Library(library.folder, Settings()) as opened:
        assert not opened.is_calibration_due()
        with pytest.raises(QueryError, match=complaint):
            list(opened.calibrator().run())


def test_photos_that_all_went_leave_nothing_to_compare(library: Handmade) -> None:
    library.add(pictures(2))
    library.remove(["0.jpg", "1.jpg"])
    with Library(library.folder, Settings()) as opened, pytest.raises(QueryError, match="no photos"):
        list(opened.calibrator().run())


def test_a_stop_leaves_nothing(library: Handmade) -> None:
    library.add(pictures(300))
    cluster(library, NLIST)
    control = Control()
    with Library(library.folder, Settings()) as opened:
        calibrator = opened.calibrator(control)
        seen: list[Progress] = []
        for progress in calibrator.run():
            seen.append(progress)
            control.stop()
        assert len(seen) == 1
        assert seen[0].phase == "calibrate"
        assert calibrator.accuracy is None
        assert opened.accuracy() is None
        assert opened.is_calibration_due()


def test_progress_rises_to_its_total(library: Handmade) -> None:
    library.add(pictures(500))
    cluster(library, 8)
    with Library(library.folder, Settings()) as opened:
        steps = list(opened.calibrator().run())
    assert {step.phase for step in steps} == {"calibrate"}
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total


def test_a_calibration_holds_until_the_library_has_grown_by_a_quarter(library: Handmade) -> None:
    library.add(pictures(500))
    cluster(library, 8)
    accuracy = calibrated(library)
    with Library(library.folder, Settings()) as opened:
        assert opened.accuracy() == accuracy
        assert opened.index_shape().accuracy == accuracy
        library.add(pictures(120, seed=5, first=500))
        assert opened.accuracy() == accuracy
        assert not opened.is_calibration_due()
        library.add(pictures(10, seed=6, first=5000))
        assert opened.accuracy() is None
        assert opened.is_calibration_due()


def test_a_calibration_does_not_hold_for_another_number_of_candidates(library: Handmade) -> None:
    library.add(pictures(500))
    cluster(library, 8)
    with Library(library.folder, Settings()) as opened:
        for _ in opened.calibrator().run():
            pass
    with Library(library.folder, Settings(rerank_candidates=9)) as opened:
        assert opened.index_shape().accuracy is None
        assert opened.health().accuracy is None
        assert opened.is_calibration_due()
        for _ in opened.calibrator().run():
            pass
        assert not opened.is_calibration_due()
        accuracy = opened.accuracy()
        assert accuracy is not None
        assert accuracy.candidates_per_hit == 9
        assert opened.health().accuracy == accuracy


def test_a_library_that_changes_meanwhile_makes_no_difference(library: Handmade) -> None:
    library.add(pictures(600))
    cluster(library, NLIST)
    before = library.pack.epoch_id
    with Library(library.folder, Settings()) as opened:
        calibrator = opened.calibrator()
        steps = calibrator.run()
        next(steps)
        cluster(library, 8)
        library.upkeep.collect_garbage()
        library.remove([f"{number}.jpg" for number in range(200)])
        for _ in steps:
            pass
        assert calibrator.accuracy is not None
        assert (calibrator.accuracy.epoch_id, calibrator.accuracy.vectors) == (before, 600)
        assert opened.accuracy() is None  # it is of the epoch before
        assert opened.is_calibration_due()


def test_a_result_that_cannot_be_kept_is_told_all_the_same(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, accuracy: Accuracy) -> None:
        raise StorageError(f"Cannot keep {accuracy.vectors} in {folder.name}.")

    library.add(pictures(20))
    monkeypatch.setattr(calibrating, "write_accuracy", refuse)
    with Library(library.folder, Settings()) as opened:
        calibrator = opened.calibrator()
        for _ in calibrator.run():
            pass
        assert calibrator.accuracy is not None
        assert calibrator.problem == "Cannot keep 20 in library."


@pytest.mark.parametrize("sealed", [False, True])
def test_rows_that_are_no_numbers_are_a_sentence(sealed: bool, library: Handmade) -> None:
    library.add(pictures(1100))
    if sealed:
        library.upkeep.run()
    content = np.fromfile(library.row_path, "<f2")
    content[700 * DIMENSION] = np.nan
    content.tofile(library.row_path)
    with Library(library.folder, Settings()) as opened, pytest.raises(LibraryDamagedError, match="doctor"):
        list(opened.calibrator().run())


def test_an_index_that_cannot_be_read_is_a_sentence(library: Handmade) -> None:
    library.add(pictures(1100))
    library.upkeep.run()
    for path in library.folder.glob("epoch-*/seg-*"):
        path.write_bytes(b"")
    with Library(library.folder, Settings()) as opened, pytest.raises(LibraryDamagedError, match="doctor"):
        list(opened.calibrator().run())


def test_the_clock_says_when_it_was_measured(library: Handmade) -> None:
    library.add(pictures(20))
    with Catalog.open_reader(library.folder / "library.db") as catalog:
        calibrator = Calibrator(library.folder, catalog, Settings(), Control(), now=lambda: 1234.5)
        for _ in calibrator.run():
            pass
    assert calibrator.accuracy is not None
    assert calibrator.accuracy.measured_at == 1234.5


def test_positions_are_measured_in_turns() -> None:
    """A moment in which the machine was busy slows all of them, not one; and none asks what has just been asked."""
    asked: list[tuple[int, int]] = []

    def way(number: int) -> Search:
        def search(query: npt.NDArray[np.float32], _: int) -> Ranked:
            asked.append((number, int(query[0])))
            return np.array([7]), np.array([1.0], np.float32)

        return search

    queries = np.arange(20, dtype=np.float32)[:, None]
    truth = Neighbours(np.full(20, -1), queries, np.full((20, 1), 7), np.ones((20, 1), np.float32))
    searching = search_all([way(0), way(1), way(2)], truth, seconds=1e9, fewest=1, check=no_check)
    while True:
        try:
            next(searching)
        except StopIteration as end:
            found = end.value
            break
    assert [len(each.ms) for each in found] == [20, 20, 20]
    assert all((each.recalls == 1).all() for each in found)
    for number in range(3):
        assert [query for way_, query in asked if way_ == number] == list(range(20))
    for query in range(20):
        turns = [asked.index((number, query)) for number in range(3)]
        assert min(later - earlier for earlier, later in itertools.pairwise(turns)) > 3
        assert max(turns) - min(turns) <= 20
