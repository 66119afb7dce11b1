"""What two photos are to each other, in a sentence with numbers, and the numbers themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from photofind.core.duplicates import placements
from photofind.core.duplicates.difference import Difference
from photofind.core.duplicates.verdicts import Change
from photofind.core.evidence import Evidence, Member, Verdict
from photofind.gui import numbers
from photofind.gui.review.compare.relation import Relation

_HASH_BITS: Final = 256
_COLOUR_STANDS_OUT: Final = 3.0
_LEAST_COLOUR: Final = 0.02


def verdict_sentence(first: Member, second: Member, relation: Relation) -> str:
    """Return what the second photo, B, is to the first, A."""
    translate = QCoreApplication.translate
    evidence = relation.evidence
    if evidence is None:
        return translate(
            "Compare",
            "Not compared with each other: both were compared with the photo that is first in the group.",
        )
    writers: dict[Verdict, Callable[[Member, Member, Relation, Evidence], str]] = {
        Verdict.SAME_FILE: _same_file,
        Verdict.SAME_PICTURE: _same_picture,
        Verdict.REENCODED: _reencoded,
        Verdict.RESIZED: _resized,
        Verdict.CROPPED: _cropped,
        Verdict.EDITED: _edited,
        Verdict.SIMILAR: _similar,
    }
    return writers[evidence.verdict](first, second, relation, evidence)


def evidence_numbers(evidence: Evidence) -> str:
    """Return all numbers that are known of a pair, in one line."""
    translate = QCoreApplication.translate
    parts = [translate("Compare", "probability of a copy {} %").format(per_cent(evidence.score, 1))]
    if evidence.similarity is not None:
        parts.append(translate("Compare", "similarity {}").format(numbers.decimal(evidence.similarity, 3)))
    if evidence.hash_distance is not None:
        parts.append(translate("Compare", "hashes differ in {} of {} bits").format(evidence.hash_distance, _HASH_BITS))
    if evidence.matches is not None:
        parts.append(translate("Compare", "{} matching details").format(numbers.grouped(evidence.matches)))
    if evidence.overlap is not None:
        parts.append(translate("Compare", "both show {} %").format(per_cent(evidence.overlap, 0)))
    if evidence.difference is not None:
        parts.append(translate("Compare", "mean difference {} %").format(per_cent(evidence.difference, 2)))
    return " · ".join(parts)


def difference_sentence(found: Difference, *, is_identical: bool, is_whole: bool) -> str:
    """Return what was measured where both pictures are, in words."""
    translate = QCoreApplication.translate
    if is_identical:
        if is_whole:
            return translate("Compare", "No pixel differs.")
        return translate(
            "Compare", "No pixel differs at this size; the photos are too large to compare every pixel here."
        )
    if found.shared == 0:
        return translate("Compare", "The photos have no place in common.")
    if found.most == 0 and found.colour == 0:
        return translate("Compare", "No difference can be seen at this size.")
    words = translate("Compare", "Brightness differs by {} % on average, {} % at most.").format(
        per_cent(found.mean, 1), per_cent(found.most, 0)
    )
    if found.colour > max(_LEAST_COLOUR, _COLOUR_STANDS_OUT * found.mean):
        colours = translate("Compare", "Colours differ more: by {} %.").format(per_cent(found.colour, 1))
        return f"{words} {colours}"
    return words


def per_cent(share: float, digits: int) -> str:
    """Return a share in percent; what is not quite nothing or all is never rounded to that."""
    percent, step = share * 100, 10.0**-digits
    if 0 < percent < step / 2:
        return QCoreApplication.translate("Compare", "less than {}").format(numbers.decimal(step, digits))
    if share < 1 and percent > 100 - step / 2:
        percent = 100 - step
    return numbers.decimal(percent, 0 if percent in (0, 100) else digits)


# One writer for each verdict


def _same_file(_first: Member, _second: Member, _relation: Relation, _evidence: Evidence) -> str:
    return QCoreApplication.translate("Compare", "Same file: every byte is the same.")


def _same_picture(first: Member, second: Member, _relation: Relation, evidence: Evidence) -> str:
    translate = QCoreApplication.translate
    if first.facts.format != second.facts.format:
        text = translate("Compare", "Same picture: every pixel is the same, but A is {} and B is {}").format(
            first.facts.format.upper(), second.facts.format.upper()
        )
    else:
        text = translate("Compare", "Same picture: every pixel is the same; only what the files say beside it differs")
    return _ended(text, _turned(evidence))


def _reencoded(first: Member, _second: Member, _relation: Relation, evidence: Evidence) -> str:
    translate = QCoreApplication.translate
    text = translate("Compare", "Re-encoded: same frame, {} both").format(_pixels(first))
    return _ended(text, _turned(evidence), _changes(evidence), _differs(evidence))


def _resized(first: Member, second: Member, _relation: Relation, evidence: Evidence) -> str:
    translate = QCoreApplication.translate
    larger, smaller = sorted((first, second), key=lambda member: member.facts.width * member.facts.height)[::-1]
    share = (smaller.facts.width * smaller.facts.height) / max(1, larger.facts.width * larger.facts.height)
    text = translate("Compare", "Resized: same frame, A has {} and B {} pixels, the smaller {} % of the larger").format(
        _pixels(first), _pixels(second), per_cent(share, 0)
    )
    return _ended(text, _turned(evidence), _changes(evidence), _differs(evidence))


def _cropped(_first: Member, _second: Member, relation: Relation, evidence: Evidence) -> str:
    text = QCoreApplication.translate("Compare", "Cropped: {}").format(_part_of(relation, evidence))
    return _ended(text, _turned(evidence), _changes(evidence), _differs(evidence))


def _part_of(relation: Relation, evidence: Evidence) -> str:
    """Return which photo shows how much of the other."""
    translate = QCoreApplication.translate
    if relation.placement is None or evidence.overlap is None:
        return translate("Compare", "one shows a part of the other")
    shown = per_cent(evidence.overlap, 0)
    if placements.area(relation.placement) <= 1:
        return translate("Compare", "B shows {} % of A").format(shown)
    return translate("Compare", "A shows {} % of B").format(shown)


def _edited(_first: Member, _second: Member, relation: Relation, evidence: Evidence) -> str:
    translate = QCoreApplication.translate
    done = [_turned(evidence), _changes(evidence)]
    if Change.CROPPED in evidence.changes:
        done.insert(0, _part_of(relation, evidence))
    parts = [part for part in done if part] or [translate("Compare", "changed")]
    return _ended(translate("Compare", "Edited: the same picture"), *parts, _differs(evidence))


def _similar(_first: Member, _second: Member, _relation: Relation, _evidence: Evidence) -> str:
    return QCoreApplication.translate(
        "Compare", "Similar shot: the same scene, but another picture of it; never suggested to be removed."
    )


def _ended(text: str, *parts: str) -> str:
    return ", ".join([text, *(part for part in parts if part)]) + "."


def _pixels(member: Member) -> str:
    return f"{member.facts.width} \N{MULTIPLICATION SIGN} {member.facts.height}"


def _differs(evidence: Evidence) -> str:
    if evidence.difference is None:
        return ""
    return QCoreApplication.translate("Compare", "brightness differs by {} % on average").format(
        per_cent(evidence.difference, 1)
    )


def _turned(evidence: Evidence) -> str:
    translate = QCoreApplication.translate
    turns = {
        2: translate("Compare", "mirrored"),
        3: translate("Compare", "turned by 180°"),
        4: translate("Compare", "mirrored top to bottom"),
        5: translate("Compare", "turned by 90° and mirrored"),
        6: translate("Compare", "turned by 90°"),
        7: translate("Compare", "turned by 90° and mirrored"),
        8: translate("Compare", "turned by 90°"),
    }
    return turns.get(evidence.orientation, "")


def _changes(evidence: Evidence) -> str:
    """Return what was done to one of them, apart from turning and cropping, which are told with their numbers."""
    return ", ".join(change_words(change) for change in evidence.changes if change not in _TOLD_WITH_NUMBERS)


_TOLD_WITH_NUMBERS: Final = frozenset({Change.MIRRORED, Change.ROTATED, Change.CROPPED})


def change_words(change: str) -> str:
    """Return the name of a change as people say it; a name that is not known here is shown as it is."""
    translate = QCoreApplication.translate
    known: dict[str, str] = {
        Change.CROPPED: translate("Compare", "cropped"),
        Change.MIRRORED: translate("Compare", "mirrored"),
        Change.ROTATED: translate("Compare", "turned"),
        Change.STRAIGHTENED: translate("Compare", "straightened"),
        Change.STRETCHED: translate("Compare", "stretched"),
        Change.FRAMED: translate("Compare", "with a border"),
        Change.GREY: translate("Compare", "without colours"),
        Change.COLOURS: translate("Compare", "with other colours"),
        Change.BRIGHTNESS: translate("Compare", "brighter or darker"),
        Change.CONTRAST: translate("Compare", "with another contrast"),
        Change.SHARPNESS: translate("Compare", "sharper or softer"),
        Change.WRITTEN_ON: translate("Compare", "with something written or drawn on it"),
    }
    return known.get(change, change)
