"""Databases of several writers, opened for the very first time by many at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog.connection import connect
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import Journal
from photofind.core.errors import LibraryVersionError, StorageError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings

_THREADS = 6


@pytest.mark.parametrize("open_", [Journal.open, DecisionStore.open])
def test_it_is_made_once_when_many_open_it_at_once(
    open_: Callable[[Path], Journal | DecisionStore], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.db" for number in range(8)]
    ready = threading.Barrier(_THREADS)

    def open_all(_: int) -> None:
        try:
            for path in paths:
                ready.wait()
                open_(path).close()
        except BaseException:
            ready.abort()  # or else the others would wait for this one
            raise

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(open_all, range(_THREADS)))  # raises what a thread raised
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_reader_takes_decisions_that_are_just_being_made_for_none(tmp_path: Path) -> None:
    path = tmp_path / "decisions.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as maker:
        maker.execute("PRAGMA journal_mode = WAL")
        maker.execute("BEGIN IMMEDIATE")
        maker.execute("CREATE TABLE rejected (first BLOB, second BLOB)")
        with DecisionStore.open(path, writable=False) as store:
            assert (store.rejected_pairs(), store.marks()) == ([], {})
            assert store.revision().groups == 0
        maker.execute("ROLLBACK")


def test_a_folder_that_is_gone_is_not_made_for_the_journal(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="reconnect"):
        Journal.open(tmp_path / "gone" / "journal.db")
    assert not (tmp_path / "gone").exists()


def test_a_reader_makes_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with Journal.open(path, writable=False) as journal:
        assert journal.history() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writable", [True, False])
def test_a_newer_journal_is_left_as_it_is(tmp_path: Path, *, writable: bool) -> None:
    path = tmp_path / "journal.db"
    Journal.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryVersionError, match=r"journal\.db was made by a newer photofind"):
        Journal.open(path, writable=writable)


def test_a_reader_undoes_what_a_killed_writer_left_half_done(tmp_path: Path) -> None:
    path, left = tmp_path / "x.db", tmp_path / "left" / "x.db"
    left.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE t (value BLOB)")
        writer.execute("INSERT INTO t VALUES (zeroblob(100))")
        writer.execute("PRAGMA cache_size = 1")  # so that pages are written before the end of the transaction
        writer.execute("BEGIN IMMEDIATE")
        for _ in range(200):
            writer.execute("INSERT INTO t VALUES (randomblob(2000))")
        for name in ("x.db", "x.db-journal"):
            shutil.copy(tmp_path / name, left.parent / name)
    assert left.stat().st_size > 100_000
    with closing(connect(left, writable=False)) as reader:
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
        with pytest.raises(StorageError):
            reader.execute("DELETE FROM t")
    with closing(connect(left, writable=False)) as reader:
        assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)


@pytest.mark.skipif(os.name != "posix", reason="how long a path may be is another matter there")
def test_a_path_that_sqlite_does_not_take_is_called_too_long(tmp_path: Path) -> None:
    """Both sides of the bound: what is not refused can be used, all of the library's databases."""
    room = 512 - len("/duplicates.db-journal") - len(os.fsencode(tmp_path.resolve()))
    fits = tmp_path.joinpath(*("x" * 99 for _ in range((room - 2) // 100)))
    fits /= "x" * (room - 1 - len(str(fits)) + len(str(tmp_path)))
    LibraryWriter(fits, Settings()).close()
    connect(fits / "duplicates.db", writable=True).close()
    longer = fits.with_name(fits.name + "x")
    with pytest.raises(StorageError, match=r"is too long for its databases \(by 1 of 512 bytes\); move it"):
        LibraryWriter(longer, Settings())
    assert not longer.exists()
    fits.rename(longer)
    with pytest.raises(StorageError, match="is too long"):
        Library(longer, Settings())
