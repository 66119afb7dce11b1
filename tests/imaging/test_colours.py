from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage
from PIL import Image, ImageDraw, ImageOps

from photofind.core.imaging.colours import COLOURS, MONOCHROME, ColourFacts, colour_facts


def flat(colour: str | tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (40, 30), colour)


def strongest(image: Image.Image) -> str:
    return COLOURS[int(np.argmax(colour_facts(image).shares))]


@pytest.mark.parametrize(
    ("colour", "names"),
    [
        ("black", "black"),
        ("white", "white snow ghostwhite"),
        ("grey", "grey dimgrey silver darkgrey"),
        ("red", "red darkred crimson firebrick tomato"),
        ("orange", "orange darkorange"),
        ("yellow", "yellow gold khaki"),
        ("green", "green lime darkgreen olivedrab forestgreen darkseagreen olive"),
        ("blue", "blue navy royalblue skyblue lightblue steelblue lightsteelblue"),
        ("purple", "purple indigo violet plum magenta"),
        ("pink", "pink lightpink hotpink deeppink"),
        ("brown", "saddlebrown sienna chocolate tan"),
    ],
)
def test_colours_are_called_what_people_call_them(colour: str, names: str) -> None:
    for name in names.split():
        facts = colour_facts(flat(name))
        assert facts.shares[COLOURS.index(colour)] == 1.0, name


def test_pale_sky_and_dull_grass_keep_their_colour() -> None:
    assert strongest(flat((200, 215, 230))) == "blue"
    assert strongest(flat((180, 205, 230))) == "blue"
    assert strongest(flat((106, 122, 74))) == "green"
    assert strongest(flat((150, 160, 100))) == "green"


def test_shares_are_of_the_area() -> None:
    image = flat("white").resize((800, 400))
    ImageDraw.Draw(image).rectangle((0, 0, 199, 399), fill="red")
    facts = colour_facts(image)
    assert facts.shares[COLOURS.index("red")] == pytest.approx(0.25, abs=0.01)
    assert facts.shares[COLOURS.index("white")] == pytest.approx(0.75, abs=0.01)
    assert sum(facts.shares) == pytest.approx(1.0)


def test_packing() -> None:
    packed = ColourFacts((0.0, 1.0, 0.5, *[0.0] * 8), is_monochrome=True).packed()
    assert len(packed) == len(COLOURS) + 1 == 12
    assert list(packed[:3]) == [0, 255, 128]
    assert packed[MONOCHROME] == 255
    assert colour_facts(flat("red")).packed()[MONOCHROME] == 0


def test_the_smallest_and_longest_pictures() -> None:
    assert strongest(flat("red").resize((1, 1))) == "red"
    assert strongest(flat("red").resize((3000, 1))) == "red"


def test_black_and_white_is_told_from_colour() -> None:
    photo = Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png").convert("RGB")
    grey = photo.convert("L")
    assert not colour_facts(photo).is_monochrome
    assert colour_facts(grey.convert("RGB")).is_monochrome
    sepia = ImageOps.colorize(grey, black=(20, 12, 4), white=(250, 236, 208), mid=(140, 108, 76))
    assert colour_facts(sepia).is_monochrome
    blue = ImageOps.colorize(grey, black=(0, 0, 40), white=(200, 220, 255), mid=(60, 100, 180))
    assert not colour_facts(blue).is_monochrome
    spot = grey.convert("RGB")
    ImageDraw.Draw(spot).ellipse((100, 100, 160, 160), fill="red")
    assert not colour_facts(spot).is_monochrome
    assert not colour_facts(flat("tan")).is_monochrome  # a wall is no old print
