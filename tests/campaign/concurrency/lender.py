"""A process that has loaded the program, and lends copies of itself, as many at a time as are asked for.

::

    {"begin": 1, "arguments": […], "in": PATH, "out": PATH, "err": PATH}   ──▶ fork ──▶ the command line
    {"begin": 2, "call": "module:function", "arguments": […], …}           ──▶ fork ──▶ that function
                                    ◀── {"begun": 1, "pid": N} at once, {"ended": N, "status": S} when it is over

Each copy has a session of its own. On SIGABRT it says where each of its threads is, and ends.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from tests.campaign.kills.thresholds import lower
from tests.campaign.lending.copies import CRASHED, run_command, take_streams

_COMMANDS = ("main", "batch", "duplicates", "evaluate", "index", "report", "search", "upkeep", "worker")
_CORE = (
    *("search", "doctor", "library_writer", "indexing.run", "indexing.reworking", "health", "duplicates.reading"),
    *("duplicates.finding", "evaluation.calibrating", "searching.images", "words.reading", "imaging.viewing"),
    "encoders.onnx_image",
)
_ALSO = ("faiss", "filelock", "tests.campaign.concurrency.readers")


def serve() -> None:
    """Lend copies until stdin ends."""
    for name in (*(f"photofind.cli.{part}" for part in _COMMANDS), *(f"photofind.core.{part}" for part in _CORE)):
        importlib.import_module(name)
    for name in _ALSO:  # not Qt: what it has begun before a fork is of no use after it
        importlib.import_module(name)
    lower()
    gc.collect()
    gc.freeze()  # or else each copy would touch, and so copy, every object
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    _tell(ready=True)
    unread = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ended()
        if 0 in ready:
            news = os.read(0, 1 << 16)
            if not news:
                return
            *lines, unread = (unread + news).split(b"\n")
            for line in lines:
                _lend(json.loads(line))


def _tell(**values: Any) -> None:
    os.write(1, json.dumps(values).encode() + b"\n")


def _tell_ended() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell(ended=pid, status=os.waitstatus_to_exitcode(status))


def _lend(asked: dict[str, Any]) -> None:
    pid = os.fork()
    if not pid:
        _play(asked)
    _tell(begun=asked["begin"], pid=pid)


def _play(asked: dict[str, Any]) -> NoReturn:
    """Do in the copy what is asked, and end it."""
    status = CRASHED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        _redirect(asked)
        os.chdir(asked.get("cwd", "/"))
        status = _called(asked) if "call" in asked else run_command(asked["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as an interpreter does at its end
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _redirect(asked: dict[str, Any]) -> None:
    """Let the three streams be the files that were named."""
    modes = (("in", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT), ("err", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    files = [os.open(asked.get(name, os.devnull), mode, 0o600) for name, mode in modes]
    take_streams(*files)
    for file in files:
        os.close(file)
    faulthandler.enable(os.dup(2))  # a worker sends its own stderr elsewhere


def _called(asked: dict[str, Any]) -> int:
    module, _, function = asked["call"].partition(":")
    sys.argv = [str(Path(__file__)), *asked["arguments"]]
    return int(getattr(importlib.import_module(module), function)(*asked["arguments"]) or 0)


if __name__ == "__main__":
    serve()
