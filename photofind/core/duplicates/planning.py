"""From what the user wants to be rid of to a plan: every file that goes has one that stays.

::

    groups with marks and suggestions ──▶ who goes, who stays ──a copy that stays for each──▶ steps ──▶ plan
                                             └──▶ left out, with the reason

A plan touches nothing. Nothing goes of a group of which nothing would stay, and no file goes that another step counts
on; :mod:`photofind.core.actions` verifies all of it again on the files themselves.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from photofind.core.catalog.decisions import Mark
from photofind.core.duplicates.keeping import Suggestion, is_same_file
from photofind.core.duplicates.wording import phrase, short_phrase
from photofind.core.errors import PlanError
from photofind.core.evidence import DuplicateGroup, Member, Verdict
from photofind.core.plans import Action, Plan, PlannedFile, PlanSummary, Step
from photofind.core.records import ContentId, FileStamp, PhotoId

Decisions = Mapping[PhotoId, Mark | Suggestion]
"""What is to become of photos: those with no entry stay."""


class Refusal(StrEnum):
    """Why a photo that was to go is no part of the plan."""

    NOTHING_STAYS = "all copies at hand were to go"
    PROTECTED = "it is in a protected folder"
    OFFLINE = "its volume is away"
    SAME_FILE = "it is the same file as the one that stays, by another path"
    NOT_IDENTICAL = "no copy that stays has the same bytes, which a hard link needs"
    NEEDED = "it is what stays of another group"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A photo that was to go and stays, and why."""

    photo_id: PhotoId
    path: str
    refusal: Refusal


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid.uuid4().hex


def _ignore(left_out: LeftOut) -> None:
    del left_out


def _nowhere(path: str) -> bool:
    del path
    return False


def make_plan(
    choices: Iterable[tuple[DuplicateGroup, Decisions]],
    action: Action,
    target: str | None = None,
    *,
    is_protected: Callable[[str], bool] = _nowhere,
    left_out: Callable[[LeftOut], None] = _ignore,
    clock: Callable[[], datetime] = _now,
    new_id: Callable[[], str] = _new_id,
) -> Plan:
    """Return what is to be done with the photos that are marked, or suggested, to go.

    Parameters
    ----------
    choices
        Groups, and what is to become of their photos: a mark of the user, or a suggestion that the user goes by.
    action, target
        What is done with them; the folder to move to goes with :attr:`Action.MOVE` and nothing else.
    is_protected
        Tells of a path whether it lies in a protected folder.
    left_out
        Is told of each photo that was to go and is not in the plan.
    clock, new_id
        Give the time in UTC, and a name that no other plan has.

    Raises
    ------
    PlanError
        When the folder to move to is missing, or given for another action.
    """
    check_target(action, target)
    steps: dict[PhotoId, tuple[Step, PhotoId]] = {}
    for group, decisions in choices:
        for member, kept in _sorted_out(group, decisions, action, is_protected, left_out):
            step = Step(
                _planned(member), _planned(kept), relation(member, kept), _reason(decisions[member.photo_id], kept)
            )
            steps.setdefault(member.photo_id, (step, kept.photo_id))
    needed = {kept for _, kept in steps.values()}
    for photo_id in sorted(needed & steps.keys()):
        left_out(LeftOut(photo_id, steps[photo_id][0].file.path, Refusal.NEEDED))
        del steps[photo_id]
    return Plan(new_id(), clock().isoformat(timespec="seconds"), action, tuple(s for s, _ in steps.values()), target)


def check_target(action: Action, target: str | None) -> None:
    """Raise PlanError when the folder to move to is missing, or given for another action."""
    if target is None and action is Action.MOVE:
        raise PlanError("To move photos away, name the folder to move them to.")
    if target is not None and action is not Action.MOVE:
        raise PlanError(f"A folder to move to is of no use for the action {action}; leave it out.")


def summarize(plan: Plan) -> PlanSummary:
    """Return a plan in numbers, the folders with the most files first."""
    folders = Counter(os.path.dirname(step.file.path) for step in plan.steps)
    ordered = sorted(folders.items(), key=lambda item: (-item[1], item[0]))
    return PlanSummary(len(plan.steps), sum(step.file.stamp.size for step in plan.steps), ordered)


def is_to_go(decision: Mark | Suggestion | None) -> bool:
    """Tell whether a photo is to go by a mark or a suggestion."""
    return decision.keep is False if isinstance(decision, Suggestion) else decision is Mark.REMOVE


def relation(member: Member, other: Member) -> Verdict:
    """Return what two members are to each other, as far as is known from what each is to the group's reference."""
    if member.content_id == other.content_id:
        return Verdict.SAME_FILE
    order = list(Verdict)
    verdicts = [each.evidence.verdict for each in (member, other) if each.evidence is not None]
    return max(verdicts, key=order.index, default=Verdict.SIMILAR)


def _sorted_out(
    group: DuplicateGroup,
    decisions: Decisions,
    action: Action,
    is_protected: Callable[[str], bool],
    left_out: Callable[[LeftOut], None],
) -> Iterator[tuple[Member, Member]]:
    """Yield each member that goes with the one that stays instead."""
    going: list[Member] = []
    staying: list[Member] = []
    refused: dict[PhotoId, Refusal] = {}
    for member in group.members:
        to_go = is_to_go(decisions.get(member.photo_id))
        if to_go and member.offline:
            refused[member.photo_id] = Refusal.OFFLINE
        elif to_go and is_protected(member.path):
            refused[member.photo_id] = Refusal.PROTECTED
            staying.append(member)
        elif to_go:
            going.append(member)
        elif not member.offline:
            staying.append(member)
    stay = _Staying(staying, decisions)
    for member in going:
        found = stay.instead_of(member, decisions[member.photo_id], action)
        if isinstance(found, Refusal):
            refused[member.photo_id] = found
        else:
            yield member, found
    for member in group.members:
        if member.photo_id in refused:
            left_out(LeftOut(member.photo_id, member.path, refused[member.photo_id]))


class _Staying:
    """The members of a group that stay, the best of them first."""

    def __init__(self, members: list[Member], decisions: Decisions) -> None:
        def order(member: Member) -> tuple[bool, bool, int]:
            chosen = decisions.get(member.photo_id) is Mark.KEEP
            return not chosen, member.evidence is not None, -member.facts.width * member.facts.height

        self._members = sorted(members, key=order)
        self._by_photo = {member.photo_id: member for member in members}
        self._by_content: dict[ContentId, Member] = {}
        for member in self._members:
            self._by_content.setdefault(member.content_id, member)
        self._files: dict[tuple[ContentId, FileStamp], Member] = {(m.content_id, m.stamp): m for m in members}

    def instead_of(self, member: Member, decision: Mark | Suggestion, action: Action) -> Member | Refusal:
        """Return what stays when a member goes: at best the same bytes, else what the suggestion names."""
        twin = self._files.get((member.content_id, member.stamp))
        if twin is not None and is_same_file(member, twin):
            return Refusal.SAME_FILE
        if not self._members:
            return Refusal.NOTHING_STAYS
        identical = self._by_content.get(member.content_id)
        if identical is not None or action is Action.HARDLINK:
            return identical or Refusal.NOT_IDENTICAL
        named = self._by_photo.get(decision.kept) if isinstance(decision, Suggestion) and decision.kept else None
        return named or self._members[0]


def _planned(member: Member) -> PlannedFile:
    return PlannedFile(member.path, member.stamp, member.content_hash)


def _reason(decision: Mark | Suggestion, kept: Member) -> str:
    if not isinstance(decision, Suggestion):
        return "marked by hand"
    return phrase(decision) if decision.kept == kept.photo_id else short_phrase(decision)
