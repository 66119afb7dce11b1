"""Pixels as evidence: luminance, affine maps between two pictures, and how well two pictures agree under a map.

A copy agrees with its original wherever something can be seen, but for noise, tone and what was written over it; the
next shot of a burst agrees in part, or everywhere a little beside the place. So both pictures are brought to the frame
of the coarser one, and around each of its pixels the local correlation (free of brightness and contrast) and the local
displacement (one step of Lucas and Kanade, IJCAI 1981) are taken. Both count only where there is texture.

Maps are 3 x 3 matrices in pixels, from the second picture into the first, the centre of the first pixel being (0, 0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from photofind.core.evidence import Placement

Grey = npt.NDArray[np.float32]
"""Luminance, shape (height, width), 0 to 255."""
Matrix = npt.NDArray[np.float64]
"""An affine map as a matrix of shape (3, 3)."""
Size = tuple[int, int]
"""Width and height."""

SMALLEST: Final = 16
"""A picture or an overlap with a side of fewer pixels tells nothing."""

_WINDOW: Final = 13  # pixels, of local statistics
_STRIDE: Final = 4
_NOISE: Final = 2.5  # grey levels that compression may invent
_TEXTURED: Final = 9.0  # grey levels of deviation from which on texture counts in full
_SOFTEN: Final = 1.0
_BLACK: Final = (4.0, 60.0)
_WHITE: Final = (165.0, 251.0)
_DISAGREES: Final = 0.5
_FARTHEST: Final = 3.0  # pixels: one step cannot tell more

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


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two pictures agree under a map.

    ``covered`` is the share of the first and of the second picture that both show, ``area`` the overlap in pixels of
    the coarser frame, and ``texture`` the share of it in which something can be compared; the next four weigh each
    place by its texture: ``alike`` is the mean local correlation, ``low`` the correlation that nine tenths exceed,
    ``apart`` the share that disagrees, ``shift`` the root mean square of local displacements in pixels of the coarser
    frame, ``far`` the displacement that a tenth exceeds. ``difference`` is the mean difference of luminance, 0 to 1,
    and ``fitted`` the same after brightness and contrast were made equal. ``written`` tells how much the places that
    disagree look like something written over one of the pictures: see :func:`_written`.
    """

    covered: tuple[float, float]
    area: float
    texture: float
    alike: float
    low: float
    apart: float
    shift: float
    far: float
    difference: float
    fitted: float
    written: float


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


def overlay(first: Grey, second: Grey, matrix: Matrix) -> Overlay | None:
    """Bring two pictures to the frame of the coarser one, cut to what both show; None when that is next to nothing."""
    scale = scale_of(matrix)
    if scale > 1:
        swapped = overlay(second, first, inverse(matrix))
        if swapped is None:
            return None
        return Overlay(swapped.second, swapped.first, swapped.mask, (swapped.covered[1], swapped.covered[0]))
    size = size_of(first)
    if 1 / scale > 1.2:
        second = cv2.GaussianBlur(second, (0, 0), 0.45 * math.sqrt(scale**-2 - 1)).astype(np.float32)
    warped = cv2.warpAffine(second, matrix[:2], size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpAffine(np.ones_like(second), matrix[:2], size, flags=cv2.INTER_NEAREST)
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    if len(columns) < SMALLEST or len(rows) < SMALLEST:
        return None
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    area = float(mask.sum())
    covered = area / first.size, min(1.0, area / (second.size * scale * scale))
    return Overlay(first[box], np.asarray(warped[box], np.float32), np.asarray(mask[box], np.float32), covered)


def agreement(pair: Overlay) -> Agreement:
    """Measure how well two pictures agree."""
    first, second = _softened(pair.first), _softened(pair.second)
    known = pair.mask * _lasting(pair.first, pair.second)
    local = _Local(first, second, known)
    weight = local.weight
    total = float(weight.sum())
    plain, fitted = _differences(first, second, known)
    area = float(pair.mask.sum())
    texture = total / max(1.0, float(pair.mask[::_STRIDE, ::_STRIDE].sum()))
    if total <= 0:
        return Agreement(pair.covered, area, 0.0, 0.0, 0.0, 1.0, _FARTHEST, _FARTHEST, plain, fitted, 0.0)
    order = np.argsort(local.correlation, axis=None)
    sums = np.cumsum(weight.ravel()[order])
    low = local.correlation.ravel()[order][np.searchsorted(sums, 0.1 * total)]
    shift, far = local.displacement()
    return Agreement(
        covered=pair.covered,
        area=area,
        texture=texture,
        alike=float((local.correlation * weight).sum()) / total,
        low=float(low),
        apart=float(weight[local.correlation < _DISAGREES].sum()) / total,
        shift=shift,
        far=far,
        difference=plain,
        fitted=fitted,
        written=_written(pair, known, local.full) if (local.correlation[weight > 0] < _DISAGREES).any() else 0.0,
    )


def _softened(grey: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SOFTEN), np.float32)


def _lasting(first: Grey, second: Grey) -> Grey:
    """Return 0 where one picture is black or blown out and the other nearly so: there, a change of tone ate texture."""
    lost = np.zeros(first.shape, np.bool_)
    for one, other in ((first, second), (second, first)):
        lost |= (one >= _WHITE[1]) & (other >= _WHITE[0]) & (other < _WHITE[1])
        lost |= (one <= _BLACK[0]) & (other <= _BLACK[1]) & (other > _BLACK[0])
    return np.asarray(~lost, np.float32)


def _written(pair: Overlay, known: Grey, correlation: Grey) -> float:
    """Tell how much the pixels that differ look like writing, a mark or a frame on one picture only, 0 to 1.

    What was drawn has one or two tones, what lies beneath has many; where people walked on, both have many, and on two
    pages of one layout both have few.
    """
    agree = (correlation > 0.8) & (known > 0)
    apart = (correlation < 0.7) & (known > 0)
    if agree.sum() < SMALLEST or apart.sum() < SMALLEST:
        return 0.0
    curve = np.polyfit(pair.second[agree], pair.first[agree], 1)
    error = np.abs(np.polyval(curve, pair.second) - pair.first)
    differs = apart & (error > max(14.0, 4 * float(np.median(error[agree]))))
    if differs.sum() < SMALLEST:
        return 0.0
    one, other = (_few_tones(grey[differs]) for grey in (pair.first, pair.second))
    return abs(one - other)


def _few_tones(values: Grey) -> float:
    """Return the share of values in the two fullest of ranges of 24 grey levels."""
    counts = np.bincount((values.clip(0, 255) / 8).astype(np.int64), minlength=32)
    top = 0
    for _ in range(2):
        sums = counts[:-2] + counts[1:-1] + counts[2:]
        best = int(sums.argmax())
        top += int(sums[best])
        counts[best : best + 3] = 0
    return top / len(values)


def _differences(first: Grey, second: Grey, known: Grey) -> tuple[float, float]:
    """Return the mean difference of luminance, 0 to 1, as it is and after the best gain and offset."""
    where = known[::2, ::2] > 0
    a, b = first[::2, ::2][where].astype(np.float64), second[::2, ::2][where].astype(np.float64)
    if len(a) < SMALLEST:
        return 1.0, 1.0
    plain = float(np.abs(a - b).mean()) / 255
    gain = float(((a - a.mean()) * (b - b.mean())).sum()) / max(1.0, float(((b - b.mean()) ** 2).sum()))
    fitted = np.abs((a - a.mean()) - gain * (b - b.mean())).mean()
    return plain, float(fitted) / 255


class _Local:
    """Local statistics of two softened pictures, every few pixels; places of which nothing is known weigh nothing."""

    def __init__(self, first: Grey, second: Grey, known: Grey) -> None:
        self._share = np.maximum(_box(known), 1e-6)
        self._known = known
        self._means = self._mean(first), self._mean(second)
        variances = [
            np.maximum(self._mean(p * p) - m * m, 0) for p, m in zip((first, second), self._means, strict=True)
        ]
        covariance = self._mean(first * second) - self._means[0] * self._means[1]
        noise = _NOISE**2
        product = (variances[0] + noise) * (variances[1] + noise)
        self._deviations = [np.sqrt(variance + noise) for variance in variances]
        self._pictures = first, second
        correlation = (covariance + noise) / np.sqrt(product)
        texture = np.clip((np.sqrt(np.maximum(*variances)) - _NOISE) / (_TEXTURED - _NOISE), 0, 1)
        weight = texture * (self._share > 0.6)
        self.full = np.asarray(np.clip(correlation, -1, 1), np.float32)
        self.correlation = self.full[::_STRIDE, ::_STRIDE]
        self.weight = weight[::_STRIDE, ::_STRIDE]

    def _mean(self, values: Grey) -> Grey:
        return np.asarray(_box(values * self._known) / self._share, np.float32)

    def displacement(self) -> tuple[float, float]:
        """Return the root mean square, and the upper tenth, of how far things lie from where they should, in pixels."""
        first, second = (
            (picture - mean) / deviation
            for picture, mean, deviation in zip(self._pictures, self._means, self._deviations, strict=True)
        )
        middle = np.asarray((first + second) / 2, np.float32)
        across, down = (_derivative(middle, axis) * self._known for axis in (1, 0))
        apart = second - first
        products = (across * across, across * down, down * down, across * apart, down * apart)
        xx, xy, yy, xt, yt = (_box(np.asarray(product, np.float32))[::_STRIDE, ::_STRIDE] for product in products)
        xx, yy = xx + 1e-3, yy + 1e-3
        determinant = np.maximum(xx * yy - xy * xy, 1e-9)
        squared = ((yy * xt - xy * yt) / determinant) ** 2 + ((xx * yt - xy * xt) / determinant) ** 2
        squared = np.minimum(squared, _FARTHEST**2)
        smaller = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy)
        weight = self.weight * np.clip(smaller / 0.01, 0, 1)  # an edge alone tells nothing along itself
        total = float(weight.sum())
        if total <= 0:
            return _FARTHEST, _FARTHEST
        order = np.argsort(squared, axis=None)
        sums = np.cumsum(weight.ravel()[order])
        far = squared.ravel()[order][min(int(np.searchsorted(sums, 0.9 * total)), squared.size - 1)]
        return math.sqrt(float((squared * weight).sum()) / total), math.sqrt(float(far))


def _box(values: Grey) -> Grey:
    return np.asarray(cv2.boxFilter(values, -1, (_WINDOW, _WINDOW), borderType=cv2.BORDER_CONSTANT), np.float32)


def _derivative(values: Grey, axis: int) -> Grey:
    kernel = np.array([[-0.5, 0, 0.5]], np.float32)
    return np.asarray(cv2.filter2D(values, -1, kernel if axis == 1 else kernel.T), np.float32)
