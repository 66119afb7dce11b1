from __future__ import annotations

import pytest

from photofind.core.words.colour_words import COLOURS, colours_of
from photofind.core.words.splitting import clean, split


def colours(text: str) -> tuple[str, ...]:
    return colours_of([token.key for token in split(clean(text))])


def test_there_are_eleven_colours() -> None:
    assert len(set(COLOURS.values())) == 11
    for name in COLOURS.values():
        assert colours(name) == (name,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red car under a blue sky, red again", ("red", "blue")),
        ("Gray or GREY violet.", ("grey", "purple")),
        ("ein rotes Auto und grüner Wald", ("red", "green")),
        ("une voiture bleue", ("blue",)),
        ("redwood, blackboard, greenhouse", ()),
        ('"red dwarf"', ()),
        ("", ()),
    ],
)
def test_the_colours_that_a_text_names(text: str, expected: tuple[str, ...]) -> None:
    assert colours(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "black and white",
        "black and white photo of a dog",
        "a black and white portrait",
        "old house in black and white",
        "street, black-and-white",
        "b&w street",
        "monochrome",
        "grayscale sea",
        "Schwarzweiß",
        "noir et blanc",
        "black & white beach",
        "in black and white of a city",
        "Black and white street at night",
    ],
)
def test_a_photo_in_black_and_white(text: str) -> None:
    assert colours(text) == ("black and white",)


@pytest.mark.parametrize(
    "text",
    ["a black and white dog", "black and white cows", "man in black and white shirt", "two black-and-white cats"],
)
def test_a_thing_in_black_and_white(text: str) -> None:
    assert colours(text) == ("black", "white")
