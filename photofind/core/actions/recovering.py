"""After a crash: finding out by a look at the disk which steps under way were carried out, and tidying up.

A name of our own is only ever taken away when its bytes were read again under another name; in doubt it stays, and the
note of the step says where.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from photofind.core.actions.linking import swap_name
from photofind.core.actions.mounts import MountTable
from photofind.core.actions.relocating import aside_name, partial_name
from photofind.core.actions.renaming import drop_placeholder, remove, rename_ours
from photofind.core.actions.trash import PlacingTrash, SearchableTrash, Trash
from photofind.core.actions.verifying import has_content
from photofind.core.catalog.journal import Change, JournalStep, StepState
from photofind.core.plans import Action
from photofind.core.scan import stamp_of

_NOT_BEGUN = "photofind ended before it came to this file."
_NOT_FOUND = "photofind ended in the middle of it; it is neither at its place nor where it was to go."


def settle(entry: JournalStep, trash: Trash, mounts: MountTable) -> Change | None:
    """Return what became of a step that was under way; None when its volume is away, so that it cannot be told.

    Raises
    ------
    OSError
        When a volume refuses; the step stays unsettled.
    """
    if entry.state == StepState.UNDO_INTENDED:
        settled = _settle_undo_of_link if entry.action == Action.HARDLINK else _settle_undo
        return settled(entry, trash)
    if entry.action == Action.HARDLINK:
        return _settle_link(entry)
    if entry.action == Action.MOVE:
        return _settle_move(entry, mounts)
    return _settle_trash(entry, trash, mounts)


def _settle_trash(entry: JournalStep, trash: Trash, mounts: MountTable) -> Change | None:
    path, place = entry.step.file.path, entry.place
    _drop_second_name(entry)
    if place is not None and _is_filled(place, entry):
        return _change(entry, StepState.DONE)
    if place is not None and isinstance(trash, PlacingTrash):
        trash.forget(place)
    if os.path.lexists(path):
        return _change(entry, StepState.SKIPPED, _NOT_BEGUN)
    if isinstance(trash, SearchableTrash):
        for found in trash.places_of(path):
            if has_content(found, entry.step.file.content_hash):
                return Change(entry.run, entry.number, StepState.DONE, place=found)
    if not _is_connected(entry, mounts):
        return None
    if place is None:  # such a trash does not say: most likely it has it
        return _change(entry, StepState.DONE, "photofind ended in the middle of it; look for it in the trash.")
    return _change(entry, StepState.FAILED, _NOT_FOUND)


def _settle_move(entry: JournalStep, mounts: MountTable) -> Change | None:
    path, place, content_hash = entry.step.file.path, entry.place, entry.step.file.content_hash
    assert place is not None
    _drop_partial(place, entry)
    _drop_second_name(entry)
    has_arrived = has_content(place, content_hash)
    if os.path.lexists(path) and not has_arrived:
        drop_placeholder(place)
    note = _settle_aside(aside_name(path, entry.token), path, place, content_hash)
    if not os.path.lexists(path):
        if has_arrived:
            return _change(entry, StepState.DONE, note)
        # The folder that it was moved to may lie on a disk that is away.
        known = _is_connected(entry, mounts) and os.path.isdir(entry.target or "")
        return _change(entry, StepState.FAILED, note or _NOT_FOUND) if known else None
    if has_arrived and not note:
        note = f"photofind ended before it was removed from its place; a copy is at {place}."
    return _change(entry, StepState.SKIPPED, note or _NOT_BEGUN)


def _settle_link(entry: JournalStep) -> Change:
    path, kept = entry.step.file.path, entry.step.kept.path
    note, is_gone = _settle_swaps(entry)
    if _is_one_file(path, kept) or (is_gone and not _is_planned(entry)):
        return _change(entry, StepState.DONE, note)
    return _change(entry, StepState.SKIPPED, note or _NOT_BEGUN)


def _settle_undo(entry: JournalStep, trash: Trash) -> Change:
    path, place, content_hash = entry.step.file.path, entry.place, entry.step.file.content_hash
    _drop_partial(path, entry)
    _drop_second_name(entry)
    note = ""
    if place is not None:
        note = _settle_aside(aside_name(place, entry.token), place, path, content_hash)
        if has_content(place, content_hash):
            drop_placeholder(path)
    if (place is None or not os.path.lexists(place)) and has_content(path, content_hash):
        if place is not None and isinstance(trash, PlacingTrash) and entry.action == Action.TRASH:
            trash.forget(place)
        return _change(entry, StepState.UNDONE, note)
    return _change(entry, StepState.DONE, note)


def _settle_undo_of_link(entry: JournalStep, _trash: Trash) -> Change:
    path, kept = entry.step.file.path, entry.step.kept.path
    note, _ = _settle_swaps(entry)
    if has_content(path, entry.step.file.content_hash) and not _is_one_file(path, kept):
        return _change(entry, StepState.UNDONE, note)
    return _change(entry, StepState.DONE, note)


def _settle_swaps(entry: JournalStep) -> tuple[str, bool]:
    """Tidy up what a link, or the undoing of one, left beside a file.

    Return where something had to be left, and whether a file went because its bytes are at its path in another one.
    """
    path, kept, content_hash = entry.step.file.path, entry.step.kept.path, entry.step.file.content_hash
    _drop_partial(path, entry)
    aside, swap = aside_name(path, entry.token), swap_name(path, entry.token)
    if os.path.lexists(aside) and not os.path.lexists(path):
        _done(rename_ours, aside, path)  # it had only stepped aside
    names = [name for name in (aside, swap) if os.path.lexists(name)]
    waiting = {_number(name) for name in names} - {_number(path), _number(kept)}
    left = [name for name in names if not _settle_swap(name, path, kept, content_hash)]
    note = f"What was there before is at {' and '.join(left)}." if left else ""
    return note, bool(waiting - {_number(name) for name in (*names, path)})


def _settle_swap(name: str, path: str, kept: str, content_hash: bytes) -> bool:
    """Take a name of our own away, or give it its path again; return False when neither is safe."""
    others = [other for other in (path, kept) if os.path.lexists(other)]
    if any(_is_one_file(name, other) for other in others):
        return _done(remove, name)
    if has_content(name, content_hash) and any(has_content(other, content_hash) for other in others):
        return _done(remove, name)
    if _is_one_file(path, kept):  # the link was made, and what it replaced is another file than was verified
        remove(path)
    return not os.path.lexists(path) and _done(rename_ours, name, path)


def _settle_aside(aside: str, path: str, place: str, content_hash: bytes) -> str:
    """Finish or take back the end of a move between volumes; return where something had to be left."""
    if not os.path.lexists(aside):
        return ""
    if _is_one_file(aside, path) or (has_content(aside, content_hash) and has_content(place, content_hash)):
        _done(remove, aside)
        return ""
    return "" if _done(rename_ours, aside, path) else f"What was there before is at {aside}."


def _done(act: Callable[..., None], *names: str) -> bool:
    try:
        act(*names)
    except FileExistsError:
        return False
    return True


def _drop_partial(beside: str, entry: JournalStep) -> None:
    partial = partial_name(beside, entry.token)
    if os.path.lexists(partial):
        remove(partial)


def _drop_second_name(entry: JournalStep) -> None:
    """Take away the name in the trash, or where it was moved to, of a file that was just being brought back."""
    if entry.place is not None and _is_one_file(entry.place, entry.step.file.path):
        remove(entry.place)


def _is_filled(place: str, entry: JournalStep) -> bool:
    """Tell whether the file is at the place that only it was to have; an empty file may just hold the place for it."""
    if not os.path.lexists(place):
        return False
    if os.lstat(place).st_size or not os.path.lexists(entry.step.file.path):
        return True
    drop_placeholder(place)
    return False


def _is_planned(entry: JournalStep) -> bool:
    """Tell whether the file at its path has the number that the planned one had."""
    try:
        return stamp_of(os.lstat(entry.step.file.path)).file_id == entry.step.file.stamp.file_id
    except OSError:
        return False


def _is_one_file(first: str, second: str) -> bool:
    number = _number(first)
    return number is not None and number == _number(second)


def _number(path: str) -> tuple[int, int] | None:
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_connected(entry: JournalStep, mounts: MountTable) -> bool:
    return entry.trace is None or mounts.point_of(os.path.dirname(entry.step.file.path)) == entry.trace.mount


def _change(entry: JournalStep, state: StepState, note: str = "") -> Change:
    return Change(entry.run, entry.number, state, note)
