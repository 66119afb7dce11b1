"""The program as the campaign starts it to kill it: ``python -m tests.campaign.kills.runner ARGUMENTS``.

It is photofind itself, with the thresholds of ``thresholds``, and may carry its own death within it: at one of
the calls that reach the disk, or before one of the statements that the database is told. The environment variable
``PHOTOFIND_KILLS`` says which, see :class:`Order`; the worker that it starts carries the same order.

``window LIBRARY TASK [FOLDER]`` in place of arguments opens the real window, has the task done and closes it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "PHOTOFIND_KILLS"
_MODULE: Final = "tests.campaign.kills.runner"
_CALLS: Final = ("fsync", "replace", "rename", "unlink", "remove", "rmdir", "mkdir", "link", "utime", "chmod")


@dataclass(frozen=True)
class Order:
    """What a process is to do besides its work.

    ``name``, never the same twice, marks the family of processes. ``step`` is the call or statement at which it dies, 0
    for none; ``after`` means when the call has come back; ``family`` means with the process that started it. ``marker``
    is a file that is made by the first one to die: what is started in its place lives. ``counted`` names a file to
    which the number of these calls is written when the process ends by itself.
    """

    name: str
    step: int = 0
    after: bool = False
    family: bool = False
    marker: str = ""
    counted: str = ""

    def as_text(self) -> str:
        """Return it as the environment has it."""
        return json.dumps(dataclasses.asdict(self))


class Fate:
    """Counts the calls that reach the disk, and ends the process at one of them."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._lock = threading.Lock()
        self._calls = 0

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return the call, counted."""

        def counted(*arguments: Any, **options: Any) -> Any:
            with self._lock:
                self._calls += 1
                due = self._calls == self._order.step
            if due and not self._order.after:
                self._die()
            result = call(*arguments, **options)
            if due:
                self._die()
            return result

        return counted

    def write_down(self) -> None:
        """Add the number of calls to the file that was named; the largest of a family counts."""
        if self._order.counted:
            with Path(self._order.counted).open("a", encoding="ascii") as file:
                file.write(f"{self._calls}\n")

    def _die(self) -> None:
        try:
            Path(self._order.marker).open("x").close()
        except FileExistsError:
            return
        if self._order.family:
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(os.environ[f"{VARIABLE}_ROOT"]), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Do what the arguments say, as photofind would."""
    order = Order(**json.loads(os.environ[VARIABLE]))
    os.environ.setdefault(f"{VARIABLE}_ROOT", str(os.getpid()))
    from photofind.core import paths

    paths.program_command = lambda: [sys.executable, "-P", "-m", _MODULE]
    if arguments[0] != "index":  # it leaves all work to its worker
        from tests.campaign.kills.thresholds import lower

        lower()
    fate = Fate(order)
    _count(fate)
    try:
        return _run(arguments)
    finally:
        fate.write_down()


def _count(fate: Fate) -> None:
    for name in _CALLS:
        setattr(os, name, fate.wrap(getattr(os, name)))
    from photofind.core.actions import renaming
    from photofind.core.catalog import connection

    for name in ("execute", "executemany"):
        setattr(connection._Cursor, name, fate.wrap(getattr(connection._Cursor, name)))
    renaming._renameat2 = fate.wrap(renaming._renameat2)


def _run(arguments: list[str]) -> int:
    if arguments[0] == "window":
        from tests.campaign.kills.window import run_window

        return run_window(Path(arguments[1]), arguments[2], arguments[3:])
    from photofind.__main__ import main as photofind

    sys.argv[1:] = arguments
    return photofind()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
