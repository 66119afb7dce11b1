"""Whether what a calibration promises is what other queries find: recall@10 at every position of the slider.

``python -m tests.benchmarks.bench_promise --eval LIBRARY [--parts FILE] [--each N] [--libraries N] [--largest N]``

Half of the libraries hold parts of the photos of an indexed library, cut from their thumbnails at random: the photos
alone are too few to keep thousands of them for the queries. The other half holds generated vectors, of other clusters
each time. All are made by the product's own writer and calibrated by ``photofind evaluate``'s code; then fresh vectors
of the same kind, which the library has never seen, are searched for, and their exact neighbours are those of numpy. As
for the promise, the mean over the searched ones is made surer by the inverted lists in which the neighbours of many
more lie; the last column says how far both differ on what was searched.
"""

from __future__ import annotations

import argparse
import io
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
from PIL import Image

from photofind.core.accuracy import Accuracy
from photofind.core.catalog import Catalog
from photofind.core.encoders import open_encoder
from photofind.core.evaluation.estimating import Estimate, estimate
from photofind.core.evaluation.generated import Mixture
from photofind.core.evaluation.probing import ListRecall, Search, Searched, search_all, searcher_at
from photofind.core.evaluation.truth import NEAREST, Neighbours
from photofind.core.library import Library
from photofind.core.searching.view import IndexView
from photofind.core.settings import Settings, usable_processors
from tests.benchmarks.support import Mark, begin, conclude, table, temporary_folder
from tests.benchmarks.synthetic_ingest import made_up, synthetic_writer
from tests.support.clustered import cluster_pack

Vectors = npt.NDArray[np.float32]

_MOST_POINTS = 1.5
_SMALLEST_PART, _LARGEST_PART = 0.35, 0.95
_SMALLEST_SIDE = 96
_SEARCHED = 2_000
_FRESH = 20_000
_LEAST_GENERATED = 10_000
_SECONDS = 1e9


@dataclass(frozen=True)
class Draw:
    """A library to be made, and vectors of the same kind to ask for; ``nlist`` None is the product's own choice."""

    name: str
    database: Vectors
    fresh: Vectors
    nlist: int | None


def main() -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, required=True, help="an indexed library of photos")
    parser.add_argument("--parts", type=Path, help="keep the embeddings of parts of its photos in this .npy file")
    parser.add_argument("--each", type=int, default=20, help="parts of a photo; 40 ms each")
    parser.add_argument("--libraries", type=int, default=20)
    parser.add_argument("--largest", type=int, default=100_000, help="most vectors of a generated library")
    arguments = parser.parse_args()
    begin("Recall@10 as promised by a calibration, and as other queries find it")
    parts = _parts(arguments.eval, arguments.each, arguments.parts)
    half = arguments.libraries // 2
    draws = [*_photo_draws(parts, half), *_generated_draws(arguments.libraries - half, arguments.largest)]
    rows, differences, errors = [], [], []
    for number, draw in enumerate(draws):
        started = time.perf_counter()
        row, difference, error = _compare(draw)
        rows.append(row)
        differences.append(difference)
        errors.append(error)
        print(f"{number + 1}: {' | '.join(row)}  ({time.perf_counter() - started:.0f} s)", flush=True)
    print()
    table(
        ("library", "vectors", "nlist", "asked", "fresh", "positions", "difference", "at nprobe", "error", "lists"),
        rows,
    )
    print("difference: promised - measured, points; error: standard error of promise and measurement together there,")
    print("of which that of the measurement alone is the second number; lists: searches against list ranks, points.")
    print(f"largest standard error of a difference: {100 * max(errors):.2f} points")
    return conclude([Mark("largest |promised - measured| recall@10", 100 * max(differences), _MOST_POINTS, " points")])


# Libraries


def _parts(library: Path, each: int, kept: Path | None) -> Vectors:
    """Return embeddings of parts of a library's photos, shape (n, dimension), in random order."""
    if kept is not None and kept.exists():
        vectors: Vectors = np.load(kept)
        return vectors
    encoder = open_encoder()
    generator = np.random.default_rng(7)
    found = []
    for image in _pictures(library):
        for _ in range(each):
            width, height = (round(side * generator.uniform(_SMALLEST_PART, _LARGEST_PART)) for side in image.size)
            left = int(generator.integers(0, image.width - width + 1))
            top = int(generator.integers(0, image.height - height + 1))
            found.append(encoder.encode(image.crop((left, top, left + width, top + height))))
    vectors = generator.permutation(np.stack(found))
    if kept is not None:
        np.save(kept, vectors)
    return vectors


def _pictures(library: Path) -> Iterator[Image.Image]:
    """Yield a picture, from its thumbnail, for each content of a library that has more than a few pixels."""
    settings = Settings()
    with Library(library, settings) as opened:
        contents = {tile.content_id for tile in opened.tiles(opened.list_photos().photo_ids.tolist())}
        with opened.thumbnails() as thumbnails:
            for content in sorted(contents):
                jpeg = thumbnails.get(content)
                if jpeg is not None:
                    with Image.open(io.BytesIO(jpeg)) as image:
                        if min(image.size) >= _SMALLEST_SIDE:
                            yield image.convert("RGB")


def _photo_draws(parts: Vectors, count: int) -> Iterator[Draw]:
    generator = np.random.default_rng(11)
    for number in range(count):
        size = int(generator.integers(len(parts) // 5, len(parts) // 2))
        order = generator.permutation(len(parts))
        nlist = 1 << int(generator.integers(4, max(5, int(math.log2(size / 78)) + 1)))
        yield Draw(f"photos {number + 1}", parts[order[:size]], parts[order[size:]], nlist)


def _generated_draws(count: int, largest: int) -> Iterator[Draw]:
    generator = np.random.default_rng(12)
    for number in range(count):
        size = int(math.exp(generator.uniform(math.log(min(_LEAST_GENERATED, largest // 2)), math.log(largest))))
        mixture = Mixture(spread=float(generator.uniform(1, 3)), seed=100 + number)
        vectors = mixture.draw(size, generator)
        nlist = None if size > _LEAST_GENERATED else 1 << int(math.log2(size / 78))
        yield Draw(f"generated {number + 1}", vectors, mixture.draw(_FRESH, generator), nlist)


def _fill(library: Path, draw: Draw) -> None:
    photos = (made_up(number, vector, b"\xff\xd8") for number, vector in enumerate(draw.database))
    with synthetic_writer(library) as writer:
        writer.invent(0, len(draw.database))
        writer.ingest(lambda _: next(photos))
    if draw.nlist is not None:
        with Catalog.open_writer(library / "library.db") as catalog:
            pack = catalog.active_pack()
            assert pack is not None
            cluster_pack(library, catalog, pack, draw.nlist)


# Promise and measurement


def _compare(draw: Draw) -> tuple[list[str], float, float]:
    """Return a row of the table, the largest difference of recall@10, 0 to 1, and the largest error of one."""
    with temporary_folder() as folder:
        library = folder / "library"
        _fill(library, draw)
        with Library(library, Settings()) as opened:
            calibrator = opened.calibrator()
            for _ in calibrator.run():
                pass
            promised = calibrator.accuracy
            assert promised is not None
            nlist = opened.index_shape().nlist
        measured, apart = _measured(library, draw.fresh, promised)
    differences = [
        point.recall_at_10 - found.recalls[1] for point, found in zip(promised.points, measured, strict=True)
    ]
    errors = [math.hypot(p.error_at_10, m.error_at_10) for p, m in zip(promised.points, measured, strict=True)]
    worst = int(np.argmax(np.abs(differences)))
    row = [
        draw.name,
        f"{len(draw.database):,}",
        f"{nlist}",
        f"{promised.queries:,}",
        f"{len(draw.fresh):,}",
        f"{len(promised.points)}",
        f"{100 * differences[worst]:+.2f}",
        f"{promised.points[worst].nprobe}",
        f"{100 * errors[worst]:.2f} ({100 * measured[worst].error_at_10:.2f})",
        f"{100 * apart:.2f}",
    ]
    return row, abs(differences[worst]), max(errors)


def _measured(library: Path, fresh: Vectors, promised: Accuracy) -> tuple[list[Estimate], float]:
    """Return what searches for fresh vectors find at each position, and how far list ranks differ from searches."""
    with Catalog.open_reader(library / "library.db") as catalog:
        view = IndexView(library, catalog)
        seen = view.look(lambda _: None)
        assert seen is not None
        snapshot = seen.snapshot
        truth = _truth(fresh, snapshot.rows(np.arange(snapshot.state.next_vid)))
        nprobes = [point.nprobe for point in promised.points]
        by_lists = ListRecall(snapshot.sealed_lists(), snapshot.state.next_vid).recalls(truth, nprobes, lambda: None)
        some, found, apart = truth.first(_SEARCHED), [], 0.0
        ways = [searcher_at(snapshot, nprobe) for nprobe in nprobes]
        for number, searched in enumerate(_searched(ways, some)):
            found.append(estimate(by_lists[:, number], searched.recalls))
            difference = searched.recalls[:, 1].mean() - by_lists[: len(some.own), number, 1].mean()
            apart = max(apart, abs(float(difference)))
        view.close()
    return found, apart


def _searched(ways: Sequence[Search], some: Neighbours) -> list[Searched]:
    searching = search_all(ways, some, seconds=_SECONDS, fewest=_SEARCHED, check=lambda: None)
    while True:
        try:
            next(searching)
        except StopIteration as end:
            found: list[Searched] = end.value
            return found


def _truth(fresh: Vectors, rows: Vectors) -> Neighbours:
    faiss.omp_set_num_threads(usable_processors())
    queries = np.ascontiguousarray(fresh, np.float32)
    scores, vids = faiss.knn(queries, rows, NEAREST, metric=faiss.METRIC_INNER_PRODUCT)
    return Neighbours(np.full(len(fresh), -1), queries, vids, scores)


if __name__ == "__main__":
    raise SystemExit(main())
