"""The calibration says what scores mean; labels correct it and cannot ruin it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofind.core import paths
from photofind.core.duplicates.calibration import (
    CALIBRATION_FILE,
    STEP_NAMES,
    Calibration,
    pairs_to_label,
    read_calibration,
)
from photofind.core.duplicates.scoring import logit
from photofind.core.errors import PackError


@pytest.fixture(scope="module")
def shipped() -> Calibration:
    return Calibration.for_pack("efficientnet-lite0")


def test_the_bundled_pack_is_calibrated(shipped: Calibration) -> None:
    assert shipped.is_calibrated
    assert shipped.copies > 0
    assert shipped.others > 0
    assert tuple(step.name for step in shipped.steps) == STEP_NAMES
    assert 0.3 < shipped.floor < 0.8


def test_looser_steps_find_more_and_are_less_precise(shipped: Calibration) -> None:
    thresholds, precisions, recalls = (
        [getattr(step, name) for step in shipped.steps] for name in ("threshold", "precision", "recall")
    )
    assert thresholds == sorted(thresholds, reverse=True)
    assert precisions == sorted(precisions, reverse=True)
    assert recalls == sorted(recalls)
    assert shipped.loosest == thresholds[-1]
    assert shipped.step("strict").threshold == thresholds[0]


def test_a_pack_without_calibration_goes_by_pixels(tmp_path: Path, shipped: Calibration) -> None:
    other = Calibration.for_pack(tmp_path)
    assert not other.is_calibrated
    assert other.small == shipped.small
    assert other.steps == shipped.steps
    assert not Calibration.for_pack("not-installed").is_calibrated


def test_a_variant_has_the_calibration_of_its_pack(shipped: Calibration) -> None:
    assert Calibration.for_pack("efficientnet-lite0:fp32") == shipped
    assert Calibration.for_pack("") == shipped


@pytest.mark.parametrize(
    "change", [("format = 1", "format = 2"), ("apart = ", "part = "), ("[steps.usual]", "[steps.x]")]
)
def test_a_damaged_file_is_refused_in_a_sentence(tmp_path: Path, change: tuple[str, str]) -> None:
    text = (paths.bundled_models() / "efficientnet-lite0" / CALIBRATION_FILE).read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / CALIBRATION_FILE
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(PackError, match="install"):
        read_calibration(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(PackError, match="damaged"):
        Calibration.for_pack(tmp_path)


def test_labels_that_agree_change_little(shipped: Calibration) -> None:
    labels = [(0.999, True)] * 10 + [(0.001, False)] * 10
    corrected = shipped.recalibrated(labels)
    for before, after in zip(shipped.steps, corrected.steps, strict=True):
        assert abs(logit(before.threshold) - logit(after.threshold)) < 1.0


def test_false_copies_above_the_threshold_make_it_stricter(shipped: Calibration) -> None:
    labels = [(0.7, False)] * 8 + [(0.9, False)] * 2 + [(0.999, True)] * 10
    corrected = shipped.recalibrated(labels)
    assert corrected.usual.threshold > shipped.usual.threshold


def test_copies_below_the_threshold_make_it_looser(shipped: Calibration) -> None:
    labels = [(0.3, True)] * 10 + [(0.001, False)] * 10
    corrected = shipped.recalibrated(labels)
    assert corrected.usual.threshold < shipped.usual.threshold


@pytest.mark.parametrize("truth", [True, False])
def test_twenty_labels_of_one_kind_cannot_turn_it_over(shipped: Calibration, truth: bool) -> None:
    corrected = shipped.recalibrated([(0.5, truth)] * 20)
    assert 0.005 < corrected.usual.threshold < 0.995
    thresholds = [step.threshold for step in corrected.steps]
    assert thresholds == sorted(thresholds, reverse=True)
    assert all(0 <= step.precision <= 1 and 0 <= step.recall <= 1 for step in corrected.steps)


def test_no_labels_and_extreme_scores_are_no_trouble(shipped: Calibration) -> None:
    assert shipped.recalibrated([]) == shipped
    corrected = shipped.recalibrated([(0.0, True), (1.0, False)])
    assert all(0 < step.threshold < 1 for step in corrected.steps)


def test_pairs_to_label_are_spread_and_each_asked_once() -> None:
    scores = np.concatenate([np.linspace(0.05, 0.95, 300), np.full(10_000, 0.9999), np.full(500, 0.01)])
    rows = pairs_to_label(scores)
    assert len(rows) == len(set(rows.tolist())) == 20
    asked = scores[rows]
    assert (np.diff(asked) <= 0).all()
    assert (asked < 0.5).sum() >= 5
    assert (asked > 0.5).sum() >= 5
    assert ((asked > 0.04) & (asked < 0.96)).sum() >= 8


def test_with_few_pairs_all_are_asked() -> None:
    assert sorted(pairs_to_label([0.2, 0.9, 0.5]).tolist()) == [0, 1, 2]
    assert len(pairs_to_label([])) == 0
