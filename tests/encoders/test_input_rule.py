"""From photo to pixels: the four modes, and shapes at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from photofind.core.encoders.input_rule import InputRule, Mode

AREA = InputRule("area", side=320, multiple=32, shortest=96, longest=1024, resampling="lanczos")


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        ((4000, 3000), (384, 288)),
        ((3000, 4000), (288, 384)),
        ((320, 320), (320, 320)),
        ((1, 1), (320, 320)),
        ((1920, 1080), (416, 256)),
        ((6000, 40), (1024, 96)),
        ((1, 6000), (96, 1024)),
        ((100_000, 1), (1024, 96)),
    ],
)
def test_area_keeps_aspect_and_bounds(photo: tuple[int, int], expected: tuple[int, int]) -> None:
    assert AREA.size(*photo) == expected


def test_area_costs_about_the_same_for_every_shape() -> None:
    for width in range(100, 3000, 37):
        fitted = AREA.size(width, 700)
        assert all(side % 32 == 0 for side in fitted)
        assert 0.75 < fitted[0] * fitted[1] / 320**2 < 1.3


@pytest.mark.parametrize("mode", ["area", "crop", "squash", "pad"])
def test_pixels_are_rgb_bytes_in_rows(mode: Mode) -> None:
    rule = AREA if mode == "area" else InputRule(mode, 64)
    pixels = rule.apply(Image.new("RGB", (640, 480), (1, 2, 3)))
    width, height = rule.size(640, 480)
    assert pixels.shape == (1, height, width, 3)
    assert pixels.dtype == np.uint8
    assert tuple(pixels[0, height // 2, width // 2]) == (1, 2, 3)


def striped() -> Image.Image:
    """Red, green and blue thirds from left to right, 300 by 100."""
    image = Image.new("RGB", (300, 100))
    for number, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)]):
        image.paste(colour, (number * 100, 0, number * 100 + 100, 100))
    return image


def test_crop_takes_the_centre_square() -> None:
    pixels = InputRule("crop", 50).apply(striped())[0]
    # The filter reaches a little beyond the square.
    assert (pixels[:, 3:-3] == (0, 255, 0)).all()


def test_squash_takes_everything() -> None:
    pixels = InputRule("squash", 60).apply(striped())[0]
    assert tuple(pixels[30, 5]) == (255, 0, 0)
    assert tuple(pixels[30, 30]) == (0, 255, 0)
    assert tuple(pixels[30, 55]) == (0, 0, 255)


def test_pad_takes_everything_undistorted() -> None:
    pixels = InputRule("pad", 60).apply(striped())[0]
    assert (pixels[:20] == 128).all()
    assert (pixels[-20:] == 128).all()
    assert tuple(pixels[30, 5]) == (255, 0, 0)
    assert tuple(pixels[30, 55]) == (0, 0, 255)


@pytest.mark.parametrize("mode", ["crop", "squash", "pad"])
@pytest.mark.parametrize("photo", [(1, 1), (1, 6000), (6000, 1), (3, 2)])
def test_squares_of_extreme_photos(mode: Mode, photo: tuple[int, int]) -> None:
    rule = InputRule(mode, 64)
    assert rule.apply(Image.new("RGB", photo, (9, 9, 9))).shape == (1, 64, 64, 3)


def test_identities_differ() -> None:
    rules = [AREA, InputRule("crop", 320), InputRule("pad", 320), InputRule("pad", 320, resampling="bilinear")]
    assert len({rule.identity for rule in rules}) == len(rules)
