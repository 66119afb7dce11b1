"""What a program holds while it runs: memory, threads, handles, processes, files; and whether that grew.

One row each minute goes to a CSV file. What is judged is the beginning after a warm-up against the end, by medians of
spans of minutes, so that one large query or a compaction under way says nothing.

A program's own memory is what it has of the system beside pages of files (``RssAnon`` in proc(5)), and the resident
size is that with them. What nobody else has mapped just now (USS) is not judged: 44 MB of libraries are a window's own
whenever no decoder runs, and shared while one does. What a writer takes depends on what it is doing, from 40 to 560 MB;
of that the least of each span is compared.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final, TextIO

import psutil

MOST_GROWTH: Final = 0.05
"""A window, or a writer, whose memory grows by more than this has a leak."""

_SLACK: Final[dict[str, int]] = {"threads": 2, "handles": 3, "children": 1, "widgets": 40, "top_levels": 4, "temp": 4}
"""How many more of each there may be at the least, for there is always something under way.

Of these, the least of each span are compared: what is leaked is there at all times.
"""

_MEMORY: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "window_anon": median,
    "window_rss": median,
    "worker_anon": min,
    "worker_rss": min,
}
_TOLD_BESIDE: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "allocated_megabytes": median,
    "picture_megabytes": median,
}
"""Parts of what a window's memory is, which are not judged by themselves."""

_SIZES: Final = {"anon": "RssAnon", "rss": "VmRSS"}
_MEGABYTE: Final = 1 << 20


@dataclass(frozen=True)
class Span:
    """Rows of a part of the run."""

    rows: Sequence[dict[str, Any]]

    def values(self, name: str) -> list[float]:
        """Return what was measured of one thing, without the times when it could not be."""
        return [float(row[name]) for row in self.rows if row.get(name) not in (None, "")]


@dataclass
class Gauge:
    """Measures a window's process and what it started; keeps all rows, and writes them."""

    process: psutil.Process
    library: Path
    temporary: Path
    rows: list[dict[str, Any]] = field(default_factory=list)
    _writer: Any = None

    def measure(self, seconds: float, counts: dict[str, Any], out: TextIO | None) -> dict[str, Any]:
        """Take a row: what the system says, and what the window counted of itself."""
        row: dict[str, Any] = {"seconds": round(seconds), **self._system()}
        row.update({key: value for key, value in counts.items() if isinstance(value, int | float | str)})
        row["stalls"] = len(counts.get("stalls", ()))
        row["longest_stall"] = max(counts.get("stalls", ()), default=0)
        self.rows.append(row)
        if out is not None:
            if self._writer is None:
                self._writer = csv.DictWriter(out, list(row), extrasaction="ignore")
                self._writer.writeheader()
            self._writer.writerow(row)
            out.flush()
        return row

    def writer(self) -> psutil.Process | None:
        """Return the writer process of the window, None while there is none."""
        for child in self.process.children():
            if "worker" in _command(child):
                return child
        return None

    def _system(self) -> dict[str, Any]:
        worker = self.writer()
        decoders = worker.children(recursive=True) if worker is not None else []
        row = {f"window_{key}": value for key, value in _memory(self.process).items()}
        row |= {f"worker_{key}": value for key, value in (_memory(worker) if worker is not None else {}).items()}
        files = [entry.stat().st_size for entry in os.scandir(self.library) if entry.is_file()]
        return row | {
            "decoders_anon": round(sum(_memory(each).get("anon", 0.0) for each in decoders), 1),
            "threads": self.process.num_threads(),
            "handles": self.process.num_fds(),
            "children": len(self.process.children(recursive=True)),
            "worker_threads": worker.num_threads() if worker is not None else None,
            "worker_handles": worker.num_fds() if worker is not None else None,
            "library_megabytes": round(sum(files) / _MEGABYTE, 1),
            "library_files": len(files),
            "temp": sum(1 for _ in self.temporary.rglob("*")),
        }


def spans(rows: Sequence[dict[str, Any]], warm_up: float, length: float) -> tuple[Span, Span]:
    """Return the rows of a span after the warm-up, and those of a span of the same length at the end; in seconds."""
    end = float(rows[-1]["seconds"]) if rows else 0.0
    first = [row for row in rows if warm_up <= float(row["seconds"]) < warm_up + length]
    last = [row for row in rows if float(row["seconds"]) > max(end - length, warm_up + length)]
    return Span(first), Span(last)


def reached(rows: Sequence[dict[str, Any]], name: str, value: float) -> float:
    """Return after how many seconds something was reached; infinity when it never was."""
    return next((float(row["seconds"]) for row in rows if float(row.get(name) or 0) >= value), math.inf)


@dataclass(frozen=True)
class Growth:
    """Megabytes at the beginning and at the end."""

    before: float
    after: float

    @property
    def share(self) -> float:
        """How much more that is: 0.05 for five percent."""
        return self.after / self.before - 1.0


def growth(first: Span, last: Span) -> dict[str, Growth]:
    """Return how much the memory of each kind grew."""
    return _growth(first, last, _MEMORY)


def growth_of_parts(first: Span, last: Span) -> dict[str, Growth]:
    """Return how much of that is what the C library handed out, and what pictures take."""
    return _growth(first, last, _TOLD_BESIDE)


def _growth(first: Span, last: Span, kinds: dict[str, Callable[[Sequence[float]], float]]) -> dict[str, Growth]:
    grown = {}
    for name, of in kinds.items():
        before, after = first.values(name), last.values(name)
        if before and after and of(before):
            grown[name] = Growth(of(before), of(after))
    return grown


def leaks(first: Span, last: Span) -> list[str]:
    """Return what there is more of at the end than there was at the beginning, as sentences."""
    grown = growth(first, last).items()
    found = [f"{name} grew by {each.share:.1%}" for name, each in grown if each.share > MOST_GROWTH]
    for name, slack in _SLACK.items():
        for each in (name, f"worker_{name}"):
            before, after = first.values(each), last.values(each)
            if before and after and min(after) > min(before) + slack:
                found.append(f"there were {min(before):.0f} {each} at the least, and {min(after):.0f} at the end")
    return found


def _memory(process: psutil.Process) -> dict[str, float]:
    try:
        sizes = dict(line.split(":") for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
        return {key: round(int(sizes[name].split()[0]) / 1024, 1) for key, name in _SIZES.items()}
    except (OSError, KeyError):  # it has ended, or is about to
        return {}


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
