"""What happens to files between two runs, end to end: real decoders, network, index and database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Progress
from tests.support.photos import jpeg, put, put_many
from tests.support.processes import without_root
from tests.support.world import World, counts

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_a_first_run_and_one_without_changes(world: World) -> None:
    put_many(world.photos, range(4))
    world.put("sub/deep/a.jpg", 10)
    world.put("notes.txt", b"no photo")
    report = world.update()
    assert counts(report) == {"added": 5, "embedded": 5}
    assert (report.stopped, report.offline) == (False, [])
    assert world.names() == {"0000.jpg", "0001.jpg", "0002.jpg", "0003.jpg", "sub/deep/a.jpg"}
    assert counts(world.update()) == {"unchanged": 5}
    assert counts(world.refresh()) == {"unchanged": 5}
    assert world.errors() == {}
    world.assert_sound()


def test_every_photo_finds_itself(world: World) -> None:
    put_many(world.photos, range(6))
    world.update()
    for number in range(6):
        path = world.photos / f"{number:04}.jpg"
        for image in (path, put(world.place / "elsewhere.jpg", number)):  # as stored, and as embedded right now
            hit = world.search(image).hits[0]
            assert hit.path == str(path)
            assert hit.score == pytest.approx(1.0, abs=1e-3)


def test_added_removed_and_changed(world: World) -> None:
    put_many(world.photos, range(4))
    world.update()
    before = world.found()
    (world.photos / "0000.jpg").unlink()
    world.put("0001.jpg", 50)
    world.put("new.jpg", 51)
    assert counts(world.update()) == {"added": 1, "changed": 1, "removed": 1, "unchanged": 2, "embedded": 2}
    after = world.found()
    assert world.names() == {"0001.jpg", "0002.jpg", "0003.jpg", "new.jpg"}
    assert {name: after[name] for name in after.keys() & before.keys()} == {
        name: photo for name, photo in before.items() if not name.endswith("0000.jpg")
    }
    assert after["photos/new.jpg"] not in before.values(), "ids are never used again"
    probe = put(world.place / "changed.jpg", 50)
    assert world.search(probe).hits[0].path == str(world.photos / "0001.jpg")
    world.assert_sound()


def test_what_was_removed_comes_back_without_embedding(world: World) -> None:
    put_many(world.photos, range(3))
    world.update()
    (world.photos / "0001.jpg").unlink()
    world.update()
    assert world.names() == {"0000.jpg", "0002.jpg"}
    world.put("back.jpg", 1)
    assert counts(world.update()) == {"added": 1, "unchanged": 2}
    assert world.names() == {"0000.jpg", "0002.jpg", "back.jpg"}
    world.assert_sound()


@pytest.mark.parametrize("target", ["renamed.jpg", "sub/0000.jpg", "0000.JPG", "noext", "Caf\u00e9 0000.jpg"])
def test_moves_and_renames_keep_the_id(world: World, target: str) -> None:
    put_many(world.photos, range(3))
    world.update()
    before = world.found()
    (world.photos / target).parent.mkdir(exist_ok=True)
    (world.photos / "0000.jpg").rename(world.photos / target)
    assert counts(world.update()) == {"moved": 1, "unchanged": 2}
    after = world.found()
    assert after.pop(f"photos/{target}") == before.pop("photos/0000.jpg")
    assert after == before


def test_two_photos_that_swap_their_names(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    (world.photos / "0000.jpg").rename(world.photos / "x")
    (world.photos / "0001.jpg").rename(world.photos / "0000.jpg")
    (world.photos / "x").rename(world.photos / "0001.jpg")
    assert counts(world.update()) == {"changed": 2}
    assert world.search(put(world.place / "p.jpg", 1)).hits[0].path == str(world.photos / "0000.jpg")
    world.assert_sound()


def test_a_whole_folder_that_moves(world: World) -> None:
    put_many(world.photos / "old" / "a", range(5))
    put_many(world.photos / "old" / "b", range(10, 13))
    world.update()
    before = {os.path.basename(name): photo for name, photo in world.found().items()}
    (world.photos / "old").rename(world.photos / "new")
    assert counts(world.update()) == {"moved": 8}
    assert {os.path.basename(name): photo for name, photo in world.found().items()} == before
    assert world.names() == {*(f"new/a/{n:04}.jpg" for n in range(5)), *(f"new/b/{n:04}.jpg" for n in range(10, 13))}
    assert counts(world.update()) == {"unchanged": 8}
    world.assert_sound()


def test_a_move_whose_run_was_stopped_keeps_the_ids(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten reports a second may be too few to stop a fast machine in the middle.
    monkeypatch.setattr("photofind.core.indexing.run._PROGRESS_SECONDS", 0.0)
    put_many(world.photos / "old", range(400))
    world.update()
    before = {os.path.basename(name): photo for name, photo in world.found().items()}
    (world.photos / "old").rename(world.photos / "new")

    def stop_early(writer: LibraryWriter, progress: Progress) -> None:
        if progress.done:
            writer.control.stop()

    stopped = world.update(watch=stop_early)
    assert stopped.stopped
    assert counts(stopped)["added"] > 0
    finished = world.update()
    assert (finished.tally.moved, finished.tally.added, finished.tally.removed) == (400, 0, 0)
    assert {os.path.basename(name): photo for name, photo in world.found().items()} == before
    world.assert_sound()


def test_a_photo_moved_between_two_roots(world: World) -> None:
    other = world.place / "other"
    put_many(world.photos, range(2))
    put_many(other, range(10, 12))
    world.update(world.photos, other)
    before = world.found()
    (world.photos / "0000.jpg").rename(other / "moved.jpg")
    assert counts(world.update(other)) == {"moved": 1, "unchanged": 2}, "also when only one of the roots is looked at"
    assert world.found()["other/moved.jpg"] == before["photos/0000.jpg"]
    assert counts(world.refresh()) == {"unchanged": 4}


def test_a_folder_moved_between_two_roots(world: World) -> None:
    other = world.place / "other"
    put_many(world.photos / "trip", range(3))
    world.put("stays.jpg", 20)
    put_many(other, range(10, 11))
    world.update(world.photos, other)
    before = sorted(world.found().values())
    (world.photos / "trip").rename(other / "trip")
    assert counts(world.update(world.photos, other)) == {"moved": 3, "unchanged": 2}
    assert sorted(world.found().values()) == before


def test_a_copy_of_known_content_is_a_photo_of_its_own(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    shutil.copy(world.photos / "0000.jpg", world.photos / "copy.jpg")
    assert counts(world.update()) == {"added": 1, "unchanged": 2}
    found = world.found()
    assert found["photos/copy.jpg"] != found["photos/0000.jpg"]
    (world.photos / "0000.jpg").unlink()
    assert counts(world.update()) == {"removed": 1, "unchanged": 2}
    assert world.names() == {"copy.jpg", "0001.jpg"}


@pytest.mark.parametrize("workers", [1, 2])
def test_copies_in_one_run_are_embedded_once(world: World, workers: int) -> None:
    world.settings = type(world.settings)(workers=workers)
    for name in ("a.jpg", "b.jpg", "c/d.jpg", "e.jpg"):
        world.put(name, 7)
    assert counts(world.update()) == {"added": 4, "embedded": 1}
    assert world.names() == {"a.jpg", "b.jpg", "c/d.jpg", "e.jpg"}
    assert world.status().vectors == 1


def test_copies_of_a_damaged_file_are_all_errors(world: World) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        world.put(name, jpeg(0)[:2000])
    assert counts(world.update()) == {}
    assert set(world.errors()) == {"a.jpg", "b.jpg", "c.jpg"}


def test_another_file_with_the_same_size_and_date(world: World) -> None:
    path = world.put("a.jpg", jpeg(0) + bytes(max(0, len(jpeg(1)) - len(jpeg(0)))))
    world.update()
    status = path.stat()
    twin = world.put("twin", jpeg(1) + bytes(max(0, len(jpeg(0)) - len(jpeg(1)))))
    os.utime(twin, ns=(status.st_atime_ns, status.st_mtime_ns))
    twin.replace(path)
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert counts(world.update()) == {"changed": 1, "embedded": 1}


def test_a_touched_file_is_read_but_not_changed(world: World) -> None:
    path = world.put("a.jpg")
    world.update()
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert counts(world.update()) == {"unchanged": 1}
    assert counts(world.update()) == {"unchanged": 1}


def test_a_file_that_breaks_and_is_mended(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    world.put("0000.jpg", jpeg(0)[:3000])
    assert counts(world.update()) == {"removed": 1, "unchanged": 1}
    assert world.names() == {"0001.jpg"}
    assert world.errors() == {"0000.jpg": "the picture is cut short"}
    assert counts(world.update()) == {"unchanged": 1}, "what is broken is not read again and again"
    world.put("0000.jpg", 0)
    assert counts(world.update()) == {"added": 1, "unchanged": 1}
    assert world.names() == {"0000.jpg", "0001.jpg"}
    assert world.errors() == {}
    world.assert_sound()


def test_what_cannot_become_a_photo_has_a_reason(world: World) -> None:
    world.put("empty.jpg", b"")
    world.put("page.jpg", b"<!DOCTYPE html><title>404</title>")
    world.put("cut.png", b"\x89PNG\r\n\x1a\n")
    world.put("good.jpg", 1)
    assert counts(world.update()) == {"added": 1, "embedded": 1}
    reasons = world.errors()
    assert reasons.keys() == {"empty.jpg", "page.jpg", "cut.png"}
    assert reasons["empty.jpg"] == "not a picture: the file is empty"
    assert reasons["page.jpg"] == "not a picture: it is a web page"


def test_a_file_without_a_photos_name_is_taken_by_its_content(world: World) -> None:
    world.put("noext", 1)
    world.put("letter", b"Dear diary")
    world.put("data.odd", bytes(5000))
    assert counts(world.update()) == {"added": 1, "embedded": 1}
    assert world.names() == {"noext"}
    assert world.errors() == {}, "what never promised to be a photo is no error"
    assert world.status().pending == 0
    assert counts(world.update()) == {"unchanged": 1}


def test_what_was_ignored_is_not_opened_again(world: World) -> None:
    path = world.put("letter", b"Dear diary")
    world.update()
    os.utime(path, ns=(1, path.stat().st_mtime_ns))  # the date of the last reading, long ago
    world.update()
    assert path.stat().st_atime_ns == 1 or _atime_is_off(world.place)


def _atime_is_off(folder: Path) -> bool:
    probe = put(folder / "atime", b"x")
    os.utime(probe, ns=(1, probe.stat().st_mtime_ns))
    probe.read_bytes()
    return probe.stat().st_atime_ns == 1


def test_a_file_beyond_the_limit_is_refused_unread(world: World) -> None:
    path = world.put("huge.jpg")
    os.truncate(path, 6 << 30)
    report = world.update()
    assert world.errors() == {"huge.jpg": "the file has 6442 MB, more than the limit of 1024 MB"}
    assert report.seconds < 5


def test_user_patterns_and_their_removal(world: World) -> None:
    put_many(world.photos, range(2))
    put_many(world.photos / "Screenshots", range(10, 12))
    plain = world.settings
    world.update()
    world.settings = type(plain)(workers=1, ignore=("Screenshots",))
    assert counts(world.update()) == {"removed": 2, "unchanged": 2}
    world.settings = plain
    assert counts(world.update()) == {"added": 2, "unchanged": 2}


@POSIX
def test_links_double_no_photo(world: World) -> None:
    put_many(world.photos / "real", range(2))
    (world.photos / "link").symlink_to("real")
    (world.photos / "up").symlink_to(".")
    (world.photos / "link.jpg").symlink_to("real/0000.jpg")
    (world.photos / "loop.jpg").symlink_to("loop.jpg")
    os.mkfifo(world.photos / "fifo.jpg")
    assert counts(world.update()) == {"added": 2, "embedded": 2}
    assert world.names() == {"real/0000.jpg", "real/0001.jpg"}
    assert world.errors() == {}


@POSIX
def test_names_that_are_no_text(world: World) -> None:
    names = [b"\xff\xfe\xe9.jpg", b"new\nline.jpg", b"a" * 250 + b".jpg", b"-rf.jpg", b"\x1b[31m.jpg"]
    for number, name in enumerate(names):
        put(os.path.join(os.fsencode(world.photos), b"dir-" + name[:40], name), number)
    world.update()
    assert {os.fsencode(os.path.basename(name)) for name in world.names()} == set(names)
    assert counts(world.update()) == {"unchanged": 5}
    put(os.path.join(os.fsencode(world.photos), b"bad-\xff.jpg"), b"no picture")
    world.update()
    assert [os.fsencode(name) for name in world.errors()] == [b"bad-\xff.jpg"]


# While a run is at work


def test_a_file_that_is_gone_when_its_turn_comes(world: World) -> None:
    put_many(world.photos, range(40))
    gone = world.photos / "0039.jpg"

    def remove(writer: LibraryWriter, progress: Progress) -> None:
        del writer, progress
        gone.unlink(missing_ok=True)

    world.update(watch=remove)
    assert "0000.jpg" in world.names()
    world.update()
    assert world.names() == {f"{number:04}.jpg" for number in range(39)}
    assert world.errors() == {}
    world.assert_sound()


def test_files_that_grow_while_they_are_read_end_up_as_they_are(world: World) -> None:
    put_many(world.photos, range(20))
    growing = world.put("growing.jpg", jpeg(60)[:4000])

    def grow(writer: LibraryWriter, progress: Progress) -> None:
        del writer, progress
        with growing.open("ab") as file:
            file.write(jpeg(60)[growing.stat().st_size :][:700])

    world.update(watch=grow)
    growing.write_bytes(jpeg(60))
    world.update()
    assert world.errors() == {}
    assert world.search(put(world.place / "p.jpg", 60)).hits[0].path == str(growing)
    world.assert_sound()


@POSIX
def test_a_file_that_may_not_be_read(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    before = world.found()
    (world.photos / "0000.jpg").chmod(0)
    os.utime(world.photos / "0000.jpg", (1, 1))
    _index_without_root(world)
    assert world.errors() == {"0000.jpg": "the file cannot be read: Permission denied"}
    assert world.names() == {"0001.jpg"}
    (world.photos / "0000.jpg").chmod(0o600)
    assert counts(world.update()) == {"added": 1, "unchanged": 1}, "unreadable files are tried again by themselves"
    assert world.errors() == {}
    assert world.found() == before


@POSIX
@pytest.mark.parametrize("mode", [0, 0o600])
def test_a_folder_that_may_not_be_read_loses_nothing(world: World, mode: int) -> None:
    put_many(world.photos / "shut" / "below", range(3))
    put_many(world.photos / "shut", range(3, 5))
    world.put("open.jpg", 20)
    world.update()
    before = world.found()
    (world.photos / "shut").chmod(mode)
    try:
        _index_without_root(world)
        assert world.errors() == {"shut": "the folder cannot be read: Permission denied"}
        assert world.found() == before
    finally:
        (world.photos / "shut").chmod(0o700)
    assert counts(world.update()) == {"unchanged": 6}
    assert world.errors() == {}


def _index_without_root(world: World) -> None:
    command = [sys.executable, "-m", "photofind", "index", "--library", str(world.library), str(world.photos)]
    subprocess.run([*without_root(), *command], check=True, capture_output=True)


# Lost embeddings


def test_lost_embeddings_are_made_again(world: World) -> None:
    put_many(world.photos, range(5))
    world.update()
    (rows,) = world.library.glob("vectors-*.f16")
    content = bytearray(rows.read_bytes())
    content[1024 * 2 + 10] ^= 0xFF
    rows.write_bytes(content)
    with world.writer() as writer:
        assert len(writer.repair().problems) == 1
    assert len(world.names()) == 4
    assert counts(world.update()) == {"unchanged": 5, "embedded": 1}
    assert len(world.names()) == 5
    world.assert_sound()


def test_lost_thumbnails_are_made_again(world: World) -> None:
    put_many(world.photos, range(4))
    world.update()
    (world.library / "thumbnails.db").write_bytes(b"no database" * 1000)
    with world.writer() as writer:
        assert writer.repair().repaired == ["4 thumbnails will be made at the next `photofind index`"]
    assert counts(world.update()) == {"unchanged": 4}, "thumbnails need no embedding"
    world.assert_sound()
    with Library(world.library, world.settings) as library, closing(library.thumbnails()) as thumbnails:
        assert len(list(thumbnails.content_ids())) == 4
