"""What a benchmark table is: columns, rows, notes and facts as plain data; every table module makes one of these."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import faiss

from photofind.core.progress import Progress
from photofind.core.settings import usable_processors

Check = Callable[[], None]
"""Called often while a table is made; raises to cancel it."""

Steps = Iterator["BenchTable | Progress"]
"""What ``make`` of a table's module yields: progress of the phase ``bench``, and the table as its last value."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a table may want to know besides its vectors.

    ``strings`` are the words after the table's name, ``threads`` how many building and batches may use. ``library`` is
    the folder of the library that the vectors are of, None when they were generated.
    """

    strings: tuple[str, ...] = ()
    threads: int = field(default_factory=usable_processors)
    library: Path | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` names it in rows, JSON and CSV, ``title`` and ``unit`` are for people.

    Floats are shown with ``digits`` decimals; JSON and CSV keep them as they are.
    """

    key: str
    title: str
    digits: int = 3
    unit: str = ""

    @property
    def label(self) -> str:
        """The title with the unit behind it."""
        return f"{self.title}, {self.unit}" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """What a chart of the table shows, by keys of columns: a line for each ``series``, ``label`` at each point."""

    x: str
    y: str
    series: str = ""
    label: str = ""
    log_x: bool = False
    log_y: bool = False


@dataclass(slots=True)
class BenchTable:
    """A measured table; a row lacks the values, or has None, of what could not be measured."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[dict[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    chart: ChartSpec | None = None

    def settle(self) -> None:
        """Add a column for the ``reason`` of rows that could not be measured, if there are any."""
        if any(row.get("reason") for row in self.rows):
            self.columns = (*self.columns, Column("reason", "Not measured because"))


def machine_facts(threads: int) -> dict[str, object]:
    """Return what decides about speed on this machine, and nothing that tells whose it is."""
    return {
        "threads": threads,
        "processors": usable_processors(),
        "machine": f"{platform.machine()}, {platform.system()}",
        "faiss": f"{faiss.__version__} ({' '.join(faiss.get_compile_options().split())})",
    }
