"""A process under the shim that has loaded the program, and lends each attempt a copy of itself.

::

    {"arguments": […], "lines": […]}   ──▶ fork ──▶ the command line, as ``python -m photofind`` runs it
    {"call": "function", "with": path} ──▶ fork ──▶ that function of ``calls``
                                       ◀── {"status": …, "out": …, "err": …}

With ``lines``, which are commands for ``photofind worker``, stdin stays open until each of them was answered. Decoders
are copies too: a start that takes milliseconds. Batches and index files are small here, so that forty photos go through
all that a hundred thousand do.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, NoReturn

from tests.campaign.lending.copies import KILLED, content, end_group, run_command, run_to_end, take_streams

_LOOK_SECONDS = 0.004
_BATCH = 8
_SMALLEST, _DELTA = 8, 24
_ANSWERS = ("finished", "removed", "pack_wanted", "duplicates_found", "maintained", "refused", "failed")
_PRELOADED = ("main", "duplicates", "evaluate", "index", "model", "plans", "report", "search", "upkeep", "worker")
_ALSO = ("doctor", "indexing.run", "indexing.reworking", "evaluation.calibrating", "packs.installing", "packs.trying")


def serve() -> None:
    """Answer one line after the other."""
    load()
    gc.collect()
    gc.freeze()  # or else each copy would touch, and so copy, every object
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_attempt(json.loads(line))) + "\n")
        sys.stdout.flush()


def load() -> None:
    """Import the program with low thresholds, as every copy is to have it."""
    from photofind.core.vectors import rule

    # Before anything is imported that has them as defaults.
    limits = {"MIN_SEALED": _SMALLEST, "MAX_DELTA": _DELTA, "_CLASS_LIMITS": (32, 128, 512)}
    for name, value in limits.items():
        setattr(rule, name, value)
    from photofind.core.encoders.onnx_session import load_runtime
    from photofind.core.indexing import commit, line, pool

    line._COMMIT_RESULTS = _BATCH
    pool._SPAWN = _Forking()  # type: ignore[assignment]
    commit.Committer.commit = _acknowledged(commit.Committer.commit)  # type: ignore[method-assign]
    names = [f"photofind.cli.{name}" for name in _PRELOADED] + [f"photofind.core.{name}" for name in _ALSO]
    for name in (*names, "faiss", "filelock", "tests.campaign.faults.calls"):
        importlib.import_module(name)
    load_runtime()


def _acknowledged(commit: Callable[..., None]) -> Callable[..., None]:
    """Return a commit that writes down, where no fault comes, how many vectors there are once it has returned."""

    def committed(self: Any, results: Any) -> None:
        commit(self, results)
        with open(os.environ["CAMPAIGN_ACKNOWLEDGED"], "a", encoding="ascii") as file:
            file.write(f"{self.next_vid}\n")

    return committed


class _Forking:
    """Stands for multiprocessing's way to start a process anew: a copy, without the pipes of the others."""

    def __init__(self) -> None:
        self._context = get_context("fork")
        self._ours: list[Connection] = []

    def Pipe(self) -> tuple[Connection, Connection]:  # noqa: N802 - a name of multiprocessing
        ours, theirs = self._context.Pipe()
        self._ours.append(ours)
        return ours, theirs

    def Process(self, *, target: Callable[..., None], args: tuple[Any, ...], **more: Any) -> ForkProcess:  # noqa: N802
        def begin() -> None:
            for connection in self._ours:
                if not connection.closed:
                    connection.close()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            target(*args)

        return self._context.Process(target=begin, **more)


def _attempt(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        theirs, ours = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            _play(asked, theirs, out.fileno(), err.fileno())
        os.close(theirs)
        lines: list[Any] = asked.get("lines", [])
        try:
            os.write(ours, "".join(json.dumps(line) + "\n" for line in lines).encode())
        except BrokenPipeError:
            lines = []
        deadline = time.monotonic() + float(asked.get("seconds", 120.0))
        status = _awaited(child, ours, out.fileno(), len(lines), deadline)
        return {"status": status, "out": content(out), "err": content(err)}


def _awaited(child: int, stdin: int, out: int, answers: int, deadline: float) -> int:
    is_open = True
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        late = time.monotonic() > deadline
        if is_open and (found or late or _answered(out) >= answers):
            os.close(stdin)
            is_open = False
        if late and not found:
            end_group(child)
            os.waitpid(child, 0)
            return KILLED
        if found:
            end_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(_LOOK_SECONDS)


def _answered(out: int) -> int:
    told = os.pread(out, 1 << 20, 0)
    return sum(told.count(b'{"event": "%s"' % name.encode()) for name in _ANSWERS)


def _play(asked: dict[str, Any], stdin: int, out: int, err: int) -> NoReturn:
    """Run in the copy, and end it."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    take_streams(stdin, out, err)
    run_to_end(lambda: _called(asked) if "call" in asked else run_command(asked["arguments"]))


def _called(asked: dict[str, Any]) -> int:
    """Call a function as the window does: an error that the user can mend is its notice."""
    from photofind.core.errors import UserError

    function = getattr(importlib.import_module("tests.campaign.faults.calls"), asked["call"])
    try:
        function(Path(asked["with"]))
    except UserError as error:
        sys.stderr.write(f"photofind: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    serve()
