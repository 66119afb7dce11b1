"""Saved searches: kept by name, safe from other windows, from damage and from newer programs."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from photofind.core import saved
from photofind.core.errors import LibraryVersionError, QueryError, StorageError
from photofind.core.ownership import check_library_folder
from photofind.core.saved import LONGEST_NAME, MOST_SEARCHES, SAVED_FILE, SavedSearches, Shelf

DOG = {"parts": [{"words": "dog on a beach"}]}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "library.db").write_bytes(b"x")
    return tmp_path


@pytest.fixture
def searches(library: Path) -> SavedSearches:
    return SavedSearches(library)


def _names(shelf: Shelf) -> list[str]:
    return [search.name for search in shelf.searches]


def test_a_search_is_kept_by_its_name(searches: SavedSearches, library: Path) -> None:
    assert searches.list() == Shelf()
    searches.save("  Dogs\n at the\tsea ", DOG)
    shelf = searches.save("all of Kyoto", {})
    assert _names(shelf) == ["all of Kyoto", "Dogs at the sea"]
    assert SavedSearches(library).list() == shelf
    found = shelf.find("DOGS AT THE SEA")
    assert found is not None
    assert found.query == DOG
    check_library_folder(library)


def test_the_same_name_is_replaced_whatever_its_case(searches: SavedSearches) -> None:
    searches.save("Straße", {"n": 1})
    shelf = searches.save("STRASSE", {"n": 2})
    assert [(search.name, search.query) for search in shelf.searches] == [("STRASSE", {"n": 2})]
    searches.save("caf\u00e9", {"n": 3})
    assert len(searches.save("cafe\u0301", {"n": 4}).searches) == 2


def test_renaming(searches: SavedSearches) -> None:
    searches.save("one", DOG)
    searches.save("two", {})
    assert _names(searches.rename("ONE", "three")) == ["three", "two"]
    assert _names(searches.rename("two", "TWO")) == ["three", "TWO"]
    with pytest.raises(QueryError, match="“TWO” already"):
        searches.rename("three", "two")
    with pytest.raises(QueryError, match="no saved search “gone”"):
        searches.rename("gone", "new")
    assert _names(searches.list()) == ["three", "TWO"]


def test_removing_can_be_undone(searches: SavedSearches) -> None:
    before = searches.save("one", DOG).searches[0]
    assert searches.remove("One") == Shelf()
    assert searches.remove("One") == Shelf()
    assert searches.put_back(before).searches == (before,)
    searches.save("one", {"n": 1})
    assert searches.put_back(before).searches[0].query == {"n": 1}, "what was saved since is newer"


@pytest.mark.parametrize("name", ["", "  \t\n", "\0", "x" * (LONGEST_NAME + 1)])
def test_names_that_will_not_do(searches: SavedSearches, name: str) -> None:
    with pytest.raises(QueryError):
        searches.save(name, {})
    assert searches.list() == Shelf()


@pytest.mark.parametrize("name", ["🐕", "שלום", "a/b\\c", "\udcff", "x" * LONGEST_NAME, '"', "'; DROP TABLE"])
def test_names_that_will_do(searches: SavedSearches, name: str) -> None:
    searches.save(name, {"path": "/photos/\udcff.jpg"})
    (kept,) = searches.list().searches
    assert kept.query == {"path": "/photos/\udcff.jpg"}
    assert kept.name == name.replace("\udcff", "\ufffd")


def test_there_is_an_end_to_it(searches: SavedSearches, library: Path) -> None:
    entries = [{"name": str(number), "query": {}} for number in range(MOST_SEARCHES)]
    (library / SAVED_FILE).write_text(json.dumps({"version": 1, "searches": entries}), encoding="utf-8")
    with pytest.raises(QueryError, match="remove one first"):
        searches.save("one more", {})
    assert len(searches.save("0", DOG).searches) == MOST_SEARCHES
    with pytest.raises(QueryError, match="too long"):
        searches.save("0", {"words": "x" * 1_000_000})


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"version": true}', b'{"version": 1}', b"[" * 100_000, b'{"searches": []}'],
)
def test_a_damaged_file_is_set_aside(searches: SavedSearches, library: Path, content: bytes) -> None:
    (library / SAVED_FILE).write_bytes(content)
    shelf = searches.list()
    assert shelf.searches == ()
    assert str(library / "searches.json.damaged") in shelf.warning
    assert (library / "searches.json.damaged").read_bytes() == content
    assert searches.list() == Shelf()
    assert _names(searches.save("new", {})) == ["new"]


def test_what_is_sound_in_a_damaged_file_is_kept(searches: SavedSearches, library: Path) -> None:
    good = {"name": "good", "query": DOG}
    entries = [good, {"name": "GOOD", "query": {}}, {"name": 5, "query": {}}, {"name": "x"}, "y", None, {"query": {}}]
    for _ in range(2):
        (library / SAVED_FILE).write_text(json.dumps({"version": 1, "searches": entries}), encoding="utf-8")
        shelf = searches.save("new", {})
        assert _names(shelf) == ["good", "new"]
        assert "could not be read" in shelf.warning
    assert (library / "searches.json.damaged-2").exists()


def test_what_is_not_what_was_saved_is_offered_with_a_warning(searches: SavedSearches, library: Path) -> None:
    searches.save("Temples", DOG)
    content = (library / SAVED_FILE).read_bytes().replace(b"Temples", b"Tempels")
    (library / SAVED_FILE).write_bytes(content)
    shelf = searches.list()
    assert _names(shelf) == ["Tempels"]
    assert "are not what was saved" in shelf.warning
    assert (library / "searches.json.damaged").read_bytes() == content
    assert searches.list() == Shelf(shelf.searches)


def test_flipped_bits_of_a_search_are_noticed(library: Path) -> None:
    searches = SavedSearches(library)
    kept = searches.save("Füße", {"path": "/\udcff", "parts": [{"words": "dog", "weight": 1.5}]})
    content = (library / SAVED_FILE).read_bytes()
    for bit in range(0, 8 * len(content), 3):  # each bit of a byte in its turn
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        (library / SAVED_FILE).write_bytes(flipped)
        try:
            contents = searches._read()
        except LibraryVersionError:
            continue  # it says so, and leaves the file alone
        assert contents.is_damaged or tuple(contents.searches) == kept.searches


@pytest.mark.parametrize("order", [1, -1])
def test_files_without_a_sum_and_other_layouts_are_sound(searches: SavedSearches, library: Path, order: int) -> None:
    kept = searches.save("x", {"b": 1, "a": [1.0, None]})
    document = json.loads((library / SAVED_FILE).read_bytes())
    assert document["sum"]
    (library / SAVED_FILE).write_text(json.dumps(dict(list(document.items())[::order])), encoding="utf-8")
    assert searches.list() == kept
    del document["sum"]
    (library / SAVED_FILE).write_text(json.dumps(document), encoding="utf-8")
    assert searches.list() == kept
    assert _names(searches.save("y", {})) == ["x", "y"]


def test_keys_that_become_texts_do_no_harm_to_the_sum(searches: SavedSearches) -> None:
    searches.save("x", {"parts": {10: "a", 2: "b"}})
    shelf = searches.list()
    assert shelf.warning == ""
    assert shelf.searches[0].query == {"parts": {"10": "a", "2": "b"}}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["a pipe", "an endless device"])
def test_what_is_no_file_is_refused_and_left_alone(searches: SavedSearches, library: Path, kind: str) -> None:
    path = library / SAVED_FILE
    if kind == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    before = os.lstat(path)
    for ask in (searches.list, lambda: searches.save("x", {})):
        with pytest.raises(StorageError, match=r"searches\.json: it is no regular file; .* move it away"):
            ask()
    assert os.path.samestat(os.lstat(path), before)
    assert list(library.glob("searches.json.*")) == []


def test_a_file_larger_than_any_that_was_written_is_set_aside(
    searches: SavedSearches, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches.save("x", {})
    content = (library / SAVED_FILE).read_bytes()
    monkeypatch.setattr(saved, "_LARGEST_BYTES", len(content) - 1)
    shelf = searches.list()
    assert shelf.searches == ()
    assert shelf.warning
    assert (library / "searches.json.damaged").read_bytes() == content


def test_a_newer_file_is_left_alone(searches: SavedSearches, library: Path) -> None:
    content = b'{"version": 2, "searches": {}}'
    (library / SAVED_FILE).write_bytes(content)
    with pytest.raises(LibraryVersionError, match="newer photofind"):
        searches.list()
    with pytest.raises(LibraryVersionError):
        searches.save("x", {})
    assert (library / SAVED_FILE).read_bytes() == content


def test_no_library_no_file(tmp_path: Path) -> None:
    searches = SavedSearches(tmp_path / "library")
    assert searches.list() == Shelf()
    with pytest.raises(StorageError, match="add a folder"):
        searches.save("x", {})
    assert not (tmp_path / "library").exists()


def test_a_disk_that_refuses(searches: SavedSearches, library: Path) -> None:
    (library / SAVED_FILE).mkdir()
    with pytest.raises(StorageError, match="Cannot read"):
        searches.list()
    with pytest.raises(StorageError):
        searches.save("x", {})
    assert list(library.glob(".photofind-*")) == []


def test_nothing_is_lost_when_windows_save_at_the_same_time(library: Path) -> None:
    def save(first: int) -> None:
        for number in range(first, first + 10):
            SavedSearches(library).save(f"search {number}", {"n": number})

    threads = [threading.Thread(target=save, args=(10 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(SavedSearches(library).list().searches) == 40


def test_who_waits_too_long_is_told(searches: SavedSearches, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "_LOCK_SECONDS", 0.0)
    with FileLock(library / "searches.lock"), pytest.raises(StorageError, match="Another photofind"):
        searches.save("x", {})
    assert _names(searches.save("x", {})) == ["x"]


def test_a_library_can_be_made_anew_beside_what_the_user_saved_and_decided(library: Path) -> None:
    for name in ("searches.json", "decisions.db", "decisions.db-wal", "journal.db", "duplicates.db", "duplicates.lock"):
        (library / name).touch()
    (library / "library.db").unlink(missing_ok=True)
    check_library_folder(library)


def test_what_is_in_the_place_of_the_lock_is_named(searches: SavedSearches, library: Path) -> None:
    (library / "searches.lock").mkdir()
    with pytest.raises(StorageError, match=r"searches\.lock is a folder; move it away"):
        searches.save("one", DOG)


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_a_damaged_file_is_not_kept_by_a_link_to_elsewhere(searches: SavedSearches, library: Path) -> None:
    (library / SAVED_FILE).write_bytes(b"damaged")
    (library / "searches.json.damaged").symlink_to(library / "elsewhere")
    searches.save("one", DOG)
    assert not (library / "elsewhere").exists()
    assert (library / "searches.json.damaged-2").read_bytes() == b"damaged"
