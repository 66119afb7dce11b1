"""Photos as a camera would have written them, made from the few free ones that scikit-image brings along."""

from __future__ import annotations

import importlib.resources
import io
import multiprocessing
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from PIL import Image

_SOURCES = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "hubble_deep_field.jpg")
_SMALLEST_CROP = 0.55
_THUMBNAILS = ((256, 192), (256, 171), (192, 256), (256, 192), (256, 144))
_MAKE, _MODEL, _DATE = 0x010F, 0x0110, 0x0132


def make_photos(folder: Path, count: int, size: tuple[int, int], *, quality: int, noise: float) -> list[Path]:
    """Write ``count`` distinct JPEGs; a number always gives the same picture.

    ``noise`` is the standard deviation of the sensor's noise in grey levels; it decides, with ``quality``, how many
    bytes a photo has. Each photo has a little EXIF data.
    """
    folder.mkdir(parents=True)
    paths = [folder / f"DSC{number:05}.jpg" for number in range(count)]
    with multiprocessing.get_context("spawn").Pool() as pool:
        pool.starmap(partial(_write, size=size, quality=quality, noise=noise), enumerate(paths), chunksize=4)
    return paths


def make_thumbnails(count: int, *, quality: int) -> list[bytes]:
    """Return JPEGs of the size and shapes of thumbnails; a number always gives the same picture."""
    return [_thumbnail(number, quality) for number in range(count)]


def mean_bytes(paths: Sequence[Path]) -> float:
    """Return the mean size of files."""
    return sum(path.stat().st_size for path in paths) / len(paths)


def _write(number: int, path: Path, *, size: tuple[int, int], quality: int, noise: float) -> None:
    generator = np.random.default_rng(number)
    source = _source(_SOURCES[number % len(_SOURCES)])
    scale = generator.uniform(_SMALLEST_CROP, 1.0) * min(source.width / size[0], source.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    left, top = generator.uniform(0, source.width - width), generator.uniform(0, source.height - height)
    picture = source.resize(size, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
    if generator.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    tile = generator.normal(0, noise, (1024, 1024)).astype(np.float32)
    tiled = np.tile(tile, (-(-size[1] // 1024), -(-size[0] // 1024)))[: size[1], : size[0], None]
    pixels = np.asarray(picture, np.float32) * generator.uniform(0.8, 1.1) + tiled
    exif = Image.Exif()
    exif[_MAKE], exif[_MODEL], exif[_DATE] = "Made Up", "One", "2024:07:01 12:00:00"
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path, "JPEG", quality=quality, exif=exif)


def _thumbnail(number: int, quality: int) -> bytes:
    generator = np.random.default_rng(number)
    source = _source(_SOURCES[number % len(_SOURCES)])
    size = _THUMBNAILS[number % len(_THUMBNAILS)]
    scale = generator.uniform(_SMALLEST_CROP, 1.0) * min(source.width / size[0], source.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    left, top = generator.uniform(0, source.width - width), generator.uniform(0, source.height - height)
    picture = source.resize(size, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
    if number % 2:  # or else the few sources would be all there is to see
        picture = Image.blend(picture, picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), generator.uniform(0.0, 0.5))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@cache
def _source(name: str) -> Image.Image:
    with importlib.resources.as_file(importlib.resources.files("skimage.data") / name) as path:
        return Image.open(path).convert("RGB")
