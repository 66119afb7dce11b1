"""The join of hashes against comparing each with each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from photofind.core.duplicates import hash_joining
from photofind.core.duplicates.hash_joining import (
    CERTAIN,
    MOST_ALIKE,
    MOST_EQUAL,
    MOST_PARTNERS,
    TABLES,
    join_hashes,
)
from photofind.core.duplicates.hashing import HASH_BITS, HASH_BYTES, Hashes, hash_distances, turned

Pairs = dict[tuple[int, int], tuple[int, int]]
"""(first, second) to (distance, orientation)."""


def no_check() -> None:
    """Never stop."""


def random_hashes(count: int, seed: int = 0) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)


def with_flips(hashes: Hashes, flips: npt.NDArray[np.int64], seed: int = 1) -> Hashes:
    """Turn ``flips[i]`` bits, at random, of the i-th hash."""
    places = np.random.default_rng(seed).random((len(hashes), HASH_BITS)).argsort(axis=1).argsort(axis=1)
    return np.packbits(np.unpackbits(hashes, axis=1) ^ (places < flips[:, None]), axis=1)


def joined(hashes: Hashes, *, since: int = 0, distance: int = 48) -> Pairs:
    found: Pairs = {}
    for firsts, seconds, bits, orientations in join_hashes(hashes, since=since, distance=distance, check=no_check):
        rows = zip(firsts.tolist(), seconds.tolist(), strict=True)
        for pair, what in zip(rows, zip(bits.tolist(), orientations.tolist(), strict=True), strict=True):
            assert pair not in found
            found[pair] = what
    return found


def brute_force(hashes: Hashes, distance: int) -> Pairs:
    found = {}
    for second in range(1, len(hashes)):
        earlier = hashes[:second]
        bits, orientations = hash_distances(earlier, np.broadcast_to(hashes[second], earlier.shape).copy())
        for first in np.flatnonzero(bits <= distance).tolist():
            found[first, second] = (int(bits[first]), int(orientations[first]))
    return found


def planted(count: int, flips: npt.NDArray[np.int64]) -> Hashes:
    """Return ``count`` hashes that have nothing in common, and a turned copy of each with some bits changed."""
    originals = random_hashes(count)
    copies = with_flips(originals, flips)
    for number in range(count):
        copies[number] = turned(copies[number], number % 8 + 1)
    return np.concatenate([originals, copies])


def test_the_parts_are_what_the_promise_needs() -> None:
    first = [byte for table in TABLES[: CERTAIN + 1] for byte in table]
    assert len(first) == len(set(first)) == 3 * (CERTAIN + 1)
    assert all(len(set(table)) == 3 and max(table) < HASH_BYTES for table in TABLES)


def test_every_pair_up_to_the_promise_is_found_in_any_orientation() -> None:
    hashes = planted(400, np.arange(400) % (CERTAIN + 1))
    found = joined(hashes)
    assert found == brute_force(hashes, 48)
    assert len(found) == 400


def test_most_of_those_that_differ_more_are_found_and_no_other_pair() -> None:
    hashes = planted(300, np.full(300, 20))
    found, true = joined(hashes), brute_force(hashes, 48)
    assert found.items() <= true.items()
    assert len(found) > 0.9 * len(true)


def test_the_distance_is_a_limit() -> None:
    hashes = planted(150, np.arange(150) % (CERTAIN + 1))
    assert joined(hashes, distance=4) == brute_force(hashes, 4)
    assert joined(hashes, distance=0) == brute_force(hashes, 0)


def test_a_join_in_steps_finds_what_one_join_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = planted(400, np.arange(400) % 16)
    hashes[500:520] = hashes[100]
    hashes = hashes[np.random.default_rng(4).permutation(len(hashes))]
    whole = joined(hashes)
    steps: Pairs = {}
    for since, end in ((0, 300), (300, 301), (301, 800)):
        more = joined(hashes[:end], since=since)
        assert all(since <= second < end for _, second in more)
        assert not steps.keys() & more.keys()
        steps |= more
    assert steps == whole
    monkeypatch.setattr(hash_joining, "_SLAB", 100)
    monkeypatch.setattr(hash_joining, "_COMPARED_AT_ONCE", 50)
    monkeypatch.setattr(hash_joining, "_MOST_WAITING", 20)
    assert joined(hashes) == whole


def test_plain_pictures_make_no_pairs() -> None:
    hashes = random_hashes(50)
    hashes[10:40] = 0
    assert joined(hashes) == {}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_hashes(count: int) -> None:
    hashes = np.repeat(random_hashes(1), count, axis=0)
    assert joined(hashes) == ({(0, 1): (0, 1)} if count == 2 else {})
    assert joined(hashes, since=count) == {}


def test_equal_hashes_hang_together_without_all_their_pairs() -> None:
    count = 10_000
    hashes = np.concatenate([random_hashes(5), np.repeat(random_hashes(1, seed=7), count, axis=0)])
    copy = with_flips(hashes[-1:], np.array([3]))
    found = joined(np.concatenate([hashes, copy]))
    assert {(5, second) for second in range(6, 5 + count)} <= found.keys()
    assert {(5 + number, 5 + count) for number in range(MOST_EQUAL)} <= found.keys()
    assert len(found) == count - MOST_EQUAL + MOST_EQUAL * (MOST_EQUAL - 1) // 2 + MOST_EQUAL


def test_nearly_equal_hashes_hang_together_without_all_their_pairs() -> None:
    count = 1_200
    hashes = with_flips(np.repeat(random_hashes(1), count, axis=0), np.random.default_rng(2).integers(0, 4, count))
    found = joined(hashes)
    partners = np.bincount([second for _, second in found], minlength=count)
    assert partners.max() <= MOST_PARTNERS
    assert partners[1:].min() >= 1
    in_first = sum(first < 2 * MOST_ALIKE for first, _ in found)
    assert in_first > 0.5 * len(found)


class StoppedError(Exception):
    pass


def test_it_can_be_stopped() -> None:
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise StoppedError

    blocks = join_hashes(planted(200, np.zeros(200, np.int64)), since=0, distance=48, check=check)
    with pytest.raises(StoppedError):
        list(blocks)
