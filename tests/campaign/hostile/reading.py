"""One input through all that photofind does with a photo's file, in the process that calls it, with what must hold.

``read`` -> the decoder's own code (hash, sniff, decode, EXIF, thumbnail, colours, encode); ``details`` -> what the
header says; ``looks`` -> perceptual hashes and local features of the thumbnail; ``window`` -> the thumbnail as Qt
decodes it, and a damaged one. Which of them was under way is in a file of a few bytes that outlives a crash.
"""

from __future__ import annotations

import io
import logging
import math
import mmap
import random
import struct
import time
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from PIL import Image

from photofind.core.details import read_details
from photofind.core.duplicates.features import Detector
from photofind.core.duplicates.hashing import hash_thumbnail
from photofind.core.duplicates.looks import decoded
from photofind.core.duplicates.pixels import luminance
from photofind.core.encoders import Encoder, open_encoder
from photofind.core.errors import DamagedPhotoError, PhotoError
from photofind.core.imaging import DecodedPhoto, DecodeLimits, decode_photo
from photofind.core.indexing import decoder
from photofind.core.indexing.messages import DecoderConfig, Embedded, Failed, Outcome, Question, Task
from photofind.core.records import Embedding, PhotoFacts, PhotoId
from tests.campaign.hostile.corpus import Seed

STAGES = ("rest", "read", "details", "looks", "window")
_MARK = struct.Struct("<QB")
_OUR_FACTS = ("colour.py", "depth.py", "exif.py", "exposure.py", "geometry.py", "thumbnails.py", "colours.py")
"""Where a photo that its decoder could read must not be lost."""
_THUMBNAIL_SIDE = 256
_WHOLE_ENCODES = 12  # of so many pictures, one goes through the real network
_SHARES = {"details": 0.3, "looks": 0.15, "window": 0.3}


class Verdict(NamedTuple):
    """What became of an input: a word, the processor's seconds, the most memory in MB, and what did not hold."""

    number: int
    kind: str
    seconds: float
    megabytes: int
    complaints: tuple[str, ...]


class Mark:
    """A few bytes in a file: which input is under way, and at which stage; it outlives the process."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(_MARK.size))
        self._path = path
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _MARK.size)

    def put(self, number: int, stage: str) -> None:
        """Note what is under way."""
        _MARK.pack_into(self._memory, 0, number, STAGES.index(stage))

    @staticmethod
    def read(path: Path) -> tuple[int, str]:
        """Return what was under way last."""
        number, stage = _MARK.unpack(path.read_bytes())
        return number, STAGES[stage]


class Reader:
    """Reads inputs one after another; ``place`` should be in memory."""

    def __init__(self, place: Path, mark: Mark, limits: DecodeLimits) -> None:
        self._place = place
        self._mark = mark
        self._limits = limits
        self._encoder = _SometimesReal(open_encoder(""))
        self._decoder = decoder._Decoder(cast(Connection, _Yes()), DecoderConfig("", limits))
        self._decoder._encoder = self._encoder
        self._detector = Detector()
        self._lost: list[str] = []
        self._bugs = _Bugs()
        logging.getLogger("photofind").addHandler(self._bugs)
        logging.getLogger("photofind").propagate = False
        setattr(decoder, "decode_photo", self._decode_photo)  # noqa: B010 - it is not the decoder's to export

    def read(self, number: int, given: Seed, chances: random.Random) -> Verdict:
        """Put an input through everything; what does not hold comes back as sentences."""
        path = self._place / f"input{given.suffix}"
        path.write_bytes(given.content)
        _forget_peak()
        started = time.process_time()
        complaints: list[str] = []
        kind = "?"
        try:
            kind = self._all(number, path, given, chances, complaints)
        except Exception:  # noqa: BLE001 - whatever it is, it is the finding
            complaints.append(f"{given.name}: an exception escaped\n{traceback.format_exc(limit=-6)}")
        seconds = time.process_time() - started
        self._mark.put(number, "rest")
        path.unlink()
        return Verdict(number, kind, seconds, _peak(), tuple(complaints))

    def _all(self, number: int, path: Path, given: Seed, chances: random.Random, complaints: list[str]) -> str:
        self._mark.put(number, "read")
        outcome = self._decoder.outcome(Task(PhotoId(1), str(path), 1))
        complaints += [
            f"{given.name}: {text}" for text in (*self._lost, *self._bugs.told, *faults_of(outcome, self._encoder))
        ]
        self._lost.clear()
        self._bugs.told.clear()
        if chances.random() < _SHARES["details"]:
            self._mark.put(number, "details")
            with suppress(PhotoError):
                _check_strings(read_details(str(path), self._limits).facts)
        thumbnail = outcome.thumbnail if isinstance(outcome, Embedded) else None
        if thumbnail is not None and chances.random() < _SHARES["looks"]:
            self._mark.put(number, "looks")
            hash_thumbnail(thumbnail)
            picture = decoded(thumbnail)
            assert picture is not None, "a thumbnail just made cannot be read"
            self._detector.features(luminance(picture))
        if given.content[:2] == b"\xff\xd8" and chances.random() < _SHARES["window"]:
            self._mark.put(number, "window")
            _as_the_window(given.content)
            with suppress(DamagedPhotoError):  # the caller counts it as a missing hash
                hash_thumbnail(given.content)
            decoded(given.content)
        return word_for(outcome)

    def _decode_photo(self, file: io.BufferedReader, **options: object) -> DecodedPhoto:
        """Decode as the product does, but look at why a picture was refused: was it we who failed?"""
        try:
            return decode_photo(file, **options)  # type: ignore[arg-type]
        except DamagedPhotoError as error:
            if error.__cause__ is not None and (where := lost_by(error.__cause__)):
                self._lost.append(where)
            raise


def lost_by(error: BaseException) -> str | None:
    """Return where our own code, not a decoder, gave a picture up; None when it was the decoder."""
    frames = traceback.extract_tb(error.__traceback__)
    names = [Path(frame.filename) for frame in frames]
    ours = [path.name for path in names if path.parent.name == "imaging" and path.name in _OUR_FACTS]
    innermost = names[-1].parent.parent.name == "core" if names else False
    if not ours and not innermost:
        return None
    return "a picture is lost by what we do with it\n" + "".join(traceback.format_exception(error, limit=-6))


def word_for(outcome: Outcome) -> str:
    """Return a word for what became of a file, to be counted."""
    return outcome.kind if isinstance(outcome, Failed) else type(outcome).__name__.lower()


def faults_of(outcome: Outcome, encoder: Encoder) -> list[str]:
    """Return what is wrong with what a decoder hands over."""
    if isinstance(outcome, Failed):
        wrong = [f"a bug: {outcome.reason}"] if outcome.kind == "bug" else []
        return wrong + ([f"no sentence: {outcome.reason!r}"] if not outcome.reason.isprintable() else [])
    if not isinstance(outcome, Embedded):
        return []
    found = []
    with Image.open(io.BytesIO(outcome.thumbnail), formats=["JPEG"]) as thumbnail:
        if not 1 <= max(thumbnail.size) <= _THUMBNAIL_SIDE or thumbnail.mode != "RGB":
            found.append(f"a thumbnail of {thumbnail.size}, {thumbnail.mode}")
    vector = outcome.embedding
    if vector.shape != (encoder.dimension,) or not np.isfinite(vector).all() or abs(np.linalg.norm(vector) - 1) > 1e-3:
        found.append("an embedding that is no unit vector")
    if outcome.colours is not None and len(outcome.colours) != 12:
        found.append("colours of another length")
    return found + facts_wrong(outcome.facts)


def facts_wrong(facts: PhotoFacts) -> list[str]:
    """Return what of the facts the catalog could not keep, or nobody could believe."""
    found = [] if facts.width >= 1 and facts.height >= 1 else [f"a size of {facts.width} x {facts.height}"]
    for value, bound in ((facts.latitude, 90), (facts.longitude, 180)):
        if value is not None and not (math.isfinite(value) and abs(value) <= bound):
            found.append(f"a position of {value}")
    with suppress(ValueError):
        _check_strings(facts)
        return found
    return [*found, f"a text that is none: {facts!r}"]


def _check_strings(facts: PhotoFacts) -> None:
    for text in (facts.camera, facts.lens, facts.taken_at):
        if text is not None:
            text.encode()
            if not text.isprintable():
                raise ValueError(text)


def _as_the_window(content: bytes) -> None:
    from photofind.gui.tile_fetching import decode as decode_tile

    for pixels in (256, 33):
        image = decode_tile(content, pixels)
        assert image is None or (not image.isNull() and max(image.width(), image.height()) <= pixels)


class _Yes:
    """The other end of a decoder's pipe: whatever it asks, it shall go on."""

    def send(self, message: object) -> None:
        assert isinstance(message, Question)

    def recv(self) -> bool:
        return True


class _Bugs(logging.Handler):
    """Keeps the tracebacks that the product logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is not None and record.exc_info[0] is not None:
            self.told.append("".join(traceback.format_exception(*record.exc_info, limit=-6)))


class _SometimesReal:
    """The real encoder for every so-manieth picture and those of odd sizes, a unit vector for the others."""

    def __init__(self, real: Encoder) -> None:
        self._real = real
        self._count = 0
        self._other: Embedding = np.zeros(real.dimension, np.float32)
        self._other[0] = 1
        self.key = real.key
        self.dimension = real.dimension
        self.working_area = real.working_area

    def encode(self, image: Image.Image) -> Embedding:
        self._count += 1
        is_odd = min(image.size) < 4 or max(image.size) > 2000
        return self._real.encode(image) if is_odd or self._count % _WHOLE_ENCODES == 0 else self._other


def _forget_peak() -> None:
    with suppress(OSError), open("/proc/self/clear_refs", "wb") as file:
        file.write(b"5")


def _peak() -> int:
    """Return the most memory in MB since `_forget_peak`; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", "rb") as file:
            line = next((line for line in file if line.startswith(b"VmHWM")), b"x 0")
    except OSError:
        return 0
    return int(line.split()[1]) >> 10
