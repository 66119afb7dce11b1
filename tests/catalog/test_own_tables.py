"""Databases of other programs under our names, and version numbers of which a bit was flipped: nothing is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.catalog.page_sums import sums_file
from photofind.core.errors import FolderError, LibraryDamagedError
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.program import photofind

VERSIONS = pytest.mark.parametrize("version", [0, 1, 4, 2021, -5])
LOST = pytest.mark.parametrize("version", [0, -1, -(2**31) + 1])
WRITABLE = pytest.mark.parametrize("writable", [True, False])


def _journal(path: Path, *, writable: bool) -> None:
    Journal.open(path, writable=writable).close()


def _decisions(path: Path, *, writable: bool) -> None:
    DecisionStore.open(path, writable=writable).close()


OWN = pytest.mark.parametrize(("name", "open_it"), [(JOURNAL_FILE, _journal), (DECISIONS_FILE, _decisions)])
Open = Callable[..., None]


def of_another_program(path: Path, version: int) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, address TEXT)")
        connection.execute("INSERT INTO bookmarks (address) VALUES ('somewhere')")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    return path.read_bytes()


def renumbered(path: Path, version: int) -> bytes:
    """Let a database say another version, and nothing know better."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sums_file(path).unlink(missing_ok=True)
    return path.read_bytes()


@VERSIONS
def test_a_library_of_another_program_is_left_alone(tmp_path: Path, version: int) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    before = of_another_program(folder / "library.db", version)
    with pytest.raises(FolderError, match="holds other files and is no library; choose an empty folder"):
        LibraryWriter(folder, Settings())
    for open_it in (Catalog.open_writer, Catalog.open_reader):
        with pytest.raises(FolderError, match="is no library"):
            open_it(folder / "library.db")
    assert (folder / "library.db").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["library.db"]
    assert folder.stat().st_mode & 0o777 == 0o755
    for command in ("status", "doctor"):
        photofind(command, "--library", folder).assert_fails("is no library")


@LOST
def test_a_library_whose_version_is_lost_is_damaged(tmp_path: Path, version: int) -> None:
    LibraryWriter(tmp_path, Settings()).close()
    before = renumbered(tmp_path / "library.db", version)
    for open_it in (Catalog.open_writer, Catalog.open_reader):
        with pytest.raises(LibraryDamagedError, match="its version number is lost"):
            open_it(tmp_path / "library.db")
    assert (tmp_path / "library.db").read_bytes() == before
    told = photofind("doctor", "--library", tmp_path)
    assert told.status == 1
    assert "library.db: its version number is lost" in told.out


def test_a_version_that_has_other_tables_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Catalog.open_writer(path).close()
    renumbered(path, 2)
    with pytest.raises(LibraryDamagedError, match="its version number is wrong"):
        Catalog.open_writer(path)
    renumbered(path, 4)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE colours")
    with pytest.raises(LibraryDamagedError, match="it lacks the table colours"):
        Catalog.open_reader(path)


@OWN
@LOST
@WRITABLE
def test_what_the_user_did_is_not_forgotten_for_a_flipped_bit(
    tmp_path: Path, name: str, open_it: Open, version: int, *, writable: bool
) -> None:
    open_it(tmp_path / name, writable=True)
    before = renumbered(tmp_path / name, version)
    with pytest.raises(LibraryDamagedError, match="damaged"):
        open_it(tmp_path / name, writable=writable)
    assert (tmp_path / name).read_bytes() == before


@OWN
@VERSIONS
@WRITABLE
def test_a_file_of_another_program_is_not_taken_over(
    tmp_path: Path, name: str, open_it: Open, version: int, *, writable: bool
) -> None:
    before = of_another_program(tmp_path / name, min(version, 1))
    with pytest.raises(LibraryDamagedError, match="damaged"):
        open_it(tmp_path / name, writable=writable)
    assert (tmp_path / name).read_bytes() == before


@OWN
@WRITABLE
def test_a_file_without_tables_is_one_that_is_just_made(
    tmp_path: Path, name: str, open_it: Open, *, writable: bool
) -> None:
    (tmp_path / name).touch()
    open_it(tmp_path / name, writable=writable)


@OWN
def test_the_doctor_names_them(tmp_path: Path, name: str, open_it: Open) -> None:
    LibraryWriter(tmp_path, Settings()).close()
    open_it(tmp_path / name, writable=True)
    renumbered(tmp_path / name, 0)
    told = photofind("doctor", "--library", tmp_path)
    assert told.status == 1
    assert f"{name}: damaged (its version number is lost). Put back a back-up" in told.out
    (tmp_path / name).unlink()
    of_another_program(tmp_path / name, 1)
    told = photofind("doctor", "--library", tmp_path)
    assert f"{name}: damaged (it holds the tables of another program)." in told.out
