"""The window's process as the soak sees it: lines in, lines of JSON out, and its end."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import psutil

_ANSWER_SECONDS: Final = 1800.0
"""How long the last rescan of a hundred thousand photos may take on a busy machine."""


class WindowLostError(Exception):
    """The window ended before it was asked to, or says nothing any more."""


class WindowProcess:
    """``window`` with some arguments; killed at the end if it is still there."""

    def __init__(self, arguments: Sequence[str], temporary: Path) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaign.soak.window", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )
        self.gauged = psutil.Process(self._process.pid)
        self.seen: set[str] = set()
        """The names of the events so far."""
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with contextlib.suppress(BrokenPipeError):  # it has ended, perhaps in the middle of a line
                if stream is not None:
                    stream.close()

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def send(self, line: str) -> None:
        """Tell the process to do something."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # what it does not say then tells that it has ended
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    def ask(self, line: str | None, event: str) -> dict[str, Any]:
        """Tell the process to do something and return what it answers."""
        if line is not None:
            self.send(line)
        end = time.monotonic() + _ANSWER_SECONDS
        while True:
            try:
                answer = self._events.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise WindowLostError(f"the window does not answer: {self.errors()[-3000:]}") from None
            if answer is None:
                raise WindowLostError(f"the window ended with status {self._process.wait()}: {self.errors()[-3000:]}")
            if answer["event"] == event:
                return answer

    def wait(self, seconds: float) -> int | str:
        """Return how the process ended, or that it did not."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return "nothing, it hangs"

    def errors(self) -> str:
        """Return what the process wrote to stderr so far."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", errors="replace")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            self.seen.add(event["event"])
            self._events.put(event)
        self._events.put(None)
