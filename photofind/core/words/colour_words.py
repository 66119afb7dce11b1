"""Which colours a text names, as the eleven basic terms (Berlin and Kay 1969), and whether it means a grey photo.

"Black and white" is a kind of photo as well as a pattern of cows. It is taken for the photo when the words around it
say so ("black and white portrait of a man", "in black and white"), and for two colours when they describe a thing ("a
black and white dog").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from photofind.core.words.stop_words import PHOTO_WORDS, STOP_WORDS, word_set

BLACK_AND_WHITE: Final = "black and white"

_NAMES: Final = {
    "black": "black schwarz noir noire negro negra",
    "white": "white weiss blanc blanche blanco blanca",
    "grey": "grey gray grau gris grise",
    "red": "red crimson scarlet rot rouge rojo roja",
    "orange": "orange naranja",
    "yellow": "yellow gelb jaune amarillo amarilla",
    "green": "green grun vert verte verde",
    "blue": "blue azure blau bleu bleue azul",
    "purple": "purple violet lilac lila morado",
    "pink": "pink",
    "brown": "brown braun brun marron",
}
_GERMAN: Final = ("schwarz", "weiss", "grau", "rot", "gelb", "grun", "blau", "braun")
_ENDINGS: Final = ("e", "er", "es", "en", "em")  # ein rotes Auto

COLOURS: Final = {
    **{name: colour for colour, names in _NAMES.items() for name in names.split()},
    **{
        f"{stem}{ending}": colour
        for stem in _GERMAN
        for colour, names in _NAMES.items()
        if stem in names.split()
        for ending in _ENDINGS
    },
}
"""Keys of `splitting.key_of` to basic colours."""

_COLOURLESS: Final = word_set(
    "b&w b/w bw monochrome monochromatic greyscale grayscale schwarzweiss schwarz-weiss schwarzweissfoto"
)
_JOINED: Final = frozenset({"black-and-white", "black&white", "black/white"})
_AND: Final = frozenset({"and", "&", "n", "und", "et", "y"})
_KINDS: Final = PHOTO_WORDS | {"portrait", "portraits", "shot", "shots", "film", "still", "landscape", "scan"}
_DETERMINERS: Final = word_set("a an the one two three some small large big little this that his her my their")
_PATTERNED: Final = word_set(
    "dog dogs cat cats cow cows calf horse horses pony puppy puppies kitten kittens bird birds zebra zebras panda"
    " pandas penguin penguins goat goats sheep rabbit rabbits shirt dress suit hat jersey uniform uniforms checkered"
    " checked striped spotted stripes outfit jacket flag ball tiles tie car"
)
"""What is often black and white itself."""


def colours_of(keys: Sequence[str]) -> tuple[str, ...]:
    """Return the basic colours that the keys of a text name, in order and once each; see `BLACK_AND_WHITE` as well."""
    found: list[str] = []
    at = 0
    while at < len(keys):
        end = _end_of_pair(keys, at)
        if (end > at and _is_photo(keys, at, end)) or keys[at] in _COLOURLESS:
            found.append(BLACK_AND_WHITE)
        elif end > at:
            found += "black", "white"
        elif keys[at] in COLOURS:
            found.append(COLOURS[keys[at]])
        at = max(end, at + 1)
    return tuple(dict.fromkeys(found))


def _end_of_pair(keys: Sequence[str], at: int) -> int:
    """Return where "black and white" ends that starts here, or ``at``."""
    if keys[at] in _JOINED:
        return at + 1
    first, joint, second = (*keys[at : at + 3], "", "", "")[:3]
    if COLOURS.get(first) == "black" and joint in _AND and COLOURS.get(second) == "white":
        return at + 3
    return at


def _is_photo(keys: Sequence[str], start: int, end: int) -> bool:
    """Tell a photo in black and white from a thing of both colours, by the words before and behind."""
    before = keys[start - 1] if start else ""
    behind = keys[end] if end < len(keys) else ""
    if behind in _KINDS:
        return True
    if behind in _PATTERNED or before in COLOURS:
        return False
    ends = not behind or behind in STOP_WORDS
    if before == "in":
        return ends
    return before not in _DETERMINERS and (not before or ends)
