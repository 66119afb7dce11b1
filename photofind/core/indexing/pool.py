"""The decoder processes: hands them files, collects their outcomes, and ends those that die, hang or grow too large.

Each process has up to :data:`_DEPTH` files before it, so that it never waits for the writer. When one is lost, the file
it was on is reported as :class:`Lost` and the files behind it are handed out again.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

import psutil

from photofind.core.errors import UserError
from photofind.core.indexing.decoder import serve
from photofind.core.indexing.messages import DecoderConfig, Lost, Outcome, Question, Task
from photofind.core.spawning import begin

LOG = logging.getLogger(__name__)
_DEPTH = 2
_MEMORY_CHECK_SECONDS = 0.25
_JOIN_SECONDS = 5.0
_LONGEST_GAP_SECONDS = 5.0
"""Whoever does not look for longer was suspended, or busy: meanwhile nobody could know what the decoders did."""
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many processes there are, and how long and how large one may get over a file."""

    processes: int
    photo_seconds: float
    process_bytes: int


@dataclass(slots=True)
class _Member:
    process: SpawnProcess
    connection: Connection
    tasks: deque[Task] = field(default_factory=deque)
    busy_since: float = 0.0
    verdict: str = ""

    def take(self, task: Task) -> None:
        if not self.tasks:
            self.busy_since = time.monotonic()
        self.tasks.append(task)
        self.connection.send(task)


class DecoderPool:
    """A fixed number of decoder processes, started when they are first needed.

    ``decide`` answers a decoder's question whether a content needs an embedding.
    """

    def __init__(self, config: DecoderConfig, limits: PoolLimits, decide: Callable[[Task, Question], bool]) -> None:
        self._config = config
        self._limits = limits
        self._decide = decide
        self._members: list[_Member] = []
        self._again: deque[Task] = deque()
        self._next_memory_check = 0.0
        self._looked = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def idle(self) -> bool:
        """Whether no file is under way."""
        return not self._again and not any(member.tasks for member in self._members)

    def room(self) -> int:
        """Return how many more files :meth:`submit` takes right now."""
        return max(0, self._limits.processes * _DEPTH - len(self._again) - sum(len(m.tasks) for m in self._members))

    def submit(self, task: Task) -> None:
        """Hand a file to the process that has the least to do."""
        if len(self._members) < self._limits.processes and all(member.tasks for member in self._members):
            self._members.append(self._start())
        member = min(self._members, key=lambda m: len(m.tasks))
        try:
            member.take(task)
        except OSError:  # it died while idle; its end is noticed at the next poll
            if task not in member.tasks:
                self._again.append(task)

    def poll(self, timeout: float) -> Iterator[tuple[Task, Outcome]]:
        """Yield what has come in, waiting up to ``timeout`` seconds for something.

        The time of a file does not go on while the writer itself was suspended or at something else.

        Raises UserError when a decoder cannot work at all, whatever the file.
        """
        for _ in range(len(self._again)):
            self.submit(self._again.popleft())
        ready = wait([member.connection for member in self._members], timeout)
        for member in [member for member in self._members if member.connection in ready]:
            yield from self._receive(member)
        yield from self._watch()

    def forgive(self) -> None:
        """Restart the clock of the files under way: the writer itself was paused."""
        for member in self._members:
            member.busy_since = time.monotonic()

    def close(self) -> None:
        """End every process: at once where it is idle, by force where it is not."""
        for member in self._members:
            if member.tasks:
                member.process.kill()
            member.connection.close()
        for member in self._members:
            member.process.join(_JOIN_SECONDS)
            if member.process.is_alive():
                member.process.kill()
                member.process.join()
            member.process.close()
        self._members.clear()

    def process_ids(self) -> list[int]:
        """Return the ids of the running processes."""
        return [member.process.pid for member in self._members if member.process.pid is not None]

    def _start(self) -> _Member:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(theirs, self._config), name="photofind-decoder", daemon=True)
        begin(process)
        theirs.close()
        return _Member(process, ours)

    def _receive(self, member: _Member) -> Iterator[tuple[Task, Outcome]]:
        try:
            message = member.connection.recv()
            if isinstance(message, UserError):
                raise message
            if isinstance(message, Question):
                member.connection.send(self._decide(member.tasks[0], message))
                return
        except (EOFError, OSError):
            yield from self._bury(member)
            return
        task = member.tasks.popleft()
        member.busy_since = time.monotonic()
        yield task, message

    def _bury(self, member: _Member) -> Iterator[tuple[Task, Outcome]]:
        member.process.join(_JOIN_SECONDS)
        reason = member.verdict or f"the decoder crashed on it (exit status {member.process.exitcode})"
        member.connection.close()
        self._members.remove(member)
        if member.tasks:
            culprit = member.tasks.popleft()
            LOG.warning("a decoder was lost: %s", reason)
            self._again.extend(member.tasks)
            yield culprit, Lost(reason)

    def _watch(self) -> Iterator[tuple[Task, Outcome]]:
        now = time.monotonic()
        if now - self._looked > _LONGEST_GAP_SECONDS:
            self.forgive()
        self._looked = now
        check_memory = now >= self._next_memory_check
        if check_memory:
            self._next_memory_check = now + _MEMORY_CHECK_SECONDS
        for member in list(self._members):
            if member.tasks and now - member.busy_since > self._limits.photo_seconds:
                member.verdict = f"decoding it took more than {self._limits.photo_seconds:g} seconds"
            elif check_memory and _resident(member.process) > self._limits.process_bytes:
                member.verdict = f"decoding it needed more than {self._limits.process_bytes >> 20} MB of memory"
            else:
                continue
            member.process.kill()
            yield from self._bury(member)


def _resident(process: SpawnProcess) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0
