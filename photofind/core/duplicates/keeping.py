"""Which of several copies is to be kept: the user's rules, one after the other, until one photo is left.

::

    members at hand ──the protected ones, if any──▶ contenders ──rule by rule, the best stay──▶ the one to keep

Nothing here acts: a suggestion is shown, and those that need a look first (:class:`Caution`) are said to. What is never
suggested to go: photos in protected folders, photos on a volume that is away, a second path to the very file that is
kept, and anything in a group of similar shots.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from photofind.core.actions.protection import ProtectedFolders
from photofind.core.duplicates.keep_rules import Fact, KeepRule, RuleBook
from photofind.core.evidence import DuplicateGroup, GroupKind, Member, Verdict
from photofind.core.records import PhotoId
from photofind.core.settings import Settings

__all__ = ["Caution", "Fact", "Ground", "KeepRule", "Keeper", "Suggestion", "caution_of", "protection", "suggest"]


_SAME_BYTES = 0.95
"""Share of the largest file's bytes that counts as its size: metadata and thumbnails inside it come and go."""


class Ground(StrEnum):
    """What decides before all rules.

    ``ORIGINAL``: where some pictures were cropped or edited, what they were rather made from is kept, or else a
    screenshot or a frame around the photo would win by its size, and a grey version by its date.
    ``COMPRESSED``: when all rules but the path leave several files of one format, the larger file is kept.
    """

    PROTECTED = "protected"
    OFFLINE = "offline"
    LINKED = "linked"
    ORIGINAL = "original"
    COMPRESSED = "compressed"


class Caution(StrEnum):
    """Why a photo that may go deserves a look first: what is kept is not the same picture, or is the worse one.

    ``RAW`` is the picture that was developed from a RAW file, or the other way round. ``BETTER`` photos would be kept
    if the other one were not in a protected folder.
    """

    EDITED = "edited"
    CROPPED = "cropped"
    RAW = "raw"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is to become of a photo, None for no suggestion, and why.

    ``kept`` is the photo that is kept instead of one that may go, ``kept_fact`` and ``own_fact`` are what ``rule``
    compared of the two.
    """

    keep: bool | None
    rule: KeepRule | Ground | None = None
    kept: PhotoId | None = None
    kept_fact: Fact = None
    own_fact: Fact = None
    caution: Caution | None = None

    @property
    def is_bold(self) -> bool:
        """Whether the photo should only go when somebody has looked at it."""
        return self.caution is not None


@dataclass(frozen=True, slots=True)
class _Contest:
    """The photo to keep, and by what each of the others lost."""

    best: Member
    losses: dict[PhotoId, KeepRule | Ground]


class Keeper:
    """Suggests by one set of rules and folders; cheap for each group, so make one for many."""

    def __init__(
        self, rules: Sequence[KeepRule], preferred: Sequence[str], is_protected: Callable[[str], bool]
    ) -> None:
        self._book = RuleBook(rules, preferred)
        self._order: list[KeepRule | Ground] = list(self._book.rules)
        if self._order[-1] is KeepRule.SHORTER_PATH:  # else the user wants the path to decide before others
            self._order.insert(-1, Ground.COMPRESSED)
        self._is_protected = is_protected

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return one that goes by the user's settings."""
        rules = [KeepRule(name) for name in settings.keep_rules]
        return cls(rules, settings.preferred_folders, protection(settings.protected_folders))

    def suggest(self, group: DuplicateGroup) -> tuple[Suggestion, ...]:
        """Return a suggestion for each member, in their order; nothing is suggested for similar shots."""
        members = group.members
        if group.kind is GroupKind.SIMILAR:
            return tuple(Suggestion(None) for _ in members)
        present = [member for member in members if not member.offline]
        if not present:
            return tuple(Suggestion(keep=True, rule=Ground.OFFLINE) for _ in members)
        protected = [member for member in present if self._is_protected(member.path)]
        safe = frozenset(member.photo_id for member in protected)
        contest = self._contest(protected or present)
        return tuple(self._suggestion(member, contest, safe) for member in members)

    def _suggestion(self, member: Member, contest: _Contest, safe: frozenset[PhotoId]) -> Suggestion:
        best = contest.best
        if member.photo_id in safe:
            return Suggestion(keep=True, rule=Ground.PROTECTED)
        if member.offline:
            return Suggestion(keep=True, rule=Ground.OFFLINE)
        if member.photo_id == best.photo_id:
            return Suggestion(keep=True)
        if is_same_file(member, best):
            return Suggestion(keep=True, rule=Ground.LINKED, kept=best.photo_id)
        rule = contest.losses.get(member.photo_id, Ground.PROTECTED)
        return Suggestion(
            keep=False,
            rule=rule,
            kept=best.photo_id,
            kept_fact=self._book.fact(rule, best) if isinstance(rule, KeepRule) else None,
            own_fact=self._book.fact(rule, member) if isinstance(rule, KeepRule) else None,
            caution=caution_of(member, best) or self._betterness(member, best, rule),
        )

    def _contest(self, contenders: Sequence[Member]) -> _Contest:
        left, aside = _originals_first(contenders)
        losses: dict[PhotoId, KeepRule | Ground] = {}
        for rule in self._order:
            stays = self._book.best(rule, left) if isinstance(rule, KeepRule) else _least_compressed(left)
            losses.update((member.photo_id, rule) for member, stay in zip(left, stays, strict=True) if not stay)
            left = [member for member, stay in zip(left, stays, strict=True) if stay]
        best = left[0]
        for member in aside:
            rule, wins = self._book.decides(best, member)
            losses[member.photo_id] = rule if wins else Ground.ORIGINAL
        return _Contest(best, losses)

    def _betterness(self, member: Member, best: Member, rule: KeepRule | Ground) -> Caution | None:
        if rule is not Ground.PROTECTED:
            return None
        telling, wins = self._book.decides(best, member)
        return Caution.BETTER if not wins and telling in (KeepRule.LARGER, KeepRule.FORMAT) else None


def suggest(
    group: DuplicateGroup, rules: Sequence[KeepRule], preferred: Sequence[str], protected: Sequence[str]
) -> tuple[Suggestion, ...]:
    """Return a suggestion for each member of a group, in their order.

    ``rules`` come with the most important first, ``preferred`` folders with the most preferred one; nothing in the
    ``protected`` folders is suggested to go. All are absolute paths. See :class:`Keeper` for many groups.
    """
    return Keeper(rules, preferred, protection(protected)).suggest(group)


def protection(folders: Sequence[str]) -> Callable[[str], bool]:
    """Return what tells whether a photo is below a protected folder, by any path to it.

    Each folder of photos is looked at once, for there may be a hundred thousand photos to ask about. That is enough to
    suggest and to plan by; whoever acts looks at the very file again.
    """
    protected = ProtectedFolders(folders)
    known: dict[str, bool] = {}

    def is_protected(path: str) -> bool:
        folder = os.path.dirname(path)
        if folder not in known:
            known[folder] = protected.covers(folder)
        return known[folder]

    return is_protected


def caution_of(member: Member, kept: Member) -> Caution | None:
    """Return why it is not the same picture that is kept when this member goes, None when it is."""
    if member.content_id == kept.content_id:
        return None
    verdicts = {other.evidence.verdict for other in (member, kept) if other.evidence is not None}
    if Verdict.EDITED in verdicts:
        return Caution.EDITED
    if Verdict.CROPPED in verdicts:
        return Caution.CROPPED
    return Caution.RAW if (member.facts.format == "RAW") != (kept.facts.format == "RAW") else None


def is_same_file(member: Member, other: Member) -> bool:
    """Tell whether two paths seem to lead to one file: a hard link, or a folder that is mounted twice."""
    return member.content_id == other.content_id and member.stamp == other.stamp and member.stamp.file_id != 0


def _least_compressed(contenders: Sequence[Member]) -> list[bool]:
    """Tell of each file whether it is about as large as the largest; of several formats that says nothing."""
    if len({member.facts.format for member in contenders}) > 1:
        return [True] * len(contenders)
    bound = max(member.stamp.size for member in contenders) * _SAME_BYTES
    return [member.stamp.size >= bound for member in contenders]


def _originals_first(contenders: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Return the pictures that may be originals, and those that are rather made from them.

    Those that are copies of the group's reference, which is the largest of those that most are like, come before what
    was cropped or edited; unless none of them tells its camera and an altered one does: then that is the original.
    """
    left = [member for member in contenders if not _is_altered(member)]
    if not any(member.facts.camera for member in left):
        left = [member for member in contenders if _is_altered(member) and member.facts.camera] or left
    left = left or list(contenders)
    ids = {member.photo_id for member in left}
    return left, [member for member in contenders if member.photo_id not in ids]


def _is_altered(member: Member) -> bool:
    return member.evidence is not None and member.evidence.verdict in (Verdict.CROPPED, Verdict.EDITED)
