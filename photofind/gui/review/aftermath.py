"""What follows when files were acted on or put back: which marks have served, and which folders are read again.

A mark that was carried out is of no use any more, and after an undo it would ask for the same again. What became a hard
link is kept from now on: it takes no room, and nobody has to look at it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from photofind.core.paths import is_within
from photofind.core.places import path_below
from photofind.core.plans import Action, Outcome, PlannedFile
from photofind.gui.review.applying import JobKind, JobReport
from photofind.gui.review.desk_work import MarkKey
from photofind.gui.review.marks import KEEP, UNMARKED


def marks_after(report: JobReport) -> dict[MarkKey, int]:
    """Return the marks that hold after a job: one of :mod:`marks` for each photo that was acted on or put back."""
    acted = [result.step for result in report.results if result.outcome in (Outcome.DONE, Outcome.UNDONE)]
    if report.kind == JobKind.APPLY and report.plan.action == Action.HARDLINK:
        return {_key(file): KEEP for step in acted for file in (step.file, step.kept)}
    return {_key(step.file): UNMARKED for step in acted}


def folders_of_library(folders: Iterable[str], roots: Sequence[str]) -> list[str]:
    """Return the folders that lie in one of a library's roots: others, such as one to move photos to, are not added.

    It may look at the disk.
    """
    return [
        folder
        for folder in folders
        if any(is_within(folder, root) for root in roots) or any(path_below(folder, root) for root in roots)
    ]


def _key(file: PlannedFile) -> MarkKey:
    return file.content_hash, file.path
