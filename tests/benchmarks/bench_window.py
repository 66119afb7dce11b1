"""How quick the window is: from its start to the first thumbnails, in use, while indexing, and from click to answer.

Usage (about ten minutes and 10 GB of disk for a million, of which five make the libraries)::

    python -m tests.benchmarks.bench_window [--photos 1000000] [--clicked 100000] [--folder DIR] [--screen]

Every number comes from a fresh process that runs the product's own way in, with the writer process beside it; the
benchmark watches its event loop and sends it events (``window_processes``). The window is on Qt's offscreen platform,
or with ``--screen`` on a real X server (Xvfb, which must be installed). ``--folder`` keeps the libraries for the next
time. The photos of the large libraries are made up (``synthetic_window``), their thumbnails and dates are not; those
that are indexed in part B are real files of 12 megapixels and small ones.

* *A*: a library of a million photos, files warm. Start: from the spawning of the process to the end of the turn of the
  event loop that painted a picture in every visible cell, median of several starts. Use: from sending an event until
  ``processEvents`` returns from painting. How late a tick of 60 Hz comes while the whole listing is loaded.
* *B*: the same tick while the writer indexes at full speed and the grid shows what comes.
* *C*: from a click on a photo to the turn that painted the last visible neighbour, in a library of 100,000.

It proves that the window feels instant whatever the size of the library, and that work behind it is not felt.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.sample_photos import make_photos
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder
from tests.benchmarks.synthetic_window import provide

_PRODUCT_QUALITY = 85
_SMALL_QUALITY = 20  # a million thumbnails of real size would only test the disk
_MANY = 200_000
_STARTS = 5
_CLICKS = 50
_LARGE = (4000, 3000)
_SMALL = (512, 384)
_SCREEN = (1920, 1080)

Answer = dict[str, Any]


class Runner:
    """Spawns the measuring processes, each with the settings of a user who has none yet."""

    def __init__(self, folder: Path, *, screen: str | None) -> None:
        self._folder = folder
        self._screen = screen

    def run(self, what: str, library: Path, *arguments: object) -> Answer:
        """Run one measurement in a process of its own."""
        home = self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        command = [sys.executable, "-m", "tests.benchmarks.window_processes", what, str(library)]
        command += [repr(time.monotonic()), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=self._environment(home))
        answer: Answer = json.loads(done.stdout)
        return answer

    def _environment(self, home: Path) -> dict[str, str]:
        environment = dict(os.environ)
        # An installed program has its modules compiled.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(self._folder / "bytecode")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            environment[name] = str(home)
        if self._screen is not None:
            environment.update(DISPLAY=self._screen, QT_QPA_PLATFORM="xcb")
            environment.pop("WAYLAND_DISPLAY", None)
        else:
            environment["QT_QPA_PLATFORM"] = f"offscreen:configfile={self._screen_file()}"
        return environment

    def _screen_file(self) -> Path:
        width, height = _SCREEN
        screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
        path = self._folder / "screen.json"
        path.write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": [screen]}), encoding="ascii")
        return path


@contextmanager
def x_server(*, wanted: bool) -> Iterator[str | None]:
    """Run an X server without a screen for the time of the block; yield its name."""
    if not wanted:
        yield None
        return
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{_SCREEN[0]}x{_SCREEN[1]}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


# A: a million photos


def measure_start(runner: Runner, library: Path) -> list[Mark]:
    """Start the window several times."""
    runner.run("start", library)  # files into memory, modules compiled, photos marked as away
    starts = [runner.run("start", library) for _ in range(_STARTS)]
    rows = []
    for name, first, last in _STEPS:
        taken = [1000 * (_moment(start, last) - _moment(start, first)) for start in starts]
        rows.append([name, f"{statistics.median(taken):.0f}", f"{min(taken):.0f}", f"{max(taken):.0f}"])
    print(f"A. Start with {starts[0]['tiles']} visible photos, {_STARTS} times:")
    table(["step", "ms, median", "least", "most"], rows)
    lateness = [late for start in starts for late in start["lateness"]]
    listing = statistics.median(start["listing_s"] for start in starts)
    before, after = (statistics.median(s[key]["VmRSS"] for s in starts) for key in ("memory_before", "memory_after"))
    print(f"From then on, the whole listing was there after {listing:.2f} s; it took {after - before:.0f} MB.")
    _print_lateness("a tick of 60 Hz meanwhile", lateness)
    whole = statistics.median(_moment(start, "complete") - start["spawned"] for start in starts)
    return [Mark("start of the process to first thumbnails, median", whole, 1.0, " s")]


_STEPS = (
    ("interpreter", "spawned", "born"),
    ("imports", "born", "imported"),
    ("application", "imported", "application"),
    ("window made and shown", "application", "shown"),
    ("first thumbnails", "shown", "complete"),
    ("together", "spawned", "complete"),
    ("(from closing the window to the end of all)", "closing", "closed"),
)


def _moment(answer: Answer, name: str) -> float:
    return float(answer[name] if name in answer else answer["moments"][name])


def measure_use(runner: Runner, library: Path) -> list[Mark]:
    """Use the grid in every way."""
    answer = runner.run("use", library)
    rows = []
    marks = []
    for name, taken in answer["times"].items():
        rows.append([name, len(taken), *(f"{number:.1f}" for number in _spread(taken))])
        marks.append(Mark(f"{name}, p95", _spread(taken)[1], 16, " ms"))
    print("A. Use, from the event to the end of painting:")
    table(["what", "times", "ms, median", "p95", "worst"], rows)
    _print_lateness("a tick of 60 Hz all the while, what was measured included", answer["lateness"])
    _print_memory(answer)
    return [*marks, Mark("resident memory after all that", answer["memory"]["VmRSS"], 400, " MB")]


# B: while indexing


def measure_busy(runner: Runner, folder: Path, large: int, small: int) -> list[Mark]:
    """Index real photos with the window open."""
    photos = folder / "photos"
    make_photos(photos / "large", large, _LARGE, quality=88, noise=4.0)
    make_photos(photos / "small", small, _SMALL, quality=90, noise=3.0)
    answer = runner.run("busy", folder / "indexed", photos)
    rate = answer["photos"] / answer["seconds"]
    print(
        f"B. {answer['photos']} photos ({large} of 12 megapixels, {small} small) indexed while the grid showed them:"
        f" {answer['seconds']:.0f} s, {rate:.1f} photos/s"
    )
    _print_lateness("a tick of 60 Hz meanwhile", answer["lateness"])
    _print_memory(answer)
    return [Mark("lateness of a tick while indexing, p95", _spread(answer["lateness"])[1], 10, " ms")]


# C: click to neighbours


def measure_clicks(runner: Runner, library: Path, photos: int) -> list[Mark]:
    """Click on photos and wait for their neighbours."""
    answer = runner.run("click", library, _CLICKS)
    clicks = answer["clicks"]
    rows = []
    for name, key in (
        ("the search itself", "search"),
        ("click to answer in the window", "found"),
        ("click to all neighbours painted", "painted"),
    ):
        rows.append([name, *(f"{number:.1f}" for number in _spread([click[key] for click in clicks]))])
    tiles = statistics.median(click["tiles"] for click in clicks)
    print(f"C. {len(clicks)} clicks in a library of {photos:,} photos, {tiles:.0f} neighbours visible:")
    table(["what", "ms, median", "p95", "worst"], rows)
    painted, search = ([click[key] for click in clicks] for key in ("painted", "search"))
    return [
        Mark("click to neighbours painted, median", _spread(painted)[0], 100, " ms"),
        Mark("click to neighbours painted, p95", _spread(painted)[1], 100, " ms"),
        Mark("the search itself, median", _spread(search)[0], 10, " ms"),
        Mark("the search itself, p95", _spread(search)[1], 10, " ms"),
    ]


# Printing


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return median, 95th percentile and the largest."""
    return statistics.median(values), float(np.percentile(values, 95)), max(values)


def _print_lateness(what: str, lateness: Sequence[float]) -> None:
    median, p95, most = _spread(lateness)
    print(f"How late {what}: median {median:.1f} ms, p95 {p95:.1f} ms, worst {most:.0f} ms ({len(lateness)} ticks)")


def _print_memory(answer: Answer) -> None:
    memory = answer["memory"]
    print(
        f"Memory of the window with {answer['rows']:,} rows: resident {memory['VmRSS']:.0f} MB, of it anonymous"
        f" {memory['RssAnon']:.0f} MB, peak {memory['VmHWM']:.0f} MB\n"
    )


def main() -> int:
    """Measure all three parts."""
    parser = argparse.ArgumentParser(description="The window in figures.")
    parser.add_argument("--photos", type=int, default=1_000_000, help="photos of the library of part A")
    parser.add_argument("--clicked", type=int, default=100_000, help="photos of the library of part C")
    parser.add_argument("--large", type=int, default=160, help="photos of 12 megapixels that part B indexes")
    parser.add_argument("--small", type=int, default=800, help="small photos that part B indexes")
    parser.add_argument("--folder", type=Path, help="where the libraries are, or will be, kept")
    parser.add_argument("--screen", action="store_true", help="on an X server instead of Qt's offscreen platform")
    parser.add_argument("--parts", default="ABC", help="which parts to measure")
    arguments = parser.parse_args()
    begin("The window in figures" + (", on an X server" if arguments.screen else ", offscreen"))
    marks: list[Mark] = []
    with temporary_folder(arguments.folder) as folder, x_server(wanted=arguments.screen) as screen:
        runner = Runner(folder, screen=screen)
        libraries = arguments.folder or folder
        if "A" in arguments.parts:
            quality = _SMALL_QUALITY if arguments.photos > _MANY else _PRODUCT_QUALITY
            library = provide(libraries, arguments.photos, quality)
            marks += measure_start(runner, library)
            marks += measure_use(runner, library)
        if "B" in arguments.parts:
            marks += measure_busy(runner, folder, arguments.large, arguments.small)
        if "C" in arguments.parts:
            library = provide(libraries, arguments.clicked, _PRODUCT_QUALITY)
            marks += measure_clicks(runner, library, arguments.clicked)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
