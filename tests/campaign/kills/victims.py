"""Processes started to be killed: which of them die, when, and that nothing of them goes on afterwards.

A moment is drawn from three kinds: a time within what the undisturbed work takes; a sight, such as the first file of a
segment; a step, the so-manieth call that reaches the disk, at which the process ends itself (``runner``).
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from tests.campaign.kills.runner import VARIABLE, Order
from tests.campaign.lending.asking import TOP

_LOOK_SECONDS: Final = 0.002
_STARTING_SECONDS: Final = 3.0
_LONGEST_SECONDS: Final = 400.0
_END_SECONDS: Final = 120.0
_PAUSE_SECONDS: Final = 0.02

SIGHTS: Final[dict[str, str]] = {
    "an index file": "epoch-*/*",
    "a trained index": "epoch-*/trained.faiss",
    "embeddings": "vectors-*.f16",
    "thumbnails being written": "thumbnails.db-journal",
    "the log of the catalog": "library.db-wal",
    "a back-up": "library.db.v*",
    "a file being written": ".photofind-*",
    "the log of the journal": "journal.db-wal",
    "the pairs": "duplicates.db*",
    "the calibration": "accuracy.json",
}
"""What may be waited for: files below the library's folder that appear or grow."""


@dataclass(frozen=True)
class Work:
    """What the processes are to do: the runner's arguments, and lines for the worker's stdin."""

    arguments: tuple[str, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """When, and who: ``kind`` is time, sight or step; ``who`` is all, main or worker.

    The first two have a late ``step`` as well, for a time that is too long and a sight that does not come.
    """

    kind: str
    who: str
    seconds: float = 0.0
    sight: str = ""
    times: int = 1
    step: int = 0
    after: bool = False

    def __str__(self) -> str:
        when = {
            "time": f"after {self.seconds:.3f} s",
            "sight": f"{self.seconds * 1000:.1f} ms after {self.sight} (change {self.times})",
            "step": f"{'after' if self.after else 'before'} step {self.step}",
        }
        return f"{self.who} killed {when[self.kind]}"


@dataclass(frozen=True)
class Measured:
    """What the undisturbed work took: seconds, and steps of the process that took the most."""

    seconds: float
    steps: int


@dataclass
class Outcome:
    """How a run of the processes ended; ``killed`` is False when they were done before their moment came."""

    killed: bool
    status: int
    out: str
    err: str
    problems: list[str] = field(default_factory=list)


def draw_moment(chances: random.Random, measured: Measured, whos: Sequence[str], sights: Sequence[str]) -> Moment:
    """Draw when and who, as shares of what was measured, which is never twice the same: the chances stay the same."""
    who = chances.choice(whos)
    kind = chances.choice(("time", "sight", "sight", "step", "step", "step", "step") if sights else ("time", "step"))
    late = round(measured.steps * chances.uniform(0.67, 1.0))
    if kind == "time":
        return Moment(kind, who, measured.seconds * chances.random(), step=late)
    if kind == "sight":
        later = chances.choice((0.0, 0.0, chances.uniform(0.0, 0.02)))
        return Moment(kind, who, later, chances.choice(sights), chances.choice((1, 1, 2, 3)), late)
    return Moment(kind, who, step=1 + int(measured.steps * chances.random()), after=chances.random() < 0.5)


class Victim:
    """The processes of one piece of work, from their start to the end of the last one."""

    def __init__(self, work: Work, library: Path, order: Order) -> None:
        self._library = library
        self._order = order
        self._seen: dict[int, psutil.Process] = {}
        self._out, self._err = (library.parents[1] / name for name in ("victim.out", "victim.err"))
        environment = {
            **os.environ,
            VARIABLE: order.as_text(),
            "PYTHONPATH": str(TOP),
            "QT_QPA_PLATFORM": "offscreen",
        }
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._main = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.campaign.kills.runner", *work.arguments],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                env=environment,
                start_new_session=True,
            )
        self._lines = work.lines
        assert self._main.stdin is not None
        if work.lines:
            self._main.stdin.write("".join(f"{line}\n" for line in work.lines).encode())
            self._main.stdin.flush()
        else:
            self._main.stdin.close()

    def run(self, moment: Moment | None, before_kill: Callable[[], None]) -> Outcome:
        """Let it work until it ends or its moment comes; return when none of its processes is left."""
        started = time.monotonic()
        due = self._due(moment)
        killed = False
        while self._main.poll() is None and time.monotonic() - started < _LONGEST_SECONDS:
            self._look_for_children(started)
            if not killed and due(time.monotonic() - started):
                assert moment is not None
                before_kill()
                killed = self._kill(moment.who)
            time.sleep(_LOOK_SECONDS)
        problems = self._wait()
        status = self._main.wait()
        out, err = (path.read_text("utf-8", "replace") for path in (self._out, self._err))
        killed = killed or status == -signal.SIGKILL or Path(self._order.marker or os.devnull).is_file()
        return Outcome(killed, status, out, err, problems)

    def _due(self, moment: Moment | None) -> Callable[[float], bool]:
        if moment is None or moment.kind == "step":
            return lambda _: False
        if moment.kind == "time":
            return lambda elapsed: elapsed >= moment.seconds
        watch = _Watch(self._library, SIGHTS[moment.sight], moment.times)
        seen_at: list[float] = []

        def due(elapsed: float) -> bool:
            if not seen_at and watch.look():
                seen_at.append(elapsed)
            return bool(seen_at) and elapsed >= seen_at[0] + moment.seconds

        return due

    def _look_for_children(self, started: float) -> None:
        if time.monotonic() - started < _STARTING_SECONDS:
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(self._main.pid).children(recursive=True):
                    self._seen.setdefault(child.pid, child)

    def _left(self) -> list[psutil.Process]:
        """Return what is alive of the family, also what was started when nobody looked."""
        known = [process for process in self._seen.values() if _is_alive(process)]
        return known or [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(VARIABLE) == self._order.as_text() and _is_alive(process)
        except psutil.Error:
            return False

    def _kill(self, who: str) -> bool:
        """Kill with SIGKILL; tell whether there was somebody to kill."""
        found = [psutil.Process(self._main.pid)]
        with contextlib.suppress(psutil.Error):
            found += found[0].children(recursive=True)
        for process in found:
            self._seen.setdefault(process.pid, process)
        if who == "main":
            found = found[:1]
        elif who == "worker":
            found = [process for process in found[1:] if _is_worker(process)]
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        return bool(found)

    def _wait(self) -> list[str]:
        """Wait until none of the processes is left; return what is wrong when one stays, which is killed then."""
        if self._main.poll() is None:
            self._main.kill()
            self._main.wait()
            return [f"the work was not done after {_LONGEST_SECONDS:g} s"]
        if self._lines and self._main.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._main.stdin.close()
        end = time.monotonic() + _END_SECONDS
        while (left := self._left()) and time.monotonic() < end:
            time.sleep(_PAUSE_SECONDS)
        for process in left:
            process.kill()
        return [f"a process was left: {' '.join(process.cmdline()[:6])}" for process in left]


class _Watch:
    """Notes how often what fits a pattern has appeared or changed."""

    def __init__(self, library: Path, pattern: str, times: int) -> None:
        self._library = library
        self._pattern = pattern
        self._times = times
        self._last = self._state()

    def look(self) -> bool:
        """Tell whether it has happened often enough."""
        state = self._state()
        if state - self._last:
            self._times -= 1
        self._last = state
        return self._times <= 0

    def _state(self) -> set[tuple[str, int]]:
        found = set()
        for path in self._library.glob(self._pattern):
            with contextlib.suppress(OSError):
                found.add((path.name, path.stat().st_size))
        return found


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "worker" in process.cmdline()
    except psutil.Error:
        return False


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def measure(work: Work, library: Path, counted: Path) -> tuple[Measured, Outcome]:
    """Let the work be done undisturbed; return what it took."""
    counted.unlink(missing_ok=True)
    started = time.monotonic()
    outcome = Victim(work, library, Order("measured", counted=str(counted))).run(None, lambda: None)
    seconds = time.monotonic() - started
    steps = max(map(int, counted.read_text("ascii").split()), default=1) if counted.exists() else 1
    return Measured(seconds, steps), outcome
