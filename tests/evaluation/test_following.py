"""Searches follow what was measured; and what an answer lacked of the exact one."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pytest

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.accuracy_file import ACCURACY_FILE, write_accuracy
from photofind.core.errors import QueryError
from photofind.core.library import Library
from photofind.core.progress import Control
from photofind.core.queries import Filters, Query
from photofind.core.settings import Settings
from photofind.core.vectors import rule
from tests.support.clustered import cluster
from tests.support.handmade import FOLDER, Handmade, Picture, pictures, unit_vectors

NLIST = 32
SIZE = 800


def accuracy_of(library: Handmade, recalls: dict[int, float]) -> Accuracy:
    points = tuple(OperatingPoint(nprobe, r, r, r, 0.001, nprobe / 10, nprobe / 5) for nprobe, r in recalls.items())
    return Accuracy(
        library.key,
        library.pack.epoch_id or "",
        len(library.model),
        200,
        Settings().rerank_candidates,
        0.0,
        9.0,
        points,
    )


@pytest.fixture
def opened(library: Handmade) -> Iterator[Library]:
    """A reader of some photos in some lists."""
    library.add(pictures(SIZE))
    cluster(library, NLIST)
    with Library(library.folder, Settings()) as reader:
        yield reader


def nprobe_of(opened: Library, **asked: object) -> int:
    return opened.search(Query(photo_ids=(1,), **asked)).nprobe  # type: ignore[arg-type]


def test_the_default_is_the_cheapest_that_reaches_the_wanted_recall(library: Handmade, opened: Library) -> None:
    by_rule = rule.default_nprobe(NLIST, SIZE)
    assert opened.accuracy() is None
    assert nprobe_of(opened) == opened.index_shape().default_nprobe == by_rule
    write_accuracy(library.folder, accuracy_of(library, {1: 0.5, 2: 0.97, 4: 0.985, 32: 1.0}))
    assert nprobe_of(opened) == opened.index_shape().default_nprobe == 4
    with Library(library.folder, Settings(default_recall=0.9)) as easier:
        assert nprobe_of(easier) == easier.index_shape().default_nprobe == 2
    write_accuracy(library.folder, accuracy_of(library, {1: 0.5, 2: 0.6, 4: 0.7, 32: 0.9}))
    assert nprobe_of(opened) == 32
    assert nprobe_of(opened, nprobe=3) == 3
    (library.folder / ACCURACY_FILE).unlink()
    assert nprobe_of(opened) == by_rule


def test_what_was_measured_of_another_index_counts_nothing(library: Handmade, opened: Library) -> None:
    write_accuracy(library.folder, accuracy_of(library, {1: 1.0, 32: 1.0}))
    assert nprobe_of(opened) == 1
    cluster(library, NLIST)
    assert opened.accuracy() is None
    assert nprobe_of(opened) == rule.default_nprobe(NLIST, SIZE)


def test_the_file_is_read_again_only_when_it_changes(
    library: Handmade, opened: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_accuracy(library.folder, accuracy_of(library, {2: 0.99, 32: 1.0}))
    assert nprobe_of(opened) == 2
    reads: list[object] = []
    monkeypatch.setattr("photofind.core.searching.calibrated.read_accuracy", reads.append)
    assert [nprobe_of(opened) for _ in range(3)] == [2, 2, 2]
    assert reads == []


def test_a_recall_can_be_asked_for(library: Handmade, opened: Library) -> None:
    with pytest.raises(QueryError, match="photofind evaluate"):
        opened.nprobe_for(0.5)
    write_accuracy(library.folder, accuracy_of(library, {1: 0.5, 8: 0.9, 32: 0.99}))
    assert [opened.nprobe_for(recall) for recall in (0, 0.5, 0.51, 0.9, 0.99)] == [1, 1, 8, 8, 32]
    assert opened.nprobe_for(0.995) is None


@pytest.mark.parametrize("photos", [0, 1, 3])
def test_a_recall_can_be_asked_for_where_every_photo_is_compared_anyway(library: Handmade, photos: int) -> None:
    if photos:
        library.add(pictures(photos))
    with Library(library.folder, Settings()) as opened:
        assert opened.nprobe_for(0.9) is None


def test_candidates_and_alpha_are_those_of_the_settings(library: Handmade) -> None:
    library.add(pictures(SIZE))
    cluster(library, NLIST)

    def hits(settings: Settings) -> list[tuple[int, float]]:
        with Library(library.folder, settings) as opened:
            found = opened.search(Query(photo_ids=(1,), expand=True, nprobe=NLIST, limit=20)).hits
        return [(hit.photo_id, round(hit.score, 6)) for hit in found]

    usual = hits(Settings())
    assert hits(Settings(expansion_alpha=0.0)) != usual
    assert hits(Settings(rerank_candidates=64)) == usual


# What an answer lacked


def lacking(opened: Library, query: Query, found: Collection[int], control: Control | None = None) -> list[int] | None:
    check = opened.check_exactly(query, found, control or Control())
    return [hit.photo_id for hit in check.missed] if check is not None else None


def test_what_a_fast_search_missed(opened: Library) -> None:
    query = Query(photo_ids=(7,), limit=40, nprobe=1)
    found = [hit.photo_id for hit in opened.search(query).hits]
    truth = [hit.photo_id for hit in opened.search(Query(photo_ids=(7,), limit=40, exact=True)).hits]
    missed = [photo_id for photo_id in truth if photo_id not in found]
    assert missed
    check = opened.check_exactly(query, found, Control())
    assert check is not None
    assert check.nearest == 40
    assert [hit.photo_id for hit in check.missed] == missed
    assert check.elapsed_ms > 0
    assert lacking(opened, query, truth) == []
    assert lacking(opened, query, truth[:-2]) == truth[-2:]


def test_no_more_than_the_hundred_nearest_are_missed(opened: Library) -> None:
    query = Query(photo_ids=(7,), limit=500)
    check = opened.check_exactly(query, [], Control())
    assert check is not None
    assert (check.nearest, len(check.missed)) == (100, 100)


def test_a_small_library_is_all_there_is(library: Handmade) -> None:
    library.add(pictures(5))
    with Library(library.folder, Settings()) as opened:
        check = opened.check_exactly(Query(photo_ids=(1,)), [1, 2], Control())
        assert check is not None
        assert check.nearest == 5
        assert {hit.photo_id for hit in check.missed} == {3, 4, 5}


def test_an_empty_library_misses_nothing(library: Handmade) -> None:
    with Library(library.folder, Settings()) as opened:
        check = opened.check_exactly(Query(images=("/nowhere.jpg",)), [], Control())
        assert check is not None
        assert (check.nearest, check.missed) == (0, ())


def test_filters_and_the_photo_itself_are_left_out_as_in_the_search(opened: Library) -> None:
    query = Query(photo_ids=(7,), limit=30, exclude_query=True, filters=Filters(names=("1",)))
    truth = [hit.photo_id for hit in opened.search(replace(query, exact=True)).hits]
    assert 7 not in truth
    assert lacking(opened, query, []) == truth
    assert lacking(opened, query, truth) == []
    nothing = Query(photo_ids=(7,), filters=Filters(names=("no such name",)))
    assert lacking(opened, nothing, []) == []
    assert lacking(opened, Query(filters=Filters(folders=(FOLDER,)), limit=3), []) is not None


def test_words_are_checked_too(opened: Library) -> None:
    """These photos' pack knows no words: what files are named is all there is, and nothing of that is missed."""
    query = Query(words=("name:77",), limit=50)
    found = [hit.photo_id for hit in opened.search(query).hits]
    assert found
    assert lacking(opened, query, found) == []


def test_copies_of_a_photo_that_was_found_are_not_missed(library: Handmade) -> None:
    one, *others = pictures(50)
    library.put({"one.jpg": one, "copy.jpg": one, **{f"{p.number}.jpg": p for p in others}})
    ids = {name: library.photo_id(name) for name in ("one.jpg", "copy.jpg")}
    with Library(library.folder, Settings()) as opened:
        query = Query(photo_ids=(ids["one.jpg"],), limit=5)
        assert not {ids["one.jpg"], ids["copy.jpg"]} & set(lacking(opened, query, [ids["copy.jpg"]]) or ())
        assert set(ids.values()) <= set(lacking(opened, query, []) or ())


def test_of_equally_near_photos_none_is_missed(library: Handmade) -> None:
    near, same = unit_vectors(2, 3)
    library.add([Picture(0, near), *(Picture(number, same) for number in range(1, 60))])
    with Library(library.folder, Settings()) as opened:
        some = [library.photo_id(f"{number}.jpg") for number in range(30, 40)]
        assert lacking(opened, Query(photo_ids=(some[0],), limit=10), some) == []
        by_near = Query(photo_ids=(library.photo_id("0.jpg"),), limit=10)
        assert lacking(opened, by_near, some) == [library.photo_id("0.jpg")]


def test_a_check_that_nobody_waits_for_ends_soon(opened: Library) -> None:
    control = Control()
    control.stop()
    assert lacking(opened, Query(photo_ids=(7,)), [], control) is None


def test_a_check_ends_between_blocks(opened: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.vectors.snapshot._EXACT_BLOCK", 100)
    control = Control()
    from photofind.core.vectors.rows import RowReader

    blocks = RowReader.blocks
    read: list[int] = []

    def watched(reader: RowReader, first: int, end: int, size: int, *, verified: bool) -> Iterator[tuple[int, object]]:
        for start, rows in blocks(reader, first, end, size, verified=verified):
            read.append(start)
            control.stop()
            yield start, rows

    monkeypatch.setattr(RowReader, "blocks", watched)
    assert lacking(opened, Query(photo_ids=(7,)), [], control) is None
    assert len(read) == 1


def test_impossible_queries_are_refused(opened: Library) -> None:
    with pytest.raises(QueryError):
        opened.check_exactly(Query(), [], Control())
    with pytest.raises(QueryError):
        opened.check_exactly(Query(photo_ids=(10**9,)), [], Control())


def test_the_stored_photo_is_found_by_its_path_too(opened: Library) -> None:
    path = os.path.join(FOLDER, "7.jpg")
    assert lacking(opened, Query(images=(path,), limit=3), []) is not None
    assert np.isfinite(opened.index_shape().vectors)
