from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from photofind.core.imaging import make_thumbnail

if TYPE_CHECKING:
    from tests.imaging.conftest import Difference


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
