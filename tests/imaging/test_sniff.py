from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from photofind.core.imaging import OTHER_SUFFIXES, PHOTO_SUFFIXES, sniff

if TYPE_CHECKING:
    from tests.imaging.conftest import Encode


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = major + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + b"\0\0\0\x08mdat"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("JPEG", "JPEG"),
        ("MPO", "JPEG"),
        ("PNG", "PNG"),
        ("WEBP", "WEBP"),
        ("GIF", "GIF"),
        ("TIFF", "TIFF"),
        ("BMP", "BMP"),
        ("PPM", "PNM"),
        ("JPEG2000", "JPEG2000"),
        ("AVIF", "AVIF"),
    ],
)
def test_knows_files_by_their_content(kind: str, name: str, small: Image.Image, encode: Encode) -> None:
    content = encode(small, kind)
    assert sniff(content[:64]) == name
    assert sniff(content[:4096], ".txt") == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (ftyp(b"heic", b"mif1", b"heic"), "HEIF"),
        (ftyp(b"mif1", b"mif1", b"heic"), "HEIF"),
        (ftyp(b"mif1", b"mif1", b"avif", b"miaf"), "AVIF"),
        (ftyp(b"avis", b"msf1"), "AVIF"),
        (ftyp(b"MiHE", b"mif1", b"heic"), "HEIF"),
        (ftyp(b"crx ", b"isom"), "RAW"),
        (ftyp(b"qt  ", b"qt  "), None),
        (ftyp(b"isom", b"mp42"), None),
        (ftyp(b"jxl ", b"jxl "), "JXL"),
        (b"\xff\x0a\x00\x00", "JXL"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JXL"),
        (b"\xff\x4f\xff\x51\x00\x29", "JPEG2000"),
        (b"FUJIFILMCCD-RAW 0201", "RAW"),
        (b"IIRO\x08\x00\x00\x00", "RAW"),
        (b"IIU\x00\x18\x00\x00\x00", "RAW"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "RAW"),
        (b"II+\x00\x08\x00\x00\x00", "TIFF"),
        (b"P6\n# a comment\n2 2 255\n", "PNM"),
        (b"P6 is a text", None),
        (b"BM is a text about BMs", None),
        (b"%PDF-1.7", None),
        (b"%!PS-Adobe-3.0 EPSF-3.0", None),
        (b"8BPS\0\1", None),
        (b"RIFF\x10\0\0\0WAVEfmt ", None),
        (b"<html>", None),
        (b"", None),
        (b"\0", None),
        (b"II*\x00", "TIFF"),
        (b"\x00\x00\x00\x18ftyp", None),
    ],
)
def test_knows_heads(head: bytes, name: str | None) -> None:
    assert sniff(head) == name


def test_the_suffix_only_tells_raw_from_tiff(small: Image.Image, encode: Encode) -> None:
    tiff = encode(small, "TIFF")
    assert sniff(tiff, ".NEF") == "RAW"
    assert sniff(tiff, ".jpg") == "TIFF"
    assert sniff(encode(small, "JPEG"), ".nef") == "JPEG"
    assert sniff(b"garbage", ".nef") is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_dng_is_known_without_its_suffix(order: str) -> None:
    magic = b"II*\0" if order == "<" else b"MM\0*"
    entries = [(256, 4, 1, 10), (50706, 1, 4, 0x04010000)]
    directory = struct.pack(order + "H", 2) + b"".join(struct.pack(order + "HHII", *entry) for entry in entries)
    head = magic + struct.pack(order + "I", 8) + directory
    assert sniff(head) == "RAW"
    assert sniff(head[:12]) == "TIFF"


def test_the_suffixes_are_lower_case_and_disjoint() -> None:
    assert not PHOTO_SUFFIXES & OTHER_SUFFIXES
    for suffix in PHOTO_SUFFIXES | OTHER_SUFFIXES:
        assert suffix.startswith(".")
        assert suffix == suffix.lower()
    assert {".jpg", ".heic", ".dng", ".avifs", ".mpo"} <= PHOTO_SUFFIXES
    assert {".mov", ".xmp", ".aae", ".json", ".db", ".txt"} <= OTHER_SUFFIXES
