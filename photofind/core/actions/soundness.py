"""What can be said of a plan without reading its files: that it makes sense, and does not contradict itself.

A file is known by the folder that holds it (device and number, so that no link or second mount of the folder matters)
and its name there. Hard links are several such entries of one file, and each may go.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from photofind.core.actions.protection import ProtectedFolders
from photofind.core.errors import PlanError, StepError
from photofind.core.plans import Action, Plan, Step

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
    if protected.covers(plan.target):
        raise PlanError(f"The folder {plan.target} is protected; choose another one to move to.")
    existing = plan.target
    while not os.path.lexists(existing) and os.path.dirname(existing) != existing:
        existing = os.path.dirname(existing)
    if not os.path.isdir(existing) or not os.access(existing, os.W_OK | os.X_OK):
        raise PlanError(f"The folder {plan.target} cannot be written to; choose another one to move to.")


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
