from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.imaging.conftest import Decode, Difference, Encode

_ORIENTATION = 0x0112
# How a camera that is held in this way stores an upright scene: the inverse of what a viewer must do.
_STORED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_comes_out_upright(
    kind: str,
    orientation: int,
    photo: Image.Image,
    encode: Encode,
    decode: Decode,
    difference: Difference,
) -> None:
    upright = photo.resize((300, 200), Image.Resampling.BOX)
    operation = _STORED[orientation]
    stored = upright if operation is None else upright.transpose(operation)
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    decoded = decode(encode(stored, kind, exif=exif, quality=90), working_area=50_000)
    assert (decoded.facts.width, decoded.facts.height) == (300, 200)
    assert difference(decoded.image, upright) < 6


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_picture_is_turned_too(
    orientation: int, photo: Image.Image, encode: Encode, decode: Decode, difference: Difference
) -> None:
    operation = _STORED[orientation]
    large = photo.resize((1600, 1200))
    stored = large if operation is None else large.transpose(operation)
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    decoded = decode(encode(stored, "JPEG", exif=exif, quality=90), working_area=50_000)
    assert (decoded.facts.width, decoded.facts.height) == (1600, 1200)
    assert decoded.image.size == (400, 300)
    assert difference(decoded.image, large.resize((400, 300), Image.Resampling.BOX)) < 6


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_impossible_orientation_is_none(
    orientation: int, small: Image.Image, encode: Encode, decode: Decode
) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    assert decode(encode(small, "JPEG", exif=exif)).image.size == small.size


def test_png_exif_written_by_imagemagick(small: Image.Image, encode: Encode, decode: Decode) -> None:
    from PIL.PngImagePlugin import PngInfo

    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    block = exif.tobytes()
    texts = PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    assert decode(encode(small, "PNG", pnginfo=texts)).image.size == (80, 120)
    texts = PngInfo()
    texts.add_text("Raw profile type exif", "\nexif\n 4\nno hex\n")
    assert decode(encode(small, "PNG", pnginfo=texts)).image.size == (120, 80)
