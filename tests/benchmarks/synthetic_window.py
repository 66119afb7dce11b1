"""Libraries to open a window on: made-up embeddings, real thumbnails, dates over twenty years.

Every folder of 500 photos is a trip of a few days; the trips lie in the library in no order of time, as folders that
were added one after the other do. So photos that are neighbours by date have thumbnails that lie together, and the next
trip lies anywhere.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from photofind.core.catalog import PendingFile
from photofind.core.catalog.schema import MIGRATIONS
from photofind.core.evaluation.generated import Mixture, Vectors
from photofind.core.indexing.messages import Embedded
from photofind.core.records import PhotoFacts
from tests.benchmarks.sample_photos import make_thumbnails
from tests.benchmarks.synthetic_ingest import FOLDER_SIZE, made_up, synthetic_writer

_BLOCK = 16_384
_DIFFERENT = 200
_FIRST_DAY = datetime(2005, 1, 1)
_DAYS = 20 * 365
_SECONDS_BETWEEN = 400
_FACTS = PhotoFacts("JPEG", 4000, 3000, camera="Made Up 1", lens="Made Up 24-70mm", latitude=48.1, longitude=11.6)
_NOTE = "made-up.json"  # beside the library: what was built, so that it can be used again


def provide(folder: Path, photos: int, quality: int) -> Path:
    """Return a library of ``photos`` photos in ``folder``, built if it is not there yet.

    ``quality`` is that of the JPEGs; with 85, the product's own, a million thumbnails are more than ten gigabytes.
    """
    library = folder / f"window-{photos}"
    note = folder / f"window-{photos}-{_NOTE}"
    schema = hashlib.sha256("".join(MIGRATIONS).encode()).hexdigest()[:16]
    wanted = {"photos": photos, "quality": quality, "schema": schema}
    if not note.exists() or json.loads(note.read_text(encoding="ascii")) != wanted:
        shutil.rmtree(library, ignore_errors=True)
        started = time.perf_counter()
        fill(library, photos, make_thumbnails(_DIFFERENT, quality=quality))
        print(f"{photos:,} photos made in {time.perf_counter() - started:,.0f} s", flush=True)
        note.write_text(json.dumps(wanted), encoding="ascii")
    return library


def fill(library: Path, photos: int, thumbnails: list[bytes]) -> None:
    """Make a library of photos that have these thumbnails in turn; the id of a photo is its number and one."""
    days = np.random.default_rng(5).permutation(-(-photos // FOLDER_SIZE))
    with synthetic_writer(library) as writer:
        first = 0
        for block in Mixture().blocks(photos, _BLOCK, seed=7):
            writer.invent(first, len(block))
            answers = _embedded(first, block, thumbnails, days)

            def embed(_: PendingFile, answers: Iterator[Embedded] = answers) -> Embedded:
                return next(answers)

            writer.ingest(embed)
            first += len(block)


def _embedded(
    first: int, block: Vectors, thumbnails: list[bytes], order: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[Embedded]:
    for number, vector in enumerate(block, first):
        trip = int(order[number // FOLDER_SIZE])
        taken = _FIRST_DAY + timedelta(days=trip * _DAYS // len(order), seconds=number % FOLDER_SIZE * _SECONDS_BETWEEN)
        facts = dataclasses.replace(_FACTS, taken_at=taken.isoformat())
        yield made_up(number, vector, thumbnails[number * 7 % len(thumbnails)], facts)
