from __future__ import annotations

import logging
import math
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import photofind.core.catalog.pairs as pairs_module
from photofind.core.catalog.history import Moment
from photofind.core.catalog.page_sums import sums_file
from photofind.core.catalog.pair_file import set_aside
from photofind.core.catalog.pair_rows import CODES, VERDICTS, Candidates, HashColumns, PairColumns, inverted
from photofind.core.catalog.pairs import JoinProgress, PairStore
from photofind.core.errors import LibraryBusyError, LibraryDamagedError, LibraryVersionError, StorageError
from photofind.core.evidence import Evidence, Pair, Verdict
from photofind.core.records import ContentId

_PACK = "pack/1"
_ALL_KNOWN = Evidence(
    Verdict.CROPPED,
    0.987654,
    0.912345,
    37,
    6,
    214,
    0.75,
    0.031,
    (0.5, 0.25, 0.125, -0.25, 0.5, 0.0625),
    ("mirrored", "grey"),
)


def _pair(first: int, second: int, evidence: Evidence = _ALL_KNOWN) -> Pair:
    return Pair(ContentId(first), ContentId(second), evidence)


def _scored(first: int, second: int, score: float, verdict: Verdict = Verdict.RESIZED) -> Pair:
    return _pair(first, second, Evidence(verdict, score))


def _candidates(*pairs: tuple[int, int], similarity: float = 0.9) -> Candidates:
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    return Candidates(first, second, np.full(len(pairs), similarity, np.float32))


def _waiting(store: PairStore, limit: int = 100, pack: str = _PACK) -> list[tuple[int, int]]:
    found = store.pending(pack, limit)
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


def _stored(store: PairStore, pack: str = _PACK) -> list[tuple[int, int]]:
    found = store.columns(pack)
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


def _hashes(ids: Sequence[int], seed: int = 1) -> HashColumns:
    rng = np.random.default_rng(seed)
    has_inner = np.array([content % 2 == 0 for content in ids], np.bool_)
    inner = rng.integers(0, 256, (len(ids), 32), np.uint8)
    inner[~has_inner] = 0
    return HashColumns(
        np.array(ids, np.int64),
        rng.integers(0, 256, (len(ids), 32), np.uint8),
        inner,
        has_inner,
        np.array([content % 3 == 0 for content in ids], np.bool_),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "duplicates.db"


@pytest.fixture
def store(path: Path) -> Iterator[PairStore]:
    with PairStore.open(path, writable=True) as opened:
        yield opened


# Hashes


@pytest.mark.parametrize("block", [2, 3, 100])
def test_hashes_come_back_in_the_order_of_contents(
    block: int, store: PairStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs_module, "_BLOCK", block)
    put = _hashes([9, 2, 1 << 33, 4])
    store.put_hashes(put)
    order = np.argsort(put.ids)
    found = store.hashes()
    for name in ("ids", "hashes", "inner", "has_inner", "plain"):
        np.testing.assert_array_equal(getattr(found, name), getattr(put, name)[order], strict=True)
    assert store.hashed().tolist() == [2, 4, 9, 1 << 33]
    some = store.hashes_of([4, 5, 9])
    assert {content: each.tobytes() for content, each in some.items()} == {
        4: put.hashes[3].tobytes(),
        9: put.hashes[0].tobytes(),
    }


def test_hashes_are_replaced(store: PairStore) -> None:
    store.put_hashes(_hashes([1, 2], seed=1))
    store.put_hashes(_hashes([2, 3], seed=2))
    assert store.hashes_of([2])[ContentId(2)].tobytes() == _hashes([2, 3], seed=2).hashes[0].tobytes()
    assert len(store.hashes()) == 3


def test_an_empty_store_is_empty(store: PairStore) -> None:
    assert len(store.hashes()) == 0
    assert store.hashes().inner.shape == (0, 32)
    assert store.hashed().tolist() == []
    assert len(store.columns(_PACK)) == 0
    assert len(store.pending(_PACK, 10)) == 0
    assert store.count_pending(_PACK) == 0
    assert store.progress(_PACK) == JoinProgress(0, 0)
    assert store.evidence(_PACK, ContentId(1), ContentId(2)) is None
    assert [column.tolist() for column in store.apart(_PACK)] == [[], []]
    store.drop_other_packs(_PACK)


# Candidates


def test_candidates_and_progress_are_one_transaction(store: PairStore, path: Path) -> None:
    assert store.put_candidates(_PACK, _candidates((1, 2), (1, 3)), progress=JoinProgress(7, 3)) == 2
    broken = _candidates((2, 3))
    broken = Candidates(broken.first, np.array([3, 4], np.int64), broken.similarity)
    with pytest.raises(ValueError, match="zip"):
        store.put_candidates(_PACK, broken, progress=JoinProgress(9, 9))
    with PairStore.open(path, writable=False) as reader:
        assert reader.progress(_PACK) == JoinProgress(7, 3)
        assert _waiting(reader) == [(1, 2), (1, 3)]


def test_candidates_are_taken_in_order_and_only_once(store: PairStore) -> None:
    store.put_candidates(_PACK, _candidates((5, 9), (1, 4)))
    assert store.put_candidates(_PACK, _candidates((1, 4), (1, 3))) == 1
    assert _waiting(store) == [(1, 3), (1, 4), (5, 9)]
    assert _waiting(store, limit=2) == [(1, 3), (1, 4)]
    assert store.count_pending(_PACK) == 3
    store.settle(_PACK, [_scored(1, 3, 0.9)], [(5, 9)])
    assert _waiting(store) == [(1, 4)]
    assert _stored(store) == [(1, 3)]
    assert store.put_candidates(_PACK, _candidates((1, 3), (5, 9))) == 1  # a pair with evidence does not come back


def test_similarities_may_be_unknown_and_negative(store: PairStore) -> None:
    similarity = np.array([math.nan, -0.25, 0.876543], np.float32)
    store.put_candidates(_PACK, Candidates(np.array([1, 2, 3]), np.array([4, 5, 6]), similarity))
    found = store.pending(_PACK, 9).similarity
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, similarity, atol=1e-6)


def test_links_that_are_nothing_are_not_asked_again(store: PairStore) -> None:
    store.put_candidates(_PACK, _candidates((1, 2)))
    store.put_candidates(_PACK, _candidates((3, 4), (5, 6)), links=True)
    store.settle(_PACK, [_scored(5, 6, 0.9)], [(1, 2), (3, 4)])
    assert [column.tolist() for column in store.apart(_PACK)] == [[3], [4]]
    assert store.put_candidates(_PACK, _candidates((1, 2), (3, 4), (5, 6)), links=True) == 1
    assert _waiting(store) == [(1, 2)]


_KILLED = """
import os, sys
import numpy as np
from pathlib import Path
from photofind.core.catalog.pair_rows import Candidates
from photofind.core.catalog.pairs import JoinProgress, PairStore
from photofind.core.evidence import Evidence, Pair, Verdict
store = PairStore.open(Path(sys.argv[1]), writable=True)
several = np.arange(1, 101)
found = Candidates(several, several + 1000, np.ones(100, np.float32))
store.put_candidates("pack/1", found, progress=JoinProgress(42, 0))
found = store.pending("pack/1", 10)
evidence = Evidence(Verdict.EDITED, 0.9)
store.settle("pack/1", [Pair(int(a), int(b), evidence) for a, b in zip(found.first, found.second)])
store._sql.execute("BEGIN IMMEDIATE")
store._sql.execute("DELETE FROM pending")
os._exit(1)
"""


def test_a_killed_run_goes_on_where_it_was(path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False).returncode == 1
    with PairStore.open(path, writable=True) as store:
        assert store.progress(_PACK) == JoinProgress(42, 0)
        assert store.count_pending(_PACK) == 90
        assert _waiting(store, limit=1) == [(11, 1011)]
        assert len(_stored(store)) == 10


# Pairs


def test_evidence_comes_back_whole(store: PairStore) -> None:
    bare = Evidence(Verdict.SAME_PICTURE, 1.0)
    store.settle(_PACK, [_pair(1, 2), _pair(2, 3, bare), _pair(1, 9)])
    assert store.evidence(_PACK, ContentId(1), ContentId(2)) == _ALL_KNOWN
    assert store.evidence(_PACK, ContentId(2), ContentId(3)) == bare
    assert store.evidence(_PACK, ContentId(3), ContentId(9)) is None
    assert store.evidence("another", ContentId(1), ContentId(2)) is None
    store.settle(_PACK, [_pair(1, 2, bare)])
    assert store.evidence(_PACK, ContentId(1), ContentId(2)) == bare


def test_evidence_is_told_from_either_side(store: PairStore) -> None:
    store.settle(_PACK, [_pair(1, 2), _pair(2, 3)])
    turned = store.evidence(_PACK, ContentId(2), ContentId(1))
    assert turned == inverted(_ALL_KNOWN)
    assert turned is not None
    assert turned.orientation == 8
    assert store.evidence_for(_PACK, ContentId(2), [1, 3, 4]) == {1: turned, 3: _ALL_KNOWN}


def test_numbers_of_numpy_are_numbers(store: PairStore) -> None:
    evidence = Evidence(Verdict.EDITED, np.float32(0.5), hash_distance=np.int64(3), matches=np.int32(9))  # type: ignore[arg-type]
    store.settle(_PACK, [Pair(ContentId(np.int64(1)), ContentId(np.int64(2)), evidence)])  # type: ignore[arg-type]
    assert store.evidence(_PACK, ContentId(1), ContentId(2)) == Evidence(
        Verdict.EDITED, 0.5, hash_distance=3, matches=9
    )


@pytest.mark.parametrize("block", [1, 2, 100])
def test_columns_hold_what_is_asked_for(block: int, store: PairStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_BLOCK", block)
    found = [
        _scored(2, 3, 0.97),
        _scored(1, 9, 0.969999),
        _scored(1, 4, 0.2, Verdict.SIMILAR),
        _scored(5, 6, 1.0, Verdict.SAME_PICTURE),
        _scored(2, 1 << 33, 0.99, Verdict.EDITED),
    ]
    store.settle(_PACK, found)
    ordered = sorted(found, key=lambda pair: (pair.first, pair.second))
    _assert_same(store.columns(_PACK), PairColumns.of(ordered))
    _assert_same(store.columns(_PACK, minimum=0.97), PairColumns.of([p for p in ordered if p.evidence.score >= 0.97]))
    some = store.columns(_PACK, minimum=0.98, always=[Verdict.SIMILAR])
    assert [VERDICTS[code] for code in some.verdict.tolist()] == [
        Verdict.SIMILAR,
        Verdict.EDITED,
        Verdict.SAME_PICTURE,
    ]


def _assert_same(one: PairColumns, other: PairColumns) -> None:
    for name in ("first", "second", "score", "verdict"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)


def test_stored_codes_of_verdicts_stay_what_they_are() -> None:
    assert [verdict.value for verdict in VERDICTS] == [
        "same file",
        "same picture",
        "re-encoded",
        "resized",
        "cropped",
        "edited",
        "similar shot",
    ]
    assert CODES[Verdict.SIMILAR] == 6


def test_packs_keep_their_pairs_apart(store: PairStore) -> None:
    for pack in ("one", "two"):
        store.put_candidates(pack, _candidates((1, 2), (3, 4)), progress=JoinProgress(5, 2))
        store.settle(pack, [_scored(1, 2, 0.9)])
    store.put_hashes(_hashes([1]))
    store.drop_other_packs("two")
    assert (_stored(store, "one"), _waiting(store, pack="one")) == ([], [])
    assert store.progress("one") == JoinProgress()
    assert (_stored(store, "two"), _waiting(store, pack="two")) == ([(1, 2)], [(3, 4)])
    assert store.progress("two") == JoinProgress(5, 2)
    assert len(store.hashes()) == 1


def test_cleared_is_as_new(store: PairStore) -> None:
    store.put_hashes(_hashes([1]))
    store.set_moment(Moment("one", 3))
    assert store.moment() == Moment("one", 3)
    store.set_progress(_PACK, JoinProgress(4, 1))
    store.settle(_PACK, [_scored(1, 2, 0.9)])
    store.clear()
    assert (len(store.hashes()), _stored(store), store.moment()) == (0, [], None)
    assert store.progress(_PACK) == JoinProgress()


def test_the_tables_are_searched_by_index(store: PairStore) -> None:
    for column in ("first", "second"):
        gone = "IN (SELECT value FROM json_each('[1]'))"
        plan = store._sql.execute(
            f"EXPLAIN QUERY PLAN DELETE FROM pairs WHERE pack_id = 1 AND {column} {gone}"
        ).fetchall()
        assert any(f"pack_id=? AND {column}=?" in row[3] for row in plan)


# The other way round


_shares = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))


@settings(max_examples=200, deadline=None)
@given(st.tuples(_shares, _shares, _shares, _shares, _shares, _shares), st.integers(1, 8))
def test_inverted_twice_is_as_it_was(
    placement: tuple[float, float, float, float, float, float], orientation: int
) -> None:
    a, b, c, d, e, f = placement
    evidence = replace(_ALL_KNOWN, placement=placement, orientation=orientation)
    once = inverted(evidence)
    assert replace(inverted(once), placement=None) == replace(evidence, placement=None)
    if abs(a * e - b * d) < 1e-3:
        return
    assert once.placement is not None
    # A point goes there and back.
    x, y = 0.3, 0.8
    there = (a * x + b * y + c, d * x + e * y + f)
    p = once.placement
    back = (p[0] * there[0] + p[1] * there[1] + p[2], p[3] * there[0] + p[4] * there[1] + p[5])
    assert back == pytest.approx((x, y), abs=1e-6)
    assert inverted(once).placement == pytest.approx(placement, abs=1e-6)


_Grid = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
_TURNS: dict[int, Callable[[_Grid], _Grid]] = {
    1: lambda grid: grid,
    2: np.fliplr,
    3: lambda grid: np.rot90(grid, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda grid: np.rot90(grid, -1),
    7: lambda grid: np.rot90(grid, 2).T,
    8: np.rot90,
}
"""What EXIF's orientations ask for."""


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turn_and_its_inverse_cancel_each_other(orientation: int) -> None:
    turned_back = inverted(Evidence(Verdict.EDITED, 0.9, orientation=orientation)).orientation
    picture = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(_TURNS[turned_back](_TURNS[orientation](picture)), picture)


def test_a_map_that_flattens_has_no_inverse() -> None:
    assert inverted(replace(_ALL_KNOWN, placement=(1.0, 1.0, 0.0, 1.0, 1.0, 0.0))).placement is None


# The file


def test_one_writes_and_others_read(path: Path) -> None:
    with PairStore.open(path, writable=True) as writer, PairStore.open(path, writable=False) as reader:
        with pytest.raises(LibraryBusyError, match="just now"):
            PairStore.open(path, writable=True)
        assert _stored(reader) == []
        writer.settle(_PACK, [_scored(1, 2, 0.9)])
        assert _stored(reader) == [(1, 2)]
        with pytest.raises(StorageError):
            reader.settle(_PACK, [_scored(1, 3, 0.9)])
    PairStore.open(path, writable=True).close()


def test_what_cannot_be_opened_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "duplicates.db"
    path.mkdir()
    with pytest.raises(StorageError):
        PairStore.open(path, writable=True)
    path.rmdir()
    PairStore.open(path, writable=True).close()


def test_a_missing_folder_is_the_disks_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        PairStore.open(tmp_path / "gone" / "duplicates.db", writable=True)
    assert not (tmp_path / "gone").exists()  # it may be where a disk is mounted


def test_a_reader_says_that_nobody_has_looked_yet(path: Path) -> None:
    with pytest.raises(StorageError, match="look for them first"):
        PairStore.open(path, writable=False)
    assert not path.exists()


def _newer(path: Path) -> None:
    PairStore.open(path, writable=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is no database" * 400)


def _another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pairs (name TEXT)")


def _lost_table(path: Path) -> None:
    PairStore.open(path, writable=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE pending")


@pytest.mark.parametrize("damage", [_newer, _no_database, _another_database, _lost_table])
def test_a_useless_file_is_set_aside_by_the_writer(
    damage: object, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(damage)
    damage(path)
    with pytest.raises((LibraryVersionError, LibraryDamagedError), match=r"duplicates\.db"):
        PairStore.open(path, writable=False)
    with caplog.at_level(logging.WARNING), PairStore.open(path, writable=True) as store:
        store.settle(_PACK, [_scored(1, 2, 0.9)])
        assert _stored(store) == [(1, 2)]
    assert "made anew" in caplog.text
    assert path.with_name("duplicates.db.damaged").exists()


def test_damage_in_the_middle_is_told_and_can_be_set_aside(path: Path) -> None:
    with PairStore.open(path, writable=True) as store:
        store.settle(_PACK, [_pair(first, 50_000) for first in range(1, 5000)])
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4
    content[middle : middle + 40_960] = b"\x5a" * 40_960
    path.write_bytes(content)
    sums_file(path).unlink()  # as a killed writer leaves it: who opens it notices nothing yet
    with PairStore.open(path, writable=False) as store, pytest.raises(LibraryDamagedError, match="remove that file"):
        store.columns(_PACK)
    set_aside(path)
    with PairStore.open(path, writable=True) as store:
        assert _stored(store) == []


def test_a_full_disk_is_told_as_one(store: PairStore) -> None:
    store._sql.execute("PRAGMA max_page_count = 30")
    with pytest.raises(StorageError, match="full"):
        store.settle(_PACK, [_pair(first, 90_000) for first in range(1, 9000)])
    assert _stored(store) == []
