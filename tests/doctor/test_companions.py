"""Damage to the files beside the catalog: pairs are set aside, the user's own are told of and never touched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog.decision_file import DECISIONS_FILE
from photofind.core.catalog.decisions import DecisionStore
from photofind.core.catalog.journal import JOURNAL_FILE, Journal
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.doctor_companions import discard_pairs, examine_companions
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.program import photofind
from tests.support.world import World

OWN = (DECISIONS_FILE, JOURNAL_FILE)
ALL = (PAIRS_FILE, *OWN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all three files, sound."""
    make_all(tmp_path)
    return tmp_path


def make_all(folder: Path) -> None:
    PairStore.open(folder / PAIRS_FILE, writable=True).close()
    Journal.open(folder / JOURNAL_FILE).close()
    with DecisionStore.open(folder / DECISIONS_FILE) as decisions:
        decisions.reject_pairs([(bytes([0] * 32), bytes([number] * 32)) for number in range(1, 200)])


def no_database(path: Path) -> None:
    path.write_bytes(b"no database " * 1000)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    """Spoil all pages but the first, which is all that opening looks at."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


DAMAGES = pytest.mark.parametrize("damage", [no_database, cut_short, overwritten, from_the_future])


def test_sound_files_and_missing_ones_are_no_problem(folder: Path, tmp_path: Path) -> None:
    assert examine_companions(folder).problems == []
    assert examine_companions(tmp_path / "nothing").problems == []
    assert not (tmp_path / "nothing").exists()


@DAMAGES
def test_damaged_pairs_are_set_aside(damage: Callable[[Path], None], folder: Path) -> None:
    damage(folder / PAIRS_FILE)
    found = examine_companions(folder)
    assert found.pairs_damaged
    assert all(problem.startswith(f"{PAIRS_FILE}: ") for problem in found.problems)
    assert discard_pairs(folder)
    assert not (folder / PAIRS_FILE).exists()
    assert (folder / f"{PAIRS_FILE}.damaged").exists()
    assert examine_companions(folder).problems == []


@DAMAGES
@pytest.mark.parametrize("name", OWN)
def test_the_users_own_are_told_of_and_not_touched(name: str, damage: Callable[[Path], None], folder: Path) -> None:
    damage(folder / name)
    content = (folder / name).read_bytes()
    found = examine_companions(folder)
    assert not found.pairs_damaged
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"{name}: ")
    advice = "update photofind" if damage is from_the_future else "Put back a back-up of it"
    assert advice in found.problems[0]
    assert (folder / name).read_bytes() == content


@pytest.mark.parametrize("name", ALL)
def test_a_folder_in_the_place_of_a_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert [problem.startswith(f"{name}: ") for problem in examine_companions(folder).problems] == [True]


def test_pairs_that_somebody_writes_are_left(folder: Path) -> None:
    with PairStore.open(folder / PAIRS_FILE, writable=True):
        assert not discard_pairs(folder)
    assert (folder / PAIRS_FILE).exists()
    assert discard_pairs(folder)


def test_the_doctor_mends_the_pairs_and_says_of_the_others_what_to_do(tmp_path: Path) -> None:
    world = World(tmp_path, Settings(workers=1))
    world.put("a.jpg", 1)
    world.update()
    make_all(world.library)
    with Library(world.library, world.settings) as library:
        assert library.examine().healthy
    for name in ALL:
        no_database(world.library / name)
    with LibraryWriter(world.library, world.settings) as writer:
        diagnosis = writer.repair()
    assert len(diagnosis.problems) == 3
    assert len(diagnosis.repaired) == 1
    assert not (world.library / PAIRS_FILE).exists()
    ended = photofind("doctor", "--library", world.library)
    assert ended.status == 1
    assert [line.split(":")[0] for line in ended.out.splitlines()] == [
        f"Found     {DECISIONS_FILE}",
        f"Found     {JOURNAL_FILE}",
        f"Remains   {DECISIONS_FILE}",
        f"Remains   {JOURNAL_FILE}",
    ]
    for name in OWN:
        assert (world.library / name).read_bytes().startswith(b"no database")
        (world.library / name).unlink()
    assert photofind("doctor", "--library", world.library).status == 0
