"""The difference of two pictures, of which the test knows where they belong together."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from photofind.core.duplicates import difference as module
from photofind.core.duplicates.difference import (
    BOTH,
    NEITHER,
    ONE,
    ONLY_ONE,
    Difference,
    Pixels,
    are_identical,
    difference,
    heat,
    union_frame,
    working_size,
)
from photofind.core.duplicates.placements import IDENTITY, compose, turn
from photofind.core.evidence import Placement
from photofind.core.imaging.geometry import upright
from tests.support.photos import picture

MOST = 1_000_000


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return picture(2).resize((420, 300), Image.Resampling.LANCZOS)


def pixels(image: Image.Image) -> Pixels:
    bgrx = np.zeros((image.height, image.width, 4), np.uint8)
    bgrx[:, :, :3] = np.asarray(image.convert("RGB"))[:, :, ::-1]
    return bgrx


def compared(first: Image.Image, second: Image.Image, placement: Placement, most: int = MOST) -> Difference:
    frame = union_frame(placement)
    size = working_size(first.size, second.size, placement, frame, most)
    return difference(pixels(first), pixels(second), placement, frame, size)


def test_the_same_pixels(photo: Image.Image) -> None:
    found = compared(photo, photo, IDENTITY)
    assert (found.mean, found.most, found.colour, found.shared) == (0, 0, 0, 1)
    assert found.levels.shape == (300, 420)
    assert (found.seen == BOTH).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_copy_lies_on_its_original(photo: Image.Image, orientation: int) -> None:
    back = {6: 8, 8: 6}.get(orientation, orientation)
    found = compared(photo, upright(photo, back), turn(orientation))
    assert found.levels.shape == (300, 420)
    assert found.most == 0


def test_a_mirrored_crop_of_half_the_size_lies_on_its_original(photo: Image.Image) -> None:
    part = ImageOps.mirror(photo.crop((100, 60, 380, 260)))
    inside = (280 / 420, 0.0, 100 / 420, 0.0, 200 / 300, 60 / 300)
    placement = compose(inside, turn(2))
    exact = compared(photo, part, placement)
    assert exact.most <= 0.01
    assert exact.shared == pytest.approx(280 * 200 / (420 * 300), abs=0.01)
    half = compared(photo, part.resize((140, 100), Image.Resampling.BOX), placement)
    assert half.levels.shape == (150, 210)  # as fine as the coarser one
    assert half.mean < 0.01
    astray = compared(photo, part, inside)
    assert astray.mean > 10 * exact.mean + 0.05


def test_what_only_one_shows_is_told_apart(photo: Image.Image) -> None:
    placement = (1.0, 0.0, 0.5, 0.0, 1.0, 0.5)  # half of it beyond the right and the lower edge
    found = compared(photo, photo, placement)
    assert found.levels.shape == (450, 630)
    assert found.shared == pytest.approx(0.25, abs=0.01)
    assert found.seen[100, 100] == ONE
    assert found.seen[400, 600] == ONE
    assert found.seen[200, 300] == BOTH
    assert found.seen[50, 600] == NEITHER
    assert found.levels[found.seen != BOTH].max() == 0


def test_the_numbers_are_of_luminance_and_of_colours() -> None:
    black, dark, blue = (Image.new("RGB", (40, 30), colour) for colour in ("black", (51, 51, 51), (0, 0, 102)))
    brighter = compared(black, dark, IDENTITY)
    assert (brighter.mean, brighter.most, brighter.colour) == pytest.approx((0.2, 0.2, 0.2))
    coloured = compared(black, blue, IDENTITY)
    assert coloured.colour == pytest.approx(0.4)
    assert coloured.mean < 0.06


def test_nothing_in_common(photo: Image.Image) -> None:
    found = compared(photo, photo, (1.0, 0.0, 2.0, 0.0, 1.0, 0.0))
    assert (found.shared, found.mean, found.most) == (0, 0, 0)


def test_strips_make_no_seams(photo: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    slanted = (0.9, 0.1, 0.05, -0.1, 0.95, 0.08)
    other = ImageOps.autocontrast(photo, cutoff=5)
    whole = compared(photo, other, slanted)
    monkeypatch.setattr(module, "_STRIP_PIXELS", 3000)
    strips = compared(photo, other, slanted)
    assert np.array_equal(whole.seen, strips.seen)
    assert np.abs(whole.levels.astype(int) - strips.levels).max() <= 2  # a warp counts in 32nds of a pixel
    assert whole.mean == pytest.approx(strips.mean, rel=1e-3)


def test_no_more_pixels_than_asked_for(photo: Image.Image) -> None:
    found = compared(photo, photo, IDENTITY, most=30_000)
    assert 25_000 < found.levels.size <= 31_000
    assert found.most == 0


def test_it_can_be_given_up(photo: Image.Image) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        difference(pixels(photo), pixels(photo), IDENTITY, (0.0, 0.0, 1.0, 1.0), (420, 300), check=stop)


def test_identical_means_every_pixel(photo: Image.Image) -> None:
    one, other = pixels(photo), pixels(photo)
    other[:, :, 3] = 255  # the channel that does not count
    assert are_identical(one, other)
    other[299, 419, 0] ^= 1
    assert not are_identical(one, other)
    assert not are_identical(one, one[:-1])


def test_heat_shows_differences_so_many_times_as_strong() -> None:
    levels = np.array([[0, 4, 16, 255]], np.uint8)
    seen = np.array([[BOTH, BOTH, ONE, NEITHER]], np.uint8)
    found = Difference(levels, seen, 0, 0, 0, 1)
    weak, strong = (heat(found, gain, outside=(1, 2, 3)) for gain in (1, 16))
    assert weak.shape == (1, 4, 3)
    for colours in (weak, strong):
        assert colours[0, 0].tolist() == [0, 0, 0]
        assert colours[0, 2].tolist() == list(ONLY_ONE)
        assert colours[0, 3].tolist() == [1, 2, 3]
    assert strong[0, 1].sum() > 5 * weak[0, 1].sum() > 0
    assert (
        heat(Difference(levels, np.full_like(seen, BOTH), 0, 0, 0, 1), 1, outside=(0, 0, 0))[0, 3].tolist() == [255] * 3
    )
