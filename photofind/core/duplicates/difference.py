"""How two pictures differ, pixel by pixel, when the second is laid where it belongs in the first.

::

    first, second ──shrink to the coarser of both──▶ warp into one frame, in strips ──▶ |difference of luminance|
                                                                                          │
                                                               mean, most, colours ◀──────┴──▶ heat: colours to look at

Pictures come as Qt and OpenCV keep them, blue before red, so that a photo of many megapixels is not copied to be
compared. Strips bound the memory, and between them other threads have their turn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.placements import IDENTITY, area, inverse, place
from photofind.core.evidence import Placement

Pixels = npt.NDArray[np.uint8]
"""A picture, shape (height, width, 4): blue, green, red, and a channel that does not count."""

Frame = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the first picture; it may reach beyond it."""

NEITHER, ONE, BOTH = 0, 1, 2
_STRIP_PIXELS = 500_000
_LONGEST_SIDE = 16_000
"""OpenCV's warp counts pixels in 16 bits."""

_WHITE = 255.0
ONLY_ONE: Final = (128, 128, 128)
"""The colour, RGB, of what only one of two pictures shows."""

_RAMP: Final = ((0, (0, 0, 0)), (64, (96, 12, 72)), (144, (222, 73, 35)), (216, (252, 190, 60)), (255, (255, 255, 255)))


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What :func:`difference` found.

    ``levels``, shape (height, width), dtype uint8, are absolute differences of luminance, 0 where not both pictures
    are. ``seen``, of the same shape, is :data:`NEITHER`, :data:`ONE` or :data:`BOTH`. ``mean`` and ``most`` are of the
    luminance where both are, 0 to 1; ``colour`` is the mean of the channel that differs most. ``shared`` is the share
    of the first picture that both show.
    """

    levels: npt.NDArray[np.uint8]
    seen: npt.NDArray[np.uint8]
    mean: float
    most: float
    colour: float
    shared: float


def union_frame(placement: Placement) -> Frame:
    """Return the smallest frame that holds the first picture and the second one, placed in it."""
    corners = [place(placement, x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return min(0.0, *across), min(0.0, *down), max(1.0, *across), max(1.0, *down)


def working_size(
    first: tuple[int, int], second: tuple[int, int], placement: Placement, frame: Frame, most_pixels: int
) -> tuple[int, int]:
    """Return width and height of the frame in pixels as fine as the coarser picture, but no more than ``most_pixels``.

    ``first`` and ``second`` are widths and heights of what was decoded.
    """
    coarser = min(1.0, math.sqrt(second[0] * second[1] / (area(placement) * first[0] * first[1])))
    width, height = (frame[2] - frame[0]) * first[0], (frame[3] - frame[1]) * first[1]
    scale = min(coarser, math.sqrt(most_pixels / (width * height)), _LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def difference(
    first: Pixels,
    second: Pixels,
    placement: Placement,
    frame: Frame,
    size: tuple[int, int],
    *,
    check: Callable[[], None] = lambda: None,
) -> Difference:
    """Compare two pictures in a frame of ``size`` (width, height) pixels.

    ``placement``, which must be sound, maps the second picture into the first. ``check`` is called between strips and
    may raise to end the work.
    """
    width, height = size
    levels, seen = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    one, other = _Layer(first, IDENTITY, frame, size), _Layer(second, placement, frame, size)
    total, colours, most = 0.0, 0.0, 0
    for top, bottom in _strips(width, height):
        check()
        first_there, second_there = one.covers(top, bottom), other.covers(top, bottom)
        both = first_there & second_there
        cv2.add(first_there, second_there, dst=seen[top:bottom])
        if not both.any():
            continue
        first_pixels, second_pixels = one.pixels(top, bottom), other.pixels(top, bottom)
        differing = levels[top:bottom]
        cv2.absdiff(_luminance(first_pixels), _luminance(second_pixels), dst=differing)
        cv2.multiply(differing, both, dst=differing)
        total += cv2.sumElems(differing)[0]
        most = max(most, int(differing.max()))
        by_channel = _largest_channel(np.asarray(cv2.absdiff(first_pixels, second_pixels), np.uint8))
        colours += cv2.sumElems(cv2.multiply(by_channel, both))[0]
    compared = int(np.count_nonzero(seen == BOTH))
    whole = (frame[2] - frame[0]) * (frame[3] - frame[1])
    return Difference(
        levels=levels,
        seen=seen,
        mean=total / max(1, compared) / _WHITE,
        most=most / _WHITE,
        colour=colours / max(1, compared) / _WHITE,
        shared=min(1.0, compared * whole / (width * height)),
    )


def are_identical(first: Pixels, second: Pixels) -> bool:
    """Tell whether two pictures have the same size and the same colour in every pixel."""
    if first.shape != second.shape:
        return False
    height, width = first.shape[:2]
    return all(
        np.array_equal(first[top:bottom, :, :3], second[top:bottom, :, :3]) for top, bottom in _strips(width, height)
    )


def heat(found: Difference, gain: int, *, outside: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """Return a difference as a picture to look at, shape (height, width, 3), RGB.

    Black is the same; differences, ``gain`` times as strong, glow from red over yellow to white; grey is where only one
    picture is, ``outside`` the colour where neither is.
    """
    colours = np.empty((*found.levels.shape, 3), np.uint8)
    table = _ramp(gain)
    for top, bottom in _strips(found.levels.shape[1], found.levels.shape[0]):
        strip, seen = colours[top:bottom], found.seen[top:bottom]
        np.take(table, found.levels[top:bottom], axis=0, out=strip)
        strip[seen == ONE] = ONLY_ONE
        strip[seen == NEITHER] = outside
    return colours


def ramp_colours(steps: int) -> list[tuple[int, int, int]]:
    """Return the colours of :func:`heat` from none to all, RGB, for a legend."""
    picked = _ramp(1)[np.linspace(0, 255, steps).round().astype(int)]
    return [(int(red), int(green), int(blue)) for red, green, blue in picked]


def _ramp(gain: int) -> npt.NDArray[np.uint8]:
    levels = np.minimum(np.arange(256) * gain, 255)
    stops = [level for level, _ in _RAMP]
    channels = [np.interp(levels, stops, [colour[channel] for _, colour in _RAMP]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


class _Layer:
    """One picture in the frame: which pixels of the frame it covers, and with what."""

    def __init__(self, pixels: Pixels, placement: Placement, frame: Frame, size: tuple[int, int]) -> None:
        self._size = size
        in_frame = _in_frame(placement, frame)
        self._back = inverse(in_frame)
        self._source = _shrunk(pixels, math.sqrt(area(in_frame) * size[0] * size[1]))
        height, width = self._source.shape[:2]
        a, b, x, c, d, y = in_frame
        across, down = size
        exact = np.array([[a * across / width, b * across / height], [c * down / width, d * down / height]])
        # OpenCV's whole numbers are the middles of pixels, a fraction of 0 is the edge of the first one.
        shift = np.array([x * across, y * down]) + exact @ (0.5, 0.5) - 0.5
        self._map = np.column_stack([exact, shift])

    def covers(self, top: int, bottom: int) -> npt.NDArray[np.uint8]:
        """Return 1 where the middle of a pixel lies in the picture and 0 elsewhere, for some rows of the frame."""
        width, height = self._size
        x = (np.arange(width, dtype=np.float32) + 0.5) / width
        y = (np.arange(top, bottom, dtype=np.float32) + 0.5)[:, np.newaxis] / height
        a, b, shift_x, c, d, shift_y = self._back
        corners = [place(self._back, across, down) for across in (x[0], x[-1]) for down in (y[0, 0], y[-1, 0])]
        if all(0 <= number <= 1 for corner in corners for number in corner):
            return np.ones((bottom - top, width), np.uint8)
        across, down = a * x + b * y + shift_x, c * x + d * y + shift_y
        return ((across >= 0) & (across <= 1) & (down >= 0) & (down <= 1)).astype(np.uint8)

    def pixels(self, top: int, bottom: int) -> Pixels:
        """Return some rows of the frame; where the picture is not, its edge goes on."""
        moved = self._map.copy()
        moved[1, 2] -= top
        warped = cv2.warpAffine(
            self._source,
            moved,
            (self._size[0], bottom - top),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(warped, np.uint8)


def _in_frame(placement: Placement, frame: Frame) -> Placement:
    """Return a placement in the first picture as one in fractions of the frame."""
    left, top, right, bottom = frame
    a, b, x, c, d, y = placement
    width, height = right - left, bottom - top
    return (a / width, b / width, (x - left) / width, c / height, d / height, (y - top) / height)


def _shrunk(pixels: Pixels, side: float) -> Pixels:
    """Return a picture with no more pixels than a square of ``side``: warping alone would leave pixels out."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / math.sqrt(width * height), _LONGEST_SIDE / max(width, height))
    wanted = (max(1, round(width * scale)), max(1, round(height * scale)))
    if wanted == (width, height):
        return pixels
    return np.asarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA), np.uint8)


def _luminance(pixels: Pixels) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY), np.uint8)


def _largest_channel(pixels: Pixels) -> npt.NDArray[np.uint8]:
    blue, green, red = (cv2.extractChannel(pixels, number) for number in range(3))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def _strips(width: int, height: int) -> Iterator[tuple[int, int]]:
    step = max(1, _STRIP_PIXELS // max(1, width))
    for top in range(0, height, step):
        yield top, min(height, top + step)
