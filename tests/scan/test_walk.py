"""The walk over real folders: what is listed, what is left out, what would loop, block or lie."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.errors import StorageError
from photofind.core.scan import IgnoreRules, Listing, stamp_of, walk
from tests.support.processes import without_root

POSIX = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def _write(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _listings(top: Path, *patterns: str) -> dict[str, Listing]:
    found = list(walk(str(top), IgnoreRules(patterns)))
    assert len({listing.path for listing in found}) == len(found)
    return {os.path.relpath(listing.path, top): listing for listing in found}


def _files(top: Path, *patterns: str) -> list[str]:
    return sorted(
        os.path.normpath(os.path.join(folder, entry.name))
        for folder, listing in _listings(top, *patterns).items()
        for entry in listing.files
    )


def test_folders_within_folders(tmp_path: Path) -> None:
    for name in ("a.jpg", "one/b.jpg", "one/two/three/c.jpg", "z/d.png"):
        _write(tmp_path / name)
    assert _files(tmp_path) == ["a.jpg", "one/b.jpg", "one/two/three/c.jpg", "z/d.png"]
    assert set(_listings(tmp_path)) == {".", "one", "one/two", "one/two/three", "z"}


def test_the_paths_begin_as_the_folder_was_named(tmp_path: Path) -> None:
    _write(tmp_path / "real" / "sub" / "a.jpg")
    (tmp_path / "link").symlink_to("real")
    assert [listing.path for listing in walk(str(tmp_path / "link"), IgnoreRules())] == [
        str(tmp_path / "link"),
        str(tmp_path / "link" / "sub"),
    ]


def test_hidden_service_and_ignored_names(tmp_path: Path) -> None:
    for name in (
        "a.jpg",
        "noext",
        ".hidden.jpg",
        "._a.jpg",
        ".git/b.jpg",
        "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
        "$RECYCLE.BIN/c.jpg",
        "film.mov",
        "notes.txt",
        "Screenshots/d.jpg",
        "a_small.jpg",
    ):
        _write(tmp_path / name)
    assert _files(tmp_path, "Screenshots", "*_small.*") == ["a.jpg", "noext"]
    assert set(_listings(tmp_path, "Screenshots")) == {"."}


def test_the_named_folder_itself_is_never_left_out(tmp_path: Path) -> None:
    _write(tmp_path / ".hidden" / "a.jpg")
    assert _files(tmp_path / ".hidden") == ["a.jpg"]


def test_a_folder_named_like_a_photo_is_walked(tmp_path: Path) -> None:
    _write(tmp_path / "folder.jpg" / "in.jpg")
    assert _files(tmp_path) == ["folder.jpg/in.jpg"]


def test_an_empty_folder_is_told_from_one_without_photos(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _write(tmp_path / "other" / "notes.txt")
    found = _listings(tmp_path)
    assert (found["empty"].is_empty, found["other"].is_empty, found["."].is_empty) == (True, False, False)
    assert found["empty"].files == found["other"].files == ()


def test_stamps(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jpg", b"12345")
    os.utime(path, ns=(0, 1_700_000_000_123_456_789))
    (entry,) = _listings(tmp_path)["."].files
    status = path.stat()
    assert (entry.stamp.size, entry.stamp.mtime_ns, entry.stamp.file_id) == (5, status.st_mtime_ns, status.st_ino)
    assert not entry.in_cloud


@pytest.mark.parametrize("seconds", [-2_000_000_000, 4_300_000_000])
def test_dates_long_ago_and_far_ahead(tmp_path: Path, seconds: int) -> None:
    path = _write(tmp_path / "a.jpg")
    try:
        os.utime(path, (seconds, seconds))
    except OSError as error:
        pytest.skip(f"not on this file system: {error}")
    (entry,) = _listings(tmp_path)["."].files
    assert entry.stamp.mtime_ns == path.stat().st_mtime_ns


@pytest.mark.parametrize("seconds", [2**33 * 10, -(2**33) * 10])
def test_dates_that_no_catalog_can_store_are_the_last_that_it_can(tmp_path: Path, seconds: int) -> None:
    path = _write(tmp_path / "a.jpg")
    numbers = list(path.stat())
    status = os.stat_result([*numbers[:7], 0, seconds, 0], {"st_mtime_ns": seconds * 10**9})
    assert stamp_of(status).mtime_ns == (2**63 - 1 if seconds > 0 else -(2**63))


# Names


@POSIX
@pytest.mark.parametrize(
    "name",
    [
        b"invalid-utf8-\xff\xfe-\xe9t\xe9.jpg",
        b"new\nline.jpg",
        b"tab\tname.jpg",
        b"a" * 250 + b".jpg",
        "é".encode() * 124 + b".jpg",
        b"-rf.jpg",
        b" leading and trailing .jpg",
        b"semi;colon & \"quote\" 'q' $HOME `id` %20 #1?.jpg",
        b"back\\slash.jpg",
        "\u202egpj.exe.jpg".encode(),
        "写真 👩‍👩‍👧‍👦.jpg".encode(),
        b"\x1b[31mred.jpg",
    ],
)
def test_any_name_is_listed_as_it_is(tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / os.fsdecode(name[:200])
    try:
        _write(folder / os.fsdecode(name))
    except OSError as error:
        pytest.skip(f"not on this file system: {error}")
    (listing,) = [found for found in walk(str(tmp_path), IgnoreRules()) if found.files]
    assert listing.path == str(folder)
    assert [os.fsencode(entry.name) for entry in listing.files] == [name]


def test_composed_and_decomposed_names_are_two_files(tmp_path: Path) -> None:
    names = {"cafe\u0301.jpg", "caf\u00e9.jpg"}
    for name in names:
        _write(tmp_path / name)
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system takes them for one name")
    assert set(_files(tmp_path)) == names


@POSIX
def test_a_path_near_the_systems_limit(tmp_path: Path) -> None:
    top = str(tmp_path)
    depth = (4000 - len(top)) // 61
    descriptor = os.open(top, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d" * 60, dir_fd=descriptor)
        below = os.open("d" * 60, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("deep.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    found = list(walk(top, IgnoreRules()))
    assert len(found) == depth + 1
    assert [entry.name for entry in found[-1].files] == ["deep.jpg"]


@POSIX
def test_a_path_beyond_the_systems_limit_is_an_error_of_that_folder(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    _write(top / "a.jpg")
    descriptor = os.open(top, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=descriptor)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    found = list(walk(str(top), IgnoreRules()))
    assert [entry.name for entry in found[0].files] == ["a.jpg"]
    assert "the folder cannot be read" in (found[-1].error or "")
    assert all(listing.error is None for listing in found[:-1])


# Links


@POSIX
def test_links_that_loop_or_dangle(tmp_path: Path) -> None:
    _write(tmp_path / "top" / "a.jpg")
    _write(tmp_path / "top" / "sub" / "b.jpg")
    (tmp_path / "top" / "dangling.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "top" / "loop.jpg").symlink_to("loop.jpg")
    (tmp_path / "top" / "ring1").symlink_to("ring2")
    (tmp_path / "top" / "ring2").symlink_to("ring1")
    (tmp_path / "top" / "self").symlink_to(".")
    (tmp_path / "top" / "sub" / "back").symlink_to("..")
    assert _files(tmp_path / "top") == ["a.jpg", "sub/b.jpg"]


@POSIX
def test_a_link_to_the_parent_doubles_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "top" / "a.jpg")
    _write(tmp_path / "beside.jpg")
    (tmp_path / "top" / "up").symlink_to("..")
    found = list(walk(str(tmp_path / "top"), IgnoreRules()))
    real = [os.path.realpath(os.path.join(listing.path, e.name)) for listing in found for e in listing.files]
    assert sorted(real) == sorted([str(tmp_path / "beside.jpg"), str(tmp_path / "top" / "a.jpg")])


@POSIX
def test_two_links_to_one_folder_outside_count_once(tmp_path: Path) -> None:
    _write(tmp_path / "outside" / "deep" / "a.jpg")
    top = tmp_path / "top"
    top.mkdir()
    (top / "one").symlink_to("../outside")
    (top / "two").symlink_to("../outside")
    (top / "three").symlink_to("../outside/deep")
    assert len(_files(top)) == 1


@POSIX
def test_the_folder_itself_comes_before_any_link_to_it(tmp_path: Path) -> None:
    _write(tmp_path / "zz" / "a.jpg")
    (tmp_path / "aa").symlink_to("zz")
    assert _files(tmp_path) == ["zz/a.jpg"]


@POSIX
def test_links_to_files(tmp_path: Path) -> None:
    top = tmp_path / "top"
    _write(top / "inside.jpg")
    _write(top / ".hidden" / "unseen.jpg")
    _write(tmp_path / "outside.jpg", b"12345")
    (top / "to_inside.jpg").symlink_to("inside.jpg")
    (top / "to_outside.jpg").symlink_to("../outside.jpg")
    (top / "to_unseen.jpg").symlink_to(".hidden/unseen.jpg")
    (top / "to_film.mp4").symlink_to("../outside.jpg")
    (top / ".to_outside.jpg").symlink_to("../outside.jpg")
    (top / "twice.jpg").symlink_to("to_outside.jpg")
    assert _files(top) == ["inside.jpg", "to_outside.jpg", "to_unseen.jpg", "twice.jpg"]
    sizes = {entry.name: entry.stamp.size for entry in _listings(top)["."].files}
    assert sizes["to_outside.jpg"] == 5


@POSIX
def test_links_to_ignored_folders_are_not_followed(tmp_path: Path) -> None:
    _write(tmp_path / "outside" / "a.jpg")
    top = tmp_path / "top"
    top.mkdir()
    (top / ".hidden").symlink_to("../outside")
    (top / "Skipped").symlink_to("../outside")
    assert _files(top, "Skipped") == []


@POSIX
def test_a_hard_link_is_a_file_of_its_own(tmp_path: Path) -> None:
    _write(tmp_path / "a.jpg")
    os.link(tmp_path / "a.jpg", tmp_path / "b.jpg")
    assert _files(tmp_path) == ["a.jpg", "b.jpg"]


# What is no file


@POSIX
def test_pipes_and_sockets_are_never_listed_nor_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo.jpg")
    (tmp_path / "link_to_fifo.jpg").symlink_to("fifo.jpg")
    monkeypatch.chdir(tmp_path)  # the path of a socket may have a hundred bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.jpg")
        reader = threading.Thread(target=lambda: _files(tmp_path), daemon=True)
        reader.start()
        reader.join(20)
        assert not reader.is_alive(), "the walk waits for a writer of the pipe"
        assert _files(tmp_path) == []


@POSIX
def test_device_files_are_not_listed() -> None:
    shown = {entry.name for entry in next(walk("/dev", IgnoreRules())).files}
    assert not shown & {"null", "zero", "random", "tty"}


# What cannot be read


def test_a_folder_that_does_not_exist_is_one_error(tmp_path: Path) -> None:
    (listing,) = walk(str(tmp_path / "away"), IgnoreRules())
    assert listing.error is not None
    assert listing.error.startswith("the folder cannot be read: ")
    assert not listing.is_empty


@pytest.mark.parametrize("replacement", ["nothing", "a file", "a dangling link"])
def test_a_folder_that_goes_away_under_the_walk(tmp_path: Path, replacement: str) -> None:
    _write(tmp_path / "a" / "a.jpg")
    _write(tmp_path / "b" / "b.jpg")
    steps = walk(str(tmp_path), IgnoreRules())
    next(steps)  # both folders wait to be listed now
    (tmp_path / "a" / "a.jpg").unlink()
    (tmp_path / "a").rmdir()
    if replacement == "a file":
        _write(tmp_path / "a")
    elif replacement == "a dangling link":
        (tmp_path / "a").symlink_to("nowhere")
    away, there = steps
    assert (away.path, away.files) == (str(tmp_path / "a"), ())
    assert away.error is not None
    assert [entry.name for entry in there.files] == ["b.jpg"]


_WALK = """
import sys
from photofind.core.errors import StorageError
from photofind.core.scan import IgnoreRules, walk
for listing in walk(sys.argv[1], IgnoreRules()):
    print(repr((listing.path, [entry.name for entry in listing.files], listing.error)))
"""


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    _write(tmp_path / "a.jpg")
    _write(tmp_path / "locked" / "b.jpg")
    _write(tmp_path / "no_entry" / "c.jpg")
    (tmp_path / "locked").chmod(0)
    (tmp_path / "no_entry").chmod(0o600)  # may be listed, but nothing in it may be looked at
    yield tmp_path
    (tmp_path / "locked").chmod(0o700)
    (tmp_path / "no_entry").chmod(0o700)


def test_folders_without_permission(locked: Path) -> None:
    run = subprocess.run(
        [*without_root(), sys.executable, "-c", _WALK, str(locked)], capture_output=True, text=True, check=True
    )
    top, shut, no_entry = map(eval, run.stdout.splitlines())
    assert top == (str(locked), ["a.jpg"], None)
    assert shut == (str(locked / "locked"), [], "the folder cannot be read: Permission denied")
    assert no_entry[:2] == (str(locked / "no_entry"), [])
    assert no_entry[2] is not None, "files that cannot be looked at are not files that are gone"


# Volumes


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux' own mounts")
def test_a_folder_on_another_volume_is_told() -> None:
    mounts = [path for path in ("/dev/shm", "/dev/pts", "/dev/mqueue") if os.path.ismount(path)]
    if not mounts or not os.path.ismount("/dev"):
        pytest.skip("no volume is mounted below /dev")
    found = {listing.path: listing.is_mount for listing in walk("/dev", IgnoreRules())}
    assert found["/dev"], "the top itself lies on another volume than its parent"
    assert found[mounts[0]]
    for path, is_mount in found.items():
        if os.path.dirname(path) == "/dev" and not Path(path).is_symlink():
            assert is_mount == os.path.ismount(path)


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="needs a second volume")
def test_a_link_to_another_volume_is_told(tmp_path: Path) -> None:
    if os.stat("/dev/shm").st_dev == os.stat(tmp_path).st_dev:
        pytest.skip("temporary files lie on that volume")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as elsewhere:
        _write(Path(elsewhere, "a.jpg"))
        (tmp_path / "link").symlink_to(elsewhere)
        found = _listings(tmp_path)
    assert (found["."].is_mount, found["link"].is_mount) == (False, True)


def test_a_folder_on_the_same_volume_is_no_mount(tmp_path: Path) -> None:
    _write(tmp_path / "sub" / "a.jpg")
    assert not any(listing.is_mount for listing in walk(str(tmp_path), IgnoreRules()))


@POSIX
def test_too_many_open_files_are_no_fault_of_a_folder(tmp_path: Path) -> None:
    import resource

    _write(tmp_path / "sub" / "a.jpg")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    walking = walk(str(tmp_path), IgnoreRules())
    next(walking)
    lowest = os.open(tmp_path, os.O_RDONLY)  # the next number that a file would get, once it is closed
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        with pytest.raises(StorageError, match="Too many files are open"):
            next(walking)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [len(listing.files) for listing in walk(str(tmp_path), IgnoreRules())] == [0, 1]
