"""Files that the user asks for by name: what has the name already is looked at before anything is written."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from photofind.core.asked_files import FileKind, check_asked, is_stdout, write_asked
from photofind.core.errors import StorageError

NOTE = FileKind("a note", lambda content: content.startswith(b"note:"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices as POSIX has them")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\xff\xd8\xff\xe0 a photo", "a picture"), (b"dear diary", "a file"), (b"\0" * 100, "a file")],
)
def test_another_file_is_not_replaced(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "taken.txt"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=f"There is {told} at .*taken.txt, which is not a note of photofind"):
        check_asked(path, NOTE)


def test_what_is_free_empty_or_an_earlier_one_may_be_written(tmp_path: Path) -> None:
    for name, content in (("new", None), ("empty", b""), ("earlier", b"note: old")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        check_asked(path, NOTE)
        write_asked(path, [b"note: ", b"new"])
        assert path.read_bytes() == b"note: new"


def test_places_that_are_ours(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="the library's own folder"):
        check_asked(tmp_path / "new", NOTE, lambda path: path.startswith(str(tmp_path)))


@POSIX
def test_a_link_goes_on_to_lead_where_it_led(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "note", tmp_path / "link"
    link.symlink_to(target)
    for earlier in (None, b"note: old"):  # it may lead to nothing yet
        if earlier is not None:
            target.write_bytes(earlier)
        check_asked(link, NOTE)
        write_asked(link, [b"note: new"])
        assert link.is_symlink()
        assert target.read_bytes() == b"note: new"
    target.write_bytes(b"dear diary")
    with pytest.raises(StorageError, match="would be lost"):
        check_asked(link, NOTE)
    (tmp_path / "round").symlink_to(tmp_path / "round")
    with pytest.raises(StorageError, match=r"Cannot write .*round"):
        check_asked(tmp_path / "round", NOTE)


@POSIX
def test_a_pipe_and_a_device_are_written_to_and_stay(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", bytearray()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.extend(pipe.read_bytes()))
    reader.start()
    check_asked(pipe, NOTE)
    write_asked(pipe, [b"note: ", b"new"])
    reader.join(10)
    assert got == b"note: new"
    assert pipe.is_fifo()
    for device in filter(os.path.exists, ("/dev/null", "/dev/full")):
        (tmp_path / Path(device).name).symlink_to(device)
        check_asked(tmp_path / Path(device).name, NOTE)
    write_asked(tmp_path / "null", [b"note"])
    if (tmp_path / "full").exists():
        with pytest.raises(StorageError, match=r"Cannot write .*full: No space left"):
            write_asked(tmp_path / "full", [b"note"])
        assert Path("/dev/full").is_char_device()


@POSIX
def test_stdout_is_written_to_as_it_is(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = Path("/dev/fd/1")
    if not path.exists():
        pytest.skip("this system has no names for descriptors")
    assert is_stdout(path)
    assert not is_stdout(tmp_path)
    assert not is_stdout(tmp_path / "none")
    check_asked(path, NOTE)
    sys.stdout.write("before\n")
    write_asked(path, [b"note\n"])
    sys.stdout.write("after\n")
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == b"before\nnote\nafter\n"
