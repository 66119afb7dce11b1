"""All terms of a query become one rule by which photos are scored.

Vectors are added, each with its weight: images that are alike in one thing meet in it. Where images and words come
together, each vector is first divided by how widely its scores scatter over the library, because one encoder's scores
may lie between 0.2 and 0.3 where another's lie between 0 and 1. What words know beyond a direction is added to the
score: how surely a photo shows a named thing, how much it has of a named colour, and what its name, folder or date say.

A term below 0 takes half of what it would give: an image that is not wanted shares most of what it shows with any other
image, so that the whole of it would turn the query away from pictures at all (Rocchio's rule uses less as well).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from photofind.core.errors import QueryError
from photofind.core.imaging.colours import COLOURS, MONOCHROME
from photofind.core.records import Embedding
from photofind.core.searching.texts import Said, TextPart
from photofind.core.vectors.relevance import upper_spread
from photofind.core.vectors.snapshot import scores_of
from photofind.core.words.colour_words import BLACK_AND_WHITE, colours_of
from photofind.core.words.meaning import Concept

NEGATIVE = 0.5
CONCEPT_WORTH = 0.5
"""What a photo gains that surely shows all the named things which a text consists of; chosen on the evaluation set."""
LEAST_MASS = 1e-3
COLOUR_WORTH = 2.0
"""In spreads, for a photo that is all of one colour."""
MONOCHROME_WORTH = 6.0
EXPANSION = 10
EXPANSION_POWER = 3.0
_SHOWN_WORDS = 5
_SHORTEST = 1e-6
_LEAST_SPREAD = 0.01
_USUAL_SPREAD = 0.1
_FEW = 25
"""Photos: a spread that is seen in so few is believed only half."""

Vectors = Sequence[tuple[Embedding, float]]


@dataclass(frozen=True, slots=True)
class Wish:
    """A named thing, and what a photo that surely shows it gains."""

    concept: Concept
    worth: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a text without named things means: the direction tells of a photo whether it looks like that."""

    label: str
    vector: Embedding


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """How photos are scored: by a direction, named things, colours, and what they say of themselves.

    ``vector`` is None when nothing but names and dates is asked for. ``total`` is what the best possible photo would
    score, by which scores are divided, so that 1 remains the highest. ``leading`` are the colours that find photos by
    themselves, see `_leading`. ``looks`` are in the vector already; they are kept to say of a hit why it is there.
    """

    vector: Embedding | None
    wishes: tuple[Wish, ...] = ()
    colours: tuple[tuple[str, float], ...] = ()
    leading: frozenset[str] = frozenset()
    said: tuple[tuple[Said, float], ...] = ()
    looks: tuple[Look, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the score is the cosine similarity with the vector and nothing else."""
        return self.vector is not None and not (self.wishes or self.colours or self.said)

    @property
    def is_said_only(self) -> bool:
        """Whether only what photos say of themselves counts, and nothing that they look like."""
        return self.vector is None and not self.colours

    @property
    def total(self) -> float:
        """The highest score before the division by it, at least a little above 0."""
        gains = [w.worth for w in self.wishes] + [worth for _, worth in (*self.colours, *self.said)]
        return max((self.vector is not None) + sum(gain for gain in gains if gain > 0), _LEAST_SPREAD)

    def expanded(self, rows: npt.NDArray[np.float32], alpha: float = EXPANSION_POWER) -> Composition:
        """Return the query moved towards its best hits (alpha query expansion, Radenović, Tolias and Chum 2018).

        Parameters
        ----------
        rows
            Embeddings of the best hits, shape (n, dimension).
        alpha
            The power of a hit's score that is its weight; with 0 all that score above 0 weigh the same.
        """
        if self.vector is None or not len(rows):
            return self
        scores = scores_of(rows, self.vector)
        weights = np.where(scores > 0, np.maximum(scores, 0) ** np.float32(alpha), np.float32(0))
        return replace(self, vector=unit(self.vector + np.einsum("i,ij->j", weights, rows)))


def compose(images: Vectors, texts: Sequence[TextPart], sample: npt.NDArray[np.float32]) -> Composition:
    """Return how photos are scored by image terms and texts.

    Parameters
    ----------
    images
        Unit vectors and their weights.
    texts
        What the texts mean.
    sample
        Embeddings of some photos of the library, shape (n, dimension).

    Raises
    ------
    QueryError
        When the terms cancel each other out.
    """
    worded = [(vector, part.weight) for part in texts if (vector := part.vector) is not None]
    mixed = bool(images) and bool(worded)
    terms = [(vector, _tempered(weight)) for vector, weight in (*images, *worded)]
    strengths = [weight / _spread(vector, sample) if mixed else weight for vector, weight in terms]
    vector = _sum([vector for vector, _ in terms], strengths) if terms else None
    spread = _spread(vector, sample) if vector is not None else 1.0
    believed = _believed_spread(spread, len(sample)) if vector is not None else 1.0
    share = _shares(strengths, len(images))
    return Composition(
        vector,
        tuple(wish for part, own in zip(_meant(texts), share, strict=True) for wish in _wishes(part, own)),
        tuple(
            (colour, _tempered(part.weight) * _colour_worth(colour) * spread)
            for part in texts
            for colour in part.colours
        ),
        frozenset(colour for part in texts for colour in _leading(part)),
        tuple((said, _tempered(part.weight) * said.worth * believed) for part in texts for said in part.said),
        tuple(look for part in texts if part.weight > 0 and (look := _look(part)) is not None),
    )


def _leading(part: TextPart) -> tuple[str, ...]:
    """Return the colours that find photos, where of others only the order of those is changed that look right.

    A red car is looked for among cars: the reddest photos of a library are sunsets. But few photos are black and white.
    """
    if part.weight < 0:
        return ()
    understood = part.meaning.understood if part.meaning is not None else ()
    if all(colours_of(word.casefold().split()) for word in understood):
        return part.colours
    return tuple(colour for colour in part.colours if colour == BLACK_AND_WHITE)


def concept_gain(masses: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what posterior masses, 0 to 1, are worth, 0 to 1: their logarithm, so that doubt is not thrown away."""
    gain: npt.NDArray[np.float32] = 1 - np.log(np.maximum(masses, np.float32(LEAST_MASS))) / np.log(
        np.float32(LEAST_MASS)
    )
    return gain


def colour_gain(shares: npt.NDArray[np.uint8], colour: str) -> npt.NDArray[np.float32]:
    """Return what colour shares, shape (n, 12), are worth to somebody who named a colour, 0 to 1, shape (n,).

    The root: what is named is rarely more than a part of the picture, a red car.
    """
    gain: npt.NDArray[np.float32] = np.sqrt(shares[:, colour_column(colour)].astype(np.float32) / 255)
    return gain


def colour_column(colour: str) -> int:
    """Return the column of colour shares that tells about a named colour, or about black and white."""
    return MONOCHROME if colour == BLACK_AND_WHITE else COLOURS.index(colour)


def unit(vector: npt.NDArray[np.float32]) -> Embedding:
    """Return a vector at length 1; QueryError when it has none."""
    length = float(np.linalg.norm(vector))
    if length < _SHORTEST:
        raise QueryError("The parts of the query cancel each other out; leave one of them away.")
    return np.ascontiguousarray(vector / length, np.float32)


def _sum(vectors: Sequence[Embedding], weights: Sequence[float]) -> Embedding:
    return unit(np.einsum("i,ij->j", np.asarray(weights, np.float32), np.stack(vectors)))


def _tempered(weight: float) -> float:
    return weight if weight > 0 else weight * NEGATIVE


def _spread(vector: Embedding, sample: npt.NDArray[np.float32]) -> float:
    if len(sample) < 2:
        return _USUAL_SPREAD
    return max(upper_spread(scores_of(sample, vector)), _LEAST_SPREAD)


def _believed_spread(spread: float, photos: int) -> float:
    """Return how widely scores scatter, as far as so few photos can tell: one more may lie far outside."""
    return (photos * spread + _FEW * _USUAL_SPREAD) / (photos + _FEW)


def _shares(strengths: Sequence[float], images: int) -> list[float]:
    """Return the part of the whole, below 0 for what is not wanted, of each term that is no image."""
    whole = sum(abs(strength) for strength in strengths)
    return [strength / whole for strength in strengths[images:]]


def _meant(texts: Sequence[TextPart]) -> list[TextPart]:
    return [part for part in texts if part.vector is not None]


def _wishes(part: TextPart, share: float) -> list[Wish]:
    assert part.meaning is not None
    concepts = part.meaning.concepts
    return [Wish(concept, CONCEPT_WORTH * part.meaning.coverage * share / len(concepts)) for concept in concepts]


def _look(part: TextPart) -> Look | None:
    meaning = part.meaning
    if meaning is None or meaning.vector is None or meaning.concepts:
        return None
    words = meaning.understood
    return Look(" ".join(words[:_SHOWN_WORDS]) + (" …" if len(words) > _SHOWN_WORDS else ""), meaning.vector)


def _colour_worth(colour: str) -> float:
    return MONOCHROME_WORTH if colour == BLACK_AND_WHITE else COLOUR_WORTH
