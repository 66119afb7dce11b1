"""What the bank knows by name: the classes of the image classifier, their WordNet ancestors, and words for them.

A concept is a synset with the classes that are kinds of it. A word may mean several concepts, of which those count
that people usually mean.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models.words_wordnet import WordNet
from photofind.core.words.phrases import key_of

Floats = npt.NDArray[np.float32]

FOLDER: Final = Path(__file__).parent / "words"
MOST_CLASSES: Final = 300  # what has more is no thing that one looks for: "artifact", "organism"
_PHYSICAL: Final = "00001930"  # "physical entity": nothing else is in a photo
_USUAL: Final = 0.25  # of the annotated uses of the word's most usual physical meaning
_NUMBER: Final = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Captioned:
    """What was written about one photo."""

    captions: tuple[str, ...]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Concepts:
    """Synsets by row; ``members`` is 1 where a class is a kind of the synset, shape (concepts, classes)."""

    offsets: tuple[str, ...]
    names: tuple[str, ...]
    glosses: tuple[str, ...]
    members: Floats


def read_captions() -> dict[str, Captioned]:
    """Return captions and tags by the name of the photo."""
    photos = {}
    for line in (FOLDER / "captions.txt").read_text(encoding="utf-8").splitlines():
        number, *captions, tags = line.split("|")
        photos[f"{number}.jpg"] = Captioned(tuple(captions), frozenset(tags.split(",")))
    return photos


def read_synonyms() -> dict[str, tuple[str, ...]]:
    """Return other words for tags."""
    lines = (FOLDER / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if not line.startswith("#")]
    return {tag: tuple(others.split(", ")) for tag, others in pairs}


def read_classes() -> list[str]:
    """Return the synset of each class, in the order of the classifier's rows."""
    lines = (FOLDER / "classes.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if _NUMBER.fullmatch(line)]


def find_concepts(wordnet: WordNet, classes: list[str]) -> Concepts:
    """Return the classes and everything they are kinds of, as long as it has at most 300 classes."""
    rows: dict[str, list[int]] = {}
    for number, offset in enumerate(classes):
        for kind in sorted(wordnet.ancestors(offset) | {offset}):
            rows.setdefault(kind, []).append(number)
    kept = {kind: numbers for kind, numbers in rows.items() if len(numbers) <= MOST_CLASSES}
    members = np.zeros((len(kept), len(classes)), np.float32)
    for row, numbers in enumerate(kept.values()):
        members[row, numbers] = 1
    synsets = [wordnet.synsets[kind] for kind in kept]
    return Concepts(
        tuple(kept), tuple(synset.lemmas[0] for synset in synsets), tuple(synset.gloss for synset in synsets), members
    )


def find_words(wordnet: WordNet, concepts: Concepts) -> dict[str, set[int]]:
    """Return the rows of the concepts that each word usually means, by the word's key."""
    words: dict[str, set[int]] = {}
    for row, offset in enumerate(concepts.offsets):
        for lemma in wordnet.synsets[offset].lemmas:
            if _is_usual(wordnet, lemma, offset) and not wordnet.is_adjective(lemma):
                words.setdefault(key_of(lemma), set()).add(row)
    return words


def find_plurals(wordnet: WordNet, words: Collection[str]) -> dict[str, str]:
    """Return the plurals that no rule makes, each with its singular, of these words."""
    pairs = [(key_of(plural), key_of(singular)) for plural, singular in wordnet.irregular_nouns()]
    return {plural: singular for plural, singular in sorted(pairs) if singular in words and plural not in words}


def classes_of(rows: Collection[int], concepts: Concepts) -> npt.NDArray[np.int64]:
    """Return the classes that are kinds of any of the concepts in these rows, ascending."""
    found: npt.NDArray[np.int64] = np.flatnonzero(concepts.members[sorted(rows)].any(axis=0))
    return found


def shadow(words: Mapping[str, set[int]], shadowing: Collection[str]) -> dict[str, set[int]]:
    """Return the words without the concepts that the shadowing ones name."""
    hidden = {row for word in shadowing for row in words.get(word, ())}
    left = {word: rows - hidden for word, rows in words.items()}
    return {word: rows for word, rows in left.items() if rows}


def _is_usual(wordnet: WordNet, lemma: str, offset: str) -> bool:
    """Tell whether a word is used for this meaning not much less than for the other things it can mean."""
    usage = wordnet.usage(lemma)
    physical = [count for other, count in usage.items() if _PHYSICAL in wordnet.ancestors(other)]
    return usage[offset] + 1 >= _USUAL * (max(physical, default=0) + 1)
