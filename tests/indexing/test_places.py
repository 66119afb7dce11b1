"""Folders that are added, nested, linked, away, back, or never were."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog
from photofind.core.errors import FolderError, LibraryDamagedError
from photofind.core.indexing.reconcile import Reconciler, Tally
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Progress
from photofind.core.records import FileStamp
from photofind.core.scan import Entry, Listing
from tests.support.photos import put, put_many
from tests.support.processes import without_root
from tests.support.world import World, counts

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def _roots(world: World) -> dict[str, bool]:
    return {os.path.relpath(root.path, world.place): root.offline for root in world.status().roots}


# Adding


@pytest.mark.parametrize("kind", ["missing", "file", "empty name", "nul", "no text"])
def test_a_folder_that_is_none_changes_nothing(world: World, kind: str) -> None:
    put_many(world.photos, range(2))
    world.update()
    put_many(world.photos, range(2, 4))
    wrong = {
        "missing": str(world.place / "nowhere"),
        "file": str(world.probe),
        "empty name": "",
        "nul": str(world.place / "a\0b"),
        "no text": str(world.place / "\ud800"),
    }[kind]
    with pytest.raises(FolderError):
        world.update(world.photos, wrong)
    assert world.names() == {"0000.jpg", "0001.jpg"}
    assert _roots(world) == {"photos": False}


def test_a_folder_below_a_known_one_is_part_of_it(world: World) -> None:
    put_many(world.photos / "a", range(2))
    put_many(world.photos / "b", range(10, 12))
    world.update()
    put_many(world.photos / "a", range(2, 4))
    put_many(world.photos / "b", range(12, 14))
    assert counts(world.update(world.photos / "a")) == {"added": 2, "embedded": 2, "unchanged": 2}
    assert _roots(world) == {"photos": False}
    assert len(world.names()) == 6
    (world.photos / "b" / "0010.jpg").unlink()
    assert counts(world.update(world.photos / "a")) == {"unchanged": 4}
    assert counts(world.update()) == {"added": 2, "embedded": 2, "unchanged": 5, "removed": 1}


def test_a_folder_above_a_known_one_takes_it_in(world: World) -> None:
    put_many(world.photos / "a", range(2))
    world.update(world.photos / "a")
    before = world.found()
    put_many(world.photos / "b", range(10, 12))
    assert counts(world.update()) == {"added": 2, "embedded": 2, "unchanged": 2}
    assert _roots(world) == {"photos": False}
    assert before.items() <= world.found().items()


def test_folders_that_contain_each_other_are_walked_once(world: World) -> None:
    put_many(world.photos / "a" / "b", range(2))
    assert counts(world.update(world.photos / "a" / "b", world.photos, world.photos / "a", world.photos)) == {
        "added": 2,
        "embedded": 2,
    }
    assert _roots(world) == {"photos": False}


def test_folders_with_the_same_beginning_are_not_nested(world: World) -> None:
    put_many(world.place / "photos 2", range(2))
    world.put("a.jpg", 5)
    world.update()
    assert counts(world.update(world.place / "photos 2")) == {"added": 2, "embedded": 2}
    assert _roots(world) == {"photos": False, "photos 2": False}


@POSIX
def test_the_same_folder_by_a_link_is_known(world: World) -> None:
    put_many(world.photos / "sub", range(2))
    world.update()
    link = world.place / "link"
    link.symlink_to("photos")
    assert counts(world.update(link)) == {"unchanged": 2}
    assert _roots(world) == {"photos": False}
    assert counts(world.update(link / "sub")) == {"unchanged": 2}
    assert _roots(world) == {"photos": False}


@POSIX
def test_one_folder_by_two_names_in_one_run(world: World) -> None:
    put_many(world.photos / "sub", range(2))
    link = world.place / "link"
    link.symlink_to("photos")
    assert counts(world.update(world.photos, link, link / "sub")) == {"added": 2, "embedded": 2}
    assert len(_roots(world)) == 1
    assert len(world.names()) == 2
    put_many(world.photos / "new", range(5, 7))
    assert counts(world.update(link, world.photos)) == {"added": 2, "embedded": 2, "unchanged": 2}


def test_a_known_folder_below_a_root_that_is_gone_is_no_mistake(world: World) -> None:
    put_many(world.photos / "a", range(2))
    put_many(world.photos / "b", range(10, 12))
    world.update()
    shutil.rmtree(world.photos / "a")
    put_many(world.photos / "new", range(20, 21))
    with pytest.raises(FolderError, match="does not exist"):
        world.update(world.photos / "never")
    report = world.update(world.photos / "a")
    assert counts(report) == {"removed": 2, "unchanged": 2, "added": 1, "embedded": 1}


def test_a_folder_with_other_things_is_no_library(world: World) -> None:
    """Not even the names that photofind itself gives make the user's files its own."""
    album = world.photos / "epoch-2020"
    put_many(album, range(3))
    world.library = world.photos
    before = sorted(world.photos.rglob("*"))
    with pytest.raises(FolderError, match="no library"):
        world.update(album)
    assert sorted(world.photos.rglob("*")) == before


def test_a_library_without_its_catalog_is_left_alone(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    (world.library / "library.db").rename(world.place / "saved.db")
    before = {path: path.read_bytes() for path in world.library.iterdir()}
    with pytest.raises(LibraryDamagedError, match="back-up"):
        world.update()
    (world.library / "library.db").touch()
    with pytest.raises(LibraryDamagedError, match="back-up"):
        world.update()
    (world.library / "library.db").unlink()
    assert {path: path.read_bytes() for path in world.library.iterdir()} == before
    (world.place / "saved.db").rename(world.library / "library.db")
    assert counts(world.update()) == {"unchanged": 2}


def test_a_root_that_is_away_stays_offline_when_its_parent_is_added(world: World) -> None:
    inner = world.photos / "usb" / "pictures"
    put_many(inner / "deep", range(4))
    put_many(world.photos / "home", range(10, 12))
    world.update(inner)
    before = world.found()
    inner.rename(world.place / "unplugged")
    assert counts(world.update()) == {"added": 2, "embedded": 2}
    assert world.status().offline == 4
    assert before.items() <= world.found().items()
    (world.place / "unplugged").rename(inner)
    assert counts(world.update()) == {"unchanged": 6}
    assert world.status().offline == 0
    shutil.rmtree(inner / "deep")
    assert counts(world.update()) == {"removed": 4, "unchanged": 2}


def _put_in_place(path: Path) -> None:
    """Put another file of the same size and time in a file's place, as a new file with an id of its own."""
    before, twin = path.stat(), path.with_suffix(".new")
    twin.write_bytes(path.read_bytes()[:-1] + b"\0")
    os.utime(twin, ns=(before.st_atime_ns, before.st_mtime_ns))
    twin.replace(path)


def test_a_file_system_that_numbers_its_files_anew(world: World) -> None:
    """FAT does so at every mount: nothing is read again then, but a single file that was replaced is."""
    put_many(world.photos / "card", range(4))
    photos = sorted((world.photos / "card").iterdir())
    world.update()
    for path in photos:
        _put_in_place(path)
    assert counts(world.update()) == {"unchanged": 4}
    _put_in_place(photos[1])
    assert counts(world.update())["unchanged"] == 3


def test_the_library_may_lie_among_the_photos(world: World) -> None:
    put_many(world.photos, range(2))
    world.library = world.photos / "library"
    world.update()
    put(world.library / "not_yours.jpg", 5)
    assert counts(world.update()) == {"unchanged": 2}


# Away and back


def test_a_missing_root_is_offline_and_comes_back(world: World) -> None:
    other = world.place / "other"
    put_many(world.photos / "sub", range(3))
    put_many(other, range(10, 12))
    world.update(world.photos, other)
    before = world.found()
    world.photos.rename(world.place / "away")
    for report in (world.refresh(), world.update(), world.update(world.photos / "sub")):
        assert report.offline == [str(world.photos)]
        assert counts(report).get("removed") is None
    assert world.found() == before
    assert _roots(world) == {"photos": True, "other": False}
    assert world.status().offline == 3
    offline = {hit.path for hit in world.search(world.probe).hits if hit.offline}
    assert offline == {str(world.photos / "sub" / f"000{n}.jpg") for n in range(3)}
    (world.place / "away").rename(world.photos)
    report = world.refresh()
    assert (counts(report), report.offline) == ({"unchanged": 5}, [])
    assert _roots(world) == {"photos": False, "other": False}
    assert world.found() == before
    assert world.status().offline == 0


def test_an_empty_mount_point_is_offline(world: World) -> None:
    put_many(world.photos / "sub", range(3))
    world.put("top.jpg", 9)
    world.update()
    before = world.found()
    world.photos.rename(world.place / "away")
    world.photos.mkdir()
    report = world.update()
    assert (counts(report), report.offline) == ({}, [str(world.photos)])
    assert world.found() == before
    assert world.status().offline == 4
    world.photos.rmdir()
    (world.place / "away").rename(world.photos)
    assert counts(world.update()) == {"unchanged": 4}
    assert world.status().offline == 0


@pytest.mark.parametrize("leave", ["nothing", "mount point"])
def test_a_root_that_vanishes_in_the_middle_of_a_run(world: World, leave: str) -> None:
    put_many(world.photos / "known", range(3))
    world.update()
    put_many(world.photos / "new", range(100, 160))
    away = world.place / "away"

    def unplug(writer: LibraryWriter, progress: Progress) -> None:
        del writer
        if not away.exists() and progress.total >= 60:
            world.photos.rename(away)
            if leave == "mount point":
                world.photos.mkdir()

    report = world.update(watch=unplug)
    assert away.exists()
    assert report.offline == [str(world.photos)]
    assert counts(report).get("removed") is None
    assert world.errors() == {}
    status = world.status()
    assert status.offline == status.photos >= 3
    if leave == "mount point":
        world.photos.rmdir()
    away.rename(world.photos)
    world.update()
    assert len(world.names()) == 63
    assert world.status().vectors == 63
    world.assert_sound()


def test_a_root_that_vanishes_while_it_is_walked(world: World) -> None:
    for number in range(400):
        (world.photos / f"{number:03}" / "x").mkdir(parents=True)
    put_many(world.photos / "known", range(2))
    world.update()
    away = world.place / "away"

    def unplug(writer: LibraryWriter, progress: Progress) -> None:
        del writer, progress
        if not away.exists():
            world.photos.rename(away)

    world.update(watch=unplug)
    assert world.status().photos == 2
    assert world.errors() == {}, "what is away has no errors"


@POSIX
def test_a_root_behind_a_shut_door_is_offline(world: World) -> None:
    put_many(world.photos / "drive", range(2))
    root = world.photos / "drive"
    world.update(root)
    before = world.found()
    world.photos.chmod(0)
    try:
        command = [sys.executable, "-m", "photofind", "index", "--library", str(world.library), str(root)]
        run = subprocess.run([*without_root(), *command], check=False, capture_output=True, text=True)
    finally:
        world.photos.chmod(0o700)
    assert (run.returncode, run.stderr) == (0, f"Not there now, kept as offline: {root}\n")
    assert world.found() == before


# Volumes mounted below a root


_MOUNT_RUN = """
import subprocess, sys
from pathlib import Path
from tests.support.photos import put_many
from tests.support.world import World, counts
from photofind.core.settings import Settings

def mount(*arguments):
    subprocess.run(arguments, check=True)

if __name__ == "__main__":
    world = World(Path(sys.argv[1]), Settings(workers=1))
    drive = world.photos / "drive"
    drive.mkdir()
    world.put("home.jpg", 50)
    if sys.argv[3] == "littered":
        (drive / ".directory").touch()
        (drive / "README.txt").touch()
    if sys.argv[3] == "bound":  # to another folder of the same volume
        (world.place / "elsewhere").mkdir()
        mount("mount", "--bind", str(world.place / "elsewhere"), str(drive))
    else:
        mount("mount", "-t", "tmpfs", "none", str(drive))
    root = drive if sys.argv[2] == "as root first" else world.photos
    put_many(drive / "DCIM" / "100", range(3))  # nothing lies at the top of the drive, as on a camera's card
    print(counts(world.update(root)))
    if sys.argv[2] == "below only":
        print(counts(world.update(drive)))
    mount("umount", str(drive))
    if sys.argv[3] == "gone":
        drive.rmdir()
    print(counts(world.update(world.photos)), world.status().offline, len(world.names()))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts as Linux does")
@pytest.mark.parametrize("mount_point", ["stays", "gone", "littered", "bound"])
@pytest.mark.parametrize("history", ["whole", "below only", "as root first"])
def test_a_drive_below_a_root_is_unplugged(tmp_path: Path, mount_point: str, history: str) -> None:
    unshare = [shutil.which("unshare") or "", "--mount", "--map-root-user"]
    if (
        not unshare[0]
        or subprocess.run([*unshare, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode
    ):
        pytest.skip("may not mount anything here")
    script = tmp_path / "script.py"
    script.write_text(_MOUNT_RUN)
    place = tmp_path / "place"
    place.mkdir()
    run = subprocess.run(
        [*unshare, sys.executable, str(script), str(place), history, mount_point],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    after = run.stdout.splitlines()[-1]
    home = "{'added': 1, 'embedded': 1}" if history == "as root first" else "{'unchanged': 1}"
    assert after == f"{home} 3 4"


# Files that are only in the cloud


def test_placeholders_are_neither_read_nor_removed(world: World) -> None:
    put_many(world.photos, range(2))
    world.update()
    folder = str(world.photos)
    known, other = (
        Entry(n, FileStamp(p.stat().st_size, p.stat().st_mtime_ns, p.stat().st_ino))
        for n, p in ((name, world.photos / name) for name in ("0000.jpg", "0001.jpg"))
    )
    evicted = Entry(known.name, FileStamp(known.stamp.size, 5, 5), in_cloud=True)
    unseen = Entry("never.jpg", FileStamp(9, 9, 9), in_cloud=True)
    with Catalog.open_writer(world.library / "library.db") as catalog:
        tally = Tally()
        reconciler = Reconciler(catalog, tally)
        (root,) = catalog.files.roots()
        with catalog.transaction():
            scope = reconciler.open_scope(root, root.path)
            reconciler.take(scope, Listing(folder, (evicted, other, unseen)))
            reconciler.close_scope(scope)
        assert (tally.in_cloud, tally.unchanged, reconciler.queued) == (1, 2, 0)
        assert reconciler.missing == {}
        assert catalog.files.count_pending([root.id]) == 0
        found = catalog.files.in_folder(1)
    assert set(found) == {"0000.jpg", "0001.jpg"}
    assert len(world.names()) == 2
