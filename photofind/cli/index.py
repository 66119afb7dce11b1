"""``photofind index``: drives a worker and shows how far it is."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Self

from photofind.cli import output
from photofind.cli.client import Event, WorkerClient, WorkerLostError
from photofind.cli.display import ProgressBar
from photofind.cli.interrupting import INTERRUPTED
from photofind.core import watching
from photofind.core.settings import Settings

_ERRORS_SHOWN = 10
_PHASES = {"scan": "Looking for photos", "embed": "Indexing", "index": "Tidying the index", "paused": "Paused"}


def run_index(arguments: argparse.Namespace, library: Path, settings: Settings) -> int:
    """Bring the library up to date with the named folders; return the exit status."""
    folders = [folder and os.path.abspath(folder) for folder in arguments.folders]
    with contextlib.ExitStack() as stack:
        worker = stack.enter_context(WorkerClient(library))
        interrupt = stack.enter_context(_Interrupt(worker))
        watch = _watch(folders, library, stack) if arguments.watch else None
        if watch is not None:
            interrupt.then(watch.stop)
        try:
            report = _update(worker, interrupt, folders)
            _show(report, library, settings, as_json=arguments.json)
            while watch is not None and not interrupt.asked and watch.wait():
                report = _update(worker, interrupt, folders)
                _show(report, library, settings, as_json=arguments.json)
        except WorkerLostError:
            if not interrupt.killed:
                raise
            output.tell("Stopped at once; the next `photofind index` goes on from what was stored.")
            return INTERRUPTED
    return INTERRUPTED if report["stopped"] else 0


def _watch(folders: list[str], library: Path, stack: contextlib.ExitStack) -> watching.FolderWatch:
    def tell(folder: str, error: OSError) -> None:
        minutes = round(watching.RESCAN_SECONDS / 60)
        output.tell(f"Cannot watch {folder} ({error.strerror or error}); it is looked through every {minutes} minutes.")

    return stack.enter_context(watching.FolderWatch(folders, library, tell))


def _update(worker: WorkerClient, interrupt: _Interrupt, folders: list[str]) -> Event:
    with ProgressBar(_PHASES, "photos") as display:
        worker.send("index", folders=folders)
        if interrupt.asked:
            worker.send("stop")  # a Ctrl-C before the command would have stopped nothing
        return _wait(worker, display)


def _show(report: Event, library: Path, settings: Settings, *, as_json: bool) -> None:
    if not as_json:
        _tell(report)
        return
    if len(report["errors"]) < report["errors_total"]:  # the worker tells the first of them only
        from photofind.core.library import Library  # faiss and the decoders: a second that other runs need not wait

        with Library(library, settings) as opened:
            report["errors"] = [{"path": error.path, "reason": error.reason} for error in opened.errors()]
    output.document(_contract(report))


def _wait(worker: WorkerClient, display: ProgressBar) -> Event:
    for event in worker.events():
        if event["event"] == "progress":
            done, total = (event["done"], event["total"]) if event["phase"] in ("scan", "embed") else (0, 0)
            display.show(event["phase"], done, total, event["errors"])
        elif event["event"] == "finished":
            return event
    raise WorkerLostError("The worker process ended without a report; run the command again.")


class _Interrupt:
    """Lets the first Ctrl-C stop the worker after the photos under way, and the second one at once."""

    def __init__(self, worker: WorkerClient) -> None:
        self._worker = worker
        self._also: Callable[[], None] = lambda: None
        self.asked = 0
        self.killed = False

    def __enter__(self) -> Self:
        self._previous = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def then(self, action: Callable[[], None]) -> None:
        """Call ``action`` too on the first Ctrl-C."""
        self._also = action

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.asked += 1
        if self.asked == 1:
            os.write(sys.stderr.fileno(), b"\nStopping after the photos under way; once more to stop at once.\n")
            self._worker.send("stop")
            self._also()
        else:
            self.killed = True
            self._worker.kill()


def _contract(report: Event) -> dict[str, Any]:
    counts = ("photos", "added", "changed", "removed", "moved", "unchanged", "embedded", "in_cloud")
    kept = {name: report[name] for name in counts}
    return {**kept, **{name: report[name] for name in ("offline", "stopped", "errors", "seconds")}}


def _tell(report: Event) -> None:
    counts = ", ".join(
        f"{report[name]:,} {name}" for name in ("added", "changed", "moved", "removed", "unchanged") if report[name]
    )
    output.line(
        f"{report['photos']:,} photos in the library ({counts or 'nothing new'}; {output.duration(report['seconds'])})"
    )
    for path in report["offline"]:
        output.tell(f"Not there now, kept as offline: {path}")
    if report["in_cloud"]:
        output.tell(f"{report['in_cloud']:,} files are only in the cloud and were left there.")
    for error in report["errors"][:_ERRORS_SHOWN]:
        output.tell(f"{error['path']}: {error['reason']}")
    if report["errors_total"] > _ERRORS_SHOWN:
        output.tell(f"… and {report['errors_total'] - _ERRORS_SHOWN:,} more; see `photofind status`.")
    if report["stopped"]:
        output.tell("Stopped; the next `photofind index` goes on from here.")
