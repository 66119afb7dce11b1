"""The joins from ten thousand to a million: all pairs of alike embeddings and of alike hashes, and a thousand more.

Embeddings are made up as in ``evaluation/generated``; one in twenty is close to an earlier one, at cosines that are
known. They lie in a real row store behind a real index. Hashes are fair bits; one in twenty is a turned copy of an
earlier one with some bits changed, a hundredth are equal and another hundredth nearly equal.

Every join runs in a process of its own, whose memory is measured. ``python -m tests.benchmarks.bench_join``
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from photofind.core.duplicates.hash_joining import join_hashes
from photofind.core.duplicates.hashing import HASH_BITS, HASH_BYTES, Hashes, turned
from photofind.core.duplicates.joining import join
from photofind.core.evaluation.generated import DIMENSION, Mixture, Vectors
from photofind.core.records import Epoch, Segment
from photofind.core.vectors import IndexSnapshot, SnapshotState, building, rule
from photofind.core.vectors.rows import RowReader, RowWriter, row_file
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder

_KEY = "pack-0123456789ab"
_BLOCK = 8_192
_ADDED = 1_000
_COSINES = (0.95, 0.9, 0.85, 0.8, 0.75)
_FLOOR = 0.74
_NEIGHBOURS = 32
_FLIPS = ((0, 9), (10, 15), (16, 23), (24, 31), (32, 47))
_DISTANCE = 48


def no_check() -> None:
    """Never stop."""


def planted_blocks(count: int) -> tuple[list[Vectors], npt.NDArray[np.int64]]:
    """Return vectors in blocks, and the planted pairs as rows of (first, second, percent of cosine)."""
    generator = np.random.default_rng(5)
    blocks: list[Vectors] = []
    pairs = [np.empty((0, 3), np.int64)]
    for block in Mixture().blocks(count, _BLOCK, seed=7):
        if blocks:
            many = len(block) // 20
            copies = np.sort(generator.choice(len(block), many, replace=False))
            origin = int(generator.integers(len(blocks)))
            sources = np.sort(generator.choice(_BLOCK, many, replace=False))
            cosines = generator.choice(_COSINES, many)
            block[copies] = at_cosines(blocks[origin][sources], cosines, generator)
            places = (origin * _BLOCK + sources, len(blocks) * _BLOCK + copies, np.rint(cosines * 100))
            pairs.append(np.stack(places, axis=1).astype(np.int64))
        blocks.append(block)
    return blocks, np.concatenate(pairs)


def at_cosines(vectors: Vectors, cosines: npt.NDArray[np.float64], generator: np.random.Generator) -> Vectors:
    """Return a unit vector at the given cosine from each."""
    aside = generator.standard_normal(vectors.shape, np.float32)
    aside -= (aside * vectors).sum(axis=1, keepdims=True) * vectors
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    copies: Vectors = (cosines[:, None] * vectors + np.sqrt(1 - cosines**2)[:, None] * aside).astype(np.float32)
    return copies


def build(library: Path, count: int) -> None:
    """Write the rows and the index of all but the last vectors, which stay unsealed."""
    blocks, pairs = planted_blocks(count + _ADDED)
    writer = RowWriter(row_file(library, _KEY), DIMENSION, 0)
    for block in blocks:
        writer.append(block)
    faiss.omp_set_num_threads(2)
    rows = writer.reader(count)
    epoch = building.train_epoch(library, rows, np.arange(count), rule.nlist_for(count), no_check)
    alive = np.zeros(count, np.bool_)
    segments = building.build_segments(library, epoch, rows, building.spans_of(0, count), alive, no_check)
    index = {"epoch": list(_fields(epoch)), "segments": [list(_fields(segment)) for segment in segments]}
    (library / "index.json").write_text(json.dumps(index), encoding="utf-8")
    np.save(library / "pairs.npy", pairs)


def _fields(record: Epoch | Segment) -> Sequence[object]:
    return [getattr(record, name) for name in record.__dataclass_fields__]


def join_vectors(library: Path, since: int, end: int) -> dict[str, Any]:
    """Open the index and join the vids from ``since`` to ``end``."""
    started = time.perf_counter()
    index = json.loads((library / "index.json").read_text(encoding="utf-8"))
    state = SnapshotState(end, (), Epoch(*index["epoch"]), tuple(Segment(*fields) for fields in index["segments"]))
    rows = RowReader(row_file(library, _KEY), DIMENSION, end)
    snapshot = IndexSnapshot(library, rows, state)
    found = [
        block.first * end + block.second
        for block in join(snapshot, rows, since=since, floor=_FLOOR, neighbours=_NEIGHBOURS, check=no_check)
    ]
    spent = _spent(started)  # before the planted pairs are looked up
    keys = np.concatenate(found)
    pairs = np.load(library / "pairs.npy")
    pairs = pairs[(pairs[:, 1] >= since) & (pairs[:, 1] < end)]
    hit = np.isin(pairs[:, 0] * end + pairs[:, 1], keys)
    recalls = {str(percent): _share(hit[pairs[:, 2] == percent]) for percent in (round(c * 100) for c in _COSINES)}
    return {**spent, "pairs": len(keys), "recall": _share(hit), "recalls": recalls}


def made_hashes(count: int) -> tuple[Hashes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return hashes, planted pairs (n, 2) of rows, and how many bits were changed in the second of each."""
    generator = np.random.default_rng(1)
    hashes = generator.integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)
    many = count // 20
    copies = np.sort(generator.choice(np.arange(count // 2, count), many, replace=False))
    sources = generator.integers(0, count // 4, many)
    flips = generator.integers(0, _DISTANCE, many)
    for start in range(0, many, _BLOCK):
        some = slice(start, start + _BLOCK)
        hashes[copies[some]] = _flipped(hashes[sources[some]], flips[some], generator)
    for orientation in range(1, 9):
        mine = copies[np.arange(many) % 8 == orientation - 1]
        hashes[mine] = turned(hashes[mine], orientation)
    burst = count // 100
    first, near = count // 4, count // 3
    hashes[first : first + burst] = hashes[first]
    hashes[near : near + burst] = _flipped(
        np.repeat(hashes[near][None], burst, axis=0), generator.integers(0, 12, burst), generator
    )
    return hashes, np.stack([sources, copies], axis=1), flips


def _flipped(hashes: Hashes, flips: npt.NDArray[np.int64], generator: np.random.Generator) -> Hashes:
    places = generator.random((len(hashes), HASH_BITS)).argsort(axis=1).argsort(axis=1)
    return np.packbits(np.unpackbits(hashes, axis=1) ^ (places < flips[:, None]), axis=1)


def join_made_hashes(count: int, since: int) -> dict[str, Any]:
    """Join made-up hashes from ``since`` on."""
    hashes, pairs, flips = made_hashes(count)
    started = time.perf_counter()
    found = [
        first * count + second
        for first, second, _, _ in join_hashes(hashes, since=since, distance=_DISTANCE, check=no_check)
    ]
    spent = _spent(started)
    keys = np.concatenate(found)
    hit = np.isin(pairs[:, 0] * count + pairs[:, 1], keys)[pairs[:, 1] >= since]
    flips = flips[pairs[:, 1] >= since]
    recalls = {f"{low}-{high}": _share(hit[(flips >= low) & (flips <= high)]) for low, high in _FLIPS}
    return {**spent, "pairs": len(keys), "recalls": recalls}


def _spent(started: float) -> dict[str, float]:
    """Return what this process took: seconds since ``started``, processor time of both cores, peak memory in bytes."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    processor = usage.ru_utime + usage.ru_stime
    return {"seconds": time.perf_counter() - started, "processor": processor, "peak": usage.ru_maxrss * 1024}


def _share(hit: npt.NDArray[np.bool_]) -> float:
    return float(hit.mean()) if len(hit) else float("nan")


def in_fresh_process(*arguments: object) -> dict[str, Any]:
    """Run a step in a process of its own; return its numbers."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_join", "--step", *map(str, arguments)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def run_step(name: str, *arguments: str) -> None:
    """Do one step and print its numbers."""
    if name == "build":
        build(Path(arguments[0]), int(arguments[1]))
        print("{}")
    elif name == "vectors":
        print(json.dumps(join_vectors(Path(arguments[0]), int(arguments[1]), int(arguments[2]))))
    else:
        print(json.dumps(join_made_hashes(int(arguments[0]), int(arguments[1]))))


def measure(count: int, parent: Path | None) -> dict[str, dict[str, Any]]:
    """Return the numbers of every join of one size."""
    with temporary_folder(parent) as library:
        in_fresh_process("build", library, count)
        return {
            "full": in_fresh_process("vectors", library, 0, count),
            "more": in_fresh_process("vectors", library, count, count + _ADDED),
            "hashes": in_fresh_process("hashes", count, 0),
            "more hashes": in_fresh_process("hashes", count, count - _ADDED),
        }


def show(sizes: Sequence[int], measured: Sequence[dict[str, dict[str, Any]]]) -> None:
    """Print one row per number and one column per size."""
    rows: list[list[object]] = []

    def row(name: str, *cells: object) -> None:
        rows.append([name, *cells])

    row("embeddings: full join, s", *(f"{m['full']['seconds']:.1f}" for m in measured))
    row("its processor time, s", *(f"{m['full']['processor']:.1f}" for m in measured))
    row(
        "vectors a second",
        *(f"{size / m['full']['seconds']:,.0f}" for size, m in zip(sizes, measured, strict=True)),
    )
    row("pairs", *(f"{m['full']['pairs']:,}" for m in measured))
    row("peak resident, MB", *(f"{m['full']['peak'] / 1e6:,.0f}" for m in measured))
    for cosine in _COSINES:
        percent = str(round(cosine * 100))
        row(f"recall of planted pairs, cosine {cosine}", *(f"{m['full']['recalls'][percent]:.4f}" for m in measured))
    row(f"{_ADDED:,} more, s", *(f"{m['more']['seconds']:.2f}" for m in measured))
    row("its processor time, s", *(f"{m['more']['processor']:.1f}" for m in measured))
    row("peak resident, MB", *(f"{m['more']['peak'] / 1e6:,.0f}" for m in measured))
    row("hashes: full join, s", *(f"{m['hashes']['seconds']:.1f}" for m in measured))
    row("its processor time, with making them, s", *(f"{m['hashes']['processor']:.1f}" for m in measured))
    row("pairs", *(f"{m['hashes']['pairs']:,}" for m in measured))
    row("peak resident, MB", *(f"{m['hashes']['peak'] / 1e6:,.0f}" for m in measured))
    for low, high in _FLIPS:
        name = f"{low}-{high}"
        row(f"recall at {name} bits", *(f"{m['hashes']['recalls'][name]:.4f}" for m in measured))
    row(f"{_ADDED:,} more, s", *(f"{m['more hashes']['seconds']:.2f}" for m in measured))
    table(["", *(f"{size:,}" for size in sizes)], rows)


def main() -> int:
    """Measure every size; the last one is held to the marks."""
    parser = argparse.ArgumentParser(description="The joins from ten thousand to a million.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where the temporary libraries go")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        run_step(*arguments.step)
        return 0
    begin("Joining a library with itself")
    measured = [measure(size, arguments.folder) for size in arguments.sizes]
    show(arguments.sizes, measured)
    print(f"Marks, at {arguments.sizes[-1]:,} (they are promised at 1,000,000):")
    last = measured[-1]
    peak = max(numbers["peak"] for numbers in last.values())
    return conclude(
        [
            Mark("full join of embeddings", last["full"]["seconds"], 600, " s"),
            Mark(f"{_ADDED:,} more embeddings", last["more"]["seconds"], 10, " s"),
            Mark("both for hashes", last["hashes"]["seconds"] + last["more hashes"]["seconds"], 300, " s"),
            Mark("peak resident memory", peak / 1e6, 1000, " MB"),
            Mark("recall of planted pairs", last["full"]["recall"], 0.99, at_least=True),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
