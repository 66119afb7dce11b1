"""How near indexing comes to what decoding and embedding alone would allow, and how much memory it takes.

Usage (about five minutes and 2 GB of disk)::

    python -m tests.benchmarks.bench_indexing [--large 240] [--small 2000] [--rounds 3] [--folder DIR]

Makes 12-megapixel photos and small ones of about 500 pixels, then measures, in each round one after the other:

* *alone*: seconds a photo for reading and hashing, decoding, the thumbnail and embedding, with the very functions that
  a decoder process calls, warm, at its low priority, in one process;
* *all busy*: the same loop in as many processes as there are processors, at once. Processors that share caches, memory
  and a turbo budget are slower together than alone, whatever program runs on them;
* *index*: the worker that ``photofind index`` drives, on a new library, from the start of its process to its report
  (with start-up), and from its first finished photo on (without);
* *all busy* once more, since machines change their pace; the two are averaged.

The bound is processors / (decode + thumbnail + embed), with the seconds of *all busy*, because a run keeps all
processors busy; the share of the bound from *alone* is printed as well. The mark is on the run without start-up, in the
median of the rounds: starting takes the same second whether there are a hundred photos or a hundred thousand. Other
programs at work spoil the numbers, so a round in which they took more than 5 % of the processors is shown but does not
count (unless there is no other) and is repeated, up to three times as many rounds as were asked for.

It proves that the pipeline around decoding and embedding costs little, and that its memory stays bounded.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psutil

from photofind.cli.client import WorkerClient
from photofind.core.encoders import Encoder, open_encoder
from photofind.core.imaging import DecodeLimits, decode_photo
from photofind.core.imaging.thumbnails import make_thumbnail
from photofind.core.indexing.decoder import content_digest, lower_priority
from photofind.core.settings import Settings
from tests.benchmarks.sample_photos import make_photos, mean_bytes
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder

_MARK = 0.85
_MEMORY_MARK = 600.0
_WARM_UP = 8
_LOOKS_PER_SECOND = 10
_QUIET = 0.05
_CORES = Settings().workers
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class PhotoSeconds:
    """Mean seconds a photo on one processor, by step; reading is from the system's file cache."""

    read_and_hash: float
    decode: float
    thumbnail: float
    embed: float

    @property
    def inevitable(self) -> float:
        """The steps that the bound is made of."""
        return self.decode + self.thumbnail + self.embed

    @classmethod
    def mean(cls, several: Sequence[PhotoSeconds]) -> PhotoSeconds:
        """Return the mean of several measurements."""
        return cls(*(statistics.fmean(values) for values in zip(*map(astuple, several), strict=True)))


@dataclass(frozen=True)
class Run:
    """What a run of the worker took."""

    photos: int
    seconds: float
    start_seconds: float
    steady_photos: int
    peak_bytes: int
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Photos a second, start-up included."""
        return self.photos / self.seconds

    @property
    def steady_rate(self) -> float:
        """Photos a second from the first finished photo on."""
        return self.steady_photos / (self.seconds - self.start_seconds)


def read_photos(paths: Sequence[Path], encoder: Encoder) -> PhotoSeconds:
    """Do with each photo what a decoder process does; return the mean seconds of each step."""
    settings = Settings()
    limits = DecodeLimits(pixels=settings.photo_megapixels * 1_000_000, file_bytes=settings.photo_megabytes << 20)
    total = [0.0] * 4
    for path in paths:
        marks = [time.perf_counter()]
        source = io.BytesIO(path.read_bytes())
        content_digest(source)
        marks.append(time.perf_counter())
        source.seek(0)
        photo = decode_photo(source, suffix=path.suffix, limits=limits, working_area=encoder.working_area)
        marks.append(time.perf_counter())
        make_thumbnail(photo.image)
        marks.append(time.perf_counter())
        encoder.encode(photo.image)
        marks.append(time.perf_counter())
        for step in range(4):
            total[step] += marks[step + 1] - marks[step]
    return PhotoSeconds(*(seconds / len(paths) for seconds in total))


def measure_together(paths: Sequence[Path], processes: int) -> PhotoSeconds:
    """Read the photos in so many processes at once, all of them in each; return the mean seconds a photo."""
    barrier = _SPAWN.Barrier(processes)
    with _SPAWN.Pool(processes, _remember, (barrier,)) as pool:
        return PhotoSeconds.mean(pool.map(_read_after_barrier, [list(paths)] * processes, chunksize=1))


def _remember(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _read_after_barrier(paths: list[Path]) -> PhotoSeconds:
    lower_priority()
    encoder = open_encoder()
    read_photos(paths[:_WARM_UP], encoder)
    _barrier.wait()
    return read_photos(paths, encoder)


_barrier: Barrier


def run_worker(photos: Path, count: int, library: Path) -> Run:
    """Index a folder with a worker of its own."""
    first: tuple[float, int] | None = None
    cpu = _cpu_seconds_of_children()
    with _peak_memory() as peak, WorkerClient(library) as worker:
        started = time.perf_counter()
        worker.send("index", folders=[str(photos)])
        for event in worker.events():
            if event["event"] == "progress" and event["done"] and first is None:
                first = time.perf_counter() - started, event["done"]
            if event["event"] == "finished":
                break
        seconds = time.perf_counter() - started
    assert event["photos"] == count, event
    assert first is not None
    return Run(count, seconds, first[0], count - first[1], peak[0], _cpu_seconds_of_children() - cpu)


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Watch the processes started in the block, all generations of them; ``[0]`` is the largest sum of memory."""
    before = set(psutil.Process().children(recursive=True))
    peak, end = [0], threading.Event()

    def watch() -> None:
        while not end.wait(1 / _LOOKS_PER_SECOND):
            started = set(psutil.Process().children(recursive=True)) - before
            peak[0] = max(peak[0], sum(map(_resident, started)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        end.set()
        thread.join()


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _cpu_seconds_of_children() -> float:
    times = os.times()  # of children that have ended, and of theirs
    return times.children_user + times.children_system


def _cpu_seconds_of_others() -> float:
    machine = psutil.cpu_times()
    return float(machine.user + machine.nice + machine.system) - time.process_time() - _cpu_seconds_of_children()


@dataclass(frozen=True)
class Round:
    """A run between two measurements of what it could reach at best."""

    alone: PhotoSeconds
    busy: PhotoSeconds
    run: Run
    others: float

    @classmethod
    def measure(cls, paths: Sequence[Path], sample: Sequence[Path], library: Path) -> Round:
        """Measure a round on a new library."""
        started, others = time.perf_counter(), _cpu_seconds_of_others()
        before = measure_together(sample, _CORES)
        run = run_worker(paths[0].parent, len(paths), library)
        after = measure_together(sample, _CORES)
        alone = measure_together(sample, 1)
        others = (_cpu_seconds_of_others() - others) / (time.perf_counter() - started) / _CORES
        return cls(alone, PhotoSeconds.mean([before, after]), run, others)

    @property
    def quiet(self) -> bool:
        """Whether other programs let the round have the processors."""
        return self.others <= _QUIET

    @property
    def share(self) -> float:
        """The share of the bound that the run reached."""
        return self.run.steady_rate * self.busy.inevitable / _CORES


def measure(kind: str, paths: Sequence[Path], sample: int, rounds: int) -> list[Mark]:
    """Measure one kind of photos; print the tables and return the marks."""
    chosen = paths[:: max(1, len(paths) // sample)][:sample]
    print(f"{kind}: {len(paths)} photos of {mean_bytes(paths) / 1e6:.2f} MB in the mean, {len(chosen)} for the bound")
    measured: list[Round] = []
    while len(measured) < 3 * rounds and sum(each.quiet for each in measured) < rounds:
        with temporary_folder(paths[0].parent.parent) as folder:
            measured.append(Round.measure(paths, chosen, folder / "library"))
    counted = [each for each in measured if each.quiet] or measured
    rows = [
        [name, *(f"{seconds * 1000:.2f}" for seconds in astuple(mean)), f"{_CORES / mean.inevitable:.1f}"]
        for name, mean in (
            ("alone", PhotoSeconds.mean([each.alone for each in counted])),
            (f"all {_CORES} busy", PhotoSeconds.mean([each.busy for each in counted])),
        )
    ]
    table(["ms a photo on one processor", "read + hash", "decode", "thumbnail", "embed", "bound, photos/s"], rows)
    table(
        [
            "round",
            "photos/s with start-up",
            "without",
            "share of bound, all busy",
            "of bound, alone",
            "start-up, s",
            "CPU ms a photo, all processes",
            "peak MB",
            "taken by others",
        ],
        [
            [
                number + 1,
                f"{each.run.rate:.1f}",
                f"{each.run.steady_rate:.1f}",
                f"{each.share:.3f}",
                f"{each.run.steady_rate * each.alone.inevitable / _CORES:.3f}",
                f"{each.run.start_seconds:.2f}",
                f"{each.run.cpu_seconds / each.run.photos * 1000:.1f}",
                f"{each.run.peak_bytes / 1e6:.0f}",
                f"{each.others:.0%}{'' if each in counted else ', not counted'}",
            ]
            for number, each in enumerate(measured)
        ],
    )
    peak = max(each.run.peak_bytes for each in measured)
    return [
        Mark(f"{kind}: share of the bound", statistics.median(each.share for each in counted), _MARK, at_least=True),
        Mark(f"{kind}: peak memory a processor", peak / 1e6 / _CORES, _MEMORY_MARK, " MB"),
    ]


def main() -> int:
    """Make the photos and print the tables."""
    parser = argparse.ArgumentParser(description="Indexing against decoding and embedding alone.")
    parser.add_argument("--large", type=int, default=240, help="number of 12-megapixel photos")
    parser.add_argument("--small", type=int, default=2000, help="number of small photos")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the temporary files go")
    arguments = parser.parse_args()
    begin("Indexing speed and memory")
    with temporary_folder(arguments.folder) as folder:
        large = make_photos(folder / "large", arguments.large, (4000, 3000), quality=93, noise=5.0)
        small = make_photos(folder / "small", arguments.small, (500, 375), quality=88, noise=3.0)
        marks = measure("12 megapixels", large, 60, arguments.rounds)
        marks += measure("small", small, 400, arguments.rounds)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
