"""Taking one step back: the file returns to its path with its bytes and its time, and nothing is overwritten."""

from __future__ import annotations

import os

from photofind.core.actions.linking import make_own
from photofind.core.actions.mounts import MountTable
from photofind.core.actions.protection import ProtectedFolders
from photofind.core.actions.relocating import relocate
from photofind.core.actions.renaming import make_folders
from photofind.core.actions.trash import SearchableTrash, Trash
from photofind.core.actions.verifying import Seen, has_content, look, read_hash
from photofind.core.catalog.journal import JournalStep
from photofind.core.errors import StepError
from photofind.core.plans import Action

_NEWCOMER = "Something else has appeared in its place; it is not overwritten."


def take_back(entry: JournalStep, trash: Trash, protected: ProtectedFolders, mounts: MountTable) -> None:
    """Undo a step that was done.

    Raises
    ------
    StepError, UserError, OSError
        When it cannot be undone; everything is where it was.
    """
    if entry.action == Action.HARDLINK:
        _make_own_again(entry)
    else:
        _bring_back(entry, trash, protected, mounts)


def _bring_back(entry: JournalStep, trash: Trash, protected: ProtectedFolders, mounts: MountTable) -> None:
    path, content_hash = entry.step.file.path, entry.step.file.content_hash
    place = _find(entry, trash)
    if place is None and has_content(path, content_hash):
        return  # somebody has brought it back, or a power cut has
    if entry.trace is not None and mounts.point_of(os.path.dirname(path)) != entry.trace.mount:
        raise StepError(f"The disk that it was on is not connected at {entry.trace.mount}.")  # nor may its trash be
    if place is None:
        raise StepError(_lost(entry))
    seen = _looked_at(entry, place)
    if entry.action == Action.MOVE and protected.covers(place):
        raise StepError("It lies in a protected folder now.")
    if os.path.lexists(path):
        raise StepError(_NEWCOMER)
    _make_folder_again(path)
    if entry.action == Action.MOVE:
        relocate(seen, path, content_hash, entry.token, back=True)
        return
    trash.restore(place, path)
    if not seen.is_at(path) and not has_content(path, content_hash):
        raise StepError("The trash did not give the file back as it was.")


def _make_folder_again(path: str) -> None:
    folder = os.path.dirname(path)
    try:
        make_folders(folder)
    except (FileExistsError, NotADirectoryError) as error:
        raise StepError(f"Its folder {folder} cannot be made again: something else is in its place.") from error


def _find(entry: JournalStep, trash: Trash) -> str | None:
    if entry.place is not None and os.path.lexists(entry.place):
        return entry.place
    if entry.action == Action.TRASH and isinstance(trash, SearchableTrash):
        content_hash = entry.step.file.content_hash
        places = trash.places_of(entry.step.file.path)
        return next((place for place in places if has_content(place, content_hash)), None)
    return None


def _looked_at(entry: JournalStep, place: str) -> Seen:
    name = "The file in the trash" if entry.action == Action.TRASH else "The moved file"
    seen = look(name, place)
    if read_hash(name, seen) != entry.step.file.content_hash:
        raise StepError(f"{name} has changed since; it stays at {place}.")
    return seen


def _lost(entry: JournalStep) -> str:
    if entry.action == Action.MOVE:
        return f"The moved file is no longer at {entry.place}."
    if entry.place is None:
        return "It is not known where in the trash it is; restore it with the trash itself."
    return "It is no longer in the trash."


def _make_own_again(entry: JournalStep) -> None:
    file, kept = entry.step.file, entry.step.kept
    trace = entry.trace
    marks = (trace.mode, trace.mtime_ns) if trace else (0o644, file.stamp.mtime_ns)
    is_there = os.path.lexists(file.path)
    source = look("The file", file.path) if is_there else look("The kept file", kept.path)
    if read_hash("The file", source) != file.content_hash:
        raise StepError(_NEWCOMER if is_there else "The kept file has changed, and with it the bytes of this one.")
    if not is_there:
        _make_folder_again(file.path)
    make_own(file, source, kept.path, entry.token, marks)
