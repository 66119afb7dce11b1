"""Photos made up with all that a filter may ask for, put into a library by hand; and what a filter should keep of them.

The embeddings are made up as in ``handmade``; names, folders, dates, cameras, sizes and colours are the photos' own.
"""

from __future__ import annotations

import datetime
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from photofind.core.indexing.messages import Embedded, Skipped, Task
from photofind.core.indexing.results import Result
from photofind.core.queries import Filters, Orientation
from photofind.core.records import FileStamp, PhotoFacts
from tests.support.handmade import THUMBNAIL, Handmade, Vectors, unit_vectors

TOP = os.path.abspath("/photos")
_CAMERAS = ("Canon EOS 40D", "NIKON D90", "Pentax K-5", "Fujifilm X100")
_FORMATS = ("JPEG", "JPEG", "JPEG", "PNG", "HEIF", "RAW")
_SIZES = ((4000, 3000), (3000, 4000), (1000, 1000), (800, 600))
_TRIPS = ("Kyoto", "Oslo", "at home", "Kyoto/food")


@dataclass(frozen=True, slots=True)
class Described:
    """A photo at a place; equal ``content`` means a copy of the same file."""

    folder: str
    name: str
    content: int
    facts: PhotoFacts
    embedding: Vectors = field(repr=False)
    colours: bytes | None = None

    @property
    def path(self) -> str:
        return os.path.join(self.folder, self.name)


def described(count: int, copies: int = 0, seed: int = 0) -> list[Described]:
    """Return photos of all kinds, the last ``copies`` of which are copies of others in another folder."""
    random = np.random.default_rng(seed)
    vectors = unit_vectors(count - copies, seed)
    photos = []
    for number in range(count):
        content = number if number < len(vectors) else int(random.integers(len(vectors)))
        of_content = np.random.default_rng(content)
        width, height = _SIZES[of_content.integers(len(_SIZES))]
        day = datetime.datetime(2015, 1, 1, 12) + datetime.timedelta(days=int(of_content.integers(5 * 365)))
        has_gps = bool(of_content.random() < 0.3)
        facts = PhotoFacts(
            str(of_content.choice(_FORMATS)),
            width,
            height,
            day.isoformat(),
            str(of_content.choice(_CAMERAS)),
            latitude=48.1 if has_gps else None,
            longitude=11.6 if has_gps else None,
        )
        folder = os.path.join(TOP, str(random.choice(_TRIPS)), f"{number % 7}")
        name = f"{random.choice(['IMG', 'holiday'])}_{number:05}.jpg"
        photos.append(Described(folder, name, content, facts, vectors[content]))
    return photos


def put_described(library: Handmade, photos: Sequence[Described]) -> dict[str, int]:
    """Commit the photos as a run does; return their ids by path."""
    files = library.catalog.files
    with library.catalog.transaction():
        root = files.add_root(TOP)
        for folder in dict.fromkeys(photo.folder for photo in photos):
            id_ = files.put_folder(root, folder, is_mount=False, error=None)
            files.add_pending(id_, [(p.name, _stamp(p)) for p in photos if p.folder == folder])
    waiting = {file.path: file for file in files.pending([root], 0, 1 << 40)}
    results, seen = [], set[int]()
    for photo in photos:
        file = waiting[photo.path]
        digest = hashlib.blake2b(photo.content.to_bytes(8, "big"), digest_size=16).digest()
        outcome: Embedded | Skipped = Skipped(digest, _stamp(photo))
        if photo.content not in seen and library.catalog.contents.by_hash(digest) is None:
            outcome = Embedded(digest, _stamp(photo), photo.facts, THUMBNAIL, photo.embedding, photo.colours)
        seen.add(photo.content)
        results.append(Result(Task(file.id, file.path, file.root_id), file, outcome))
    library.committer.commit(results)
    return {photo.path: waiting[photo.path].id for photo in photos}


def keeps(filters: Filters, photo: Described) -> bool:
    """Tell, one condition after the other, whether a filter keeps a photo (places apart)."""
    facts = photo.facts
    assert facts.taken_at is not None
    assert facts.camera is not None
    day = datetime.date.fromisoformat(facts.taken_at[:10])
    folders = Path(photo.folder.casefold()).parts
    megapixels = facts.width * facts.height / 1e6
    return (
        (not filters.folders or any(f"{photo.folder}/".startswith(f"{folder}/") for folder in filters.folders))
        and all(fnmatchcase(photo.name.casefold(), f"*{text.casefold()}*") for text in filters.names)
        and all(any(text.casefold() in folder for folder in folders) for text in filters.within)
        and all(text.casefold() in facts.camera.casefold() for text in filters.cameras)
        and (not filters.formats or facts.format in [_format(name) for name in filters.formats])
        and (filters.since is None or day >= filters.since)
        and (filters.until is None or day <= filters.until)
        and (filters.orientation is None or _orientation(facts) is filters.orientation)
        and (filters.min_megapixels is None or megapixels >= filters.min_megapixels)
        and (filters.max_megapixels is None or megapixels <= filters.max_megapixels)
        and (filters.has_gps is None or (facts.latitude is not None) == filters.has_gps)
    )


def best(photos: Sequence[Described], filters: Filters, query: Vectors) -> list[tuple[float, str]]:
    """Return the scores and paths of all photos that a filter keeps, best first."""
    kept = [photo for photo in photos if keeps(filters, photo)]
    query = query / np.linalg.norm(query)  # a row in 16 bits is not quite a unit vector
    return sorted(((float(photo.embedding @ query), photo.path) for photo in kept), key=lambda each: -each[0])


def _format(name: str) -> str:
    return {"jpg": "JPEG", "heic": "HEIF"}.get(name.lower(), name.upper())


def _orientation(facts: PhotoFacts) -> Orientation:
    if facts.width == facts.height:
        return Orientation.SQUARE
    return Orientation.LANDSCAPE if facts.width > facts.height else Orientation.PORTRAIT


def _stamp(photo: Described) -> FileStamp:
    return FileStamp(1000 + photo.content, 1_700_000_000_000_000_000, photo.content)
