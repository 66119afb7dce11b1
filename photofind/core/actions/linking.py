"""Replacing a file by a hard link to its byte-identical kept copy, and making it a file of its own again.

::

    link to the kept file, beside ──▶ is it the verified one? ──▶ the two names are exchanged in one step
        ──▶ what was taken out: is it the verified file, unchanged? yes: unlink; no: exchanged back

Where the system cannot exchange names, the original gets a second name first, and the link is renamed over it.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from photofind.core.actions.relocating import aside_name, copy_verified, partial_name
from photofind.core.actions.renaming import exchange, remove, rename_new, rename_to_own, replace, sync_folder
from photofind.core.actions.verifying import Seen, Verified, has_content
from photofind.core.errors import StepError

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
        When the system refuses; nothing has changed.
    """
    swap = swap_name(verified.file.path, token)
    _sync(verified.kept)
    try:
        os.link(verified.kept.path, swap)
    except OSError as error:
        if error.errno in _NO_LINKS:
            raise StepError(_NO_LINKS[error.errno]) from error
        raise
    if not verified.kept.is_at(swap):
        remove(swap)
        raise StepError("The kept file was replaced at the last moment.")
    _swap_in(swap, verified.file, content_hash, token)


def make_own(path: str, source: Seen, content_hash: bytes, token: str, marks: tuple[int, int]) -> None:
    """Make a file of its own at ``path`` from ``source``, which is what lies there or has its bytes.

    ``marks`` are the permissions and the time, in nanoseconds, of its last change that it is to have.

    Raises
    ------
    StepError
        When something else appeared at ``path``; nothing has changed.
    OSError
        When the system refuses; nothing has changed.
    """
    partial, swap = partial_name(path, token), swap_name(path, token)
    mode, mtime_ns = marks
    copy_verified(source, partial, content_hash)
    try:
        Path(partial).chmod(stat.S_IMODE(mode))
        os.utime(partial, ns=(mtime_ns, mtime_ns))
        rename_to_own(partial, swap)
    except BaseException:
        remove(partial)
        raise
    if source.path == path:
        _swap_in(swap, source, content_hash, token)
        return
    try:
        rename_new(swap, path)
    except OSError as error:
        remove(swap)
        raise StepError("Something else has appeared in its place; it is not overwritten.") from error


def _swap_in(swap: str, old: Seen, content_hash: bytes, token: str) -> None:
    """Give the file at ``swap`` the name of another one, which is removed when it is the one that was verified.

    Both are read once more: a time of last change can be set back, and what is removed must be there twice.
    """
    new = os.lstat(swap)
    try:
        taken = swap if exchange(swap, old.path) else _rename_over(swap, old, aside_name(old.path, token))
    except OSError:
        remove(swap)  # only a second name, or a copy, of what is elsewhere
        raise
    sync_folder(os.path.dirname(old.path))
    if not (old.is_at(taken) and has_content(taken, content_hash) and has_content(old.path, content_hash)):
        _put_back(taken, old.path, new)
    remove(taken)


def _rename_over(swap: str, old: Seen, aside: str) -> str:
    os.link(old.path, aside)
    if not old.is_at(aside) or not old.is_at(old.path):
        remove(aside)
        remove(swap)
        raise StepError("The file was replaced at the last moment.")
    try:
        replace(swap, old.path)
    except OSError:
        remove(aside)
        raise
    return aside


def _put_back(taken: str, path: str, new: os.stat_result) -> None:
    """Give what was taken out by mistake its name again, and raise StepError about it."""
    if not os.path.samestat(os.lstat(path), new):
        raise StepError(f"The file was replaced at the last moment; what was taken is at {taken}.")
    if exchange(taken, path):
        if os.path.samestat(os.lstat(taken), new):
            remove(taken)
    else:
        replace(taken, path)
    raise StepError("The file was replaced at the last moment; it was put back.")


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
