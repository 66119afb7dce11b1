"""The trash of Linux and BSD desktops, by the Trash specification 1.0 of freedesktop.org.

::

    can it be renamed into the home trash?  $XDG_DATA_HOME/Trash
    else the trash of its own volume:       $topdir/.Trash/$uid, where an administrator made a sticky $topdir/.Trash
                                            $topdir/.Trash-$uid
    else it is refused

    info/NAME.trashinfo (exclusively made) ──▶ rename to files/NAME ──▶ back: rename, then the info file goes

Files are only ever renamed: never copied to another volume, never deleted.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from photofind.core.actions.mounts import MountTable
from photofind.core.actions.renaming import make_folders, remove, rename_new, rename_ours
from photofind.core.errors import TrashError

_INFO = ".trashinfo"
_LONGEST_NAME = 255  # bytes, on nearly every volume
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class _Bin:
    """One trash folder; ``topdir`` is what paths in it are relative to, None for the home trash."""

    folder: str
    topdir: str | None

    @property
    def files(self) -> str:
        return os.path.join(self.folder, "files")

    @property
    def info(self) -> str:
        return os.path.join(self.folder, "info")

    def stored_path(self, path: str) -> str:
        """Return what the info file says of where a file was."""
        real = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        return os.path.abspath(path) if self.topdir is None else os.path.relpath(real, self.topdir)

    def original_path(self, stored: str) -> str:
        return stored if self.topdir is None else os.path.join(self.topdir, stored)


class FreedesktopTrash:
    """The user's trash on Linux and BSD; a :class:`PlacingTrash` and a :class:`SearchableTrash`."""

    def can_take(self, path: str) -> None:
        """Return when a file could be put into the trash now; raise TrashError when not. Nothing is made."""
        self._bin_for(path)

    def place_for(self, path: str, token: str) -> str:
        """Return where a file would go: its name with the token in it, cut when that becomes too long."""
        stem, suffix = os.path.splitext(os.fsencode(os.path.basename(path)))
        ending = b"." + os.fsencode(token) + (suffix if len(suffix) <= 32 else b"")
        name = stem[: _LONGEST_NAME - len(ending) - len(_INFO)] + ending
        return os.path.join(self._bin_for(path).files, os.fsdecode(name))

    def put(self, path: str) -> str:
        """Put a file into the trash; return where it is now. Raise TrashError, the file being untouched, if refused."""
        place = self.place_for(path, secrets.token_hex(6))
        self.put_at(path, place)
        return place

    def put_at(self, path: str, place: str) -> None:
        """Put a file into the trash at a place that :meth:`place_for` named for it."""
        trash = self._bin_for(path)
        if os.path.dirname(place) != trash.files:
            raise TrashError(f"The trash for {path} is not where it was a moment ago; try again.")
        info = _info_of(place)
        try:
            _make_private(trash)
            _write_info(info, trash.stored_path(path))
        except OSError as error:
            raise _refused(path, error) from error
        try:
            rename_new(path, place)
        except OSError as error:
            _remove(info)
            raise _refused(path, error) from error

    def restore(self, now_at: str, path: str) -> None:
        """Bring a file back; raise TrashError, the file staying where it is, when something is at ``path`` by now."""
        try:
            rename_ours(now_at, path)
        except FileExistsError as error:
            raise TrashError(f"There is something at {path} by now; it is not overwritten.") from error
        except OSError as error:
            raise TrashError(f"The trash does not give {path} back: {error.strerror or error}.") from error
        _remove(_info_of(now_at))

    def forget(self, place: str) -> None:
        """Remove the info file of a place where no file is."""
        if not os.path.lexists(place):
            _remove(_info_of(place))

    def places_of(self, path: str) -> list[str]:
        """Return where in the trash files lie that were at ``path`` before, the latest first."""
        found = [
            (written, place)
            for trash in self._bins(path)
            for stored, written, place in _entries(trash)
            if trash.original_path(stored) in (os.path.abspath(path), trash.original_path(trash.stored_path(path)))
        ]
        return [place for _, place in sorted(found, reverse=True)]

    def _bin_for(self, path: str) -> _Bin:
        for trash in self._bins(path):
            if _is_usable(trash):
                return trash
        raise TrashError(f"The disk that holds {path} has no working trash; move its copies to a folder instead.")

    def _bins(self, path: str) -> Iterator[_Bin]:
        """Yield the trash folders into which a file can be renamed, in the order of the specification."""
        table = MountTable.read()
        topdir = table.point_of(os.path.dirname(os.path.abspath(path)))
        home = os.path.join(_data_home(), "Trash")
        # The same device is not enough: between two mounts of it nothing can be renamed.
        if table.point_of(home) == topdir:
            yield _Bin(home, None)
            return
        user = os.getuid()
        shared = os.path.join(topdir, ".Trash")
        if _is_sound_shared(shared):
            yield _Bin(os.path.join(shared, str(user)), topdir)
        yield _Bin(os.path.join(topdir, f".Trash-{user}"), topdir)


def _data_home() -> str:
    # Relative paths in it are to be ignored (XDG Base Directory Specification).
    stated = os.environ.get("XDG_DATA_HOME", "")
    return stated if stated.startswith("/") else str(Path.home() / ".local" / "share")


def _is_sound_shared(folder: str) -> bool:
    """Tell whether an administrator made a trash for all users: a real folder, with the sticky bit."""
    try:
        mode = os.lstat(folder).st_mode
    except OSError:
        return False
    return stat.S_ISDIR(mode) and bool(mode & stat.S_ISVTX)


def _is_usable(trash: _Bin) -> bool:
    """Tell whether a trash folder is there, ours and writable, or can be made."""
    for folder in (trash.folder, trash.files, trash.info):
        try:
            status = os.lstat(folder)
        except OSError:
            return _can_be_made(folder)
        if trash.topdir is not None and (stat.S_ISLNK(status.st_mode) or status.st_uid != os.getuid()):
            return False  # somebody else's, who would get the file
        if not os.path.isdir(folder) or not os.access(folder, os.W_OK | os.X_OK):
            return False
    return True


def _can_be_made(folder: str) -> bool:
    if os.path.lexists(folder):
        return False
    parent = os.path.dirname(folder)
    while not os.path.lexists(parent):
        parent = os.path.dirname(parent)
    return os.path.isdir(parent) and os.access(parent, os.W_OK | os.X_OK)


def _make_private(trash: _Bin) -> None:
    if trash.topdir is None:
        make_folders(os.path.dirname(trash.folder), _PRIVATE)
    for folder in (trash.folder, trash.files, trash.info):
        with contextlib.suppress(FileExistsError):
            Path(folder).mkdir(_PRIVATE)


def _info_of(place: str) -> str:
    files, name = os.path.split(place)
    return os.path.join(os.path.dirname(files), "info", name + _INFO)


def _write_info(info: str, stored: str) -> None:
    now = datetime.now().astimezone().strftime("%Y-%m-%dT%H:%M:%S")  # the specification wants local time
    text = f"[Trash Info]\nPath={quote(os.fsencode(stored), safe='/')}\nDeletionDate={now}\n"
    handle = os.open(info, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(text.encode("ascii"))
    except BaseException:
        _remove(info)  # the disk may be full
        raise


def _entries(trash: _Bin) -> Iterator[tuple[str, float, str]]:
    """Yield what the info files of a trash say: the stored path, when the file was written, and the place."""
    try:
        with os.scandir(trash.info) as found:
            names = [entry.name for entry in found if entry.name.endswith(_INFO)]
    except OSError:
        return
    for name in names:
        info = os.path.join(trash.info, name)
        place = os.path.join(trash.files, name.removesuffix(_INFO))
        with contextlib.suppress(OSError), open(info, "rb") as file:
            lines = file.read(1 << 16).splitlines()
            stored = next((line[5:] for line in lines if line.startswith(b"Path=")), None)
            if stored is not None and os.path.lexists(place):
                yield os.fsdecode(unquote_to_bytes(stored)), os.fstat(file.fileno()).st_mtime, place


def _remove(info: str) -> None:
    with contextlib.suppress(OSError):  # a stray info file only: what counts is where the photo is
        remove(info)


def _refused(path: str, error: OSError) -> TrashError:
    return TrashError(f"The trash does not take {path} ({error.strerror or error}); it was left where it is.")
