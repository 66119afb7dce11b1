"""Arithmetic of placements: affine maps between pictures in fractions of their width and height.

A placement takes a point of one picture, ``(0, 0)`` its upper left corner and ``(1, 1)`` its lower right one, to where
the same thing is seen in another picture.
"""

from __future__ import annotations

import math
from typing import Final

from photofind.core.evidence import Placement

IDENTITY: Final[Placement] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_SMALLEST_AREA = 1e-9

_TURNS: Final[dict[int, Placement]] = {
    1: IDENTITY,
    2: (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0),
    3: (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0),
    4: (1.0, 0.0, 0.0, 0.0, -1.0, 1.0),
    5: (0.0, 1.0, 0.0, 1.0, 0.0, 0.0),
    6: (0.0, -1.0, 1.0, 1.0, 0.0, 0.0),
    7: (0.0, -1.0, 1.0, -1.0, 0.0, 1.0),
    8: (0.0, 1.0, 0.0, -1.0, 0.0, 1.0),
}


def turn(orientation: int) -> Placement:
    """Return where a picture lies in itself turned as EXIF ``orientation`` asks (CIPA DC-008, tag 0x0112)."""
    return _TURNS.get(orientation, IDENTITY)


def nearest_turn(placement: Placement) -> Placement:
    """Return which of the eight turns, as a map of the whole picture onto the whole, is most like a placement."""
    return min(_TURNS.values(), key=lambda known: math.dist(known, placement))


def area(placement: Placement) -> float:
    """Return how much of the other picture the placed one covers, as a share; more than 1 if it reaches beyond."""
    a, b, _, c, d, _ = placement
    return abs(a * d - b * c)


def is_sound(placement: Placement) -> bool:
    """Tell whether a placement is finite and leaves something of the picture, so that it has an inverse."""
    return all(math.isfinite(number) for number in placement) and area(placement) > _SMALLEST_AREA


def place(placement: Placement, x: float, y: float) -> tuple[float, float]:
    """Return where a point goes."""
    a, b, shift_x, c, d, shift_y = placement
    return a * x + b * y + shift_x, c * x + d * y + shift_y


def compose(outer: Placement, inner: Placement) -> Placement:
    """Return the placement that does ``inner`` first, then ``outer``."""
    a, b, _, c, d, _ = outer
    e, f, _, g, h, _ = inner
    x, y = place(outer, inner[2], inner[5])
    return (a * e + b * g, a * f + b * h, x, c * e + d * g, c * f + d * h, y)


def inverse(placement: Placement) -> Placement:
    """Return the placement of the other picture in this one.

    Raises
    ------
    ValueError
        When the placement is not sound.
    """
    if not is_sound(placement):
        raise ValueError("a placement that leaves nothing of the picture has no inverse")
    a, b, x, c, d, y = placement
    determinant = a * d - b * c
    a, b, c, d = d / determinant, -b / determinant, -c / determinant, a / determinant
    return (a, b, -(a * x + b * y), c, d, -(c * x + d * y))
