"""The process that decodes: takes one ask after another and answers it, until its pipe closes.

It may die of any file, and nothing it does is missed: it opens files for reading and writes none, not even the image
of its memory that a system may keep of a process that crashed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from photofind.core.errors import OversizedPhotoError, PhotoError, UnreadablePhotoError
from photofind.core.imaging.apart.messages import BEGUN, Ask, Fault, Pixels, strip_rows
from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.pictures import IN_PLACE

LOG = logging.getLogger(__name__)


def serve(connection: Connection) -> None:
    """Answer asks until the pipe closes; the entry point of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    _leave_no_core()
    _end_with_parent()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody is there who wants an answer
        while True:
            ask: Ask = connection.recv()
            connection.send(BEGUN)
            _answer(connection, ask)


def _answer(connection: Connection, ask: Ask) -> None:
    answer = _outcome(ask)
    if not isinstance(answer, DecodedPhoto):
        connection.send(answer)
        return
    image = answer.image
    connection.send(Pixels(image.width, image.height, answer.facts))
    rows = strip_rows(image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        connection.send_bytes(strip.tobytes())


def _outcome(ask: Ask) -> DecodedPhoto | Header | Exception | Fault:
    try:
        if ask.working_area is None:
            return IN_PLACE.header(ask.path, limits=ask.limits)
        return IN_PLACE.decode(ask.path, limits=ask.limits, working_area=ask.working_area, part=ask.part)
    except PhotoError as error:
        return type(error)(str(error))  # without the chain of causes, which may hold anything
    except OSError as error:
        if error.errno is None:
            return UnreadablePhotoError(f"the file cannot be read: {error}")
        return OSError(error.errno, error.strerror)
    except MemoryError:
        return OversizedPhotoError("decoding it takes more memory than there is")
    except Exception as error:
        LOG.exception("a bug while decoding a photo")
        return Fault(f"{type(error).__name__}: {error}")


def _leave_no_core() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """End this process when its parent has died, even while a decoder hangs in native code."""
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


def _wait_for_end(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
