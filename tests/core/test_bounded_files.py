"""Files that anybody may have put where one is looked for are read up to a bound, and take no more memory than that."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from photofind.core.bounded_files import read_whole


def test_up_to_the_bound_and_not_beyond(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    assert read_whole(path, 100) == b"x" * 100
    with pytest.raises(OSError, match="larger than 99 bytes"):
        read_whole(path, 99)
    path.write_bytes(b"")
    assert read_whole(path, 0) == b""


def test_a_small_file_takes_little_memory_whatever_the_bound(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    tracemalloc.start()
    try:
        read_whole(path, 1 << 30)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/self/maps").is_file(), reason="a file that does not tell its size")
def test_a_file_that_says_that_it_is_empty_is_read_all_the_same() -> None:
    path = Path("/proc/self/maps")
    assert path.stat().st_size == 0
    assert len(read_whole(path, 1 << 24)) > 1000
    with pytest.raises(OSError, match="larger than 1,000 bytes"):
        read_whole(path, 1000)


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
@pytest.mark.timeout(20)
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        read_whole(tmp_path / "pipe", 100)
