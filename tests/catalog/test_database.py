from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.connection import connect, storage_errors
from photofind.core.catalog.schema import MIGRATIONS, migrate, version_of
from photofind.core.errors import LibraryBusyError, LibraryDamagedError, LibraryVersionError, StorageError, UserError
from photofind.core.queries import Filters
from photofind.core.records import ContentId, FileStamp, PhotoFacts, PhotoId, SortKey
from tests.support.handmade import full_disk
from tests.support.other_program import changed_by_hand

STAMP = FileStamp(10, 20, 30)
FACTS = PhotoFacts("JPEG", 4, 3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


def fill(catalog: Catalog, count: int = 1) -> None:
    with catalog.transaction():
        root = catalog.files.add_root("/photos")
        folder = catalog.files.put_folder(root, "/photos", is_mount=False, error=None)
        catalog.files.add_pending(folder, [(f"{number}.jpg", STAMP) for number in range(count)])


def pages_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


# Versions


def test_a_new_library_has_the_newest_schema(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        assert catalog.problems() == []
        assert version_of(catalog._sql) == len(MIGRATIONS)
    assert list(path.parent.glob("*.bak*")) == []  # there was nothing to keep
    with Catalog.open_writer(path) as catalog:
        assert catalog.active_pack() is None
    with Catalog.open_reader(path) as catalog:
        assert catalog.files.roots() == []


SECOND = """
-- A word before.
ALTER TABLE roots ADD COLUMN label TEXT;
CREATE TABLE albums (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT 'a; b'
);
INSERT INTO albums (id) VALUES (7)"""
"""The last statement ends without a semicolon: it must not get lost."""


def test_a_migration_is_backed_up_first(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog, 3)
    with closing(connect(path, writable=True)) as connection:
        migrate(connection, path, (*MIGRATIONS, SECOND))
        assert version_of(connection) == len(MIGRATIONS) + 1
        assert connection.execute("SELECT * FROM albums").fetchall() == [(7, "a; b")]
        assert connection.execute("SELECT path, label FROM roots").fetchall() == [(b"/photos", None)]
        migrate(connection, path, (*MIGRATIONS, SECOND))  # nothing left to do
    backups = list(path.parent.glob("*.bak*"))
    assert [backup.name for backup in backups] == [f"library.db.v{len(MIGRATIONS)}.bak"]
    with Catalog.open_reader(backups[0]) as catalog:
        assert catalog.problems() == []
        assert [root.path for root in catalog.files.roots()] == ["/photos"]
        assert len(catalog.files.pending([1], 0, 10)) == 3
    with pytest.raises(LibraryVersionError, match="newer photofind"):
        Catalog.open_writer(path)


@pytest.mark.parametrize("last", ["SELECT * FROM nowhere;", "INSERT INTO roots (path) VALUES (NULL);"])
def test_a_migration_that_fails_changes_nothing(last: str, path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
    with closing(connect(path, writable=True)) as connection:
        with pytest.raises(sqlite3.DatabaseError):
            migrate(connection, path, (*MIGRATIONS, f"{SECOND};\nDELETE FROM files;\n{last}"))
        assert not connection.in_transaction
    with Catalog.open_writer(path) as catalog:
        assert catalog.problems() == []
        assert len(catalog.files.pending([1], 0, 10)) == 1
    assert [backup.name for backup in path.parent.glob("*.bak*")] == [f"library.db.v{len(MIGRATIONS)}.bak"]


def test_a_back_up_that_cannot_be_written_stops_the_migration(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
    path.with_name(f"library.db.v{len(MIGRATIONS)}.bak.partial").mkdir()
    with closing(connect(path, writable=True)) as connection, pytest.raises(UserError), storage_errors(path):
        migrate(connection, path, (*MIGRATIONS, SECOND))
    with Catalog.open_reader(path) as catalog:
        assert version_of(catalog._sql) == len(MIGRATIONS)


def test_a_library_of_a_newer_photofind_is_refused_and_left_alone(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    for open_it in (Catalog.open_writer, Catalog.open_reader):
        with pytest.raises(LibraryVersionError, match=r"newer photofind.*update photofind"):
            open_it(path)
    assert path.read_bytes() == before


def test_readers_refuse_what_no_writer_has_prepared(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    with pytest.raises(LibraryVersionError, match="photofind index"):
        Catalog.open_reader(path)
    Catalog.open_writer(path).close()
    monkeypatch.setattr("photofind.core.catalog.database.MIGRATIONS", (*MIGRATIONS, SECOND))
    with pytest.raises(LibraryVersionError, match="older photofind"):
        Catalog.open_reader(path)


def test_a_reader_makes_no_file(path: Path) -> None:
    with pytest.raises(StorageError, match=r"library\.db"):
        Catalog.open_reader(path)
    assert not path.exists()


def test_names_that_mean_something_in_a_uri(tmp_path: Path) -> None:
    path = tmp_path / "what? #1 100% é 写真 & 'quote'" / "library.db"
    path.parent.mkdir()
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
    with Catalog.open_reader(path) as catalog:
        assert len(catalog.files.roots()) == 1
    assert {entry.name for entry in path.parent.iterdir()} <= {"library.db", "library.db-wal", "library.db-shm"}


# Transactions


def interrupted(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog.set_target_spec("one")
        raise KeyboardInterrupt


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        with pytest.raises(KeyboardInterrupt):
            interrupted(catalog)
        assert catalog.target_spec() is None
        with catalog.transaction():
            catalog.set_target_spec("two")
        assert catalog.target_spec() == "two"


def test_a_commit_that_is_refused_undoes_the_transaction(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
        with pytest.raises(sqlite3.IntegrityError):
            refused_at_the_end(catalog)
        fill_more(catalog, 1)  # the connection is not still inside of it
        assert catalog.files.count_pending([1]) == 2


def refused_at_the_end(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog._sql.execute("PRAGMA defer_foreign_keys = ON")
        catalog._sql.execute("DELETE FROM folders")


def test_readers_see_commits_and_nothing_before(path: Path) -> None:
    with Catalog.open_writer(path) as writer, Catalog.open_reader(path) as reader:
        with writer.transaction():
            fill_root = writer.files.add_root("/photos")
            assert reader.files.roots() == []
        assert [root.id for root in reader.files.roots()] == [fill_root]


def test_a_snapshot_sees_one_commit(path: Path) -> None:
    with Catalog.open_writer(path) as writer, Catalog.open_reader(path) as reader:
        with reader.snapshot():
            assert reader.target_spec() is None
            with writer.transaction():
                writer.set_target_spec("x")
            assert reader.target_spec() is None
        assert reader.target_spec() == "x"
        with pytest.raises(KeyboardInterrupt), reader.snapshot():
            raise KeyboardInterrupt
        with writer.transaction():
            writer.set_target_spec("y")
        assert reader.target_spec() == "y"  # the interrupted snapshot is over


def test_a_reader_cannot_write(path: Path) -> None:
    Catalog.open_writer(path).close()
    with Catalog.open_reader(path) as reader, pytest.raises(StorageError):
        fill(reader)


def test_a_second_writer_is_told_that_it_is_busy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.catalog.connection._BUSY_SECONDS", 0.01)
    with (
        Catalog.open_writer(path) as one,
        Catalog.open_writer(path) as two,
        one.transaction(),
        pytest.raises(LibraryBusyError, match="locked"),
    ):
        fill(two)


# Disks and damage


def test_a_database_that_may_not_grow_tells_of_a_full_disk(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
        catalog._sql.execute(f"PRAGMA max_page_count = {pages_of(path) + 2}")
        with pytest.raises(StorageError, match="full"):
            fill_more(catalog, 5000)
        catalog._sql.execute("PRAGMA max_page_count = 1000000")
        assert len(catalog.files.pending([1], 0, 10)) == 1
        fill_more(catalog, 5000)
        assert catalog.files.count_pending([1]) == 5001
        assert catalog.problems() == []


def test_a_disk_that_is_full_at_the_commit_undoes_the_transaction(path: Path) -> None:
    """The pages go to the log only then; the connection must not stay inside the transaction."""
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
        with full_disk(path.with_name("library.db-wal").stat().st_size + 4096), pytest.raises(StorageError):
            fill_more(catalog, 2000)
        assert not catalog._sql.in_transaction
        assert catalog.files.count_pending([1]) == 1
        fill_more(catalog, 2000)
        assert catalog.files.count_pending([1]) == 2001
        assert catalog.problems() == []


def fill_more(catalog: Catalog, count: int) -> None:
    with catalog.transaction():
        catalog.files.add_pending(1, [(f"more-{number}.jpg", STAMP) for number in range(count)])


def test_what_is_no_database_is_damaged(path: Path) -> None:
    content = b"this is no database" * 400
    path.write_bytes(content)
    for open_it in (Catalog.open_writer, Catalog.open_reader):
        with pytest.raises(LibraryDamagedError, match="doctor"):
            open_it(path)
    assert path.read_bytes() == content


def test_a_damaged_page_is_a_sentence_wherever_it_is_met(path: Path) -> None:
    """At the first row, in the middle of many, or while writing; SQLite's own errors never come through."""
    Catalog.open_writer(path).close()
    empty = pages_of(path)
    with Catalog.open_writer(path) as catalog:
        fill(catalog, 600)
        with catalog.transaction():
            pack = catalog.vectors.put_pack("k", "s", 4)
            for number in range(600):
                content = catalog.contents.add(b"%d" % number, 1, FACTS)
                catalog.files.set_photo(PhotoId(number + 1), content, STAMP)
            catalog.vectors.append(pack.id, 0, [(ContentId(number + 1), 7) for number in range(600)])
            catalog.set_active_pack(pack.key)
    sound = path.read_bytes()
    uses: list[Callable[[Catalog], object]] = [
        lambda c: c.files.in_folder(1),
        lambda c: c.files.pending([1], 0, 5000),
        lambda c: c.files.find("/photos", "399.jpg"),
        lambda c: c.files.count_photos(),
        lambda c: list(c.files.errors()),
        lambda c: list(c.contents.referenced()),
        lambda c: list(c.vectors.places(1, range(600))),
        lambda c: c.vectors.crcs(1, 0, 600),
        lambda c: c.active_pack(),
        lambda c: [c.lists.photos(sort, descending=True, limit=None) for sort in SortKey],
        lambda c: c.lists.tiles(range(600)),
        lambda c: c.texts.match("photos"),
        lambda c: c.filtering.kept(1, Filters(names=("9",), formats=("jpeg",))),
        lambda c: c.colours.of(1, range(600)),
    ]
    damaged = 0
    for page in range(1, len(sound) // 4096):
        path.write_bytes(sound[: page * 4096] + b"\x5a" * 4096 + sound[(page + 1) * 4096 :])
        try:
            opened = Catalog.open_reader(path)
        except LibraryDamagedError:  # the page holds the schema
            continue
        with opened as catalog:
            assert is_damaged(Catalog.problems, catalog) or catalog.problems()
            damaged += sum(is_damaged(use, catalog) for use in uses)
    assert damaged > 40
    path.write_bytes(sound[: 4096 * empty] + b"\x5a" * (len(sound) - 4096 * empty))
    with Catalog.open_writer(path) as catalog, pytest.raises(LibraryDamagedError, match="doctor"):
        fill_more(catalog, 3000)


def is_damaged(use: Callable[[Catalog], object], catalog: Catalog) -> bool:
    try:
        use(catalog)
    except LibraryDamagedError:
        return True
    return False


def test_a_row_that_refers_to_nothing_is_a_problem(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
    with changed_by_hand(path) as connection:
        connection.execute("DELETE FROM folders")
    with Catalog.open_reader(path) as catalog:
        assert catalog.problems() == ["files: a row refers to a missing row of folders"]


def test_references_are_enforced(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        fill(catalog)
        with pytest.raises(sqlite3.IntegrityError), catalog.transaction():
            catalog._sql.execute("DELETE FROM folders")
        assert catalog.files.count_pending([1]) == 1


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while: rights mean nothing to root."""
    if os.name != "posix":
        pytest.skip("rights of POSIX")
    if os.geteuid() != 0:
        yield
        return
    os.setresgid(65534, 65534, 0)
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that other users may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("left_over", [(), ("-wal",), ("-wal", "-shm")])
def test_a_library_on_a_read_only_disk_can_be_read(left_over: tuple[str, ...], public: Path) -> None:
    path = public / "library.db"
    with Catalog.open_writer(path) as catalog:
        fill(catalog, 2)
    Catalog.open_reader(path).close()  # a reader leaves the log beside the file, empty
    for suffix in {"-wal", "-shm"}.difference(left_over):
        path.with_name(path.name + suffix).unlink()
    before = sorted(entry.name for entry in public.iterdir())
    for entry in public.iterdir():
        entry.chmod(0o444)
    public.chmod(0o555)
    with unprivileged():
        with Catalog.open_reader(path) as catalog:
            assert len(catalog.files.pending([1], 0, 10)) == 2
        with pytest.raises(StorageError), Catalog.open_writer(path) as catalog:
            fill_more(catalog, 1)
    public.chmod(0o755)
    assert sorted(entry.name for entry in public.iterdir()) == before


def test_a_library_that_may_not_be_read_is_a_sentence(public: Path) -> None:
    path = public / "library.db"
    Catalog.open_writer(path).close()
    path.chmod(0o000)
    with unprivileged(), pytest.raises(StorageError, match=r"library\.db"):
        Catalog.open_reader(path)


# The library as a whole


def test_values_of_the_whole_library(path: Path) -> None:
    with Catalog.open_writer(path) as catalog:
        assert (catalog.active_pack(), catalog.target_spec(), catalog.thumbnails_wanted()) == (None, None, False)
        with catalog.transaction():
            pack = catalog.vectors.put_pack("key", "spec", 8)
            catalog.set_active_pack("key")
            catalog.set_target_spec("other")
            catalog.set_thumbnails_wanted(wanted=True)
    with Catalog.open_writer(path) as catalog:
        assert catalog.active_pack() == pack
        assert catalog.target_spec() == "other"
        assert catalog.thumbnails_wanted()
        with catalog.transaction():
            catalog.set_thumbnails_wanted(wanted=False)
            assert catalog.vectors.put_pack("key", "ignored", 9) == pack
        assert not catalog.thumbnails_wanted()


def test_facts_come_back(path: Path) -> None:
    facts = PhotoFacts("HEIF", 4000, 3000, "2024-02-29T23:59:58", "Maker 1", "Lens 写", 51.5, -0.25)
    with Catalog.open_writer(path) as catalog:
        with catalog.transaction():
            content = catalog.contents.add(b"digest", 123, facts)
        assert catalog.contents.facts(content) == facts
        assert catalog.contents.by_hash(b"digest") == content
        assert catalog.contents.by_hash(b"other") is None
