"""The index against brute force, at every size around its thresholds."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from photofind.core.indexing.run import Stopped
from photofind.core.vectors import IndexSnapshot, rule
from photofind.core.vectors.rows import RowReader
from tests.support.handmade import DIMENSION, Handmade, Picture, Vectors, name_of, pictures, unit_vectors


def queries(count: int = 12) -> Vectors:
    return unit_vectors(count, 99)


def brute_force(vectors: Vectors, query: Vectors, k: int) -> list[int]:
    best: list[int] = np.lexsort((np.arange(len(vectors)), -(vectors @ query)))[:k].tolist()
    return best


@pytest.mark.parametrize("size", [0, 1, 5, 1023, 1024, 5_000, 30_000])
def test_answers_equal_brute_force_at_any_size(size: int, library: Handmade) -> None:
    photos = pictures(size)
    if photos:
        library.add(photos)
    library.upkeep.run()
    state = library.state()
    assert (state.epoch is not None) == (size >= rule.MIN_SEALED)
    snapshot = library.snapshot()
    assert snapshot.nlist == (256 if size > 10_000 else 1)
    assert snapshot.live == size
    vectors = np.array([photo.embedding for photo in photos], np.float32).reshape(size, DIMENSION)
    hits = 0
    for query in queries():
        vids, scores = snapshot.search_exactly(query, 10)
        best = brute_force(vectors, query, 10)
        assert vids.tolist() == best
        assert np.allclose(scores, vectors[best] @ query, atol=1e-6)
        assert snapshot.search(query, 10, snapshot.nlist)[0].tolist() == best
        found = snapshot.search(query, 10, rule.default_nprobe(snapshot.nlist, size))[0].tolist()
        hits += len(set(found) & set(best))
    assert hits >= 0.95 * len(queries()) * min(size, 10)


def test_a_photo_is_found_by_its_own_vector_with_one_probe(library: Handmade) -> None:
    photos = pictures(11_000)
    library.add(photos)
    library.upkeep.run()
    snapshot = library.snapshot()
    assert snapshot.nlist == 128
    for vid in range(0, 11_000, 500):
        vids, scores = snapshot.search(photos[vid].embedding, 1, 1)
        assert vids.tolist() == [vid]
        assert scores[0] == pytest.approx(1, abs=1e-3)
        assert snapshot.rows([vid]).tolist() == [photos[vid].embedding.tolist()]


def test_more_hits_than_photos_and_more_probes_than_lists(library: Handmade) -> None:
    library.add(pictures(1500))
    library.upkeep.run()
    library.add(pictures(40, seed=1, first=1500))
    query = queries()[0]
    snapshot = library.snapshot()
    for vids, scores in (
        snapshot.search(query, 100_000, 999),
        snapshot.search_exactly(query, 100_000),
    ):
        assert sorted(vids.tolist()) == list(range(1540))
        assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("size", [50, 3000])
def test_a_query_that_is_no_number_finds_nothing_wrong(size: int, library: Handmade) -> None:
    library.add(pictures(size))
    library.upkeep.run()
    snapshot = library.snapshot()
    query = np.full(DIMENSION, np.nan, np.float32)
    assert len(snapshot.search(query, 5, 1)[0]) <= 5
    assert len(snapshot.search_exactly(query, 5)[0]) <= 5
    assert snapshot.search(queries()[0], 5, 1)[0].size == 5


def test_the_dead_are_never_found_wherever_they_lie(library: Handmade) -> None:
    photos = pictures(3000)
    library.add(photos[:2500])
    library.upkeep.run()
    library.add(photos[2500:])
    dead = [*range(0, 300, 3), *range(2500, 2700)]
    library.remove([name_of(photos[number]) for number in dead])
    snapshot = library.snapshot()
    assert library.state().segments[-1].end_vid == 2500
    assert snapshot.live == 3000 - len(dead)
    for query in [*queries(), *(photos[number].embedding for number in dead[:10])]:
        for vids, _ in (snapshot.search(query, 3000, 1), snapshot.search_exactly(query, 3000)):
            assert len(vids) == 3000 - len(dead)
            assert not set(vids.tolist()) & set(dead)
        assert library.found(query, 10) == library.expected(query, 10)


def test_merging_drops_the_dead_and_changes_no_answer(library: Handmade) -> None:
    photos = pictures(4200)
    for start in range(0, 3900, 1300):
        library.add(photos[start : start + 1300])
        library.upkeep.run()
    assert [s.count for s in library.state().segments] == [1300, 1300, 1300]
    library.remove([name_of(photo) for photo in photos[0:1300:10]])  # too few to compact that segment
    before = [library.found(query, 50) for query in queries()]
    library.add(photos[3900:])
    library.upkeep.run(smallest_delta=300)
    segments = library.state().segments
    assert [(s.first_vid, s.end_vid, s.count) for s in segments] == [(0, 4200, 4070)]
    library.remove([name_of(photo) for photo in photos[3900:]])
    assert [library.found(query, 50) for query in queries()] == before


def test_compaction_rewrites_a_segment_of_many_dead_once(library: Handmade) -> None:
    photos = pictures(2000)
    library.add(photos)
    library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[:390]])
    library.upkeep.run()
    assert library.state().segments[0].count == 2000
    library.remove([name_of(photo) for photo in photos[390:500]])
    library.upkeep.run()
    compacted = library.state().segments
    assert [s.count for s in compacted] == [1500]
    library.upkeep.run()
    assert library.state().segments == compacted
    for query in queries():
        assert library.found(query, 20) == library.expected(query, 20)


def test_a_library_that_loses_everything_and_gets_new_photos(library: Handmade) -> None:
    photos = pictures(4000)
    library.add(photos[:2000])
    library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[:2000]])
    library.upkeep.run()
    library.upkeep.run()
    assert [s.count for s in library.state().segments] == [0]
    assert library.found(queries()[0], 10) == []
    library.add(photos[2000:])
    library.upkeep.run()
    assert sum(s.count for s in library.state().segments) == 2000
    for query in queries():
        assert library.found(query, 10) == library.expected(query, 10)


def test_many_dead_rows_do_not_stay_in_the_readers_memory(library: Handmade) -> None:
    """A small library whose photos are replaced all the time."""
    for round_ in range(17):
        photos = pictures(1000, seed=round_, first=1000 * round_)
        library.put({f"{i}.jpg": photo for i, photo in enumerate(photos)})
    assert library.snapshot().live == 1000
    library.upkeep.run()
    assert library.upkeep.delta_size() == 0
    for query in queries():
        assert library.found(query, 10) == library.expected(query, 10)


def test_a_library_that_outgrows_its_lists_is_trained_anew(library: Handmade) -> None:
    photos = pictures(14_000)
    library.add(photos[:2000])
    library.upkeep.run()
    first = library.state().epoch
    assert first is not None
    library.add(photos[2000:8000])
    library.upkeep.run()
    assert library.state().epoch == first  # four times as many are not more than four times
    library.add(photos[8000:8001])
    library.upkeep.run()
    second = library.state().epoch
    assert second is not None
    assert (second.id != first.id, second.nlist, second.trained_on) == (True, 1, 8001)
    library.add(photos[8001:])
    library.upkeep.run()
    third = library.state().epoch
    assert third is not None
    assert (third.nlist, third.trained_on) == (128, 14_000)
    library.upkeep.run()
    assert library.state().epoch == third
    assert [path.name for path in library.folder.glob("epoch-*")] == [f"epoch-{third.id}"]
    for query in queries():
        assert library.found(query, 10) == library.expected(query, 10)


def test_a_large_library_that_shrinks_keeps_its_answers(library: Handmade) -> None:
    photos = pictures(11_000)
    library.add(photos)
    library.upkeep.run()
    library.remove([name_of(photo) for photo in photos[100:]])
    for _ in range(2):
        library.upkeep.run()
        assert [s.count for s in library.state().segments] == [100]
        for query in queries():
            assert library.found(query, 10) == library.expected(query, 10)
            probed = rule.default_nprobe(256, 100)
            assert library.found(query, 10, probed) == library.expected(query, 10)


def test_an_old_view_goes_on_while_the_index_is_swapped(library: Handmade) -> None:
    photos = pictures(3000)
    library.add(photos)
    library.upkeep.run()
    old = library.snapshot()
    before = [old.search(query, 20, 1)[0].tolist() for query in queries()]
    library.remove([name_of(photo) for photo in photos[:1500]])
    library.upkeep.rebuild()
    assert len(list(library.folder.glob("epoch-*"))) == 1
    shutil.rmtree(next(library.folder.glob("epoch-*")))
    assert [old.search(query, 20, 1)[0].tolist() for query in queries()] == before


def test_a_view_never_sees_what_was_committed_later(library: Handmade) -> None:
    photos = pictures(30)
    library.add(photos[:20])
    snapshot = library.snapshot()
    library.add(photos[20:])
    library.remove([name_of(photos[0])])
    vids, _ = snapshot.search(photos[25].embedding, 100, 1)
    assert sorted(vids.tolist()) == list(range(20))


def test_comparing_with_all_can_be_stopped(library: Handmade) -> None:
    library.add(pictures(3000))
    library.upkeep.run()

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        library.snapshot().search_exactly(queries()[0], 10, check=stop)
    calls: list[None] = []
    library.snapshot().search_exactly(queries()[0], 10, check=lambda: calls.append(None))
    assert calls


def test_more_candidates_find_what_eight_bits_misplace(library: Handmade) -> None:
    """Neighbours so close together that the codes cannot tell them apart: only their rows can."""
    random = np.random.default_rng(5)
    centre = unit_vectors(1, 3)[0]
    near = centre + 8e-3 * random.standard_normal((2500, DIMENSION)).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    vectors = np.concatenate([near, unit_vectors(2500, 4)]).astype(np.float16).astype(np.float32)
    library.add(Picture(number, vector) for number, vector in enumerate(vectors))
    library.upkeep.run()
    best = set(brute_force(vectors, centre, 40))
    state = library.state()
    found = []
    with RowReader(library.row_path, DIMENSION, state.next_vid) as rows:
        for per_hit in (1, 4, 64):
            snapshot = IndexSnapshot(library.folder, rows, state, candidates_per_hit=per_hit)
            found.append(len(best & set(snapshot.search(centre, 40, snapshot.nlist)[0].tolist())))
    assert found == sorted(set(found)), "each finds more than the one before"
    assert found[-1] == 40
