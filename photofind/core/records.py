"""The plain records that travel between the layers: immutable, without behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
import numpy.typing as npt

_FIRST_MOMENT, _LAST_MOMENT = -(1 << 63), (1 << 63) - 1

PhotoId = NewType("PhotoId", int)
"""A photo at a place: one file in one folder. Survives moves and renames; never reused."""

ContentId = NewType("ContentId", int)
"""Distinct file content. Copies of a file share it."""

VectorId = NewType("VectorId", int)
"""Row number in a pack's vector file (vid). Never reused."""

Embedding = npt.NDArray[np.float32]
"""An L2-normalised vector, shape (dimension,), dtype float32."""

Part = tuple[float, float, float, float]
"""Left, top, right and bottom of a part as fractions of the upright picture, 0 ≤ left < right ≤ 1 and so on."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a picture's file says about itself.

    ``width`` and ``height`` are pixels after orientation; ``taken_at`` is local time as ``YYYY-MM-DDTHH:MM:SS``
    (EXIF keeps no zone); ``latitude`` and ``longitude`` are degrees, WGS 84.
    """

    format: str
    width: int
    height: int
    taken_at: str | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def storable_time(nanoseconds: int) -> int:
    """Return a file's time as a catalog can store it, in 64 bits; what lies beyond, after 2262, is the last moment."""
    return max(_FIRST_MOMENT, min(_LAST_MOMENT, nanoseconds))


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without reading it, whether a file is still the same: bytes, nanoseconds, the system's file id."""

    size: int
    mtime_ns: int
    file_id: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """A trained quantizer that all segments of one index share; ``trained_on`` is the number of live vectors then.

    All of these had vids below ``trained_until``; which of them it was trained on, ``first_out`` tells, see
    ``vectors/drawing.py``. ``trained_at`` is seconds since 1970. ``distance`` and ``clipped``
    say how well it fitted vectors that took no part in the training, see ``vectors/drift.py``. None is unknown: it was
    trained by an older photofind, or there were too few vectors to keep some apart.
    """

    id: str
    nlist: int
    trained_on: int
    bytes: int
    sha256: str
    trained_at: float | None = None
    trained_until: int | None = None
    first_out: int | None = None
    distance: float | None = None
    clipped: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """An immutable file of inverted lists over the live vectors of ``first_vid … end_vid`` (end excluded)."""

    id: str
    first_vid: int
    end_vid: int
    count: int
    bytes: int
    sha256: str


class SortKey(StrEnum):
    """What lists of photos are sorted by; ``folder`` is by the folder's path, then by name."""

    DATE = "date"
    NAME = "name"
    FOLDER = "folder"
    SIZE = "size"


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Photos in the order of a list, or its beginning, out of ``total``.

    ``photo_ids`` is of shape (n,), dtype int64; ``days``, of shape (n,), dtype int32, are days since 1970-01-01, in
    local time, of when each photo was taken or, where the file does not tell, modified.
    """

    photo_ids: npt.NDArray[np.int64]
    days: npt.NDArray[np.int32]
    total: int

    def kept(self, keeping: Sequence[npt.NDArray[np.int64]], limit: int | None) -> Listing:
        """Return the photos that are in every one of some sets of ids, of which ``limit`` are to be listed."""
        mask = np.ones(len(self.photo_ids), np.bool_)
        for ids in keeping:
            mask &= np.isin(self.photo_ids, ids)
        return Listing(self.photo_ids[mask][:limit], self.days[mask][:limit], int(mask.sum()))


@dataclass(frozen=True, slots=True)
class Tile:
    """What it takes to show a photo among others; ``offline`` when its volume is away."""

    photo_id: PhotoId
    content_id: ContentId
    path: str
    offline: bool


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """All that the library knows of a photo; ``size`` is bytes."""

    photo_id: PhotoId
    content_id: ContentId
    path: str
    size: int
    mtime_ns: int
    offline: bool
    facts: PhotoFacts


@dataclass(frozen=True, slots=True)
class RootSummary:
    """A folder that the user added, with the number of its photos and of the rows it has in the error list."""

    id: int
    path: str
    offline: bool
    photos: int
    errors: int
