"""The worker's ``maintain`` command: the index is measured, made compact, or trained anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from photofind.core.errors import StorageError, UserError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control, Progress
from photofind.core.settings import Settings

TASKS = ("calibrate", "compact", "recluster")


class Send(Protocol):
    """Sends an event to whoever drives the worker."""

    def __call__(self, event: str, **values: Any) -> None:
        """Send it with its values."""


def maintain(writer: LibraryWriter, settings: Settings, send: Send, command: dict[str, Any], control: Control) -> None:
    """Do a task, or with ``if_due`` only when there is a point in it, and tell how it went."""
    task: str = command["task"]
    started = time.monotonic()
    try:
        is_due = not command.get("if_due") or _is_due(writer.folder, settings, task)
        if is_due and not control.stopping:
            for progress in _steps(writer, settings, task, control):
                send("progress", **asdict(progress))
    except UserError as error:  # the library goes on without
        send("refused", message=str(error))
    else:
        done = is_due and not control.stopping
        send("maintained", task=task, done=done, seconds=round(time.monotonic() - started, 3))


def _is_due(library: Path, settings: Settings, task: str) -> bool:
    with Library(library, settings) as opened:
        if task == "calibrate":
            return opened.is_calibration_due()
        health = opened.health()
        return health.compaction.worth if task == "compact" else health.reclustering.worth


def _steps(writer: LibraryWriter, settings: Settings, task: str, control: Control) -> Iterator[Progress]:
    if task == "calibrate":
        with Library(writer.folder, settings) as opened:
            calibrator = opened.calibrator(control)
            yield from calibrator.run()
            if calibrator.problem:
                raise StorageError(calibrator.problem)
        return
    writer.control = control
    yield from writer.compact() if task == "compact" else writer.recluster()
