"""What is said of an index: its lists, its drift, what is dead, and what could be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.accuracy_file import write_accuracy
from photofind.core.catalog import Catalog
from photofind.core.health import IndexHealth, Reason, Unindexed, examine_index, examining
from photofind.core.health.examining import imbalance_factor
from photofind.core.health.judging import Figures, judge_compaction, judge_reclustering
from photofind.core.health.report import Drift, SegmentHealth
from photofind.core.records import Epoch, Segment
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from tests.support.handmade import DIMENSION, Handmade, Picture, Vectors, name_of, pictures, unit_vectors

SETTINGS = Settings(workers=2)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """An empty library open for writing."""
    made = Handmade(tmp_path / "library")
    yield made
    made.close()


def health(library: Handmade, settings: Settings = SETTINGS) -> IndexHealth:
    with Catalog.open_reader(library.folder / "library.db") as catalog:
        return examine_index(library.folder, catalog, settings)


def made(vectors: Vectors, first: int) -> list[Picture]:
    return [Picture(first + number, vector) for number, vector in enumerate(vectors)]


# Without an index


def test_without_a_pack_there_is_nothing_to_say(tmp_path: Path) -> None:
    with Catalog.open_writer(tmp_path / "library.db") as catalog:
        found = examine_index(tmp_path, catalog, SETTINGS)
    assert found.unindexed is Unindexed.EMPTY
    assert (found.photos, found.vectors, found.nlist, found.segments) == (0, 0, 0, ())


def test_why_there_is_no_index(library: Handmade) -> None:
    assert health(library).unindexed is Unindexed.EMPTY
    photos = pictures(1100)
    library.add(photos[:20])
    library.upkeep.run()
    found = health(library)
    assert found.unindexed is Unindexed.FEW
    assert (found.photos, found.vectors, found.delta, found.nlist) == (20, 20, 20, 0)
    assert (found.lists, found.imbalance, found.drift, found.trained_at) == (None, None, None, None)
    assert found.row_bytes == 20 * DIMENSION * 2
    assert (found.compaction.worth, found.reclustering.worth) == (False, False)
    library.add(photos[20:])
    found = health(library)
    assert found.unindexed is Unindexed.WAITING
    assert (found.reclustering.reason, found.reclustering.nlist_after) == (Reason.NEW, 1)
    library.upkeep.run()
    assert health(library).unindexed is None


# With one


def test_what_an_index_is_made_of(library: Handmade) -> None:
    photos = pictures(2900)
    for start in (0, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    library.add(photos[2600:])
    library.remove([name_of(photo) for photo in photos[::10]])
    found = health(library)
    assert (found.photos, found.vectors, found.dead, found.delta) == (2610, 2610, 290, 300)
    assert [(s.first_vid, s.end_vid, s.vectors, s.dead) for s in found.segments] == [
        (0, 1300, 1300, 130),
        (1300, 2600, 1300, 130),
    ]
    assert found.index_bytes == sum(path.stat().st_size for path in library.folder.glob("epoch-*/*"))
    assert found.row_bytes == library.row_path.stat().st_size
    assert found.dead_row_bytes == 290 * 2 * DIMENSION
    assert found.nlist == 1
    assert found.lists is not None
    assert (found.lists.shortest, found.lists.longest, found.lists.empty, found.imbalance) == (2600, 2600, 0, 1.0)
    assert (found.trained_on, found.newcomers, found.problems) == (1300, 2610 - 1170, ())


def test_what_compaction_is_said_to_do_is_what_it_does(library: Handmade) -> None:
    photos = pictures(3900)
    for start in range(0, 3900, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[:1300:5]])
    before = health(library)
    said = before.compaction
    assert (said.segments_before, said.segments_after, said.dead, said.worth) == (3, 1, 260, True)
    library.upkeep.compact()
    after = health(library)
    assert len(after.segments) == said.segments_after
    assert before.index_bytes - after.index_bytes == said.bytes_freed > 0
    assert after.compaction == replace(said, segments_before=1, dead=0, bytes_freed=0, seconds=0, worth=False)
    assert (after.dead, after.dead_row_bytes) == (before.dead, before.dead_row_bytes), "rows are never moved"


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=50))
def test_imbalance_is_what_faiss_says(sizes: list[int]) -> None:
    import faiss

    factor = imbalance_factor(np.array(sizes, np.int64))
    if sum(sizes):
        lists = faiss.ArrayInvertedLists(len(sizes), 1)
        for number, size in enumerate(sizes):
            lists.resize(number, size)
        assert factor == pytest.approx(lists.imbalance_factor())
    else:
        assert factor == 1


def test_lists_are_summed_over_all_segments(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_NLIST_STEPS", ((1000, 1), (1_000_000, 16)))  # as if the library were large
    library.add(pictures(1200))
    library.upkeep.run()
    same = unit_vectors(1, 3)[0]
    library.add(Picture(1200 + number, same) for number in range(1200))  # all of them go into one list
    library.upkeep.run()
    found = health(library)
    assert len(found.segments) == 2
    assert found.lists is not None
    assert found.lists.longest >= 1200
    assert found.lists.shortest <= found.lists.median <= found.lists.longest
    assert found.imbalance is not None
    assert found.imbalance > 2.5
    assert found.reclustering.reason is Reason.IMBALANCE


# Drift


def test_photos_of_another_kind_are_drift_and_others_are_not(library: Handmade) -> None:
    photos = pictures(3000)
    library.add(photos[:2000])
    library.upkeep.run()
    library.add(photos[2000:])
    library.upkeep.run()
    usual = health(library)
    assert usual.drift is not None
    assert (usual.drift.newcomers, usual.drift.sampled) == (True, 1000)
    assert usual.drift.distance_then == pytest.approx(usual.drift.distance, rel=0.05)
    assert usual.reclustering.reason is None
    outside = np.zeros((900, DIMENSION), np.float32)  # in a corner where no photo was before
    outside[:, :2] = -1
    outside += 0.01 * unit_vectors(900, 8)
    outside /= np.linalg.norm(outside, axis=1, keepdims=True)
    library.add(made(outside, 3000))
    library.upkeep.run()
    drifted = health(library)
    assert drifted.drift is not None
    assert drifted.drift.clipped > 4 * usual.drift.clipped
    assert drifted.reclustering.reason is Reason.DRIFT
    assert drifted.reclustering.worth
    library.upkeep.rebuild()
    again = health(library)
    assert again.reclustering.reason is None
    assert again.drift is not None
    assert not again.drift.newcomers


def test_a_few_newcomers_say_nothing_of_themselves(library: Handmade) -> None:
    photos = pictures(2100)
    library.add(photos[:2000])
    library.upkeep.run()
    library.add(photos[2000:])
    found = health(library)
    assert found.newcomers == 100
    assert found.drift is not None
    assert not found.drift.newcomers
    assert 900 < found.drift.sampled <= 1024


def test_files_that_the_writer_swaps_meanwhile_are_no_damage(
    library: Handmade, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = pictures(2600)
    for start in (0, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    list_sizes = examining._list_sizes
    compacted: list[bool] = []

    def compacting_first(*arguments: Any) -> Any:
        if not compacted:
            compacted.append(True)
            library.upkeep.compact()
        return list_sizes(*arguments)

    monkeypatch.setattr(examining, "_list_sizes", compacting_first)
    found = health(library)
    assert (found.problems, len(found.segments)) == ((), 1)


# Damage


@pytest.mark.parametrize("name", ["seg-*.faiss", "trained.faiss"])
def test_damaged_files_are_named(name: str, library: Handmade) -> None:
    library.add(pictures(1500))
    library.upkeep.run()
    path = next(library.folder.glob(f"epoch-*/{name}"))
    path.unlink()
    found = health(library)
    assert [str(path) in problem for problem in found.problems] == [True]
    assert "doctor" in found.problems[0]
    assert (found.lists is None) == (found.imbalance is None) == (name != "trained.faiss")
    assert (found.drift is None) == (name == "trained.faiss")
    assert (found.vectors, found.reclustering.reason) == (1500, Reason.DAMAGED)
    library.upkeep.rebuild()
    assert health(library).problems == ()


def test_a_row_store_that_is_cut_short_is_named(library: Handmade) -> None:
    library.add(pictures(1500))
    library.upkeep.run()
    library.row_path.write_bytes(library.row_path.read_bytes()[:-64])
    found = health(library)
    assert len(found.problems) == 1
    assert "cut short" in found.problems[0]
    assert found.lists is not None


# Judgement


EPOCH = Epoch("e", 1024, 100_000, 1, "", 1.7e9, 100_000, distance=0.7, clipped=0.0002)
FIGURES = Figures(115_000, 512, EPOCH, 15_000, 1.6, Drift(1024, True, 0.7, 0.0003, 0.7, 0.0002), is_damaged=False)
AUTO = rule.Tuning()


def reason(figures: Figures, tuning: rule.Tuning = AUTO) -> Reason | None:
    return judge_reclustering(figures, tuning, 2).reason


def test_reasons_to_train_anew() -> None:
    assert reason(FIGURES) is None
    assert reason(replace(FIGURES, is_damaged=True)) is Reason.DAMAGED
    assert reason(replace(FIGURES, epoch=None)) is Reason.NEW
    assert reason(replace(FIGURES, vectors=400_001)) is Reason.GROWN
    assert reason(replace(FIGURES, vectors=24_000)) is Reason.SHRUNK
    assert reason(FIGURES, rule.Tuning("16-sqrt-n")) is Reason.RULE
    assert reason(FIGURES, rule.Tuning("4-sqrt-n")) is None, "it comes to the same"
    assert reason(replace(FIGURES, imbalance=2.6)) is Reason.IMBALANCE
    assert reason(replace(FIGURES, imbalance=2.6, newcomers=1000)) is None, "it was just trained: that is how they lie"
    far = replace(FIGURES, drift=Drift(1024, True, 0.8, 0.0003, 0.7, 0.0002))
    assert reason(far) is Reason.DRIFT
    assert reason(replace(far, newcomers=1000)) is None
    assert reason(replace(FIGURES, drift=Drift(1024, True, 0.7, 0.02, 0.7, 0.0002))) is Reason.DRIFT
    assert reason(replace(FIGURES, drift=Drift(1024, True, 0.8, 0.02))) is None, "nothing is known of before"


def test_what_training_anew_gives() -> None:
    judged = judge_reclustering(replace(FIGURES, vectors=1_000_000), AUTO, 2)
    assert (judged.nlist_before, judged.nlist_after) == (1024, 4096)
    assert judged.seconds > judge_reclustering(replace(FIGURES, vectors=1_000_000), AUTO, 8).seconds > 1
    few = judge_reclustering(replace(FIGURES, vectors=1000), AUTO, 2)
    assert (few.nlist_after, few.worth) == (0, False)


@pytest.mark.parametrize(("dead", "worth"), [(0, False), (4000, False), (6000, True)])
def test_a_few_dead_are_not_worth_compacting(dead: int, worth: bool) -> None:
    segment = Segment("s", 0, 100_000, 100_000, 52_100_000, "")
    judged = judge_compaction([segment], [SegmentHealth("s", 0, 100_000, 100_000, dead, 52_100_000)], 512)
    assert (judged.segments_after, judged.worth, judged.bytes_freed) == (1, worth, dead * 520)


@pytest.mark.parametrize(("count", "worth"), [(4, False), (5, True)])
def test_a_few_segments_are_not_worth_merging(count: int, worth: bool) -> None:
    segments = [Segment(str(number), 1500 * number, 1500 * number + 1500, 1500, 790_000, "") for number in range(count)]
    healths = [SegmentHealth(s.id, s.first_vid, s.end_vid, s.count, 0, s.bytes) for s in segments]
    judged = judge_compaction(segments, healths, 512)
    assert (judged.segments_after, judged.worth, judged.bytes_freed) == (1, worth, (count - 1) * 10_000)


def test_a_calibration_is_shown_as_long_as_it_holds(library: Handmade) -> None:
    library.add(pictures(30))
    point = OperatingPoint(1, 1.0, 1.0, 1.0, 0.0, 0.1, 0.2)
    accuracy = Accuracy(library.key, "", 30, 20, 4, 1.7e9, 0.1, (point,))
    write_accuracy(library.folder, accuracy)
    assert health(library).accuracy == accuracy
    library.add(pictures(30, seed=1, first=30))
    assert health(library).accuracy is None
