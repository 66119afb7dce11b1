from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import ThumbnailStore
from photofind.core.errors import LibraryDamagedError, LibraryVersionError, StorageError
from photofind.core.records import ContentId


def _id(number: int) -> ContentId:
    return ContentId(number)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ThumbnailStore]:
    with ThumbnailStore.open(tmp_path / "thumbnails.db", writable=True) as opened:
        yield opened


def test_round_trip(store: ThumbnailStore) -> None:
    store.put_many([(_id(1), b"\xff\xd8one"), (_id(1 << 40), b"\xff\xd8two")])
    store.put_many([(_id(1), b"\xff\xd8new")])
    assert store.get(_id(1)) == b"\xff\xd8new"
    assert store.get(_id(2)) is None
    assert store.content_ids() == {1, 1 << 40}
    store.delete_many([_id(1), _id(77)])
    assert store.content_ids() == {1 << 40}
    assert store.check() == []


def test_a_failing_batch_stores_nothing(store: ThumbnailStore) -> None:
    def batch() -> Iterator[tuple[ContentId, bytes]]:
        yield _id(1), b"\xff\xd8"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.put_many(batch())
    assert store.content_ids() == set()


@pytest.mark.parametrize("name", ["plain", "what? #1 100% é 写真 & 'quote'"])
def test_readers_see_what_the_writer_commits(name: str, tmp_path: Path) -> None:
    path = tmp_path / name / "thumbnails.db"
    path.parent.mkdir()
    with ThumbnailStore.open(path, writable=True) as writer, ThumbnailStore.open(path, writable=False) as reader:
        assert reader.get(_id(5)) is None
        writer.put_many([(_id(5), b"\xff\xd8")])
        assert reader.get(_id(5)) == b"\xff\xd8"
        with pytest.raises(StorageError):
            reader.put_many([(_id(6), b"\xff\xd8")])
    assert [entry.name for entry in path.parent.iterdir()] == ["thumbnails.db"]
    with ThumbnailStore.open(path, writable=False) as reader:
        assert reader.content_ids() == {5}


def test_a_reader_does_not_make_the_file(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    with pytest.raises(StorageError, match=r"thumbnails\.db"):
        ThumbnailStore.open(path, writable=False)
    assert not path.exists()


def test_a_missing_folder_is_the_disks_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        ThumbnailStore.open(tmp_path / "gone" / "thumbnails.db", writable=True)


@pytest.mark.parametrize("writable", [True, False])
def test_newer_stores_are_refused(writable: bool, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    ThumbnailStore.open(path, writable=True).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(LibraryVersionError, match="newer photofind"):
        ThumbnailStore.open(path, writable=writable)


@pytest.mark.parametrize("writable", [True, False])
def test_what_is_no_database_is_damaged(writable: bool, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(LibraryDamagedError, match=r"thumbnails\.db"):
        ThumbnailStore.open(path, writable=writable)


def test_another_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE thumbnails (name TEXT)")
    with pytest.raises(LibraryDamagedError):
        ThumbnailStore.open(path, writable=True)


def test_damage_in_the_middle_is_found(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    with ThumbnailStore.open(path, writable=True) as store:
        store.put_many((_id(number), b"\xff\xd8" + bytes(3000)) for number in range(300))
    content = bytearray(path.read_bytes())
    content[-40960:] = b"\x5a" * 40960
    path.write_bytes(content)
    with ThumbnailStore.open(path, writable=False) as store:
        assert store.check()
        with pytest.raises(LibraryDamagedError):
            store.get(_id(299))


def test_blobs_that_are_no_jpegs_are_found(store: ThumbnailStore) -> None:
    store.put_many([(_id(1), b"\xff\xd8"), (_id(2), b"GIF89a")])
    assert store.check() == ["thumbnails.db: 1 thumbnails are no JPEGs"]


def test_a_full_disk_is_told_as_one(store: ThumbnailStore) -> None:
    store._connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(StorageError, match="full"):
        store.put_many((_id(number), bytes(5000)) for number in range(100))
    assert store.content_ids() == set()


def test_a_reader_after_a_writer_was_killed(tmp_path: Path) -> None:
    """The journal that is left behind has to be played back by whoever opens the file first."""
    path = tmp_path / "thumbnails.db"
    with ThumbnailStore.open(path, writable=True) as store:
        store.put_many([(_id(number), b"\xff\xd8" + bytes(5000)) for number in range(200)])
    killed = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 5')\n"  # so that pages reach the file before the commit
        "c.execute('BEGIN')\n"
        "c.execute(\"UPDATE thumbnails SET jpeg = x'FFD8' || zeroblob(5000)\")\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert path.with_name("thumbnails.db-journal").stat().st_size
    with ThumbnailStore.open(path, writable=False) as store:
        assert len(store.content_ids()) == 200
        assert store.check() == []
