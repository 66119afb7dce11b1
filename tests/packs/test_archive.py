"""Zip files that mean harm, or are broken: refused in one sentence, nothing written anywhere."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from photofind.core.errors import PackError
from photofind.core.packs import archive, install_pack
from photofind.core.packs.archive import ZipSource
from tests.support.packs import pack_files, zip_pack

ZEROS = b"\0" * 11_000_000


def entry(name: str, mode: int = 0, method: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name  # the constructor would tidy it
    info.external_attr = mode << 16
    info.compress_type = method
    return info


@pytest.mark.parametrize(
    ("info", "content", "complaint"),
    [
        (entry("../evil"), b"x", "leads out"),
        (entry("a/../../evil"), b"x", "leads out"),
        (entry("a/./b"), b"x", "leads out"),
        (entry("a//b"), b"x", "leads out"),
        (entry("/etc/evil"), b"x", "leads out"),
        (entry("C:/evil"), b"x", "leads out"),
        (entry("C:evil"), b"x", "leads out"),
        (entry("text.onnx:stream"), b"x", "leads out"),
        (entry("..\\evil"), b"x", "leads out"),
        (entry("\\\\server\\evil"), b"x", "leads out"),
        (entry("new\nline"), b"x", "leads out"),
        (entry("nul\0byte"), b"x", "leads out"),
        (entry("link", stat.S_IFLNK | 0o777), b"/etc/passwd", "link"),
        (entry("pipe", stat.S_IFIFO | 0o666), b"", "link"),
        (entry("disk", stat.S_IFBLK | 0o666), b"", "link"),
        (entry("folder/", stat.S_IFLNK | 0o777), b"", "link"),
        (entry("Text.ONNX"), b"x", "twice"),
        (entry("text.onnx"), b"x", "twice"),
        (entry("\uff34ext.onnx"), b"x", "twice"),
        (entry("tokenizer/"), b"", "twice"),
        (entry("bomb", method=zipfile.ZIP_DEFLATED), ZEROS, "beyond measure"),
        (entry("old", method=zipfile.ZIP_BZIP2), b"x" * 100, "unusual way"),
    ],
    ids=lambda value: repr(value.filename) if isinstance(value, zipfile.ZipInfo) else None,
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_one_bad_entry_condemns_the_zip(
    tmp_path: Path, models: Path, info: zipfile.ZipInfo, content: bytes, complaint: str
) -> None:
    path = zip_pack(tmp_path / "pack.zip")
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(info, content, info.compress_type)
    refused(path, complaint)
    refused(path, "not safe to unpack")
    assert not models.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_a_password(tmp_path: Path) -> None:
    path = zip_pack(tmp_path / "pack.zip")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag, in the table of contents
    path.write_bytes(content)
    refused(path, "password")


def test_a_bomb_that_lies_about_its_size(tmp_path: Path, models: Path) -> None:
    """The size in the table of contents fits the pack's, what comes out of the data would not end there."""
    files = pack_files()
    small = len(files["tokenizer"])
    path = zip_pack(tmp_path / "pack.zip", files | {"tokenizer": ZEROS})
    content = bytearray(path.read_bytes())
    for place in find_all(content, struct.pack("<I", len(ZEROS))):
        content[place : place + 4] = struct.pack("<I", small)
    path.write_bytes(content)
    refused(path, "")
    assert not models.exists()


def test_too_large_altogether(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_BYTES", 1000)
    refused(zip_pack(tmp_path / "pack.zip"), "too large")


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"docs/{number}": b"" for number in range(1001)}
    refused(zip_pack(tmp_path / "many.zip", pack_files() | many), "too many files")
    monkeypatch.setattr(archive, "_LARGEST_DIRECTORY", 200)
    refused(zip_pack(tmp_path / "pack.zip"), "too many files")


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "no pack.toml"),
        ({"a/b/pack.toml": b""}, "no pack.toml"),
        ({"mypack.toml": b""}, "no pack.toml"),
        ({"a/pack.toml": b"", "b/pack.toml": b""}, "more than one"),
    ],
)
def test_where_is_the_pack(tmp_path: Path, files: dict[str, bytes], complaint: str) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    refused(path, complaint)


def test_the_top_goes_before_a_folder(tmp_path: Path) -> None:
    zip_pack(tmp_path / "pack.zip", pack_files() | {"__MACOSX/pack.toml": b"?", "doc/readme": b"x"})
    assert install_pack(str(tmp_path / "pack.zip")).name == "colours"


def test_a_zip_with_64_bit_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as limits:
        limits.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
        path = zip_pack(tmp_path / "pack.zip")
    assert b"PK\x06\x07" in path.read_bytes()
    assert "text.onnx" in ZipSource(io.BytesIO(path.read_bytes()), "it").names()
    monkeypatch.setattr(archive, "_LARGEST_DIRECTORY", 200)
    with pytest.raises(PackError, match="too many files"):
        ZipSource(io.BytesIO(path.read_bytes()), "it")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[4000:5000],
        lambda content: content[: len(content) // 2],
        lambda content: content[:-5],
        lambda content: content[100:],
        lambda content: content[:-18] + b"\xff" * 18,
        lambda content: content.replace(b"PK\x01\x02", b"PK\x01\x07"),
        lambda content: content.replace(b"PK\x03\x04", b"PK\x03\x07"),
        lambda content: content[:200] + b"\xff" * 200 + content[400:],
    ],
)
def test_a_damaged_zip(tmp_path: Path, models: Path, damage: Callable[[bytes], bytes]) -> None:
    path = zip_pack(tmp_path / "pack.zip")
    path.write_bytes(damage(path.read_bytes()))
    refused(path, "")
    assert not models.exists()


def find_all(content: bytes | bytearray, part: bytes) -> list[int]:
    places, at = [], content.find(part)
    while at >= 0:
        places.append(at)
        at = content.find(part, at + 1)
    return places


def refused(path: Path, complaint: str) -> None:
    with pytest.raises(PackError) as caught:
        install_pack(str(path))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)
