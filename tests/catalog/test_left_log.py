"""A database that was put back from a back-up beside the log of a killed writer: pages of both are no library."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.connection import connect
from photofind.core.errors import LibraryDamagedError
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.program import photofind


def add(path: Path, first: int, count: int) -> Catalog:
    """Let one more writer store some contents; return it, open."""
    catalog = Catalog.open_writer(path)
    with catalog.transaction():
        catalog._sql.executemany(
            "INSERT INTO contents (hash, size, format, width, height) VALUES (?, 1, 'JPEG', 1, 1)",
            [(number.to_bytes(32, "big"),) for number in range(first, first + count)],
        )
    return catalog


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Path]:
    """A library as a killed writer left it, with a back-up of its catalog that is older by two writers."""
    library = tmp_path / "library"
    LibraryWriter(library, Settings()).close()
    path = library / "library.db"
    add(path, 0, 100).close_signed()
    shutil.copyfile(path, tmp_path / "back-up.db")
    add(path, 1000, 100).close_signed()
    (tmp_path / "left").mkdir()
    with closing(add(path, 2000, 30)):
        for name in ("library.db", "library.db-wal"):
            shutil.copyfile(library / name, tmp_path / "left" / name)
    for left in (tmp_path / "left").iterdir():
        shutil.copyfile(left, library / left.name)
    (library / "library.db-shm").unlink(missing_ok=True)
    yield library
    assert (library / "library.db").is_file()


def test_what_a_killed_writer_left_is_gone_on_with(killed: Path) -> None:
    LibraryWriter(killed, Settings()).close()
    with closing(connect(killed / "library.db", writable=False)) as found:
        assert found.execute("SELECT count(*) FROM contents").fetchone() == (230,)


def test_an_older_catalog_beside_it_is_told_and_neither_is_written(killed: Path) -> None:
    shutil.copyfile(killed.parent / "back-up.db", killed / "library.db")
    before = [(killed / name).read_bytes() for name in ("library.db", "library.db-wal")]
    with pytest.raises(LibraryDamagedError, match="does not fit the log that lies beside it"):
        Catalog.open_writer(killed / "library.db")
    with pytest.raises(LibraryDamagedError, match="run `photofind doctor`"):
        LibraryWriter(killed, Settings())
    told = photofind("doctor", "--library", killed)
    assert told.status == 1
    assert "delete library.db-wal" in told.err
    assert [(killed / name).read_bytes() for name in ("library.db", "library.db-wal")] == before


def test_the_doctors_advice_helps(killed: Path) -> None:
    shutil.copyfile(killed.parent / "back-up.db", killed / "library.db")
    for name in ("library.db-wal", "library.db-shm"):
        (killed / name).unlink(missing_ok=True)
    LibraryWriter(killed, Settings()).close()
    with closing(connect(killed / "library.db", writable=False)) as found:
        assert found.execute("SELECT count(*) FROM contents").fetchone() == (100,)
