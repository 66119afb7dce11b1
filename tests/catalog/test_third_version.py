"""What the third version of the schema makes of a library of the second one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog, Field
from photofind.core.catalog.schema import MIGRATIONS, migrate
from photofind.core.errors import LibraryVersionError
from photofind.core.queries import Filters
from photofind.core.records import ContentId, FileStamp, PhotoId

NAMES = [b"IMG_1.jpg", b"Kyoto temple 1.jpg", b"Kyoto temple 2.jpg", b"caf\xe9.jpg"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library of the second version: four photos, of which two have a camera and one a position; one file failed."""
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, MIGRATIONS[:2])
        connection.execute("INSERT INTO roots (path) VALUES (?)", (b"/photos",))
        connection.execute("INSERT INTO folders (root_id, path) VALUES (1, ?)", (b"/photos/2019 Japan",))
        for number, name in enumerate(NAMES):
            connection.execute(
                "INSERT INTO contents (hash, size, format, width, height, camera, latitude, longitude)"
                " VALUES (?, 1, 'JPEG', 4, 3, ?, ?, ?)",
                (name, "Canon EOS 40D" if number < 2 else None, *((35.0, 135.75) if number == 3 else (None, None))),
            )
            connection.execute(
                "INSERT INTO files (folder_id, name, size, mtime_ns, file_id, state, content_id, dated_at)"
                " VALUES (1, ?, 1, 2, 3, 'photo', ?, 0)",
                (name, number + 1),
            )
        connection.execute(
            "INSERT INTO files (folder_id, name, size, mtime_ns, file_id, state) VALUES (1, ?, 1, 1, 1, 'error')",
            (b"broken.jpg",),
        )
    return path


def test_an_old_library_finds_its_words(path: Path) -> None:
    with pytest.raises(LibraryVersionError, match="older photofind"):
        Catalog.open_reader(path)
    with Catalog.open_writer(path) as catalog:
        assert catalog.problems() == []
        assert {field: ids.tolist() for field, ids in catalog.texts.matches("kyoto").items()} == {Field.NAME: [2, 3]}
        assert catalog.texts.match("japan").tolist() == [1, 2, 3, 4]
        assert catalog.texts.match("eos 40d").tolist() == [1, 2]
        assert catalog.texts.match("caf").tolist() == [4]
        assert catalog.texts.match("broken").tolist() == []
        assert catalog.filtering.photo_ids(Filters(cameras=("eos",), names=("kyoto",))).tolist() == [2]
        assert catalog.contents.unplaced(10) == [(ContentId(4), 35.0, 135.75)]
        assert catalog.colours.unseen(10) == [4, 3, 2, 1]
    assert path.with_name("library.db.v2.bak").exists()


def test_what_is_migrated_is_what_a_run_of_today_would_store(path: Path) -> None:
    def stored(catalog: Catalog) -> list[object]:
        questions = (
            "SELECT f.id, t.field, t.text, w.said FROM files f JOIN texts t ON t.id = f.text_id"
            " JOIN words w ON w.rowid = t.id ORDER BY f.id",
            "SELECT d.id, t.field, t.text, w.said FROM folders d JOIN texts t ON t.id = d.text_id"
            " JOIN words w ON w.rowid = t.id ORDER BY d.id",
        )
        return [catalog._sql.execute(question).fetchall() for question in questions]

    with Catalog.open_writer(path) as catalog:
        migrated = stored(catalog)
        camera = catalog._sql.execute("SELECT camera_id FROM contents WHERE id = 1").fetchone()[0]
        with catalog.transaction():
            assert catalog.texts.of_camera("Canon EOS 40D") == camera
            catalog._sql.execute("UPDATE files SET text_id = NULL")
            catalog._sql.execute("UPDATE folders SET text_id = NULL")
            for number in range(len(NAMES)):
                catalog.files.set_photo(PhotoId(number + 1), ContentId(number + 1), FileStamp(1, 2, 3))
            catalog.files.put_folder(1, "/photos/2019 Japan", is_mount=False, error=None)
        assert stored(catalog) == migrated


def test_an_empty_old_library(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, MIGRATIONS[:2])
    with Catalog.open_writer(path) as catalog:
        assert catalog.colours.unseen(10) == []
        assert catalog.texts.match("anything").tolist() == []
        assert catalog.filtering.photo_ids(Filters(names=("x",))).tolist() == []
