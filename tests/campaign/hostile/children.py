"""The processes of the fuzz run: each makes its inputs by number, reads them, and tells what became of each.

A child that dies, hangs or grows beyond the limits of a decoder costs the input that it was on, which is kept, and is
replaced by one that goes on behind it.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

import psutil

from photofind.core.imaging import DecodeLimits
from tests.campaign.hostile.corpus import Seed, seeds
from tests.campaign.hostile.mutations import Mutator
from tests.campaign.hostile.reading import Mark, Reader, Verdict

_SPAWN = get_context("spawn")
_LOOK_SECONDS = 0.2
_START_SECONDS = 120.0
"""What a process may take to import and to open the network, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a child needs to know: where to work, what the chances of all inputs come from, whose files to add."""

    place: Path
    seed: str
    others: Path | None
    limits: DecodeLimits


@dataclass(frozen=True, slots=True)
class Loss:
    """A process that was lost over an input: why, at which stage, and in which library."""

    number: int
    stage: str
    reason: str
    where: str


def input_of(mutator: Mutator, seed: str, number: int) -> tuple[Seed, random.Random]:
    """Return input ``number`` of the run of this seed, and chances for what is done with it."""
    chances = random.Random(f"{seed}/{number}")
    return mutator.input_of(chances), chances


def read_inputs(connection: Connection, work: Work, number: int, last: int) -> None:
    """Read the inputs from ``number`` to before ``last``; the entry point of a child."""
    import faulthandler

    from photofind.core.imaging.threads import use_one_thread

    noise = os.open(work.place / "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(noise, 2)  # what libraries print there
    with (work.place / "crash").open("w") as crash:
        faulthandler.enable(crash)
        use_one_thread()
        reader = Reader(work.place, Mark(work.place / "mark"), work.limits)
        mutator = Mutator(seeds(work.others))
        connection.send(None)  # ready
        for at in range(number, last):
            connection.send(reader.read(at, *input_of(mutator, work.seed, at)))


class Child:
    """A process with a share of the inputs, and its successors."""

    def __init__(self, work: Work, first: int, last: int, seconds: float, megabytes: int) -> None:
        self._work = work
        self._next, self._last = first, last
        self._seconds, self._megabytes = seconds, megabytes
        self._verdict = ""
        self._next_look = 0.0
        self.starts = 0
        work.place.mkdir(parents=True, exist_ok=True)
        self._at: tuple[int, str] = (-1, "rest")
        self._start()

    @property
    def connection(self) -> Connection:
        """What to wait for."""
        return self._connection

    @property
    def done(self) -> bool:
        """Whether its inputs are read."""
        return self._next >= self._last

    def receive(self) -> Verdict | Loss | None:
        """Take what the process has sent, None when it is ready; a process that has ended is replaced."""
        try:
            verdict: Verdict | None = self._connection.recv()
        except (EOFError, OSError):
            return self._bury()
        self._is_ready = True
        if verdict is not None:
            self._next = verdict.number + 1
        if self.done:
            self.close()
        return verdict

    def watch(self) -> None:
        """End the process when it is over a limit; its end is then received."""
        if self.done or time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        at = Mark.read(self._work.place / "mark") if self._is_ready else (-1, "rest")
        now = time.monotonic()
        if at != self._at:
            self._at = at
            self._since = now
        allowed = self._seconds if self._is_ready else _START_SECONDS
        if now - self._since > allowed and not self._verdict:
            self._verdict = f"more than {allowed:g} seconds"
            self.process.kill()
        elif _megabytes(self.process.pid) > self._megabytes and not self._verdict:
            self._verdict = f"more than {self._megabytes} MB"
            self.process.kill()

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()

    def _start(self) -> None:
        self._connection, theirs = _SPAWN.Pipe()
        self.process: SpawnProcess = _SPAWN.Process(
            target=read_inputs, args=(theirs, self._work, self._next, self._last), daemon=True
        )
        self.process.start()
        theirs.close()
        self.starts += 1
        self._verdict, self._is_ready = "", False
        self._at = (-1, "rest")
        self._since = time.monotonic()

    def _bury(self) -> Loss:
        self.process.join()
        number, stage = Mark.read(self._work.place / "mark") if self._is_ready else (self._next, "start")
        number = max(number, self._next)  # behind what was told of, it was about to begin the next one
        reason = self._verdict or f"exit status {self.process.exitcode}"
        crash = (self._work.place / "crash").read_text(errors="replace") if self._is_ready else ""
        self._connection.close()
        self._next = number + 1
        if not self.done:
            self._start()
        return Loss(number, stage, reason, _innermost(crash))


def read_all(children: list[Child]) -> Iterator[Verdict | Loss]:
    """Yield what became of each input until every one is read."""
    try:
        while waiting := [child for child in children if not child.done]:
            ready = wait([child.connection for child in waiting], _LOOK_SECONDS)
            for child in waiting:
                if child.connection in ready:
                    found = child.receive()
                    if found is not None:
                        yield found
                child.watch()
    finally:
        for child in children:
            child.close()


def _innermost(crash: str) -> str:
    """Return the last calls of Python before a crash, as faulthandler wrote them."""
    lines = [line.strip() for line in crash.splitlines() if line.strip().startswith("File ")]
    return " < ".join(line.replace('"', "").rsplit("/", 1)[-1] for line in lines[:4])


def _megabytes(process_id: int | None) -> int:
    try:
        return int(psutil.Process(process_id).memory_info().rss) >> 20
    except psutil.Error:
        return 0
