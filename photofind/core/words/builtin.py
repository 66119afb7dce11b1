"""Words for the bundled pack, which has no text network: a sentence encoder and the concept bank take its place.

::

    text ─▶ words ─▶ phrases of the lexicon ─▶ concepts: classes whose share in a photo can be asked for
                │
                └─▶ known words ─▶ sentence encoder ─▶ bank: the vector of photos that such texts describe

Words that no dictionary has and that resemble no text of the bank are left out and told to the user: a vector made of
them would be noise that looks like an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.errors import PackError
from photofind.core.words.bank import Bank, BankDescription, bundled_folder, read_description
from photofind.core.words.lexicon import Phrase, count_content
from photofind.core.words.meaning import Concept, Meaning
from photofind.core.words.phrases import Word, split_words, tidy
from photofind.core.words.sentence import SentenceEncoder

Floats = npt.NDArray[np.float32]

MOST_PROBES: Final = 4

_REMEMBERED: Final = 16
_MOST_GUESSES: Final = 3  # each takes some 6 ms
_GUESSES_REMEMBERED: Final = 256
_ROUNDS: Final = 4


class BuiltInWords:
    """Reads English texts for the photos of the bundled pack; implements ``WordsEncoder``.

    Opening takes some 0.4 s, so keep it.

    Parameters
    ----------
    description
        Which bank; the one that comes with the program if left out.
    threads
        Processor threads for one text.

    Raises
    ------
    PackError
        A file is missing or damaged, or bank and sentence encoder do not belong together.
    """

    def __init__(self, description: BankDescription | None = None, *, threads: int = 1) -> None:
        self._description = description or read_description(bundled_folder())
        self._encoder = SentenceEncoder(threads=threads)
        if self._encoder.key != self._description.sentence_key:
            raise PackError(f"{self._description.path} was made for another sentence encoder; install photofind again.")
        self._bank = Bank(self._description)
        self._read = lru_cache(_REMEMBERED)(self._read_anew)
        self._is_similar = lru_cache(_GUESSES_REMEMBERED)(self._guess)

    def read(self, text: str) -> Meaning:
        """Return what a text means; any text will do, and an odd one means nothing."""
        return self._read(tidy(text))

    def masses(self, rows: Floats, concepts: Sequence[Concept]) -> Floats:
        """Return how surely each photo shows each concept; see ``WordsEncoder.masses``."""
        masses = np.zeros((len(rows), len(concepts)), np.float32)
        if masses.size:
            shares = self._bank.shares(np.ascontiguousarray(rows, np.float32))
            for column, concept in enumerate(concepts):
                masses[:, column] = shares[:, concept.classes].sum(axis=1)
        return np.minimum(masses, 1)

    def probes(self, concept: Concept) -> Floats:
        """Return the unit vectors near which photos of a concept lie; see ``WordsEncoder.probes``."""
        return cluster(self._bank.prototypes()[concept.classes], MOST_PROBES)

    def _read_anew(self, text: str) -> Meaning:
        phrases = self._bank.lexicon.phrases(split_words(text))
        unknown = self._unknown_words(phrases)
        known = [phrase for phrase in phrases if phrase.words[0] not in unknown]
        missing = tuple(dict.fromkeys(word.text for word in unknown))
        if not known:
            return Meaning(None, (), 0.0, (), missing)
        named = [phrase for phrase in known if phrase.classes.size]
        concepts = {phrase.label: Concept(phrase.label, phrase.classes) for phrase in named}
        sentence = self._encoder.encode(_leave_out(text, unknown))
        return Meaning(
            vector=self._bank.imagine(self._bank.resemblance(sentence)),
            concepts=tuple(concepts.values()),
            coverage=count_content(named) / count_content(known),
            understood=tuple(dict.fromkeys(phrase.label or phrase.words[0].text.lower() for phrase in known)),
            unknown=missing,
        )

    def _unknown_words(self, phrases: Sequence[Phrase]) -> tuple[Word, ...]:
        """Return the words that are in no dictionary and look like nothing that the bank knows."""
        strange = [phrase.words[0] for phrase in phrases if not phrase.label]
        strange = [word for word in strange if not (word.is_written and self._bank.lexicon.knows(word))]
        guesses = tuple(dict.fromkeys(word.key for word in strange if word.is_written))[:_MOST_GUESSES]
        similar = {guess for guess in guesses if self._is_similar(guess)}
        return tuple(word for word in strange if word.key not in similar)

    def _guess(self, word: str) -> bool:
        """Tell whether a word that no dictionary has means something all the same."""
        if not self._encoder.can_read(word):
            return False
        return self._bank.is_like_a_name(word, self._bank.resemblance(self._encoder.encode(word)))


def open_built_in(key: str, *, threads: int = 1) -> BuiltInWords | None:
    """Open the words that come with the program, or return None when they do not fit this vector space."""
    description = read_description(bundled_folder())
    return BuiltInWords(description, threads=threads) if key in description.pack_keys else None


def cluster(rows: Floats, most: int) -> Floats:
    """Return at most so many unit vectors that between them are near to all rows; rows are unit, shape (n, d)."""
    if len(rows) <= most:
        return rows
    centres = _spread(rows, most)
    for _ in range(_ROUNDS):
        nearest = np.einsum("id,jd->ij", rows, centres).argmax(axis=1)
        groups = [rows[nearest == number] for number in range(len(centres))]
        sums = np.stack([group.sum(axis=0) for group in groups if len(group)])
        centres = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return centres


def _spread(rows: Floats, most: int) -> Floats:
    """Return rows that are far from one another, starting with the one nearest to the middle."""
    chosen = [int(np.einsum("id,d->i", rows, rows.mean(axis=0)).argmax())]
    nearness = np.einsum("id,d->i", rows, rows[chosen[0]])
    while len(chosen) < most:
        chosen.append(int(nearness.argmin()))
        nearness = np.maximum(nearness, np.einsum("id,d->i", rows, rows[chosen[-1]]))
    return rows[chosen]


def _leave_out(text: str, words: Sequence[Word]) -> str:
    """Return a text without some of its words."""
    for word in sorted(words, key=lambda word: word.start, reverse=True):
        text = f"{text[: word.start]} {text[word.end :]}"
    return text
