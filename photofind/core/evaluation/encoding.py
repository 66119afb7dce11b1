"""The photos of a library encoded anew by every variant of its model, side by side: seconds, and how far they agree.

Files are read and decoded as for the index; each handful of them is decoded once and then given to one variant after
the other, so that what else the machine does disturbs them alike.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from photofind.core.catalog import Catalog
from photofind.core.encoders import Encoder, open_encoder, resolve
from photofind.core.errors import PackMissingError, PhotoError
from photofind.core.imaging import DecodeLimits, decode_photo
from photofind.core.imaging.opening import open_photo
from photofind.core.progress import Progress
from photofind.core.records import Embedding
from photofind.core.serving_pack import is_at_hand
from photofind.core.settings import Settings

Vectors = npt.NDArray[np.float32]

_DATABASE = "library.db"
_SEED = 3
_AT_ONCE = 32
_TRIES = 2
"""So many files are tried for each that is wanted: a disk may be away."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """What one variant made of the photos: unit vectors, shape (n, d), in so many seconds with all threads."""

    variant: str
    vectors: Vectors
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Encodings:
    """The same photos by every variant; ``skipped`` files were not there or could not be read."""

    model: str
    variants: tuple[Encoded, ...]
    skipped: int
    decode_seconds: float


def encode_photos(
    library: Path, most: int, threads: int, check: Callable[[], None]
) -> Generator[Progress, None, Encodings]:
    """Encode up to ``most`` photos, drawn at random, the same each time; yields progress, returns what was made.

    Raises
    ------
    PackMissingError
        When the library's model is not installed.
    """
    with closing(Catalog.open_reader(library / _DATABASE)) as catalog:
        pack = catalog.active_pack()
        if pack is None or not is_at_hand(pack):
            raise PackMissingError("The model of the library is not installed; install it to compare its variants.")
        model = resolve(pack.spec).pack
        encoders = {name: open_encoder(f"{model.name}:{name}") for name in model.variants}
        paths = _paths(catalog, pack.id, _TRIES * most)
        work = _Work(encoders, threads)
        try:
            while (wanted := most - work.done) > 0 and (some := list(islice(paths, min(wanted, _AT_ONCE)))):
                check()
                work.take(some)
                yield Progress("bench", work.done, most, work.skipped)
        finally:
            work.close()
    return work.encodings(model.name)


def agreement(first: Vectors, second: Vectors, k: int) -> tuple[float, float]:
    """Return the mean cosine of the same photos by two variants, and the mean overlap of their ``k`` nearest others."""
    cosine = float(np.einsum("ij,ij->i", first, second).mean())
    k = min(k, len(first) - 1)
    if k < 1:
        return cosine, 1.0
    shared = [len(set(a) & set(b)) / k for a, b in zip(_nearest(first, k), _nearest(second, k), strict=True)]
    return cosine, float(np.mean(shared))


class _Work:
    """Decodes and encodes some files at a time."""

    def __init__(self, encoders: dict[str, Encoder], threads: int) -> None:
        self._encoders = encoders
        self._area = max(encoder.working_area for encoder in encoders.values())
        self._crew = ThreadPoolExecutor(threads, "encode")
        settings = Settings()
        self._limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self._vectors: dict[str, list[Vectors]] = {name: [] for name in encoders}
        self._seconds = dict.fromkeys(encoders, 0.0)
        self._decode_seconds = 0.0
        self.done = 0
        self.skipped = 0

    def close(self) -> None:
        self._crew.shutdown(cancel_futures=True)

    def take(self, paths: Sequence[str]) -> None:
        started = time.perf_counter()
        pictures = [picture for picture in self._crew.map(self._decoded, paths) if picture is not None]
        self._decode_seconds += time.perf_counter() - started
        made: dict[str, list[Embedding | None]] = {}
        for name, encoder in self._encoders.items():
            started = time.perf_counter()
            made[name] = list(self._crew.map(partial(_encoded, encoder), pictures))
            self._seconds[name] += time.perf_counter() - started
        kept = [place for place in range(len(pictures)) if all(own[place] is not None for own in made.values())]
        for name, own in made.items():
            self._vectors[name].extend(vector for place in kept if (vector := own[place]) is not None)
        self.done += len(kept)
        self.skipped += len(paths) - len(kept)

    def encodings(self, model: str) -> Encodings:
        made = [
            Encoded(name, np.stack(vectors) if vectors else np.empty((0, 1), np.float32), self._seconds[name])
            for name, vectors in self._vectors.items()
        ]
        return Encodings(model, tuple(made), self.skipped, self._decode_seconds)

    def _decoded(self, path: str) -> Image.Image | None:
        try:
            with open_photo(path) as file:
                suffix = os.path.splitext(path)[1].lower()
                return decode_photo(file, suffix=suffix, limits=self._limits, working_area=self._area).image
        except (OSError, PhotoError):
            return None  # it is counted as skipped


def _encoded(encoder: Encoder, picture: Image.Image) -> Embedding | None:
    try:
        return encoder.encode(picture)
    except PhotoError:
        return None  # it is counted as skipped


def _paths(catalog: Catalog, pack_id: int, most: int) -> Iterator[str]:
    """Yield files of contents that have an embedding, at most so many, in an order that is always the same."""
    _, contents = catalog.copies.live(pack_id)
    for content in np.random.default_rng(_SEED).permutation(contents)[:most].tolist():
        source = catalog.contents.source_of(content)
        if source is not None:
            yield source.path


def _nearest(vectors: Vectors, k: int) -> list[list[int]]:
    products = vectors @ vectors.T
    np.fill_diagonal(products, -np.inf)
    nearest: list[list[int]] = np.argsort(-products, axis=1, kind="stable")[:, :k].tolist()
    return nearest
