"""Sizes and directions: how far a picture may shrink, and which way is up."""

from __future__ import annotations

import math

from PIL import Image

THUMBNAIL_SIDE = 256
"""Longest side of a thumbnail in pixels; no working picture gets smaller than this if the photo was larger."""

_UPRIGHT: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def suffices(size: tuple[int, int], working_area: int) -> bool:
    """Say whether a picture of ``size`` has at least ``working_area`` pixels and a thumbnail's longest side."""
    return size[0] * size[1] >= working_area and max(size) >= THUMBNAIL_SIDE


def largest_reduction(size: tuple[int, int], working_area: int) -> int:
    """Return by which whole number both sides may be divided so that the picture still suffices (at least 1)."""
    by_area = math.isqrt(size[0] * size[1] // max(1, working_area))
    return max(1, min(by_area, max(size) // THUMBNAIL_SIDE))


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return ``image`` turned and mirrored as EXIF ``orientation`` (1 to 8) asks (CIPA DC-008, tag 0x0112)."""
    operation = _UPRIGHT.get(orientation)
    return image if operation is None else image.transpose(operation)


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return width and height after `upright`."""
    return (size[1], size[0]) if orientation >= 5 else size
