"""How long it takes to store pairs of copies, to read them and to make groups of them, and how that grows.

Usage (about four minutes and 2 GB of disk)::

    python -m tests.benchmarks.bench_grouping [--contents 10000 100000 1000000] [--pairs 5000000] [--folder DIR]

Made-up libraries: contents have copies, in clusters of 2 to 12 that are linked as a join would (each copy with
a few others), every fiftieth cluster is bridged to another by a false link, and there are as many similar shots.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from photofind.core.catalog.decisions import DecisionStore, Mark
from photofind.core.catalog.pair_rows import CODES, VERDICTS, Candidates, PairColumns
from photofind.core.catalog.pairs import PairStore
from photofind.core.duplicates.grouping import DismissedGroups, GroupTable, make_groups, missing_links
from photofind.core.duplicates.nodes import Stock
from photofind.core.evidence import Evidence, GroupKind, Pair, Verdict
from photofind.core.records import ContentId
from tests.benchmarks.support import Mark as Bound
from tests.benchmarks.support import begin, conclude, table, temporary_folder

_PACK = "pack/1"
_PAIRS_PER_CONTENT = 2
_THRESHOLD = 0.9
_DISMISSED = 50_000
_LARGE = 10_000
_NEIGHBOURS = 32
_BATCH = 50_000
_Answer = TypeVar("_Answer")


def timed(job: Callable[[], _Answer]) -> tuple[_Answer, float]:
    """Return the answer and the seconds it took."""
    started = time.perf_counter()
    answer = job()
    return answer, time.perf_counter() - started


def worked(job: Callable[[], _Answer]) -> tuple[_Answer, float]:
    """Return the answer and the seconds of processor that it took, whatever else the machine did meanwhile."""
    started = time.process_time()
    answer = job()
    return answer, time.process_time() - started


def made_up(count: int, pairs: int, seed: int = 1) -> PairColumns:
    """Return about ``pairs`` pairs of contents 1 … count: half of them copies, half similar shots."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 13, count)
    sizes = sizes[np.cumsum(sizes) <= count * 0.9]
    starts = np.cumsum(sizes) - sizes
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    chosen = rng.integers(0, len(cluster), pairs * 2)
    first = 1 + starts[cluster[chosen]] + rng.integers(0, 1 << 30, len(chosen)) % sizes[cluster[chosen]]
    second = 1 + starts[cluster[chosen]] + rng.integers(0, 1 << 30, len(chosen)) % sizes[cluster[chosen]]
    bridged = rng.random(len(first)) < 0.002  # nearly one cluster in fifty
    second[bridged] = rng.integers(1, count + 1, int(bridged.sum()))
    shots = len(first) // 2
    second[:shots] = 1 + (first[:shots] + rng.integers(1, 60, shots)) % count
    keys = np.unique(np.minimum(first, second) * (count + 1) + np.maximum(first, second))
    keys = rng.permutation(keys)[:pairs]
    keys.sort()
    first, second = keys // (count + 1), keys % (count + 1)
    first, second = first[first != second], second[first != second]
    similar = np.abs(first - second) > 12
    verdict = np.where(similar, CODES[Verdict.SIMILAR], rng.integers(1, 6, len(first)))
    score = np.where(similar, 0.05, np.round(0.85 + 0.15 * rng.random(len(first)), 6))
    return PairColumns(first, second, score, verdict.astype(np.uint8))


def stock_of(count: int, seed: int = 2) -> Stock:
    """Return photos of contents 1 … count, one in ten of them twice."""
    rng = np.random.default_rng(seed)
    ids = np.arange(1, count + 1)
    contents = np.concatenate([ids, rng.choice(ids, count // 10)])
    measures = rng.integers(1, 50, count) * 1_000_000
    return Stock(np.arange(1, len(contents) + 1), contents, ids, measures, measures // 4)


def dismissed_of(groups: GroupTable, count: int) -> list[list[int]]:
    """Return the contents of the first groups, as the user would have dismissed them."""
    return [groups.contents[groups.members(group)].tolist() for group in range(min(count, len(groups)))]


def measure_groups(count: int) -> list[str]:
    """Return a table row: the seconds of making groups in different ways."""
    pairs, stock = made_up(count, count * _PAIRS_PER_CONTENT), stock_of(count)
    copies = [GroupKind.EXACT, GroupKind.NEAR]
    groups, first = worked(lambda: make_groups(stock, pairs, threshold=_THRESHOLD, kinds=copies))
    everything, second = worked(lambda: make_groups(stock, pairs, threshold=_THRESHOLD))
    dismissed = dismissed_of(everything, _DISMISSED)
    rejected = np.stack([pairs.first[::50], pairs.second[::50]], axis=1)
    shown, third = worked(
        lambda: make_groups(stock, pairs, threshold=_THRESHOLD, rejected=rejected, dismissed=DismissedGroups(dismissed))
    )
    links, fourth = worked(lambda: missing_links(pairs, _THRESHOLD, stock=stock))
    return [
        f"{count:,}",
        f"{len(pairs):,}",
        f"{len(groups):,}",
        f"{first:.2f}",
        f"{second:.2f}",
        f"{third:.2f}",
        f"{len(everything) - len(shown):,}",
        f"{fourth:.2f}",
        f"{len(links[0]):,}",
    ]


def measure_large() -> list[list[str]]:
    """Return table rows: what becomes of 10,000 copies of one picture."""
    identical = Stock(np.arange(_LARGE), np.full(_LARGE, 7))
    nothing = PairColumns(*(np.empty(0, np.int64),) * 2, np.empty(0), np.empty(0, np.uint8))
    groups, seconds = worked(lambda: make_groups(identical, nothing, threshold=_THRESHOLD))
    rows = [["byte-identical", "0", f"{len(groups)}", f"{len(groups.photos):,}", f"{seconds:.3f}", ""]]
    rng = np.random.default_rng(3)
    one, other = np.repeat(np.arange(_LARGE), _NEIGHBOURS), rng.integers(0, _LARGE, _LARGE * _NEIGHBOURS)
    first, second = np.minimum(one, other)[one != other], np.maximum(one, other)[one != other]
    stock = Stock(np.arange(_LARGE), np.arange(_LARGE))
    for number in range(6):
        keys = np.unique(first * _LARGE + second)
        first, second = keys // _LARGE, keys % _LARGE
        pairs = PairColumns(
            first, second, np.full(len(keys), 0.99), np.full(len(keys), CODES[Verdict.RESIZED], np.uint8)
        )
        groups, seconds = worked(lambda: make_groups(stock, pairs, threshold=_THRESHOLD))  # noqa: B023
        asked = missing_links(pairs, _THRESHOLD)
        largest = int(np.diff(groups.starts).max())
        name = f"{_NEIGHBOURS} links each" if not number else f"  links added, round {number}"
        rows.append(
            [name, f"{len(pairs):,}", f"{len(groups):,}", f"{largest:,}", f"{seconds:.3f}", f"{len(asked[0]):,}"]
        )
        if not len(asked[0]):
            break
        first, second = np.concatenate([first, asked[0]]), np.concatenate([second, asked[1]])
    return rows


def evidence_of(pairs: PairColumns, place: int) -> Evidence:
    """Return evidence as full as the comparison writes it: every copy has a placement, other shots have none."""
    verdict = VERDICTS[pairs.verdict[place]]
    if verdict is Verdict.SIMILAR:
        return Evidence(verdict, float(pairs.score[place]), 0.83, 97, 1, 11)
    placement = (0.9, 0.01, 0.05, -0.01, 0.9, 0.05)
    return Evidence(verdict, float(pairs.score[place]), 0.97, 23, 1, 180, 0.98, 0.02, placement, ("compressed",))


def measure_store(folder: Path, count: int) -> tuple[list[list[str]], float, float]:
    """Return table rows, the bytes of a pair and the seconds of reading the columns."""
    pairs = made_up(count // 2, count)
    candidates = Candidates(pairs.first, pairs.second, np.full(len(pairs), 0.9, np.float32))
    path = folder / "duplicates.db"
    with PairStore.open(path, writable=True) as store:
        _, putting = timed(lambda: store.put_candidates(_PACK, candidates))
        pending_bytes = path.stat().st_size + path.with_name(path.name + "-wal").stat().st_size
        settling = 0.0
        while len(batch := store.pending(_PACK, _BATCH)):
            keys = np.searchsorted(pairs.first * count + pairs.second, batch.first * count + batch.second)
            found = [
                Pair(ContentId(first), ContentId(second), evidence_of(pairs, place))
                for first, second, place in zip(batch.first.tolist(), batch.second.tolist(), keys.tolist(), strict=True)
            ]
            settling += timed(lambda: store.settle(_PACK, found))[1]  # noqa: B023
    with PairStore.open(path, writable=False) as store:
        columns, reading = worked(lambda: store.columns(_PACK))
        some, least = worked(lambda: store.columns(_PACK, minimum=_THRESHOLD))
        places = np.random.default_rng(4).integers(0, len(columns), 2000).tolist()
        asked = [(ContentId(int(columns.first[place])), ContentId(int(columns.second[place]))) for place in places]
        _, looking = timed(lambda: [store.evidence(_PACK, second, first) for first, second in asked])
    size = path.stat().st_size / len(columns)
    rows = [
        ["candidates put", f"{len(pairs):,}", f"{putting:.1f} s, {pending_bytes / 1e6:,.0f} MB with the log"],
        ["evidence settled", f"{len(columns):,}", f"{settling:.1f} s, {settling / len(columns) * 1e6:.1f} µs each"],
        ["file", f"{path.stat().st_size / 1e6:,.0f} MB", f"{size:.1f} bytes a pair"],
        ["all columns read", f"{len(columns):,}", f"{reading:.2f} s of processor"],
        ["columns of copies read", f"{len(some):,}", f"{least:.2f} s of processor"],
        ["evidence of one pair", "1", f"{looking / len(asked) * 1000:.3f} ms"],
    ]
    return rows, size, reading


def measure_decisions(folder: Path) -> tuple[list[list[str]], float]:
    """Return table rows and the worst milliseconds of a mark."""
    rng = np.random.default_rng(5)
    hashes = [rng.bytes(32) for _ in range(_DISMISSED * 2 + _LARGE)]
    with DecisionStore.open(folder / "decisions.db") as store:
        singles = [
            timed(lambda: store.set_mark(each, f"/photos/{number}.jpg", Mark.REMOVE))[1] * 1000  # noqa: B023
            for number, each in enumerate(hashes[:500])
        ]
        many = [(each, f"/photos/2026/{number}.jpg", Mark.KEEP) for number, each in enumerate(hashes)]
        _, marking = timed(lambda: store.set_marks(many))
        firsts = range(0, 1000, 2)
        _, dismissing = timed(lambda: [store.dismiss_group(hashes[place : place + 2]) for place in firsts])
        store._sql.execute("PRAGMA synchronous = OFF")  # the others are only there to be many
        for place in range(1000, _DISMISSED * 2, 2):
            store.dismiss_group(hashes[place : place + 2])
        store._sql.execute("PRAGMA synchronous = FULL")
        store.dismiss_group(hashes[-_LARGE:])
        _, large = timed(lambda: store.is_dismissed(hashes[-_LARGE:]))
        _, small = timed(lambda: [store.is_dismissed(hashes[place : place + 2]) for place in range(0, 2000, 2)])
        _, listing = timed(store.dismissed_groups)
        _, reading = timed(store.marks)
        _, watching = timed(lambda: [store.revision() for _ in range(1000)])
    rows = [
        ["one mark, median", f"{np.median(singles):.2f} ms"],
        ["one mark, worst of 500", f"{max(singles):.2f} ms"],
        [f"{len(many):,} marks at once", f"{marking:.2f} s"],
        ["all marks read", f"{reading:.2f} s"],
        ["a group dismissed", f"{dismissing / 500 * 1000:.2f} ms"],
        [f"of {_DISMISSED:,} dismissed groups:", ""],
        [f"is a group of {_LARGE:,} dismissed", f"{large * 1000:.1f} ms"],
        ["is a group of 2 dismissed", f"{small:.3f} ms"],
        ["all dismissed groups read", f"{listing:.2f} s"],
        ["has another window changed anything", f"{watching:.4f} ms"],
    ]
    return rows, float(np.quantile(singles, 0.95))


def run(folder: Path, counts: list[int], pairs: int) -> int:
    """Measure and print; return the exit status."""
    seconds = ("copies, s", "and similar, s", "and dismissed, rejected, s", "hidden", "missing links, s", "asked")
    rows = [measure_groups(count) for count in counts]
    print("seconds of processor, one core\n")
    table(("contents", "pairs", "groups", *seconds), rows)
    large = measure_large()
    table((f"{_LARGE:,} copies of one picture", "pairs", "groups", "largest", "s", "links asked for"), large)
    stored, size, reading = measure_store(folder, pairs)
    table(("duplicates.db", "of", "taken"), stored)
    decided, mark = measure_decisions(folder)
    table(("decisions.db", "taken"), decided)
    return conclude(
        [
            Bound(f"groups of {counts[-1]:,} contents", float(rows[-1][5]), 15.0, " s"),
            Bound(f"{_LARGE:,} links each: groups made", float(large[1][4]), 2.0, " s"),
            Bound("bytes of a pair", size, 120.0),
            Bound(f"columns of {pairs:,} pairs read", reading, 10.0, " s"),
            Bound("a mark, p95", mark, 10.0, " ms"),
        ]
    )


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contents", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--pairs", type=int, default=5_000_000, help="how many the store is measured with")
    parser.add_argument("--folder", type=Path, help="where to make files; default: the system's temporary folder")
    arguments = parser.parse_args()
    begin("Pairs of copies, stored and grouped")
    with temporary_folder(arguments.folder) as folder:
        return run(folder, arguments.contents, arguments.pairs)


if __name__ == "__main__":
    sys.exit(main())
