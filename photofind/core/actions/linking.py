"""Replacing a file by a hard link to its byte-identical kept copy, and making it a file of its own again.

::

    link to the kept file, beside ──▶ is it the verified one? ──▶ the two names are exchanged in one step
        ──▶ what was taken out: is it the verified file, unchanged? yes: unlink; no: exchanged back

Where the system cannot exchange names, the original steps aside first, and nothing is at its path for an instant.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from photofind.core.actions.relocating import aside_name, copy_verified, partial_name, put_back
from photofind.core.actions.renaming import exchange, remove, rename_ours, rename_to_own, sync_folder
from photofind.core.actions.verifying import Seen, Verified, has_content
from photofind.core.errors import StepError
from photofind.core.plans import PlannedFile

_NO_LINKS = {
    errno.EXDEV: "It lies on another volume than the kept file, so no link can replace it.",
    errno.EMLINK: "The kept file has as many hard links as its volume allows.",
    errno.EPERM: "Its volume has no hard links.",
    errno.ENOTSUP: "Its volume has no hard links.",
    errno.ENOSYS: "Its volume has no hard links.",
}


def swap_name(beside: str, token: str) -> str:
    """Return the name under which a file waits to take another's place, and then what it took the place of."""
    return os.path.join(os.path.dirname(beside), f".photofind-{token}.swap")


def replace_by_link(verified: Verified, content_hash: bytes, token: str) -> None:
    """Put a hard link to the kept file in the place of the file; both have this content, compared byte by byte.

    Raises
    ------
    StepError
        When there can be no link, or one of the two was replaced at the last moment; nothing has changed.
    OSError
        When the system refuses.
    """
    file, kept = verified.file, verified.kept
    swap = swap_name(file.path, token)
    _sync(kept)
    try:
        os.link(kept.path, swap)
    except OSError as error:
        if error.errno in _NO_LINKS:
            raise StepError(_NO_LINKS[error.errno]) from error
        raise
    if not kept.is_at(swap):
        remove(swap)
        raise StepError("The kept file was replaced at the last moment.")
    swapped = _swap(swap, file.path, content_hash, token)
    # Once more: a time of last change can be set back, and what is removed must be there twice.
    if file.is_at(swapped.taken) and _all_have(content_hash, swapped.taken, file.path):
        remove(swapped.taken)
    else:
        _put_back(swapped, kept.path, content_hash)


def make_own(file: PlannedFile, source: Seen, kept: str, token: str, marks: tuple[int, int]) -> None:
    """Make a file of its own again from ``source``, which is what lies at its path or is the kept file.

    ``marks`` are the permissions and the time, in nanoseconds, of its last change that it is to have.

    Raises
    ------
    StepError
        When something else appeared in its place; nothing has changed.
    OSError
        When the system refuses.
    """
    partial, swap = partial_name(file.path, token), swap_name(file.path, token)
    mode, mtime_ns = marks
    copy_verified(source, partial, file.content_hash)
    try:
        Path(partial).chmod(stat.S_IMODE(mode))
        os.utime(partial, ns=(mtime_ns, mtime_ns))
        rename_to_own(partial, swap)
    except BaseException:
        remove(partial)
        raise
    if source.path == file.path:
        _take_out(_swap(swap, file.path, file.content_hash, token), source, kept, file.content_hash)
        return
    try:
        rename_ours(swap, file.path)
    except OSError as error:
        remove(swap)
        raise StepError("Something else has appeared in its place; it is not overwritten.") from error


@dataclass(frozen=True, slots=True)
class _Swapped:
    """Two files that changed places: what was at ``path`` is at ``taken`` now, ``new`` is what came."""

    path: str
    taken: str
    free: str
    """Another name of our own."""
    new: os.stat_result


def _swap(swap: str, path: str, content_hash: bytes, token: str) -> _Swapped:
    """Let what waits at ``swap`` take the place of a file, whatever that is by now."""
    new, aside = os.lstat(swap), aside_name(path, token)
    if exchange(swap, path):
        swapped = _Swapped(path, swap, aside, new)
    else:
        _exchange_by_steps(swap, path, aside, content_hash)
        swapped = _Swapped(path, aside, swap, new)
    sync_folder(os.path.dirname(path))
    return swapped


def _exchange_by_steps(new: str, path: str, old: str, content_hash: bytes) -> None:
    """Give the file at ``path`` the name ``old``, and its name to ``new``; never overwrites."""
    rename_to_own(path, old)
    try:
        rename_ours(new, path)
    except FileExistsError:
        if os.lstat(new).st_nlink > 1 or _all_have(content_hash, new, old):
            remove(new)
        put_back(old, path)
    except OSError:
        rename_ours(old, path)
        raise


def _take_out(swapped: _Swapped, link: Seen, kept: str, content_hash: bytes) -> None:
    """Remove the link that a file of its own replaced; what was saved meanwhile, under whatever name, stays."""
    taken = os.lstat(swapped.taken)
    if (taken.st_dev, taken.st_ino) != (link.device, link.inode):
        _put_back(swapped, kept, content_hash)
    if taken.st_nlink > 1 or _all_have(content_hash, swapped.taken, swapped.path):
        remove(swapped.taken)
    elif has_content(swapped.path, content_hash):
        _put_back(swapped, kept, content_hash)
    else:
        raise StepError(f"The file was changed at the last moment; what it was before is at {swapped.taken}.")


def _put_back(swapped: _Swapped, kept: str, content_hash: bytes) -> NoReturn:
    """Give what was taken out by mistake its name again, and raise StepError about it."""
    if exchange(swapped.taken, swapped.path):
        ours = swapped.taken
    else:
        ours = swapped.free
        _exchange_by_steps(swapped.taken, swapped.path, ours, content_hash)
    status = os.lstat(ours)
    if os.path.samestat(status, swapped.new) and (status.st_nlink > 1 or _all_have(content_hash, ours, kept)):
        remove(ours)
        raise StepError("The file was replaced at the last moment; it was put back.")
    raise StepError(f"The file was replaced at the last moment; what came in between is at {ours}.")


def _all_have(content_hash: bytes, *paths: str) -> bool:
    return all(has_content(path, content_hash) for path in paths)


def _sync(kept: Seen) -> None:
    """Let the bytes that will be the only ones reach the disk, should they just have been written."""
    handle = os.open(kept.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno == errno.EIO:  # then what was read may never get there; others cannot sync what is only read
            raise
    finally:
        os.close(handle)
