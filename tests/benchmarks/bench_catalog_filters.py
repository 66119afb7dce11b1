"""How quickly a large catalog says which photos satisfy a filter, what a word is about and what is full of a colour.

Whether searches inside filters find what they should is for ``bench_filters`` to say.

Usage (about two minutes and 2 GB of disk)::

    python -m tests.benchmarks.bench_catalog_filters [--photos 1000000] [--folder DIR]

Makes the catalog of a library by SQL and brings it up to date, as ``bench_lists`` does, and gives its photos places and
made-up colours. Cameras and formats are listed as the window offers them. Every question is asked several times; the
first time counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sized
from datetime import date
from pathlib import Path

import numpy as np

from photofind.core.catalog import Catalog
from photofind.core.indexing.annotate import note_places
from photofind.core.queries import Filters, Orientation
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder
from tests.benchmarks.synthetic_catalog import make_catalog
from tests.support.other_program import changed_by_hand

_PLACES_AT_ONCE = 4096
_REPEATS = 3
_FILTER_SECONDS = 1.0
_WORD_MS = 10.0
_WORDS_MS = 200.0
_COLOUR_MS = 100.0
_CHOICES_MS = 1000.0

FILTERS = {
    "nothing": Filters(),
    "a year": Filters(since=date(2010, 1, 1), until=date(2010, 12, 31)),
    "a day": Filters(since=date(2010, 5, 1), until=date(2010, 5, 1)),
    "twenty years": Filters(since=date(2000, 1, 1), until=date(2020, 12, 31)),
    "a root (25 %)": Filters(folders=("/made-up/root 1",)),
    "a folder": Filters(folders=("/made-up/root 1/2010",), within=("trip",)),
    "a camera": Filters(cameras=("rare",)),
    "all cameras but one": Filters(cameras=("made up",)),
    "a place": Filters(places=("munich",)),
    "a country": Filters(places=("germany",)),
    "GPS": Filters(has_gps=True),
    "a format (10 %)": Filters(formats=("raw",)),
    "portraits": Filters(orientation=Orientation.PORTRAIT),
    "at least 12 megapixels": Filters(min_megapixels=12.0),
    "a name (0.2 %)": Filters(names=("kyoto",)),
    "a name (80 %)": Filters(names=("IMG_*",)),
    "many conditions": Filters(
        since=date(2010, 1, 1), cameras=("made",), formats=("jpeg",), has_gps=True, names=("holiday",)
    ),
}
WORDS = ("kyoto", "holiday", "munich", "rare", "trip", "made up", "nowhere")


def prepare(library: Path, count: int) -> None:
    """Make the catalog and bring it up to date."""
    make_catalog(library / "library.db", count)
    started = time.perf_counter()
    with Catalog.open_writer(library / "library.db") as catalog:
        print(f"{count:,} photos; brought up to date in {time.perf_counter() - started:.1f} s")
        started, placed = time.perf_counter(), 0
        while True:
            with catalog.transaction():
                found = note_places(catalog, _PLACES_AT_ONCE)
            if not found:
                break
            placed += found
        print(f"{placed:,} photos placed in {time.perf_counter() - started:.1f} s\n")
    with changed_by_hand(library / "library.db") as connection:
        connection.execute("INSERT INTO colours SELECT id, randomblob(12) FROM contents")


def measured(name: str, question: Callable[[], Sized]) -> tuple[list[str], int, float]:
    """Return a table row, the length of the answer and the milliseconds of its first time."""
    taken, found = [], 0
    for _ in range(_REPEATS):
        started = time.perf_counter()
        found = len(question())
        taken.append((time.perf_counter() - started) * 1000)
    return [name, f"{found:,}", f"{taken[0]:.1f}", f"{np.median(taken):.1f}"], found, taken[0]


def run(library: Path, count: int) -> int:
    """Make the library, measure, print; return the exit status."""
    prepare(library, count)
    with Catalog.open_reader(library / "library.db") as catalog:
        choices = [
            measured(name, question)
            for name, question in (("cameras", catalog.contents.cameras), ("formats", catalog.contents.formats))
        ]
        table(("to choose from", "found", "first, ms", "median"), [row for row, _, _ in choices])
        filtering, texts, colours = catalog.filtering, catalog.texts, catalog.colours
        pack = catalog.active_pack()
        assert pack is not None
        kept = [measured(name, lambda f=asked: filtering.kept(pack.id, f)[1]) for name, asked in FILTERS.items()]  # type: ignore[misc]
        table(("vectors that show", "kept", "first, ms", "median"), [row for row, _, _ in kept])
        words = [measured(word, lambda w=word: texts.match(w)) for word in WORDS]  # type: ignore[misc]
        table(("photos that a word is about", "found", "first, ms", "median"), [row for row, _, _ in words])
        rich = [measured(name, lambda n=name: colours.richest(pack.id, n, 2000)) for name in ("red", "monochrome")]  # type: ignore[misc]
        some = random.Random(3).sample(range(count), min(2000, count))
        rich.append(measured("those of 2,000", lambda: colours.of(pack.id, some)))
        table(("colours", "found", "first, ms", "median"), [row for row, _, _ in rich])
    return conclude(
        [
            Mark(
                "vectors that satisfy a filter, the slowest", max(ms for _, _, ms in kept) / 1000, _FILTER_SECONDS, " s"
            ),
            Mark("cameras and formats to choose from", sum(ms for _, _, ms in choices), _CHOICES_MS, " ms"),
            Mark("a word of up to 10,000 photos", max(ms for _, n, ms in words if n <= 10_000), _WORD_MS, " ms"),
            Mark("any word", max(ms for _, _, ms in words), _WORDS_MS, " ms"),
            Mark("the photos richest in a colour", max(ms for _, _, ms in rich[:2]), _COLOUR_MS, " ms"),
        ]
    )


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to make the library; default: the system's temporary folder")
    arguments = parser.parse_args()
    begin("Filters, words and colours as the catalog answers them")
    with temporary_folder(arguments.folder) as folder:
        return run(folder, arguments.photos)


if __name__ == "__main__":
    sys.exit(main())
