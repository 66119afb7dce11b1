"""Protected folders are recognised by every path to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from photofind.core.actions.mounts import Mount, MountTable, parse_mounts
from photofind.core.actions.protection import ProtectedFolders, is_protected


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    folder = tmp_path / "Safe"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "x.jpg").write_bytes(b"x")
    return folder


def test_what_lies_below_and_what_does_not(safe: Path, tmp_path: Path) -> None:
    for inside in (safe, safe / "deep" / "x.jpg", safe / "not there yet", tmp_path / "else" / ".." / "Safe" / "x"):
        assert is_protected(str(inside), [str(safe)]), inside
    for outside in (tmp_path, tmp_path / "Safe and more" / "x.jpg", tmp_path / "other" / "Safe.jpg"):
        assert not is_protected(str(outside), [str(safe)]), outside
    assert not is_protected(str(safe), [])
    assert not is_protected(str(safe), [""])


def test_links_in_both_directions(safe: Path, tmp_path: Path) -> None:
    (tmp_path / "door").symlink_to(safe / "deep")
    assert is_protected(str(tmp_path / "door" / "x.jpg"), [str(safe)])
    (tmp_path / "alias").symlink_to(safe)
    assert is_protected(str(safe / "deep" / "x.jpg"), [str(tmp_path / "alias")])
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(b"y")
    (safe / "out").symlink_to(tmp_path)
    assert is_protected(str(safe / "out" / "outside.jpg"), [str(safe)])  # written as lying below
    (tmp_path / "link.jpg").symlink_to(safe / "deep" / "x.jpg")
    assert is_protected(str(tmp_path / "link.jpg"), [str(safe)])


def test_another_case_is_the_same_folder_unless_both_exist(safe: Path, tmp_path: Path) -> None:
    other = tmp_path / "SAFE"
    gone = tmp_path / "Gone"
    assert is_protected(str(tmp_path / "gOnE" / "x.jpg"), [str(gone)])
    assert is_protected(str(tmp_path / "Cafe\u0301"), [str(tmp_path / "café")])
    assert is_protected(str(other / "x.jpg"), [str(safe)])
    if not other.exists():  # a volume that tells upper from lower case
        other.mkdir()
        assert not is_protected(str(other / "x.jpg"), [str(safe)])


def test_a_part_of_the_folder_that_is_bound_elsewhere() -> None:
    table = MountTable((Mount("/", "8:1", "/"), Mount("/nowhere/bound", "8:1", "/nowhere/safe/deep")))
    folders = ProtectedFolders(["/nowhere/safe"], table)
    assert folders.covers("/nowhere/bound/x.jpg")
    assert not folders.covers("/nowhere/else/x.jpg")
    assert table.point_of("/nowhere/bound/x") == "/nowhere/bound"


def test_mounts_are_read_as_linux_writes_them() -> None:
    line = rb"36 35 98:0 /mnt\0401 /mnt\134two rw,noatime master:1 - ext3 /dev/root rw"
    assert parse_mounts(line + b"\nnonsense\n") == MountTable((Mount("/mnt\\two", "98:0", "/mnt 1"),))
    covered = parse_mounts(b"1 0 8:1 / / rw - x y z\n2 1 8:2 / /m rw - x y z\n3 1 8:3 / /m rw - x y z\n")
    assert covered.within_volume("/m/a") == ("8:3", "/a")


_BOUND = """
import sys
from photofind.core.actions.mounts import MountTable
from photofind.core.actions.protection import ProtectedFolders, is_protected
print(*(is_protected(path, [sys.argv[1]]) for path in sys.argv[2:]))
print(*(ProtectedFolders([sys.argv[1]], MountTable()).covers(path) for path in sys.argv[2:]))  # as on other systems
"""


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("unshare") is None, reason="needs mounts of its own")
def test_real_second_mounts(safe: Path, tmp_path: Path) -> None:
    whole, part, other = (tmp_path / name for name in ("whole", "part", "other"))
    for folder in (whole, part, other):
        folder.mkdir()
    script = 'mount --bind "$1" "$2" && mount --bind "$1/deep" "$3" && shift 3 && exec "$@"'
    check = [sys.executable, "-c", _BOUND, str(safe), f"{whole}/deep/x.jpg", f"{part}/x.jpg", f"{other}/x.jpg"]
    command = ["unshare", "--mount", "sh", "-c", script, "sh", str(safe), str(whole), str(part), *check]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if found.returncode and "True" not in found.stdout:
        pytest.skip(f"may not mount: {found.stderr.strip()}")
    assert found.stdout.splitlines() == ["True True False", "True False False"]
