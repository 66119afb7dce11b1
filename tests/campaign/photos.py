"""Small photos by number, as many as a campaign wants: parts of real pictures, tinted, each number another content."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from PIL import Image

from tests.support.photos import picture

_SOURCES = 40
_TINT = 0.45
_SMALLEST = 60


@lru_cache(maxsize=20_000)
def small_jpeg(number: int, side: int = 64) -> bytes:
    """Return the photo of a number as the bytes of a JPEG of ``side`` x ``side`` pixels, always the same ones.

    Its number is written into it as a comment, so that no two numbers have the same content.
    """
    chances = random.Random(number)
    source = picture(chances.randrange(_SOURCES))
    width = chances.randint(_SMALLEST, source.width)
    left, top = chances.randint(0, source.width - width), chances.randint(0, source.height - width)
    photo = source.resize((side, side), Image.Resampling.BILINEAR, (left, top, left + width, top + width))
    tint = Image.new("RGB", photo.size, (chances.randrange(256), chances.randrange(256), chances.randrange(256)))
    stream = io.BytesIO()
    Image.blend(photo, tint, _TINT).save(stream, "JPEG", quality=80, comment=f"photo {number}".encode())
    return stream.getvalue()


def write_photos(folder: Path, numbers: Iterable[int], side: int = 64) -> list[Path]:
    """Write the photos of these numbers as ``<number>.jpg``, with the folders above; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in numbers:
        path = folder / f"{number:06}.jpg"
        path.write_bytes(small_jpeg(number, side))
        paths.append(path)
    return paths
