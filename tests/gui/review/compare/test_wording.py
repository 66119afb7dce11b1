"""Each verdict as a sentence, with its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photofind.core.duplicates.difference import Difference
from photofind.core.duplicates.verdicts import Change
from photofind.core.evidence import Evidence, Member, Verdict
from photofind.gui.review.compare.relation import relation_of
from photofind.gui.review.compare.wording import (
    change_words,
    difference_sentence,
    evidence_numbers,
    per_cent,
    verdict_sentence,
)
from tests.gui.review.compare.conftest import PART_PLACEMENT, member, upside_down

LARGE = (4000, 3000)


def said(evidence: Evidence, second: Member | None = None, *, is_reversed: bool = False) -> str:
    first = member("a.jpg", size=LARGE)
    other = replace(second or member("b.jpg", size=LARGE), evidence=evidence)
    pair = (other, first) if is_reversed else (first, other)
    return verdict_sentence(*pair, relation_of(*pair))


def test_same_file() -> None:
    assert said(Evidence(Verdict.SAME_FILE, 1.0)) == "Same file: every byte is the same."


def test_same_picture() -> None:
    same = Evidence(Verdict.SAME_PICTURE, 1.0)
    assert said(same) == "Same picture: every pixel is the same; only what the files say beside it differs."
    png = member("b.png", size=LARGE, kind="PNG")
    assert said(same, png) == "Same picture: every pixel is the same, but A is JPEG and B is PNG."


def test_reencoded() -> None:
    evidence = Evidence(Verdict.REENCODED, 0.99, difference=0.004)
    assert said(evidence) == "Re-encoded: same frame, 4000 × 3000 both, brightness differs by 0.4 % on average."  # noqa: RUF001 - as shown


def test_resized() -> None:
    sentence = said(Evidence(Verdict.RESIZED, 0.99), member("b.jpg", size=(1000, 750)))
    assert sentence.startswith("Resized: same frame, A has 4000 × 3000 and B 1000 × 750 pixels")  # noqa: RUF001 - as shown
    assert "6 % of the larger" in sentence


def test_cropped_says_who_shows_how_much_of_whom() -> None:
    evidence = Evidence(Verdict.CROPPED, 0.99, overlap=0.78, placement=(0.9, 0.0, 0.0, 0.0, 0.867, 0.1))
    assert said(evidence) == "Cropped: B shows 78 % of A."
    assert said(evidence, is_reversed=True) == "Cropped: A shows 78 % of B."
    assert said(replace(evidence, placement=None)) == "Cropped: one shows a part of the other."


def test_turning_is_told() -> None:
    evidence = Evidence(
        Verdict.CROPPED, 0.99, orientation=6, overlap=0.78, placement=upside_down(PART_PLACEMENT), changes=("cropped",)
    )
    assert said(evidence) == "Cropped: B shows 78 % of A, turned by 90°."


def test_edited_tells_each_change_once() -> None:
    evidence = Evidence(
        Verdict.EDITED,
        0.9,
        orientation=2,
        overlap=0.5,
        difference=0.06,
        placement=PART_PLACEMENT,
        changes=("cropped", "mirrored", "grey"),
    )
    assert said(evidence) == (
        "Edited: the same picture, B shows 50 % of A, mirrored, without colours, "
        "brightness differs by 6.0 % on average."
    )
    assert said(Evidence(Verdict.EDITED, 0.9)) == "Edited: the same picture, changed."


def test_similar_is_told_apart_from_copies() -> None:
    assert said(Evidence(Verdict.SIMILAR, 0.1)) == (
        "Similar shot: the same scene, but another picture of it; never suggested to be removed."
    )


def test_two_that_were_not_compared() -> None:
    evidence = Evidence(Verdict.REENCODED, 0.9)
    pair = member("a.jpg", evidence), member("b.jpg", evidence)
    assert verdict_sentence(*pair, relation_of(*pair)).startswith("Not compared with each other")


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_sentence(verdict: Verdict) -> None:
    sentence = said(Evidence(verdict, 0.5))
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("change", Change)
def test_every_change_has_words(change: Change) -> None:
    words = change_words(change)
    assert words
    assert words != change or change in (Change.CROPPED, Change.MIRRORED, Change.STRAIGHTENED, Change.STRETCHED)
    assert change_words("of another version") == "of another version"


def test_the_numbers() -> None:
    full = Evidence(Verdict.CROPPED, 0.9996, 0.9876, 12, 1, 1234, 0.781, 0.0042)
    assert evidence_numbers(full) == (
        "probability of a copy 99.9 % · similarity 0.988 · hashes differ in 12 of 256 bits · 1,234 matching details · "
        "both show 78 % · mean difference 0.42 %"
    )
    assert evidence_numbers(Evidence(Verdict.SAME_FILE, 1.0)) == "probability of a copy 100 %"


@pytest.mark.parametrize(
    ("share", "digits", "shown"),
    [
        (0.0, 1, "0"),
        (0.0002, 1, "less than 0.1"),
        (0.004, 1, "0.4"),
        (0.9999, 1, "99.9"),
        (0.999, 0, "99"),
        (1.0, 1, "100"),
    ],
)
def test_what_is_not_quite_nothing_or_all_is_not_called_so(share: float, digits: int, shown: str) -> None:
    assert per_cent(share, digits) == shown


def measured(mean: float, most: float, colour: float, shared: float = 1.0) -> Difference:
    nothing = np.zeros((1, 1), np.uint8)
    return Difference(nothing, nothing, mean, most, colour, shared)


def test_a_difference_in_words() -> None:
    def words(found: Difference, *, is_identical: bool = False, is_whole: bool = True) -> str:
        return difference_sentence(found, is_identical=is_identical, is_whole=is_whole)

    assert words(measured(0, 0, 0), is_identical=True) == "No pixel differs."
    assert "at this size" in words(measured(0, 0, 0), is_identical=True, is_whole=False)
    assert words(measured(0, 0, 0)) == "No difference can be seen at this size."
    assert words(measured(0, 0, 0, 0)) == "The photos have no place in common."
    assert words(measured(0.034, 0.4, 0.04)) == "Brightness differs by 3.4 % on average, 40 % at most."
    assert words(measured(0.002, 0.1, 0.08)).endswith("Colours differ more: by 8.0 %.")
