"""What is wrong with containers of HEIF. Their pixels are AV1's, which only a header's reader can do without."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from photofind.core.imaging.heif import with_readable_texts
from tests.imaging.conftest import Encode

_READ = """
import sys
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.decode import read_header
with open(sys.argv[1], "rb") as file:
    header = read_header(file, suffix=".heic", limits=DecodeLimits(250_000_000, 1 << 30))
print(header.format, *header.size, header.exif.camera)
"""


@pytest.fixture
def container(small: Image.Image, encode: Encode) -> bytes:
    exif = Image.Exif()
    exif[272] = "Acme One"
    content = encode(small, "AVIF", exif=exif, xmp=b"<x:xmpmeta/>")
    return content.replace(b"avif", b"heic", 1).replace(b"avif", b"mif1", 1)


def _texts(content: bytes, number: int) -> tuple[int, int]:
    """Return where the texts of the item of this number begin, and where its box ends."""
    at = -1
    for _ in range(number + 1):
        at = content.index(b"infe", at + 1)
    return at + 12, at - 4 + struct.unpack_from(">I", content, at - 4)[0]


def test_sound_containers_are_left_alone(container: bytes) -> None:
    assert with_readable_texts(container) is container
    named = container.replace(b"application", "äpplicatiö".encode())
    assert with_readable_texts(named) is named


@pytest.mark.parametrize(
    "content", [b"", b"infe", bytes(8), b"\0\0\0\x10meta" + b"infe" * 2, b"\0\0\0\1meta" + bytes(8)]
)
def test_what_is_no_container_is_left_alone(content: bytes) -> None:
    assert with_readable_texts(content) == content


@pytest.mark.parametrize("byte", [0x80, 0xFF])
@pytest.mark.parametrize("item", [0, 1, 2])
def test_items_whose_texts_are_none(byte: int, item: int, container: bytes, tmp_path: Path) -> None:
    _, ends = _texts(container, item)
    damaged = bytearray(container)
    damaged[ends - 2] = byte
    mended = with_readable_texts(bytes(damaged))
    assert len(mended) == len(container)
    assert mended[ends - 2] == ord("?")
    assert [at for at in range(len(mended)) if mended[at] != damaged[at]] == [ends - 2]
    path = tmp_path / "a.heic"
    path.write_bytes(damaged)
    # In a process of its own, which pi_heif would take down.
    done = subprocess.run([sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:3] == ["HEIF", "120", "80"]


def test_a_box_that_lies_about_its_length(container: bytes) -> None:
    begins, _ = _texts(container, 2)
    damaged = bytearray(container)
    damaged[begins] = 0xFF
    for length in (0, 7, 1 << 31):
        struct.pack_into(">I", damaged, begins - 16, length)
        assert with_readable_texts(bytes(damaged))[begins] == ord("?")


def test_the_picture_beside_is_not_touched(container: bytes) -> None:
    picture = io.BytesIO(container + b"\0\0\0\x20mdat" + b"infe\xff\xff" * 3)
    assert with_readable_texts(picture.getvalue()) == picture.getvalue()
