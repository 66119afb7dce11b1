"""What is known of two photos of a group: the evidence, and where the second lies in the first."""

from __future__ import annotations

from dataclasses import dataclass

from photofind.core.duplicates import placements
from photofind.core.evidence import Evidence, Member, Placement, Verdict

_SAME_PIXELS = frozenset({Verdict.SAME_FILE, Verdict.SAME_PICTURE})
_SAME_FRAME = frozenset({*_SAME_PIXELS, Verdict.REENCODED, Verdict.RESIZED})
_WHOLE = 0.006
"""How far corners may be from those of the whole picture, as a share of its sides, before something was cut off."""

_CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
_FARTHEST = 50.0
"""How many times as wide or high as the first picture both together may be; more than that is a mistake."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How a second photo relates to a first one.

    ``evidence`` is None when the two were not compared with each other. ``placement`` maps the second picture into the
    first; None when nobody knows, and they can only be laid over each other by their frames. ``is_reversed`` says that
    the evidence is about the first photo as a copy of the second.
    """

    evidence: Evidence | None
    placement: Placement | None
    is_reversed: bool = False

    @property
    def orientation(self) -> int:
        """By which of EXIF's numbers the second has to be turned to stand as the first does."""
        return 1 if self.evidence is None or self.is_reversed else self.evidence.orientation


def relation_of(first: Member, second: Member) -> Relation:
    """Return what two members of a group are to each other; evidence is about each member and the reference."""
    if first.evidence is None and second.evidence is not None:
        return Relation(second.evidence, _sound(_placement(second.evidence)))
    if second.evidence is None and first.evidence is not None:
        placement = _sound(_placement(first.evidence))
        back = None if placement is None else placements.inverse(placement)
        return Relation(first.evidence, _sound(back), is_reversed=True)
    if first.evidence is None or second.evidence is None:
        return Relation(None, None)
    return Relation(None, _by_way_of_the_reference(first.evidence, second.evidence))


def _by_way_of_the_reference(first: Evidence, second: Evidence) -> Placement | None:
    one, other = _sound(_placement(first)), _sound(_placement(second))
    if one is None or other is None:
        return None
    return _sound(placements.compose(placements.inverse(one), other))


def _placement(evidence: Evidence) -> Placement | None:
    """Return where evidence puts the second; exactly there, if it is one of the eight turns of the whole picture.

    A hair's breadth that an estimate is wrong would show as a difference at every edge.
    """
    if evidence.verdict in _SAME_PIXELS:
        return placements.turn(evidence.orientation)
    if evidence.placement is None:
        return placements.turn(evidence.orientation) if evidence.verdict in _SAME_FRAME else None
    turned = placements.nearest_turn(evidence.placement)
    is_whole = all(
        abs(one - other) <= _WHOLE
        for x, y in _CORNERS
        for one, other in zip(placements.place(turned, x, y), placements.place(evidence.placement, x, y), strict=True)
    )
    return turned if is_whole else evidence.placement


def _sound(placement: Placement | None) -> Placement | None:
    if placement is None or not placements.is_sound(placement):
        return None
    corners = [placements.place(placement, x, y) for x, y in _CORNERS]
    return placement if all(abs(number) < _FARTHEST for corner in corners for number in corner) else None
