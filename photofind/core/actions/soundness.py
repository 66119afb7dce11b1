"""What can be said of a plan without reading its files: that it makes sense, and does not contradict itself.

A file is known by the folder that holds it (device and number, so that no link or second mount of the folder matters)
and its name there. Hard links are several such entries of one file, and each may go.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from photofind.core.actions.protection import ProtectedFolders
from photofind.core.actions.unseen import UnseenFolders
from photofind.core.errors import PlanError, StepError
from photofind.core.paths import is_within
from photofind.core.plans import Action, Plan, Step
from photofind.core.settings import Settings

_Entry = tuple[int, int, str]
_Spelled = tuple[str, str]


def check_plan(plan: Plan) -> None:
    """Raise PlanError when a plan, whatever its files are, cannot be carried out."""
    if plan.action == Action.MOVE:
        if not plan.target or not Path(plan.target).is_absolute():
            raise PlanError("This plan moves photos but does not say to which folder; make it again.")
    elif plan.target is not None:
        raise PlanError("This plan names a folder to move to but does not move anything; make it again.")


def check_target(plan: Plan, protected: ProtectedFolders) -> None:
    """Raise PlanError when nothing may or can be moved to the folder of a plan."""
    if plan.target is None:
        return
    check_not_protected(plan.target, protected)
    existing = plan.target
    while not os.path.lexists(existing) and os.path.dirname(existing) != existing:
        existing = os.path.dirname(existing)
    if not os.path.isdir(existing) or not os.access(existing, os.W_OK | os.X_OK):
        raise PlanError(f"The folder {plan.target} cannot be written to; choose another one to move to.")


def check_not_protected(target: str, protected: ProtectedFolders) -> None:
    """Raise PlanError when nothing may come to lie in a folder."""
    if protected.covers(target):
        raise PlanError(f"The folder {target} is protected, or the library's own; choose another one to move to.")
    if UnseenFolders().covers(target):
        raise PlanError(f"The folder {target} is hidden, or for programs; choose another one to move to.")


def untouchable(settings: Settings, library: Path) -> tuple[str, ...]:
    """Return the folders in which no plan touches anything: the protected ones, and the library's own."""
    return (*settings.protected_folders, str(library))


def check_places(plan: Plan, roots: Sequence[str], has_photo: Callable[[str], bool]) -> None:
    """Raise PlanError when a plan names a file that is not in the library's folders: somebody else's plan, or worse.

    A file that the library does not know any more, or not yet, may be named, as long as it lies below one of ``roots``
    by its letters and with links followed: it costs its own step only (:mod:`photofind.core.vouching`). ``has_photo``
    tells of photos that the library found through links.
    """
    tops = [(root, os.path.realpath(root)) for root in roots]
    sound: dict[str, bool] = {}
    for step in plan.steps:
        for path in (step.file.path, step.kept.path):
            folder = os.path.dirname(path)
            if folder not in sound:
                sound[folder] = _lies_below(folder, tops)
            if not sound[folder] and not has_photo(path):
                raise PlanError(f"This plan names {path}, which is in none of the library's folders; make it again.")


def _lies_below(folder: str, tops: Sequence[tuple[str, str]]) -> bool:
    real = os.path.realpath(folder)
    return any(is_within(folder, top) for top, _ in tops) and any(is_within(real, real_top) for _, real_top in tops)


class PlannedEntries:
    """The files that a plan takes away, so that none of them counts as the kept copy of another."""

    def __init__(self, plan: Plan) -> None:
        self._folders: dict[str, tuple[int, int] | None] = {}
        self._going = {self._entry(step.file.path) for step in plan.steps}
        self._met: set[_Entry | _Spelled] = set()

    def admit(self, step: Step) -> None:
        """Raise StepError when a step contradicts another one of its plan; each step is asked for once, in order."""
        if self._entry(step.kept.path) in self._going:
            raise StepError("The kept file is itself to be taken away by this plan.")
        entry = self._entry(step.file.path)
        if entry in self._met:
            raise StepError("The plan names this file twice.")
        self._met.add(entry)

    def _entry(self, path: str) -> _Entry | _Spelled:
        folder, name = os.path.split(os.path.abspath(path))
        if folder not in self._folders:
            self._folders[folder] = _identity(folder)
        identity = self._folders[folder]
        return (*identity, name) if identity else (folder, name)


def contradictions(steps: Iterable[Step]) -> str:
    """Return what is wrong with the paths of steps, as they are spelled, as a sentence; empty when nothing is."""
    files: set[str] = set()
    steps = tuple(steps)
    for step in steps:
        if step.file.path in files:
            return f"It names {step.file.path} twice."
        files.add(step.file.path)
    kept = next((step.kept.path for step in steps if step.kept.path in files), None)
    return "" if kept is None else f"It takes {kept} away and keeps it."


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        status = os.stat(folder)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None
