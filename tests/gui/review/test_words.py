"""Every verdict, rule and caution has words, and numbers never claim more than they are."""

from __future__ import annotations

import pytest

from photofind.core.duplicates.keeping import Caution, Ground, KeepRule, Suggestion
from photofind.core.evidence import Evidence, GroupKind, Verdict
from photofind.gui.review import words


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_words_and_its_numbers(verdict: Verdict) -> None:
    evidence = Evidence(
        verdict, 0.99999, similarity=0.987, hash_distance=12, matches=1234, overlap=0.5, difference=0.01
    )
    lines = words.evidence_lines(evidence)
    assert lines[0].startswith(words.verdict_words(verdict))
    assert {"12 of 256 bits differ", "1,234 details match", "both show 50 % of the view"} <= set(lines)
    assert "100" not in words.verdict_line(evidence)


def test_all_kinds_have_names() -> None:
    assert len({words.kind_words(kind) for kind in GroupKind}) == len(GroupKind)


@pytest.mark.parametrize("rule", [*KeepRule, *(g for g in Ground if g not in (Ground.OFFLINE, Ground.LINKED))])
def test_every_rule_by_which_a_photo_may_go_is_said(rule: KeepRule | Ground) -> None:
    assert words.suggestion_line(Suggestion(keep=False, rule=rule)).startswith("Suggested: remove (")


@pytest.mark.parametrize("ground", [Ground.PROTECTED, Ground.OFFLINE, Ground.LINKED])
def test_every_ground_to_keep_a_photo_is_said(ground: Ground) -> None:
    assert words.suggestion_line(Suggestion(keep=True, rule=ground)).startswith("Suggested: keep (")


@pytest.mark.parametrize("caution", list(Caution))
def test_what_deserves_a_look_says_why(caution: Caution) -> None:
    suggestion = Suggestion(
        keep=False, rule=KeepRule.LARGER, kept_fact=(4000, 3000), own_fact=(400, 300), caution=caution
    )
    assert words.suggestion_lines(suggestion)[1] == "this one: 400 × 300; the kept one: 4000 × 3000"  # noqa: RUF001
    assert words.suggestion_lines(suggestion)[2].startswith("Look first")


def test_a_copy_by_its_name_is_called_that() -> None:
    path = "/photos/beach (1).jpg"
    suggestion = Suggestion(keep=False, rule=KeepRule.SHORTER_PATH, kept_fact="/photos/beach.jpg", own_fact=path)
    assert words.suggestion_line(suggestion) == "Suggested: remove (named like a copy)"
    assert words.suggestion_line(Suggestion(keep=None)) == ""
