"""How long a calibration takes, its memory, and whether queries of another process suffer meanwhile.

``python -m tests.benchmarks.bench_calibration --library DIR [--searches N]``: a library of a million photos, such as
``bench_scale --keep`` leaves. Its ``accuracy.json`` is replaced.
"""

from __future__ import annotations

import argparse
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from photofind.core.library import Library
from photofind.core.paths import program_command
from photofind.core.queries import Query
from photofind.core.settings import Settings
from tests.benchmarks.support import Mark, begin, conclude, table

_MOST_SECONDS = 60.0
_MOST_SLOWER = 2.0
_PAUSE_SECONDS = 0.02  # somebody who asks one query after the other, without end
_LIMIT = 50


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--searches", type=int, default=500, help="queries while nothing else runs")
    arguments = parser.parse_args()
    begin("Calibration beside queries of another process")
    with Library(arguments.library, Settings()) as library:
        shape = library.index_shape()
        photos = library.list_photos(limit=100_000).photo_ids.tolist()
        generator = np.random.default_rng(1)

        def ask() -> float:
            photo = int(generator.choice(photos))
            return library.search(Query(photo_ids=(photo,), nprobe=shape.default_nprobe, limit=_LIMIT)).elapsed_ms

        for _ in range(50):
            ask()
        quiet: list[float] = []
        _ask_until(lambda: len(quiet) >= arguments.searches, ask, quiet)
        started = time.perf_counter()
        command = [*program_command(), "evaluate", "--json", "--library", str(arguments.library)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
            peaks: list[int] = []
            busy: list[float] = []
            _ask_until(lambda: _has_ended(process, peaks), ask, busy)
            document = process.stdout.read() if process.stdout is not None else ""
        seconds = time.perf_counter() - started
    print(document)
    before, during = (np.percentile(times, (50, 95)) for times in (quiet, busy))
    table(
        ("vectors", "nlist", "nprobe asked", "seconds", "peak MB", "quiet p50 / p95 ms", "meanwhile p50 / p95 ms"),
        [
            (
                f"{shape.vectors:,}",
                shape.nlist,
                shape.default_nprobe,
                f"{seconds:.1f}",
                f"{max(peaks, default=0) / 1e6:.0f}",
                f"{before[0]:.2f} / {before[1]:.2f} ({len(quiet)} queries)",
                f"{during[0]:.2f} / {during[1]:.2f} ({len(busy)} queries)",
            )
        ],
    )
    return conclude(
        [
            Mark("calibration", seconds, _MOST_SECONDS, " s"),
            Mark("p95 of queries meanwhile over the quiet one", during[1] / before[1], _MOST_SLOWER, "x"),
        ]
    )


def _ask_until(is_over: Callable[[], bool], ask: Callable[[], float], times: list[float]) -> None:
    while not is_over():
        times.append(ask())
        time.sleep(_PAUSE_SECONDS)


def _has_ended(process: subprocess.Popen[str], peaks: list[int]) -> bool:
    if process.poll() is not None:
        return True
    try:
        peaks.append(psutil.Process(process.pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return True
    return False


if __name__ == "__main__":
    raise SystemExit(main())
