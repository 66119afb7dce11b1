"""Decodes photos for a process that must outlive all of them; see the package for its parts.

There are few processes, started when they are first needed and ended when nobody has asked for minutes. When all are
busy, who asks last is served first: what the user wants now goes before what is read ahead.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from photofind.core.errors import PhotoError, UnreadablePhotoError
from photofind.core.imaging.apart.limits import ApartLimits
from photofind.core.imaging.apart.messages import Ask, Fault
from photofind.core.imaging.decode import DecodedPhoto
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.pictures import GivenUpError
from photofind.core.progress import Control
from photofind.core.records import Part

if TYPE_CHECKING:
    from photofind.core.imaging.apart.process import DecoderProcess, LostError

LOG = logging.getLogger(__name__)
_IDLE_SECONDS: Final = 180.0
_LOOK_SECONDS: Final = 0.05
_ATTEMPTS: Final = 3
_MOST_REMEMBERED: Final = 1000


class _Version(NamedTuple):
    path: str
    mtime_ns: int
    size: int


class _Verdict(NamedTuple):
    area: int
    reason: PhotoError


class PictureReader:
    """Decodes in processes apart; use it from any thread, and :meth:`close` it.

    A file that took its process down is not tried again until it changes, unless fewer pixels are wanted of it, or
    :meth:`use` was called.

    Parameters
    ----------
    limits
        What one file may cost.
    most
        How many processes there are at most.
    idle_seconds
        After how long without an ask a process is ended.
    """

    def __init__(self, limits: ApartLimits, *, most: int = 2, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._limits = limits
        self._most = most
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()  # guards all that follows
        self._idle: list[DecoderProcess] = []
        self._busy: list[DecoderProcess] = []
        self._waiting: list[object] = []
        self._watcher: threading.Thread | None = None
        self._deadly: OrderedDict[_Version, _Verdict] = OrderedDict()
        self._is_closed = False

    def decode(
        self,
        path: str,
        *,
        limits: DecodeLimits,
        working_area: int,
        part: Part | None = None,
        control: Control | None = None,
    ) -> DecodedPhoto:
        """Decode a photo or a part of it; see ``Pictures.decode``.

        PhotoError stands for a decoder that crashed, hung or took too much memory, too.
        """
        found = self._answer(Ask(os.path.abspath(path), limits, working_area, part), control)
        assert isinstance(found, DecodedPhoto)
        return found

    def header(self, path: str, *, limits: DecodeLimits, control: Control | None = None) -> Header:
        """Return what a photo's file says of it; see ``Pictures.header``."""
        found = self._answer(Ask(os.path.abspath(path), limits, None), control)
        assert isinstance(found, Header)
        return found

    def warm(self) -> None:
        """Start a process if there is none, so that the first picture need not wait for it."""
        with self._changed:
            if self._is_closed or self._idle or self._busy:
                return
            try:
                self._idle.append(self._started())
            except OSError as error:
                LOG.warning("no process to decode photos can be started: %s", error)  # who asks will be told

    def use(self, limits: ApartLimits) -> None:
        """Work by other limits from now on, and try again what failed by the old ones."""
        with self._changed:
            self._limits = limits
            self._deadly.clear()

    def close(self) -> None:
        """End all processes; who waits for a picture is told that it cannot be read."""
        with self._changed:
            self._is_closed = True
            for process in self._busy:
                process.end()  # whoever asks it closes it
            idle, self._idle = self._idle, []
            for process in idle:
                process.close()
            self._changed.notify_all()

    def process_ids(self) -> list[int]:
        """Return the ids of the processes that there are."""
        with self._changed:
            return [process.pid for process in (*self._busy, *self._idle)]

    # Asking

    def _answer(self, ask: Ask, control: Control | None) -> DecodedPhoto | Header:
        version = _version_of(ask.path)
        self._refuse(ask, version)
        found = self._asked(ask, version, control)
        if isinstance(found, Fault):
            found = RuntimeError(f"a bug while decoding a photo: {found.what}")
        if isinstance(found, Exception):
            raise found
        return found

    def _asked(
        self, ask: Ask, version: _Version | None, control: Control | None
    ) -> DecodedPhoto | Header | Exception | Fault:
        from photofind.core.imaging.apart.process import LostError

        for _ in range(_ATTEMPTS):
            process = self._lend(control)
            try:
                found = process.ask(ask, control)
            except LostError as lost:
                self._bury(process)
                if not lost.is_innocent or lost.is_given_up or self._is_closed:
                    raise self._verdict(lost, ask, version) from lost
            except BaseException:
                self._bury(process)
                raise
            else:
                self._take_back(process)
                return found
        raise UnreadablePhotoError("the process that decodes photos ends before it has begun")

    def _verdict(self, lost: LostError, ask: Ask, version: _Version | None) -> Exception:
        """Return what a lost process means for who asked, and remember a file that is to blame for it."""
        if self._is_closed:
            return _closed()
        if lost.is_given_up:
            return GivenUpError()
        LOG.warning("a process that decodes photos was lost: %s", lost)
        if version is not None:
            with self._changed:
                self._deadly[version] = _Verdict(ask.working_area or 0, lost.reason)
                while len(self._deadly) > _MOST_REMEMBERED:
                    self._deadly.popitem(last=False)
        return lost.reason

    def _refuse(self, ask: Ask, version: _Version | None) -> None:
        """Raise what became of a file when it was tried before with no more pixels than now."""
        if version is None:
            return
        with self._changed:
            known = self._deadly.get(version)
        if known is not None and (ask.working_area or 0) >= known.area:
            raise type(known.reason)(str(known.reason))

    # Lending processes

    def _lend(self, control: Control | None) -> DecoderProcess:
        """Return a process for one ask, waiting for it behind those only that ask later."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while True:
                    if self._is_closed:
                        raise _closed()
                    if control is not None and control.stopping:
                        raise GivenUpError
                    process = self._available() if self._waiting[-1] is ticket else None
                    if process is not None:
                        self._busy.append(process)
                        return process
                    self._changed.wait(_LOOK_SECONDS if control is not None else None)
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def _available(self) -> DecoderProcess | None:
        while self._idle:
            process = self._idle.pop()
            if process.is_alive:
                return process
            process.close()
        if len(self._busy) >= self._most:
            return None
        try:
            return self._started()
        except OSError as error:
            raise UnreadablePhotoError(f"no process to decode it can be started: {error.strerror or error}") from error

    def _started(self) -> DecoderProcess:
        from photofind.core.imaging.apart.process import DecoderProcess  # what it needs takes a while to load

        process = DecoderProcess()
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="photofind-pictures", daemon=True)
            self._watcher.start()
        return process

    def _take_back(self, process: DecoderProcess) -> None:
        with self._changed:
            self._busy.remove(process)
            if self._is_closed:
                process.close()
            else:
                self._idle.append(process)
            self._changed.notify_all()

    def _bury(self, process: DecoderProcess) -> None:
        with self._changed:
            self._busy.remove(process)
            process.close()
            self._changed.notify_all()

    # Watching, in a thread of its own that is there as long as there are processes

    def _watch(self) -> None:
        with self._changed:
            while self._busy or self._idle:
                for process in self._busy:
                    process.watch(self._limits)
                self._changed.wait(_LOOK_SECONDS if self._busy else self._end_idle())
            self._watcher = None

    def _end_idle(self) -> float:
        """End the processes that were idle for long, and return in how many seconds the next one will have been."""
        now = time.monotonic()
        for process in list(self._idle):
            if not process.is_alive or now - process.idle_since >= self._idle_seconds:
                self._idle.remove(process)
                process.close()
        return min((process.idle_since + self._idle_seconds - now for process in self._idle), default=0.0)


def _version_of(path: str) -> _Version | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None  # whoever opens it tells what is wrong
    return _Version(path, found.st_mtime_ns, found.st_size)


def _closed() -> PhotoError:
    return UnreadablePhotoError("photofind is closing")
