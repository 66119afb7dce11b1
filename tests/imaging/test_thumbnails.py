from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from photofind.core.errors import DamagedPhotoError
from photofind.core.imaging import make_thumbnail
from photofind.core.imaging.thumbnails import read_thumbnail

if TYPE_CHECKING:
    from tests.imaging.conftest import Difference, Encode


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((600, 400), (256, 171)),
        ((400, 600), (171, 256)),
        ((256, 10), (256, 10)),
        ((6000, 3), (256, 1)),
        ((1, 1), (1, 1)),
    ],
)
def test_thumbnails_fit_and_never_grow(size: tuple[int, int], expected: tuple[int, int], photo: Image.Image) -> None:
    with Image.open(io.BytesIO(make_thumbnail(photo.resize(size)))) as thumbnail:
        assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("JPEG", "RGB", expected)
        assert "exif" not in thumbnail.info
        assert "icc_profile" not in thumbnail.info


def test_a_thumbnail_shows_the_picture(photo: Image.Image, difference: Difference) -> None:
    with Image.open(io.BytesIO(make_thumbnail(photo))) as thumbnail:
        assert difference(thumbnail, photo.resize((256, 171), Image.Resampling.LANCZOS)) < 6


def test_metadata_stays_out(photo: Image.Image) -> None:
    marked = photo.copy()
    marked.info.update(icc_profile=b"x" * 200, exif=b"Exif\0\0secret", comment=b"secret")
    assert b"secret" not in make_thumbnail(marked)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_what_was_made_is_read(mode: str, photo: Image.Image, difference: Difference) -> None:
    jpeg = make_thumbnail(photo)
    whole = read_thumbnail(jpeg, mode)
    assert (whole.mode, whole.size) == (mode, (256, 171))
    assert read_thumbnail(jpeg, mode, side=64).size == (128, 86)
    assert difference(whole, photo.resize(whole.size).convert(mode)) < 5


def _claiming(jpeg: bytes, width: int, height: int) -> bytes:
    """Return a JPEG whose frame header names another size."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def test_a_damaged_thumbnail_is_told_from_a_sound_one(photo: Image.Image, encode: Encode) -> None:
    jpeg = make_thumbnail(photo)
    broken = [b"", jpeg[:300], jpeg[:-2000], b"\0" * 500, b"\xff\xd8" + jpeg[300:], encode(photo, "PNG")]
    # A flipped bit in the size: more than Pillow allows by itself, and less, which would fill the memory.
    broken += [_claiming(jpeg, 65000, 65000), _claiming(jpeg, 13000, 13000), _claiming(jpeg, 2000, 100)]
    for content in broken:
        with pytest.raises(DamagedPhotoError, match="the thumbnail is damaged"):
            read_thumbnail(content)
