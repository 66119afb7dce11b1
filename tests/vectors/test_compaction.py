"""The index made compact or trained anew at the user's word: what comes of it, how far it is, and a stop on the way."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.indexing.run import Stopped
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.records import Segment
from photofind.core.vectors import building, rule
from photofind.core.vectors.rows import RowReader
from tests.support.handmade import DIMENSION, Handmade, Vectors, name_of, no_check, pictures, unit_vectors

QUERIES = unit_vectors(6, 99)


def worked(library: Handmade) -> tuple[IndexUpkeep, list[tuple[int, int]]]:
    """Return an upkeep and what it tells of its progress."""
    told: list[tuple[int, int]] = []
    upkeep = IndexUpkeep(
        library.folder,
        library.catalog,
        library.key,
        1,
        no_check,
        progress=lambda done, total: told.append((done, total)),
    )
    return upkeep, told


def fill(library: Handmade) -> None:
    """Three segments with dead vectors in the first, and a delta."""
    photos = pictures(4100)
    for start in range(0, 3900, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    library.add(photos[3900:])
    library.remove([name_of(photo) for photo in photos[:1300:10]])
    library.upkeep.run()
    assert [segment.count for segment in library.state().segments] == [1300, 1300, 1300]


def answers(library: Handmade) -> list[list[int]]:
    return [library.found(query, 40) for query in QUERIES]


def index_files(library: Handmade) -> set[Path]:
    return set(library.folder.glob("epoch-*/*"))


def test_compacting_drops_the_dead_and_changes_no_answer(library: Handmade) -> None:
    fill(library)
    before, epoch = answers(library), library.state().epoch
    upkeep, told = worked(library)
    upkeep.compact()
    state = library.state()
    assert state.epoch == epoch
    assert [(s.first_vid, s.end_vid, s.count) for s in state.segments] == [(0, 3900, 3900 - 130)]
    assert upkeep.delta_size() == 200
    assert answers(library) == before == [library.expected(query, 40) for query in QUERIES]
    assert len(index_files(library)) == 2, "what is not named any more is gone"
    assert told[0] == (0, 3900)
    assert told[-1] == (3900, 3900)
    assert told == sorted(told)
    compact = library.state()
    upkeep.compact()
    assert library.state() == compact, "there is nothing left to do"


def test_compacting_can_be_stopped(library: Handmade) -> None:
    fill(library)
    before, state = answers(library), library.state()

    def stop() -> None:
        raise Stopped

    upkeep = library.upkeep
    upkeep._check = stop
    with pytest.raises(Stopped):
        upkeep.compact()
    with pytest.raises(Stopped):
        upkeep.rebuild()
    assert library.state() == state
    assert answers(library) == before
    library.upkeep.compact()
    assert answers(library) == before


def test_training_anew_tells_how_far_it_is(library: Handmade) -> None:
    fill(library)
    epoch = library.state().epoch
    upkeep, told = worked(library)
    upkeep.rebuild()
    state = library.state()
    assert state.epoch is not None
    assert state.epoch != epoch
    assert [s.count for s in state.segments] == [4100 - 130], "the delta is in it too"
    assert answers(library) == [library.expected(query, 40) for query in QUERIES]
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)
    assert len(told) > 10, "each round of k-means is told"


def test_merging_after_training_anew_is_told_too(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(library)
    monkeypatch.setattr(building, "MAX_SEGMENT", 1000)
    upkeep, told = worked(library)
    upkeep.rebuild()
    assert [s.count for s in library.state().segments] == [4100 - 130]
    trained = building.training_work(4100 - 130, 1, 64)
    assert told[-1] == (trained + 4100 + 4100 - 130,) * 2
    assert told == sorted(told)
    assert {total for _, total in told} == {told[-1][1]}


def test_compacting_a_damaged_index_makes_it_anew(library: Handmade) -> None:
    fill(library)
    epoch = library.state().epoch
    next(library.folder.glob("epoch-*/seg-*")).unlink()
    library.upkeep.compact()
    assert library.state().epoch != epoch
    assert answers(library) == [library.expected(query, 40) for query in QUERIES]


def test_compacting_without_an_index_does_nothing(library: Handmade) -> None:
    library.upkeep.compact()
    library.add(pictures(20))
    library.upkeep.compact()
    assert library.state().epoch is None


@given(st.lists(st.integers(1, rule.MAX_COMPACTED), max_size=12))
def test_groups_are_as_few_as_the_largest_segment_allows(spans: list[int]) -> None:
    segments, first = [], 0
    for number, span in enumerate(spans):
        segments.append(Segment(str(number), first, first + span, span, 0, ""))
        first += span
    groups = rule.plan_compaction(segments)
    assert [segment for group in groups for segment in group] == segments
    sizes = [group[-1].end_vid - group[0].first_vid for group in groups]
    assert all(size <= rule.MAX_COMPACTED for size in sizes)
    for size, after in zip(sizes, groups[1:], strict=False):
        assert size + rule.span_of(after[0]) > rule.MAX_COMPACTED


# What the user chose


def test_the_rule_for_lists_takes_effect_when_trained_anew(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_NLIST_STEPS", ((1000, 1), (1_000_000, 8)))  # as if the library were large
    monkeypatch.setattr(rule, "_ONE_LIST", 1000)
    library.add(pictures(1300))
    library.upkeep.run()
    upkeep = IndexUpkeep(library.folder, library.catalog, library.key, 2, no_check, rule.Tuning("4-sqrt-n", 39))
    before = library.state()
    upkeep.run()
    assert library.state() == before, "nobody asked to train it anew"
    assert library.snapshot().nlist == 8
    upkeep.rebuild()
    assert library.snapshot().nlist == 32
    assert library.found(QUERIES[0], 5) == library.expected(QUERIES[0], 5)


def test_training_keeps_some_vectors_apart(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    before = time.time()
    library.add(pictures(1100))
    centroids = building._centroids

    def noted(vectors: Vectors, *rest: Any) -> Any:
        seen.append(len(vectors))
        return centroids(vectors, *rest)

    monkeypatch.setattr(building, "_centroids", noted)
    monkeypatch.setattr(building, "training_rows", lambda nlist, per_list: 10 * nlist * per_list)
    for per_list in (39, 256):
        IndexUpkeep(
            library.folder, library.catalog, library.key, 2, no_check, rule.Tuning(training_vectors=per_list)
        ).rebuild()
    assert seen == [390, 1100 - 55], "where it could have all, one of twenty is kept apart"
    epoch = library.state().epoch
    assert epoch is not None
    assert (epoch.trained_on, epoch.trained_until) == (1100, 1100)
    assert epoch.distance == pytest.approx(1, abs=0.5)
    assert epoch.clipped is not None
    assert 0 <= epoch.clipped < 0.02
    assert epoch.trained_at is not None
    assert before <= epoch.trained_at <= time.time()


def test_an_index_of_a_handful_says_nothing_of_how_well_it_fits(library: Handmade) -> None:
    library.add(pictures(5))
    with RowReader(library.row_path, DIMENSION, 5) as rows:
        epoch = building.train_epoch(library.folder, rows, np.array([1, 3]), 1, no_check)
    assert (epoch.trained_on, epoch.trained_until) == (2, 4)
    assert (epoch.distance, epoch.clipped) == (None, None)
