"""Files that take a decoder down: what they cost the program, counted.

Nothing here is pretended: a PNG of 29 kB that fills the memory, a JPEG of 10,000 scans that takes
minutes, and whatever the fuzz run has found. No file is known that crashes a decoder for certain, so the crash is a
signal, sent while the decoder has the file open. Each costs its photo, and a decoder twice: once in the company of
other photos, and once more alone.
"""

from __future__ import annotations

import io
import logging
import struct
import threading
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psutil
from PIL import Image

from photofind.core.indexing import pool
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.progress import Control
from photofind.core.settings import Settings
from tests.campaign.checking import problems_of
from tests.campaign.hostile.corpus import Seed
from tests.campaign.photos import write_photos
from tests.campaign.running import Campaign
from tests.support.processes import decoder_reading

_TRIES = 2
_SOUND = 12
_SECONDS, _SECONDS_SHORT = 30.0, 15.0  # in which a decoder also starts, on a machine that may be busy
_MEGABYTES = 300


def memory_killer() -> bytes:
    """Return a PNG of 240 megapixels in some kilobytes: each bit becomes a byte, and then three."""
    rows = zlib.compress(bytes((1 + 16_000 // 8) * 15_000), 9)
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 16_000, 15_000, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def time_killer(scans: int = 10_000) -> bytes:
    """Return a progressive JPEG whose last scan is there thousands of times: each goes through all coefficients."""
    stream = io.BytesIO()
    Image.new("L", (4000, 4000), 90).save(stream, "JPEG", progressive=True, quality=50)
    content = stream.getvalue()
    last = content.rindex(b"\xff\xda")
    while content[last - 2 - _length_before(content, last) : last - _length_before(content, last)] == b"\xff\xc4":
        last -= 2 + _length_before(content, last)
    return content[:-2] + content[last:-2] * scans + content[-2:]


def _length_before(content: bytes, end: int) -> int:
    """Return the length of the table that ends there, 0 when none does."""
    at = content.rfind(b"\xff\xc4", 0, end)
    length = struct.unpack_from(">H", content, at + 2)[0] if at >= 0 else 0
    return int(length) if at >= 0 and at + 2 + length == end else 0


class _Assassin(threading.Thread):
    """Kills every decoder that opens one file; with ``patience``, lets it hang, and kills it when it outlives that."""

    def __init__(self, victim: Path, patience: float = 0.0) -> None:
        super().__init__(daemon=True)
        self._patience = patience
        self.outlived: list[float] = []
        self._victim = str(victim)
        self._done = threading.Event()
        self.killed: set[int] = set()

    def run(self) -> None:
        while not self._done.wait(0.05):
            decoder = decoder_reading(self._victim)
            if decoder is not None and decoder.pid not in self.killed:
                self.killed.add(decoder.pid)
                try:
                    if self._patience:
                        decoder.suspend()
                        decoder.wait(self._patience)
                    else:
                        decoder.kill()
                except psutil.TimeoutExpired:
                    self.outlived.append(self._patience)
                    decoder.kill()
                except psutil.Error:
                    self.killed.discard(decoder.pid)

    def end(self) -> None:
        self._done.set()
        self.join()


def meet_killers(campaign: Campaign, found: Sequence[Seed] = ()) -> None:
    """Index killers among sound photos with one decoder; count what they cost, then and in the next run."""
    folder = campaign.place / "killers"
    sound = {str(path) for path in write_photos(folder, range(_SOUND))}
    killers = [folder / "5 memory.png", folder / "7 signal.webp", folder / "8 hang.webp"]
    killers[0].write_bytes(memory_killer())
    killers[1].write_bytes(_slow())
    killers[2].write_bytes(_slow() + b"hang")
    if not campaign.short:  # it takes all the time that it is given, twice
        killers.append(folder / "9 time.jpg")
        killers[3].write_bytes(time_killer())
    for number, seed in enumerate(found[:20]):
        killers.append(folder / f"found {number}{seed.suffix}")
        killers[-1].write_bytes(seed.content)
    seconds = _SECONDS_SHORT if campaign.short else _SECONDS
    settings = replace(Settings(), workers=1, photo_seconds=seconds, worker_megabytes=_MEGABYTES)
    library = campaign.place / "library of killers"
    assassins = [_Assassin(killers[1]), _Assassin(killers[2], 2 * seconds)]
    lost = _hunted(assassins, library, folder, settings)
    for late in assassins[1].outlived:
        campaign.find(f"killers: a decoder that hung was there after {late:g} s, where a photo may take {seconds:g} s")
    campaign.count("killers met", len(killers))
    campaign.count("decoders lost to them", lost)
    if lost != _TRIES * len(killers):
        campaign.find(f"{len(killers)} killers cost {lost} decoders, not {_TRIES} each")
    photos, errors = _contents(library, settings)
    if photos != sound:
        campaign.find(f"killers: photos lost {sorted(sound - photos)}, photos that are none {sorted(photos - sound)}")
    for path in killers:
        if "twice; it is left alone" not in errors.get(str(path), ""):
            campaign.find(f"killers: {path.name} is not set aside: {errors.get(str(path))!r}")
    if lost := _index(library, folder, settings):
        campaign.find(f"killers: a run in which nothing had changed cost {lost} decoders")
    for problem in problems_of(library, settings):
        campaign.find(f"killers: {problem}")


def _slow() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (6000, 6000), (9, 8, 7)).save(stream, "WEBP", lossless=True, method=0)
    return stream.getvalue()


def _hunted(assassins: Sequence[_Assassin], library: Path, folder: Path, settings: Settings) -> int:
    """Bring the library up to date among assassins; return how many decoders were lost."""
    for assassin in assassins:
        assassin.start()
    try:
        return _index(library, folder, settings)
    finally:
        for assassin in assassins:
            assassin.end()


def _index(library: Path, folder: Path, settings: Settings) -> int:
    """Bring the library up to date; return how many decoders were lost."""
    losses = _Losses()
    log = logging.getLogger(pool.__name__)
    log.addHandler(losses)
    try:
        with LibraryWriter(library, settings, Control()) as writer:
            for _ in writer.update([str(folder)]):
                pass
    finally:
        log.removeHandler(losses)
    return losses.count


class _Losses(logging.Handler):
    """Counts the decoders that the pool says it has lost."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "a decoder was lost" in record.msg


def _contents(library: Path, settings: Settings) -> tuple[set[str], dict[str, str]]:
    with Library(library, settings) as opened:
        photos = {tile.path for tile in opened.tiles(opened.list_photos().photo_ids.tolist())}
        return photos, {error.path: error.reason for error in opened.errors()}
