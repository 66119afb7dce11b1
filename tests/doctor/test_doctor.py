"""Damage of every kind to a real library: what the doctor says, and what is left when it is done."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog, ThumbnailStore
from photofind.core.doctor import Diagnosis, examine, repair, set_aside
from photofind.core.errors import LibraryDamagedError, StorageError
from photofind.core.indexing.upkeep import IndexUpkeep
from photofind.core.vectors import rule
from tests.support.handmade import (
    DIMENSION,
    FOLDER,
    Handmade,
    flip_bit,
    name_of,
    no_check,
    pictures,
    unit_vectors,
)
from tests.support.other_program import changed_by_hand

STRIDE = 2 * DIMENSION
STRAY = f"epoch-{'2' * 32}"
SIZE = 2600
SEALED = 2400


@pytest.fixture
def sick(library: Handmade) -> Handmade:
    """A library with two segments, a delta and some dead vectors, about to fall ill."""
    photos = pictures(SIZE)
    library.add(photos[:1200])
    library.upkeep.run()
    library.add(photos[1200:SEALED])
    library.upkeep.run()
    library.add(photos[SEALED:])
    library.remove([name_of(photo) for photo in photos[:50]])
    assert len(library.state().segments) == 2
    return library


def look(library: Handmade) -> Diagnosis:
    """Examine a library as a reader, from outside of its writer."""
    with Catalog.open_reader(library.folder / "library.db") as reader:
        return examine(library.folder, reader, library.folder / "thumbnails.db")


def cure(library: Handmade) -> Diagnosis:
    """Examine and repair a library as its writer does."""
    library.close()
    with Catalog.open_writer(library.folder / "library.db") as catalog:
        thumbnails = library.folder / "thumbnails.db"
        diagnosis = examine(library.folder, catalog, thumbnails)
        repair(
            diagnosis,
            library.folder,
            catalog,
            thumbnails,
            lambda key: IndexUpkeep(library.folder, catalog, key, 1, no_check),
        )
    library.open()
    return diagnosis


def missing(library: Handmade) -> int:
    return library.catalog.contents.count_missing_embeddings(library.pack.id, reachable=True)


def answers(library: Handmade) -> list[list[int]]:
    return [library.found(query, 12) for query in unit_vectors(5, 3)]


def expected(library: Handmade) -> list[list[int]]:
    return [library.expected(query, 12) for query in unit_vectors(5, 3)]


def contents_of(library: Handmade) -> dict[str, bytes]:
    """Every file that SQLite does not keep for itself."""
    return {
        str(path): path.read_bytes()
        for path in library.folder.rglob("*")
        if path.is_file() and path.suffix not in {".db-wal", ".db-shm"}
    }


def test_a_healthy_library(sick: Handmade) -> None:
    diagnosis = cure(sick)
    assert diagnosis.healthy
    assert (diagnosis.problems, diagnosis.beyond_repair, diagnosis.repaired) == ([], [], [])
    assert look(sick).healthy


def test_an_empty_library_is_healthy(library: Handmade) -> None:
    library.row_path.unlink()
    assert look(library).healthy
    assert cure(library).healthy


# Rows


def test_a_flipped_bit_costs_one_embedding(sick: Handmade) -> None:
    flip_bit(sick.row_path, 100 * STRIDE + 7)
    flip_bit(sick.row_path, (SIZE - 1) * STRIDE)
    diagnosis = cure(sick)
    assert diagnosis.damaged_rows == {sick.pack.id: [100, SIZE - 1]}
    assert any(sick.row_path.name in problem and "2 of 2600" in problem for problem in diagnosis.problems)
    assert any("2 embeddings" in mended for mended in diagnosis.repaired)
    assert missing(sick) == 2
    assert look(sick).healthy
    del sick.model["100.jpg"], sick.model[f"{SIZE - 1}.jpg"]
    assert answers(sick) == expected(sick)


def test_what_was_lost_is_embedded_again_and_found(sick: Handmade) -> None:
    flip_bit(sick.row_path, 100 * STRIDE)
    cure(sick)
    photo = sick.model["100.jpg"]
    before = sick.embedded
    sick.put({"again.jpg": photo})
    assert sick.embedded == before + 1
    assert missing(sick) == 0
    assert answers(sick) == expected(sick)
    assert sick.found(photo.embedding, 1) == [100]
    assert look(sick).healthy


def test_a_damaged_row_of_a_dead_vector_is_given_up_too(sick: Handmade) -> None:
    flip_bit(sick.row_path, 3 * STRIDE)
    assert cure(sick).damaged_rows == {sick.pack.id: [3]}
    assert missing(sick) == 0  # no photo shows it
    assert answers(sick) == expected(sick)
    assert look(sick).healthy


@pytest.mark.parametrize("length", [0, 1, 500 * STRIDE, 2000 * STRIDE + 5, SIZE * STRIDE - 1, None])
def test_rows_that_were_cut_off_are_given_up(length: int | None, sick: Handmade) -> None:
    if length is None:
        sick.row_path.unlink()
    else:
        with sick.row_path.open("r+b") as file:
            file.truncate(length)
    whole = (length or 0) // STRIDE
    assert not look(sick).healthy
    diagnosis = cure(sick)
    assert diagnosis.damaged_rows == {sick.pack.id: list(range(whole, SIZE))}
    assert missing(sick) == SIZE - max(50, whole)
    assert sick.row_path.stat().st_size == SIZE * STRIDE
    assert look(sick).healthy
    kept = {name: photo for name, photo in sick.model.items() if photo.number < whole}
    lost = {f"new-{name}": photo for name, photo in sick.model.items() if photo.number >= whole}
    sick.model = kept
    assert answers(sick) == expected(sick)
    sick.put(lost)
    sick.upkeep.run()
    assert answers(sick) == expected(sick)
    assert look(sick).healthy


def test_a_folder_in_the_place_of_the_rows_is_kept_under_another_name(sick: Handmade) -> None:
    for count in (1, 2):
        sick.row_path.unlink()
        sick.row_path.mkdir()
        (sick.row_path / "something").write_bytes(b"x")
        assert not look(sick).healthy
        cure(sick)
        assert sick.row_path.stat().st_size == SIZE * STRIDE
        assert len(list(sick.row_path.parent.glob("*.damaged*/something"))) == count
        assert look(sick).healthy


def test_a_longer_file_is_what_a_crash_leaves(sick: Handmade) -> None:
    with sick.row_path.open("ab") as file:
        file.write(b"x" * 100)
    assert look(sick).healthy


# Index files


def shorten(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 8)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    flip_bit(path, -20)


@pytest.mark.parametrize("name", ["trained.faiss", "seg-*.faiss"])
@pytest.mark.parametrize("damage", [flip, shorten, empty, Path.unlink])
def test_a_damaged_index_is_rebuilt_from_the_rows(name: str, damage: Callable[[Path], None], sick: Handmade) -> None:
    path = sorted(sick.folder.glob(f"epoch-*/{name}"))[0]
    damage(path)
    diagnosis = cure(sick)
    assert diagnosis.damaged_indexes == [sick.key]
    assert len(diagnosis.problems) == 1
    assert path.name in diagnosis.problems[0]
    assert diagnosis.repaired == ["the index was rebuilt from the stored embeddings"]
    assert missing(sick) == 0
    assert not path.exists()
    assert sum(segment.count for segment in sick.state().segments) == SIZE - 50
    assert answers(sick) == expected(sick)
    assert look(sick).healthy


def test_an_index_that_is_gone_is_rebuilt(sick: Handmade) -> None:
    shutil.rmtree(next(sick.folder.glob("epoch-*")))
    assert len(cure(sick).problems) == 3
    assert answers(sick) == expected(sick)
    assert look(sick).healthy


def test_a_catalog_that_contradicts_the_index(sick: Handmade) -> None:
    for statement, complaint in (
        ("DELETE FROM segments WHERE first_vid = 0", "begins at vector 1200 instead of 0"),
        ("UPDATE segments SET count = 7", "holds 2550 vectors instead of 7"),
        ("UPDATE segments SET bytes = 7", "instead of 7"),
        ("UPDATE segments SET end_vid = 9999", "instead of 2600"),
    ):
        with sick.catalog.transaction():
            sick.catalog._sql.execute(statement)
        diagnosis = cure(sick)
        assert any(complaint in problem for problem in diagnosis.problems), statement
        assert look(sick).healthy
        assert answers(sick) == expected(sick)


def test_a_live_vector_that_no_segment_holds_is_found_out(sick: Handmade) -> None:
    """A search would never return it, and no checksum would ever be wrong."""
    with sick.catalog.transaction():
        sick.catalog._sql.execute("UPDATE vectors SET live = 0 WHERE vid < 300")
    sick.upkeep.run()
    assert sick.state().segments[0].count == 900
    with sick.catalog.transaction():
        sick.catalog._sql.execute("UPDATE vectors SET live = 1 WHERE vid BETWEEN 50 AND 299")
    diagnosis = cure(sick)
    assert diagnosis.damaged_indexes == [sick.key]
    assert "250" in diagnosis.problems[0]
    assert answers(sick) == expected(sick)
    assert look(sick).healthy


def test_left_over_files_are_removed(sick: Handmade) -> None:
    dead = sick.folder / f"epoch-{'d' * 32}"
    strays = [
        dead / "trained.faiss",
        next(sick.folder.glob("epoch-*")) / f"seg-{'0' * 32}.faiss",
        sick.folder / "vectors-gone-0123456789ab.f16",
        sick.folder / f".photofind-{'0' * 32}.tmp",
    ]
    dead.mkdir()
    for path in strays:
        path.write_bytes(b"x")
    strays.append(dead)
    (sick.folder / "holiday.txt").write_text("not ours")
    diagnosis = cure(sick)
    assert set(diagnosis.orphan_files) == set(strays)
    assert len(diagnosis.problems) == 5
    assert not any(path.exists() for path in strays)
    assert (sick.folder / "holiday.txt").exists()
    assert look(sick).healthy


# Thumbnails


def remake_thumbnails(library: Handmade) -> None:
    wanted = set(library.catalog.contents.referenced()) - library.thumbnails.content_ids()
    library.thumbnails.put_many((content, b"\xff\xd8") for content in wanted)


def no_database(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def scribble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:20000] = b"\x5a" * (20000 - 8192)
    path.write_bytes(content)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [no_database, scribble, newer, empty, Path.unlink, folder_instead])
def test_damaged_thumbnails_are_set_aside_and_wanted_again(damage: Callable[[Path], None], sick: Handmade) -> None:
    path = sick.folder / "thumbnails.db"
    sick.thumbnails.close()
    damage(path)
    existed = path.exists()
    found = look(sick)
    assert found.thumbnails_damaged
    assert any("thumbnails" in problem for problem in found.problems)
    diagnosis = cure(sick)
    assert sick.catalog.thumbnails_wanted()
    assert any(f"{SIZE - 50} thumbnails" in mended for mended in diagnosis.repaired)
    assert len(list(sick.folder.glob("thumbnails.db.damaged-*"))) == existed
    assert missing(sick) == 0
    remake_thumbnails(sick)
    assert look(sick).healthy


def test_single_damaged_thumbnails_are_removed_and_the_others_stay(sick: Handmade) -> None:
    sick.thumbnails.close()
    with closing(sqlite3.connect(sick.folder / "thumbnails.db")) as connection, connection:
        connection.execute("UPDATE thumbnails SET jpeg = x'00' WHERE content_id = 60")
        connection.execute("UPDATE thumbnails SET jpeg = x'FFD8FF' WHERE content_id IN (61, 2500)")
    found = look(sick)
    assert found.problems == ["thumbnails.db: 3 thumbnails are damaged"]
    assert not found.thumbnails_damaged
    diagnosis = cure(sick)
    assert diagnosis.repaired == [
        "3 damaged thumbnails were removed",
        "3 thumbnails will be made at the next `photofind index`",
    ]
    assert sick.catalog.thumbnails_wanted()
    assert list(sick.folder.glob("thumbnails.db.damaged-*")) == []
    assert len(sick.thumbnails.content_ids()) == SIZE - 50 - 3
    assert look(sick).problems == look(sick).awaited == ["thumbnails.db: 3 thumbnails are missing"]
    remake_thumbnails(sick)
    assert look(sick).healthy


def test_a_database_is_set_aside_with_its_journal(tmp_path: Path) -> None:
    """Left behind, it would be rolled back into the new file."""
    path = tmp_path / "thumbnails.db"
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).touch()
    set_aside(path)
    assert len(list(tmp_path.glob("thumbnails.db*.damaged-*"))) == len(list(tmp_path.iterdir())) == 4
    set_aside(path)


def test_missing_thumbnails_are_wanted_and_useless_ones_go(sick: Handmade) -> None:
    contents = sorted(sick.thumbnails.content_ids())
    sick.thumbnails.delete_many(contents[-3:])
    found = look(sick)
    assert found.problems == ["thumbnails.db: 3 thumbnails are missing"]
    assert not found.thumbnails_damaged
    cure(sick)
    assert sick.catalog.thumbnails_wanted()
    assert sick.thumbnails.content_ids() == set(contents[50:-3])


# The catalog


def test_a_damaged_catalog_is_beyond_repair_and_nothing_is_touched(sick: Handmade) -> None:
    sick.close()
    path = sick.folder / "library.db"
    content = bytearray(path.read_bytes())
    content[4096 * 40 : 4096 * 90] = b"\x5a" * (4096 * 50)  # behind the pages of the schema
    path.write_bytes(content)
    flip_bit(sick.row_path, 5)
    before = contents_of(sick)
    with Catalog.open_writer(path) as catalog:
        diagnosis = examine(sick.folder, catalog, sick.folder / "thumbnails.db")
        assert diagnosis.beyond_repair
        assert not diagnosis.healthy
        assert all("library.db" in problem for problem in diagnosis.beyond_repair)
        repair(
            diagnosis,
            sick.folder,
            catalog,
            sick.folder / "thumbnails.db",
            lambda key: pytest.fail(f"the index of {key} was touched"),
        )
    assert diagnosis.repaired == []
    assert contents_of(sick) == before
    path.write_bytes(b"")
    sick.open()


def test_a_catalog_that_is_no_database_is_told_at_the_door(sick: Handmade) -> None:
    sick.close()
    path = sick.folder / "library.db"
    content = bytearray(path.read_bytes())
    content[:200] = b"\x5a" * 200
    path.write_bytes(content)
    with pytest.raises(LibraryDamagedError, match="damaged"):
        Catalog.open_reader(path)
    path.unlink()
    sick.row_path.unlink()
    sick.open()


# In general


def test_examining_changes_nothing(sick: Handmade) -> None:
    flip_bit(sick.row_path, 5 * STRIDE)
    flip(next(sick.folder.glob("epoch-*/seg-*.faiss")))
    (sick.folder / STRAY).mkdir()
    no_database(sick.folder / "thumbnails.db")
    sick.close()
    before = contents_of(sick)
    problems = look(sick).problems
    assert len(problems) >= 4
    assert look(sick).problems == problems
    assert contents_of(sick) == before
    assert (sick.folder / STRAY).exists()
    (sick.folder / "thumbnails.db").unlink()
    sick.open()


def test_everything_at_once(sick: Handmade) -> None:
    flip_bit(sick.row_path, 70 * STRIDE)
    with sick.row_path.open("r+b") as file:
        file.truncate((SIZE - 10) * STRIDE)
    next(sick.folder.glob("epoch-*/trained.faiss")).unlink()
    (sick.folder / STRAY).mkdir()
    (sick.folder / "thumbnails.db").unlink()
    diagnosis = cure(sick)
    assert diagnosis.damaged_rows == {sick.pack.id: [70, *range(SIZE - 10, SIZE)]}
    assert missing(sick) == 11
    remake_thumbnails(sick)
    assert look(sick).healthy
    for number in (70, *range(SIZE - 10, SIZE)):
        del sick.model[f"{number}.jpg"]
    assert answers(sick) == expected(sick)
    assert Path(FOLDER) not in sick.folder.parents


def test_a_library_that_has_lost_most_of_its_embeddings_keeps_the_rest(sick: Handmade) -> None:
    kept = rule.MIN_SEALED - 1
    with sick.row_path.open("r+b") as file:
        file.truncate(kept * STRIDE)
    cure(sick)
    assert look(sick).healthy
    sick.model = {name: photo for name, photo in sick.model.items() if photo.number < kept}
    assert answers(sick) == expected(sick)
    with ThumbnailStore.open(sick.folder / "thumbnails.db", writable=False) as store:
        assert len(store.content_ids()) == SIZE - 50


def test_the_index_of_words_is_made_anew(library: Handmade) -> None:
    library.add(pictures(3))
    with library.catalog.transaction():
        library.catalog.texts.of_name("kiwi.jpg")
    library.close()
    with changed_by_hand(library.folder / "library.db") as raw:
        raw.execute("UPDATE words_data SET block = x'00ff00ff' WHERE id > 1")
    diagnosis = cure(library)
    assert diagnosis.problems == ["library.db: the index of words is damaged"]
    assert diagnosis.repaired == ["the index of words was rebuilt"]
    with closing(sqlite3.connect(library.folder / "library.db")) as raw:
        assert raw.execute("SELECT said FROM words WHERE words MATCH 'kiwi'").fetchall() == [("kiwi",)]
    assert cure(library).healthy


def test_a_disk_that_refuses_to_set_something_aside_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, journal = tmp_path / "thumbnails.db", tmp_path / "thumbnails.db-journal"
    database.write_bytes(b"no database")
    journal.write_bytes(b"of it")

    def refuse(path: Path, target: Path) -> Path:
        raise OSError(errno.EROFS, "Read-only file system", str(path), None, str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match="Read-only"):
        set_aside(database)
    assert sorted(tmp_path.iterdir()) == [database, journal]


def test_thumbnails_that_were_never_made_are_no_damage(library: Handmade) -> None:
    library.close()
    (library.folder / "thumbnails.db").write_bytes(b"")  # the disk was full at that moment
    assert look(library).healthy
