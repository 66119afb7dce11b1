"""Bringing one file to another place, on the same volume or another, so that its bytes exist at every moment.

::

    same volume:  rename, never overwriting ──▶ is it the very file that was verified? no: back again
    another one:  copy to a name of our own ──fsync──▶ read back, hash ──▶ rename, never overwriting
                      ──▶ original aside ──▶ the very file that was verified? yes: unlink; no: back again

The names of our own carry the step's token, so that after a crash it is known whose they are (``recovering.py``).
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import unicodedata
from collections.abc import Sequence
from typing import NoReturn

from photofind.core.actions.renaming import make_folders, remove, rename_new, rename_ours, rename_to_own, sync_folder
from photofind.core.actions.verifying import Seen, has_content, open_seen
from photofind.core.errors import StepError

LOG = logging.getLogger(__name__)
_CHUNK = 1 << 20


def partial_name(beside: str, token: str) -> str:
    """Return the name of a copy that is being written: never anything but a copy."""
    return _own_name(beside, token, "partial")


def aside_name(beside: str, token: str) -> str:
    """Return the name under which an original waits for its end: may be the only one, so handle with care."""
    return _own_name(beside, token, "aside")


def relocate(seen: Seen, target: str, content_hash: bytes, token: str, *, back: bool = False) -> None:
    """Bring a verified file to ``target``, whose folder is made; the time of its last change goes with it.

    ``back`` tells that ``target`` is where it was before.

    Raises
    ------
    StepError
        When something is at ``target``, or another file than the verified one was at its place; nothing has changed.
    OSError
        When the system refuses; nothing has changed.
    """
    make_folders(os.path.dirname(target))
    try:
        (rename_ours if back else rename_new)(seen.path, target)
    except FileExistsError as error:
        raise StepError(f"There is something at {target} already; it is not overwritten.") from error
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _carry_over(seen, target, content_hash, token)
        return
    if not seen.is_at(target):
        put_back(target, seen.path)


def put_back(now_at: str, path: str) -> NoReturn:
    """Bring back a file that turned out to be another one than was verified, and raise StepError about it."""
    try:
        rename_ours(now_at, path)
    except OSError as error:
        raise StepError(f"The file was replaced at the last moment; what was taken is at {now_at}.") from error
    raise StepError("The file was replaced at the last moment; it was put back.")


def copy_verified(source: Seen, target: str, content_hash: bytes) -> None:
    """Copy a file to a name that must be free, let it reach the disk and read it back.

    Permissions, times and, where the volume has them, extended attributes go with it.

    Raises
    ------
    StepError
        When the source is not there any more, or the copy does not have this content; it was removed again.
    OSError
        When the system refuses, such as for want of room; what was written was removed again.
    """
    with open_seen("The file", source) as reader, open(target, "xb") as writer:
        try:
            shutil.copyfileobj(reader, writer, _CHUNK)
            writer.flush()
            os.fsync(writer.fileno())
        except BaseException:
            writer.close()
            remove(target)
            raise
    try:
        _copy_marks(source.path, target)
        is_sound = has_content(target, content_hash)
    except BaseException:
        remove(target)
        raise
    if not is_sound:
        remove(target)
        raise StepError("The copy of the file came out different; it was not used.")


def _carry_over(seen: Seen, target: str, content_hash: bytes, token: str) -> None:
    partial, aside = partial_name(target, token), aside_name(seen.path, token)
    copy_verified(seen, partial, content_hash)
    try:
        rename_ours(partial, target)
    except OSError as error:
        remove(partial)
        if isinstance(error, FileExistsError):
            raise StepError(f"There is something at {target} already; it is not overwritten.") from error
        raise
    sync_folder(os.path.dirname(target))
    try:
        rename_to_own(seen.path, aside)
    except OSError:
        remove(target)  # the copy; the original has not been touched
        raise
    has_arrived = has_content(target, content_hash)
    if not (has_arrived and seen.is_at(aside) and has_content(aside, content_hash)):  # a time can be set back
        put_back(aside, seen.path)  # what is at the target is not removed: it may be all that is left of the former
    remove(aside)


def _copy_marks(source: str, target: str) -> None:
    """Give a copy the times and rights of its original; the time of the last change is not left out."""
    status = os.stat(source)
    try:
        shutil.copystat(source, target)
    except OSError as error:  # volumes of other systems know no permissions
        LOG.info("the permissions of %s do not go with its copy: %s", source, error)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _own_name(beside: str, token: str, kind: str) -> str:
    return os.path.join(os.path.dirname(beside), f".photofind-{token}.{kind}")


class Destinations:
    """Names for the files of a plan in the folder that they are moved to: like those that they have, none taken.

    Below the target the folders are those below the deepest folder that holds all files of the plan.
    """

    def __init__(self, target: str, paths: Sequence[str]) -> None:
        self._target = target
        self._taken: set[str] = set()
        self._base = _common_folder([os.path.abspath(path) for path in paths])

    def choose(self, path: str) -> str:
        """Return a free path below the target for a file; it is not given to another one."""
        stem, suffix = os.path.splitext(os.path.join(self._target, self._below(os.path.abspath(path))))
        wanted, number = stem + suffix, 1
        while _key(wanted) in self._taken or os.path.lexists(wanted):
            number += 1
            wanted = f"{stem} ({number}){suffix}"
        self._taken.add(_key(wanted))
        return wanted

    def _below(self, path: str) -> str:
        if self._base is not None:
            return os.path.relpath(path, self._base)
        drive, rest = os.path.splitdrive(path)  # files of several drives
        return os.path.join(drive.strip(":\\/").replace("\\", "_") or "_", rest.lstrip("\\/"))


def _common_folder(paths: Sequence[str]) -> str | None:
    with contextlib.suppress(ValueError):
        return os.path.commonpath([os.path.dirname(path) for path in paths])
    return None


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
