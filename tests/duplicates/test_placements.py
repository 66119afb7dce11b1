"""Arithmetic of placements, held against pictures that are really turned."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from photofind.core.duplicates.placements import IDENTITY, area, compose, inverse, is_sound, nearest_turn, place, turn
from photofind.core.evidence import Placement
from photofind.core.imaging.geometry import upright

CROP = (0.5, 0.0, 0.25, 0.0, 0.4, 0.1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turn_is_what_is_done_to_pixels(orientation: int) -> None:
    picture = Image.fromarray(np.arange(6 * 4, dtype=np.uint8).reshape(4, 6))
    turned = upright(picture, orientation)
    for x in range(picture.width):
        for y in range(picture.height):
            across, down = place(turn(orientation), (x + 0.5) / picture.width, (y + 0.5) / picture.height)
            spot = (math.floor(across * turned.width), math.floor(down * turned.height))
            assert turned.getpixel(spot) == picture.getpixel((x, y))


def test_composed_with_its_inverse_nothing_moves() -> None:
    slanted = compose(compose(CROP, turn(6)), (0.9, 0.1, 0.0, -0.1, 0.9, 0.05))
    assert compose(slanted, inverse(slanted)) == pytest.approx(IDENTITY, abs=1e-12)
    assert compose(inverse(slanted), slanted) == pytest.approx(IDENTITY, abs=1e-12)


def test_composing_does_the_inner_one_first() -> None:
    assert place(compose(CROP, turn(2)), 0.0, 0.0) == pytest.approx(place(CROP, 1.0, 0.0))


def test_area() -> None:
    assert area(CROP) == pytest.approx(0.2)
    assert area(inverse(CROP)) == pytest.approx(5.0)
    assert area(turn(7)) == 1.0


@pytest.mark.parametrize("placement", [(0.0,) * 6, (1.0, 1.0, 0.0, 1.0, 1.0, 0.0), (math.nan, 0.0, 0.0, 0.0, 1.0, 0.0)])
def test_what_leaves_nothing_is_not_sound(placement: Placement) -> None:
    assert not is_sound(placement)
    with pytest.raises(ValueError, match="no inverse"):
        inverse(placement)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_nearest_turn(orientation: int) -> None:
    a, b, x, c, d, y = turn(orientation)
    assert nearest_turn((a + 0.003, b - 0.002, x + 0.004, c, d + 0.003, y - 0.002)) == turn(orientation)
