"""One process that decodes, as its parent sees it: started, asked, watched, ended."""

from __future__ import annotations

import multiprocessing
import sys
import time
from contextlib import suppress
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import Final

import psutil
from PIL import Image

from photofind.core.errors import DamagedPhotoError, OversizedPhotoError, PhotoError
from photofind.core.imaging.apart.limits import ApartLimits
from photofind.core.imaging.apart.messages import BEGUN, PIXEL_BYTES, STRIP_BYTES, Ask, Fault, Pixels, strip_rows
from photofind.core.imaging.apart.serving import serve
from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.loaded import Header
from photofind.core.progress import Control
from photofind.core.spawning import begin

_SPAWN = multiprocessing.get_context("spawn")
_JOIN_SECONDS: Final = 2.0
_START_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 2.0
"""How long a file may go on that nobody wants any more: most end sooner, and another process takes a while to start."""

_LONGEST_STEP: Final = 1.0
"""What one look at the clock adds at most: this process, or the whole machine, may have been stopped meanwhile."""


class Stage(Enum):
    """Where a process is with what it was asked."""

    IDLE = auto()
    ASKED = auto()
    BEGUN = auto()


class LostError(Exception):
    """The process has died; ``is_innocent`` when it had not begun with the file, ``is_given_up`` when we ended it."""

    def __init__(self, reason: PhotoError, *, is_innocent: bool, is_given_up: bool) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.is_innocent = is_innocent
        self.is_given_up = is_given_up


class DecoderProcess:
    """A process that decodes. One thread at a time asks; another may :meth:`watch` and :meth:`end` meanwhile.

    Raises OSError when the system starts no process.
    """

    def __init__(self) -> None:
        taken, self._asks = _SPAWN.Pipe(duplex=False)
        self._answers, given = _SPAWN.Pipe(duplex=False)
        _enlarge(self._answers)
        try:
            self._process = _SPAWN.Process(target=serve, args=(taken, given), name="photofind-picture", daemon=True)
            begin(self._process)
        except BaseException:
            self._hang_up()
            raise
        finally:
            taken.close()
            given.close()
        self._stage = Stage.IDLE
        self._control: Control | None = None
        self._verdict: PhotoError | None = None
        self._is_given_up = False
        self._seconds = self._unwanted_seconds = 0.0
        self._looked_at = time.monotonic()
        self.pid = self._process.pid or 0
        self.idle_since = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def ask(self, ask: Ask, control: Control | None = None) -> DecodedPhoto | Header | Exception | Fault:
        """Return the answer; waits for it.

        Raises
        ------
        LostError
            When the process has died or was ended, and is of no use any more.
        """
        self._seconds = self._unwanted_seconds = 0.0
        self._looked_at, self._control = time.monotonic(), control
        self._stage = Stage.ASKED
        try:
            self._asks.send(ask)
            _check_begun(self._answers.recv())
            self._seconds, self._stage = 0.0, Stage.BEGUN
            answer = self._answers.recv()
            found = self._received(answer) if isinstance(answer, Pixels) else _checked(answer)
        except (EOFError, ConnectionError) as error:
            raise self._lost() from error
        except Exception as error:  # a process whose memory a file has garbled may say anything
            self._process.kill()
            raise self._lost() from error
        finally:
            self._control = None
        self._stage, self.idle_since = Stage.IDLE, time.monotonic()
        return found

    def watch(self, limits: ApartLimits) -> None:
        """End the process if it takes too long or too much memory over a file, or if nobody waits for it."""
        stage, control, now = self._stage, self._control, time.monotonic()
        step = min(now - self._looked_at, _LONGEST_STEP)
        self._looked_at = now
        if stage is Stage.IDLE:
            return
        self._seconds += step
        if control is not None and control.stopping:
            self._unwanted_seconds += step
        if self._unwanted_seconds > _PATIENCE_SECONDS:
            self._is_given_up = True
            self.end()
        elif stage is Stage.ASKED:
            if self._seconds > _START_SECONDS:
                self.end()
        elif self._seconds > limits.photo_seconds:
            self.end(OversizedPhotoError(f"decoding it took more than {limits.photo_seconds:g} seconds"))
        elif self._resident() > limits.process_bytes:
            self.end(OversizedPhotoError(f"decoding it needed more than {limits.process_bytes >> 20} MB of memory"))

    def end(self, verdict: PhotoError | None = None) -> None:
        """End the process at once; whoever waits for an answer gets LostError, with ``verdict`` for a reason."""
        self._verdict = self._verdict or verdict
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait until nothing of it is left; nobody may be asking."""
        self._process.kill()
        self._hang_up()
        self._process.join(_JOIN_SECONDS)
        if not self._process.is_alive():
            self._process.close()

    def _received(self, head: Pixels) -> DecodedPhoto:
        image = Image.new("RGB", (head.width, head.height))
        rows = strip_rows(head.width)
        for top in range(0, head.height, rows):
            size = (head.width, min(rows, head.height - top))
            strip = self._answers.recv_bytes(size[0] * size[1] * PIXEL_BYTES)
            image.paste(Image.frombytes("RGB", size, strip), (0, top))
        return DecodedPhoto(image, head.facts)

    def _hang_up(self) -> None:
        self._asks.close()
        self._answers.close()

    def _lost(self) -> LostError:
        self._process.join(_JOIN_SECONDS)
        if self._process.is_alive():  # it closed its pipe and lives on: a decoder has gone mad
            self._process.kill()
            self._process.join(_JOIN_SECONDS)
        status = self._process.exitcode
        reason = self._verdict or DamagedPhotoError(f"the decoder crashed on it (exit status {status})")
        return LostError(reason, is_innocent=self._stage is not Stage.BEGUN, is_given_up=self._is_given_up)

    def _resident(self) -> int:
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0


def _enlarge(pipe: Connection) -> None:
    """Let a pipe hold a strip where the system allows it: two processes would take turns at each 64 kB of it."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, STRIP_BYTES)


def _check_begun(word: object) -> None:
    if word != BEGUN:
        raise ValueError(f"begins with {type(word).__name__}")


def _checked(answer: object) -> Header | Exception | Fault:
    if isinstance(answer, Header | Exception | Fault):
        return answer
    raise TypeError(f"no answer but {type(answer).__name__}")
