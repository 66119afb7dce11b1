"""Reading WordNet 3.0: what nouns mean, which meaning is the usual one, and which words there are at all.

The files are those of Debian's ``wordnet-base`` or of WordNet's own ``dict`` folder; their format is described in
wndb(5) and cntlist(5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_KINDS: Final = ("noun", "verb", "adj", "adv")
_OFTEN: Final = 5
_FIRST_EXAMPLE: Final = '; "'
_KINDS_OF: Final = ("@", "@i")  # pointers to what a thing is a kind of, or an instance of


@dataclass(frozen=True, slots=True)
class Synset:
    """One meaning: the words for it, usual ones first, what it is, and of what it is a kind."""

    lemmas: tuple[str, ...]
    gloss: str
    parents: tuple[str, ...]


class WordNet:
    """The nouns of WordNet by their offset, which is also the number in the name of an ImageNet class."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.synsets = dict(self._read_nouns())
        self._senses = dict(self._read_senses())
        self._counts: dict[tuple[str, int], int] = {}
        self._seen: dict[str, Counter[str]] = {}
        self._read_counts()

    def ancestors(self, offset: str) -> set[str]:
        """Return everything that a synset is a kind of, at any distance."""
        found: set[str] = set()
        waiting = [offset]
        while waiting:
            fresh = set(self.synsets[waiting.pop()].parents) - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def usage(self, lemma: str) -> dict[str, int]:
        """Return how often a noun was seen in each of its meanings, by offset, in texts that people annotated."""
        word = lemma.lower().replace(" ", "_")
        return {
            offset: self._counts.get((word, number), 0) for number, offset in enumerate(self._senses.get(word, ()), 1)
        }

    def is_adjective(self, word: str) -> bool:
        """Tell whether a word was seen much more often as an adjective than as a noun: "good", "safe", "solid"."""
        seen = self._seen.get(word.lower(), Counter())
        adjective = seen.get("3", 0) + seen.get("5", 0)
        return adjective >= _OFTEN and adjective > 2 * seen.get("1", 0)

    def irregular_nouns(self) -> Iterator[tuple[str, str]]:
        """Yield plurals that no rule makes, each with its singular."""
        for line in self._lines("noun.exc"):
            plural, *singulars = line.split()
            for singular in singulars:
                yield plural.replace("_", " "), singular.replace("_", " ")

    def words(self) -> set[str]:
        """Return every single word in lower case, with the inflections that no rule makes."""
        lines = [line for kind in _KINDS for name in (f"index.{kind}", f"{kind}.exc") for line in self._lines(name)]
        return {word for line in lines if "_" not in (word := line.partition(" ")[0])}

    def _lines(self, name: str) -> Iterator[str]:
        with (self._folder / name).open(encoding="latin-1") as file:
            # The licence stands above the data, indented.
            yield from (line.rstrip("\n") for line in file if not line.startswith(" "))

    def _read_nouns(self) -> Iterator[tuple[str, Synset]]:
        for line in self._lines("data.noun"):
            head, _, gloss = line.partition(" | ")
            fields = head.split()
            after = 4 + 2 * int(fields[3], 16)
            lemmas = tuple(field.replace("_", " ") for field in fields[4:after:2])
            pointers = zip(fields[after + 1 :: 4], fields[after + 2 :: 4], strict=False)
            parents = tuple(target for symbol, target in pointers if symbol in _KINDS_OF)
            yield fields[0], Synset(lemmas, gloss.strip().partition(_FIRST_EXAMPLE)[0], parents)

    def _read_senses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for line in self._lines("index.noun"):
            fields = line.split()
            yield fields[0], tuple(fields[-int(fields[2]) :])

    def _read_counts(self) -> None:
        for line in self._lines("cntlist.rev"):
            key, number, count = line.split()
            word, _, sense = key.partition("%")
            kind = sense[0]  # 1 noun, 2 verb, 3 and 5 adjective, 4 adverb
            self._seen.setdefault(word, Counter())[kind] += int(count)
            if kind == "1":
                self._counts[word, int(number)] = int(count)
