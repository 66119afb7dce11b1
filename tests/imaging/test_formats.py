from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from photofind.core.imaging import DecodeLimits, decode_photo

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Difference, Encode


@pytest.mark.parametrize(
    ("kind", "name", "options", "tolerance"),
    [
        ("JPEG", "JPEG", {"quality": 95}, 5.0),
        ("JPEG", "JPEG", {"quality": 95, "progressive": True}, 5.0),
        ("MPO", "JPEG", {"quality": 95}, 5.0),
        ("PNG", "PNG", {}, 0.0),
        ("WEBP", "WEBP", {"quality": 95}, 4.0),
        ("WEBP", "WEBP", {"lossless": True}, 0.0),
        ("TIFF", "TIFF", {}, 0.0),
        ("TIFF", "TIFF", {"compression": "tiff_lzw"}, 0.0),
        ("TIFF", "TIFF", {"compression": "tiff_adobe_deflate"}, 0.0),
        ("TIFF", "TIFF", {"compression": "jpeg", "quality": 95}, 5.0),
        ("BMP", "BMP", {}, 0.0),
        ("PPM", "PNM", {}, 0.0),
        ("JPEG2000", "JPEG2000", {}, 0.0),
        ("JPEG2000", "JPEG2000", {"no_jp2": True}, 0.0),
        ("AVIF", "AVIF", {"quality": 95}, 4.0),
    ],
)
def test_decodes(
    kind: str,
    name: str,
    options: dict[str, Any],
    tolerance: float,
    small: Image.Image,
    encode: Encode,
    decode: Decode,
    difference: Difference,
) -> None:
    decoded = decode(encode(small, kind, **options), ".wrong")
    assert (decoded.facts.format, decoded.facts.width, decoded.facts.height) == (name, 120, 80)
    assert difference(decoded.image, small) <= tolerance
    assert decoded.image.info == {}
    assert type(decoded.image) is Image.Image


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF", "TIFF", "MPO"])
def test_shows_the_first_of_many_frames(kind: str, encode: Encode, decode: Decode) -> None:
    red, blue = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))
    decoded = decode(encode(red, kind, save_all=True, append_images=[blue, blue], quality=95))
    assert decoded.image.size == (64, 48)
    assert np.allclose(np.asarray(decoded.image), (255, 0, 0), atol=6)


def test_animated_gif_frames_that_cover_a_part(encode: Encode, decode: Decode) -> None:
    first = Image.new("P", (64, 48), 0)
    first.putpalette([0, 200, 0, 200, 0, 0])
    second = first.copy()
    second.paste(1, (10, 10, 20, 20))
    content = encode(first, "GIF", save_all=True, append_images=[second])
    assert decode(content).image.getpixel((15, 15)) == (0, 200, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
def test_few_levels(
    mode: str, kind: str, small: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    poor = small.quantize(32) if mode == "P" else small.convert(mode)
    assert difference(decode(encode(poor, kind)).image, poor.convert("RGB")) == 0


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000", "WEBP", "PPM"])
def test_grey(kind: str, small: Image.Image, encode: Encode, decode: Decode, difference: Difference) -> None:
    grey = small.convert("L")
    assert difference(decode(encode(grey, kind)).image, grey.convert("RGB")) < 5


@pytest.mark.parametrize("working_area", [1, 10_000, 50_176, 70_000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "JPEG2000", "WEBP"])
def test_returns_no_more_than_useful(
    kind: str, working_area: int, photo: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    large = photo.resize((2400, 1600), Image.Resampling.BICUBIC)
    decoded = decode(encode(large, kind), working_area=working_area)
    width, height = decoded.image.size
    assert (decoded.facts.width, decoded.facts.height) == (2400, 1600)
    assert width * height >= working_area
    assert width >= 256
    assert width * height <= 4 * max(working_area, 256 * 171) * 1.05
    assert difference(decoded.image, large.resize((width, height), Image.Resampling.BOX)) < 8


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 6000), (6000, 3), (255, 7)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "JPEG2000"])
def test_odd_sizes_are_kept(kind: str, size: tuple[int, int], encode: Encode, decode: Decode) -> None:
    decoded = decode(encode(Image.new("RGB", size, "teal"), kind), working_area=50_176)
    assert decoded.image.size == size
    assert np.allclose(np.asarray(decoded.image), (0, 128, 128), atol=4)


def test_a_panorama_keeps_its_working_area(encode: Encode, decode: Decode) -> None:
    decoded = decode(encode(Image.new("RGB", (8000, 64), "teal"), "JPEG"), working_area=50_176)
    width, height = decoded.image.size
    assert 50_176 <= width * height <= 4 * 50_176
    assert (decoded.facts.width, decoded.facts.height) == (8000, 64)


def test_jpeg2000_sizes_that_do_not_halve_evenly(
    photo: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    large = photo.resize((1025, 801))
    decoded = decode(encode(large, "JPEG2000"), working_area=50_176)
    assert (decoded.facts.width, decoded.facts.height) == (1025, 801)
    assert difference(decoded.image, large.resize(decoded.image.size, Image.Resampling.BOX)) < 8


@pytest.mark.parametrize("top", [65535, 4095, 255])
def test_sixteen_bit_grey_is_scaled_by_its_range(top: int, encode: Encode, decode: Decode) -> None:
    ramp = np.linspace(0, top, 256).astype(np.uint16)[None].repeat(8, axis=0)
    expected = np.arange(256)
    for content in (encode(Image.fromarray(ramp), "PNG"), _tiff(ramp), _tiff(ramp, byteorder=">")):
        found = np.asarray(decode(content).image)[0, :, 0].astype(int)
        assert np.abs(found - expected).max() <= 1


def test_sixteen_bit_colour_is_scaled_by_its_range(small: Image.Image, decode: Decode) -> None:
    deep = np.asarray(small).astype(np.uint16) * 257
    found = np.asarray(decode(_tiff(deep, photometric="rgb")).image).astype(int)
    assert np.abs(found - np.asarray(small)).max() <= 1


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 255.0), (0.0, 65535.0), (-3.0, 7.0), (0.0, 1e9)])
def test_float_is_scaled_by_its_range(low: float, high: float, decode: Decode) -> None:
    ramp = np.linspace(low, high, 256, dtype=np.float32)[None].repeat(8, axis=0)
    found = np.asarray(decode(_tiff(ramp)).image)[0, :, 0].astype(int)
    assert np.abs(found - np.arange(256)).max() <= 1


def test_float_holes_are_black(decode: Decode) -> None:
    values = np.full((8, 8), 0.5, np.float32)
    values[0, 0], values[0, 1] = np.nan, np.inf
    image = decode(_tiff(values)).image
    assert image.getpixel((0, 0)) == image.getpixel((1, 0)) == (0, 0, 0)
    assert image.getpixel((5, 5)) == (128, 128, 128)


def test_flat_integers_are_black(decode: Decode) -> None:
    assert decode(_tiff(np.full((8, 8), 0, np.int32))).image.getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("top", [255, 65535, 1 << 20])
def test_thirty_two_bit_grey(top: int, decode: Decode) -> None:
    ramp = np.linspace(0, top, 256).astype(np.int32)[None].repeat(8, axis=0)
    found = np.asarray(decode(_tiff(ramp)).image)[0, :, 0].astype(int)
    assert np.abs(found - np.arange(256)).max() <= 1


def test_the_file_stays_open(small: Image.Image, encode: Encode) -> None:
    file = io.BytesIO(encode(small, "PNG"))
    decode_photo(file, suffix=".png", limits=DecodeLimits(1_000_000, 1_000_000), working_area=1)
    assert not file.closed


def _tiff(values: np.ndarray[Any, Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, **options)
    return stream.getvalue()
