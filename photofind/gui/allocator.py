"""How memory is kept that nobody uses, in a program that runs for days and decodes pictures in many threads.

glibc gives each thread that allocates a heap of its own, up to eight for each core, and lets blocks of up to 32 MB into
them as soon as one of that size was freed. What pictures and results leave there between longer-lived things is given
back by nobody: 117 of 720 MB after an hour of use. So there are few heaps (mallopt(3), M_ARENA_MAX), blocks of more
than a megabyte are always taken from the system one by one (M_MMAP_THRESHOLD), and now and then all free pages go back
(malloc_trim(3)).

Every block from the system comes with pages that have to be cleared first. With a limit of 1 MB, that is lost among
the milliseconds of decoding; with 128 kB, where glibc begins, a preview took the window's process 117 ms in the place
of 35.

PySide looks at the source of every module that is imported after it, whether that asks for Python's names of its
methods, and ``linecache`` keeps all of these lines for tracebacks that may never come: 150,000 of them when the window
opens, a seventh of its memory.
"""

from __future__ import annotations

import ctypes
import linecache
import sys
from typing import Final

from PySide6.QtCore import QObject, QTimer

from photofind.gui.errands import Errands

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""From glibc's malloc.h."""

_HEAPS: Final = 2
_LARGE_BYTES: Final = 1 << 20
_KEPT_AT_THE_END_BYTES: Final = 16 << 20
"""Free memory at the end of a heap that is kept for what comes next, or else the heap shrinks and grows all the time:
glibc's own limit no longer follows the size of what is freed when that of large blocks is set."""

_EVERY_MS: Final = 30_000


def keep_heaps_small() -> None:
    """Let threads share two heaps, with small blocks only, where the C library is glibc; before there are threads."""
    c_library = _glibc()
    if c_library is not None:
        c_library.mallopt(_M_ARENA_MAX, _HEAPS)
        c_library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        c_library.mallopt(_M_TRIM_THRESHOLD, _KEPT_AT_THE_END_BYTES)


def forget_sources() -> None:
    """Let the lines of source files go; a traceback reads again those that it shows."""
    linecache.clearcache()


def give_back() -> None:
    """Let go what nobody uses; give all free pages back where the C library is glibc: some 0.2 ms a megabyte."""
    forget_sources()
    c_library = _glibc()
    if c_library is not None:
        c_library.malloc_trim(0)


class GivingBack(QObject):
    """Gives free memory back twice a minute, in a thread of its own: a heap is held up meanwhile."""

    def __init__(self, parent: QObject | None = None, every_ms: int = _EVERY_MS) -> None:
        super().__init__(parent)
        self._errands = Errands("photofind-memory", self)
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
