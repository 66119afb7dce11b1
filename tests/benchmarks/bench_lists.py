"""How quickly a large library lists its photos, and whether a window could draw meanwhile.

Usage (about two minutes and 2 GB of disk)::

    python -m tests.benchmarks.bench_lists [--photos 1000000] [--folder DIR]

Makes the catalog of a library by SQL, as the first version of photofind would have left it, and brings it up to date,
so that the migration of a large library is measured too. Then lists are read as the window reads them: in a thread,
while the main thread wakes up every 5 milliseconds and notes how late it is. It sleeps without the interpreter's lock
and needs it to go on, as the window's event loop does: a list that held the lock for long would make it late.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from photofind.core.catalog import Catalog
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.records import SortKey
from photofind.core.settings import Settings
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder
from tests.benchmarks.synthetic_catalog import make_catalog

_PAGE = 2000
_TILES = 200
_TICK = 0.005
_FIRST_PAGE_MS = 20.0
_LIST_SECONDS = 2.0
_LATE_MS = 5.0
_MIGRATION_SECONDS = 120.0


class Ticker:
    """How late the main thread wakes up, in milliseconds, while a job runs in another thread."""

    def __init__(self) -> None:
        self.late: list[float] = []

    def during(self, job: Callable[[], object]) -> None:
        """Run the job to its end."""
        thread = threading.Thread(target=job)
        thread.start()
        while thread.is_alive():
            planned = time.perf_counter() + _TICK
            time.sleep(_TICK)
            self.late.append((time.perf_counter() - planned) * 1000)
        thread.join()

    def quantile(self, share: float) -> float:
        return float(np.quantile(self.late, share))

    def row(self, name: str) -> list[str]:
        return [name, f"{len(self.late)}", *(f"{self.quantile(share):.2f}" for share in (0.5, 0.95, 1.0))]


def times(job: Callable[[], object], repeats: int) -> list[float]:
    """Return the milliseconds of each run."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        job()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def migrate(library: Path) -> float:
    """Bring the library to the newest version; return the seconds."""
    started = time.perf_counter()
    Catalog.open_writer(library / "library.db").close()
    return time.perf_counter() - started


def measure_lists(library: Library, repeats: int) -> tuple[list[list[str]], float, float]:
    """Return table rows, the worst median of a first page (ms) and of a whole list (s)."""
    rows, worst_page, worst_list = [], 0.0, 0.0
    for sort in SortKey:
        for descending in (True, False):
            pages = times(lambda: library.list_photos(sort, descending=descending, limit=_PAGE), 4 * repeats)  # noqa: B023
            lists = times(lambda: library.list_photos(sort, descending=descending), repeats)  # noqa: B023
            page, whole = float(np.median(pages)), float(np.median(lists)) / 1000
            worst_page, worst_list = max(worst_page, page), max(worst_list, whole)
            name = f"{sort}, {'descending' if descending else 'ascending'}"
            rows.append([name, f"{page:.1f}", f"{max(pages):.1f}", f"{whole:.2f}", f"{max(lists) / 1000:.2f}"])
    return rows, worst_page, worst_list


def measure_lateness(folder: Path) -> tuple[Ticker, Ticker]:
    """Return the lateness while nothing runs, and while lists are read in every order."""

    def read_lists() -> None:
        with Library(folder, Settings()) as library:
            for sort in SortKey:
                library.list_photos(sort)
                library.list_photos(sort, descending=False, limit=_PAGE)
                library.roots()

    idle, busy = Ticker(), Ticker()
    idle.during(lambda: time.sleep(3))
    busy.during(read_lists)
    return idle, busy


def measure_questions(library: Library, count: int) -> list[list[str]]:
    """Return table rows of the small questions."""
    rng = random.Random(5)
    some = [rng.sample(range(1, count + 1), _TILES) for _ in range(20)]
    path = library.tiles([count // 2])[0].path
    questions: list[tuple[str, Callable[[], object]]] = [
        (f"tiles of {_TILES} photos", lambda: library.tiles(rng.choice(some))),
        ("one photo", lambda: library.photo(rng.randrange(1, count))),
        ("one photo by path", lambda: library.photo_at(path)),
        ("roots", library.roots),
        ("number of photos", library.count_photos),
        ("revision", library.revision),
    ]
    rows = []
    for name, question in questions:
        taken = times(question, 50)
        rows.append([name, f"{np.median(taken):.3f}", f"{max(taken):.3f}"])
    return rows


def remove(folder: Path) -> tuple[float, int]:
    """Remove a root; return the seconds and the number of its photos."""
    with LibraryWriter(folder, Settings()) as writer:
        started = time.perf_counter()
        photos = writer.remove_root("/made-up/root 0")
        return time.perf_counter() - started, photos


def run(folder: Path, count: int) -> int:
    """Make the library, measure, print; return the exit status."""
    make_catalog(folder / "library.db", count)
    before = (folder / "library.db").stat().st_size
    migration = migrate(folder)
    after = (folder / "library.db").stat().st_size
    print(f"{count:,} photos; catalog {before / 1e6:,.0f} MB, after the migration {after / 1e6:,.0f} MB\n")
    with Library(folder, Settings()) as library:
        rows, page, whole = measure_lists(library, 5)
        headers = (f"first {_PAGE:,}, ms, median", "worst", "all, s, median", "worst")
        table(("order", *headers), rows)
        table(("question", "ms, median", "worst"), measure_questions(library, count))
    idle, busy = measure_lateness(folder)
    table(
        ("a thread that wakes up every 5 ms", "ticks", "late, ms, median", "p95", "worst"),
        [idle.row("alone"), busy.row("while lists are read")],
    )
    removal, removed = remove(folder)
    print(f"a root of {removed:,} photos removed in {removal:.1f} s")
    return conclude(
        [
            Mark(f"first {_PAGE:,} photos, the slowest order", page, _FIRST_PAGE_MS, " ms"),
            Mark("all photos, the slowest order", whole, _LIST_SECONDS, " s"),
            Mark("tick lateness while lists are read, p95", busy.quantile(0.95), _LATE_MS, " ms"),
            Mark("migration, back-up included", migration, _MIGRATION_SECONDS, " s"),
        ]
    )


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to make the library; default: the system's temporary folder")
    arguments = parser.parse_args()
    begin("Lists of all photos of a library")
    with temporary_folder(arguments.folder) as folder:
        return run(folder, arguments.photos)


if __name__ == "__main__":
    sys.exit(main())
