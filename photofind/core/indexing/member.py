"""One decoder process as the pool sees it: what it was handed, and what it may cost."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import psutil

from photofind.core.indexing.messages import Task


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many processes there are, and how long and how large one may get over a file."""

    processes: int
    photo_seconds: float
    process_bytes: int


@dataclass(slots=True, eq=False)
class Member:
    """A process, the pipe to it, and the files before it.

    The writer moves the files on; the thread that guards the pool looks at them and ends the process, no more.
    ``verdict`` says why a process was ended.
    """

    process: SpawnProcess
    connection: Connection
    tasks: deque[Task] = field(default_factory=deque)
    busy_since: float = 0.0
    worked_unseen: float = 0.0
    """Seconds of processor time that it had taken when the writer last looked."""
    verdict: str = ""

    def take(self, task: Task) -> None:
        """Hand it a file; OSError when it has died."""
        if not self.tasks:
            self.busy_since = time.monotonic()
        self.tasks.append(task)
        self.connection.send(task)

    def check_time(self, limits: PoolLimits) -> None:
        """End it if it takes too long over its file: for the writer, who has just read what it had to say."""
        if self.tasks and time.monotonic() - self.busy_since > limits.photo_seconds:
            self._end(f"decoding it took more than {limits.photo_seconds:g} seconds")

    def guard(self, limits: PoolLimits, *, is_writer_away: bool) -> None:
        """End it if it grows too large over its file, or works for too long while the writer does not look.

        What it says is not heard then, so that it may be done, or wait for an answer: only the time counts in which
        it works, and it may need that for each file that it has.
        """
        tasks = len(self.tasks)
        if not tasks or self.verdict:
            return
        try:
            process = psutil.Process(self.process.pid)
            resident, times = process.memory_info().rss, process.cpu_times()
        except psutil.Error:  # it has ended; the writer will read that
            return
        worked = times.user + times.system
        if not is_writer_away:
            self.worked_unseen = worked
        if resident > limits.process_bytes:
            self._end(f"decoding it needed more than {limits.process_bytes >> 20} MB of memory")
        elif worked - self.worked_unseen > limits.photo_seconds * tasks:
            self._end(f"decoding it took more than {limits.photo_seconds:g} seconds")

    def _end(self, verdict: str) -> None:
        self.verdict = self.verdict or verdict
        self.process.kill()
