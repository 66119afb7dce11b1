"""Lists of photos: their orders against Python's own sorting, slices, what changes them, old libraries."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.catalog.order import name_key, path_key
from photofind.core.catalog.schema import MIGRATIONS, migrate
from photofind.core.records import ContentId, FileStamp, Listing, PhotoFacts, PhotoId, RootSummary, SortKey

DAY = 86_400
NOON = 43_200
ORDERS = [(sort, descending) for sort in SortKey for descending in (False, True)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    with Catalog.open_writer(path) as opened:
        yield opened


@pytest.fixture(params=["UTC0", "XST-9:30", "XST+11"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be changed here")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def add(
    catalog: Catalog, path: str, *, size: int = 1, seconds: int = 0, taken: str | None = None, root: str = "/photos"
) -> PhotoId:
    """Add a photo with a content of its own; ``seconds`` is when it was modified."""
    folder, name = os.path.split(path)
    stamp = FileStamp(size, seconds * 1_000_000_000 + 5, 0)
    folder_id = catalog.files.put_folder(catalog.files.add_root(root), folder, is_mount=False, error=None)
    catalog.files.add_pending(folder_id, [(name, stamp)])
    known = catalog.files.find(folder, name)
    assert known is not None
    content = catalog.contents.add(os.fsencode(path), size, PhotoFacts("JPEG", 4, 3, taken))
    catalog.files.set_photo(known.id, content, stamp)
    return known.id


def listing(catalog: Catalog, sort: SortKey = SortKey.DATE, *, descending: bool = False) -> list[int]:
    ids: list[int] = catalog.lists.photos(sort, descending=descending, limit=None).photo_ids.tolist()
    return ids


def names(catalog: Catalog, sort: SortKey) -> list[str]:
    return [os.path.basename(tile.path) for tile in catalog.lists.tiles(listing(catalog, sort))]


# Orders


def test_numbers_count_and_case_and_accents_do_not(catalog: Catalog) -> None:
    wanted = [
        "1.jpg", "2.jpg", "10.jpg", "100000000.jpg", "9999999999.jpg", "10000000000000.jpg", "a.jpg", "B.jpg",
        "cafe1.jpg", "Café2.jpg", "cafe3.jpg", "IMG_2.jpg", "img_0010.jpg", "IMG_11.jpg", "z.jpg", "Ω.jpg", "写真.jpg",
    ]  # fmt: skip
    for name in random.Random(3).sample(wanted, len(wanted)):
        add(catalog, f"/photos/{name}")
    assert names(catalog, SortKey.NAME) == wanted
    assert names(catalog, SortKey.FOLDER) == wanted


def test_any_name_has_a_key() -> None:
    for name in ("", "\udcff", "0", "000", "7" * 300, "a\nb", "ﬀ", "\uff12"):
        assert isinstance(name_key(name), bytes)
    assert name_key("9" * 120) > name_key("9" * 98)
    assert name_key("007") == name_key("7")


def test_a_folder_stands_before_what_is_in_it() -> None:
    tops = ["/a", "/a/2", "/a/10", "/a/10/x", "/a b", "/A-b", "/b"]
    paths = [top.replace("/", os.sep) for top in tops]
    assert sorted(random.Random(1).sample(paths, len(paths)), key=path_key) == paths


def test_folders_first_and_names_within(catalog: Catalog) -> None:
    ids = {name: add(catalog, f"/photos/{name}") for name in ("b/1", "a/10", "a/2", "a/sub/1", "z", "a b/1")}
    wanted = [ids[name] for name in ("z", "a/2", "a/10", "a/sub/1", "a b/1", "b/1")]
    assert listing(catalog, SortKey.FOLDER) == wanted
    assert listing(catalog, SortKey.FOLDER, descending=True) == wanted[::-1]


def test_days_are_when_it_was_taken_or_else_modified(catalog: Catalog, zone: str) -> None:
    offset = {"UTC0": 0, "XST-9:30": 34_200, "XST+11": -39_600}[zone]
    late = add(catalog, "/photos/late", seconds=100 * DAY - 1 - offset)
    next_day = add(catalog, "/photos/next", seconds=100 * DAY - offset)
    taken = add(catalog, "/photos/taken", seconds=5, taken="2024-02-29T23:59:59")
    before = add(catalog, "/photos/before", seconds=5, taken="1969-12-31T23:59:59")
    ancient = add(catalog, "/photos/ancient", seconds=-DAY - NOON - offset)
    unreasonable = add(catalog, "/photos/unreasonable", seconds=9_000_000_000)
    found = catalog.lists.photos(SortKey.DATE, descending=False, limit=None)
    leap = (date(2024, 2, 29) - date(1970, 1, 1)).days
    assert list(zip(found.photo_ids.tolist(), found.days.tolist(), strict=True))[:5] == [
        (ancient, -2), (before, -1), (late, 99), (next_day, 100), (taken, leap)
    ]  # fmt: skip
    assert found.photo_ids[5] == unreasonable
    assert (found.photo_ids.dtype.name, found.days.dtype.name) == ("int64", "int32")


def test_a_time_that_no_calendar_has(catalog: Catalog) -> None:
    photo = add(catalog, "/photos/a", taken="2024-01-01T00:00:00")
    odd = add(catalog, "/photos/b", seconds=0)
    known = catalog.files.find("/photos", "b")
    assert known is not None
    assert known.content_id is not None
    catalog.files.set_photo(odd, known.content_id, FileStamp(1, -(1 << 63), 0))
    assert listing(catalog) == [odd, photo]


# Slices


def many(catalog: Catalog, count: int) -> list[tuple[int, str, str, int, str]]:
    """Add photos with many equal dates, sizes and names; return (id, folder, name, size, taken) of each."""
    rng = random.Random(11)
    added: list[tuple[int, str, str, int, str]] = []
    with catalog.transaction():
        for number in range(count):
            folder = f"/photos/{rng.choice('abcdef')}{rng.randrange(4)}/{number}"
            name, size = f"{rng.choice('XyZ')}{rng.randrange(30)}.jpg", rng.randrange(5)
            taken = f"2020-01-0{rng.randrange(1, 5)}T00:00:0{rng.randrange(3)}"
            added.append((add(catalog, f"{folder}/{name}", size=size, taken=taken), folder, name, size, taken))
    return added


@pytest.mark.parametrize("piece", [1, 7, 64, 16_384])
def test_every_order_whatever_the_slices(piece: int, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.catalog.lists._SLICE", piece)
    photos = many(catalog, 200)
    keys = {
        SortKey.DATE: lambda p: (p[4], p[0]),
        SortKey.NAME: lambda p: (name_key(p[2]), p[4], p[0]),
        SortKey.SIZE: lambda p: (p[3], p[4], p[0]),
        SortKey.FOLDER: lambda p: (path_key(p[1]), name_key(p[2]), p[0]),
    }
    for sort, descending in ORDERS:
        wanted = [photo[0] for photo in sorted(photos, key=keys[sort], reverse=descending)]
        assert listing(catalog, sort, descending=descending) == wanted
        for limit in (0, 1, 6, 7, 8, 199, 200, 5000):
            found = catalog.lists.photos(sort, descending=descending, limit=limit)
            assert (found.photo_ids.tolist(), found.total) == (wanted[:limit], 200)
            assert len(found.days) == len(found.photo_ids)


def test_a_folder_larger_than_a_slice(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.core.catalog.lists._SLICE", 16)
    with catalog.transaction():
        ids = [add(catalog, f"/photos/{folder}/{name}") for folder in "abc" for name in range(40)]
    assert listing(catalog, SortKey.FOLDER) == ids
    assert catalog.lists.photos(SortKey.FOLDER, descending=False, limit=50).photo_ids.tolist() == ids[:50]


def test_an_empty_library(catalog: Catalog) -> None:
    for sort, descending in ORDERS:
        found = catalog.lists.photos(sort, descending=descending, limit=None)
        assert isinstance(found, Listing)
        assert (found.photo_ids.tolist(), found.days.tolist(), found.total) == ([], [], 0)
    assert catalog.lists.tiles([1]) == []
    assert catalog.lists.roots() == []
    assert catalog.lists.photo(1) is None


# What is a photo


def test_only_what_has_a_content_is_listed(catalog: Catalog) -> None:
    kept, broken, ignored, again, gone, moved = (add(catalog, f"/photos/{name}") for name in "abcdef")
    newcomer = add(catalog, "/photos/sub/new", size=77, taken="2030-01-01T00:00:00")
    catalog.files.add_pending(1, [("waits", FileStamp(1, 2, 3))])
    catalog.files.set_error(broken, "damaged", "damaged")
    catalog.files.set_ignored(ignored)
    catalog.files.set_pending([(again, FileStamp(5, 6, 7))])
    catalog.files.remove([gone])
    catalog.files.take_place(moved, newcomer)
    for sort, descending in ORDERS:
        assert set(listing(catalog, sort, descending=descending)) == {kept, again, moved}
    assert listing(catalog, SortKey.SIZE)[-1] == moved
    assert listing(catalog, SortKey.DATE)[-1] == moved
    assert names(catalog, SortKey.NAME) == ["a", "d", "new"]
    assert catalog.files.count_photos() == 3
    assert [tile.photo_id for tile in catalog.lists.tiles([broken, ignored, again, gone])] == [again]
    assert catalog.lists.photo(broken) is None
    assert catalog.lists.photo_at("/photos", "b") is None


def test_tiles_and_a_photo_in_full(catalog: Catalog) -> None:
    one, two = add(catalog, "/photos/one", size=9, seconds=3, taken="2024-01-01T00:00:00"), add(catalog, "/photos/two")
    catalog.files.set_root_offline(1, offline=True)
    found = catalog.lists.tiles([two, 999, one, -1, two, 1 << 70])
    assert [(tile.photo_id, tile.path, tile.offline) for tile in found] == [
        (two, "/photos/two", True), (one, "/photos/one", True), (two, "/photos/two", True)
    ]  # fmt: skip
    photo = catalog.lists.photo(one)
    assert photo is not None
    assert (photo.photo_id, photo.content_id, photo.path) == (one, ContentId(1), "/photos/one")
    assert (photo.size, photo.mtime_ns, photo.offline) == (9, 3_000_000_005, True)
    assert photo.facts == PhotoFacts("JPEG", 4, 3, "2024-01-01T00:00:00")
    for unknown in (999, -1, 1 << 70):
        assert catalog.lists.photo(unknown) is None
    assert catalog.lists.photo_at("/photos", "two") == two
    assert catalog.lists.photo_at("/nowhere", "two") is None


def test_roots_with_their_numbers(catalog: Catalog) -> None:
    for name in ("a", "sub/b", "sub/c"):
        add(catalog, f"/photos/{name}")
    other = add(catalog, "/other/x", root="/other")
    catalog.files.set_error(other, "damaged", "damaged")
    catalog.files.put_folder(2, "/other/locked", is_mount=False, error="no right to read it")
    catalog.files.set_root_offline(2, offline=True)
    empty = catalog.files.add_root("/void")
    assert catalog.lists.roots() == [
        RootSummary(2, "/other", offline=True, photos=0, errors=2),
        RootSummary(1, "/photos", offline=False, photos=3, errors=0),
        RootSummary(empty, "/void", offline=False, photos=0, errors=0),
    ]
    add(catalog, "/photos/sub/new/d", root="/")
    catalog.files.absorb_root(1, 4)
    assert [(root.path, root.photos) for root in catalog.lists.roots()] == [("/", 4), ("/other", 0), ("/void", 0)]


# Plans


def test_no_list_reads_more_than_it_needs(catalog: Catalog) -> None:
    """Without statistics, as a library is, SQLite must choose the indexes that answer alone."""
    statements: list[str] = []
    many(catalog, 20)
    catalog._sql.set_trace_callback(statements.append)
    for sort, descending in ORDERS:
        catalog.lists.photos(sort, descending=descending, limit=None)
    lists = plan(catalog, statements)
    assert not any("TEMP B-TREE" in step for step in lists), lists
    assert {step.split(" (")[0] for step in lists if step.startswith("SEARCH")} == {
        *(f"SEARCH files USING COVERING INDEX files_by_{key}" for key in ("date", "name", "size")),
        "SEARCH d USING COVERING INDEX folders_by_path_key",
        "SEARCH f USING COVERING INDEX files_by_folder",
        *(f"SEARCH {table} USING INTEGER PRIMARY KEY" for table in ("files", "f", "d")),  # the last row of a slice
    }
    for columns in ("dated_at,rowid", "name_key,dated_at,rowid", "size,dated_at,rowid"):
        assert sum(f"({columns})" in step for step in lists) == 2, lists
    assert {step for step in lists if step.startswith("SCAN")} <= {"SCAN folders", "SCAN (subquery-1)"}
    statements.clear()
    catalog.lists.tiles([1, 2])
    catalog.lists.photo(1)
    catalog.lists.photo_at("/photos", "x")
    scans = {step for step in plan(catalog, statements) if step.startswith("SCAN")}
    assert all("VIRTUAL TABLE" in step for step in scans), scans


def plan(catalog: Catalog, statements: list[str]) -> set[str]:
    catalog._sql.set_trace_callback(None)
    explained = [f"EXPLAIN QUERY PLAN {statement}" for statement in statements if statement.startswith("SELECT")]
    found = {step[3] for statement in explained for step in catalog._sql.execute(statement)}
    catalog._sql.set_trace_callback(statements.append)
    return found


# Revisions


def test_the_revision_grows_when_a_list_could_differ(catalog: Catalog, path: Path) -> None:
    with Catalog.open_reader(path) as reader:
        with catalog.transaction():
            photo = add(catalog, "/photos/a")
        before = reader.revision()
        assert before > 0
        with catalog.transaction():
            catalog.files.put_folder(1, "/photos", is_mount=False, error=None)  # as it is
            catalog.files.begin_moves([1])
            catalog.files.set_file_ids([(photo, 9)])
            catalog.set_target_spec("x")
        assert reader.revision() == before
        with pytest.raises(KeyboardInterrupt):
            interrupted(catalog, photo)
        assert reader.revision() == before
        for change in (
            lambda: catalog.files.set_root_offline(1, offline=True),
            lambda: catalog.files.put_folder(1, "/photos", is_mount=False, error=None),  # it is back
            lambda: catalog.files.set_folders_offline([1]),
            lambda: catalog.files.set_pending([(photo, FileStamp(8, 8, 8))]),
            lambda: catalog.files.set_photo(photo, ContentId(1), FileStamp(8, 8, 8)),
            lambda: catalog.files.remove([photo]),
            lambda: catalog.files.add_root("/more"),
            lambda: catalog.raise_revision(),
        ):
            with catalog.transaction():
                change()
            assert reader.revision() == before + 1
            before += 1
    with Catalog.open_reader(path) as another:
        assert another.revision() == before


def interrupted(catalog: Catalog, photo: PhotoId) -> None:
    with catalog.transaction():
        catalog.files.remove([photo])
        raise KeyboardInterrupt


# Libraries of the first version


def old_library(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, MIGRATIONS[:1])
        connection.execute("INSERT INTO roots (path) VALUES (?)", (b"/photos",))
        for number, folder in enumerate((b"/photos/b", b"/photos/a10", b"/photos/a9"), 1):
            connection.execute("INSERT INTO folders (root_id, path) VALUES (1, ?)", (folder,))
            for name in (b"10.jpg", b"9.jpg", b"\xff.jpg"):
                taken = f"20{number}0-01-01T00:00:00" if name == b"9.jpg" else None
                content = connection.execute(
                    "INSERT INTO contents (hash, size, format, width, height, taken_at) VALUES (?, 1, 'JPEG', 4, 3, ?)"
                    " RETURNING id",
                    (folder + name, taken),
                ).fetchone()[0]
                connection.execute(
                    "INSERT INTO files (folder_id, name, size, mtime_ns, file_id, state, content_id)"
                    " VALUES (?, ?, ?, ?, 0, 'photo', ?)",
                    (number, name, number, (10 + number) * DAY * 1_000_000_000 + NOON * 1_000_000_000, content),
                )
        connection.execute(
            "INSERT INTO files (folder_id, name, size, mtime_ns, file_id, state) VALUES (1, x'61', 1, 1, 1, 'error')"
        )


def test_an_old_library_gets_its_lists(path: Path) -> None:
    old_library(path)
    with Catalog.open_writer(path) as catalog:
        assert catalog.problems() == []
        assert catalog.files.count_photos() == 9
        tiles = catalog.lists.tiles(listing(catalog, SortKey.FOLDER))
        assert [tile.path for tile in tiles] == [
            os.path.join(folder, os.fsdecode(name))
            for folder in ("/photos/a9", "/photos/a10", "/photos/b")
            for name in (b"9.jpg", b"10.jpg", b"\xff.jpg")
        ]
        days = catalog.lists.photos(SortKey.DATE, descending=False, limit=None).days.tolist()
        taken = [(date(2000 + 10 * number, 1, 1) - date(1970, 1, 1)).days for number in (1, 2, 3)]
        assert days == [11, 11, 12, 12, 13, 13, *taken]
        migrated = {sort: listing(catalog, sort) for sort in SortKey}
        for row in catalog._sql.execute("SELECT id, content_id, size, mtime_ns FROM files WHERE content_id").fetchall():
            catalog.files.set_photo(row[0], row[1], FileStamp(row[2], row[3], 0))  # what a run of today would store
        assert {sort: listing(catalog, sort) for sort in SortKey} == migrated
    assert path.with_name("library.db.v1.bak").exists()
