"""A search that comes upon damage in the middle: what was found before is given up, and it begins again."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from photofind.core.catalog.page_sums import sums_file
from photofind.core.catalog.pairs import PAIRS_FILE, PairStore
from photofind.core.duplicates.finding import FindReport
from photofind.core.errors import CacheDamagedError, LibraryDamagedError
from photofind.core.evidence import GroupKind
from photofind.core.library import Library
from photofind.core.settings import Settings
from tests.support.world import World


@pytest.fixture
def searched(tmp_path: Path) -> World:
    """Two copies and another photo, searched."""
    world = World(tmp_path, Settings(workers=1))
    for name, number in (("a.jpg", 1), ("b.jpg", 2), ("copy/a.jpg", 1)):
        world.put(name, number)
    world.update()
    assert find(world).hashed == 2
    return world


def find(world: World) -> FindReport:
    with Library(world.library, world.settings) as library:
        finder = library.finder()
        for _ in finder.run():
            pass
        return finder.report


def spoil(path: Path, index: str) -> None:
    """Overwrite the page of an index that opening the file does not look at, without checksums at least."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)).fetchone()[0]
    sums_file(path).unlink()  # as a killed writer leaves it
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x5a" * size)


def test_damage_that_is_come_upon_in_the_middle_costs_the_cache_only(searched: World) -> None:
    path = searched.library / PAIRS_FILE
    spoil(path, "sqlite_autoindex_packs_1")
    with PairStore.open(path, writable=True) as store, pytest.raises(CacheDamagedError):
        store.progress("any")  # the opening has not noticed
    assert find(searched).hashed == 2
    assert path.with_name(f"{PAIRS_FILE}.damaged").exists()
    assert find(searched).hashed == 0


def test_damage_of_the_library_itself_does_not_cost_the_cache(searched: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise LibraryDamagedError("library.db is damaged")

    monkeypatch.setattr("photofind.core.catalog.history.History.has", damaged)
    with pytest.raises(LibraryDamagedError, match=r"library\.db"):
        find(searched)
    monkeypatch.undo()
    assert not (searched.library / f"{PAIRS_FILE}.damaged").exists()
    assert find(searched).hashed == 0  # nor does anything hold its lock any more


def recompressed(photo: Path) -> bytes:
    """Return a copy of a photo that another program might have saved."""
    stream = io.BytesIO()
    with Image.open(photo) as image:
        image.convert("RGB").save(stream, "JPEG", quality=60)
    return stream.getvalue()


def companions(world: World, photo: Path) -> set[str]:
    """Return the names of what is in a group of copies with a photo, as a reader finds them."""
    with Library(world.library, world.settings) as library, closing(library.duplicates()) as reader:
        table = reader.groups(0.5, {GroupKind.NEAR})
        found = [reader.group(table, number) for number in range(len(table.kinds))]
    groups = [{Path(member.path).name for member in group.members} for group in found]
    return set().union(*(group for group in groups if photo.name in group)) - {photo.name}


@pytest.mark.parametrize("name", ["library", "duplicates"])
def test_what_a_back_up_undid_is_not_believed(searched: World, name: str) -> None:
    """The numbers of contents are given out again, for other photos: none may inherit what another was."""
    photos = [searched.put(f"{number}.jpg", number) for number in range(10, 20)]
    searched.update()
    find(searched)
    kept = {path: path.read_bytes() for path in searched.library.glob(f"{name}.*")}
    twin = searched.put("twin.jpg", recompressed(photos[3]))
    searched.update()
    find(searched)
    assert "13.jpg" in companions(searched, twin)
    for path in searched.library.glob(f"{name}.*"):
        path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)
    if name == "duplicates":  # it was true then, and is
        assert companions(searched, twin) == set()
        assert find(searched).hashed == 1
        assert "13.jpg" in companions(searched, twin)
        return
    twin.unlink()
    stranger = searched.put("stranger.jpg", 999)
    searched.update()
    assert companions(searched, stranger) == set()
    assert find(searched).hashed == 13
    assert companions(searched, stranger) == set()
    other = searched.put("other twin.jpg", recompressed(photos[8]))
    searched.update()
    find(searched)
    assert "18.jpg" in companions(searched, other)
