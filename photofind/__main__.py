"""`photofind` and `python -m photofind`: the command line, or the window."""

import sys
from pathlib import Path


def main() -> int:
    """Run the command line; return the exit status."""
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # a decoder process of a frozen program starts here and ends in this call
    try:
        from photofind.cli.main import run

        return run(sys.argv[1:], _open_window)
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it


def _open_window(library: Path | None) -> int:
    # Only here: every other command runs where there is no Qt, or no screen.
    from photofind.core.errors import UserError

    try:
        from photofind.gui.app import run_window
    except ImportError as error:
        if "PySide6" not in str(error.name or error) and ".so" not in str(error):
            raise
        raise UserError(
            f"The window needs libraries that are missing here ({error}). On Debian and Ubuntu run: sudo apt-get"
            " install libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 libxcb-cursor0 libxcb-icccm4"
            " libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0; `photofind index` and `photofind search` work without."
        ) from error
    return run_window(library)


if __name__ == "__main__":
    sys.exit(main())
