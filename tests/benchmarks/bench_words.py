"""How well typed words find what photos show, when neither names nor dates help.

Usage (about five minutes)::

    python -m tests.benchmarks.bench_words --eval DIR [--general DIR] [--pack NAME]

``--eval`` (or PHOTOFIND_EVAL) is an evaluation set: photos below ``text/``, what to ask in ``queries.json``, a scorer
``score.py``. ``--general`` (or PHOTOFIND_GENERAL) is a folder of photos whose ``labels.json`` says which of them show
what, for words that name many kinds of things.

Copies of the photos under names that say nothing are indexed by the product's own writer, each kind of question in a
library of its own, and every question is asked through its own search; the set's scorer judges the answers.
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
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.queries import Query, SearchResult
from photofind.core.settings import Settings
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder

_MARKS = {
    ("caption", "R10"): 0.57,
    ("caption", "R1"): 0.20,
    ("concept", "mAP"): 0.52,
    ("class", "R1"): 0.98,
    ("stamp", "R10"): 0.98,
}
_CATEGORIES = 0.82
_FIGURES = ("R1", "R5", "R10", "MRR", "mAP")


@dataclass(slots=True)
class Asked:
    """How the questions of one kind were answered."""

    milliseconds: list[float] = field(default_factory=list)
    nothing_known: int = 0
    not_all: int = 0
    """Questions of which the answer was not the whole library."""

    def take(self, result: SearchResult, photos: int) -> None:
        """Count one answer."""
        self.milliseconds.append(result.elapsed_ms)
        self.nothing_known += not result.hits
        self.not_all += 0 < len(result.hits) < photos

    def cells(self) -> list[object]:
        """Return what a table says of it."""
        middle = statistics.median(self.milliseconds)
        return [
            len(self.milliseconds),
            self.nothing_known,
            self.not_all,
            f"{middle:.1f}",
            f"{max(self.milliseconds):.1f}",
        ]


_ASKED = ("questions", "nothing known", "not all photos", "median, ms", "slowest, ms")


class Pool:
    """Photos under names that say nothing, in a library of their own."""

    def __init__(self, folder: Path, photos: Sequence[Path], settings: Settings) -> None:
        self._originals: dict[str, Path] = {}
        copies = folder / "p"
        copies.mkdir(parents=True)
        for number, photo in enumerate(photos):
            copy = copies / f"{number:04}{photo.suffix}"
            shutil.copyfile(photo, copy)
            self._originals[str(copy)] = photo
        started = time.perf_counter()
        with LibraryWriter(folder / "library", settings) as writer:
            for _ in writer.update([str(copies)]):
                pass
        self.photos = len(photos)
        self.library = Library(folder / "library", settings)
        seconds, found = time.perf_counter() - started, self.library.count_photos()
        print(f"{found} of {self.photos} photos indexed in {seconds:.0f} s", flush=True)

    def ask(self, text: str, asked: Asked) -> list[Path]:
        """Return all photos, best first."""
        query = Query(words=(text,), limit=self.photos)
        result = self.library.search(query)
        asked.take(result, self.photos)
        return [self._originals[hit.path] for hit in result.hits]


def text_part(eval_set: Path, folder: Path, settings: Settings) -> list[Mark]:
    """Ask what the evaluation set asks, each question in the pool that it is about."""
    questions = json.loads((eval_set / "queries.json").read_text(encoding="utf-8"))["text"]
    pools = {
        pool: Pool(folder / str(number), _photos(eval_set / pool), settings)
        for number, pool in enumerate(sorted({question["pool"] for question in questions}))
    }
    asked: dict[str, Asked] = defaultdict(Asked)
    ranked = {}
    for question in questions:
        answer = pools[question["pool"]].ask(question["query"], asked[question["type"]])
        ranked[question["id"]] = [path.relative_to(eval_set).as_posix() for path in answer]
    results = folder / "results.json"
    results.write_text(json.dumps({"text": ranked}), encoding="utf-8")
    command = [sys.executable, str(eval_set / "score.py"), str(eval_set), str(results)]
    verdict = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    scores: dict[str, dict[str, float]] = {
        name.partition("/")[2]: each for name, each in json.loads(verdict).items() if name.startswith("text/")
    }
    print()
    table(
        ["kind", *_ASKED, *_FIGURES],
        [[kind, *each.cells(), *(_cell(scores[kind].get(name)) for name in _FIGURES)] for kind, each in asked.items()],
    )
    return [Mark(f"{kind} {name}", scores[kind][name], mark, at_least=True) for (kind, name), mark in _MARKS.items()]


def categories(general: Path, folder: Path, settings: Settings) -> list[Mark]:
    """Ask the words that stand for many kinds of things, among the photos that are labelled."""
    labels: dict[str, Any] = json.loads((general / "labels.json").read_text(encoding="utf-8"))
    pool = Pool(folder / "general", [general / name for name in sorted(labels["photos"])], settings)
    asked = Asked()
    precisions = []
    for question in labels["category_queries"]:
        names = [path.name for path in pool.ask(question["query"], asked)]
        precisions.append((average_precision(names, set(question["relevant"])), question["query"]))
    mean = statistics.fmean(precision for precision, _ in precisions)
    print()
    table(["kind", *_ASKED, "mAP"], [["category words", *asked.cells(), _cell(mean)]])
    worst = ", ".join(f"{word} {precision:.2f}" for precision, word in sorted(precisions)[:10])
    print(f"The least: {worst}")
    return [Mark("category words mAP", mean, _CATEGORIES, at_least=True)]


def average_precision(ranking: Sequence[str], relevant: set[str]) -> float:
    """Return the mean of the precisions at each relevant photo, 0 for those that never come."""
    found, total = 0, 0.0
    for rank, name in enumerate(ranking, 1):
        if name in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def _photos(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=os.environ.get("PHOTOFIND_EVAL"))
    parser.add_argument("--general", type=Path, default=os.environ.get("PHOTOFIND_GENERAL"))
    parser.add_argument("--pack", default="", help="the model pack; default: the one that comes with the program")
    arguments = parser.parse_args()
    if arguments.eval is None:
        parser.error("give --eval DIR or set PHOTOFIND_EVAL")
    begin("What words find")
    settings = Settings(model=arguments.pack) if arguments.pack else Settings()
    with temporary_folder() as folder:
        marks = text_part(Path(os.path.abspath(arguments.eval)), folder, settings)
        if arguments.general is not None:
            marks += categories(Path(os.path.abspath(arguments.general)), folder, settings)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
