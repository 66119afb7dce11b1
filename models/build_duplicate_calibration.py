"""Fit and measure the calibration of duplicates, and write it beside the pack.

Usage::

    python -m models.build_duplicate_calibration --photos FOLDER [--scenes FOLDER] [--count N]

``--photos`` are photos without copies among them; from each, copies and other shots are made. ``--scenes`` has a folder
for each scene, with shots of it that are no copies of each other. Photos and scenes with even numbers are fitted to,
the others are measured on: so the expectations in the file are for photos that the models have not seen, in the mixture
that is printed.

The same photos and tool versions give the same file. No photo can be recovered from it.
"""

from __future__ import annotations

import argparse
import collections
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from models.duplicate_pairs import LIKELY, Album, LabelledPair, opened_photo, photo_pairs, photos_in, scene_pairs
from photofind.core import paths
from photofind.core.duplicates.calibration import CALIBRATION_FILE, FORMAT, Calibration, Step, in_order
from photofind.core.duplicates.comparing import Comparer, Stage, Trial
from photofind.core.duplicates.scoring import NUMBERS, LogisticModel, numbers
from photofind.core.encoders.registry import DEFAULT_PACK
from photofind.core.encoders.sums import SUMS_FILE, write_sums

THRESHOLDS: Final = {"strict": 0.95, "careful": 0.85, "usual": 0.6, "generous": 0.35, "loose": 0.1}
SIMILARITY: Final = 0.45
"""Nearly all copies that keep half of the picture reach it, and of strangers 15 pairs in a million."""
HASH_DISTANCE: Final = 48
"""Whole copies stay below 30; of 600,000 pairs of strangers, none came below 79."""
SIMILAR: Final = 0.6
"""Above it, pairs without common features were still of one place or thing."""

SIGNS: Final = dict.fromkeys(NUMBERS, -1.0) | dict.fromkeys(
    ("faint", "small", "many", "lines", "towards", "between"), 1.0
)
"""A model may not take for a merit what is none; it would, with few photos."""
HEAVIEST: Final = (
    dict.fromkeys(NUMBERS, 6.0)
    | dict.fromkeys(("faint", "fitted"), 0.5)
    | {"uncovered": 10.0, "small": 0.7, "both": 1.5, "shift": 3.5, "middle": 3.0, "far": 3.0, "unlike": 2.0, "low": 2.0}
)
"""Nor may it go by one number alone: pictures of little texture or detail would fall through."""
NOT_FITTED: Final = frozenset({"lettered"})
"""Not told from things that moved: to learn from it would make copies of bursts."""
RIDGE: Final = 2e-4
ROUNDS: Final = 15_000
RATE: Final = 0.2
MOMENTUM: Final = 0.9
FOUND: Final = 0.6

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class Rows:
    """What a model learns from: numbers of trials, and whether the pairs are copies."""

    values: list[tuple[float, ...]]
    truths: list[bool]


def albums(
    photos: list[Path], scenes: list[Path], parity: int, count: int
) -> Iterator[tuple[Album, Iterator[LabelledPair]]]:
    """Yield albums of the photos and scenes with even or odd numbers."""
    step = max(2, len(photos) // count // 2 * 2)
    for number in range(parity, len(photos), step):
        album = Album()
        stranger = opened_photo(photos[(number + len(photos) // 2) % len(photos)])
        yield album, photo_pairs(album, opened_photo(photos[number]), stranger, number)
    for number in range(parity, len(scenes), 2):
        album = Album()
        yield album, scene_pairs(album, [opened_photo(path) for path in photos_in(scenes[number])[:5]], number)


def is_telling(trial: Trial, others: dict[Stage, Trial], *, is_copy: bool) -> bool:
    """Tell whether a trial of a copy found the right place: what a wrong map shows is no mark of copies."""
    best = max(other.agreement.alike for other in others.values())
    return not is_copy or (trial.agreement.alike >= FOUND and trial.agreement.alike > best - 0.1)


def collect(sources: Iterator[tuple[Album, Iterator[LabelledPair]]], calibration: Calibration) -> dict[str, Rows]:
    """Try every pair in every way."""
    rows = {"small": Rows([], []), "large": Rows([], [])}
    for album, pairs in sources:
        comparer = Comparer(album, calibration)
        for pair in pairs:
            if pair.kind in NOT_FITTED:
                continue
            trials = comparer.every_trial(pair.first, pair.second)
            for stage, trial in trials.items():
                if is_telling(trial, trials, is_copy=pair.is_copy):
                    target = rows["large" if stage is Stage.LARGE else "small"]
                    target.values.append(numbers(trial.agreement, trial.matches))
                    target.truths.append(pair.is_copy)
    return rows


def fitted(rows: Rows) -> LogisticModel:
    """Fit a logistic model, copies and others of equal weight, each coefficient with the sign that makes sense."""
    values, truths = np.array(rows.values), np.array(rows.truths, np.float64)
    centre, spread = values.mean(0), values.std(0) + 1e-6
    scaled = (values - centre) / spread
    weight = np.where(truths > 0, 0.5 / truths.mean(), 0.5 / (1 - truths.mean())) / len(truths)
    signs = np.array([SIGNS[name] for name in NUMBERS])
    heaviest = np.array([HEAVIEST[name] for name in NUMBERS]) * spread
    intercept, slopes = 0.0, np.zeros(values.shape[1])
    pace, paces = 0.0, np.zeros(values.shape[1])
    for _ in range(ROUNDS):
        error = weight * (1 / (1 + np.exp(-(intercept + scaled @ slopes))) - truths)
        pace, paces = MOMENTUM * pace + error.sum(), MOMENTUM * paces + scaled.T @ error + RIDGE * slopes
        intercept, slopes = intercept - RATE * pace, slopes - RATE * paces
        slopes = np.clip(np.where(slopes * signs < 0, 0, slopes), -heaviest, heaviest)
    return LogisticModel(
        float(intercept - (slopes * centre / spread).sum()), tuple(float(each) for each in slopes / spread)
    )


def measured(sources: Iterator[tuple[Album, Iterator[LabelledPair]]], calibration: Calibration) -> Calibration:
    """Compare the other photos as the program does; print what came out and return what to expect of each step."""
    scores: dict[str, list[float]] = collections.defaultdict(list)
    copies: list[float] = []
    others: list[float] = []
    for album, pairs in sources:
        comparer = Comparer(album, calibration)
        for pair in pairs:
            evidence = comparer.compare(pair.first, pair.second, LIKELY)
            score = evidence.score if evidence is not None else 0.0
            scores[pair.kind].append(score)
            (copies if pair.is_copy else others).append(score)
    usual = calibration.usual.threshold
    for kind, found in sorted(scores.items()):
        print(f"{kind:18} {len(found):4}  at least {usual}: {np.mean(np.array(found) >= usual):.3f}")
    steps = []
    for step in calibration.steps:
        true, false = (int((np.array(each) >= step.threshold).sum()) for each in (copies, others))
        steps.append(replace(step, precision=true / max(1, true + false), recall=true / max(1, len(copies))))
        print(f"{step.name:9} {step.threshold}: {true} of {len(copies)} copies, {false} of {len(others)} others")
    return replace(calibration, steps=in_order(steps), copies=len(copies), others=len(others))


def written(calibration: Calibration) -> str:
    """Return the calibration as the text of its file."""
    lines = [
        "# Written by models/build_duplicate_calibration.py; models/README.md says how it is measured.",
        f"format = {FORMAT}",
        "",
        "[candidates]",
        f"similarity = {calibration.floor}",
        f"hash_distance = {calibration.hash_distance}",
        f"similar = {calibration.similar}",
        "",
        "[measured]",
        f"copies = {calibration.copies}",
        f"others = {calibration.others}",
    ]
    for name, model in (("small", calibration.small), ("large", calibration.large)):
        lines += ["", f"[{name}]", f"intercept = {model.intercept:.4f}"]
        lines += [f"{number} = {weight:.4f}" for number, weight in zip(NUMBERS, model.weights, strict=True)]
    for step in calibration.steps:
        lines += ["", f"[steps.{step.name}]", f"threshold = {step.threshold}"]
        lines += [f"precision = {step.precision:.4f}", f"recall = {step.recall:.4f}"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Fit, measure and write."""
    parser = argparse.ArgumentParser(description="Fit and measure the calibration of duplicates.")
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--scenes", type=Path)
    parser.add_argument("--count", type=int, default=240, help="photos to fit to, and about as many to measure on")
    parser.add_argument("--target", type=Path, default=paths.bundled_models() / DEFAULT_PACK / CALIBRATION_FILE)
    arguments = parser.parse_args()
    photos = photos_in(arguments.photos)
    scenes = sorted(path for path in arguments.scenes.iterdir() if path.is_dir()) if arguments.scenes else []
    flat = LogisticModel(0.0, (0.0,) * len(NUMBERS))
    steps = tuple(Step(name, threshold, 1.0, 0.0) for name, threshold in THRESHOLDS.items())
    calibration = Calibration(steps, SIMILARITY, HASH_DISTANCE, SIMILAR, flat, flat, 0, 0)
    rows = collect(albums(photos, scenes, 0, arguments.count), calibration)
    models = {name: fitted(each) for name, each in rows.items()}
    for name, each in rows.items():
        print(f"{name}: {sum(each.truths)} trials of copies, {len(each.truths) - sum(each.truths)} of others")
    calibration = replace(calibration, small=models["small"], large=models["large"])
    calibration = measured(albums(photos, scenes, 1, arguments.count), calibration)
    arguments.target.write_text(written(calibration), encoding="utf-8", newline="\n")
    if (arguments.target.parent / SUMS_FILE).is_file():
        write_sums(arguments.target.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
