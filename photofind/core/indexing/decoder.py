"""A decoder process: reads one file after another, hashes, decodes and embeds it, and answers the writer.

It is a process of its own so that a crash, a hang or a memory blow-up in a decoder costs one file and not the library,
and so that decoding runs on every core. Only its caller's pipe talks to it; when that pipe closes, it ends.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import PurePath
from typing import BinaryIO

import psutil

from photofind.core.encoders import Encoder, open_encoder
from photofind.core.errors import (
    DamagedPhotoError,
    NotAPhotoError,
    OversizedPhotoError,
    PackError,
    PhotoError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
    UserError,
)
from photofind.core.imaging import PHOTO_SUFFIXES, SNIFF_BYTES, decode_photo, sniff
from photofind.core.imaging.colours import colour_facts
from photofind.core.imaging.lifeline import end_with_parent, leave_no_core
from photofind.core.imaging.limits import check_file_size
from photofind.core.imaging.opening import open_photo
from photofind.core.imaging.threads import use_one_thread
from photofind.core.imaging.thumbnails import make_thumbnail
from photofind.core.indexing.messages import (
    UNREADABLE,
    DecoderConfig,
    Embedded,
    Failed,
    Ignored,
    Outcome,
    Question,
    Skipped,
    Task,
)
from photofind.core.log_files import PrivateFormatter
from photofind.core.records import FileStamp
from photofind.core.scan import is_in_cloud, stamp_of

LOG = logging.getLogger(__name__)
_IN_MEMORY = 64 << 20
_HASH_BYTES = 32
_NICE = 10

_KINDS: dict[type[PhotoError], str] = {
    NotAPhotoError: "not a photo",
    UnsupportedPhotoError: "unsupported",
    OversizedPhotoError: "oversized",
    DamagedPhotoError: "damaged",
    UnreadablePhotoError: UNREADABLE,
}


def serve(connection: Connection, config: DecoderConfig) -> None:
    """Answer tasks until the pipe closes; the entry point of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the writer decides what it means
    leave_no_core()
    end_with_parent()
    if config.low_priority:
        lower_priority()
    use_one_thread()
    _log_to_stderr()
    decoder = _Decoder(connection, config)
    with suppress(EOFError, BrokenPipeError):  # the writer has gone, and with it every reason to go on
        try:
            while True:
                connection.send(decoder.outcome(decoder.next_task()))
        except UserError as error:
            connection.send(error)  # nothing of the file: the writer ends the run with it


def _log_to_stderr() -> None:
    """Let stderr, which whoever writes the library keeps as a log, be told nothing of what is on photos."""
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)


def lower_priority() -> None:
    """Let the programs that the user is working with go first."""
    process = psutil.Process()
    try:
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(max(_NICE, process.nice()))
    except (psutil.Error, OSError) as error:
        LOG.info("cannot lower the priority: %s", error)


def content_digest(file: io.BytesIO | io.BufferedReader) -> bytes:
    """Return the BLAKE2b hash of a whole file, by which contents are told apart."""
    file.seek(0)
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_HASH_BYTES)).digest()


class _Decoder:
    def __init__(self, connection: Connection, config: DecoderConfig) -> None:
        self._connection = connection
        self._config = config
        self._encoder: Encoder | None = None
        self._waiting: deque[Task] = deque()

    def next_task(self) -> Task:
        if self._waiting:
            return self._waiting.popleft()
        task: Task = self._connection.recv()
        return task

    def outcome(self, task: Task) -> Outcome:
        suffix = PurePath(task.path).suffix.lower()
        try:
            with open_photo(task.path) as file:
                return self._read(task, file, suffix)
        except UserError:
            raise
        except PhotoError as error:
            return Failed(_KINDS[type(error)], str(error))
        except OSError as error:
            return Failed(UNREADABLE, f"the file cannot be read: {error.strerror or error}")
        except MemoryError:
            return Failed(_KINDS[OversizedPhotoError], "there is not enough memory to decode it")
        except Exception as error:
            LOG.exception("a bug while reading a photo")
            return Failed("bug", f"photofind failed on it ({type(error).__name__}: {error}); please report this file")

    def _read(self, task: Task, file: io.BufferedReader, suffix: str) -> Outcome:
        status = os.fstat(file.fileno())
        if is_in_cloud(status):
            raise UnreadablePhotoError("the file is only in the cloud; it is read when it has been downloaded")
        stamp = stamp_of(status)
        if suffix not in PHOTO_SUFFIXES and sniff(file.read(SNIFF_BYTES), suffix) is None:
            return Ignored()
        check_file_size(stamp.size, self._config.limits)
        source: io.BytesIO | io.BufferedReader = file
        if stamp.size <= _IN_MEMORY:
            file.seek(0)
            source = io.BytesIO(file.read())  # one read: what is hashed is what is decoded
        digest = content_digest(source)
        if not self._wanted(task, digest):
            return Skipped(digest, stamp)
        source.seek(0)
        embedded = self._embed(source, suffix, digest, stamp)
        if stamp_of(os.fstat(file.fileno()), stamp.file_id) != stamp:
            # Still being written: keep the old stamp out of the catalog so that the next scan reads it again.
            return replace(embedded, stamp=replace(stamp, mtime_ns=0))
        return embedded

    def _wanted(self, task: Task, digest: bytes) -> bool:
        if task.known_hash is not None:
            return digest == task.known_hash
        self._connection.send(Question(digest))
        while isinstance(message := self._connection.recv(), Task):
            self._waiting.append(message)  # it was under way before the answer
        return bool(message)

    def _embed(self, source: BinaryIO, suffix: str, digest: bytes, stamp: FileStamp) -> Embedded:
        if self._encoder is None:
            self._encoder = _opened(self._config.encoder_spec)
        photo = decode_photo(source, suffix=suffix, limits=self._config.limits, working_area=self._encoder.working_area)
        thumbnail, colours = make_thumbnail(photo.image), colour_facts(photo.image).packed()
        return Embedded(digest, stamp, photo.facts, thumbnail, self._encoder.encode(photo.image), colours)


def _opened(spec: str) -> Encoder:
    try:
        return open_encoder(spec)
    except PackError:
        raise
    except Exception as error:  # or else every photo would be blamed for it
        raise PackError(f"The model {spec} cannot be opened ({type(error).__name__}: {error}).") from error
