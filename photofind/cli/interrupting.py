"""Ctrl-C in commands that do their work in this very process: the first one ends it between two steps."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from photofind.core.progress import Control

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it (128 + SIGINT)."""


@contextmanager
def interruptible() -> Iterator[Control]:
    """Yield what the first Ctrl-C, or SIGTERM, stops; the second one raises KeyboardInterrupt at once."""
    control = Control()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if control.stopping:
            raise KeyboardInterrupt
        os.write(sys.stderr.fileno(), b"\nStopping; once more to stop at once.\n")
        control.stop()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield control
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
