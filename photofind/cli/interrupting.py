"""Ctrl-C in commands that do their work in this very process: the first one ends it between two steps.

Python runs signal handlers between two of its own instructions, and faiss may train for minutes inside one. A thread
beside it, which the interpreter tells of every signal at once, answers the user meanwhile.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from photofind.core.progress import Control

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it (128 + SIGINT)."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_GRACE_SECONDS = 5.0
"""So long after the second Ctrl-C a command may clear up; then native code is running that knows of no signals."""


@contextmanager
def interruptible(*, abruptly: bool = False) -> Iterator[Control]:
    """Yield what the first Ctrl-C, or SIGTERM, stops; the second one raises KeyboardInterrupt at once.

    Where that does not end the process within seconds, it ends with status 130 all the same if that may be done
    ``abruptly``: that is for commands that change nothing.
    """
    control = Control()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if control.stopping:
            raise KeyboardInterrupt
        control.stop()

    previous = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        with _watched(abruptly=abruptly):
            yield control
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _watched(*, abruptly: bool) -> Iterator[None]:
    """Let a thread know of signals as soon as they come."""
    watcher, interpreter = socket.socketpair()
    interpreter.setblocking(False)
    thread = threading.Thread(target=_watch, args=(watcher, abruptly), name="signals", daemon=True)
    before = signal.set_wakeup_fd(interpreter.fileno(), warn_on_full_buffer=False)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        interpreter.close()
        thread.join()
        watcher.close()


def _watch(watcher: socket.socket, abruptly: bool) -> None:  # noqa: FBT001 - a thread passes it by its place
    """Tell that the first signal was heard; maybe end the process some time after the second."""
    heard = 0
    try:
        while numbers := watcher.recv(16):
            for _ in filter(_SIGNALS.__contains__, numbers):
                heard += 1
                if heard == 1:
                    os.write(sys.stderr.fileno(), b"\nStopping; once more to stop at once.\n")
            if heard > 1 and abruptly:
                watcher.settimeout(_GRACE_SECONDS)
    except TimeoutError:
        os._exit(INTERRUPTED)
