"""The process that decodes: takes one ask after another and answers it, until its pipe closes.

It may die of any file, and nothing it does is missed: it opens files for reading and writes none, not even the image
of its memory that a system may keep of a process that crashed.
"""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from multiprocessing.connection import Connection

from photofind.core.errors import OversizedPhotoError, PhotoError, UnreadablePhotoError
from photofind.core.imaging.apart.messages import BEGUN, Ask, Fault, Pixels, strip_rows
from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.lifeline import end_with_parent, leave_no_core
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.pictures import IN_PLACE

LOG = logging.getLogger(__name__)


def serve(asks: Connection, answers: Connection) -> None:
    """Answer asks until their pipe closes; the entry point of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what it means
    leave_no_core()
    end_with_parent()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody is there who wants an answer
        while True:
            ask: Ask = asks.recv()
            answers.send(BEGUN)
            _answer(answers, ask)


def _answer(answers: Connection, ask: Ask) -> None:
    answer = _outcome(ask)
    if not isinstance(answer, DecodedPhoto):
        answers.send(answer)
        return
    image = answer.image
    answers.send(Pixels(image.width, image.height, answer.facts))
    rows = strip_rows(image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(image.height, top + rows)))
        answers.send_bytes(strip.tobytes())


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
