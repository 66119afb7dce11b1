"""What others may have put in the place of the files that a library writes and that hold nothing of value."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.catalog.connection import connect
from photofind.core.errors import LibraryBusyError, StorageError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.log_files import LOG_FILE, NATIVE_LOG_FILE, LibraryLogHandler, clear, library_logs, open_native_log
from photofind.core.ownership import WRITER_LOCK, lock_library
from photofind.core.settings import Settings

POSIX = pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
PRECIOUS = b"the user's own"


def _pid(library: Path) -> None:
    lock_library(library).release()


def _log(library: Path) -> None:
    LibraryLogHandler(library / LOG_FILE, 1).close()


def _native_log(library: Path) -> None:
    os.close(open_native_log(library))


WRITERS = pytest.mark.parametrize(
    ("name", "write"), [("writer.pid", _pid), (LOG_FILE, _log), (NATIVE_LOG_FILE, _native_log)]
)
Write = Callable[[Path], None]


@POSIX
@WRITERS
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_link_is_removed_and_its_target_stays(
    tmp_path: Path, name: str, write: Write, link: Callable[[Path, Path], None]
) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(PRECIOUS)
    library = tmp_path / "library"
    library.mkdir()
    link(precious, library / name)
    write(library)
    assert precious.read_bytes() == PRECIOUS
    found = library / name
    assert found.is_file()
    assert not found.is_symlink()
    assert found.stat().st_nlink == 1


@POSIX
@WRITERS
def test_a_dangling_link_makes_nothing_elsewhere(tmp_path: Path, name: str, write: Write) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / name).symlink_to(tmp_path / "elsewhere")
    write(library)
    assert not (tmp_path / "elsewhere").exists()
    assert not (library / name).is_symlink()


@POSIX
@WRITERS
@pytest.mark.timeout(20)
def test_nobody_waits_for_who_reads_a_pipe(tmp_path: Path, name: str, write: Write) -> None:
    os.mkfifo(tmp_path / name)
    write(tmp_path)
    assert (tmp_path / name).is_file()


@POSIX
def test_the_log_of_a_link_is_neither_listed_nor_emptied(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(PRECIOUS)
    (tmp_path / LOG_FILE).symlink_to(precious)
    clear(library_logs(tmp_path))
    assert precious.read_bytes() == PRECIOUS


@pytest.mark.parametrize("name", [WRITER_LOCK, "writer.pid"])
def test_a_folder_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StorageError, match=rf"{name} is a folder; move it away"):
        lock_library(tmp_path)
    (tmp_path / name).rmdir()
    lock_library(tmp_path).release()


@POSIX
def test_a_link_in_the_place_of_the_lock_is_named(tmp_path: Path) -> None:
    (tmp_path / WRITER_LOCK).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match=rf"{WRITER_LOCK} is a link; move it away"):
        lock_library(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@POSIX
@pytest.mark.parametrize("name", ["library.db", "thumbnails.db", "vectors-abc.f16", "epoch-1", "library.db-wal"])
def test_no_file_of_a_library_is_written_by_a_link(tmp_path: Path, name: str) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(PRECIOUS)
    library = tmp_path / "library"
    library.mkdir()
    (library / name).symlink_to(precious)
    with pytest.raises(StorageError, match=rf"{name} is a link; put the file itself"):
        LibraryWriter(library, Settings())
    assert precious.read_bytes() == PRECIOUS
    assert [path.name for path in library.iterdir()] == [name]


@POSIX
@pytest.mark.parametrize("writable", [True, False])
def test_no_database_is_opened_by_a_link(tmp_path: Path, *, writable: bool) -> None:
    """Its log would lie beside the target, where nobody looks for one."""
    connect(tmp_path / "there.db", writable=True).close()
    content = (tmp_path / "there.db").read_bytes()
    (tmp_path / "linked.db").symlink_to("there.db")
    with pytest.raises(StorageError, match=r"linked.db is a link"):
        connect(tmp_path / "linked.db", writable=writable)
    assert (tmp_path / "there.db").read_bytes() == content


@POSIX
def test_a_library_that_is_a_link_is_one_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "library").symlink_to("there")
    LibraryWriter(tmp_path / "library", Settings()).close()
    with Library(tmp_path / "library", Settings()) as library:
        assert library.count_photos() == 0
        assert library.examine().healthy


@POSIX
@pytest.mark.timeout(20)
def test_who_holds_a_lock_is_not_waited_for_in_a_pipe(tmp_path: Path) -> None:
    lock = lock_library(tmp_path)
    (tmp_path / "writer.pid").unlink()
    os.mkfifo(tmp_path / "writer.pid")
    with pytest.raises(LibraryBusyError):
        lock_library(tmp_path)
    lock.release()
