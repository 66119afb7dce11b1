"""Beginning processes in a program with threads.

A process that multiprocessing spawns takes over the path of modules (``sys.path``) as it is at that moment. While
OpenCV is imported, its own folder comes first there (opencv issue 18502), with a ``typing`` in it: a process that
another thread began then could import nothing. So both hold one lock.
"""

from __future__ import annotations

import threading
from multiprocessing.process import BaseProcess
from typing import Final

PATH_OF_MODULES: Final = threading.Lock()
"""Held by who begins a process, and by who imports what changes the path of modules for a while."""


def begin(process: BaseProcess) -> None:
    """Start a process while the path of modules is what it should be; raises OSError when the system starts none."""
    with PATH_OF_MODULES:
        process.start()
