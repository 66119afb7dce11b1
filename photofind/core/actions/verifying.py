"""Looking at a file right before it is touched: it is still the one of the plan, and the kept one is another.

::

    not protected ──▶ both are regular files, and not one ──▶ both read in full: hashes as planned, bytes compared
                                                          └──▶ both looked at again: nothing changed meanwhile

Sizes and times are never enough. What does not fit raises :class:`StepError` with the reason, and nothing was touched.
What was seen is handed on (:class:`Seen`), so that whoever acts can tell that it had the very same file in its hands.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import unicodedata
from contextlib import ExitStack
from dataclasses import dataclass

from photofind.core.actions.protection import ProtectedFolders
from photofind.core.errors import StepError
from photofind.core.plans import Action, PlannedFile, Step
from photofind.core.scan import is_in_cloud

_HASH_BYTES = 32
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A regular file as it was when it was looked at: where, which one, and what tells that it was not written to."""

    path: str
    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    mode: int

    def is_at(self, path: str) -> bool:
        """Tell whether this very file, unchanged, is at ``path`` now; a link to it does not count.

        The time of its last renaming (ctime) may differ, unlike in :meth:`is_untouched`.
        """
        try:
            return self._content_marks() == _seen(path, os.lstat(path))._content_marks()
        except (OSError, StepError):
            return False

    def is_untouched(self) -> bool:
        """Tell whether it is still where it was, and nothing at all was done to it."""
        try:
            now = _seen(self.path, os.lstat(self.path))
        except (OSError, StepError):
            return False
        return now == self

    def is_same_file(self, other: Seen) -> bool:
        """Tell whether both are one file: by its number or, where a volume numbers nothing, by the spelling."""
        if self.inode or other.inode:
            return (self.device, self.inode) == (other.device, other.inode)
        return _spelling(self.path) == _spelling(other.path)

    def _content_marks(self) -> tuple[int, int, int, int]:
        return self.device, self.inode, self.size, self.mtime_ns


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that may be acted on, and the kept one, as they were seen last."""

    file: Seen
    kept: Seen


def verify(step: Step, action: Action, protected: ProtectedFolders) -> Verified:
    """Return both files of a step, verified as far as can be.

    Raises
    ------
    StepError
        When the file must be left as it is, with the reason.
    """
    if protected.covers(step.file.path):
        raise StepError("It lies in a protected folder.")
    _check_folder(step.file.path)
    if action == Action.HARDLINK and step.file.content_hash != step.kept.content_hash:
        raise StepError("It is not the same file as the kept one, byte by byte, so no link can replace it.")
    return read_both(step)


def read_both(step: Step) -> Verified:
    """Return both files of a step, read in full; raise StepError when they are not what was planned."""
    file, kept = look_at_both(step)
    _check_size("The file", file, step.file)
    _check_size("The kept file", kept, step.kept)
    _compare(step, file, kept)
    for name, seen in (("The file", file), ("The kept file", kept)):
        if not seen.is_untouched():
            raise StepError(f"{name} changed while it was being read.")
    return Verified(file, kept)


def look_at_both(step: Step) -> tuple[Seen, Seen]:
    """Return the file and the kept one as they are now; raise StepError when they are one, or not to be looked at."""
    file, kept = look("The file", step.file.path), look("The kept file", step.kept.path)
    if file.is_same_file(kept):
        raise StepError("It is the kept file itself, by another path or as a hard link.")
    return file, kept


def look(name: str, path: str) -> Seen:
    """Return what is at a path, which must be a regular file; ``name`` begins the sentences of the StepError."""
    try:
        status = os.lstat(path)
        seen = _seen(path, status)
    except StepError as error:
        raise StepError(f"{name} {error}") from error
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    if is_in_cloud(status):
        raise StepError(f"{name} is only in the cloud; download it first.")
    return seen


def read_hash(name: str, seen: Seen) -> bytes:
    """Return the BLAKE2b-256 of a file that was looked at; raise StepError when it is not the one any more."""
    with open_seen(name, seen) as file:
        return _digest(name, file)


def has_content(path: str, content_hash: bytes) -> bool:
    """Tell whether a regular file with this content is at a path; False also when it cannot be read."""
    try:
        return read_hash("The file", look("The file", path)) == content_hash
    except StepError:
        return False


def _seen(path: str, status: os.stat_result) -> Seen:
    mode = status.st_mode
    if stat.S_ISLNK(mode) or _is_reparse_point(status):
        raise StepError("was replaced by a link.")
    if stat.S_ISDIR(mode):
        raise StepError("was replaced by a folder.")
    if not stat.S_ISREG(mode):
        raise StepError("is no regular file any more.")
    return Seen(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, mode)


def _is_reparse_point(status: os.stat_result) -> bool:
    # Windows: junctions and links to applications are no symbolic links to Python.
    tag = getattr(status, "st_reparse_tag", 0)
    return tag in (getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1), getattr(stat, "IO_REPARSE_TAG_APPEXECLINK", -1))


def _check_folder(path: str) -> None:
    folder = os.path.dirname(path)
    if os.path.isdir(folder) and not os.access(folder, os.W_OK | os.X_OK):
        raise StepError("Its folder cannot be written to.")


def _check_size(name: str, seen: Seen, planned: PlannedFile) -> None:
    if seen.size != planned.stamp.size:
        raise StepError(f"{name} has changed since the plan was made.")


def _compare(step: Step, file: Seen, kept: Seen) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(open_seen("The file", file))
        second = stack.enter_context(open_seen("The kept file", kept))
        if step.file.content_hash == step.kept.content_hash:
            digests = _digest_same(first, second)
        else:
            digests = _digest("The file", first), _digest("The kept file", second)
    if digests[0] != step.file.content_hash:
        raise StepError("The file has changed since the plan was made.")
    if digests[1] != step.kept.content_hash:
        raise StepError("The kept file has changed since the plan was made.")


def open_seen(name: str, seen: Seen) -> io.FileIO:
    """Open the very file that was seen, not what a link or a newcomer of its name leads to; else raise StepError."""
    try:
        file = io.FileIO(seen.path, "rb", opener=_open_at_once)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    try:
        opened = _seen(seen.path, os.fstat(file.fileno()))
    except (OSError, StepError) as error:
        file.close()
        raise StepError(f"{name} was replaced while it was being looked at.") from error
    if not opened.is_same_file(seen):
        file.close()
        raise StepError(f"{name} was replaced while it was being looked at.")
    return file


def _open_at_once(path: str, flags: int) -> int:
    # Opening a pipe would wait for somebody to write into it.
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _digest(name: str, file: io.FileIO) -> bytes:
    try:
        return hashlib.file_digest(file, _hasher).digest()
    except OSError as error:
        raise _unreadable(name, error) from error


def _digest_same(first: io.FileIO, second: io.FileIO) -> tuple[bytes, bytes]:
    """Return the hashes of two files that are to be the same, each read once and compared byte by byte."""
    hashers = _hasher(), _hasher()
    while True:
        parts = _read("The file", first), _read("The kept file", second)
        if parts[0] != parts[1]:
            raise StepError("The file and the kept file are no longer the same, byte by byte.")
        if not parts[0]:
            return hashers[0].digest(), hashers[1].digest()
        for hasher, part in zip(hashers, parts, strict=True):
            hasher.update(part)


def _read(name: str, file: io.FileIO) -> bytes:
    parts, missing = [], _CHUNK
    try:
        while missing and (part := file.read(missing)):  # a read may return less than is there
            parts.append(part)
            missing -= len(part)
    except OSError as error:
        raise _unreadable(name, error) from error
    return b"".join(parts)


def _hasher() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=_HASH_BYTES)


def _unreadable(name: str, error: Exception) -> StepError:
    if isinstance(error, FileNotFoundError) or getattr(error, "errno", None) == errno.ENOTDIR:
        return StepError(f"{name} is gone.")
    if getattr(error, "errno", None) == errno.ELOOP:
        return StepError(f"{name} was replaced by a link.")
    return StepError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.")


def _spelling(path: str) -> str:
    return unicodedata.normalize("NFC", os.path.normcase(os.path.realpath(path))).casefold()
