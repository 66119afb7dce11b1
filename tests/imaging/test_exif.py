from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from photofind.core.imaging.exif import NO_EXIF, ExifFacts, read_exif

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Encode

# Pillow warns of what it skips; `decode_photo` keeps that from the user.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

_HERE: dict[int, Any] = {
    GPS.GPSLatitudeRef: "S",
    GPS.GPSLatitude: (33.0, 51.0, 36.0),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (151.0, 12.0, 40.0),
}


def block(
    main: dict[int, Any] | None = None, details: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    exif = Image.Exif()
    exif.update(main or {})
    if details:
        exif.get_ifd(IFD.Exif).update(details)
    if gps:
        exif.get_ifd(IFD.GPSInfo).update(gps)
    return exif.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_facts_of_every_format(kind: str, small: Image.Image, encode: Encode, decode: Decode) -> None:
    exif = Image.Exif()
    exif.update({Base.Make: "Canon", Base.Model: "Canon EOS 40D"})
    exif.get_ifd(IFD.Exif).update({Base.DateTimeOriginal: "2008:05:30 15:56:01", Base.LensModel: "EF-S 17-85mm"})
    exif.get_ifd(IFD.GPSInfo).update(_HERE)
    facts = decode(encode(small, kind, exif=exif.tobytes())).facts
    assert facts.taken_at == "2008-05-30T15:56:01"
    assert (facts.camera, facts.lens) == ("Canon EOS 40D", "EF-S 17-85mm")
    assert facts.latitude == pytest.approx(-33.86)
    assert facts.longitude == pytest.approx(151.2111, abs=1e-4)


@pytest.mark.parametrize(
    ("main", "details", "expected"),
    [
        ({Base.DateTime: "2001:01:01 01:01:01"}, {}, "2001-01-01T01:01:01"),
        (
            {Base.DateTime: "2001:01:01 01:01:01"},
            {Base.DateTimeDigitized: "2002:01:01 01:01:01"},
            "2002-01-01T01:01:01",
        ),
        (
            {Base.DateTime: "2001:01:01 01:01:01"},
            {Base.DateTimeDigitized: "2002:01:01 01:01:01", Base.DateTimeOriginal: "2003:01:01 01:01:01"},
            "2003-01-01T01:01:01",
        ),
        ({Base.DateTime: "2001:01:01 01:01:01"}, {Base.DateTimeOriginal: "0000:00:00 00:00:00"}, "2001-01-01T01:01:01"),
        ({Base.DateTime: "2001-1-2 3:04:05"}, {}, "2001-01-02T03:04:05"),
        ({Base.DateTime: "2001-01-02T03:04:05+01:00"}, {}, "2001-01-02T03:04:05"),
        ({Base.DateTime: "    :  :     :  :  "}, {}, None),
        ({Base.DateTime: "2001:13:41 25:61:61"}, {}, None),
        ({Base.DateTime: "yesterday"}, {}, None),
        ({Base.DateTime: 20010101}, {}, None),
        ({}, {}, None),
    ],
)
def test_dates(main: dict[int, Any], details: dict[int, Any], expected: str | None) -> None:
    assert read_exif(block(main, details)).taken_at == expected


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Canon", "Canon EOS 40D", "Canon EOS 40D"),
        ("NIKON CORPORATION", "NIKON D70", "NIKON D70"),
        ("Apple", "iPhone 7", "Apple iPhone 7"),
        ("Apple\0\0garbage", " iPhone \t 7 ", "Apple iPhone 7"),
        ("Apple", None, "Apple"),
        (None, "iPhone 7", "iPhone 7"),
        ("", "\0", None),
        (None, None, None),
    ],
)
def test_cameras(make: str | None, model: str | None, expected: str | None) -> None:
    named: dict[int, Any] = {tag: text for tag, text in ((Base.Make, make), (Base.Model, model)) if text is not None}
    assert read_exif(block(named)).camera == expected


def test_long_texts_are_cut() -> None:
    lens = read_exif(block(details={Base.LensModel: "x" * 100_000})).lens
    assert lens == "x" * 200


@pytest.mark.parametrize(
    "changed",
    [
        {GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        {GPS.GPSLongitude: (200.0, 0.0, 0.0)},
        {GPS.GPSLatitude: (1.0, 2.0, 3.0, 4.0)},
        {GPS.GPSLatitudeRef: "?"},
        {GPS.GPSLatitudeRef: ""},
        {GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLongitude: (0.0, 0.0, 0.0)},
        {GPS.GPSLatitude: (IFDRational(0, 0), 0.0, 0.0)},
    ],
)
def test_impossible_places_are_none(changed: dict[int, Any]) -> None:
    facts = read_exif(block(gps=_HERE | changed))
    assert (facts.latitude, facts.longitude) == (None, None)


def test_degrees_alone_are_a_place() -> None:
    facts = read_exif(block(gps=_HERE | {GPS.GPSLatitude: (Fraction(67, 2),), GPS.GPSLongitudeRef: "w"}))
    assert facts.latitude == -33.5
    assert facts.longitude == pytest.approx(-151.2111, abs=1e-4)


def test_the_prefix_is_optional() -> None:
    whole = block({Base.Model: "One"})
    assert whole.startswith(b"Exif\0\0")
    assert read_exif(whole) == read_exif(whole[6:]) == ExifFacts(camera="One")


@pytest.mark.parametrize("junk", [None, b"", b"Exif\0\0", b"Exif\0\0II*\0", b"II*\0\xff\xff\xff\xff", b"\0" * 99])
def test_junk_says_nothing(junk: bytes | None) -> None:
    assert read_exif(junk) == NO_EXIF


def test_wrong_types_say_nothing() -> None:
    entries = [(274, 2, 4, b"six\0"), (271, 5, 1, struct.pack("<I", 4)), (272, 99, 7, b"????"), (34665, 2, 4, b"abc\0")]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHI4s", *entry) for entry in entries)
    facts = read_exif(b"II*\0\x08\0\0\0" + directory + bytes(20))
    assert facts.orientation == 1
    assert facts.taken_at is None


@given(st.binary(max_size=300), st.integers(0, 300))
def test_nothing_raises(noise: bytes, at: int) -> None:
    whole = block({Base.Orientation: 6, Base.DateTime: "2001:01:01 01:01:01"}, {Base.LensModel: "lens"}, {**_HERE})
    assert isinstance(read_exif(whole[:at] + noise + whole[at + len(noise) :]), ExifFacts)
