"""A process that has loaded the program, and lends each attempt a copy of itself: a start that costs milliseconds.

::

    {"arguments": […]}                    ──▶ fork ──▶ the command line, as ``python -m photofind`` runs it
    {"call": "module:function", "with": …} ──▶ fork ──▶ that function, whose sentences are printed
                                          ◀── {"status": …, "seconds": …, "megabytes": …, "out": …, "err": …}

A copy that takes too long is killed with all that it started. ``python -m tests.campaign.lending.server`` answers lines
on stdin until that ends.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from photofind.core.encoders.onnx_session import load_runtime
from tests.campaign.lending.copies import KILLED, content, end_group, run_command, run_to_end, take_streams

_PRELOADED = (
    *("main", "batch", "duplicates", "evaluate", "index", "labels", "model", "plans", "report", "search", "upkeep"),
    *("worker", "bench"),
)
_MOST_TOLD = 20_000
_LOOK_SECONDS = 0.005
_PATIENCE = 10.0
_LARGEST_FILE = 1 << 30


def serve() -> None:
    """Answer one line after the other."""
    for name in _PRELOADED:
        importlib.import_module(f"photofind.cli.{name}")
    load_runtime()
    for name in ("photofind.core.packs.trying", "faiss", "tokenizers", "filelock"):
        importlib.import_module(name)
    for line in sys.stdin:
        answer = _attempt(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _attempt(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _play(asked, out.fileno(), err.fileno())
        status, usage = _awaited(child, float(asked.get("seconds", 60.0)))
        return {
            "status": status,
            "seconds": time.monotonic() - begun,
            "processor": usage.ru_utime + usage.ru_stime,
            "megabytes": usage.ru_maxrss / 1024,
            "out": content(out, _MOST_TOLD + 1),
            "err": content(err, _MOST_TOLD + 1),
        }


def _awaited(child: int, seconds: float) -> tuple[int, resource.struct_rusage]:
    """Wait for a copy, at most for so much processor time, and where it waits itself for many times as long."""
    deadline = time.monotonic() + seconds * _PATIENCE
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            end_group(child)
            return os.waitstatus_to_exitcode(status), usage
        if time.monotonic() > deadline or _processor_seconds(child) > seconds:
            end_group(child)
            _, _, usage = os.wait4(child, 0)
            return KILLED, usage
        time.sleep(_LOOK_SECONDS)


def _processor_seconds(child: int) -> float:
    """Return what a copy and its ended children have taken: a busy machine makes nobody a culprit."""
    try:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # no such folder on this system, or it ends just now
        return 0.0
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")  # utime, stime, cutime, cstime


def _play(asked: dict[str, Any], out: int, err: int) -> NoReturn:
    """Run in the copy, and end it."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    take_streams(os.open(asked.get("stdin", os.devnull), os.O_RDONLY | os.O_NONBLOCK), out, err)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    run_to_end(lambda: _called(asked) if "call" in asked else run_command(asked["arguments"]))


def _called(asked: dict[str, Any]) -> int:
    module, _, function = asked["call"].partition(":")
    problems: list[str] = getattr(importlib.import_module(module), function)(Path(asked["with"]))
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return 0


if __name__ == "__main__":
    serve()
