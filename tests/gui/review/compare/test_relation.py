"""What is known of two members, whichever of them is the reference."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from photofind.core.duplicates.placements import IDENTITY, compose, inverse, turn
from photofind.core.evidence import Evidence, Placement, Verdict
from photofind.gui.review.compare.relation import relation_of
from tests.gui.review.compare.conftest import EVIDENCE, PART_PLACEMENT, member

REFERENCE = member("original.jpg")


def test_the_reference_comes_first() -> None:
    evidence = EVIDENCE["mirrored.png"]
    relation = relation_of(REFERENCE, member("b.png", evidence))
    assert relation.evidence == evidence
    assert relation.placement == evidence.placement
    assert relation.orientation == 2
    assert not relation.is_reversed


def test_the_reference_comes_second() -> None:
    relation = relation_of(member("b.png", EVIDENCE["crop.png"]), REFERENCE)
    assert relation.is_reversed
    assert relation.placement == pytest.approx(inverse(PART_PLACEMENT))


def test_two_that_were_compared_with_the_reference_lie_by_way_of_it() -> None:
    relation = relation_of(member("a.png", EVIDENCE["crop.png"]), member("b.png", EVIDENCE["turned.png"]))
    assert relation.evidence is None
    assert relation.placement == pytest.approx(compose(inverse(PART_PLACEMENT), turn(6)))


@pytest.mark.parametrize("verdict", [Verdict.SAME_FILE, Verdict.SAME_PICTURE, Verdict.REENCODED, Verdict.RESIZED])
def test_the_same_frame_needs_no_placement(verdict: Verdict) -> None:
    relation = relation_of(REFERENCE, member("b.jpg", Evidence(verdict, 1.0, orientation=8)))
    assert relation.placement == turn(8)


def test_an_estimate_close_to_the_whole_is_the_whole() -> None:
    nearly = (1.002, 0.001, -0.001, -0.001, 0.999, 0.002)
    evidence = Evidence(Verdict.EDITED, 0.9, placement=nearly)
    assert relation_of(REFERENCE, member("b.jpg", evidence)).placement == IDENTITY
    cropped = (0.98, 0.0, 0.01, 0.0, 0.98, 0.01)
    assert relation_of(REFERENCE, member("b.jpg", replace(evidence, placement=cropped))).placement == cropped


@pytest.mark.parametrize(
    "placement",
    [None, (0.0,) * 6, (math.inf, 0.0, 0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 900.0, 0.0, 1.0, 0.0), (1e-3,) * 6],
)
def test_a_placement_that_cannot_be_is_none(placement: Placement | None) -> None:
    evidence = Evidence(Verdict.SIMILAR, 0.1, placement=placement)
    assert relation_of(REFERENCE, member("b.jpg", evidence)).placement is None
    assert relation_of(member("b.jpg", evidence), REFERENCE).placement is None
    assert relation_of(member("b.jpg", evidence), member("c.jpg", EVIDENCE["crop.png"])).placement is None


def test_a_crop_too_small_to_be_turned_round_is_none() -> None:
    tiny = (0.001, 0.0, 0.5, 0.0, 0.001, 0.5)
    relation = relation_of(member("b.jpg", Evidence(Verdict.CROPPED, 0.9, placement=tiny)), REFERENCE)
    assert relation.placement is None


def test_two_references_say_nothing() -> None:
    relation = relation_of(REFERENCE, member("b.jpg"))
    assert (relation.evidence, relation.placement, relation.orientation) == (None, None, 1)
