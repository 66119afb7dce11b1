"""Libraries to type words and filters at: made-up photos of the things that the words know, on trips with names.

The embeddings are the mixture of ``evaluation/generated`` whose themes are the directions of the image classes, so that
"dog" finds a cluster and "animal" finds many. Every folder of 500 photos is a trip to a place in a year. A filter that
keeps a share of the photos is one for a camera: they are drawn by lot, apart from ``RARE``, which took three photos.
One format is that of the photos that lie nearest to one direction: a filter that keeps what looks alike.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import PendingFile
from photofind.core.evaluation.generated import Mixture, Vectors
from photofind.core.indexing.messages import Embedded
from photofind.core.queries import Filters
from photofind.core.records import FileStamp, PhotoFacts
from photofind.core.words.bank import Bank, bundled_folder, read_description
from tests.benchmarks.synthetic_ingest import FOLDER_SIZE, SyntheticWriter, made_up

TOP = "/made-up"
COMMON, TENTH, HUNDREDTH, RARE = "Common Camera", "Tenth Camera", "Hundredth Camera", "Rare Camera"
FILTERS = {
    "100 %": Filters(folders=(TOP,)),
    "10 %": Filters(cameras=(TENTH,)),
    "10 %, alike": Filters(formats=("heic",)),
    "1 %": Filters(cameras=(HUNDREDTH,)),
    "3 photos": Filters(cameras=(RARE,)),
}
_SEED = 7
_BLOCK = 16_384
_THUMBNAIL = 200
_PLACES = ("Kyoto", "Oslo", "Lisbon", "Granny's garden", "Alps", "Wedding", "Beach", "Zoo", "Home", "Quillendorf")
_FIRST_DAY = datetime(2005, 1, 1)
_DAYS = 20 * 365
_SECONDS_BETWEEN = 400
_COLOURS = 11


@dataclass(frozen=True)
class Made:
    """Some of the photos, in the order of their numbers: unit vectors (n, dimension), cameras and formats (n,)."""

    vectors: Vectors
    cameras: npt.NDArray[np.str_]
    formats: npt.NDArray[np.str_]

    def keeps(self, name: str) -> npt.NDArray[np.bool_]:
        """Tell which photos one of ``FILTERS`` keeps, by what was made and not by what the catalog says."""
        if name == "10 %, alike":
            kept: npt.NDArray[np.bool_] = self.formats == "HEIF"
            return kept
        camera = {"10 %": TENTH, "1 %": HUNDREDTH, "3 photos": RARE}.get(name)
        return np.ones(len(self.cameras), np.bool_) if camera is None else self.cameras == camera


class Trips(Mixture):
    """The distribution of the photos."""

    def __init__(self) -> None:
        super().__init__()
        self._themes = Bank(read_description(bundled_folder())).prototypes()

    def made(self, count: int) -> Iterator[Made]:
        """Yield ``count`` photos in blocks, always the same ones."""
        generator = np.random.default_rng(_SEED)
        rare = np.linspace(0, count - 1, 3).astype(np.int64)
        first = 0
        for vectors in self.blocks(count, _BLOCK, seed=_SEED):
            lot = generator.random(len(vectors))
            cameras = np.select([lot < 0.1, lot < 0.11], [TENTH, HUNDREDTH], COMMON)
            cameras[rare[(rare >= first) & (rare < first + len(vectors))] - first] = RARE
            along = vectors @ self._themes[0]
            formats = np.where(along > np.quantile(along, 0.9), "HEIF", "JPEG")
            yield Made(vectors, cameras, formats)
            first += len(vectors)


class _Writer(SyntheticWriter):
    def invent(self, first: int, count: int) -> None:
        """Note files that do not exist as pending, trip by trip."""
        for start in range(first, first + count, FOLDER_SIZE):
            numbers = range(start, min(start + FOLDER_SIZE, first + count))
            trip = start // FOLDER_SIZE
            folder = f"{TOP}/album {trip % 20}/{_PLACES[trip % len(_PLACES)]} {trip}"
            with self._catalog.transaction():
                root_id = self._catalog.files.add_root(TOP)
                folder_id = self._catalog.files.put_folder(root_id, folder, is_mount=False, error=None)
                files = [(f"IMG_{number:08}.jpg", FileStamp(1_000 + number, number, number)) for number in numbers]
                self._catalog.files.add_pending(folder_id, files)


def fill(library: Path, photos: int) -> float:
    """Make a library; the id of a photo is its number and one. Returns how many seconds that took."""
    started = time.perf_counter()
    trips = -(-photos // FOLDER_SIZE)
    with closing(_Writer(library)) as writer:
        first = 0
        for block in Trips().made(photos):
            writer.invent(first, len(block.vectors))
            answers = _embedded(first, block, trips)

            def embed(_: PendingFile, answers: Iterator[Embedded] = answers) -> Embedded:
                return next(answers)

            writer.ingest(embed)
            first += len(block.vectors)
    return time.perf_counter() - started


def _embedded(first: int, block: Made, trips: int) -> Iterator[Embedded]:
    shares = np.random.default_rng(first).dirichlet(np.full(_COLOURS, 0.3), len(block.vectors))
    packed = np.zeros((len(shares), _COLOURS + 1), np.uint8)
    packed[:, :_COLOURS] = shares * 255
    for place, vector in enumerate(block.vectors):
        number = first + place
        facts = PhotoFacts(
            str(block.formats[place]), 4000, 3000, _day_of(number, trips).isoformat(), str(block.cameras[place])
        )
        answer = made_up(number, vector, _THUMBNAIL, facts)
        yield dataclasses.replace(answer, colours=packed[place].tobytes())


def _day_of(number: int, trips: int) -> datetime:
    trip, within = divmod(number, FOLDER_SIZE)
    return _FIRST_DAY + timedelta(days=trip * _DAYS // trips, seconds=within * _SECONDS_BETWEEN)
