"""What is suggested goes by what photos are to the one that is kept, not to the one that a group was made around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from photofind.core.duplicates.keeping import Keeper
from photofind.core.evidence import DuplicateGroup, Evidence, GroupKind, Verdict
from photofind.core.records import ContentId
from photofind.core.settings import Settings
from photofind.gui.review.bulk import USUAL, marks_of
from photofind.gui.review.marks import KEEP, REMOVE, UNMARKED
from photofind.gui.review.source import ReviewSource
from photofind.gui.review.weighing import weigh
from tests.support.plans import Copies

_EDITED = Evidence(Verdict.EDITED, 0.98)
_RESIZED = Evidence(Verdict.RESIZED, 0.99)


class _Pairs:
    """Knows what some contents are to a first one."""

    def __init__(self, known: Mapping[int, Mapping[int, Evidence]]) -> None:
        self._known = known

    def evidence_of(self, first: ContentId, others: Iterable[ContentId]) -> Mapping[ContentId, Evidence]:
        return {other: self._known[first][other] for other in others if other in self._known.get(first, {})}


@pytest.fixture
def group(tmp_path: Path) -> DuplicateGroup:
    """A small version, around which the group was made; then the largest, and another small one."""
    (made,) = Copies(tmp_path / "photos").groups(1, copies=3)
    sizes, evidence = ((30, 20), (60, 40), (30, 20)), (None, _RESIZED, _RESIZED)
    members = (
        replace(
            member,
            content_id=ContentId(number + 1),
            content_hash=bytes([number]) * 32,
            facts=replace(member.facts, width=sizes[number][0], height=sizes[number][1]),
            evidence=evidence[number],
        )
        for number, member in enumerate(made.members)
    )
    return DuplicateGroup("key", GroupKind.NEAR, tuple(members))


def _marks(group: DuplicateGroup, known: Mapping[int, Mapping[int, Evidence]]) -> list[int]:
    weighed = weigh(cast("ReviewSource", _Pairs(known)), group, Keeper.of(Settings()))
    return [int(code) for code in marks_of(weighed.group, weighed.suggestions, USUAL)]


def test_what_two_photos_are_to_each_other_counts_before_what_both_are_to_the_reference(group: DuplicateGroup) -> None:
    assert _marks(group, {2: {1: _RESIZED, 3: _EDITED}}) == [REMOVE, KEEP, UNMARKED]
    assert _marks(group, {2: {1: _RESIZED, 3: _RESIZED}}) == [REMOVE, KEEP, REMOVE]


def test_what_is_not_known_of_two_is_the_worse_of_what_both_are_to_the_reference(group: DuplicateGroup) -> None:
    assert _marks(group, {}) == [REMOVE, KEEP, REMOVE]
    cropped = replace(group.members[2], evidence=Evidence(Verdict.CROPPED, 0.97))
    group = replace(group, members=(*group.members[:2], cropped))
    assert _marks(group, {}) == [REMOVE, KEEP, UNMARKED]
