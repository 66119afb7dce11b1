"""How well and how fast each variant of the shipped encoder finds photos of the same thing.

Usage::

    python -m tests.benchmarks.bench_retrieval_table --eval DIR [--general DIR] [--pack NAME] [--threads N]

``--eval`` (or PHOTOFIND_EVAL) is a set with ``queries.json`` and photos below ``retrieval/``. Each query is searched
among all photos; the table shows the mean average precision of each subset. ``--general`` (or PHOTOFIND_GENERAL)
names a folder of other photos, searched along as distractors.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from photofind.core.encoders import Encoder, find_pack, open_encoder

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_TIMED_PHOTOS = 100


@dataclass(frozen=True)
class RetrievalQuery:
    """One question of the set: what counts as right among the photos, and what is not counted at all."""

    subset: str
    query: str
    relevant: frozenset[str]
    ignored: frozenset[str]


def read_queries(folder: Path) -> list[RetrievalQuery]:
    """Return the retrieval questions of an evaluation set."""
    entries = json.loads((folder / "queries.json").read_text(encoding="utf-8"))["retrieval"]
    return [
        RetrievalQuery(entry["subset"], entry["query"], frozenset(entry["relevant"]), frozenset(entry["ignore"]))
        for entry in entries
    ]


def average_precision(ranking: Sequence[str], query: RetrievalQuery) -> float:
    """Return the mean of the precisions at each relevant photo, 0 for those that never come."""
    rank = found = 0
    total = 0.0
    for name in ranking:
        if name == query.query or name in query.ignored:
            continue
        rank += 1
        if name in query.relevant:
            found += 1
            total += found / rank
    return total / len(query.relevant)


def mean_average_precision(
    queries: Sequence[RetrievalQuery], names: Sequence[str], embeddings: npt.NDArray[np.float32]
) -> dict[str, float]:
    """Return the mean average precision of each subset; row i of ``embeddings`` belongs to ``names[i]``."""
    row = {name: number for number, name in enumerate(names)}
    precisions: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        order = np.argsort(-(embeddings @ embeddings[row[query.query]]), kind="stable")
        precisions[query.subset].append(average_precision([names[number] for number in order], query))
    return {subset: statistics.fmean(values) for subset, values in sorted(precisions.items())}


def list_photos(folder: Path) -> list[Path]:
    """Return the photos below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)


def open_photos(photos: Sequence[Path]) -> Iterator[Image.Image]:
    """Decode photos one by one: upright, RGB."""
    for path in photos:
        with Image.open(path) as image:
            yield ImageOps.exif_transpose(image).convert("RGB")


def embed(encoder: Encoder, photos: Sequence[Path]) -> npt.NDArray[np.float32]:
    """Return the embeddings of photos, shape (photos, dimension)."""
    return np.stack([encoder.encode(image) for image in open_photos(photos)])


def milliseconds_per_photo(encoder: Encoder, photos: Sequence[Path]) -> float:
    """Return the median time to encode a decoded photo, resizing included."""
    durations = []
    for image in open_photos(photos[:_TIMED_PHOTOS]):
        start = time.perf_counter()
        encoder.encode(image)
        durations.append(time.perf_counter() - start)
    return statistics.median(durations) * 1000


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Retrieval quality and speed of the shipped encoder's variants.")
    parser.add_argument("--eval", type=Path, default=os.environ.get("PHOTOFIND_EVAL"))
    parser.add_argument("--general", type=Path, default=os.environ.get("PHOTOFIND_GENERAL"))
    parser.add_argument("--pack", default="efficientnet-lite0")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.eval is None:
        parser.error("give --eval DIR or set PHOTOFIND_EVAL")

    queries = read_queries(arguments.eval)
    photos = list_photos(arguments.eval / "retrieval")
    names = [path.relative_to(arguments.eval).as_posix() for path in photos]
    distractors = list_photos(arguments.general) if arguments.general else []
    names += [f"distractor {path.name}" for path in distractors]
    subsets = sorted({query.subset for query in queries})
    pack = find_pack(arguments.pack)

    print(f"mAP among {len(names)} photos, {pack.name} {pack.version}, threads: {arguments.threads}\n")
    print("| variant | MB | ms a photo |", " | ".join(subsets), "|")
    print("|---|---|---|" + "---|" * len(subsets))
    for variant in pack.variants.values():
        encoder = open_encoder(f"{pack.name}:{variant.name}", threads=arguments.threads)
        scores = mean_average_precision(queries, names, embed(encoder, photos + distractors))
        speed = milliseconds_per_photo(encoder, photos)
        default = " (default)" if variant.name == pack.default else ""
        cells = " | ".join(f"{scores[subset]:.4f}" for subset in subsets)
        print(f"| {variant.name}{default} | {variant.size / 1e6:.1f} | {speed:.1f} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
