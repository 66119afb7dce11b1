"""The system's trash through Qt, for Windows and macOS; Linux and BSD have one of their own in the core.

::

    put ──is the place told on this volume?──▶ QFile.moveToTrash ──▶ where it is now
              │ tried once with an empty file of our own          (instead of a file of the user's)
    restore ──▶ rename back, never onto something ──▶ the trash's own note about it goes too

Qt moves a file to the trash or fails; it never deletes one instead. But not every trash tells where a file went, and
without that there would be no way back: such a trash is refused before a file of the user's is touched.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFile

from photofind.core.actions.renaming import rename_new
from photofind.core.actions.trash import Trash
from photofind.core.errors import TrashError
from photofind.gui.names import displayable

Move = Callable[[str], tuple[str, str]]
"""Moves a file to the trash: returns where it is now, or an empty path and why it was not moved."""

_PROBE = ".photofind-"


def open_trash() -> Trash:
    """Return the trash of the system that this runs on."""
    if sys.platform in ("win32", "darwin"):
        return DesktopTrash()
    from photofind.core.actions.freedesktop_trash import FreedesktopTrash

    return FreedesktopTrash()  # Qt's own cannot take names that are no text


class DesktopTrash:
    """A :class:`~photofind.core.actions.trash.Trash` that Qt fills; may be used from any thread, by one at a time.

    Parameters
    ----------
    move
        Moves one file; only tests give another than Qt.
    """

    def __init__(self, move: Move | None = None) -> None:
        self._move = move or _move
        self._trusted: set[int] = set()

    def can_take(self, path: str) -> None:
        """Return when a file at this path could be put into the trash now, without touching or making anything.

        Raises
        ------
        TrashError
            When the system has no trash, or the file lies on a share of a network.
        """
        if not QFile.supportsMoveToTrash():
            raise TrashError("This system has no trash; choose to move the photos to a folder instead.")
        if sys.platform == "win32" and _is_on_network(path):
            raise TrashError(f"There is no trash for network drives such as that of {displayable(path)}.")

    def put(self, path: str) -> str:
        """Put a file into the trash and return the path where it is now.

        Raises
        ------
        TrashError
            When there is no working trash for it; it is refused, never deleted instead.
        """
        self.can_take(path)
        self._try_out(os.path.dirname(path))
        return self._moved(path)

    def restore(self, now_at: str, path: str) -> None:
        """Bring a file back from ``now_at`` to ``path``, whose folder exists; what is at ``path`` is never overwritten.

        Raises
        ------
        TrashError
            When something is at ``path`` by now, or the trash does not give the file back.
        """
        try:
            rename_new(now_at, path)
        except FileExistsError as error:
            raise TrashError(f"Something else is at {displayable(path)} by now; move it away first.") from error
        except FileNotFoundError as error:
            raise TrashError(f"{displayable(os.path.basename(path))} is not in the trash any more.") from error
        except OSError as error:
            reason = "it is on another volume" if error.errno == errno.EXDEV else error.strerror or error
            raise TrashError(f"The trash does not give {displayable(path)} back: {reason}.") from error
        for note in _notes(now_at):
            with contextlib.suppress(OSError):
                note.unlink()

    def _try_out(self, folder: str) -> None:
        """Put an empty file of our own into the trash and take it back, once for each volume."""
        try:
            volume = os.stat(folder).st_dev
            if volume in self._trusted:
                return
            handle, probe = tempfile.mkstemp(prefix=_PROBE, dir=folder)
            os.close(handle)
        except OSError as error:
            raise TrashError(f"The folder {displayable(folder)} cannot be changed: {error.strerror}.") from error
        try:
            self.restore(self._moved(probe), probe)
        finally:
            with contextlib.suppress(OSError):
                Path(probe).unlink()
        self._trusted.add(volume)

    def _moved(self, path: str) -> str:
        place, reason = self._move(path)
        if place and place != path and os.path.lexists(place):
            return place
        if os.path.lexists(path):
            words = f": {reason}" if reason else ""
            raise TrashError(f"The trash did not take {displayable(path)}{words}. It is where it was.")
        raise TrashError(
            f"{displayable(path)} is in the trash, but the system did not say where; put it back from there by hand."
        )


def _move(path: str) -> tuple[str, str]:
    file = QFile(path)
    if file.moveToTrash():
        return os.path.normpath(file.fileName()), ""  # Qt has the name of the place by now
    return "", file.errorString()


def _notes(place: str) -> list[Path]:
    """Return what the trash wrote beside a file about where it was."""
    folder, name = os.path.split(place)
    if name.startswith("$R"):  # Windows
        return [Path(folder, f"$I{name[2:]}")]
    if os.path.basename(folder) == "files":  # freedesktop.org
        return [Path(os.path.dirname(folder), "info", f"{name}.trashinfo")]
    return []


def _is_on_network(path: str) -> bool:
    import ctypes

    drive = os.path.splitdrive(os.path.abspath(path))[0]
    remote = 4
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there on Windows, as the type checker knows
    return drive.startswith("\\\\") or kernel.GetDriveTypeW(f"{drive}\\") == remote
