"""A minimal Bayer DNG (Adobe DNG 1.6), with and without the preview that cameras put into theirs."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from photofind.core.errors import DamagedPhotoError, OversizedPhotoError, PhotoError
from photofind.core.imaging import DecodeLimits

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Difference, Encode


def make_dng(photo: Image.Image, *, orientation: int = 1, preview: bytes | None = None) -> bytes:
    """Return a DNG whose sensor saw ``photo``: each pixel keeps one colour of the pattern RGGB, linear, 16 bit.

    ``preview`` is a JPEG.
    """
    light = (np.asarray(photo, np.float64) / 255.0) ** 2.2
    sensor = np.empty(light.shape[:2])
    sensor[0::2, 0::2] = light[0::2, 0::2, 0]
    sensor[0::2, 1::2] = light[0::2, 1::2, 1]
    sensor[1::2, 0::2] = light[1::2, 0::2, 1]
    sensor[1::2, 1::2] = light[1::2, 1::2, 2]
    # XYZ (D65) to linear sRGB, so that the camera's colours are sRGB's.
    matrix = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)
    rationals = [part for value in matrix for part in (round(value * 10_000), 10_000)]
    tags: list[Any] = [
        (274, "H", 1, orientation, True),
        (271, "s", 0, "Acme", True),
        (272, "s", 0, "Acme One", True),
        (306, "s", 0, "2021:05:06 07:08:09", True),
        (50706, "B", 4, (1, 4, 0, 0), True),
        (50707, "B", 4, (1, 1, 0, 0), True),
        (50708, "s", 0, "Acme One", True),
    ]
    cfa: list[Any] = [
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, (0, 1, 1, 2), True),
        (50714, "H", 1, 0, True),
        (50717, "H", 1, 65535, True),
        (50721, "2i", 9, rationals, True),
        (50728, "2I", 3, (1, 1, 1, 1, 1, 1), True),
        (50778, "H", 1, 21, True),
    ]
    values = (sensor * 65535).astype(np.uint16)
    stream = io.BytesIO()
    size = (1, 1)
    if preview is not None:
        with Image.open(io.BytesIO(preview)) as shown:
            size = shown.size
    with tifffile.TiffWriter(stream, byteorder="<") as writer:
        if preview is None:
            writer.write(values, photometric=32803, extratags=tags + cfa, metadata=None, software=False)
        else:
            blank = np.zeros((size[1], size[0], 3), np.uint8)
            first: dict[str, Any] = {"subfiletype": 1, "subifds": 1, "extratags": tags, "rowsperstrip": size[1]}
            writer.write(blank, photometric="rgb", metadata=None, software=False, **first)
            writer.write(values, photometric=32803, extratags=cfa, metadata=None, software=False)
    return stream.getvalue() if preview is None else _with_preview(stream.getvalue(), preview)


def _with_preview(dng: bytes, jpeg: bytes) -> bytes:
    """Return a DNG whose first directory shows ``jpeg``; tifffile alone writes no JPEGs."""
    result = bytearray(dng)
    start = struct.unpack_from("<I", dng, 4)[0]
    values = {259: 7, 262: 6, 273: len(dng), 279: len(jpeg)}  # compression, colours, offset and length of the strip
    for entry in range(struct.unpack_from("<H", dng, start)[0]):
        at = start + 2 + 12 * entry
        tag, kind = struct.unpack_from("<HH", dng, at)
        if tag in values:
            struct.pack_into("<H" if kind == 3 else "<I", result, at + 8, values[tag])
    return bytes(result) + jpeg


_TURNED: dict[int, Image.Transpose | None] = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_270,
    8: Image.Transpose.ROTATE_90,
}


def _expected(photo: Image.Image, orientation: int, size: tuple[int, int]) -> Image.Image:
    operation = _TURNED[orientation]
    return (photo if operation is None else photo.transpose(operation)).resize(size, Image.Resampling.BOX)


@pytest.mark.parametrize("orientation", _TURNED)
@pytest.mark.parametrize("suffix", ["", ".dng", ".jpg"])
def test_sensor_data(suffix: str, orientation: int, photo: Image.Image, decode: Decode, difference: Difference) -> None:
    decoded = decode(make_dng(photo, orientation=orientation), suffix)
    facts = decoded.facts
    assert (facts.format, facts.camera, facts.taken_at) == ("RAW", "Acme One", "2021-05-06T07:08:09")
    assert (facts.width, facts.height) == ((600, 400) if orientation < 5 else (400, 600))
    assert decoded.image.size == ((300, 200) if orientation < 5 else (200, 300))  # demosaiced at half the size
    assert difference(decoded.image, _expected(photo, orientation, decoded.image.size)) < 10


@pytest.mark.parametrize("orientation", _TURNED)
@pytest.mark.parametrize("tagged", [False, True])
def test_the_cameras_own_preview_comes_first(
    tagged: bool, orientation: int, photo: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    green = Image.merge("RGB", photo.split()[::-1]).resize((450, 300))  # unlike what the sensor saw
    exif = Image.Exif()
    if tagged:
        exif[274] = orientation
    preview = encode(green, "JPEG", quality=95, exif=exif)
    decoded = decode(make_dng(photo, orientation=orientation, preview=preview), working_area=50_176)
    assert (decoded.facts.width, decoded.facts.height) == ((600, 400) if orientation < 5 else (400, 600))
    assert (decoded.facts.format, decoded.facts.camera) == ("RAW", "Acme One")
    assert difference(decoded.image, _expected(green, orientation, decoded.image.size)) < 5


@pytest.mark.parametrize("spoil", ["small", "broken"])
def test_a_useless_preview_is_passed_over(
    spoil: str, photo: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    green = Image.merge("RGB", photo.split()[::-1])
    preview = encode(green.resize((150, 100)), "JPEG") if spoil == "small" else encode(green, "JPEG")[:9000]
    if spoil == "broken":
        preview = preview[:700]
    image = decode(make_dng(photo, preview=preview), working_area=50_176).image
    assert difference(image, _expected(photo, 1, image.size)) < 10


def test_an_uncompressed_preview(decode: Decode) -> None:
    # Older cameras store their preview as plain pixels.
    stream = io.BytesIO()
    blank = np.full((200, 300, 3), (10, 200, 30), np.uint8)
    sensor = np.full((400, 600), 9000, np.uint16)
    tags: list[Any] = [(50706, "B", 4, (1, 4, 0, 0), True), (50708, "s", 0, "Acme One", True)]
    cfa: list[Any] = [(33421, "H", 2, (2, 2), True), (33422, "B", 4, (0, 1, 1, 2), True)]
    with tifffile.TiffWriter(stream) as writer:
        writer.write(blank, photometric="rgb", subfiletype=1, subifds=1, extratags=tags, metadata=None)
        writer.write(sensor, photometric=32803, extratags=cfa, metadata=None)
    assert decode(stream.getvalue(), working_area=50_176).image.getpixel((5, 5)) == (10, 200, 30)


def test_a_tiff_that_is_called_raw(photo: Image.Image, encode: Encode, decode: Decode, difference: Difference) -> None:
    decoded = decode(encode(photo, "TIFF"), ".nef")
    assert decoded.facts.format == "TIFF"
    assert difference(decoded.image, photo) == 0


def test_the_sensor_counts_against_the_limit(photo: Image.Image, decode: Decode) -> None:
    with pytest.raises(OversizedPhotoError):
        decode(make_dng(photo), limits=DecodeLimits(600 * 400 - 1, 1 << 30))


def test_truncated_sensor_data_is_damage(photo: Image.Image, decode: Decode) -> None:
    with pytest.raises(DamagedPhotoError):
        decode(make_dng(photo)[:200_000])


def test_a_header_without_a_camera(decode: Decode) -> None:
    with pytest.raises(PhotoError):
        decode(b"FUJIFILMCCD-RAW 0201FF383501" + bytes(5000))
