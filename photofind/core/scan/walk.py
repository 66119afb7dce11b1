"""Walking a folder: what is there right now, one listing per folder, nothing compared and nothing read.

Every real folder is listed once, whatever symbolic links lead to it: folders reached without a link come first, then
those that only links reach, so a loop ends and no photo is found twice. A link to a file counts only when the walk does
not come upon the file itself.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from photofind.core.errors import StorageError
from photofind.core.records import FileStamp, storable_time
from photofind.core.scan.rules import IgnoreRules, is_hidden, is_in_cloud

_ID_BITS = (1 << 63) - 1  # SQLite integers are signed


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it lies there; ``in_cloud`` means that reading it would download it."""

    name: str
    stamp: FileStamp
    in_cloud: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of one folder, or the reason why it cannot be listed.

    ``is_mount`` tells that the folder lies on another volume than what holds it, or the link to it; ``is_empty`` tells
    that nothing at all is in it, as in the mount point of a volume that is away.
    """

    path: str
    files: tuple[Entry, ...] = ()
    is_mount: bool = False
    is_empty: bool = False
    error: str | None = None


def stamp_of(status: os.stat_result, file_id: int | None = None) -> FileStamp:
    """Return the stamp of a file from its status; ``file_id`` where the status does not carry it."""
    file_id = (status.st_ino if file_id is None else file_id) & _ID_BITS
    return FileStamp(status.st_size, storable_time(status.st_mtime_ns), file_id)


def walk(top: str, rules: IgnoreRules, leave_out: Iterable[Path] = ()) -> Iterator[Listing]:
    """Yield a listing of ``top`` and of every folder below it that the rules admit and that is not in ``leave_out``.

    A folder that cannot be read is yielded with its error. Raises StorageError when this process has too many files
    open to look into any: that is no folder's fault.
    """
    return _Walk(rules, os.path.realpath(top), listed={_identity(folder.stat()) for folder in leave_out}).run(top)


def is_away(top: str) -> bool:
    """Tell whether a folder is gone, or is the empty mount point of a volume that is away; never raises."""
    if not os.path.isdir(top):  # Path.is_dir() raises on disks that fail
        return True
    try:
        with os.scandir(top) as entries:
            return next(entries, None) is None
    except OSError:
        return False  # there, but closed


@dataclass(slots=True)
class _Walk:
    rules: IgnoreRules
    real_top: str
    mounts: frozenset[str] = field(default_factory=lambda: _mount_points())
    waiting: deque[tuple[str, int | None]] = field(default_factory=deque)
    linked_folders: deque[tuple[str, int | None]] = field(default_factory=deque)
    listed: set[tuple[int, int]] = field(default_factory=set)

    def run(self, top: str) -> Iterator[Listing]:
        self.waiting.append((top, _device_of(os.path.dirname(self.real_top))))
        while self.waiting or self.linked_folders:
            listing = self._list(*(self.waiting or self.linked_folders).popleft())
            if listing is not None:
                yield listing

    def _list(self, path: str, parent_device: int | None) -> Listing | None:
        try:
            status = os.stat(path)
            if _identity(status) in self.listed:
                return None
            self.listed.add(_identity(status))
            is_mount = path in self.mounts or (parent_device is not None and status.st_dev != parent_device)
            files, folders, links, is_empty = self._split(path)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise StorageError(
                    "Too many files are open; close other programs, or allow more (see `ulimit -n`), and try again."
                ) from error
            return Listing(path, error=f"the folder cannot be read: {error.strerror or error}")
        self.waiting.extend((folder, status.st_dev) for folder in folders)
        self.linked_folders.extend((link, status.st_dev) for link in links)
        return Listing(path, tuple(files), is_mount, is_empty)

    def _split(self, path: str) -> tuple[list[Entry], list[str], list[str], bool]:
        """Return the files, the folders and the links to folders in a folder, and whether it is empty."""
        files: list[Entry | None] = []
        folders: list[str] = []
        links: list[str] = []
        is_empty = True
        with os.scandir(path) as entries:
            for entry in entries:
                is_empty = False
                if entry.is_symlink():
                    files.append(self._follow(entry, links))
                elif entry.is_dir(follow_symlinks=False):
                    if not self.rules.skips_folder(entry.name) and not _is_hidden_folder(entry):
                        folders.append(entry.path)
                elif not self.rules.skips_file(entry.name):
                    files.append(_entry(entry))
        found = sorted((file for file in files if file is not None), key=lambda file: file.name)
        return found, sorted(folders), sorted(links), is_empty

    def _follow(self, link: os.DirEntry[str], folders: list[str]) -> Entry | None:
        """Note a linked folder; return the file that a link leads to unless the walk finds it."""
        try:
            if link.is_dir():
                if not self.rules.skips_folder(link.name):
                    folders.append(link.path)
            elif link.is_file() and not self.rules.skips_file(link.name) and not self._reaches(link.path):
                return _entry(link, follow_links=True)
        except OSError:
            return None  # a link that leads to itself, or to where nobody may look
        return None

    def _reaches(self, link: str) -> bool:
        """Tell whether the walk comes upon the target of a link without it."""
        target = os.path.realpath(link)
        if not target.startswith(os.path.join(self.real_top, "")):
            return False
        *folders, name = Path(os.path.relpath(target, self.real_top)).parts
        return not (self.rules.skips_file(name) or any(self.rules.skips_folder(folder) for folder in folders))


def _mount_points() -> frozenset[str]:
    """Return where Linux has mounted something; a folder bound to another place of the same volume shows only there."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            fields = [line.split(b" ")[4] for line in file]
    except OSError:
        return frozenset()
    # proc(5): space, tab, newline and backslash are written as octal escapes.
    return frozenset(os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), path)) for path in fields)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _entry(entry: os.DirEntry[str], *, follow_links: bool = False) -> Entry | None:
    try:
        status = entry.stat(follow_symlinks=follow_links)
        file_id = status.st_ino or entry.inode()  # Windows leaves it out of a scanned entry's status
    except FileNotFoundError:
        return None  # it vanished between listing and looking
    # Any other error is the folder's: a file that cannot be looked at must not pass for one that is gone.
    if not stat.S_ISREG(status.st_mode) or is_hidden(status):
        return None
    return Entry(entry.name, stamp_of(status, file_id), is_in_cloud(status))


def _device_of(path: str) -> int | None:
    try:
        return os.stat(path).st_dev
    except OSError:
        return None


def _is_hidden_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return is_hidden(entry.stat(follow_symlinks=False))
    except OSError:
        return False  # listing it will tell why
