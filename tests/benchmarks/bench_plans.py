"""Thousands of random plans over generated trees, with random faults at any moment: is anything ever lost?

Usage (about 25 minutes on 2 cores)::

    python -m tests.benchmarks.bench_plans [--plans 10000] [--first 0] [--processes 2] [--folder DIR]

Each plan has a tree of its own: several folders, copies, hard links, links to files and folders, names that are no
text or differ in case only. Before, between and in the middle of its steps (at any call to the system) the user saves,
removes, moves or replaces files; the system refuses; the process dies, also while it recovers or undoes. Then the plan
is taken back. See ``tests/actions/random_plans.py`` for what is checked after each.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from photofind.core.errors import PhotofindError
from tests.actions.random_plans import Tally, run_trial
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder

_CHUNK = 50


def run_trials(first: int, end: int, parent: Path) -> tuple[Counter[str], list[str]]:
    """Run some trials; return what was counted, and how those ended in which something was lost."""
    logging.disable(logging.WARNING)  # of what the system refuses there is plenty
    tally, failures = Tally(), []
    for seed in range(first, end):
        with temporary_folder(parent) as folder, pytest.MonkeyPatch.context() as patches:
            try:
                run_trial(seed, folder / "world", patches, tally)
            except (AssertionError, OSError, PhotofindError, ValueError):
                failures.append(f"plan {seed}: {traceback.format_exc(limit=-2)}")
    return tally.counts, failures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all trials and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=None, help="where the trees are made")
    options = parser.parse_args(arguments)
    begin("Random plans with random faults")
    parent = options.folder or _fast_folder()
    end = options.first + options.plans
    tasks = [(first, min(first + _CHUNK, end), parent) for first in range(options.first, end, _CHUNK)]
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        outcomes = pool.starmap(run_trials, tasks, chunksize=1)
    counts: Counter[str] = sum((found for found, _ in outcomes), Counter())
    failures = [failure for _, some in outcomes for failure in some]
    print(f"{options.plans:,} plans in {time.perf_counter() - started:,.0f} s\n")
    table(("what", "how many"), [(name, f"{number:,}") for name, number in sorted(counts.items())])
    for failure in failures[:10]:
        print(failure)
    return conclude([Mark("plans after which something was lost, or not restored", len(failures), 0)])


def _fast_folder() -> Path:
    memory = Path("/dev/shm")  # each tree has a folder of its own there
    return memory if memory.is_dir() else Path(tempfile.gettempdir())


if __name__ == "__main__":
    sys.exit(main())
