"""`photofind` and `python -m photofind`: the command line, or the window."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photofind.core.actions.trash import Trash

_QT = "PySide6-Essentials>=6.11,<6.12"
_QT_PACKAGES = ("PySide6", "shiboken6")
_WITHOUT = "`photofind index`, `search` and `duplicates` work without."


def main() -> int:
    """Run the command line; return the exit status."""
    _open_missing_streams()
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # a decoder process of a frozen program starts here and ends in this call
    try:
        from photofind.cli.main import run

        return run(sys.argv[1:], _open_window, _open_trash)
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it


def _open_missing_streams() -> None:
    """Let what nobody gave us (``>&-``, or no console) be a stream to nowhere, before any file is opened.

    Or else the next file to be opened, a database maybe, would have the number that everybody prints to.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)  # the worker prints there, too
        if getattr(sys, name) is None:
            stream = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


def _open_window(library: Path | None) -> int:
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Nothing is open yet, so that Ctrl-C may simply end us; its exception is lost in Qt's modules while they load.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Only here: every other command runs where there is no Qt, or no screen.
    from photofind.core.errors import UserError

    try:
        from photofind.gui.app import run_window
    except ImportError as error:
        if (error.name or "").partition(".")[0] in _QT_PACKAGES and isinstance(error, ModuleNotFoundError):
            raise UserError(
                f"The window needs the package PySide6-Essentials, which is missing here ({error}). Run:"
                f" {sys.executable} -m pip install '{_QT}'; {_WITHOUT}"
            ) from error
        if "PySide6" not in str(error.name or error) and ".so" not in str(error):
            raise
        raise UserError(
            f"The window needs libraries that are missing here ({error}). On Debian and Ubuntu run: sudo apt-get"
            " install libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxcb-cursor0 libxcb-icccm4"
            f" libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0; {_WITHOUT}"
        ) from error
    return run_window(library)


def _open_trash() -> Trash:
    if sys.platform in ("win32", "darwin"):
        from photofind.gui.trash import open_trash  # through Qt, which is part of the program there

        return open_trash()
    from photofind.core.actions.freedesktop_trash import FreedesktopTrash

    return FreedesktopTrash()


if __name__ == "__main__":
    sys.exit(main())
