"""Acting on one verified file: into the trash, to a folder, or a link in its place; and looking once more afterwards.

When the kept file is no longer what it was right after the act, the two were one file in disguise (a share mounted
twice under two numbers), or somebody else removed it at that moment: then the act is taken back at once.
"""

from __future__ import annotations

import os

from photofind.core.actions.linking import replace_by_link
from photofind.core.actions.relocating import relocate
from photofind.core.actions.trash import PlacingTrash, Trash
from photofind.core.actions.verifying import Seen, Verified, has_content, look
from photofind.core.catalog.journal import JournalStep
from photofind.core.errors import StepError, UserError
from photofind.core.plans import Action


def carry_out(entry: JournalStep, verified: Verified, trash: Trash) -> str | None:
    """Do what an intended step says; return where the file is now, None when no name is left of it.

    Raises
    ------
    StepError, UserError, OSError
        When it cannot be done; the file is where it was.
    """
    if entry.action == Action.HARDLINK:
        replace_by_link(verified, entry.step.file.content_hash, entry.token)
        return None
    if entry.action == Action.TRASH:
        now_at = _put(entry, verified.file, trash)
    else:
        assert entry.place is not None
        now_at = entry.place
        relocate(verified.file, now_at, entry.step.file.content_hash, entry.token)
    if not verified.kept.is_at(verified.kept.path):
        _take_back(entry, now_at, trash)
    return now_at


def _put(entry: JournalStep, file: Seen, trash: Trash) -> str:
    if isinstance(trash, PlacingTrash) and entry.place is not None:
        now_at = entry.place
        trash.put_at(file.path, now_at)
    else:
        now_at = trash.put(file.path)
    if file.is_at(now_at) or has_content(now_at, entry.step.file.content_hash):
        return now_at
    if not os.path.lexists(now_at):
        if os.path.lexists(file.path):
            raise StepError("The trash did not take it.")
        return now_at  # it is gone from its place: the journal must not call that undone
    trash.restore(now_at, file.path)
    raise StepError("The file was replaced at the last moment; it was put back.")


def _take_back(entry: JournalStep, now_at: str, trash: Trash) -> None:
    path = entry.step.file.path
    try:
        if entry.action == Action.TRASH:
            trash.restore(now_at, path)
        else:
            relocate(look("The file", now_at), path, entry.step.file.content_hash, entry.token, back=True)
    except (StepError, UserError, OSError):
        return  # it is safe where it is, and can be restored from there
    raise StepError("The kept file vanished or changed at that moment; the file was put back.")
