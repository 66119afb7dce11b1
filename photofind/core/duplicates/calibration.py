"""The calibration: from which score on pairs count as copies, what to expect then, and which pairs are worth comparing.

A pack ships it as ``duplicates.toml`` beside its ``pack.toml``; ``models/build_duplicate_calibration.py`` measures it
on copies made of photos and on photos that only look alike. What pixels prove does not hang on the pack, so packs
without that file go by the bundled one, but from which similarity on photos are worth comparing is a guess then.

The user may correct it by labelling pairs: the logits of the scores are shifted and stretched by what the labels say,
held back by what was measured before, so that twenty labels adjust it and cannot turn it over.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from photofind.core import paths
from photofind.core.duplicates.scoring import NUMBERS, LogisticModel, logit, probability
from photofind.core.encoders.registry import DEFAULT_PACK, find_pack
from photofind.core.encoders.sums import check_sum
from photofind.core.errors import PackError, PackMissingError

CALIBRATION_FILE: Final = "duplicates.toml"
FORMAT: Final = 1
STEP_NAMES: Final = ("strict", "careful", "usual", "generous", "loose")
LABELS_TO_ASK: Final = 20

_GUESSED_FLOOR: Final = 0.75
_GUESSED_SIMILAR: Final = 0.85
_SHIFT_PRIOR: Final = 1.5
"""Standard deviation of the shift of logits from library to library."""
_SLOPE_PRIOR: Final = 0.25
"""Standard deviation of the logarithm of their slope."""
_LABEL_WEIGHT: Final = 100.0
"""Labels that count as much as the pairs that the shipped expectations were measured on."""
_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Step:
    """A place of the slider: pairs with a score of ``threshold`` and more count as copies.

    ``precision`` is the expected share of copies among them, ``recall`` that of the copies that are among them.
    """

    name: str
    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What scores mean for the photos of one pack.

    ``floor`` is the cosine of embeddings, and ``hash_distance`` the distance of perceptual hashes, from which on pairs
    are compared; ``similar`` is the cosine from which on a pair that shares no features is still listed as a similar
    shot. ``small`` and ``large`` judge what was measured on thumbnails and on larger pictures. ``shift`` and ``slope``
    correct the logits of scores by the user's labels. ``copies`` and ``others`` count the pairs it was measured on.
    """

    steps: tuple[Step, ...]
    floor: float
    hash_distance: int
    similar: float
    small: LogisticModel
    large: LogisticModel
    copies: int
    others: int
    is_calibrated: bool = True
    shift: float = 0.0
    slope: float = 1.0

    @classmethod
    def for_pack(cls, pack: str | Path) -> Calibration:
        """Return the calibration of a pack, given by its name or folder; the bundled one if it ships none.

        Raises
        ------
        PackError
            The file, or the pack's description, is damaged or not of this version.
        """
        folder = pack if isinstance(pack, Path) else _folder(pack)
        if folder is not None and (folder / CALIBRATION_FILE).is_file():
            return read_calibration(folder / CALIBRATION_FILE)
        bundled = read_calibration(paths.bundled_models() / DEFAULT_PACK / CALIBRATION_FILE)
        return replace(bundled, floor=_GUESSED_FLOOR, similar=_GUESSED_SIMILAR, is_calibrated=False)

    @classmethod
    def load(cls, pack: str | Path) -> Calibration:
        """Return :meth:`for_pack`."""
        return cls.for_pack(pack)

    @property
    def loosest(self) -> float:
        """The threshold of the loosest step: below it, no pair is ever called a copy."""
        return min(step.threshold for step in self.steps)

    @property
    def usual(self) -> Step:
        """The step that is chosen unless the user says otherwise."""
        return next(step for step in self.steps if step.name == "usual")

    def step(self, name: str) -> Step:
        """Return the step of a name; KeyError if there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def recalibrated(self, labels: Sequence[tuple[float, bool]]) -> Calibration:
        """Return the calibration that pairs labelled by the user ask for.

        Parameters
        ----------
        labels
            Scores as they are stored, that is before any correction, and whether the pair is a pair of copies.

        Returns
        -------
        Calibration
            Its thresholds are again for stored scores: they were moved to where the corrected probability is what
            the step's was. Expected precision and recall are those measured before, mixed with those of the labels.
        """
        fresh = replace(self, shift=0.0, slope=1.0)
        if not labels:
            return fresh
        scores = np.array([logit(score) for score, _ in labels])
        truths = np.array([truth for _, truth in labels], np.float64)
        shift, slope = _fitted(scores, truths)
        steps = []
        for step in self.steps:
            threshold = probability((logit(step.threshold) - shift) / slope)
            steps.append(_expected(replace(step, threshold=threshold), labels))
        return replace(fresh, steps=in_order(steps), shift=shift, slope=slope)


def pairs_to_label(scores: npt.ArrayLike, count: int = LABELS_TO_ASK) -> npt.NDArray[np.int64]:
    """Return the rows whose labels tell most: in doubt, and spread over the scores.

    Parameters
    ----------
    scores
        Shape (n,), 0 to 1.
    count
        How many rows are wanted; fewer come back when there are fewer.

    Returns
    -------
    ndarray
        Row numbers, at most ``count``, each once, surest copies first.
    """
    logits = np.array([logit(float(score)) for score in np.asarray(scores, np.float64).ravel()])
    if len(logits) <= count:
        return np.argsort(-logits, kind="stable")
    # Equal distances on a scale that is fine where there is doubt, each taken from what is left nearest to it.
    wanted = np.tanh(logits / 6)
    marks = np.linspace(wanted.max(), wanted.min(), count)
    free = np.ones(len(logits), np.bool_)
    rows = []
    for mark in marks:
        distance = np.where(free, np.abs(wanted - mark), np.inf)
        row = int(distance.argmin())
        free[row] = False
        rows.append(row)
    chosen = np.array(rows, np.int64)
    return chosen[np.argsort(-logits[chosen], kind="stable")]


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file; raise PackError when it is missing, damaged or of another version."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PackError(f"The file {path} cannot be read ({error.strerror or error}); install it again.") from error
    check_sum(path, content)
    try:
        table = tomllib.loads(content.decode())
    except ValueError as error:
        raise PackError(f"The file {path} is damaged; install it again.") from error
    try:
        if table["format"] != FORMAT:
            raise PackError(f"{path} is of another version of photofind; install it again.")
        return _parsed(table)
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(f"The file {path} is damaged; install it again.") from error


def _folder(name: str) -> Path | None:
    """Return the folder of a pack by the name or the spec that leads to it, None when it is not installed."""
    try:
        return find_pack(name.partition(":")[0] or DEFAULT_PACK).folder
    except PackMissingError:
        return None


def _parsed(table: Mapping[str, Any]) -> Calibration:
    steps = tuple(
        Step(name, _share(entry["threshold"]), _share(entry["precision"]), _share(entry["recall"]))
        for name, entry in table["steps"].items()
    )
    if tuple(step.name for step in steps) != STEP_NAMES:
        raise ValueError("unknown steps")
    candidates, measured = table["candidates"], table["measured"]
    return Calibration(
        steps=steps,
        floor=_share(candidates["similarity"]),
        hash_distance=int(candidates["hash_distance"]),
        similar=_share(candidates["similar"]),
        small=_model(table["small"]),
        large=_model(table["large"]),
        copies=int(measured["copies"]),
        others=int(measured["others"]),
    )


def _model(table: Mapping[str, Any]) -> LogisticModel:
    values = [float(table["intercept"]), *(float(table[name]) for name in NUMBERS)]
    if not all(math.isfinite(value) for value in values):
        raise ValueError("a coefficient is no number")
    return LogisticModel(values[0], tuple(values[1:]))


def _share(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{value!r} is no share")
    return float(value)


def _fitted(logits: npt.NDArray[np.float64], truths: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return shift and slope by which logits fit labels best, given how little libraries differ (Newton's method)."""
    clipped = np.clip(logits, -12, 12)
    shift, stretch = 0.0, 0.0
    for _ in range(_STEPS):
        slope = math.exp(stretch)
        chance = 1 / (1 + np.exp(-(shift + slope * clipped)))
        error, spread = chance - truths, chance * (1 - chance) + 1e-9
        by_stretch = slope * clipped
        gradient = np.array(
            [error.sum() + shift / _SHIFT_PRIOR**2, (error * by_stretch).sum() + stretch / _SLOPE_PRIOR**2]
        )
        mixed = (spread * by_stretch).sum()
        curvature = np.array(
            [
                [spread.sum() + _SHIFT_PRIOR**-2, mixed],
                [mixed, (spread * by_stretch**2).sum() + _SLOPE_PRIOR**-2],
            ]
        )
        step = np.clip(np.linalg.solve(curvature, gradient), -1, 1)
        shift, stretch = shift - float(step[0]), stretch - float(step[1])
        if np.abs(step).max() < 1e-6:
            break
    return shift, math.exp(stretch)


def _expected(step: Step, labels: Sequence[tuple[float, bool]]) -> Step:
    """Mix what was measured before with what the labels say of a step."""
    above = [truth for score, truth in labels if score >= step.threshold]
    copies = [score >= step.threshold for score, truth in labels if truth]
    return replace(
        step,
        precision=(step.precision * _LABEL_WEIGHT + sum(above)) / (_LABEL_WEIGHT + len(above)),
        recall=(step.recall * _LABEL_WEIGHT + sum(copies)) / (_LABEL_WEIGHT + len(copies)),
    )


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps with expectations that follow their order: looser never more precise, never finding less."""
    precision, found = 1.0, 0.0
    ordered = []
    for step in steps:
        precision, found = min(precision, step.precision), max(found, step.recall)
        ordered.append(replace(step, precision=precision, recall=found))
    return tuple(ordered)
