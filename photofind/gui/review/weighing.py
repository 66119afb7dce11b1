"""What is suggested for a group, by what its photos are to the one that is kept and not only to its reference.

::

    group ──rules──▶ which one is kept ──evidence of the others against it──▶ rules again: suggestions, cautions

A group is made around the photo that is most like all others. That need not be the one worth keeping: where it is an
edited version, all others would look edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from photofind.core.duplicates.keeping import Keeper, Suggestion
from photofind.core.evidence import DuplicateGroup, Evidence, Member, Verdict
from photofind.core.records import ContentId
from photofind.gui.review.source import ReviewSource

_FEW_CONTENTS: Final = 50
_ORDER: Final = list(Verdict)

Known = Mapping[ContentId, Mapping[ContentId, Evidence]]
"""What is known of a second content as a copy of a first one: by the first, then by the second."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A group whose evidence is about each photo and the one that is to be kept, and a suggestion for each member."""

    group: DuplicateGroup
    suggestions: tuple[Suggestion, ...]


def weigh(source: ReviewSource, group: DuplicateGroup, keeper: Keeper) -> Weighed:
    """Return what is suggested for a group."""
    suggestions = keeper.suggest(group)
    kept = _kept_of(group, suggestions)
    if kept is None or kept.evidence is None:
        return Weighed(group, suggestions)
    known = source.evidence_of(kept.content_id, {member.content_id for member in group.members})
    against = replace(group, members=tuple(_against(kept, member, known) for member in group.members))
    return Weighed(against, keeper.suggest(against))


def evidence_between(source: ReviewSource, group: DuplicateGroup, suggestions: Sequence[Suggestion]) -> Known:
    """Return what is known of the members as copies of each other, in a large group only of those suggested to stay."""
    contents = list(dict.fromkeys(member.content_id for member in group.members))
    firsts = contents
    if len(contents) > _FEW_CONTENTS:
        pairs = zip(group.members, suggestions, strict=True)
        firsts = list(dict.fromkeys(member.content_id for member, each in pairs if each.keep))[:_FEW_CONTENTS]
    return {first: source.evidence_of(first, contents) for first in firsts}


def same_file() -> Evidence:
    """Return what two files with the same bytes are to each other."""
    return Evidence(Verdict.SAME_FILE, 1.0, similarity=1.0, hash_distance=0)


def _kept_of(group: DuplicateGroup, suggestions: Sequence[Suggestion]) -> Member | None:
    """Return the member that most others are to make room for."""
    named = Counter(each.kept for each in suggestions if each.kept is not None)
    photo_id = named.most_common(1)[0][0] if named else None
    return next((member for member in group.members if member.photo_id == photo_id), None)


def _against(kept: Member, member: Member, known: Mapping[ContentId, Evidence]) -> Member:
    if member.photo_id == kept.photo_id:
        return replace(member, evidence=None)
    if member.content_id == kept.content_id:
        return replace(member, evidence=same_file())
    evidence = known.get(member.content_id)
    if evidence is None:  # then they are at best what the worse of both is to the reference
        evidence = max(filter(None, (kept.evidence, member.evidence)), key=lambda each: _ORDER.index(each.verdict))
    return replace(member, evidence=evidence)
