"""Removing a root and retrying what failed, end to end; and the lists that the façade gives of a real library."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from photofind.core.errors import FolderError
from photofind.core.library import Library
from photofind.core.records import SortKey
from tests.support.photos import jpeg, put_many
from tests.support.waiting import until
from tests.support.world import World, counts


@pytest.fixture
def other(world: World) -> Path:
    """A second root beside the folder of photos, one photo of which is a copy of one there."""
    folder = world.place / "other"
    put_many(world.photos, range(3))
    put_many(folder, range(2, 6))
    world.update(world.photos, folder)
    return folder


def remove(world: World, folder: Path) -> int:
    with world.writer() as writer:
        return writer.remove_root(str(folder))


def files_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# Removing


def test_a_removed_root_is_gone_and_its_files_are_not(world: World, other: Path) -> None:
    on_disk = files_below(world.place / "other")
    with Library(world.library, world.settings) as reader:
        before = reader.revision()
        assert remove(world, other) == 4
        assert reader.revision() > before
        assert [root.path for root in reader.roots()] == [str(world.photos)]
        assert reader.count_photos() == len(reader.list_photos().photo_ids) == 3
        assert reader.photo_at(str(other / "0003.jpg")) is None
    assert world.names() == {"0000.jpg", "0001.jpg", "0002.jpg"}, "a copy elsewhere stays"
    assert files_below(other) == on_disk
    assert counts(world.refresh()) == {"unchanged": 3}
    world.assert_sound()


@pytest.mark.usefixtures("other")
def test_the_copy_of_a_removed_photo_goes_on_to_be_found(world: World) -> None:
    assert remove(world, world.photos) == 3
    assert world.names() == {f"../other/{number:04}.jpg" for number in range(2, 6)}
    world.assert_sound()


def test_a_root_that_comes_back_costs_no_embedding(world: World, other: Path) -> None:
    before = world.found()
    remove(world, other)
    assert counts(world.update(other)) == {"added": 4}
    after = world.found()
    assert after.keys() == before.keys()
    theirs = {photo for name, photo in after.items() if name.startswith("other")}
    assert not theirs & set(before.values()), "ids are never used again"
    world.assert_sound()


def test_removing_the_last_root(world: World) -> None:
    put_many(world.photos, range(2))
    world.put("bad.jpg", b"no picture")
    world.update()
    assert remove(world, world.photos) == 2
    assert world.errors() == {}
    assert world.names() == set()
    assert counts(world.refresh()) == {}
    assert counts(world.update()) == {"added": 2}


def test_a_root_that_is_away_can_be_removed(world: World, other: Path) -> None:
    shutil.move(other, world.place / "unplugged")
    world.update(other)
    assert remove(world, other) == 4
    assert world.status().offline == 0
    assert world.names() == {"0000.jpg", "0001.jpg", "0002.jpg"}


@pytest.mark.usefixtures("other")
def test_only_roots_are_removed(world: World) -> None:
    world.put("sub/a.jpg", 10)
    world.update()
    for folder in (world.photos / "sub", world.place, world.place / "nowhere"):
        with pytest.raises(FolderError, match="not one of the folders"):
            remove(world, folder)
    assert world.status().photos == 8


def test_a_removal_that_is_interrupted_removes_nothing(
    world: World, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("photofind.core.catalog.vectors.VectorTable.refresh_live", interrupt)  # its last step
    with pytest.raises(KeyboardInterrupt):
        remove(world, other)
    assert world.status().photos == 7
    assert len(world.names()) == 7
    world.assert_sound()


# Retrying


def test_what_failed_is_read_again_when_asked(world: World) -> None:
    put_many(world.photos, range(2))
    bad = [world.put(f"bad{number}.jpg", bytes(len(jpeg(40)))) for number in range(2)]
    world.update()
    for path in bad:
        unnoticed(path, jpeg(40))
    assert counts(world.refresh()) == {"unchanged": 2}, "it looks as it did"
    with world.writer() as writer:
        assert writer.retry([str(bad[0]), str(world.photos / "0000.jpg"), "/elsewhere", "\ud800"]) == [
            str(world.photos)
        ]
        assert writer.count_errors() == 1
    assert counts(world.refresh()) == {"added": 1, "embedded": 1, "unchanged": 2}
    assert world.errors().keys() == {"bad1.jpg"}
    with world.writer() as writer:
        assert writer.retry() == [str(world.photos)]
    assert counts(world.refresh()) == {"added": 1, "unchanged": 3}
    assert world.errors() == {}


def unnoticed(path: Path, content: bytes) -> None:
    """Change a file so that no scan notices: what made it fail need not have been in the file."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def test_a_file_that_fails_again_is_an_error_again(world: World) -> None:
    world.put("bad.jpg", b"no picture")
    world.update()
    before = world.errors()
    with world.writer() as writer:
        writer.retry()
        assert writer.count_errors() == 0
    world.refresh()
    assert world.errors() == before


def test_what_is_away_keeps_its_errors(world: World) -> None:
    world.put("bad.jpg", b"no picture")
    world.put("good.jpg", 1)
    world.update()
    shutil.move(world.photos, world.place / "unplugged")
    world.update()
    with world.writer() as writer:
        writer.retry()
        assert writer.count_errors() == 1


# The façade's lists


def test_lists_of_a_real_library(world: World, other: Path) -> None:
    with Library(world.library, world.settings) as library:
        for sort in SortKey:
            up = library.list_photos(sort, descending=False)
            down = library.list_photos(sort)
            assert up.total == down.total == 7
            np.testing.assert_array_equal(up.photo_ids[::-1], down.photo_ids)
            np.testing.assert_array_equal(up.days[::-1], down.days)
            np.testing.assert_array_equal(library.list_photos(sort, limit=3).photo_ids, down.photo_ids[:3])
        by_folder = library.tiles(library.list_photos(SortKey.FOLDER, descending=False).photo_ids.tolist())
        assert [tile.path for tile in by_folder] == [
            *(str(other / f"{number:04}.jpg") for number in range(2, 6)),
            *(str(world.photos / f"{number:04}.jpg") for number in range(3)),
        ]
        copies = [tile.content_id for tile in by_folder if tile.path.endswith("0002.jpg")]
        assert len(copies) == 2
        assert len(set(copies)) == 1
        path = other / "0004.jpg"
        photo_id = library.photo_at(str(path))
        assert photo_id == library.photo_at(os.path.join(str(other), "..", "other", "0004.jpg"))
        assert photo_id is not None
        photo = library.photo(photo_id)
        assert photo is not None
        assert (photo.path, photo.size, photo.mtime_ns) == (str(path), path.stat().st_size, path.stat().st_mtime_ns)
        assert (photo.facts.format, photo.facts.width) == ("JPEG", 200)
        assert library.photo_at("") is None
        assert library.photo_at("/no/such\0name") is None
        assert [(root.path, root.photos, root.errors) for root in library.roots()] == [
            (str(other), 4, 0),
            (str(world.photos), 3, 0),
        ]


def test_lists_grow_while_a_run_goes_on(world: World) -> None:
    put_many(world.photos, range(40))
    with world.writer() as writer:
        steps = writer.update([str(world.photos)])
        next(iter(steps))
        with Library(world.library, world.settings) as library:
            before = library.revision()
            for _ in steps:
                pass
            assert until(lambda: library.revision() > before, "the end of the run is seen")
            assert len(library.list_photos().photo_ids) == 40
