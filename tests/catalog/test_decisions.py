from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photofind.core.catalog.decisions import DecisionStore, Label, Mark
from photofind.core.errors import LibraryDamagedError, LibraryVersionError, StorageError


def _hash(name: object) -> bytes:
    return hashlib.blake2b(str(name).encode(), digest_size=32).digest()


_A, _B, _C, _D = sorted(map(_hash, "abcd"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def store(path: Path) -> Iterator[DecisionStore]:
    with DecisionStore.open(path) as opened:
        yield opened


# Pairs


def test_rejected_pairs_have_no_order(store: DecisionStore) -> None:
    store.reject_pair(_B, _A)
    store.reject_pair(_A, _B)
    store.reject_pair(_C, _D)
    store.reject_pair(_A, _C)
    assert store.rejected_pairs() == [(_A, _B), (_A, _C), (_C, _D)]
    store.unreject_pair(_C, _A)
    store.unreject_pair(_A, _D)
    assert store.rejected_pairs() == [(_A, _B), (_C, _D)]


def test_many_pairs_are_rejected_as_one(store: DecisionStore) -> None:
    with pytest.raises(ValueError, match="two contents"):
        store.reject_pairs([(_A, _B), (_C, _C)])
    assert store.rejected_pairs() == []
    store.reject_pairs([(_D, _C), (_A, _B), (_B, _A)])
    assert store.rejected_pairs() == [(_A, _B), (_C, _D)]


def test_what_is_no_pair_is_a_bug(store: DecisionStore) -> None:
    with pytest.raises(ValueError, match="two contents"):
        store.reject_pair(_A, _A)
    with pytest.raises(ValueError, match="32 bytes"):
        store.reject_pair(_A, b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        store.set_mark(b"", "/a.jpg", Mark.KEEP)
    with pytest.raises(ValueError, match="without members"):
        store.dismiss_group([])
    assert store.rejected_pairs() == []


# Groups


def test_a_dismissed_group_hides_its_parts_until_it_is_taken_back(store: DecisionStore) -> None:
    group = store.dismiss_group([_A, _B, _C], "a series")
    assert store.is_dismissed([_C, _A, _B])
    assert store.is_dismissed([_A, _C])
    assert not store.is_dismissed([_A, _B, _C, _D])
    assert not store.is_dismissed([_D])
    assert not store.is_dismissed([])
    store.undismiss_group(group)
    assert not store.is_dismissed([_A, _B])
    assert store.dismissed_groups() == []


def test_one_more_copy_of_a_file_is_a_new_member(store: DecisionStore) -> None:
    store.dismiss_group([_A, _A, _B])
    assert store.is_dismissed([_A, _A])
    assert store.is_dismissed([_B, _A])
    assert not store.is_dismissed([_A, _A, _A])
    assert not store.is_dismissed([_A, _B, _B])


def test_the_same_group_is_dismissed_once(path: Path) -> None:
    store = DecisionStore.open(path)
    store._clock = lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    first = store.dismiss_group([_B, _A, _A], "first")
    assert store.dismiss_group([_A, _B, _A], "again") == first
    second = store.dismiss_group([_A, _B])
    found = store.dismissed_groups()
    assert [(each.id, each.hashes, each.note) for each in found] == [
        (first, (_A, _A, _B), "first"),
        (second, (_A, _B), ""),
    ]
    assert found[0].made_at == "2026-03-04T05:06:07+00:00"
    store.undismiss_group(second)
    assert store.dismiss_group([_C, _D]) > second  # an id is never used again: it would take back another group
    store.close()


@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(st.lists(st.sampled_from([_A, _B, _C, _D]), min_size=1, max_size=5), max_size=5),
    asked=st.lists(st.sampled_from([_A, _B, _C, _D]), min_size=1, max_size=5),
)
def test_hidden_is_what_is_part_of_one_dismissed_group(
    groups: list[list[bytes]], asked: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with DecisionStore.open(tmp_path_factory.mktemp("some") / "decisions.db") as store:
        for group in groups:
            store.dismiss_group(group)
        assert store.is_dismissed(asked) is any(Counter(asked) <= Counter(group) for group in groups)


def test_many_and_large_dismissed_groups(store: DecisionStore) -> None:
    large = [_hash(number) for number in range(10_000)]
    store.dismiss_group(large)
    assert store.is_dismissed(large[5:])
    assert not store.is_dismissed([*large, _A])
    assert store.dismissed_groups()[0].hashes == tuple(sorted(large))
    plan = store._sql.execute(
        "EXPLAIN QUERY PLAN SELECT group_id FROM dismissed_members WHERE hash = ? AND files >= ?", (_A, 1)
    ).fetchall()
    assert "hash=?" in plan[0][3]


# Marks


def test_marks_are_of_a_file_with_its_content(store: DecisionStore) -> None:
    store.set_mark(_A, "/photos/a.jpg", Mark.REMOVE)
    store.set_mark(_A, "/photos/copy of a.jpg", Mark.KEEP)
    store.set_mark(_B, "/photos/b.jpg", Mark.SKIP)
    assert store.marks() == {
        (_A, "/photos/a.jpg"): Mark.REMOVE,
        (_A, "/photos/copy of a.jpg"): Mark.KEEP,
        (_B, "/photos/b.jpg"): Mark.SKIP,
    }
    assert store.count_marks() == {Mark.KEEP: 1, Mark.REMOVE: 1, Mark.SKIP: 1}
    assert store.marks_of(["/photos/b.jpg", "/photos/none.jpg"]) == {(_B, "/photos/b.jpg"): Mark.SKIP}
    store.set_mark(_C, "/photos/b.jpg", Mark.KEEP)  # the file has another content now
    assert store.marks_of(["/photos/b.jpg"]) == {(_C, "/photos/b.jpg"): Mark.KEEP}
    store.set_mark(_B, "/photos/b.jpg", None)  # a window that has not seen that yet
    assert store.marks_of(["/photos/b.jpg"]) == {(_C, "/photos/b.jpg"): Mark.KEEP}
    store.set_mark(_C, "/photos/b.jpg", None)
    assert store.marks_of(["/photos/b.jpg"]) == {}
    store.clear_marks()
    assert store.marks() == {}
    assert store.count_marks() == dict.fromkeys(Mark, 0)


def test_many_marks_are_set_as_one_and_the_last_word_counts(store: DecisionStore) -> None:
    store.set_marks([(_A, "/a", Mark.KEEP), (_B, "/b", Mark.KEEP), (_A, "/a", Mark.REMOVE), (_B, "/b", None)])
    assert store.marks() == {(_A, "/a"): Mark.REMOVE}
    with pytest.raises(ValueError, match="32 bytes"):
        store.set_marks([(_A, "/a", Mark.SKIP), (b"", "/b", Mark.SKIP)])
    assert store.marks() == {(_A, "/a"): Mark.REMOVE}
    store.set_marks((_hash(number), f"/{number}", Mark.SKIP) for number in range(2000))
    assert len(store.marks()) == 2001
    assert len(store.marks_of([f"/{number}" for number in range(1500)])) == 1500


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_paths_that_are_no_unicode(store: DecisionStore) -> None:
    path = os.fsdecode(b"/photos/\xff\xfe.jpg")
    store.set_mark(_A, path, Mark.KEEP)
    assert store.marks() == store.marks_of([path]) == {(_A, path): Mark.KEEP}


_KILLED = """
import os, sys
from pathlib import Path
from photofind.core.catalog.decisions import DecisionStore, Mark
store = DecisionStore.open(Path(sys.argv[1]))
store.set_mark(bytes(32), "/kept.jpg", Mark.KEEP)
store._sql.execute("BEGIN IMMEDIATE")
store._sql.execute("DELETE FROM marks")
os._exit(1)
"""


def test_a_mark_survives_a_killed_program(path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False).returncode == 1
    with DecisionStore.open(path) as store:
        assert store.marks() == {(bytes(32), "/kept.jpg"): Mark.KEEP}
        assert store._sql.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL: a power cut loses nothing either


# Labels and state


def test_the_last_label_of_a_pair_counts(store: DecisionStore) -> None:
    store.add_label(_B, _A, is_copy=True, score=0.5)
    store.add_label(_A, _B, is_copy=False, score=0.625)
    store.add_label(_C, _D, is_copy=True, score=0.75)
    assert store.labels() == [Label((_A, _B), is_copy=False, score=0.625), Label((_C, _D), is_copy=True, score=0.75)]
    store.clear_labels()
    assert store.labels() == []


def test_where_the_review_was_left(store: DecisionStore) -> None:
    assert store.state("group") is None
    store.set_state("group", "abc")
    store.set_state("group", "def")
    assert store.state("group") == "def"
    store.set_state("group", None)
    assert store.state("group") is None


# Several at once


def test_counters_tell_a_window_what_another_one_did(path: Path) -> None:
    with DecisionStore.open(path) as one, DecisionStore.open(path) as other:
        before = one.revision()
        other.set_mark(_A, "/a", Mark.KEEP)
        assert (one.revision().marks, one.revision().groups) == (before.marks + 1, before.groups)
        group = other.dismiss_group([_A, _B])
        other.reject_pair(_A, _B)
        other.unreject_pair(_A, _B)
        other.undismiss_group(group)
        other.clear_marks()
        other.add_label(_A, _B, is_copy=True, score=0.5)
        other.set_state("group", "abc")
        after = one.revision()
        assert after == other.revision()
        assert (after.groups, after.marks, after.labels) == (
            before.groups + 4,
            before.marks + 2,
            before.labels + 1,
        )


_WRITER = """
import hashlib, sys
from pathlib import Path
from photofind.core.catalog.decisions import DecisionStore, Mark
with DecisionStore.open(Path(sys.argv[1])) as store:
    for number in range(40):
        name = f"/{sys.argv[2]}/{number}"
        store.set_mark(hashlib.blake2b(name.encode(), digest_size=32).digest(), name, Mark.REMOVE)
"""


def test_processes_that_open_and_write_at_once_lose_nothing(path: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name]) for name in "abc"]
    assert [process.wait() for process in running] == [0, 0, 0]
    with DecisionStore.open(path) as store:
        assert store.count_marks()[Mark.REMOVE] == 120
        assert store.revision().marks == 120


# The file


def test_decisions_outlive_the_program(path: Path) -> None:
    with DecisionStore.open(path) as store:
        store.reject_pair(_A, _B)
        store.dismiss_group([_C, _D])
    with DecisionStore.open(path) as store:
        assert store.rejected_pairs() == [(_A, _B)]
        assert store.is_dismissed([_C, _D])
    with DecisionStore.open(path, writable=False) as store:
        assert store.rejected_pairs() == [(_A, _B)]
        with pytest.raises(StorageError):
            store.reject_pair(_A, _C)


def test_a_reader_takes_no_file_for_nothing_decided(path: Path) -> None:
    with DecisionStore.open(path, writable=False) as store:
        assert (store.rejected_pairs(), store.dismissed_groups(), store.marks()) == ([], [], {})
        assert store.revision() == store.revision()
    assert not path.exists()


@pytest.mark.parametrize("writable", [True, False])
def test_a_newer_file_is_refused_and_stays(writable: bool, path: Path) -> None:
    with DecisionStore.open(path) as store:
        store.reject_pair(_A, _B)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryVersionError, match="newer photofind"):
        DecisionStore.open(path, writable=writable)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM rejected").fetchone() == (1,)


@pytest.mark.parametrize("writable", [True, False])
def test_a_damaged_file_is_told_of_and_stays(writable: bool, path: Path) -> None:
    content = b"this is no database" * 400
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match="which holds your decisions"):
        DecisionStore.open(path, writable=writable)
    assert path.read_bytes() == content


def test_a_missing_folder_is_the_disks_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        DecisionStore.open(tmp_path / "gone" / "decisions.db")
    assert not (tmp_path / "gone").exists()  # it may be where a disk is mounted


def test_a_full_disk_loses_nothing(store: DecisionStore) -> None:
    store.set_mark(_A, "/a", Mark.KEEP)
    store._sql.execute("PRAGMA max_page_count = 25")
    with pytest.raises(StorageError, match="full"):
        store.set_marks((_hash(number), f"/photos/{number}.jpg", Mark.SKIP) for number in range(5000))
    assert store.marks() == {(_A, "/a"): Mark.KEEP}
