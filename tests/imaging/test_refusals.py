"""Files that are no pictures, broken ones, bombs, and disks that fail: each a PhotoError with a sentence."""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import random
import struct
import subprocess
import sys
import warnings
import weakref
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest
from PIL import Image

from photofind.core.errors import (
    DamagedPhotoError,
    NotAPhotoError,
    OversizedPhotoError,
    PhotoError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from photofind.core.imaging import DecodeLimits, decode_photo
from photofind.core.imaging.decode import read_header

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Encode

_KINDS = ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM", "JPEG2000", "AVIF"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a picture: the file is empty"),
        (b"\0" * 50_000, "not a picture: the file holds only zeros"),
        (b"\n<!DOCTYPE html><title>404</title>", "not a picture: it is a web page"),
        (b"<HTML></HTML>", "not a picture: it is a web page"),
        (b"just some words", "not a picture"),
        (random.Random(1).randbytes(20_000), "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_what_is_no_picture(content: bytes, sentence: str, decode: Decode) -> None:
    with pytest.raises(NotAPhotoError) as caught:
        decode(content, ".jpg")
    assert str(caught.value) == sentence


def test_jpeg_xl_is_known_but_not_decoded(decode: Decode) -> None:
    with pytest.raises(UnsupportedPhotoError, match="JPEG XL is not supported"):
        decode(b"\xff\x0a" + b"\1" * 100, ".jxl")


@pytest.mark.parametrize("brand", [b"heic", b"avif"])
def test_a_container_without_a_picture_is_damaged(brand: bytes, decode: Decode) -> None:
    header = struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0mif1" + brand
    with pytest.raises(DamagedPhotoError):
        decode(header + b"\0\0\0\x10meta\0\0\0\0junk", ".heic")


def _decode_at_all(file: BinaryIO) -> object:
    return decode_photo(file, suffix=".png", limits=DecodeLimits(1 << 30, 1 << 30), working_area=1000)


def _read_header(file: BinaryIO) -> object:
    return read_header(file, suffix=".png", limits=DecodeLimits(1 << 30, 1 << 30))


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_damaged(
    kind: str, share: float, photo: Image.Image, encode: Encode, decode: Decode
) -> None:
    content = encode(photo, kind)
    with pytest.raises(DamagedPhotoError, match=r"the picture is (cut short|damaged)"):
        decode(content[: int(len(content) * share)])


def test_the_cause_is_kept_for_the_log(photo: Image.Image, encode: Encode, decode: Decode) -> None:
    with pytest.raises(DamagedPhotoError, match="cut short") as caught:
        decode(encode(photo, "JPEG")[:9000])
    assert isinstance(caught.value.__cause__, OSError)


class _File(io.BytesIO):
    """A file that can be told to be gone."""


@pytest.mark.parametrize("read", [_decode_at_all, _read_header])
def test_a_refused_picture_is_let_go_at_once(
    read: Callable[[BinaryIO], object], photo: Image.Image, encode: Encode
) -> None:
    # Hundreds of megabytes may hang on it, and the next photo would be blamed for them.
    file = _File(encode(photo, "PNG")[: 20_000 if read is _decode_at_all else 20])
    told = weakref.ref(file)
    gc.collect()
    gc.disable()
    try:
        with contextlib.suppress(PhotoError):
            read(file)
        del file
        assert told() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", _KINDS)
def test_random_damage_never_escapes(kind: str, small: Image.Image, encode: Encode, decode: Decode) -> None:
    content = encode(small, kind)
    dice = random.Random(kind)
    for _ in range(60):
        broken = bytearray(content)
        for _ in range(dice.choice((1, 3, 20))):
            broken[dice.randrange(min(len(broken), dice.choice((200, len(broken)))))] = dice.randrange(256)
        with contextlib.suppress(PhotoError):
            decode(bytes(broken), working_area=10_000)


# --- bombs ------------------------------------------------------------------------------------------------------


def _png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 1) -> bytes:
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    parts = [b"\x89PNG\r\n\x1a\n"]
    for name, body in (header, *chunks, (b"IEND", b"")):
        parts.append(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
    return b"".join(parts)


def test_a_png_bomb_is_refused_from_its_header(decode: Decode) -> None:
    with pytest.raises(OversizedPhotoError) as caught:
        decode(_png(65536, 65536, (b"IDAT", zlib.compress(b"\0" * 100_000))))
    times = "\N{MULTIPLICATION SIGN}"
    assert str(caught.value) == f"65536 {times} 65536 pixels, more than the limit of 250 megapixels"


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind != "JPEG"])
def test_every_format_obeys_the_limit(kind: str, small: Image.Image, encode: Encode, decode: Decode) -> None:
    content = encode(small, kind)
    assert decode(content, limits=DecodeLimits(120 * 80, 1 << 20)).image.size == (120, 80)
    for pixels in (120 * 80 - 1, 100):
        with pytest.raises(OversizedPhotoError, match="more than the limit of"):
            decode(content, limits=DecodeLimits(pixels, 1 << 20))


def _with_scans(content: bytes) -> bytes:
    """Return a baseline JPEG with the tables of this one and a grey scan for each of its three components."""
    scan = b"\xff\xda\0\x08\x01%c%c\0\x3f\0" + bytes(20_000)
    scans = b"".join(scan % (number, table) for number, table in ((1, 0), (2, 0x11), (3, 0x11)))
    return content[: content.index(b"\xff\xda")] + scans + b"\xff\xd9"


def test_a_jpeg_counts_what_is_decoded_of_it(photo: Image.Image, encode: Encode, decode: Decode) -> None:
    large = photo.resize((2400, 1600))
    limits = DecodeLimits(1_000_000, 1 << 30)
    assert decode(encode(large, "JPEG"), limits=limits, working_area=50_176).image.size == (300, 200)
    with pytest.raises(OversizedPhotoError):
        decode(encode(large, "JPEG"), limits=limits)
    with pytest.raises(OversizedPhotoError):  # a progressive file is held in memory at its full size
        decode(encode(large, "JPEG", progressive=True), limits=limits, working_area=50_176)
    with pytest.raises(OversizedPhotoError):  # and so is one with a scan for each component
        decode(_with_scans(encode(large, "JPEG", subsampling=0)), limits=limits, working_area=50_176)
    small = encode(photo, "JPEG", subsampling=0)
    assert decode(_with_scans(small), limits=limits, working_area=50_176).facts.width == photo.width
    with pytest.raises(OversizedPhotoError):  # the header alone is beyond reason
        decode(encode(large, "JPEG"), limits=DecodeLimits(400_000, 1 << 30), working_area=50_176)


def test_more_pixels_than_pillow_allows_on_its_own(decode: Decode) -> None:
    width, height = 20_000, 9_500
    rows = zlib.compress((b"\0" + b"\xff" * (width // 8)) * height)
    decoded = decode(_png(width, height, (b"IDAT", rows)), working_area=50_176)
    assert (decoded.facts.width, decoded.facts.height) == (width, height)
    assert decoded.image.getpixel((5, 5)) == (255, 255, 255)


def test_long_files_are_refused(small: Image.Image, encode: Encode, decode: Decode) -> None:
    with pytest.raises(OversizedPhotoError, match=r"the file has 0\.0\d+ MB, more than the limit of 0\.001 MB"):
        decode(encode(small, "PNG"), limits=DecodeLimits(1 << 20, 1000))


@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
def test_bombs_in_metadata_are_refused(name: bytes, decode: Decode) -> None:
    flood = zlib.compress(b"x" * 50_000_000, 9)
    body = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"icc\0\0"}[name] + flood
    picture = (b"IDAT", zlib.compress(b"\0\xff" * 8))
    with pytest.raises(OversizedPhotoError, match="texts"):
        decode(_png(8, 8, (name, body), picture))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_bomb_costs_neither_time_nor_memory() -> None:
    # In a process of its own: only there is the peak of memory its alone.
    program = """
import io, struct, zlib
from photofind.core.imaging import DecodeLimits, decode_photo
from photofind.core.imaging.decode import read_header
from photofind.core.errors import OversizedPhotoError
def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
header = struct.pack(">IIBBBBB", 65536, 65536, 1, 0, 0, 0, 0)
bomb = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\\0" * 10_000_000))
try:
    decode_photo(io.BytesIO(bomb), suffix=".png", limits=DecodeLimits(250_000_000, 1 << 30), working_area=50_176)
except OversizedPhotoError:
    # Not ru_maxrss, which begins with the peak of the process that forked this one.
    status = open("/proc/self/status").read()
    raise SystemExit(0 if int(status.split("VmHWM:")[1].split()[0]) < 300_000 else 3)
raise SystemExit(2)
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=30, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# --- the system -------------------------------------------------------------------------------------------------


class _FailingDisk(io.BytesIO):
    """A file whose medium gives up after ``good`` bytes."""

    def __init__(self, content: bytes, good: int) -> None:
        super().__init__(content)
        self._good = good

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() + (size if size is not None and size >= 0 else 1 << 30) > self._good:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "PPM", "AVIF"])
@pytest.mark.parametrize("good", [0, 5000])
def test_a_failing_disk_is_not_a_damaged_picture(kind: str, good: int, photo: Image.Image, encode: Encode) -> None:
    file = _FailingDisk(encode(photo.resize((300, 200)), kind), good)
    with pytest.raises(UnreadablePhotoError, match="the file cannot be read: Input/output error"):
        decode_photo(file, suffix="", limits=DecodeLimits(1 << 30, 1 << 30), working_area=50_176)


# --- manners ----------------------------------------------------------------------------------------------------


def test_nothing_of_pillow_is_left_changed(small: Image.Image, encode: Encode, decode: Decode) -> None:
    before = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    decode(encode(small, "PNG"))
    with pytest.raises(PhotoError):
        decode(b"GIF89a")
    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before


def test_threads_share_pillows_switches(photo: Image.Image, encode: Encode, decode: Decode) -> None:
    from concurrent.futures import ThreadPoolExecutor

    before = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    content = encode(photo, "PNG")
    with ThreadPoolExecutor(4) as pool:
        sizes = {decoded.image.size for decoded in pool.map(decode, [content] * 24)}
    assert sizes == {(600, 400)}
    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before


def test_heavy_decoders_are_loaded_only_when_needed() -> None:
    program = "import sys, photofind.core.imaging; sys.exit(bool({'pi_heif', 'rawpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0
