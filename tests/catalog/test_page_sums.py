"""Checksums of the pages of databases: every flipped bit is noticed, and nothing else is taken for one."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.connection import transaction
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import Journal
from photofind.core.catalog.page_mending import Mended, mend
from photofind.core.catalog.page_sums import damaged_pages, page_problems, sums_file
from photofind.core.catalog.pairs import PairStore
from photofind.core.doctor_pages import put_pages_right
from photofind.core.errors import LibraryBusyError, LibraryDamagedError, LibraryVersionError, StorageError
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.other_program import changed_by_hand
from tests.support.photos import put_many
from tests.support.program import photofind
from tests.support.world import World

_PAGE = 4096
_TOKEN = {*range(24, 28), *range(68, 72)}
"""Offsets in the header of what says whether the checksums hold: damaged, they say that nothing is known."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A library of three photos whose writer has ended."""
    world = World(tmp_path, Settings(workers=1))
    put_many(world.photos, range(3))
    world.update()
    return world


@pytest.fixture
def database(world: World) -> Path:
    """Its database."""
    assert sums_file(world.library / "library.db").exists()
    return world.library / "library.db"


def flip(path: Path, *bits: int) -> None:
    content = bytearray(path.read_bytes())
    for bit in bits:
        content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def some_bits(path: Path, count: int) -> list[int]:
    """Return bits of every part of a file, those of the header among them."""
    chances = random.Random(5)
    size = path.stat().st_size
    spread = [chances.randrange(number * size // count, (number + 1) * size // count) for number in range(count)]
    return [byte * 8 + chances.randrange(8) for byte in [0, 18, 99, *spread] if byte not in _TOKEN]


def test_every_flipped_bit_is_noticed_and_put_right(database: Path) -> None:
    sound = database.read_bytes()
    for bit in some_bits(database, 100):
        flip(database, bit)
        assert damaged_pages(database) == [bit // 8 // _PAGE + 1]
        assert mend(database) == Mended(pages=1)
        assert database.read_bytes() == sound


def test_nobody_opens_a_database_with_a_flipped_bit(database: Path) -> None:
    for bit in some_bits(database, 8):
        flip(database, bit)
        for open_it in (Catalog.open_reader, Catalog.open_writer):
            with pytest.raises(LibraryDamagedError, match="run `photofind doctor`"):
                open_it(database)
        flip(database, bit)
    Catalog.open_reader(database).close()


def test_the_doctor_names_a_flipped_bit_and_puts_it_right(world: World, database: Path) -> None:
    sound = database.read_bytes()
    flip(database, _PAGE * 8 * 5 + 700)
    query = next(world.photos.iterdir())
    photofind("search", query, "--library", world.library).assert_fails("does not fit its checksum", "doctor")
    checked = photofind("doctor", "--check", "--library", world.library)
    assert (checked.status, checked.out) == (1, "Found     library.db: page 6 does not fit its checksum\n")
    assert database.read_bytes() != sound
    ended = photofind("doctor", "--library", world.library)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Found     library.db: page 6 does not fit its checksum",
        "Mended    1 page of library.db with a flipped bit was put right",
    ]
    assert database.read_bytes() == sound
    assert photofind("search", query, "--library", world.library).status == 0


def test_what_one_bit_does_not_explain_is_left_as_it_is(world: World, database: Path) -> None:
    flip(database, _PAGE * 8 * 5, _PAGE * 8 * 5 + 9)
    damaged = database.read_bytes()
    ended = photofind("doctor", "--library", world.library)
    assert ended.status == 1
    assert ended.out == "Found     library.db: page 6 does not fit its checksum\n"
    assert "put back a back-up" in ended.err
    assert "delete library.sums" in ended.err
    assert database.read_bytes() == damaged


@pytest.mark.parametrize("size", [_PAGE, 3 * _PAGE + 100])
def test_a_database_cut_short(size: int, database: Path) -> None:
    pages = database.stat().st_size // _PAGE
    os.truncate(database, size)
    assert damaged_pages(database)[-1] == pages
    assert page_problems(database)[0].endswith("do not fit their checksums")
    assert mend(database) == Mended()
    with pytest.raises(LibraryDamagedError):
        Catalog.open_reader(database)


@pytest.mark.parametrize("surplus", [1, _PAGE, 2 * _PAGE + 7])
def test_what_lies_behind_the_end_is_cut_off(surplus: int, world: World, database: Path) -> None:
    sound = database.read_bytes()
    with database.open("ab") as file:
        file.write(b"x" * surplus)
    flip(database, _PAGE * 8 * 2 + 3)
    with pytest.raises(LibraryDamagedError):
        Catalog.open_reader(database)
    told = photofind("doctor", "--library", world.library).out.splitlines()
    assert told[1:] == [
        "Mended    1 page of library.db with a flipped bit was put right",
        f"Mended    {surplus:,} bytes behind the end of library.db were cut off",
    ]
    assert database.read_bytes() == sound


def test_nothing_is_cut_off_a_database_that_is_damaged_otherwise(database: Path) -> None:
    flip(database, _PAGE * 8 * 2, _PAGE * 8 * 2 + 9)
    with database.open("ab") as file:
        file.write(b"more")
    damaged = database.read_bytes()
    assert mend(database) == Mended()
    assert database.read_bytes() == damaged


def test_an_emptied_library_is_not_taken_for_a_new_one(world: World, database: Path) -> None:
    database.write_bytes(b"")
    for open_it in (Catalog.open_reader, Catalog.open_writer):
        with pytest.raises(LibraryDamagedError, match="run `photofind doctor`"):
            open_it(database)
    assert "put back a back-up" in photofind("doctor", "--library", world.library).err


@pytest.mark.parametrize(("name", "store"), [("decisions.db", DecisionStore), ("journal.db", Journal)])
def test_an_emptied_file_of_decisions_is_damaged_and_one_that_was_moved_away_is_made_anew(
    name: str, store: type[DecisionStore] | type[Journal], tmp_path: Path
) -> None:
    path = tmp_path / name
    store.open(path).close()
    path.write_bytes(b"")
    for writable in (False, True):
        with pytest.raises(LibraryDamagedError):
            store.open(path, writable=writable)
    assert put_pages_right(tmp_path) == []
    path.unlink()
    store.open(path, writable=False).close()
    assert not path.exists()
    with store.open(path), closing(store.open(path, writable=False)):
        assert not sums_file(path).exists()
    assert damaged_pages(path) == []


# No false alarms


def test_a_writer_at_work_or_killed_leaves_nothing_to_compare(world: World, database: Path) -> None:
    with LibraryWriter(world.library, world.settings):
        assert damaged_pages(database) == []
        Catalog.open_reader(database).close()
    script = (
        "import os, sys; from pathlib import Path; from photofind.core.catalog import Catalog\n"
        "catalog = Catalog.open_writer(Path(sys.argv[1]))\n"
        "with catalog.transaction(): catalog.raise_revision()\n"
        "catalog._sql.execute('PRAGMA wal_checkpoint(TRUNCATE)'); os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(database)], check=False).returncode == 9
    assert page_problems(database) == []
    Catalog.open_reader(database).close()
    world.update()
    flip(database, _PAGE * 8 * 5)
    assert damaged_pages(database) == [6]


def test_a_writer_that_writes_nothing_changes_nothing(world: World, database: Path) -> None:
    before = database.read_bytes(), sums_file(database).read_bytes()
    with LibraryWriter(world.library, world.settings), closing(Catalog.open_writer(database)):
        assert (database.read_bytes(), sums_file(database).read_bytes()) == before
        assert not (database.with_name("library.db-wal")).stat().st_size
    assert (database.read_bytes(), sums_file(database).read_bytes()) == before
    flip(database, _PAGE * 8 * 5)
    assert damaged_pages(database) == [6]


def test_a_transaction_that_was_rolled_back_is_not_the_first(database: Path) -> None:
    catalog = Catalog.open_writer(database)
    with pytest.raises(ZeroDivisionError), catalog.transaction():
        raise ZeroDivisionError
    assert damaged_pages(database) == []
    with catalog.transaction():
        catalog.raise_revision()
    catalog.close()  # which puts what was written into the database, and leaves the sums of the writer before
    assert damaged_pages(database) == []
    Catalog.open_reader(database).close()


def test_a_reader_beside_the_end_of_a_writer(world: World, database: Path) -> None:
    with closing(Catalog.open_reader(database)) as reader:
        world.put("new.jpg", 9)
        world.update()
        assert reader.files.count_photos() == 4
        flip(database, _PAGE * 8 * 5)
        assert damaged_pages(database) == [6]


def test_a_writer_that_comes_while_pages_are_compared(
    world: World, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photofind.core.catalog import page_sums

    sums_of, comes = page_sums._sums_of, [True]

    def slowly(path: Path, page_bytes: int) -> page_sums.Sums:
        if comes and comes.pop():
            world.put("new.jpg", 9)
            world.update()
        return sums_of(path, page_bytes)

    monkeypatch.setattr(page_sums, "_sums_of", slowly)
    assert damaged_pages(database) == []


def test_older_files_that_are_put_back_are_believed(world: World, database: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(world.library, older)
    world.put("new.jpg", 9)
    world.update()
    for name in ("library.db", "library.sums"):
        newer = (world.library / name).read_bytes()
        shutil.copy(older / name, world.library)
        assert damaged_pages(database) == []
        Catalog.open_reader(database).close()
        (world.library / name).write_bytes(newer)


def test_what_another_program_has_changed_is_believed_without_the_sums(database: Path) -> None:
    with changed_by_hand(database) as connection:
        connection.execute("UPDATE roots SET path = x'2f'")
    Catalog.open_reader(database).close()


def test_a_newer_database_is_left_as_it_is(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = database.read_bytes()
    for open_it in (Catalog.open_reader, Catalog.open_writer):
        with pytest.raises(LibraryVersionError):
            open_it(database)
    assert database.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"photofind page sums 1", b"\0" * 100_000])
def test_sums_that_make_no_sense_are_none(content: bytes, database: Path) -> None:
    sums_file(database).write_bytes(content)
    flip(database, _PAGE * 8 * 5)
    assert damaged_pages(database) == []


def test_a_flipped_bit_in_the_sums_is_no_damage_of_the_database(database: Path) -> None:
    for bit in some_bits(sums_file(database), 20):
        flip(sums_file(database), bit)
        assert damaged_pages(database) == []
        flip(sums_file(database), bit)


def test_a_pipe_in_the_place_of_the_sums_is_not_waited_for(database: Path) -> None:
    sums_file(database).unlink()
    os.mkfifo(sums_file(database))
    assert damaged_pages(database) == []


def test_sums_that_cannot_be_written_are_left_away(world: World, database: Path) -> None:
    sums_file(database).unlink()
    sums_file(database).mkdir()
    world.update()
    Catalog.open_reader(database).close()


# Databases of several writers


@pytest.mark.parametrize(("name", "store"), [("decisions.db", DecisionStore), ("journal.db", Journal)])
def test_the_last_of_several_writers_leaves_sums(
    name: str, store: type[DecisionStore] | type[Journal], tmp_path: Path
) -> None:
    path = tmp_path / name
    first, second = store.open(path), store.open(path)
    with transaction(second._sql):
        second._sql.execute("CREATE TABLE other (x)")
    first.close()
    assert not sums_file(path).exists()
    second.close()
    sums_file(path).rename(path.with_suffix(".aside"))
    before = path.read_bytes()
    store.open(path).close()  # who writes nothing begins nothing
    assert (path.read_bytes(), sums_file(path).exists()) == (before, False)
    path.with_suffix(".aside").rename(sums_file(path))
    second.close()  # again
    sound = path.read_bytes()
    flip(path, _PAGE * 8 * 1 + 5)
    for writable in (False, True):
        with pytest.raises(LibraryDamagedError):
            store.open(path, writable=writable)
    assert put_pages_right(tmp_path) == [f"1 page of {name} with a flipped bit was put right"]
    assert path.read_bytes() == sound
    with store.open(path), closing(store.open(path, writable=False)):
        assert damaged_pages(path) == []


def test_pairs_of_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "duplicates.db"
    PairStore.open(path, writable=True).close()
    flip(path, _PAGE * 8 * 2 + 5)
    with pytest.raises(LibraryDamagedError):
        PairStore.open(path, writable=False)
    assert put_pages_right(tmp_path) == ["1 page of duplicates.db with a flipped bit was put right"]
    PairStore.open(path, writable=False).close()
    flip(path, _PAGE * 8 * 2 + 5)
    PairStore.open(path, writable=True).close()  # made anew
    PairStore.open(path, writable=False).close()


def test_pages_of_a_library_that_is_written_are_left_alone(world: World, database: Path) -> None:
    flip(database, _PAGE * 8 * 5)
    from photofind.core.ownership import lock_library

    lock = lock_library(world.library)
    with pytest.raises(LibraryBusyError, match="Close photofind everywhere"):
        put_pages_right(world.library)
    lock.release()
    assert len(put_pages_right(world.library)) == 1


def test_a_disk_that_refuses_is_to_be_mended_first(
    world: World, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DecisionStore.open(world.library / "decisions.db").close()
    for path in (database, world.library / "decisions.db"):
        flip(path, _PAGE * 8 * 1 + 5)
    lock = world.library / "writer.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # in the place of a disk that is only read: then it could not be moved away
    with monkeypatch.context() as patched:
        patched.setattr("photofind.core.doctor_pages.clear_places", lambda _: [])
        with pytest.raises(StorageError, match=r"library.db cannot be put right now.* writable"):
            put_pages_right(world.library)
    assert (len(damaged_pages(database)), damaged_pages(world.library / "decisions.db")) == (1, [])
    lock.rmdir()
    assert photofind("doctor", "--library", world.library).status == 0
    assert damaged_pages(database) == []
