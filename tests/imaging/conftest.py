"""Pictures to decode, and ways to compare what comes out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
import skimage
from PIL import Image

from photofind.core.imaging import DecodedPhoto, DecodeLimits, decode_photo

LIMITS = DecodeLimits(pixels=250_000_000, file_bytes=1 << 30)


class Decode(Protocol):
    def __call__(
        self, content: bytes, suffix: str = "", *, limits: DecodeLimits = LIMITS, working_area: int = 1 << 40
    ) -> DecodedPhoto: ...


class Encode(Protocol):
    def __call__(self, image: Image.Image, kind: str, **options: Any) -> bytes: ...


class Difference(Protocol):
    def __call__(self, one: Image.Image, other: Image.Image) -> float: ...


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    """A cup of coffee, 600 x 400, mode RGB: no two of its eight orientations look alike."""
    with Image.open(Path(skimage.__file__).parent / "data" / "coffee.png") as image:
        return image.convert("RGB")


@pytest.fixture(scope="session")
def small(photo: Image.Image) -> Image.Image:
    """The photo at 120 x 80, for formats without compression."""
    return photo.resize((120, 80), Image.Resampling.BOX)


@pytest.fixture(scope="session")
def decode() -> Decode:
    """Decode bytes; unless told otherwise, at the full size."""

    def run(
        content: bytes, suffix: str = "", *, limits: DecodeLimits = LIMITS, working_area: int = 1 << 40
    ) -> DecodedPhoto:
        decoded = decode_photo(io.BytesIO(content), suffix=suffix, limits=limits, working_area=working_area)
        assert decoded.image.mode == "RGB"
        return decoded

    return run


@pytest.fixture(scope="session")
def encode() -> Encode:
    """Write an image as the bytes of a file."""

    def run(image: Image.Image, kind: str, **options: Any) -> bytes:
        stream = io.BytesIO()
        image.save(stream, kind, **options)
        return stream.getvalue()

    return run


@pytest.fixture(scope="session")
def difference() -> Difference:
    """Mean absolute difference of two images of equal size, in levels of 256."""

    def run(one: Image.Image, other: Image.Image) -> float:
        assert one.size == other.size
        return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())

    return run
