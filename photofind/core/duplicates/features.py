"""Local features: what can be recognised in a picture that was cropped, turned, mirrored or shown inside another one.

SIFT (Lowe, IJCV 2004) with the square root of its descriptors (Arandjelović and Zisserman, CVPR 2012). The features of
a mirrored picture follow from those of the picture: places and directions are mirrored, and so are the parts of the
descriptor, 4 x 4 cells of 8 directions each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.pixels import Grey, Matrix, size_of

MOST_FEATURES: Final = 300
_FAINTEST: Final = 0.02
_RATIO: Final = 0.87
_CELLS: Final = 4
_DIRECTIONS: Final = 8
_TOLERANCE: Final = 3.0  # pixels
_STEPS: Final = 600
_FEWEST: Final = 4
_FEWEST_EXPLAINED: Final = 5  # strangers have three, as a rule
_MOST_STRETCH: Final = 1.6

Points = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Places, shape (n, 2) as x and y in pixels, and descriptors of unit length, shape (n, 128), float32."""

    size: tuple[int, int]
    points: Points
    descriptors: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """A map from the second picture into the first, and how many of the ``tried`` matches it explains."""

    matrix: Matrix
    explained: int
    tried: int
    mirrored: bool


class Detector:
    """Finds local features; use it from one thread."""

    def __init__(self) -> None:
        self._sift = cv2.SIFT.create(nfeatures=MOST_FEATURES, contrastThreshold=_FAINTEST)

    def features(self, grey: Grey) -> Features:
        """Return the strongest features of a picture, none if it has no texture."""
        points, raw = self._sift.detectAndCompute(grey.astype(np.uint8), None)
        if not points:
            return Features(size_of(grey), np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
        descriptors = np.asarray(raw, np.float32)[:MOST_FEATURES]
        descriptors = np.sqrt(descriptors / np.maximum(descriptors.sum(1, keepdims=True), 1e-6))
        places = np.array([point.pt for point in points[:MOST_FEATURES]], np.float32)
        return Features(size_of(grey), places, descriptors)


def mirrored(features: Features) -> Features:
    """Return the features that the picture would have with left and right swapped."""
    points = features.points.copy()
    points[:, 0] = features.size[0] - 1 - points[:, 0]
    cells = features.descriptors.reshape(-1, _CELLS, _CELLS, _DIRECTIONS)
    directions = -np.arange(_DIRECTIONS) % _DIRECTIONS
    descriptors = cells[:, ::-1, :, :][..., directions].reshape(features.descriptors.shape)
    return Features(features.size, points, np.ascontiguousarray(descriptors))


def match(first: Features, second: Features) -> Match | None:
    """Return the map that explains most matches, mirrored if that explains more; None when there is none."""
    plain = _match(first, second, swap=False)
    if plain is not None and plain.explained >= 20 and plain.explained >= plain.tried // 2:
        return plain
    other = _match(first, mirrored(second), swap=True)
    if plain is None or (other is not None and other.explained > plain.explained):
        return other
    return plain


def _match(first: Features, second: Features, *, swap: bool) -> Match | None:
    rows, columns = _pairs(first.descriptors, second.descriptors)
    if len(rows) < _FEWEST:
        return None
    here, there = first.points[rows], second.points[columns]
    found, inside = cv2.estimateAffinePartial2D(
        there, here, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE, maxIters=_STEPS, confidence=0.995
    )
    if found is None:
        return None
    kept = inside.ravel() > 0
    if kept.sum() < _FEWEST_EXPLAINED:
        return None
    matrix = _polished(found.astype(np.float64), here, there, kept)
    if matrix is None:
        return None
    if swap:
        matrix = matrix @ np.array([[-1, 0, second.size[0] - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    return Match(matrix, _distinct(here[kept], there[kept]), len(rows), swap)


def _pairs(first: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int64], ...]:
    """Return which features are each other's nearest and clearly nearer than the next."""
    if min(len(first), len(second)) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    likeness = first @ second.T
    rows = np.arange(len(first))
    best = likeness.argmax(1)
    mutual = likeness.argmax(0)[best] == rows
    top = likeness[rows, best]
    likeness[rows, best] = -1
    next_best = likeness.max(1)
    # Of unit vectors, the squared distance is 2 - 2 likeness.
    clear = 1 - top < _RATIO**2 * (1 - next_best)
    kept = np.flatnonzero(mutual & clear)
    return kept, best[kept]


def _polished(
    found: npt.NDArray[np.float64], here: Points, there: Points, kept: npt.NDArray[np.bool_]
) -> Matrix | None:
    """Fit an affine map to the explained matches if there are enough, else keep the similarity; None if absurd."""
    matrix = np.vstack([found, (0, 0, 1)])
    if kept.sum() >= 12:
        places = np.column_stack([there[kept], np.ones(int(kept.sum()))]).astype(np.float64)
        solution = np.linalg.lstsq(places, here[kept].astype(np.float64), rcond=None)[0]
        fitted = np.vstack([solution.T, (0, 0, 1)])
        stretch = np.linalg.svd(fitted[:2, :2], compute_uv=False)
        if stretch[0] < 1.15 * stretch[1]:
            matrix = fitted
    scales = np.linalg.svd(matrix[:2, :2], compute_uv=False)
    if scales[1] < 0.08 or scales[0] > 12 or scales[0] > _MOST_STRETCH * scales[1]:
        return None
    return matrix


def _distinct(here: Points, there: Points) -> int:
    """Count matches at different places: a feature with two directions is found twice."""
    return min(len(np.unique(np.round(points / 2), axis=0)) for points in (here, there))
