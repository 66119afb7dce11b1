"""From sentences to photos: kernel ridge regression of image embeddings on sentence embeddings.

::

    captions ──────────────▶ the embedding of their photo
    names and glosses ─────▶ mean of the classifier's rows of the concept's classes, seen in the space of the photos
    tags ──────────────────▶ from the photos without the tag to those with it

A text's vector is then the sum over all these texts of exp(kernel x (cosine - 1)) x their coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

KERNEL: Final = 4.0  # how fast the influence of a text falls with its distance
_RIDGE: Final = 1.0
_CONCEPT_LENGTH: Final = 0.7  # of the targets of concepts, where those of photos have 1
_TAG_WEIGHT: Final = 3.0
TEMPERATURE: Final = 50.0  # of the posterior over classes


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts to learn from: unit sentence embeddings, what they should give, and how much each counts."""

    texts: Floats
    targets: Floats
    weights: Floats

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            np.concatenate([self.texts, other.texts]),
            np.concatenate([self.targets, other.targets]),
            np.concatenate([self.weights, other.weights]),
        )


@dataclass(frozen=True, slots=True)
class Regression:
    """What was learned: texts (n, sentence dimension) and their coefficients (n, image dimension)."""

    texts: Floats
    coefficients: Floats

    def __call__(self, sentences: Floats) -> Floats:
        """Return the unit vectors of sentences in the space of the photos."""
        return unit(kernel(sentences, self.texts) @ self.coefficients)


def unit(rows: Floats) -> Floats:
    """Return rows at unit length."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), np.float32)


def kernel(sentences: Floats, texts: Floats) -> Floats:
    """Return how much each of the texts matters to each of the sentences."""
    return np.asarray(np.exp(KERNEL * (sentences @ texts.T - 1)), np.float32)


def prototypes(classifier: Floats, matrix: Floats) -> Floats:
    """Return the direction of each class in the space of the photos, shape (classes, image dimension).

    The rows of the classifier, shape (classes, channels), are taken for photos: projected as these are, and centred.
    """
    projected = classifier @ matrix
    return unit(projected - projected.mean(axis=0))


def posteriors(photos: Floats, directions: Floats) -> Floats:
    """Return the share of each class in each photo."""
    scores = TEMPERATURE * (photos @ directions.T)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def tag_directions(photos: Floats, tagged: Bools) -> Floats:
    """Return the direction from the photos without a tag to those with it; ``tagged`` is (photos, tags)."""
    inside = tagged.astype(np.float32)
    outside = 1 - inside
    return unit(
        inside.T @ photos / np.maximum(inside.sum(axis=0), 1)[:, None]
        - outside.T @ photos / np.maximum(outside.sum(axis=0), 1)[:, None]
    )


def caption_rows(texts: Floats, photos: Floats) -> Rows:
    """Captions, each with the embedding of its photo."""
    return Rows(texts, photos, np.ones(len(texts), np.float32))


def concept_rows(names: Floats, glosses: Floats, members: Floats, directions: Floats) -> Rows:
    """Names and glosses of concepts, whose classes are given by ``members`` (concepts, classes)."""
    means = _CONCEPT_LENGTH * unit((members / members.sum(axis=1, keepdims=True)) @ directions)
    texts = np.concatenate([names, glosses])
    return Rows(texts, np.concatenate([means, means]), np.ones(len(texts), np.float32))


def tag_rows(texts: Floats, directions: Floats) -> Rows:
    """Tags with their directions."""
    return Rows(texts, directions, np.full(len(texts), _TAG_WEIGHT, np.float32))


def learn(rows: Rows) -> Regression:
    """Solve the weighted ridge regression."""
    similar = kernel(rows.texts, rows.texts)
    similar[np.diag_indices_from(similar)] += _RIDGE / rows.weights
    return Regression(rows.texts, np.linalg.solve(similar, rows.targets))
