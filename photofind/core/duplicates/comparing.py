"""Comparing two contents: whether one is a copy of the other, what was done to it, or whether they are similar shots.

From cheap to dear, and no further than it takes to be sure::

    perceptual hashes ─▶ same frame? ──▶ thumbnails, aligned ─▶ sure ──▶ verdict
                              │ no              │ in doubt
                              ▼                 ▼
                      local features ──▶ thumbnails, aligned ─▶ sure ──▶ verdict
                                                │ in doubt
                                                ▼
                               larger pictures out of the files, aligned

A copy agrees with its original wherever both show something. Another shot does not, however alike it is: people moved,
leaves, or what is near against what is far. Bursts make most of the candidates of a large library, so they are to be
recognised on thumbnails.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.agreeing import Agreement, agreement
from photofind.core.duplicates.aligning import refined
from photofind.core.duplicates.calibration import Calibration
from photofind.core.duplicates.features import Detector, Features, match
from photofind.core.duplicates.frames import content_box
from photofind.core.duplicates.hashing import hash_distances
from photofind.core.duplicates.opencv import cv2
from photofind.core.duplicates.pixels import (
    SMALLEST,
    Box,
    Grey,
    Matrix,
    Size,
    luminance,
    oriented_map,
    overlay,
    placement_of,
    rescaled,
    size_of,
)
from photofind.core.duplicates.scoring import LogisticModel, logit, numbers, probability
from photofind.core.duplicates.verdicts import WHOLE, changes_between, orientation_of, verdict_of
from photofind.core.evidence import Evidence, Verdict
from photofind.core.records import ContentId

_Item = TypeVar("_Item")

Picture = npt.NDArray[np.uint8]
"""RGB, shape (height, width, 3), upright."""

DIRECT_HASH: Final = 90  # of 256 bits: beyond, the frames differ
_SURE_COPY: Final = 0.98
_NO_COPY: Final = 0.02
_PLACED: Final = 0.8  # local correlation of maps that are as right as they can be
_NEARLY_WHOLE: Final = 0.82
_DOUBT: Final = (_NO_COPY, _SURE_COPY)
_ALIKE: Final = 0.6  # local correlation that shows that a map has found its place
_RELATED_MATCHES: Final = 14
_RELATED_SHARE: Final = 0.3
_EQUAL: Final = 0.004  # mean difference of thumbnails below which all pixels may be equal
_LARGE_SIDE: Final = 768  # pixels
_MOST_CACHED: Final = 1024  # pictures: a thumbnail and its features take 450 kB


@dataclass(frozen=True, slots=True)
class Subject:
    """A content to compare: pixels after orientation, format and bytes of its file, perceptual hash (32,) uint8."""

    content_id: ContentId
    width: int
    height: int
    format: str
    size: int
    hash: npt.NDArray[np.uint8]


class Looks(Protocol):
    """Where the pictures of contents come from; each may be out of reach."""

    def small(self, content_id: ContentId) -> Picture | None:
        """Return the thumbnail, its longest side at most 256 pixels."""

    def large(self, content_id: ContentId) -> Picture | None:
        """Return the picture decoded from its file, its longest side at most 1024 pixels; dear."""

    def same_pixels(self, first: ContentId, second: ContentId) -> bool:
        """Decode both files in full and tell whether every pixel is equal; very dear."""


class Stage(StrEnum):
    """Where the comparison of a pair ended."""

    HASH = "hash"
    DIRECT = "direct"
    FEATURES = "features"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Trial:
    """A map that was tried, what it showed, and the probability of a copy; ``matches`` as far as features led to it."""

    matrix: Matrix
    agreement: Agreement
    matches: int | None
    score: float

    @property
    def found_its_place(self) -> bool:
        """Whether the two pictures show the same things under the map."""
        return self.agreement.alike >= _ALIKE and self.agreement.texture > 0


@dataclass(frozen=True, slots=True)
class _Look:
    picture: Picture
    grey: Grey
    box: Box | None


class Comparer:
    """Compares pairs of contents; use it from one thread.

    Parameters
    ----------
    looks
        Where the pictures come from.
    calibration
        What the numbers mean.

    Attributes
    ----------
    stage
        Where the last comparison ended.
    """

    def __init__(self, looks: Looks, calibration: Calibration) -> None:
        # Whoever compares many pairs does so in several threads already.
        cv2.setNumThreads(1)
        self._looks = looks
        self._calibration = calibration
        self._detector = Detector()
        self._small: OrderedDict[ContentId, _Look | None] = OrderedDict()
        self._features: OrderedDict[ContentId, Features] = OrderedDict()
        self.stage = Stage.HASH

    def compare(self, first: Subject, second: Subject, similarity: float) -> Evidence | None:
        """Return the evidence about two contents, None when they are neither copies nor like each other.

        ``similarity`` is the cosine of their embeddings, NaN when it is not known.
        """
        distance, orientation = _hash_distance(first, second)
        self.stage = Stage.HASH
        known = None if np.isnan(similarity) else float(similarity)
        bare = Evidence(Verdict.SIMILAR, 0.0, known, distance, orientation)
        looks = self._look(first.content_id), self._look(second.content_id)
        trial = None
        if looks[0] is not None and looks[1] is not None:
            trial = self._best_trial((first, second), (looks[0], looks[1]), distance, orientation)
        if trial is None or looks[0] is None or looks[1] is None:
            return bare if known is not None and known >= self._calibration.similar else None
        return self._evidence((first, second), (looks[0], looks[1]), trial, bare)

    def every_trial(self, first: Subject, second: Subject) -> dict[Stage, Trial]:
        """Return what each stage finds, whatever the others found: what the calibration is made from."""
        looks = self._look(first.content_id), self._look(second.content_id)
        if looks[0] is None or looks[1] is None:
            return {}
        pair = looks[0], looks[1]
        found = {}
        distance, orientation = _hash_distance(first, second)
        if distance <= DIRECT_HASH:
            found[Stage.DIRECT] = self._direct(pair, orientation)
        found[Stage.FEATURES] = self._featured((first, second), pair)
        trials = {stage: trial for stage, trial in found.items() if trial is not None}
        best = max(trials.values(), key=lambda trial: trial.agreement.alike, default=None)
        if best is not None and best.found_its_place:
            larger = self._larger((first, second), pair, best)
            if larger is not None:
                trials[Stage.LARGE] = larger
        return trials

    # Trials

    def _best_trial(
        self, subjects: tuple[Subject, Subject], looks: tuple[_Look, _Look], distance: int, orientation: int
    ) -> Trial | None:
        direct = None
        if distance <= DIRECT_HASH:
            self.stage = Stage.DIRECT
            direct = self._direct(looks, orientation)
            if direct is not None and (direct.score >= _SURE_COPY or _is_other_shot(direct)):
                return direct
        self.stage = Stage.FEATURES
        featured = self._featured(subjects, looks)
        best = max((trial for trial in (direct, featured) if trial), key=lambda trial: trial.score, default=None)
        if best is None:
            return None
        if _DOUBT[0] < best.score < _DOUBT[1] and best.found_its_place:
            larger = self._larger(subjects, looks, best)
            if larger is not None:
                self.stage = Stage.LARGE
                return larger
        return best

    def _direct(self, looks: tuple[_Look, _Look], orientation: int) -> Trial | None:
        greys = looks[0].grey, looks[1].grey
        start = oriented_map(orientation, size_of(greys[0]), size_of(greys[1]))
        return self._trial(greys, _boxes(looks), start, None, self._calibration.small)

    def _featured(self, subjects: tuple[Subject, Subject], looks: tuple[_Look, _Look]) -> Trial | None:
        found = match(*(self._features_of(s.content_id, look) for s, look in zip(subjects, looks, strict=True)))
        if found is None:
            return None
        greys = looks[0].grey, looks[1].grey
        return self._trial(greys, _boxes(looks), found.matrix, found.explained, self._calibration.small)

    def _larger(self, subjects: tuple[Subject, Subject], looks: tuple[_Look, _Look], trial: Trial) -> Trial | None:
        pictures = [self._looks.large(subject.content_id) for subject in subjects]
        if pictures[0] is None or pictures[1] is None:
            return None
        greys = _working(pictures[0]), _working(pictures[1])
        sizes = [(size_of(look.grey), size_of(grey)) for look, grey in zip(looks, greys, strict=True)]
        start = rescaled(trial.matrix, sizes[0], sizes[1])
        boxes = _boxes(looks)
        if boxes is not None:
            boxes = _scaled_box(boxes[0], *sizes[0]), _scaled_box(boxes[1], *sizes[1])
        larger = self._trial(greys, boxes, start, trial.matches, self._calibration.large)
        if larger is None:
            return None
        back = rescaled(larger.matrix, sizes[0][::-1], sizes[1][::-1])
        # Both have seen something of their own: the thumbnails are less troubled by noise, the others see more.
        both = probability((logit(trial.score) + logit(larger.score)) / 2)
        return replace(larger, matrix=back, score=both)

    def _trial(
        self,
        greys: tuple[Grey, Grey],
        boxes: tuple[Box, Box] | None,
        start: Matrix,
        matches: int | None,
        model: LogisticModel,
    ) -> Trial | None:
        matrix = refined(*greys, start)
        pair = overlay(*greys, matrix, boxes)
        if pair is None:
            return None
        measured = agreement(pair)
        return Trial(matrix, measured, matches, model.probability(numbers(measured, matches)))

    # What is made of them

    def _evidence(
        self, subjects: tuple[Subject, Subject], looks: tuple[_Look, _Look], trial: Trial, bare: Evidence
    ) -> Evidence | None:
        measured = trial.agreement
        placed = Evidence(
            Verdict.SIMILAR,
            trial.score,
            bare.similarity,
            bare.hash_distance,
            orientation_of(trial.matrix),
            trial.matches,
            min(measured.covered),
            measured.difference,
            placement_of(trial.matrix, size_of(looks[0].grey), size_of(looks[1].grey)),
        )
        if trial.score < self._calibration.loosest:
            related = trial.found_its_place or (trial.matches or 0) >= _RELATED_MATCHES
            if related or (bare.similarity is not None and bare.similarity >= self._calibration.similar):
                return placed if related else replace(bare, score=trial.score)
            return None
        return self._copy(subjects, looks, trial, placed)

    def _copy(
        self, subjects: tuple[Subject, Subject], looks: tuple[_Look, _Look], trial: Trial, placed: Evidence
    ) -> Evidence:
        first, second = subjects
        sizes = (first.width, first.height), (second.width, second.height)
        may_be_equal = sizes[0] == sizes[1] and placed.orientation == 1 and _may_be_equal(trial.agreement)
        if may_be_equal and self._looks.same_pixels(first.content_id, second.content_id):
            return replace(placed, verdict=Verdict.SAME_PICTURE, score=1.0)
        changes = changes_between(looks[0].picture, looks[1].picture, trial.matrix, trial.agreement)
        return replace(placed, verdict=verdict_of(changes, *sizes), changes=changes)

    # Pictures

    def _look(self, content_id: ContentId) -> _Look | None:
        if content_id not in self._small:
            picture = self._looks.small(content_id)
            usable = picture is not None and min(picture.shape[:2]) >= SMALLEST
            _remember(self._small, content_id, _look_at(picture) if picture is not None and usable else None)
        self._small.move_to_end(content_id)
        return self._small[content_id]

    def _features_of(self, content_id: ContentId, look: _Look) -> Features:
        if content_id not in self._features:
            _remember(self._features, content_id, self._detector.features(look.grey))
        self._features.move_to_end(content_id)
        return self._features[content_id]


def _is_other_shot(trial: Trial) -> bool:
    """Tell whether an alignment shows the same things at another moment, so that no other map could do better."""
    return trial.agreement.alike >= _PLACED and trial.score < _NO_COPY and min(trial.agreement.covered) > _NEARLY_WHOLE


def _working(picture: Picture) -> Grey:
    """Return the luminance of a picture of which larger ones would tell the same for more."""
    factor = _LARGE_SIDE / max(picture.shape[:2])
    if factor >= 1:
        return luminance(picture)
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return luminance(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))


def _hash_distance(first: Subject, second: Subject) -> tuple[int, int]:
    """Return the least distance of two hashes and the orientation that the second has then."""
    distances, orientations = hash_distances(first.hash[None], second.hash[None])
    return int(distances[0]), int(orientations[0])


def _look_at(picture: Picture) -> _Look:
    grey = luminance(picture)
    box = content_box(grey)
    return _Look(picture, grey, box if box != (0, 0, *size_of(grey)) else None)


def _boxes(looks: tuple[_Look, _Look]) -> tuple[Box, Box] | None:
    """Return what two frames surround, None unless both have one: a frame beside a picture would not agree with it."""
    if looks[0].box is None or looks[1].box is None:
        return None
    return looks[0].box, looks[1].box


def _scaled_box(box: Box, before: Size, after: Size) -> Box:
    across, down = after[0] / before[0], after[1] / before[1]
    return round(box[0] * across), round(box[1] * down), round(box[2] * across), round(box[3] * down)


def _may_be_equal(measured: Agreement) -> bool:
    return measured.difference <= _EQUAL and min(measured.covered) >= WHOLE


def _remember(cache: OrderedDict[ContentId, _Item], content_id: ContentId, item: _Item) -> None:
    cache[content_id] = item
    if len(cache) > _MOST_CACHED:
        cache.popitem(last=False)
