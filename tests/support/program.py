"""The program as its users start it: a process with arguments, streams and an exit status."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from photofind.core import paths

PROGRAM = [sys.executable, "-m", "photofind"]
_SECONDS = 60.0


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The documents on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def assert_fails(self, *words: str) -> None:
        """Check for status 1 and one clear line on stderr, with these words."""
        assert self.status == 1, (self.status, self.err)
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("photofind: ")
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err, self.err


def photofind(
    *arguments: str | Path,
    stdin: str | bytes = b"",
    prefix: list[str] | None = None,
    preexec: Callable[[], None] | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Ended:
    """Run the program to its end."""
    run = subprocess.run(
        [*(prefix or []), *PROGRAM, *map(str, arguments)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=_SECONDS,
        preexec_fn=preexec,
        env=env,
        cwd=cwd,
        check=False,
    )
    return Ended(run.returncode, run.stdout.decode(), run.stderr.decode())


def configure(text: str) -> None:
    """Write the settings file of the test's home."""
    path = paths.settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def started(*arguments: str | Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program in a session of its own; what is left of it at the end is killed."""
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


class Worker:
    """``photofind worker``, its events in a queue; a line that is not JSON fails the test."""

    def __init__(self, library: Path) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, "worker", "--library", str(library)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.not_json: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(_SECONDS)
        self._reader.join(_SECONDS)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                continue
        assert self.not_json == []

    def send(self, command: str, **values: Any) -> None:
        self.send_raw(json.dumps({"command": command, **values}).encode() + b"\n")

    def send_raw(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def close_stdin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def event(self) -> dict[str, Any] | None:
        """Return the next event, None when the worker has closed its stdout."""
        return self._events.get(timeout=_SECONDS)

    def until(self, name: str, check: Callable[[dict[str, Any]], object] = bool) -> dict[str, Any]:
        """Return the next event of this name that passes the check; skip the others."""
        while (event := self.event()) is not None:
            if event["event"] == name and check(event):
                return event
            assert event["event"] != "failed", event
        raise AssertionError(f"the worker ended without {name}")

    def rest(self) -> list[dict[str, Any]]:
        """Return the events up to the end."""
        found = []
        while (event := self.event()) is not None:
            found.append(event)
        return found

    def wait(self) -> int:
        return self.process.wait(_SECONDS)

    def errors(self) -> str:
        """Return what the ended worker wrote to stderr."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                self._events.put(json.loads(line))
            except ValueError:
                self.not_json.append(line)
        self._events.put(None)
