"""How the library behaves as it grows to a million photos: accuracy, latency, opening, memory, disk, adding.

Usage (about 15 minutes and 4 GB of disk for a million)::

    python -m tests.benchmarks.bench_scale [--sizes 10000,100000,1000000] [--folder DIR]

Each size is a new library of made-up embeddings (``evaluation/generated``) that goes the writer's real way to the disk
(``synthetic_ingest``). A fresh process then opens it and searches: ``library`` queries are photos of the library by
their ids, through everything that a search does, 50 results each; ``vector`` queries are fresh vectors, 10 results,
whose truth is computed by numpy from the vectors before they were stored. Recall is the share of the ten true nearest
neighbours that are found. Cold means that the library's files were first thrown out of the system's file cache. Finally
1,000 photos are added, several times over, each time by a fresh writer and with thumbnails of real size.

It proves that a search stays accurate and quick, that opening and memory do not follow the size, and that a small
addition does not rewrite the library.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import PendingFile
from photofind.core.evaluation.generated import Mixture
from photofind.core.indexing.messages import Embedded
from tests.benchmarks.exact_neighbours import ExactNeighbours, recall
from tests.benchmarks.support import Mark, begin, conclude, folder_bytes, table, temporary_folder
from tests.benchmarks.synthetic_ingest import Seconds, made_up, synthetic_writer

_QUERIES = 400
_K = 10
_BLOCK = 16_384
_SMALL_THUMBNAIL = 200  # a million of real size would only test the disk
_THUMBNAIL = 12_000  # the mean of 256 pixels, JPEG quality 85
_ADDED = 1_000
_ADDITIONS = 20
_READERS = 3


@dataclass(frozen=True)
class Measured:
    """One size of library and everything measured on it."""

    photos: int
    seconds: Seconds
    disk: dict[str, int]
    warm: dict[str, Any]
    cold: dict[str, Any]
    sweep: dict[str, Any]
    truth: npt.NDArray[np.int64]
    additions: list[dict[str, Any]]
    grown: int

    @property
    def recall(self) -> float:
        """Recall at the default nprobe."""
        return recall(np.array(self.warm["found"]), self.truth)

    @property
    def exact_recall(self) -> float:
        """How far the product's exact search agrees with numpy."""
        exact = np.array(self.sweep["exact"])
        return recall(exact, self.truth[: len(exact)])


def measure(photos: int, folder: Path) -> Measured:
    """Build a library of one size and measure it."""
    library = folder / "library"
    mixture = Mixture()
    queries = mixture.draw(_QUERIES, np.random.default_rng(99))
    queries_file = folder / "queries.npz"
    np.savez(queries_file, queries=queries)
    seconds, truth = fill(library, photos, mixture, queries)
    disk = folder_bytes(library)
    forget_files(library)
    cold = in_fresh_process("read", library, queries_file, photos)
    # Other programs at work disturb a reader: of several, the one that had its processor most counts.
    readers = [in_fresh_process("read", library, queries_file, photos) for _ in range(_READERS)]
    warm = max(readers, key=lambda reader: float(reader["threads"]))
    sweep = in_fresh_process("sweep", library, queries_file)
    additions = [
        in_fresh_process("add", library, photos + number * _ADDED, _ADDED, _THUMBNAIL) for number in range(_ADDITIONS)
    ]
    grown = sum(folder_bytes(library).values()) - sum(disk.values())
    return Measured(photos, seconds, disk, warm, cold, sweep, truth, additions, grown)


def fill(
    library: Path, photos: int, mixture: Mixture, queries: npt.NDArray[np.float32]
) -> tuple[Seconds, npt.NDArray[np.int64]]:
    """Ingest photos; return how long that took and the true neighbours of the queries."""
    truth = ExactNeighbours(queries, _K)
    aside = 0.0
    with synthetic_writer(library) as writer:
        first = 0
        for block in mixture.blocks(photos, _BLOCK, seed=7):
            writer.invent(first, len(block))
            numbers = iter(range(len(block)))

            def embed(
                _: PendingFile, numbers: Any = numbers, block: npt.NDArray[np.float32] = block, first: int = first
            ) -> Embedded:
                number = next(numbers)
                return made_up(first + number, block[number], _SMALL_THUMBNAIL)

            writer.ingest(embed)
            started = time.perf_counter()
            truth.take(block)
            aside += time.perf_counter() - started
            first += len(block)
        seconds = writer.seconds
    return seconds, truth.ids


def forget_files(library: Path) -> None:
    """Throw a library's files out of the system's file cache."""
    for path in library.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def in_fresh_process(*arguments: object) -> dict[str, Any]:
    """Run a step of the benchmark in a process of its own; return its numbers."""
    command = [sys.executable, "-m", "tests.benchmarks.scale_processes", *map(str, arguments)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    result: dict[str, Any] = json.loads(answer)
    return result


def show_growth(all_measured: Sequence[Measured]) -> None:
    """Print one row per number and one column per size."""
    lines: list[list[object]] = []
    for name, show in _ROWS:
        lines.append([name, *(show(measured) for measured in all_measured)])
    table(["photos", *(f"{measured.photos:,}" for measured in all_measured)], lines)


def show_sweep(measured: Measured) -> None:
    """Print what each nprobe finds and takes."""
    rows = []
    for nprobe, found, durations in measured.sweep["steps"]:
        share = recall(np.array(found), measured.truth[: len(found)])
        default = " (default)" if nprobe == measured.warm["nprobe"] else ""
        rows.append([f"{nprobe}{default}", f"{share:.3f}", f"{_median(durations):.2f}", f"{_p95(durations):.2f}"])
    print(f"{measured.photos:,} photos, {measured.warm['nlist']} lists, warm, fresh vectors:")
    table(["nprobe", "recall@10", "ms median", "ms p95"], rows)


def marks_of(measured: Measured) -> list[Mark]:
    """Return the promises, which are made for a million photos."""
    first = measured.additions[0]
    return [
        Mark("recall@10 of the exact search against numpy", measured.exact_recall, 0.999, at_least=True),
        Mark("recall@10 at the default nprobe", measured.recall, 0.95, at_least=True),
        Mark("median of a query by photo", _median(measured.warm["library_ms"]), 5, " ms"),
        Mark("95th percentile of a query by photo", _p95(measured.warm["library_ms"]), 15, " ms"),
        Mark("opening, warm", measured.warm["open_s"], 0.5, " s"),
        Mark("opening, cold", measured.cold["open_s"], 0.5, " s"),
        Mark("resident memory of the reader", measured.warm["memory"]["VmRSS"] / 1e6, 300, " MB"),
        Mark(f"writing when {_ADDED:,} photos are added", first["write_bytes"] / 1e6, 50, " MB"),
        Mark("the same, mean of all additions", _mean_written(measured) / 1e6, 50, " MB"),
    ]


def _median(durations: Sequence[float]) -> float:
    return statistics.median(durations)


def _p95(durations: Sequence[float]) -> float:
    return float(np.percentile(durations, 95))


def _mean_written(measured: Measured) -> float:
    return statistics.fmean(addition["write_bytes"] for addition in measured.additions)


def _megabytes(count: float) -> str:
    return f"{count / 1e6:,.1f}"


def _disk(measured: Measured, *parts: str) -> str:
    return _megabytes(sum(size for name, size in measured.disk.items() if name.startswith(parts)))


def _single_probe(measured: Measured) -> str:
    nprobe, found, _ = measured.sweep["steps"][0]
    assert nprobe == 1
    return f"{recall(np.array(found), measured.truth[: len(found)]):.3f}"


_ROWS: Sequence[tuple[str, Any]] = (
    ("build: ingest, s", lambda m: f"{m.seconds.ingest:.1f}"),
    ("build: upkeep of the index, s", lambda m: f"{m.seconds.upkeep:.1f}"),
    ("inverted lists", lambda m: m.warm["nlist"]),
    ("segments", lambda m: m.warm["segments"]),
    ("disk: catalog, MB", lambda m: _disk(m, "library.db")),
    ("disk: vectors, MB", lambda m: _disk(m, "vectors-")),
    ("disk: index, MB", lambda m: _disk(m, "epoch-")),
    ("recall@10, nprobe 1", _single_probe),
    ("default nprobe", lambda m: m.warm["nprobe"]),
    ("recall@10, default nprobe", lambda m: f"{m.recall:.4f}"),
    ("recall@10, exact against numpy", lambda m: f"{m.exact_recall:.4f}"),
    ("library query: median, ms", lambda m: f"{_median(m.warm['library_ms']):.2f}"),
    ("library query: p95, ms", lambda m: f"{_p95(m.warm['library_ms']):.2f}"),
    ("vector query: median, ms", lambda m: f"{_median(m.warm['vector_ms']):.2f}"),
    ("vector query: p95, ms", lambda m: f"{_p95(m.warm['vector_ms']):.2f}"),
    ("cold library query: median, ms", lambda m: f"{_median(m.cold['library_ms']):.2f}"),
    ("cold library query: p95, ms", lambda m: f"{_p95(m.cold['library_ms']):.2f}"),
    ("exact query: median, ms", lambda m: f"{_median(m.sweep['exact_ms']):.1f}"),
    ("processors busy during queries", lambda m: f"{m.warm['threads']:.2f}"),
    ("import, s", lambda m: f"{m.warm['import_s']:.3f}"),
    ("open warm, s", lambda m: f"{m.warm['open_s']:.3f}"),
    ("first answer warm, s", lambda m: f"{m.warm['first_answer_s']:.3f}"),
    ("import cold, s", lambda m: f"{m.cold['import_s']:.3f}"),
    ("open cold, s", lambda m: f"{m.cold['open_s']:.3f}"),
    ("first answer cold, s", lambda m: f"{m.cold['first_answer_s']:.3f}"),
    ("resident, MB", lambda m: _megabytes(m.warm["memory"]["VmRSS"])),
    ("of it anonymous, MB", lambda m: _megabytes(m.warm["memory"]["RssAnon"])),
    ("peak resident, MB", lambda m: _megabytes(m.warm["memory"]["VmHWM"])),
    (f"adding {_ADDED:,}: written first, MB", lambda m: _megabytes(m.additions[0]["write_bytes"])),
    ("written, mean, MB", lambda m: _megabytes(_mean_written(m))),
    ("written, most, MB", lambda m: _megabytes(max(a["write_bytes"] for a in m.additions))),
    ("handed to write(), mean, MB", lambda m: _megabytes(statistics.fmean(a["wchar"] for a in m.additions))),
    ("library grew by, mean, MB", lambda m: _megabytes(m.grown / _ADDITIONS)),
)


def main() -> int:
    """Measure every size; the last one is held to the marks."""
    parser = argparse.ArgumentParser(description="The library from ten thousand to a million photos.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--folder", type=Path, help="where the temporary libraries go")
    arguments = parser.parse_args()
    begin("How the library grows")
    all_measured = []
    for photos in map(int, arguments.sizes.split(",")):
        with temporary_folder(arguments.folder) as folder:
            all_measured.append(measure(photos, folder))
        show_sweep(all_measured[-1])
    show_growth(all_measured)
    print(f"Marks, at {all_measured[-1].photos:,} photos (they are promised at 1,000,000):")
    return conclude(marks_of(all_measured[-1]))


if __name__ == "__main__":
    sys.exit(main())
