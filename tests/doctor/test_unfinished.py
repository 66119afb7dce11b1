"""A library whose making was cut off before it had its thumbnails: nothing is lost, so nothing is damaged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.doctor import Diagnosis
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings

SETTINGS = Settings(workers=1)
_CUT_OFF = """
import os, sqlite3, sys
from photofind.core.catalog.thumbnails import _SCHEMA
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute(_SCHEMA)
connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
                   " INSERT INTO thumbnails SELECT i, zeroblob(3000), 0 FROM n")
os._exit(9)
"""


@pytest.fixture
def thumbnails(tmp_path: Path) -> Path:
    """The thumbnails of an empty library."""
    with LibraryWriter(tmp_path / "library", SETTINGS):
        pass
    return tmp_path / "library" / "thumbnails.db"


def examined(thumbnails: Path) -> Diagnosis:
    with Library(thumbnails.parent, SETTINGS) as library:
        return library.examine()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    """Leave what a writer leaves that was killed, or whose disk failed, before its first commit was complete."""
    path.unlink()
    assert subprocess.run([sys.executable, "-c", _CUT_OFF, str(path)], check=False).returncode == 9
    assert path.stat().st_size
    assert path.with_name("thumbnails.db-journal").stat().st_size


@pytest.mark.parametrize("cut", [Path.unlink, emptied, cut_off])
def test_thumbnails_whose_making_was_cut_off_are_no_damage(cut: Callable[[Path], None], thumbnails: Path) -> None:
    cut(thumbnails)
    assert examined(thumbnails).healthy
    with LibraryWriter(thumbnails.parent, SETTINGS):
        pass
    assert examined(thumbnails).healthy
    assert not list(thumbnails.parent.glob("*.damaged-*"))


def test_what_is_no_database_is_damaged_even_when_nothing_was_to_be_in_it(thumbnails: Path) -> None:
    thumbnails.write_bytes(b"no database at all" * 100)
    assert examined(thumbnails).thumbnails_damaged
