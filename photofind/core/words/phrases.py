"""Cutting free text into words, and the shorter forms that an inflected word may come from.

Keys are what words are compared by: lower case, without accents, with spaces for hyphens and underscores.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from photofind.core.words.stop_words import PHOTO_WORDS, STOP_WORDS

MOST_WORDS: Final = 128
"""Words of a text that are looked at; a sentence encoder reads no more than these."""

_LONGEST: Final = 4096
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "’‘ʼ"), "'")  # noqa: RUF001 - the ones that phones and texts have
_POSSESSIVE: Final = "'s"
_ENDINGS: Final = (
    ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("men", "man"), ("es", ""), ("s", ""),
)  # fmt: skip
_VERB_ENDINGS: Final = (
    ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
    ("iest", "y"), ("est", ""), ("est", "e"), ("ier", "y"), ("er", ""), ("er", "e"),
)  # fmt: skip
_SHORTEST_STEM: Final = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as typed, its key, and its place in the text."""

    text: str
    key: str
    start: int
    end: int

    @property
    def has_content(self) -> bool:
        """Whether it says something about a photo."""
        return self.key not in STOP_WORDS and self.key not in PHOTO_WORDS

    @property
    def is_written(self) -> bool:
        """Whether it has letters or digits; pictograms have none."""
        return self.text[0].isalnum()


def tidy(text: str) -> str:
    """Return a text of bounded length with single spaces, straight apostrophes and whole accented letters."""
    whole = unicodedata.normalize("NFC", text[: 4 * _LONGEST])
    return " ".join(whole.translate(_APOSTROPHES).split())[:_LONGEST]


def key_of(text: str) -> str:
    """Return what a word or phrase is compared by."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(plain.casefold().translate(_APOSTROPHES).replace("-", " ").replace("_", " ").split())


def split_words(text: str) -> list[Word]:
    """Return the words and pictograms of a tidied text; punctuation is left out."""
    words = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0].isalnum() or any(unicodedata.category(sign) == "So" for sign in word):
            words.append(Word(word, key_of(word), match.start(), match.end()))
            if len(words) == MOST_WORDS:
                break
    return words


def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that say something about a photo, in lower case, each once."""
    words = [word.text.lower() for word in split_words(tidy(text)) if word.has_content]
    return tuple(dict.fromkeys(words))


def noun_forms(key: str) -> Iterator[str]:
    """Yield a word or phrase as it is, and what it may be the plural or possessive of."""
    yield key
    bare = key.removesuffix(_POSSESSIVE).removesuffix("'")
    if bare != key:
        yield bare
    yield from _without(bare, _ENDINGS)


def word_forms(key: str) -> Iterator[str]:
    """Yield a word as it is, and the nouns, verbs and adjectives that it may be an inflection of."""
    yield from noun_forms(key)
    for stem in _without(key, _VERB_ENDINGS):
        yield stem
        if len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2]:  # "jogging", "biggest"
            yield stem[:-1]


def _without(key: str, endings: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for ending, instead in endings:
        stem = key.removesuffix(ending)
        if stem != key and len(stem) >= _SHORTEST_STEM:
            yield stem + instead
