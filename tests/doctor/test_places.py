"""What lies in the place of locks, logs and checksums is told by the doctor and gets another name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from photofind.core.catalog.journal import Journal
from photofind.core.doctor_places import clear_places, misplaced_names
from photofind.core.errors import StorageError
from photofind.core.library_writer import LibraryWriter
from photofind.core.settings import Settings
from tests.support.program import photofind

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
LOCKS = ("writer.lock", "duplicates.lock", "decisions.lock", "journal.lock", "searches.lock")
NAMES = (*LOCKS, "writer.pid", "photofind.log", "decoders.log", "library.sums", "accuracy.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty library, nothing in the place of anything."""
    LibraryWriter(tmp_path / "library", Settings()).close()
    for name in NAMES:
        (tmp_path / "library" / name).unlink(missing_ok=True)
    return tmp_path / "library"


def test_in_a_sound_library_nothing_is_misplaced(tmp_path: Path) -> None:
    LibraryWriter(tmp_path, Settings()).close()
    assert misplaced_names(tmp_path) == []
    assert clear_places(tmp_path) == []


def test_folders_are_moved_away_by_the_doctor(folder: Path) -> None:
    for name in NAMES:
        (folder / name).mkdir()
        (folder / name / "content").write_bytes(b"kept")
    checked = photofind("doctor", "--library", folder, "--check")
    assert checked.status == 1
    for name in NAMES:
        assert f"{name}: a folder is in its place" in checked.out
    mended = photofind("doctor", "--library", folder)
    assert mended.status == 0, (mended.out, mended.err)
    for name in NAMES:
        assert f"a folder in the place of {name} is now {name}.damaged" in mended.out
        assert (folder / f"{name}.damaged" / "content").read_bytes() == b"kept"
    assert "healthy" in photofind("doctor", "--library", folder).out


@POSIX
def test_links_are_moved_away_and_their_targets_stay(folder: Path) -> None:
    precious = folder.parent / "precious"
    precious.write_bytes(b"the user's own")
    for name in LOCKS:
        (folder / name).symlink_to(precious)
    (folder / "writer.lock.damaged").symlink_to("/nowhere/at/all")
    done = clear_places(folder)
    assert "a link in the place of writer.lock is now writer.lock.damaged-2" in done
    assert len(done) == len(LOCKS)
    assert precious.read_bytes() == b"the user's own"
    assert misplaced_names(folder) == []


@POSIX
def test_a_part_of_the_library_that_is_a_link_is_told_and_stays(folder: Path) -> None:
    (folder / "thumbnails.db").rename(folder.parent / "thumbnails.db")
    (folder / "thumbnails.db").symlink_to("../thumbnails.db")
    checked = photofind("doctor", "--library", folder, "--check")
    assert checked.status == 1
    assert "thumbnails.db: it is a link, by which nothing is written" in checked.out
    photofind("doctor", "--library", folder).assert_fails("thumbnails.db is a link; put the file itself in its place")
    assert (folder / "thumbnails.db").is_symlink()


@POSIX
def test_a_pipe_that_serves_as_a_lock_stays(folder: Path) -> None:
    """Somebody may hold it."""
    os.mkfifo(folder / "writer.lock")
    os.mkfifo(folder / "writer.pid")
    assert misplaced_names(folder) == ["writer.pid: something that is no file is in its place"]


def test_a_lock_is_named_and_not_its_database(folder: Path) -> None:

    (folder / "journal.lock").mkdir()
    with pytest.raises(StorageError, match=r"journal\.lock is a folder; move it away"):
        Journal.open(folder / "journal.db")


def test_a_name_that_no_disk_takes_is_refused_in_a_sentence(tmp_path: Path) -> None:
    photofind("doctor", "--library", tmp_path / ("x" * 300)).assert_fails("There is no library in")
