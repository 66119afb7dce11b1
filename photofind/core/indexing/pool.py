"""The decoder processes: hands them files, collects their outcomes, and ends those that die, hang or grow too large.

Each process has up to :data:`_DEPTH` files before it, so that it never waits for the writer. When one is lost, the file
it was on is reported as :class:`Lost` and the files behind it are handed out again.

A thread of its own guards the processes as long as there are any: the limits hold while the writer is paused, or at
something else, too. It only ends processes; that one has ended is read from its pipe, as if it had died by itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from photofind.core.errors import UserError
from photofind.core.indexing.decoder import serve
from photofind.core.indexing.member import Member, PoolLimits
from photofind.core.indexing.messages import DecoderConfig, Lost, Outcome, Question, Task
from photofind.core.spawning import begin

LOG = logging.getLogger(__name__)
_DEPTH = 2
_LOOK_SECONDS = 0.1
_JOIN_SECONDS = 5.0
_LONGEST_GAP_SECONDS = 5.0
"""Whoever does not look for longer was suspended, or busy: meanwhile nobody could know what the decoders did."""
_SPAWN = multiprocessing.get_context("spawn")


class DecoderPool:
    """A fixed number of decoder processes, started when they are first needed.

    ``decide`` answers a decoder's question whether a content needs an embedding.
    """

    def __init__(self, config: DecoderConfig, limits: PoolLimits, decide: Callable[[Task, Question], bool]) -> None:
        self._config = config
        self._limits = limits
        self._decide = decide
        self._members: list[Member] = []
        self._changing = threading.Lock()  # held to change the members, and by the guard while it looks at them
        self._guard: threading.Thread | None = None
        self._is_closing = threading.Event()
        self._again: deque[Task] = deque()
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
            self._start()
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
        self._check_time()

    def forgive(self) -> None:
        """Restart the clock of the files under way: the writer itself was paused."""
        for member in self._members:
            member.busy_since = time.monotonic()

    def close(self) -> None:
        """End every process: at once where it is idle, by force where it is not."""
        self._is_closing.set()
        if self._guard is not None:
            self._guard.join()
            self._guard = None
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

    def _start(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(theirs, self._config), name="photofind-decoder", daemon=True)
        begin(process)
        theirs.close()
        with self._changing:
            self._members.append(Member(process, ours))
        if self._guard is None:
            self._guard = threading.Thread(target=self._keep_guard, name="photofind-decoders", daemon=True)
            self._guard.start()

    def _receive(self, member: Member) -> Iterator[tuple[Task, Outcome]]:
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

    def _bury(self, member: Member) -> Iterator[tuple[Task, Outcome]]:
        with self._changing:
            self._members.remove(member)
        member.process.join(_JOIN_SECONDS)
        reason = member.verdict or f"the decoder crashed on it (exit status {member.process.exitcode})"
        member.connection.close()
        if member.tasks:
            culprit = member.tasks.popleft()
            LOG.warning("a decoder was lost: %s", reason)
            self._again.extend(member.tasks)
            yield culprit, Lost(reason)

    def _check_time(self) -> None:
        if time.monotonic() - self._looked > _LONGEST_GAP_SECONDS:
            self.forgive()
        self._looked = time.monotonic()
        for member in self._members:
            member.check_time(self._limits)

    def _keep_guard(self) -> None:
        """Look at the processes until the pool closes; runs in the guarding thread."""
        while not self._is_closing.wait(_LOOK_SECONDS):
            is_away = time.monotonic() - self._looked > _LONGEST_GAP_SECONDS
            with self._changing:
                for member in self._members:
                    member.guard(self._limits, is_writer_away=is_away)
