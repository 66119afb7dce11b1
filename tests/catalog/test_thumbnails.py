from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import ThumbnailStore, thumbnails
from photofind.core.errors import LibraryDamagedError, LibraryVersionError, StorageError, UserError
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
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(LibraryVersionError, match="newer photofind"):
        ThumbnailStore.open(path, writable=writable)


@pytest.mark.parametrize("writable", [True, False])
def test_what_is_no_database_is_damaged(writable: bool, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(LibraryDamagedError, match=r"thumbnails\.db"):
        ThumbnailStore.open(path, writable=writable)


@pytest.mark.parametrize("writable", [True, False])
def test_a_folder_in_its_place_is_no_trouble_of_the_disk(writable: bool, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    path.mkdir()
    with pytest.raises(LibraryDamagedError, match=r"thumbnails\.db is a folder\. Remove it"):
        ThumbnailStore.open(path, writable=writable)
    with pytest.raises(LibraryDamagedError, match=r"thumbnails\.db is a folder"):
        thumbnails.is_unmade(path)


def test_another_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE thumbnails (name TEXT)")
    with pytest.raises(LibraryDamagedError):
        ThumbnailStore.open(path, writable=True)
    with closing(sqlite3.connect(path)) as connection:
        assert [row[1] for row in connection.execute("PRAGMA table_info(thumbnails)")] == ["name"]


@pytest.mark.parametrize("writable", [True, False])
def test_the_database_of_another_program_is_left_as_it_is(writable: bool, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (address TEXT)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(LibraryDamagedError, match=r"thumbnails\.db is the database of another program"):
        ThumbnailStore.open(path, writable=writable)
    assert path.read_bytes() == before


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
    assert store.damaged() == [2]
    assert store.get(_id(2)) is None


# Checksums


def _jpeg(number: int) -> bytes:
    return b"\xff\xd8" + bytes([number]) * 3000


def _of_version_1(path: Path, numbers: range) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE thumbnails (content_id INTEGER PRIMARY KEY, jpeg BLOB NOT NULL)")
        connection.executemany("INSERT INTO thumbnails VALUES (?, ?)", ((n, _jpeg(n)) for n in numbers))
        connection.execute("PRAGMA user_version = 1")


@pytest.mark.parametrize("offset", [0, 1, 2, 1500, 3001])
def test_a_flipped_bit_in_a_thumbnail_costs_this_thumbnail(
    offset: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "thumbnails.db"
    with ThumbnailStore.open(path, writable=True) as store:
        store.put_many((_id(number), _jpeg(number)) for number in range(1, 5))
    content = bytearray(path.read_bytes())
    content[content.index(_jpeg(3)) + offset] ^= 0x10
    path.write_bytes(content)
    with ThumbnailStore.open(path, writable=False) as store:
        assert store.check() == []
        assert store.damaged() == [3]
        with caplog.at_level(logging.WARNING):
            assert store.get(_id(3)) is None
        assert [record.levelname for record in caplog.records] == ["WARNING"]
        assert [store.get(_id(number)) for number in (1, 2, 4)] == [_jpeg(1), _jpeg(2), _jpeg(4)]
        assert store.content_ids() == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE thumbnails SET content_id = 6 WHERE content_id = 2",
        "UPDATE thumbnails SET content_id = content_id * -1 WHERE content_id = 2",
        "UPDATE thumbnails SET crc = crc + 1 WHERE content_id = 2",
        "UPDATE thumbnails SET crc = 'x' WHERE content_id = 2",
        "UPDATE thumbnails SET jpeg = 5 WHERE content_id = 2",
        "UPDATE thumbnails SET jpeg = CAST(x'FFD8FF' AS TEXT) WHERE content_id = 2",
        "UPDATE thumbnails SET jpeg = (SELECT jpeg FROM thumbnails WHERE content_id = 1) WHERE content_id = 2",
    ],
)
def test_what_is_not_what_was_stored_is_given_to_nobody(damage: str, store: ThumbnailStore) -> None:
    store.put_many((_id(number), _jpeg(number)) for number in range(1, 5))
    store._connection.execute(damage)
    (damaged,) = store.damaged()
    assert store.get(damaged) is None
    assert store.get(_id(2)) is None
    store.delete_many([damaged])
    assert store.damaged() == []
    assert [store.get(_id(number)) for number in (1, 3, 4)] == [_jpeg(1), _jpeg(3), _jpeg(4)]


def test_a_reader_reads_what_an_older_photofind_made(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    _of_version_1(path, range(1, 4))
    before = path.read_bytes()
    with ThumbnailStore.open(path, writable=False) as store:
        assert store.get(_id(2)) == _jpeg(2)
        assert (store.content_ids(), store.check(), store.damaged()) == ({1, 2, 3}, [], [])
    assert path.read_bytes() == before


def test_a_writer_gives_an_older_file_its_checksums_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    _of_version_1(path, range(1, 200))
    before = path.read_bytes()
    with ThumbnailStore.open(path, writable=False) as reader:
        assert reader.get(_id(2)) == _jpeg(2)
        with ThumbnailStore.open(path, writable=True) as store:
            after = path.read_bytes()
            pages = [at for at in range(0, len(before), 4096) if before[at : at + 4096] != after[at : at + 4096]]
            assert len(before) == len(after)
            assert pages == [0], "no thumbnail was rewritten"
            store.put_many([(_id(2), _jpeg(9)), (_id(500), _jpeg(5))])
            store._connection.execute("UPDATE thumbnails SET crc = crc + 1 WHERE content_id = 500")
            store._connection.commit()
            assert store.damaged() == [500]
        assert [reader.get(_id(number)) for number in (1, 2, 500)] == [_jpeg(1), _jpeg(9), None]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        crcs = connection.execute("SELECT count(*), count(crc) FROM thumbnails").fetchone()
    assert crcs == (200, 2)


@pytest.mark.parametrize("stage", ["of no version", "with its column"])
def test_a_file_whose_version_was_not_noted_yet_is_finished(stage: str, tmp_path: Path) -> None:
    path = tmp_path / "thumbnails.db"
    _of_version_1(path, range(1, 4))
    with closing(sqlite3.connect(path)) as connection, connection:
        if stage == "with its column":
            connection.execute("ALTER TABLE thumbnails ADD COLUMN crc INTEGER")
        connection.execute("PRAGMA user_version = 0")
    with ThumbnailStore.open(path, writable=True) as store:
        store.put_many([(_id(3), _jpeg(7))])
        assert [store.get(_id(number)) for number in (1, 3)] == [_jpeg(1), _jpeg(7)]


def test_an_upgrade_that_fails_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "thumbnails.db"
    _of_version_1(path, range(1, 4))
    before = path.read_bytes()
    monkeypatch.setattr(thumbnails, "_WRITE_WAIT_SECONDS", 0.0)
    with closing(sqlite3.connect(path)) as connection:
        reading = connection.execute("SELECT content_id FROM thumbnails")
        assert reading.fetchone() == (1,)
        with pytest.raises(StorageError, match="locked"):
            ThumbnailStore.open(path, writable=True)
        reading.close()
    assert path.read_bytes() == before
    with ThumbnailStore.open(path, writable=True) as store:
        assert store.get(_id(2)) == _jpeg(2)


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


def test_an_upgrade_is_done_as_a_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "thumbnails.db"
    _of_version_1(path, range(1, 4))
    before = path.read_bytes()
    connect = thumbnails._connect

    def refusing(action: int, name: str | None, value: str | None, *_: str | None) -> int:
        refused = action == sqlite3.SQLITE_PRAGMA and name == "user_version" and value is not None
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

    def connected(path: Path, *, writable: bool) -> sqlite3.Connection:
        connection = connect(path, writable=writable)
        connection.set_authorizer(refusing)
        return connection

    monkeypatch.setattr(thumbnails, "_connect", connected)
    with pytest.raises(UserError, match="not authorized"):
        ThumbnailStore.open(path, writable=True)
    with closing(sqlite3.connect(path)) as connection:
        assert [row[1] for row in connection.execute("PRAGMA table_info(thumbnails)")] == ["content_id", "jpeg"]
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert len(path.read_bytes()) == len(before)
