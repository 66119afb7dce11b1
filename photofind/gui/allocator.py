"""How the C library keeps freed memory, in a program that runs for days and decodes pictures in many threads.

glibc gives each thread that allocates a heap of its own, up to eight for each core, and what pictures and results leave
there between longer-lived things is given back by nobody: 117 of 720 MB after an hour of use. So there are few heaps
(mallopt(3), M_ARENA_MAX), and now and then their free pages go back to the system (malloc_trim(3)).

Blocks that are taken from the system one by one (M_MMAP_THRESHOLD) leave nothing behind either, but each comes with
pages that the system has to clear first: a preview took the window's process 117 ms in the place of 35.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

from PySide6.QtCore import QObject, QTimer

from photofind.gui.errands import Errands

_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h."""

_HEAPS: Final = 2
_EVERY_MS: Final = 30_000


def keep_few_heaps() -> None:
    """Let threads share two heaps, where the C library is glibc; before there are threads."""
    c_library = _glibc()
    if c_library is not None:
        c_library.mallopt(_M_ARENA_MAX, _HEAPS)


def give_back() -> None:
    """Give all free pages back to the system, where the C library is glibc: some 0.2 ms a megabyte."""
    c_library = _glibc()
    if c_library is not None:
        c_library.malloc_trim(0)


class GivingBack(QObject):
    """Gives free memory back twice a minute, in a thread of its own: a heap is held up meanwhile."""

    def __init__(self, parent: QObject | None = None, every_ms: int = _EVERY_MS) -> None:
        super().__init__(parent)
        self._errands = Errands("photofind-memory", self)
        if _glibc() is not None:
            timer = QTimer(self, interval=every_ms)
            timer.timeout.connect(self._on_time)
            timer.start()

    def _on_time(self) -> None:
        self._errands.do(give_back, lambda _: None)


def _glibc() -> ctypes.CDLL | None:
    """Return the C library if it is one that has these habits, and the ways to change them."""
    if not sys.platform.startswith("linux"):
        return None
    c_library = ctypes.CDLL(None)
    return c_library if hasattr(c_library, "malloc_trim") and hasattr(c_library, "mallopt") else None
