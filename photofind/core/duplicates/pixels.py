"""Pixels and affine maps: luminance, and two pictures brought to the frame of the coarser one.

Maps are 3 x 3 matrices in pixels, from the second picture into the first, the centre of the first pixel being (0, 0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.opencv import cv2
from photofind.core.evidence import Placement

Grey = npt.NDArray[np.float32]
"""Luminance, shape (height, width), 0 to 255."""
Matrix = npt.NDArray[np.float64]
"""An affine map as a matrix of shape (3, 3)."""
Size = tuple[int, int]
"""Width and height."""

SMALLEST: Final = 16
"""A picture or an overlap with a side of fewer pixels tells nothing."""

# Where EXIF's orientation puts the fractions (x, y) of a picture: rows of x', y' over x, y, 1.
_ORIENTED: Final[dict[int, tuple[tuple[int, int, int], tuple[int, int, int]]]] = {
    1: ((1, 0, 0), (0, 1, 0)),
    2: ((-1, 0, 1), (0, 1, 0)),
    3: ((-1, 0, 1), (0, -1, 1)),
    4: ((1, 0, 0), (0, -1, 1)),
    5: ((0, 1, 0), (1, 0, 0)),
    6: ((0, -1, 1), (1, 0, 0)),
    7: ((0, -1, 1), (-1, 0, 1)),
    8: ((0, 1, 0), (-1, 0, 1)),
}


def luminance(picture: npt.NDArray[np.uint8]) -> Grey:
    """Return the luminance (ITU-R BT.601) of an RGB picture, shape (height, width, 3)."""
    return cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)


def size_of(picture: npt.NDArray[np.generic]) -> Size:
    """Return width and height."""
    return picture.shape[1], picture.shape[0]


def oriented_map(orientation: int, first: Size, second: Size) -> Matrix:
    """Return the map that turns the second picture as EXIF's ``orientation`` says and fits it to the first's frame."""
    rows = (*_ORIENTED[orientation], (0, 0, 1))
    return _from_fractions(first) @ np.array(rows, np.float64) @ inverse(_from_fractions(second))


def placement_of(matrix: Matrix, first: Size, second: Size) -> Placement:
    """Return a map in fractions of width and height instead of pixels."""
    p = (np.linalg.inv(_from_fractions(first)) @ matrix @ _from_fractions(second))[:2].ravel()
    return float(p[0]), float(p[1]), float(p[2]), float(p[3]), float(p[4]), float(p[5])


def rescaled(matrix: Matrix, first: tuple[Size, Size], second: tuple[Size, Size]) -> Matrix:
    """Return the same map for pictures of other sizes; each argument holds the old and the new size."""
    change_first = _from_fractions(first[1]) @ np.linalg.inv(_from_fractions(first[0]))
    change_second = _from_fractions(second[0]) @ np.linalg.inv(_from_fractions(second[1]))
    return np.asarray(change_first @ matrix @ change_second)


def inverse(matrix: Matrix) -> Matrix:
    """Return the map the other way round."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def scale_of(matrix: Matrix) -> float:
    """Return how many pixels of the first picture a pixel of the second is wide."""
    return math.sqrt(abs(float(np.linalg.det(matrix[:2, :2]))))


def _from_fractions(size: Size) -> Matrix:
    width, height = size
    return np.array([[width, 0, -0.5], [0, height, -0.5], [0, 0, 1]], np.float64)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two pictures in the frame of the coarser one, and where both have pixels (float32, 0 or 1); alike in shape."""

    first: Grey
    second: Grey
    mask: Grey
    covered: tuple[float, float]


Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def overlay(first: Grey, second: Grey, matrix: Matrix, boxes: tuple[Box, Box] | None = None) -> Overlay | None:
    """Bring two pictures to the frame of the coarser one, cut to what both show; None when that is next to nothing.

    ``boxes`` say which part of each picture counts, as if there were no more of it.
    """
    scale = scale_of(matrix)
    if scale > 1:
        swapped = overlay(second, first, inverse(matrix), boxes and (boxes[1], boxes[0]))
        if swapped is None:
            return None
        return Overlay(swapped.second, swapped.first, swapped.mask, (swapped.covered[1], swapped.covered[0]))
    size = size_of(first)
    if 1 / scale > 1.2:
        second = cv2.GaussianBlur(second, (0, 0), 0.45 * math.sqrt(scale**-2 - 1)).astype(np.float32)
    warped = cv2.warpAffine(second, matrix[:2], size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    counted = [_counted(grey, boxes and boxes[number]) for number, grey in enumerate((first, second))]
    mask = cv2.warpAffine(counted[1], matrix[:2], size, flags=cv2.INTER_NEAREST) * counted[0]
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    if len(columns) < SMALLEST or len(rows) < SMALLEST:
        return None
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    area = float(mask.sum())
    covered = area / float(counted[0].sum()), min(1.0, area / (float(counted[1].sum()) * scale * scale))
    return Overlay(first[box], np.asarray(warped[box], np.float32), np.asarray(mask[box], np.float32), covered)


def _counted(grey: Grey, box: Box | None) -> Grey:
    """Return 1 where a picture counts."""
    if box is None:
        return np.ones(grey.shape, np.float32)
    counted = np.zeros(grey.shape, np.float32)
    counted[box[1] : box[3], box[0] : box[2]] = 1
    return counted
