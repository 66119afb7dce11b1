"""The side of the copies: their streams, what they run, and their end with all that they started."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import IO, NoReturn

CRASHED = 70
"""What a copy ends with after a traceback."""
KILLED = -9
"""The status of a copy that took too long."""
_UNFLUSHED = 120
"""What an interpreter ends with when its streams do not take what is buffered."""


def take_streams(stdin: int, out: int, err: int) -> None:
    """Let the three streams be these open files, for Python and for what is not Python."""
    for number, stream in enumerate((stdin, out, err)):
        os.dup2(stream, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for the rest of this process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    # As an interpreter has it: what its line cannot be written to fails there and then.
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def run_command(arguments: list[str]) -> int:
    """Run the command line as ``python -m photofind`` does; return its exit status."""
    from photofind.__main__ import main

    sys.argv = ["photofind", *arguments]
    return main()


def run_to_end(call: Callable[[], int]) -> NoReturn:
    """Run a program in this copy, and end it as an interpreter does, but for what it would tidy up."""
    status = CRASHED
    try:
        status = call()
    except SystemExit as asked_for:
        status = asked_for.code if isinstance(asked_for.code, int) else 1
    except BaseException:  # noqa: BLE001 - as an interpreter does at its end
        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # no room, or closed
            status = _UNFLUSHED
    os._exit(status)


def end_group(child: int) -> None:
    """Kill a copy that leads a group, with all of it that is left."""
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def content(file: IO[bytes], most: int = -1) -> str:
    """Return what a copy wrote to a file, or no more than some bytes of it."""
    file.seek(0)
    return file.read(most).decode("utf-8", "backslashreplace")
