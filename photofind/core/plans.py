"""What is to be done to a user's files, as plain records: a plan is made first, shown, and only then carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from photofind.core.records import FileStamp


class Action(StrEnum):
    """What is done to a file that is not kept."""

    TRASH = "trash"
    MOVE = "move"
    HARDLINK = "hardlink"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file as it was when the plan was made; ``content_hash`` is the BLAKE2b-256 of its bytes."""

    path: str
    stamp: FileStamp
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One file to be acted on, and the one that is kept instead; ``reason`` says why, in a few words."""

    file: PlannedFile
    kept: PlannedFile
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done at once; ``target`` is the folder to move to, ``made_at`` is UTC, ISO 8601."""

    id: str
    made_at: str
    action: Action
    steps: tuple[Step, ...]
    target: str | None = None


class Outcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    SKIPPED = "skipped"
    UNDONE = "undone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step; ``reason`` is a sentence for what was skipped or failed, ``now_at`` where the file is."""

    step: Step
    outcome: Outcome
    reason: str = ""
    now_at: str | None = None


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan in numbers: files and bytes it takes away, and by folder how many."""

    files: int
    bytes: int
    folders: Sequence[tuple[str, int]]
