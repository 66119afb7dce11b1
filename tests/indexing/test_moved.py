"""A library that is moved away, and another put in its place, while a writer has it open."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from photofind.core.catalog.connection import close_writer, connect, transaction
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.errors import StorageError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control
from photofind.core.queries import Query
from tests.support.photos import put_many
from tests.support.program import Worker
from tests.support.world import World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no folder is moved there while it is in use")
MOVED = "was moved or replaced while it was open"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, but what says who writes it and what the readers of a database share."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".pid", ".lock", ".log") and not path.name.endswith("-shm")
    }


@contextmanager
def replaced(world: World) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """Put an older copy with index files that the catalog in use does not name in the place of the library."""
    moved = world.place / "moved"
    world.library.rename(moved)
    (world.place / "older").rename(world.library)
    yield moved, contents(world.library)


@pytest.fixture
def older(tmp_path: Path, world: World) -> World:
    """A library with photos, and a back-up of it that has an index file of its own."""
    put_many(world.photos, range(3))
    world.update()
    shutil.copytree(world.library, tmp_path / "older")
    index = tmp_path / "older" / f"epoch-{'0' * 32}"
    index.mkdir()
    (index / "trained.faiss").write_bytes(b"named by the older catalog only")
    return world


COMMANDS: list[Callable[[LibraryWriter], object]] = [
    lambda writer: list(writer.update()),
    lambda writer: list(writer.recluster()),
    lambda writer: list(writer.compact()),
    lambda writer: writer.repair(),
    lambda writer: writer.remove_root(str(writer.folder.parent / "photos")),
    lambda writer: writer.retry(),
    lambda writer: writer._upkeep("").collect_garbage(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=["update", "recluster", "compact", "repair", "remove", "retry", "gc"])
def test_a_writer_touches_neither(older: World, command: Callable[[LibraryWriter], object]) -> None:
    with older.writer() as writer:
        with replaced(older) as (moved, before), pytest.raises(StorageError, match=MOVED):
            command(writer)
        assert contents(older.library) == before
    assert contents(older.library) == before, "nor does its end"
    for library in (older.library, moved):
        with Library(library, older.settings) as opened:
            assert opened.count_photos() == 3


@pytest.mark.parametrize(
    "command",
    [
        {"command": "index"},
        {"command": "maintain", "task": "recluster"},
        {"command": "maintain", "task": "calibrate"},
        {"command": "find_duplicates"},
    ],
    ids=["index", "recluster", "calibrate", "duplicates"],
)
def test_a_worker_ends_with_a_sentence(older: World, command: dict[str, str]) -> None:
    with Worker(older.library) as worker:
        worker.until("ready")
        with replaced(older) as (_, before):
            worker.send(**command)
            rest = worker.rest()
            assert [event["event"] for event in rest] == ["failed"]
            assert MOVED in rest[0]["message"]
            assert rest[0]["fixable"]
            assert worker.wait() == 1
            assert worker.errors() == ""
        assert contents(older.library) == before


def test_a_library_that_is_gone_is_told_too(older: World) -> None:
    with older.writer() as writer:
        older.library.rename(older.place / "moved")
        with pytest.raises(StorageError, match=MOVED):
            list(writer.update())
    assert not older.library.exists()


def test_a_catalog_that_was_put_back_alone_is_told(older: World) -> None:
    with older.writer() as writer:
        new = older.place / "new.db"
        shutil.copyfile(older.place / "older" / "library.db", new)
        new.replace(older.library / "library.db")
        with pytest.raises(StorageError, match=MOVED):
            list(writer.update())


def test_a_journal_that_was_moved_is_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    with Journal.open(folder / JOURNAL_FILE) as journal:
        folder.rename(tmp_path / "moved")
        with pytest.raises(StorageError, match=MOVED), journal._transaction():
            pass


def test_the_log_of_the_other_library_stays_and_no_checksums_are_made_of_it(tmp_path: Path) -> None:
    """Both are found by the name that the database had when it was opened, and somebody else may use them by now."""
    folder = tmp_path / "library"
    folder.mkdir()
    first = connect(folder / "library.db", writable=True)
    with transaction(first):
        first.execute("CREATE TABLE t (x)")
    folder.rename(tmp_path / "moved")
    folder.mkdir()
    with closing(connect(folder / "library.db", writable=True)) as second:
        with transaction(second):
            second.execute("CREATE TABLE other (y)")
        close_writer(first, alone=True)
        assert (folder / "library.db-wal").stat().st_size > 0
        assert not (folder / "library.sums").exists()
        with transaction(second):
            second.execute("INSERT INTO other VALUES (1)")
    with closing(sqlite3.connect(folder / "library.db")) as found:
        assert found.execute("SELECT * FROM other").fetchall() == [(1,)]
    with closing(sqlite3.connect(tmp_path / "moved" / "library.db")) as kept:
        assert kept.execute("SELECT count(*) FROM t").fetchone() == (0,)


def renamed(older: Path, path: Path) -> None:
    """Put a file in the place of another, as who copies beside it and renames."""
    other = path.with_name("other")
    shutil.copyfile(older, other)
    other.replace(path)


@pytest.mark.parametrize("put_back", [renamed, shutil.copyfile], ids=["renamed", "overwritten"])
def test_a_reader_does_not_take_the_photos_of_the_other_library_for_its_own(
    older: World, put_back: Callable[[Path, Path], object]
) -> None:
    """Numbers that the back-up had not given out yet come to be those of other photos, with other embeddings."""
    early = older.place / "early.db"
    shutil.copyfile(older.library / "library.db", early)
    undone = older.put("undone.jpg", 7)
    older.update()
    query = Query(images=(str(older.probe),), exact=True)
    with Library(older.library, older.settings) as library:
        assert str(undone) in {hit.path for hit in library.search(query).hits}
        put_back(early, older.library / "library.db")
        undone.unlink()
        older.put("other.jpg", 8)
        older.update()
        for ask in (lambda: library.search(query), lambda: library.check_exactly(query, [], Control()), library.follow):
            with pytest.raises(StorageError, match=MOVED):
                ask()
    assert older.names() == {"0000.jpg", "0001.jpg", "0002.jpg", "other.jpg"}
