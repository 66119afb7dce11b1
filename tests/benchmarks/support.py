"""What the benchmarks share: the program as a user runs it, temporary libraries, tables and marks."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from photofind import __version__
from photofind.core.paths import program_command


@dataclass(frozen=True)
class Mark:
    """A number that the product promises to reach (``at_least``) or to stay below."""

    name: str
    value: float
    bound: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the promise is kept."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        distance = self.value / self.bound if self.bound else float(self.value != 0)
        verdict = "met" if self.met else "MISSED"
        return (
            f"{verdict:6}  {self.name}: {self.value:,.5g}{self.unit}, mark {sign} {self.bound:g}{self.unit},"
            f" at {distance:.0%} of the mark"
        )


def conclude(marks: Sequence[Mark]) -> int:
    """Print how every mark was met; return the exit status."""
    print()
    for mark in marks:
        print(mark)
    missed = sum(not mark.met for mark in marks)
    print(f"{len(marks) - missed} of {len(marks)} marks met.", flush=True)
    return 1 if missed else 0


def begin(title: str) -> None:
    """Print what is measured, by which command, when and on what class of machine.

    From here on, processes do not see the settings of whoever runs the benchmark (where XDG names apply).
    """
    os.environ["XDG_CONFIG_HOME"] = os.path.join(tempfile.gettempdir(), "photofind-bench-no-settings")
    module = Path(sys.argv[0]).stem
    words = ["DIR" if Path(word).is_absolute() else word for word in sys.argv[1:]]
    print(title)
    print(f"command   python -m {' '.join([f'tests.benchmarks.{module}', *words])}")
    print(f"date      {date.today().isoformat()}, photofind {__version__}, Python {platform.python_version()}")
    print(f"machine   {os.cpu_count()} cores, {machine_class()}\n", flush=True)


def machine_class() -> str:
    """Return the processor's kind, with the vector instructions that decide the speed."""
    name = platform.machine().replace("x86_64", "x86-64")
    cpuinfo = Path("/proc/cpuinfo")
    flags = cpuinfo.read_text(encoding="ascii", errors="replace") if cpuinfo.exists() else ""
    for flag, label in (("avx512_vnni", "AVX-512 VNNI"), ("avx512f", "AVX-512"), ("avx2", "AVX2")):
        if flag in flags:
            return f"{name} with {label}, {platform.system()}"
    return f"{name}, {platform.system()}"


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table."""
    cells = [list(map(str, headers)), *[list(map(str, row)) for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headers))]
    for number, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(flush=True)


@contextmanager
def temporary_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder for the time of the block."""
    folder = Path(tempfile.mkdtemp(prefix="photofind-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def photofind(*arguments: str) -> str:
    """Run the command line as a user would, in a process of its own; return what it printed on stdout."""
    command = [*program_command(), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def photofind_json(*arguments: str) -> dict[str, Any]:
    """Run the command line with ``--json``; return the document."""
    document: dict[str, Any] = json.loads(photofind(*arguments, "--json"))
    return document


def folder_bytes(folder: Path) -> dict[str, int]:
    """Return the bytes of each file below a folder, by path relative to it."""
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
