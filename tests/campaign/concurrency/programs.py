"""Programs that run beside each other: begun, suspended, spoken to, awaited, and judged by how they end.

Nothing is waited for without a bound: who does not end in time says where each of its threads is (``Ended.stacks``).
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import psutil

from tests.campaign.lending.asking import surroundings
from tests.campaign.lending.copies import CRASHED

SECONDS: Final = 150.0
"""How long something may take on a busy machine before it counts as hanging."""

HANGS: Final = -1000
_LOOK_SECONDS: Final = 0.05
_DUMP_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Ended:
    """How a program ended: its status, negative for a signal, :data:`HANGS` when it had to be ended."""

    name: str
    status: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        """The sentence with which it refused; nothing when it did what it was asked."""
        return self.err.strip() if self.status == 1 else ""

    @property
    def is_busy(self) -> bool:
        """Whether it said that another process has the library, and which one."""
        return self.status == 1 and "Another photofind (process " in f"{self.err} {self.out}"

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    def trouble(self, *, may_refuse: bool = True) -> list[str]:
        """Return what is wrong with the way in which it ended: it does what it is asked, or says why in one line."""
        told = f"{self.err[-1500:]} {self.out[-600:]}".strip()
        if self.status == HANGS:
            return [f"{self.name} hangs: {told}"]
        if self.status < 0:
            return [f"{self.name} was ended by signal {-self.status}: {told}"]
        if "Traceback" in told or '"fixable": false' in told or self.status == CRASHED:
            return [f"{self.name} raises: {told}"]
        if self.status == 0:
            return []
        if self.status != 1 or not may_refuse:
            return [f"{self.name} ended with status {self.status}: {told}"]
        lines = self.err.strip().splitlines()
        if len(lines) != 1 or not lines[0].startswith("photofind: "):
            failed = [line for line in self.out.splitlines() if line.startswith('{"event": "failed"')]
            if lines or len(failed) != 1:
                return [f"{self.name} refuses in {len(lines)} lines: {told}"]
        return []


class Program:
    """A copy of the program that runs."""

    def __init__(self, name: str, pid: int, place: Path, stdin: int | None, lender: Lender) -> None:
        self.name = name
        self.pid = pid
        self._place = place
        self._stdin = stdin
        self._lender = lender
        self._begun = time.monotonic()

    def send(self, **values: Any) -> None:
        """Send a line of JSON."""
        assert self._stdin is not None
        with contextlib.suppress(BrokenPipeError):
            os.write(self._stdin, json.dumps(values).encode() + b"\n")

    def close(self) -> None:
        """Let its stdin end."""
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None

    @property
    def out(self) -> str:
        """What it wrote to stdout so far."""
        return _text(self._place / "out")

    @property
    def err(self) -> str:
        """What it wrote to stderr so far."""
        return _text(self._place / "err")

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the events of a name that it has told so far, as JSON lines."""
        whole = self.out.rpartition("\n")[0].splitlines()
        return [event for line in whole if line.startswith("{") and (event := json.loads(line)).get("event") == name]

    def until(self, name: str, number: int = 1, seconds: float = SECONDS) -> dict[str, Any] | None:
        """Wait for so many events of a name and return the last; None when it ends or hangs before."""
        found = until(lambda: len(self.events(name)) >= number or not self.is_running, seconds)
        told = self.events(name)
        return told[-1] if found and len(told) >= number else None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.pid not in self._lender.ended

    def suspend(self) -> None:
        """Stop it with all that it started."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it with all that it started, and wait for that."""
        self._signal(signal.SIGKILL)
        self.close()
        until(lambda: not self.is_running, SECONDS)

    def processes(self) -> list[psutil.Process]:
        """Return it and what it started."""
        try:
            own = psutil.Process(self.pid)
            return [own, *own.children(recursive=True)]
        except psutil.Error:
            return []

    def wait(self, seconds: float = SECONDS) -> Ended:
        """Wait for its end, which is brought about when it does not come."""
        status = HANGS
        if until(lambda: not self.is_running, seconds):
            status = self._lender.ended[self.pid]
        else:
            self._dump()
        self.close()
        return Ended(self.name, status, self.out, self.err, time.monotonic() - self._begun)

    def _dump(self) -> None:
        """Let each of its Python processes say where it is, and end all."""
        self._signal(signal.SIGCONT)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGABRT)
        until(lambda: not self.is_running, _DUMP_SECONDS)
        self.kill()

    def _signal(self, number: int) -> None:
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)


class Lender:
    """The process that lends copies of itself; a context, which ends whatever is left of them."""

    def __init__(self, place: Path, environment: Mapping[str, str] | None = None) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.ended: dict[int, int] = {}
        self.pid = 0
        self._place = place
        self._environment = {**os.environ, **(environment or {})}
        self._number = 0
        self._begun: queue.Queue[dict[str, Any]] = queue.Queue()
        self._programs: list[Program] = []

    def __enter__(self) -> Self:
        environment = {**self._environment, **surroundings(), "PYTHONFAULTHANDLER": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.concurrency.lender"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._begun.get(timeout=SECONDS)
        self.pid = self._process.pid
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def begin(self, *arguments: str | Path, **more: Any) -> Program:
        """Begin a command of the program."""
        words = [str(argument) for argument in arguments]
        return self._begin(words[0] if words else "window", {"arguments": words, **more})

    def call(self, function: str, *arguments: str | Path, **more: Any) -> Program:
        """Begin a function of the campaign, ``module:function``, with arguments."""
        return self._begin(function, {"call": function, "arguments": [str(each) for each in arguments], **more})

    def worker(self, library: Path) -> Program:
        """Begin a writer, which can be sent commands."""
        return self.begin("worker", "--library", library, spoken=True)

    def run(self, *arguments: str | Path, **more: Any) -> Ended:
        """Run a command of the program to its end."""
        return self.begin(*arguments, **more).wait()

    def running(self) -> list[str]:
        """Return the names of the programs that have not ended."""
        return [program.name for program in self._programs if program.is_running]

    def clear(self) -> None:
        """End what is left running."""
        for program in self._programs:
            if program.is_running:
                program.kill()
            program.close()
        self._programs.clear()

    def _begin(self, name: str, asked: dict[str, Any]) -> Program:
        self._number += 1
        place = self._place / f"{self._number}"
        place.mkdir()
        streams = {"out": str(place / "out"), "err": str(place / "err")}
        stdin = None
        if asked.pop("spoken", False):
            os.mkfifo(place / "in")
            stdin = os.open(place / "in", os.O_RDWR)
            streams["in"] = str(place / "in")
        assert self._process.stdin is not None
        line = json.dumps({"begin": self._number, **streams, **asked}).encode() + b"\n"
        self._process.stdin.write(line)
        self._process.stdin.flush()
        pid = self._begun.get(timeout=SECONDS)["pid"]
        program = Program(name, pid, place, stdin, self)
        self._programs.append(program)
        return program

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            if "ended" in event:
                self.ended[event["ended"]] = event["status"]
            else:
                self._begun.put(event)


def until(condition: Callable[[], object], seconds: float = SECONDS) -> bool:
    """Wait for something; return whether it came."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "backslashreplace")
    except FileNotFoundError:
        return ""
