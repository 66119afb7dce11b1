"""How a process that decodes ends: with its parent, and without leaving an image of the photo in its memory behind."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """End this process, a child of ``multiprocessing``, when its parent has died: at once, even in native code.

    A pipe that closes is noticed only when somebody reads it, and a decoder that hangs never does.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        # The kernel itself sends SIGIO, of which a process dies, when the pipe that only the parent holds is closed.
        # A thread would have to wait for a decoder that holds Python's lock.
        import fcntl

        lifeline = int(parent.sentinel)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
        if wait([lifeline], 0):  # before anybody could be told
            os._exit(1)
    else:
        threading.Thread(target=_wait_for_end, args=(parent,), name="photofind-parent", daemon=True).start()


def leave_no_core() -> None:
    """Let the system keep no image of this process when it crashes: the photo would be in it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait_for_end(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
