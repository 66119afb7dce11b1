"""How quickly a library notices that nothing has changed, and that a move is a move.

Usage (about two minutes and 1 GB of disk)::

    python -m tests.benchmarks.bench_rescan [--files 100000] [--moved 10000] [--folder DIR]

Makes many tiny JPEGs (one picture, each with a comment of its own, hence all different files) and a library of them:
scan, stamps, hashes and everything from the commit on are real, only the embeddings are made up, for decoding and
embedding so many would take half an hour and is not what is measured. Then ``photofind index`` runs, as a user would
run it, over the unchanged folder, and once more after some files were renamed or moved to other folders.

It proves that a rescan reads no photo, and that a moved photo keeps its identity without being embedded again.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from photofind.core.catalog import Catalog, PendingFile
from photofind.core.evaluation.generated import Mixture
from photofind.core.indexing.decoder import content_digest
from photofind.core.indexing.messages import Embedded
from photofind.core.records import PhotoFacts, PhotoId
from photofind.core.scan import stamp_of
from tests.benchmarks.support import Mark, begin, conclude, photofind_json, table, temporary_folder
from tests.benchmarks.synthetic_ingest import synthetic_writer

_FOLDER_SIZE = 500
_SIDE = 32
_SECONDS = 5.0


def make_photos(top: Path, count: int) -> list[Path]:
    """Write ``count`` JPEGs that differ in a comment only; return their paths."""
    stream = io.BytesIO()
    Image.new("RGB", (_SIDE, _SIDE), (90, 120, 60)).save(stream, "JPEG")
    picture = stream.getvalue()
    paths = []
    for number in range(count):
        folder = top / f"{number // _FOLDER_SIZE:04}"
        if number % _FOLDER_SIZE == 0:
            folder.mkdir(parents=True)
        comment = f"photo {number:08}".encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        path = folder / f"IMG_{number:08}.jpg"
        path.write_bytes(picture[:2] + segment + picture[2:])
        paths.append(path)
    return paths


def fill(library: Path, top: Path, count: int) -> None:
    """Scan, hash and commit the files with made-up embeddings."""
    vectors = (vector for block in Mixture().blocks(count, 4096, seed=7) for vector in block)
    facts = PhotoFacts("JPEG", _SIDE, _SIDE)

    def embed(pending: PendingFile) -> Embedded:
        with open(pending.path, "rb") as file:
            return Embedded(
                content_digest(file), stamp_of(os.fstat(file.fileno())), facts, b"\xff\xd8 made up", next(vectors)
            )

    with synthetic_writer(library) as writer:
        writer.scan(top)
        writer.ingest(embed)


def move(paths: Sequence[Path], count: int) -> dict[Path, Path]:
    """Give ``count`` files, spread over all folders, new names, every second one in another folder."""
    moves = {}
    elsewhere = paths[0].parent.parent / "moved"
    elsewhere.mkdir()
    chosen = np.random.default_rng(5).choice(len(paths), count, replace=False)
    for number, index in enumerate(sorted(chosen.tolist())):
        old = paths[index]
        new = (elsewhere if number % 2 else old.parent) / f"renamed {old.name}"
        old.rename(new)
        moves[old] = new
    return moves


def ids_of(library: Path, paths: Sequence[Path]) -> list[PhotoId | None]:
    """Return the ids of photos by their paths."""
    with Catalog.open_reader(library / "library.db") as catalog:
        known = [catalog.files.find(str(path.parent), path.name) for path in paths]
    return [file.id if file is not None else None for file in known]


def index(top: Path, library: Path) -> tuple[dict[str, Any], float]:
    """Run ``photofind index``; return its report and its seconds from start to end of the process."""
    started = time.perf_counter()
    report = photofind_json("index", str(top), "--library", str(library))
    return report, time.perf_counter() - started


def measure(folder: Path, files: int, moved: int) -> list[Mark]:
    """Make, index, index again, move and index once more; print what each run did."""
    top, library = folder / "photos", folder / "library"
    started = time.perf_counter()
    paths = make_photos(top, files)
    made = time.perf_counter()
    fill(library, top, files)
    print(f"{files:,} files in {made - started:.0f} s, the library in {time.perf_counter() - made:.0f} s\n")
    runs = [("unchanged", *index(top, library)) for _ in range(3)]
    before = ids_of(library, paths)
    moves = move(paths, moved)
    runs.append((f"{moved:,} moved", *index(top, library)))
    runs.append(("unchanged again", *index(top, library)))
    kept = ids_of(library, [moves.get(path, path) for path in paths]) == before

    counts = ("photos", "unchanged", "added", "changed", "removed", "moved", "embedded")
    table(
        ["run", "wall, s", "of it the run, s", *counts],
        [
            [name, f"{seconds:.2f}", f"{report['seconds']:.2f}", *(report[count] for count in counts)]
            for name, report, seconds in runs
        ],
    )
    second, after_move = runs[0], runs[3][1]
    return [
        Mark(f"index over {files:,} unchanged files, process start included", second[2], _SECONDS, " s"),
        Mark("files that were not recognised as unchanged", files - second[1]["unchanged"], 0),
        Mark("photos embedded again after the move", after_move["embedded"], 0),
        Mark("photos counted as moved", after_move["moved"], moved, at_least=True),
        Mark("every photo kept its id", float(kept), 1, at_least=True),
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Indexing again what is already indexed.")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--moved", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where the temporary files go")
    arguments = parser.parse_args()
    begin("Indexing what is already indexed")
    with temporary_folder(arguments.folder) as folder:
        marks = measure(folder, arguments.files, arguments.moved)
    return conclude(marks)


if __name__ == "__main__":
    sys.exit(main())
