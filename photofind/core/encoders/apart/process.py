"""A process that runs a network of a foreign pack, as its parent sees it: begun when it is needed, asked, ended."""

from __future__ import annotations

import multiprocessing
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

import numpy as np
import psutil

from photofind.core.encoders.apart.limits import PackLimits
from photofind.core.encoders.apart.messages import BAD_PACK, BAD_PICTURE, BAD_QUERY, BEGUN, OPENED, VECTOR, Ask, Order
from photofind.core.encoders.apart.serving import serve
from photofind.core.errors import PackError, PhotofindError, QueryError, UnsupportedPhotoError
from photofind.core.records import Embedding
from photofind.core.spawning import begin

_SPAWN: Final = multiprocessing.get_context("spawn")
_LOOK_SECONDS: Final = 0.05
_JOIN_SECONDS: Final = 2.0
_LONGEST_STEP: Final = 1.0
"""What one look at the clock adds at most: this process, or the whole machine, may have been stopped meanwhile."""
_ATTEMPTS: Final = 2
_QUERY: Final = "over this query"
_OPENING: Final = "when it is opened"
_LONGEST_ANSWER: Final = 64 * 1024
_UNIT_TOLERANCE: Final = 1e-3
_ERRORS: Final[dict[bytes, type[PhotofindError]]] = {
    BAD_PACK: PackError,
    BAD_QUERY: QueryError,
    BAD_PICTURE: UnsupportedPhotoError,
}


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    asks: Connection
    answers: Connection

    def end(self) -> None:
        self.process.kill()
        self.asks.close()
        self.answers.close()
        self.process.join(_JOIN_SECONDS)


class PackProcess:
    """Runs one network of a pack in a process apart; may be shared between threads, who wait for each other.

    The process ends with this object.

    Parameters
    ----------
    order
        Which network of which pack.
    limits
        What it may cost.
    """

    def __init__(self, order: Order, limits: PackLimits) -> None:
        self._order = order
        self._limits = limits
        self._asking = threading.Lock()  # guards the child
        self._child: _Child | None = None
        self._end = weakref.finalize(self, _nothing)

    def open(self) -> None:
        """Have a process whose network is open; PackError when it cannot be opened within the limits."""
        with self._asking:
            self._opened()

    def ask(self, ask: Ask) -> Embedding:
        """Return the vector of a text or a picture.

        Raises
        ------
        PackError
            The network cannot be opened, or crashes, takes too long or too much memory; its process is ended then, and
            the next ask begins another.
        QueryError, UnsupportedPhotoError
            The network has no answer to this text, or this picture.
        """
        with self._asking:
            try:
                self._hand_over(ask)
                answer = self._heard(self._limits.query_seconds, _QUERY)
            except BaseException:
                self._drop()
                raise
        return self._vector(answer)

    def close(self) -> None:
        """End the process; the next ask begins another."""
        with self._asking:
            self._drop()

    @property
    def process_id(self) -> int | None:
        """The id of the process, None while there is none."""
        child = self._child
        return child.process.pid if child is not None else None

    def _opened(self) -> _Child:
        if self._child is not None and self._child.process.is_alive():
            return self._child
        self._drop()
        self._child = child = self._begun()
        self._end = weakref.finalize(self, child.end)
        try:
            answer = self._heard(self._limits.opening_seconds, _OPENING)
        except BaseException:
            self._drop()
            raise
        if answer != OPENED:
            self._drop()
            raise self._error(answer)
        return child

    def _begun(self) -> _Child:
        taken, asks = _SPAWN.Pipe(duplex=False)
        answers, given = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(target=serve, args=(taken, given, self._order), name="photofind-query", daemon=True)
        try:
            begin(process)
        except OSError as error:
            asks.close()
            answers.close()
            raise self._problem(f"cannot be run ({error.strerror or error})", _OPENING) from error
        finally:
            taken.close()
            given.close()
        return _Child(process, asks, answers)

    def _hand_over(self, ask: Ask) -> None:
        """Have a process that has taken the ask; one that was idle may end at this very moment."""
        for _ in range(_ATTEMPTS):
            child = self._opened()
            with suppress(OSError, EOFError):
                child.asks.send(ask)
                if self._received(self._limits.query_seconds, _QUERY) == BEGUN:
                    return
            self._drop()
        raise self._problem("crashes", _QUERY)

    def _heard(self, seconds: float, purpose: str) -> bytes:
        """Return the next answer of the child, which has no reason to end."""
        try:
            return self._received(seconds, purpose)
        except (EOFError, OSError) as error:
            raise self._problem("crashes", purpose) from error

    def _received(self, seconds: float, purpose: str) -> bytes:
        """Return the next answer of the child; EOFError or OSError when it has died."""
        assert self._child is not None
        answers, spent, looked_at = self._child.answers, 0.0, time.monotonic()
        while not answers.poll(_LOOK_SECONDS):
            now = time.monotonic()
            spent += min(now - looked_at, _LONGEST_STEP)
            looked_at = now
            if spent > seconds:
                raise self._problem("takes too long", purpose)
            if _resident(self._child.process) > self._limits.process_bytes:
                raise self._problem("takes too much memory", purpose)
        return answers.recv_bytes(_LONGEST_ANSWER)

    def _drop(self) -> None:
        self._end()
        self._child = None

    def _vector(self, answer: bytes) -> Embedding:
        dimension = self._order.pack.dimension
        if not answer.startswith(VECTOR):
            raise self._error(answer)
        if len(answer) == 1 + 4 * dimension:
            vector: Embedding = np.frombuffer(answer, np.float32, offset=1).copy()
            if abs(float(np.linalg.norm(vector)) - 1.0) <= _UNIT_TOLERANCE:  # false for what is not finite as well
                return vector
        raise self._problem("gives no vector", _QUERY)

    def _error(self, answer: bytes) -> PhotofindError:
        kind = _ERRORS.get(answer[:1])
        if kind is None:
            return self._problem("gives no answer", _QUERY)
        return kind(answer[1:].decode("utf-8", "replace"))

    def _problem(self, what: str, purpose: str) -> PackError:
        return PackError(f"The model {self._order.pack.name} {what} {purpose}; choose another one in the settings.")


def _nothing() -> None:
    """Stand in for the end of a process that was not begun."""


def _resident(process: SpawnProcess) -> int:
    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:  # it has ended; its pipe tells so
        return 0
