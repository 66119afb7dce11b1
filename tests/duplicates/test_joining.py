"""The self-join of embeddings against comparing each with each, over real indices of every shape."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pytest

from photofind.core.duplicates import candidates, joining
from photofind.core.duplicates.joining import PairBlock, join
from photofind.core.vectors import IndexSnapshot
from photofind.core.vectors.rows import RowReader
from tests.support.handmade import DIMENSION, Handmade, Picture, Vectors, name_of, no_check, unit_vectors

FLOOR = 0.9
ALL = 1_000_000
Pairs = dict[tuple[int, int], float]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Handmade]:
    """An empty library open for writing."""
    made = Handmade(tmp_path / "library")
    yield made
    made.close()


def with_copies(count: int, seed: int = 0) -> Vectors:
    """Return unit vectors of which each fifth is close to one before it, at a cosine around 0.95."""
    random = np.random.default_rng(seed)
    vectors = unit_vectors(count, seed)
    copies = np.arange(4, count, 5)
    noise = 0.3 * random.standard_normal((len(copies), DIMENSION)) / DIMENSION**0.5
    vectors[copies] = vectors[random.integers(0, copies)] + noise
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def fill(library: Handmade, vectors: Vectors, first: int = 0) -> None:
    library.add([Picture(first + number, vector) for number, vector in enumerate(vectors)])


def blocks(snapshot: IndexSnapshot, *, since: int = 0, neighbours: int = ALL, floor: float = FLOOR) -> list[PairBlock]:
    rows: RowReader = snapshot._rows
    found = join(snapshot, rows, since=since, floor=floor, neighbours=neighbours, check=no_check)
    return list(found)


def pairs_of(found: list[PairBlock]) -> Pairs:
    pairs: Pairs = {}
    for block in found:
        assert (block.first < block.second).all()
        for first, second, score in zip(
            block.first.tolist(), block.second.tolist(), block.similarity.tolist(), strict=True
        ):
            assert (first, second) not in pairs
            pairs[first, second] = score
    return pairs


def brute_force(vectors: Vectors, dead: Collection[int] = ()) -> Pairs:
    pairs: Pairs = {}
    for start in range(0, len(vectors), 1_000):
        scores = vectors[start : start + 1_000] @ vectors.T
        for first, second in np.argwhere(np.triu(scores >= FLOOR, start + 1)).tolist():
            if first + start not in dead and second not in dead:
                pairs[first + start, second] = float(scores[first, second])
    return pairs


def assert_same(found: Pairs, expected: Pairs) -> None:
    assert found.keys() == expected.keys()
    for pair, score in expected.items():
        assert found[pair] == pytest.approx(min(score, 1), abs=1e-5)


@pytest.mark.parametrize("size", [0, 1, 2, 700, 1_023, 1_024, 3_000])
def test_small_libraries_are_joined_completely(size: int, library: Handmade) -> None:
    vectors = with_copies(size) if size else np.empty((0, DIMENSION), np.float32)
    if size:
        fill(library, vectors)
    library.upkeep.run()
    snapshot = library.snapshot()
    assert (snapshot.sealed_lists() is not None) == (size >= 1_024)
    assert_same(pairs_of(blocks(snapshot)), brute_force(vectors))


def test_an_index_of_many_lists_and_segments_with_a_delta(library: Handmade) -> None:
    vectors = with_copies(11_400)
    vectors[11_300:11_350] = vectors[11_200:11_250]
    fill(library, vectors[:10_050])
    library.upkeep.run()
    fill(library, vectors[10_050:11_200], 10_050)
    library.upkeep.run()
    fill(library, vectors[11_200:], 11_200)
    snapshot = library.snapshot()
    assert snapshot.nlist == 128
    assert len(snapshot.state.segments) > 1
    assert snapshot.sealed == 11_200
    found, expected = pairs_of(blocks(snapshot)), brute_force(vectors)
    assert found.keys() <= expected.keys()
    assert len(found) >= 0.98 * len(expected)
    assert_same(found, {pair: expected[pair] for pair in found})
    in_delta = {pair for pair in expected if pair[0] >= 11_200}
    assert in_delta
    assert in_delta <= found.keys()


def test_without_the_index_all_are_compared(library: Handmade) -> None:
    vectors = with_copies(2_000)
    fill(library, vectors)
    library.upkeep.run()
    snapshot = library.snapshot(use_index=False)
    assert snapshot.sealed == 0
    assert_same(pairs_of(blocks(snapshot)), brute_force(vectors))


def test_the_dead_are_in_no_pair_wherever_they_lie(library: Handmade) -> None:
    vectors = with_copies(3_000)
    fill(library, vectors[:2_500])
    library.upkeep.run()
    fill(library, vectors[2_500:], 2_500)
    dead = {*range(0, 400, 3), *range(2_500, 2_700)}
    library.remove([name_of(Picture(number, vectors[number])) for number in dead])
    assert_same(pairs_of(blocks(library.snapshot())), brute_force(vectors, dead))


@pytest.mark.parametrize("slab", [joining.SLAB, 700])
def test_a_join_in_steps_finds_what_one_join_finds(
    slab: int, library: Handmade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "SLAB", slab)
    monkeypatch.setattr(joining, "_BLOCK", 300)
    monkeypatch.setattr(joining, "_TILE", 5_000)
    monkeypatch.setattr(joining, "_SCORED_AT_ONCE", 64)
    vectors = with_copies(1_800)
    expected = brute_force(vectors)
    found: Pairs = {}
    joined = 0
    for end in (1_100, 1_100, 1_799, 1_800):
        if end > joined:
            fill(library, vectors[joined:end], joined)
            library.upkeep.run()
        new = blocks(library.snapshot(), since=joined)
        pairs = pairs_of(new)
        assert all(joined <= second < end for _, second in pairs)
        assert not found.keys() & pairs.keys()
        found |= pairs
        assert [block.joined for block in new] == [*range(joined + slab, end, slab), *([end] if end > joined else [])]
        joined = end
    assert_same(found, expected)


def test_bursts_are_bound_to_their_first(library: Handmade) -> None:
    burst = np.repeat(unit_vectors(1, 5), 1_500, axis=0)
    fill(library, np.concatenate([burst, unit_vectors(500, 6)]))
    library.upkeep.run()
    pairs = pairs_of(blocks(library.snapshot(), neighbours=4, floor=0.99))
    assert pairs.keys() == {(first, second) for second in range(1, 1_500) for first in range(min(4, second))}


def test_the_best_neighbours_are_kept(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_MOST_WAITING", 0)  # so that candidates are thrown out all the time
    monkeypatch.setattr(joining, "_BLOCK", 64)
    random = np.random.default_rng(7)
    spread = random.permutation(np.linspace(0.05, 0.5, 1_100))[:, None]
    vectors = (unit_vectors(1, 5) + spread * random.standard_normal((1_100, DIMENSION)) / 8).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    fill(library, vectors)
    library.upkeep.run()
    pairs = pairs_of(blocks(library.snapshot(), neighbours=8, floor=0.5))
    scores = vectors @ vectors.T
    for second in range(1, 1_100):
        mine = sorted((score for pair, score in pairs.items() if pair[1] == second), reverse=True)
        best = np.sort(scores[second, :second])[::-1][:8]
        assert np.allclose(mine, best, atol=2 / 1024)  # those alike to a thousandth count as equal


def test_damaged_rows_are_like_nothing(library: Handmade) -> None:
    vectors = with_copies(1_500)
    fill(library, vectors)
    library.upkeep.run()
    fill(library, with_copies(20, seed=9), 1_500)
    broken = {10, 700, 1_510}
    with library.row_path.open("r+b") as file:
        for vid in broken:
            file.seek(vid * DIMENSION * 2)
            file.write(np.full(DIMENSION, np.nan, "<f2").tobytes())
    pairs = pairs_of(blocks(library.snapshot()))
    expected = brute_force(np.concatenate([vectors, with_copies(20, seed=9)]), broken)
    assert_same(pairs, expected)


class StoppedError(Exception):
    pass


def test_it_can_be_stopped_and_resumed(library: Handmade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "SLAB", 500)
    vectors = with_copies(2_000)
    fill(library, vectors)
    library.upkeep.run()
    snapshot = library.snapshot()
    stop = False

    def check() -> None:
        if stop:
            raise StoppedError

    running = join(snapshot, snapshot._rows, since=0, floor=FLOOR, neighbours=ALL, check=check)
    done = [next(running), next(running)]
    stop = True
    with pytest.raises(StoppedError):
        next(running)
    assert done[-1].joined == 1_000
    rest = blocks(library.snapshot(), since=done[-1].joined)
    assert_same(pairs_of([*done, *rest]), brute_force(vectors))
