"""Files that only their owner can read, whatever the mask of the process."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.ownership import lock_library
from photofind.core.private_files import claim, make_private_folder, open_private, tighten, tighten_tree

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")


@pytest.fixture(params=[0o000, 0o022], ids=["000", "022"], autouse=True)
def mask(request: pytest.FixtureRequest) -> Iterator[None]:
    """A process that would make everything open to all, or to read for all."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_private_and_one_that_is_there_keeps_its_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with open(path, "xb", opener=open_private) as file:
        file.write(b"mine")
    claim(path)
    assert (mode(path), path.read_bytes()) == (0o600, b"mine")
    claim(tmp_path / "other")
    assert mode(tmp_path / "other") == 0o600
    claim(tmp_path / "no folder" / "file")
    assert not (tmp_path / "no folder").exists()


def test_folders_above_are_private_too_but_not_those_that_were_there(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path / "data" / "photofind" / "library")
    make_private_folder(tmp_path / "data" / "photofind" / "library")
    made = [tmp_path / "data", tmp_path / "data" / "photofind", tmp_path / "data" / "photofind" / "library"]
    assert [mode(folder) for folder in (tmp_path, *made)] == [0o755, 0o700, 0o700, 0o700]


def test_a_link_is_left_alone_and_so_is_where_it_leads(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch(0o644)
    target.chmod(0o644)
    link.symlink_to(target)
    tighten(link)
    assert mode(target) == 0o644
    tighten(target)
    assert mode(target) == 0o600
    tighten(tmp_path / "nothing")


def test_only_what_has_our_names_is_tightened(tmp_path: Path) -> None:
    for name in ("library.db", "epoch-1/seg", "photo.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o666)
    (tmp_path / "epoch-1").chmod(0o777)
    tighten_tree(tmp_path, ("library.", "epoch-"))
    modes = {name: mode(tmp_path / name) for name in ("library.db", "epoch-1", "epoch-1/seg", "photo.jpg")}
    assert modes == {"library.db": 0o600, "epoch-1": 0o700, "epoch-1/seg": 0o600, "photo.jpg": 0o666}
    assert mode(tmp_path) == 0o700


def test_a_library_of_before_is_tightened_by_its_writer(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    library.chmod(0o755)
    for name in ("library.db", "thumbnails.db", "decisions.db", "searches.json", "library.db.v1.bak", "notes.txt"):
        (library / name).touch()
        (library / name).chmod(0o644)
    lock_library(library).release()
    assert mode(library) == 0o700
    assert {path.name for path in library.iterdir() if mode(path) & 0o077} == {"notes.txt"}
