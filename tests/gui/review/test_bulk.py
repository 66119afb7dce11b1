"""Which photos are marked when suggestions hold for many groups: by the verdict beside the kept one, never in doubt."""

from __future__ import annotations

import pytest

from photofind.core.duplicates.keeping import Keeper, KeepRule
from photofind.core.evidence import DuplicateGroup, GroupKind, Verdict
from photofind.gui.review.bulk import USUAL, marks_of
from photofind.gui.review.marks import KEEP, REMOVE, UNMARKED
from tests.duplicates.made_groups import copies, group, member

_RULES = tuple(KeepRule)


def _marks(made: DuplicateGroup, verdicts: frozenset[Verdict] = USUAL, protected: str = "/none/") -> list[int]:
    keeper = Keeper(_RULES, (), lambda path: path.startswith(protected))
    return [int(code) for code in marks_of(made, keeper.suggest(made), verdicts)]


def _large_and(verdict: Verdict) -> DuplicateGroup:
    return group(member("/a/1.jpg", size=(4000, 3000)), member("/a/2.jpg", verdict=verdict, size=(400, 300)))


@pytest.mark.parametrize("verdict", [each for each in Verdict if each not in (Verdict.SAME_FILE, Verdict.SIMILAR)])
def test_a_verdict_decides_whether_a_copy_is_marked(verdict: Verdict) -> None:
    made = _large_and(verdict)
    assert _marks(made, frozenset({verdict})) == [KEEP, REMOVE]
    assert _marks(made, frozenset(Verdict) - {verdict}) == [UNMARKED, UNMARKED]
    assert _marks(made) == ([KEEP, REMOVE] if verdict in USUAL else [UNMARKED, UNMARKED])


def test_byte_identical_files_are_marked_whatever_their_reference_is() -> None:
    assert sorted(_marks(copies("/a/1.jpg", "/a/longer/2.jpg", "/a/longest/3.jpg"))) == [KEEP, REMOVE, REMOVE]
    twice_and_edited = group(
        member("/a/1.jpg"),
        member("/a/2.jpg", content=7, verdict=Verdict.EDITED, camera="X"),
        member("/a/long/3.jpg", content=7, verdict=Verdict.EDITED, camera="X"),
    )
    # The copy of the kept file may go; the reference is an edited version of it and may not.
    assert _marks(twice_and_edited) == [UNMARKED, KEEP, REMOVE]


def test_the_verdict_is_that_beside_the_one_that_is_kept() -> None:
    made = group(member("/a/1.jpg"), member("/a/2.jpg", verdict=Verdict.EDITED, camera="X"))
    assert _marks(made) == [UNMARKED, UNMARKED]
    assert _marks(made, USUAL | {Verdict.EDITED}) == [REMOVE, KEEP]


def test_similar_shots_are_never_marked() -> None:
    made = group(member("/a/1.jpg"), member("/a/2.jpg", verdict=Verdict.SIMILAR), kind=GroupKind.SIMILAR)
    assert _marks(made, frozenset(Verdict)) == [UNMARKED, UNMARKED]


def test_a_raw_file_and_its_picture_are_left_to_the_user() -> None:
    made = group(
        member("/a/1.cr2", file_format="RAW"), member("/a/1.jpg", verdict=Verdict.REENCODED, size=(2000, 1500))
    )
    assert _marks(made, frozenset(Verdict)) == [UNMARKED, UNMARKED]


def test_what_is_protected_or_away_is_never_marked_to_go() -> None:
    made = group(
        member("/safe/1.jpg", size=(400, 300)),
        member("/a/2.jpg", verdict=Verdict.REENCODED, size=(400, 300)),
        member("/a/3.jpg", verdict=Verdict.REENCODED, size=(400, 300), offline=True),
        member("/a/4.jpg", verdict=Verdict.RESIZED, size=(4000, 3000)),
    )
    codes = _marks(made, protected="/safe/")
    assert codes[0] == KEEP
    assert codes[1] == REMOVE
    assert codes[2] == KEEP
    assert codes[3] == UNMARKED  # the better one of two of which the other is protected
