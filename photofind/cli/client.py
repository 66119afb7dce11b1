"""The other end of ``photofind worker``: start one, send commands, read events."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from photofind.core.errors import UserError
from photofind.core.log_files import LOG_FILE
from photofind.core.paths import program_command

_END_SECONDS = 30.0

Event = dict[str, Any]


class WorkerLostError(UserError):
    """The worker process was killed, or crashed."""


class WorkerFailedError(UserError):
    """The worker process ended over a bug; its log has the traceback."""


class WorkerClient:
    """A worker process of a library; leaving the context ends it after it has committed what it was at."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*program_command(), "worker", "--library", str(library)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            # A terminal's Ctrl-C is for us: we tell the worker, which may not even be up yet, what it means.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, command: str, **values: Any) -> None:
        """Send a command; one that no longer reaches the worker is dropped, its end shows in :meth:`events`."""
        assert self._process.stdin is not None
        text = json.dumps({"command": command, **values}) + "\n"
        with suppress(BrokenPipeError, ValueError):
            # Past the stream's buffer: a signal handler may send while another send is under way.
            os.write(self._process.stdin.fileno(), text.encode("ascii"))

    def events(self) -> Iterator[Event]:
        """Yield events until the worker ends.

        Raises
        ------
        UserError
            When the worker failed for a reason that the user can mend.
        WorkerFailedError
            When it failed otherwise.
        WorkerLostError
            When it ended without a word.
        """
        assert self._process.stdout is not None
        for text in self._process.stdout:
            event: Event = json.loads(text)
            if event["event"] == "failed":
                if event["fixable"]:
                    raise UserError(event["message"])
                raise WorkerFailedError(
                    f"photofind failed ({event['message']}); please report it with the file {self._library / LOG_FILE}."
                )
            yield event
        status = self._process.wait()
        if status:
            raise WorkerLostError(
                f"The worker process was lost (status {status}); run the command again, it goes on where it was."
            )

    def kill(self) -> None:
        """End the worker at once; the library stays as last committed."""
        self._process.kill()

    def close(self) -> None:
        """Let the worker finish what it is at and end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        with suppress(ValueError):
            for _ in self._process.stdout:  # a worker that cannot write would never end
                pass
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
