from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.whole_files import left_overs, remove_left_overs, write_whole

POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


def test_what_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    path = tmp_path / "file"
    write_whole(path, [b"old", b" whole"])
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, pieces())
    assert path.read_bytes() == b"old whole"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "away" / "file", [b"x"])


@POSIX
def test_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o644)
    write_whole(path, [b"x"], private=True)
    assert path.stat().st_mode & 0o777 == 0o600


@POSIX
def test_what_a_killed_writer_left_is_told_from_what_is_being_written(tmp_path: Path) -> None:
    dead = tmp_path / f".photofind-{'0' * 32}.tmp"
    dead.write_bytes(b"half")
    others = [tmp_path / ".photofind-notes.tmp", tmp_path / "photo.tmp"]
    for other in others:
        other.touch()

    def pieces() -> Iterator[bytes]:
        yield b"half"
        assert left_overs(tmp_path) == [dead]
        assert remove_left_overs(tmp_path) == [dead]
        yield b" whole"

    write_whole(tmp_path / "file", pieces())
    assert (tmp_path / "file").read_bytes() == b"half whole"
    assert left_overs(tmp_path) == []
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "file"])


def test_a_folder_that_is_not_there_has_nothing_left_over(tmp_path: Path) -> None:
    assert remove_left_overs(tmp_path / "away") == []
