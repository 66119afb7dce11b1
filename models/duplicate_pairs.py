"""Pairs to learn from: copies made of photos, and pictures that look alike and are no copies."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from photofind.core.duplicates.comparing import Subject
from photofind.core.duplicates.hashing import perceptual_hash
from photofind.core.imaging.thumbnails import make_thumbnail
from photofind.core.records import ContentId
from tests.support.copies import KINDS, make_copy, other_shot

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")
LARGE_SIDE: Final = 1024
KINDS_OF_ONE: Final = 8
PAIRS_OF_COPIES: Final = 5
SHOTS: Final = 4
LIKELY: Final = 0.8
"""The cosine that made pairs are said to have: it decides nothing about copies."""
HARDEST: Final = "lettered"
PARTS: Final = frozenset({"strip", "crop_30", "crop_50"})
SAME_ADDITION: Final = ("watermarked", "captioned", "screenshot", "bordered")


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two subjects of an album, whether they are copies, and how they came about."""

    first: Subject
    second: Subject
    is_copy: bool
    kind: str


class Album:
    """Pictures in memory, shown as a library would show them."""

    def __init__(self) -> None:
        self._small: dict[ContentId, npt.NDArray[np.uint8]] = {}
        self._large: dict[ContentId, npt.NDArray[np.uint8]] = {}

    def add(self, image: Image.Image) -> Subject:
        """Take in an RGB picture."""
        content_id = ContentId(len(self._small) + 1)
        with Image.open(io.BytesIO(make_thumbnail(image))) as opened:
            thumbnail = opened.convert("RGB")
        self._small[content_id] = np.asarray(thumbnail)
        self._large[content_id] = np.asarray(reduced(image))
        return Subject(content_id, image.width, image.height, "JPEG", 1, perceptual_hash(thumbnail))

    def small(self, content_id: ContentId) -> npt.NDArray[np.uint8]:
        """Return the thumbnail."""
        return self._small[content_id]

    def large(self, content_id: ContentId) -> npt.NDArray[np.uint8]:
        """Return the larger picture."""
        return self._large[content_id]

    def same_pixels(self, first: ContentId, second: ContentId) -> bool:
        """Tell whether two larger pictures are equal."""
        return bool(np.array_equal(self._large[first], self._large[second]))


def reduced(image: Image.Image) -> Image.Image:
    """Return a picture with a longest side of at most 1024 pixels."""
    return image if max(image.size) <= LARGE_SIDE else ImageOps.contain(image, (LARGE_SIDE, LARGE_SIDE))


def opened_photo(path: Path) -> Image.Image:
    """Return an upright photo as RGB, reduced."""
    with Image.open(path) as image:
        return reduced(ImageOps.exif_transpose(image).convert("RGB"))


def copied(image: Image.Image, kind: str, seed: int) -> Image.Image:
    """Return a copy as it looks when its file is opened."""
    with Image.open(io.BytesIO(make_copy(image, kind, seed).content)) as copy:
        return ImageOps.exif_transpose(copy).convert("RGB")


def photo_pairs(album: Album, image: Image.Image, stranger: Image.Image, seed: int) -> Iterator[LabelledPair]:
    """Yield pairs of copies of a photo, with other shots of it, and with a stranger that got the same addition."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    original = album.add(image)
    kinds = rng.sample(sorted(KINDS), KINDS_OF_ONE)
    copies = {kind: album.add(copied(image, kind, seed)) for kind in kinds}
    for kind, copy in copies.items():
        yield LabelledPair(original, copy, is_copy=True, kind=kind)
    for one, other in rng.sample(list(itertools.combinations(kinds, 2)), PAIRS_OF_COPIES):
        kind = HARDEST if HARDEST in (one, other) else "two copies"
        yield LabelledPair(copies[one], copies[other], is_copy=True, kind=kind)
    # A small part of another shot may be one in which nothing moved: that would be a copy.
    whole = [kind for kind in kinds if kind not in PARTS]
    for number in range(SHOTS):
        shot = other_shot(image, SHOTS * seed + number)
        yield LabelledPair(original, album.add(shot), is_copy=False, kind="other shot")
        edited = album.add(copied(shot, rng.choice(whole), seed))
        yield LabelledPair(original, edited, is_copy=False, kind="edited other shot")
        yield LabelledPair(copies[rng.choice(whole)], edited, is_copy=False, kind="edited other shot")
    addition = rng.choice(SAME_ADDITION)
    both = (album.add(copied(each, addition, seed)) for each in (image, stranger))
    yield LabelledPair(*both, is_copy=False, kind="same addition")
    yield LabelledPair(original, album.add(stranger), is_copy=False, kind="stranger")


def scene_pairs(album: Album, shots: Sequence[Image.Image], seed: int) -> Iterator[LabelledPair]:
    """Yield pairs of real shots of a scene, as they are and with one of them edited."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    subjects = [album.add(shot) for shot in shots]
    for one, other in itertools.combinations(range(len(shots)), 2):
        yield LabelledPair(subjects[one], subjects[other], is_copy=False, kind="scene")
        edited = album.add(copied(shots[other], rng.choice(sorted(KINDS)), seed))
        yield LabelledPair(subjects[one], edited, is_copy=False, kind="edited scene")


def photos_in(folder: Path) -> list[Path]:
    """Return the photos of a folder in order."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
