"""The rules by which a copy is better than another, each of which looks at all that are left at once.

A rule lets those stay that are as good as the best. That makes the outcome independent of the order of the photos, and
what a photo lost by is the rule that it left at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from photofind.core.evidence import Member, Verdict
from photofind.core.paths import is_within


class KeepRule(StrEnum):
    """What speaks for a copy; the settings put them in an order."""

    LARGER = "larger"
    FORMAT = "format"
    METADATA = "metadata"
    PREFERRED = "preferred"
    OLDER = "older"
    SHORTER_PATH = "shorter-path"


Fact = tuple[int, int] | int | str | None
"""What a rule compared: width and height, a format, a number of facts, nanoseconds since 1970, a folder or a path."""

_SAME_SIZE = 0.98
"""Share of the largest picture's pixels that counts as its size: lossless turning and RAW margins cost up to 2 %."""

_SAME_TIME_NS = 2_000_000_000  # FAT keeps modification times to two seconds
_NO_TIME_NS = 631_152_000_000_000_000  # 1990: what is older is a clock that was not set, or an archive without times

_FORMATS = ("RAW", "HEIF", "TIFF", "PNG", "BMP", "PNM", "JPEG", "JPEG2000", "AVIF", "WEBP", "GIF")
"""From best to worst: what cameras record, what keeps every pixel, what does not."""

_LOSSLESS = frozenset({"PNG", "BMP", "PNM"})

_COPY_NAME = re.compile(
    r"""
      [ _-]*\(\d{1,3}\)$                                           # photo (1)
    | ~\d{1,3}$                                                    # photo~2
    | [ ]\((another[ ]|\d+(st|nd|rd|th)[ ])?copy([ ]\d+)?\)$        # photo (3rd copy)
    | [ _-](copy|kopie|copie|copia|cópia|kopia|kopi|копия|コピー|副本)([ _]?\(?\d+\)?)?$   # photo - Copy (2)
    | ^(copy|kopie|copie|copia|cópia)[ ](\(\d+\)[ ])?(of|von|de|di)[ ]   # Copy of photo
    """,
    re.IGNORECASE | re.VERBOSE,
)


class RuleBook:
    """The user's rules in their order, with the preferred folders that one of them goes by."""

    def __init__(self, rules: Sequence[KeepRule], preferred: Sequence[str]) -> None:
        # The shorter path decides when nothing else does: two paths are never equal.
        self.rules = tuple(dict.fromkeys((*rules, KeepRule.SHORTER_PATH)))
        self._preferred = [(folder, _spellings(folder)) for folder in preferred]

    def best(self, rule: KeepRule, contenders: Sequence[Member]) -> list[bool]:
        """Tell of each contender, of which there is at least one, whether the rule lets it stay."""
        if rule is KeepRule.LARGER:
            return _largest(contenders)
        if rule is KeepRule.FORMAT:
            return _least(_format_ranks(contenders))
        if rule is KeepRule.METADATA:
            return _least([-member.metadata for member in contenders])
        if rule is KeepRule.PREFERRED:
            return _least([self._preference(member.path) for member in contenders])
        if rule is KeepRule.OLDER:
            return _oldest(contenders)
        return _least([(has_copy_name(m.path), len(m.path), m.path, m.photo_id) for m in contenders])

    def decides(self, first: Member, second: Member) -> tuple[KeepRule, bool]:
        """Return the rule that tells two photos apart, and whether it speaks for the first."""
        for rule in self.rules:
            stay = self.best(rule, (first, second))
            if not all(stay):
                return rule, stay[0]
        return KeepRule.SHORTER_PATH, True  # one and the same photo

    def fact(self, rule: KeepRule, member: Member) -> Fact:
        """Return what a rule compares of a photo."""
        if rule is KeepRule.LARGER:
            return member.facts.width, member.facts.height
        if rule is KeepRule.FORMAT:
            return member.facts.format
        if rule is KeepRule.METADATA:
            return member.metadata
        if rule is KeepRule.PREFERRED:
            place = self._preference(member.path)
            return self._preferred[place][0] if place < len(self._preferred) else None
        return member.stamp.mtime_ns if rule is KeepRule.OLDER else member.path

    def _preference(self, path: str) -> int:
        """Return the place of a path's folder among the preferred ones, 0 for the first; after the last when none."""
        path = os.path.normcase(path)
        for place, (_, spellings) in enumerate(self._preferred):
            if any(is_within(path, spelling) for spelling in spellings):
                return place
        return len(self._preferred)


def has_copy_name(path: str) -> bool:
    """Tell whether a file is named like what systems and browsers call a copy: "photo (1)", "Copy of photo"."""
    return _COPY_NAME.search(os.path.splitext(os.path.basename(path))[0]) is not None


def _largest(contenders: Sequence[Member]) -> list[bool]:
    pixels = [member.facts.width * member.facts.height for member in contenders]
    cropped = any(member.evidence and member.evidence.verdict is Verdict.CROPPED for member in contenders)
    bound = max(pixels) * (1.0 if cropped else _SAME_SIZE)
    return [count >= bound for count in pixels]


def _format_ranks(contenders: Sequence[Member]) -> list[int]:
    """Return the place of each one's format, 0 for the best.

    A file that keeps every pixel is the better one where nobody knows which was first. Beside a camera's own JPEG it is
    a screenshot or was saved again from that, and so is HEIF or TIFF that does not tell the camera any more.
    """
    original = any(member.facts.format == "JPEG" and member.facts.camera for member in contenders)
    return [_format_rank(member, beside_original=original) for member in contenders]


def _format_rank(member: Member, *, beside_original: bool) -> int:
    name = member.facts.format
    rank = _FORMATS.index(name) if name in _FORMATS else len(_FORMATS)
    if not beside_original or name in ("RAW", "JPEG"):
        return rank
    return rank + len(_FORMATS) if name in _LOSSLESS or not member.facts.camera else rank


def _oldest(contenders: Sequence[Member]) -> list[bool]:
    times = [member.stamp.mtime_ns for member in contenders]
    known = [time for time in times if time >= _NO_TIME_NS]
    if not known:
        return [True] * len(times)
    return [_NO_TIME_NS <= time <= min(known) + _SAME_TIME_NS for time in times]


def _least(values: Sequence[Any]) -> list[bool]:
    least = min(values)
    return [value == least for value in values]


def _spellings(folder: str) -> tuple[str, ...]:
    """Return a folder as it is named and as it is called where links lead."""
    return tuple(dict.fromkeys(os.path.normcase(path) for path in (folder, os.path.realpath(folder))))
