"""Real photos as files: crops of the pictures that come with scikit-image, each number another content."""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path

import skimage
from PIL import Image

_SOURCES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "ihc.png")
_SIDE = 200


@cache
def _source(name: str) -> Image.Image:
    with Image.open(Path(skimage.__file__).parent / "data" / name) as image:
        return image.convert("RGB")


def picture(number: int) -> Image.Image:
    """Return a picture of its own for each number: part of a photo, 200 x 200."""
    source = _source(_SOURCES[number % len(_SOURCES)])
    shift = number // len(_SOURCES) * 7
    left, top = shift % (source.width - _SIDE), shift % (source.height - _SIDE)
    return source.crop((left, top, left + _SIDE, top + _SIDE))


@cache
def jpeg(number: int) -> bytes:
    """Return the picture of this number as the bytes of a JPEG file."""
    stream = io.BytesIO()
    picture(number).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def put(path: Path | str | bytes, content: int | bytes = 0) -> Path:
    """Write a photo (by its number) or other bytes, with the folders above; return the path."""
    place = Path(os.fsdecode(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(jpeg(content) if isinstance(content, int) else content)
    return place


def put_many(folder: Path, numbers: range) -> None:
    """Write the photos of these numbers as ``<number>.jpg``."""
    for number in numbers:
        put(folder / f"{number:04}.jpg", number)


@cache
def slow_picture() -> bytes:
    """Return a WebP of 64 megapixels in one kilobyte that takes seconds to decode."""
    stream = io.BytesIO()
    Image.new("RGB", (8000, 8000), (9, 8, 7)).save(stream, "WEBP", lossless=True, method=0)
    return stream.getvalue()


@cache
def large_picture() -> bytes:
    """Return a PNG of 144 megapixels that needs more than 500 MB to decode."""
    stream = io.BytesIO()
    Image.new("RGB", (12_000, 12_000), (9, 8, 7)).save(stream, "PNG", compress_level=1)
    return stream.getvalue()
