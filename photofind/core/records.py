"""The plain records that travel between the layers: immutable, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

import numpy as np
import numpy.typing as npt

PhotoId = NewType("PhotoId", int)
"""A photo at a place: one file in one folder. Survives moves and renames; never reused."""

ContentId = NewType("ContentId", int)
"""Distinct file content. Copies of a file share it."""

VectorId = NewType("VectorId", int)
"""Row number in a pack's vector file (vid). Never reused."""

Embedding = npt.NDArray[np.float32]
"""An L2-normalised vector, shape (dimension,), dtype float32."""


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


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without reading it, whether a file is still the same: bytes, nanoseconds, the system's file id."""

    size: int
    mtime_ns: int
    file_id: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """A trained quantizer that all segments of one index share; ``trained_on`` is the number of live vectors then."""

    id: str
    nlist: int
    trained_on: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Segment:
    """An immutable file of inverted lists over the live vectors of ``first_vid … end_vid`` (end excluded)."""

    id: str
    first_vid: int
    end_vid: int
    count: int
    bytes: int
    sha256: str
