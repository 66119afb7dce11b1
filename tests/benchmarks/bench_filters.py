"""Whether a search inside a filter returns what a comparison with every photo that the filter keeps returns.

Usage (about four minutes for 100,000 photos)::

    python -m tests.benchmarks.bench_filters [--photos 100000] [--folder DIR]

A made-up library (``synthetic_trips``; with ``--folder`` one that lies there is used again) is asked by its photos
inside filters that keep all, a tenth, a hundredth and three of them, drawn by lot, and a tenth that looks alike. The
truth is computed by numpy from the vectors before they were stored and from what was drawn, apart from the product. An
answer is the same when it names the same photos, but for those whose scores differ by less than the rounding of rows
to 16 bits. With words there is no such truth; there the exact search is what the default is compared with.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.library import Library
from photofind.core.queries import Query, SearchResult
from photofind.core.settings import Settings
from tests.benchmarks.bench_words_speed import provide
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder
from tests.benchmarks.synthetic_trips import FILTERS, Made, Trips

_QUERIES = 30
_K = 50
_ROUNDING = 5e-4
_RECALL = 0.95
_WORDS = ("dog", "a boat on a lake", "red car", "animal", "Kyoto temple", "wedding cake 2012", "musical instrument")


@dataclass(frozen=True)
class Truth:
    """The best photos of each query by brute force: numbers and scores, shape (queries, k), and how many are kept."""

    numbers: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    kept: int


def truths(photos: int, queries: npt.NDArray[np.float32]) -> dict[str, Truth]:
    """Compare the queries with every photo that passes each filter."""
    numbers = {name: np.empty((len(queries), 0), np.int64) for name in FILTERS}
    scores = {name: np.empty((len(queries), 0), np.float32) for name in FILTERS}
    kept = dict.fromkeys(FILTERS, 0)
    first = 0
    for block in Trips().made(photos):
        likeness = queries @ block.vectors.T
        for name in FILTERS:
            those = np.flatnonzero(block.keeps(name))
            kept[name] += len(those)
            found = np.concatenate([scores[name], likeness[:, those]], axis=1)
            order = np.argsort(-found, axis=1)[:, :_K]
            ids = np.concatenate([numbers[name], np.broadcast_to(those + first, (len(queries), len(those)))], axis=1)
            numbers[name] = np.take_along_axis(ids, order, axis=1)
            scores[name] = np.take_along_axis(found, order, axis=1)
        first += len(block.vectors)
    return {name: Truth(numbers[name], scores[name], kept[name]) for name in FILTERS}


def is_same(result: SearchResult, numbers: npt.NDArray[np.int64], scores: npt.NDArray[np.float32]) -> bool:
    """Tell whether an answer is the truth, up to the rounding of stored rows."""
    found = [hit.photo_id - 1 for hit in result.hits]
    if len(found) != len(numbers) or not np.allclose([hit.score for hit in result.hits], scores, atol=_ROUNDING):
        return False
    sure = scores > scores[-1] + _ROUNDING  # what is as good as the last may be another one
    return set(numbers[sure].tolist()) <= set(found)


def _recall(found: SearchResult, wanted: Sequence[int]) -> float:
    return len({hit.photo_id for hit in found.hits} & set(wanted)) / max(len(wanted), 1)


def by_photos(library: Library, photos: int) -> list[Mark]:
    """Ask by photos of the library, by default and exactly; print and judge."""
    asked = np.linspace(0, photos - 1, _QUERIES).astype(np.int64)
    vectors = _vectors(photos, asked)
    rows, marks = [], []
    for name, truth in truths(photos, vectors).items():
        row: list[object] = [name, f"{truth.kept:,}"]
        for exact in (True, False):
            results = [
                library.search(Query(photo_ids=(int(n) + 1,), filters=FILTERS[name], limit=_K, exact=exact))
                for n in asked
            ]
            same = sum(map(is_same, results, truth.numbers, truth.scores))
            recall = statistics.fmean(map(_recall, results, (truth.numbers + 1).tolist()))
            all_exact = all(result.exact for result in results)
            times = [result.elapsed_ms for result in results]
            row += [f"{same} of {_QUERIES}", f"{recall:.4f}", _yes(all_exact), f"{times[0]:.1f}"]
            row.append(f"{statistics.median(times[1:]):.1f}")
            title = f"{name}, {'exact' if exact else 'default'}"
            if exact or all_exact:
                marks.append(Mark(f"{title}: answers equal to brute force", same, _QUERIES, at_least=True))
            else:
                marks.append(Mark(f"{title}: recall@{_K}", recall, _RECALL, at_least=True))
            wrong = sum(result.matching != truth.kept for result in results)
            marks.append(Mark(f"{title}: answers with another number of photos kept", wrong, 0))
        rows.append(row)
    columns = ("equal", f"recall@{_K}", "says exact", "first, ms", "median, ms")
    headers = ["filter keeps", "photos", *(f"{way}: {column}" for way in ("exact", "default") for column in columns)]
    table(headers, rows)
    return marks


def by_words(library: Library) -> list[Mark]:
    """Ask by words, by default and exactly; the exact answer is the truth."""
    rows, marks = [], []
    for name, filters in FILTERS.items():
        recalls, times, exact = [], [], []
        for text in _WORDS:
            truth = library.search(Query(words=(text,), filters=filters, limit=_K, exact=True))
            result = library.search(Query(words=(text,), filters=filters, limit=_K))
            recalls.append(_recall(result, [hit.photo_id for hit in truth.hits]))
            times.append(result.elapsed_ms)
            exact.append(result.exact)
        mean = statistics.fmean(recalls)
        worst = min(zip(recalls, _WORDS, strict=True))
        rows.append([name, f"{mean:.4f}", f"{worst[0]:.2f} ({worst[1]})", _yes(all(exact)), f"{max(times):.1f}"])
        marks.append(Mark(f"{name}, words: recall@{_K} of the default", mean, _RECALL, at_least=True))
    table(["filter keeps", f"words: recall@{_K}", "least", "says exact", "slowest, ms, nothing read anew"], rows)
    return marks


def _vectors(photos: int, asked: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    found, first = [], 0
    for block in Trips().made(photos):
        found.append(_of_block(block, asked - first))
        first += len(block.vectors)
    return np.concatenate(found)


def _of_block(block: Made, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    rows: npt.NDArray[np.float32] = block.vectors[places[(places >= 0) & (places < len(block.vectors))]]
    return rows


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def run(photos: int, folder: Path) -> int:
    """Measure; return the exit status."""
    with Library(provide(folder, photos), Settings()) as library:
        marks = by_photos(library, photos)
        marks += by_words(library)
    return conclude(marks)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the library is, or is made and kept")
    arguments = parser.parse_args()
    begin("Searches inside filters against brute force")
    if arguments.folder is not None:
        return run(arguments.photos, arguments.folder)
    with temporary_folder() as folder:
        return run(arguments.photos, folder)


if __name__ == "__main__":
    sys.exit(main())
