"""``photofind doctor``: what it says and the status it ends with, for damage of every kind."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from contextlib import closing
from pathlib import Path

import pytest

from photofind.cli import report
from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.doctor import Diagnosis
from photofind.core.settings import Settings
from tests.support.photos import put_many
from tests.support.program import Ended, photofind
from tests.support.world import World


@pytest.fixture
def small(world: World) -> World:
    """Three photos, indexed."""
    put_many(world.photos, range(3))
    world.update()
    return world


def doctor(world: World, *options: str) -> Ended:
    return photofind("doctor", "--library", world.library, *options)


@pytest.mark.parametrize("back_up", [False, True])
def test_a_damaged_header_of_the_catalog(small: World, *, back_up: bool) -> None:
    database = small.library / "library.db"
    database.write_bytes(b"\x5a" * 200 + database.read_bytes()[200:])
    if back_up:
        (small.library / "library.db.v1.bak").touch()
    for options in ((), ("--check",)):
        ended = doctor(small, *options)
        assert ended.status == 1
        assert ended.out == "Found     library.db: file is not a database\n"
        assert ended.err.count("\n") == 1
        assert "put back a back-up of library.db" in ended.err
        assert "index into a new library" in ended.err
        assert "doctor" not in ended.err
        assert ("library.db.v1.bak" in ended.err) == back_up
    found = doctor(small, "--json")
    assert found.status == 1
    assert found.json["healthy"] is False
    assert found.json["problems"] == found.json["unmended"] == ["library.db: file is not a database"]


def test_left_over_files_are_named_and_removed(small: World) -> None:
    stray = small.library / "vectors-gone-int8-0123456789ab.f16"
    stray.write_bytes(b"x")
    assert doctor(small, "--check").status == 1
    assert stray.exists()
    ended = doctor(small)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "Found     vectors-gone-int8-0123456789ab.f16: left over, named by nothing",
        "Mended    1 left-over files were removed",
    ]
    assert not stray.exists()
    assert doctor(small).out == "The library is healthy.\n"


def test_damaged_thumbnails_are_named(small: World) -> None:
    thumbnails = small.library / "thumbnails.db"
    thumbnails.write_bytes(b"no database, but long enough to look like one " * 100)
    ended = doctor(small, "--json")
    assert ended.status == 0, "the next update makes them again"
    assert any("damaged" in problem for problem in ended.json["problems"])
    assert "the damaged thumbnails were set aside" in ended.json["repaired"]
    assert ended.json["unmended"] == []
    assert doctor(small, "--check").status == 0
    photofind("index", small.photos, "--library", small.library)
    assert doctor(small).out == "The library is healthy.\n"


def test_one_damaged_thumbnail_is_made_again_and_the_others_stay(small: World) -> None:
    with closing(sqlite3.connect(small.library / "thumbnails.db")) as connection, connection:
        connection.execute("UPDATE thumbnails SET jpeg = substr(jpeg, 1, 300) WHERE content_id = 1")
        others = connection.execute("SELECT * FROM thumbnails WHERE content_id != 1").fetchall()
    assert doctor(small, "--check").out == "Found     thumbnails.db: 1 thumbnails are damaged\n"
    ended = doctor(small, "--json")
    assert ended.status == 0, "the next update makes it again"
    assert ended.json["problems"] == ["thumbnails.db: 1 thumbnails are damaged"]
    assert ended.json["unmended"] == []
    photofind("index", small.photos, "--library", small.library)
    assert doctor(small).out == "The library is healthy.\n"
    with closing(sqlite3.connect(small.library / "thumbnails.db")) as connection:
        assert connection.execute("SELECT * FROM thumbnails WHERE content_id != 1").fetchall() == others
    small.assert_sound()


def test_missing_thumbnails_wait_for_the_next_update(small: World) -> None:
    store = ThumbnailStore.open(small.library / "thumbnails.db", writable=True)
    store.delete_many(set(list(store.content_ids())[:2]))
    store.close()
    assert doctor(small, "--check").status == 1, "nobody has asked for them yet"
    ended = doctor(small, "--json")
    assert ended.status == 0
    assert ended.json["problems"] == ["thumbnails.db: 2 thumbnails are missing"]
    small.refresh()
    small.assert_sound()


def test_what_is_not_mended_decides(
    small: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (rows,) = small.library.glob("*.f16")
    rows.write_bytes(b"\x01" + rows.read_bytes()[1:])
    stray = small.library / "vectors-gone-int8-0123456789ab.f16"
    stray.write_bytes(b"x")
    examine = report._examine

    def stubborn(library: Path, settings: Settings) -> Diagnosis:
        stray.write_bytes(b"x")  # it comes back whenever it is removed
        return examine(library, settings)

    monkeypatch.setattr(report, "_examine", stubborn)
    arguments = Namespace(check=False, json=False, compact=False, recluster=False)
    assert report.run_doctor(arguments, small.library, small.settings) == 1
    out = capsys.readouterr().out
    assert "Mended    1 embeddings will be made again" in out
    assert out.endswith("Remains   vectors-gone-int8-0123456789ab.f16: left over, named by nothing\n")


def test_an_examination_beside_a_writer_is_provisional(small: World) -> None:
    (small.library / "vectors-new-int8-0123456789ab.f16").write_bytes(b"x")
    assert doctor(small, "--check", "--json").json["provisional"] is False
    with small.writer():
        (small.library / "vectors-new-int8-0123456789ab.f16").write_bytes(b"x")
        ended = doctor(small, "--check", "--json")
        assert ended.json["provisional"] is True
        assert ended.json["problems"] == ["vectors-new-int8-0123456789ab.f16: left over, named by nothing"]
        assert "Another photofind was writing" in doctor(small, "--check").err
        doctor(small).assert_fails("Another photofind")


def test_a_damaged_page_of_the_catalog(small: World) -> None:
    small.update()
    with Catalog.open_writer(small.library / "library.db") as catalog:
        catalog._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database = small.library / "library.db"
    content = bytearray(database.read_bytes())
    content[4096 * 2 : 4096 * 8] = b"\x5a" * (4096 * 6)
    database.write_bytes(content)
    ended = doctor(small)
    assert ended.status == 1
    assert "Traceback" not in ended.err
    assert "put back a back-up" in ended.err
    assert all(line.startswith("Found     library.db: ") for line in ended.out.splitlines())
