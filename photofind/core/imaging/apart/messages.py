"""What is said through the pipe of a process that decodes; everything here can be pickled.

An ask is answered by :data:`BEGUN`, as soon as the process is at it, and then by one of: an error, a ``Header``, or
:class:`Pixels`, after which come the pixels as bytes, some whole rows at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

from photofind.core.imaging.limits import DecodeLimits
from photofind.core.records import Part, PhotoFacts

BEGUN = "begun"
"""The process has started, and has taken the ask: from here on, time and death count against the file."""

STRIP_BYTES = 1 << 20
PIXEL_BYTES = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """A file to decode to at least ``working_area`` pixels, or only its header when that is None."""

    path: str
    limits: DecodeLimits
    working_area: int | None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture: its size and facts; the pixels follow, RGB in rows from the top, :func:`strip_rows` a time."""

    width: int
    height: int
    facts: PhotoFacts


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that no file can be blamed for: a bug, in words."""

    what: str


def strip_rows(width: int) -> int:
    """Return how many rows of a picture are sent at a time."""
    return max(1, STRIP_BYTES // max(1, width * PIXEL_BYTES))
