"""Waiting for another process or thread: until something is so, with a deadline, never for a fixed time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE = threading.Event()
_DEADLINE = 30.0


def until(look: Callable[[], T | None], what: str, *, seconds: float = _DEADLINE) -> T:
    """Return the first true value of ``look``; fail when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        _PAUSE.wait(0.002)
    raise AssertionError(f"did not happen within {seconds:g} seconds: {what}")
