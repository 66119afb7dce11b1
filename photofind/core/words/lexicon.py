"""The words of the bank: which phrases of a text name things, and which words are words at all."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.words.phrases import Word, noun_forms, word_forms

LONGEST_PHRASE: Final = 5
"""Words of the longest phrase that is looked up."""

_SHORTEST_PART: Final = 4  # of a compound; with shorter ones noise would often be one
_LONGEST_PART: Final = 20

Classes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Neighbouring words that belong together.

    ``label`` is what the lexicon calls them, empty for a word that it does not have; ``classes`` are the classes that
    are such things, maybe none.
    """

    words: tuple[Word, ...]
    label: str
    classes: Classes


class Lexicon:
    """Phrases with their classes, and the vocabulary of the language.

    Parameters
    ----------
    phrases
        Class numbers by the key of a phrase; a phrase without classes is one that is known for what it looks like.
    plurals
        Singulars by the key of a plural that no rule makes.
    vocabulary
        Every known word in ascending order of its UTF-8 bytes, each between line breaks: searched where it is, it
        takes a tenth of the memory of a set.
    """

    def __init__(self, phrases: Mapping[str, Classes], plurals: Mapping[str, str], vocabulary: bytes) -> None:
        self._phrases = phrases
        self._plurals = plurals
        self._vocabulary = vocabulary

    def phrases(self, words: Sequence[Word]) -> list[Phrase]:
        """Return the phrases and single words with content in order; of phrases that overlap, the first and longest."""
        found: list[Phrase] = []
        at = 0
        while at < len(words):
            phrase = self._phrase_at(words, at)
            if phrase is None:
                at += 1
            else:
                found.append(phrase)
                at += len(phrase.words)
        return found

    def knows(self, word: Word) -> bool:
        """Tell whether the language has such a word, or two that it is put together from: "kiwifruit", "treehouse"."""
        key = word.key
        if self._has_form(key):
            return True
        middles = range(_SHORTEST_PART, min(len(key) - _SHORTEST_PART, _LONGEST_PART) + 1)
        return any(self._has(key[:middle]) and self._has_form(key[middle:]) for middle in middles)

    def _has_form(self, key: str) -> bool:
        return any(map(self._has, word_forms(key)))

    def _has(self, key: str) -> bool:
        word = key.encode("utf-8", "replace")
        place = bisect_left(range(len(self._vocabulary) - 1), word, key=self._word_at)
        return self._word_at(place) == word

    def _word_at(self, place: int) -> bytes:
        """Return the word that a place in the vocabulary belongs to, with the line break before it."""
        start = self._vocabulary.rfind(b"\n", 0, place + 1) + 1
        return self._vocabulary[start : self._vocabulary.find(b"\n", start)]

    def _phrase_at(self, words: Sequence[Word], at: int) -> Phrase | None:
        """Return the longest phrase from here on, a word of its own, or None for one without content."""
        for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
            part = tuple(words[at : at + length])
            if length == 1 and not part[0].has_content:
                return None
            for form in noun_forms(" ".join(word.key for word in part)):
                label = self._plurals.get(form, form)
                if label in self._phrases:
                    return Phrase(part, label, self._phrases[label])
        return Phrase((words[at],), "", np.empty(0, np.int64))


def count_content(phrases: Sequence[Phrase]) -> int:
    """Return how many words of phrases have content, at least 1 for each phrase."""
    return sum(max(1, sum(word.has_content for word in phrase.words)) for phrase in phrases)
