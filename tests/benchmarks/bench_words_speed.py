"""How long typed words take in a large library, from the text to the result, and how long the first ones take.

Usage (about three minutes for 100,000 photos)::

    python -m tests.benchmarks.bench_words_speed [--sizes 10000,100000] [--folder DIR]

Libraries are made up (``synthetic_trips``); with ``--folder`` those that lie there are used again. A fresh process
opens each and asks every text once, so that none is remembered, then again, which leaves the encoding away. The encoder
alone is asked the same texts. Everything happens in one thread; processor time is given beside the time on the clock,
because other programs lengthen the one and not the other.

Opening is measured in fresh processes that have loaded nothing yet of what reads words.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from photofind.core.encoders import resolve
from photofind.core.library import Library
from photofind.core.queries import Query
from photofind.core.settings import Settings
from photofind.core.words.meaning import open_words
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder

Result = TypeVar("Result")

_OPENINGS = 5
_WARM_UP = ("warm up with a bicycle", "Lisbon", "green door 2011", "horse -rider")
TEXTS = {
    "a thing": ("dog", "cats", "sailboat", "guitar", "castle", "strawberry", "zebra", "teapot", "volcano", "train"),
    "many kinds": ("animal", "vehicle", "food", "building", "bird", "musical instrument", "furniture", "tool"),
    "several": (
        *("dog on a beach", "cup and laptop", "a horse, a sheep and a cow", "boat near a lighthouse", "cat on a sofa"),
        *("bridge over a river", "ice cream and cake", "tent below a mountain"),
    ),
    "a sentence": (
        "A little girl in a yellow raincoat jumps into a puddle in front of her house.",
        "Two men on bicycles wait at a red light while a bus drives past them.",
        "An old woman sells vegetables and flowers at a stall in the market square.",
        "Skiers ride up the mountain in a chair lift on a clear winter morning.",
        "A brown dog with a stick in its mouth runs through shallow water.",
        "Musicians with guitars and drums play on a small stage at night.",
        "A boy in a striped shirt blows out the candles on a birthday cake.",
        "Hikers rest on a rock and look down at a lake surrounded by forest.",
    ),
    "colours": ("red car", "a yellow flower", "blue door", "black and white church", "pink dress", "green parrot"),
    "names and dates": (
        *("Oslo", "Kyoto temple 2012", "granny's garden tulips", "wedding cake last summer", "Quillendorf"),
        *("zoo elephant March 2015", "christmas 2010", "Alps skiing 2008"),
    ),
    "nothing known": ("qwxyzzy", "frblgrmpf vlunk", "schnurzpiep", "zzkrt bmml ptr"),
    "not wanted": ("beach without people", "cat -dog", "bird not penguin", "car, no truck", "Kyoto -temple"),
    "inside filters": (
        *("folder:zoo monkey", "camera:tenth lion", "camera:hundredth ship", "camera:rare piano", "date:2014 mushroom"),
        *("type:heic snake", "date:>=2010 bus"),
    ),
}


def opening() -> float:
    """Return the seconds until words can be read, all that has to be loaded for it included."""
    selection = resolve("")
    started = time.perf_counter()
    encoder = open_words(selection.pack, selection.key)
    seconds = time.perf_counter() - started
    assert encoder is not None
    return seconds


def questions(library: Path) -> dict[str, list[dict[str, float]]]:
    """Return what each kind of text costs in this library, milliseconds by name; run in a process of its own."""
    selection = resolve("")
    encoder = open_words(selection.pack, selection.key)
    assert encoder is not None
    encoder.read("warm up")
    found: dict[str, list[dict[str, float]]] = {}
    with Library(library, Settings()) as thirty, Library(library, Settings()) as fifty:
        for text in _WARM_UP:
            for opened in (thirty, fifty):
                opened.search(Query(words=(text,)))
        for kind, texts in TEXTS.items():
            found[kind] = []
            for text in texts:
                figures: dict[str, float] = {}
                _time(lambda t=text: encoder.read(t), "encoding", figures)  # type: ignore[misc]
                for limit, opened in ((50, fifty), (30, thirty)):
                    query = Query(words=(text,), limit=limit)
                    result = _time(lambda o=opened, q=query: o.search(q), f"first {limit}", figures)  # type: ignore[misc]
                    figures["hits"] = len(result.hits)
                    figures["exact"] = result.exact
                    _time(lambda o=opened, q=query: o.search(q), f"again {limit}", figures)  # type: ignore[misc]
                found[kind].append(figures)
    return found


def _time(step: Callable[[], Result], name: str, figures: dict[str, float]) -> Result:
    wall, processor = time.perf_counter(), time.process_time()
    result = step()
    figures[name] = (time.perf_counter() - wall) * 1000
    figures[f"{name}, processor"] = (time.process_time() - processor) * 1000
    return result


def report(photos: int, found: dict[str, list[dict[str, float]]]) -> list[Mark]:
    """Print what one size has cost."""
    names = ("encoding", "first 50", "first 30", "again 50", "again 30", "first 50, processor")
    everything = [figures for each in found.values() for figures in each]
    rows = [
        [kind, len(each), *(f"{_middle(each, name):.1f}" for name in names), f"{_high(each, 'first 50'):.1f}"]
        for kind, each in (*found.items(), ("all", everything))
    ]
    print(f"{photos:,} photos, milliseconds, medians")
    headers = ("encoding", "words → 50", "words → 30", "again, 50", "again, 30", "processor, 50", "95th %, 50")
    table(["texts", "asked", *headers], rows)
    size = f"at {photos:,} photos"
    return [
        Mark(f"words to 50 results, median {size}", _middle(everything, "first 50"), 60, " ms"),
        Mark(f"words to 50 results, 95th percentile {size}", _high(everything, "first 50"), 60, " ms"),
        Mark(f"words to 30 results, 95th percentile {size}", _high(everything, "first 30"), 60, " ms"),
        Mark(f"encoding, median {size}", _middle(everything, "encoding"), 25, " ms"),
        Mark(f"encoding, 95th percentile {size}", _high(everything, "encoding"), 25, " ms"),
    ]


def _middle(each: list[dict[str, float]], name: str) -> float:
    return statistics.median(figures[name] for figures in each)


def _high(each: list[dict[str, float]], name: str) -> float:
    return float(np.quantile([figures[name] for figures in each], 0.95))


def provide(folder: Path, photos: int) -> Path:
    """Return a library of so many photos, made if it is not there yet."""
    library = folder / f"trips-{photos}"
    if not (library / "library.db").exists():
        from tests.benchmarks.synthetic_trips import fill

        print(f"{photos:,} photos made in {fill(library, photos):.0f} s", flush=True)
    return library


def _alone(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.bench_words_speed", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def run(sizes: list[int], folder: Path) -> int:
    """Measure every size; return the exit status."""
    seconds = sorted(float(_alone("--measure-opening")) for _ in range(_OPENINGS))
    print(f"opening, seconds: {', '.join(f'{each:.3f}' for each in seconds)}\n", flush=True)
    marks = [Mark("opening what reads words, median", statistics.median(seconds), 0.5, " s")]
    for photos in sizes:
        library = provide(folder, photos)
        marks += report(photos, json.loads(_alone("--measure", str(library))))
    return conclude(marks)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of photos, with commas between them")
    parser.add_argument("--folder", type=Path, help="where libraries are, or are made and kept")
    parser.add_argument("--measure", type=Path, metavar="LIBRARY", help=argparse.SUPPRESS)
    parser.add_argument("--measure-opening", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure_opening:
        print(opening())
        return 0
    if arguments.measure is not None:
        print(json.dumps(questions(arguments.measure)))
        return 0
    begin("From words to results")
    sizes = [int(size) for size in arguments.sizes.split(",")]
    if arguments.folder is not None:
        return run(sizes, arguments.folder)
    with temporary_folder() as folder:
        return run(sizes, folder)


if __name__ == "__main__":
    sys.exit(main())
