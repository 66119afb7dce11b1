"""What is asked of a library and what it answers: plain data, apart from what answers it.

Whoever only asks need not wait for the search's libraries to be loaded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from photofind.core.errors import QueryError
from photofind.core.paths import can_be_a_path
from photofind.core.records import PhotoId

if TYPE_CHECKING:
    from photofind.core.imaging.viewing import Part

MAX_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture: its sides as fractions, 0 to 1, of the upright picture's width and height.

    What lies outside the picture is cut off: a rectangle that was drawn beyond its edge means the part inside.
    """

    path: str
    left: float
    top: float
    right: float
    bottom: float

    def part(self) -> Part:
        """Return the part of the picture that it covers; raise QueryError when there is none."""
        sides = (self.left, self.top, self.right, self.bottom)
        left, top, right, bottom = (min(max(side, 0.0), 1.0) for side in sides)
        if not all(map(math.isfinite, sides)) or left >= right or top >= bottom:
            raise QueryError(f"The region covers nothing of {self.path}; draw a larger one.")
        return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: photos by path or id and regions of photos, which together make one query.

    ``nprobe`` None means the default for the library's size; ``exact`` compares with every photo instead.
    ``exclude_query`` leaves the query photos themselves, with their copies, out of the hits.
    """

    images: tuple[str, ...] = ()
    photo_ids: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    limit: int = 50
    nprobe: int | None = None
    exact: bool = False
    exclude_query: bool = False

    def check(self) -> None:
        """Raise QueryError when the query asks for nothing or for numbers out of range."""
        if not self.images and not self.photo_ids and not self.regions:
            raise QueryError("Name at least one image or photo id to search by.")
        for image in (*self.images, *(region.path for region in self.regions)):
            if not can_be_a_path(image):
                raise QueryError(f"{image!r} cannot be the name of a file; name an image to search by.")
        for region in self.regions:
            region.part()
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryError(f"The limit is {self.limit}; it must lie between 1 and {MAX_LIMIT}.")
        if self.nprobe is not None and self.nprobe < 1:
            raise QueryError(f"nprobe is {self.nprobe}; it must be at least 1.")


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that answers a query; ``offline`` when its volume is away."""

    photo_id: PhotoId
    path: str
    score: float
    offline: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a query, best first, and how they were found.

    ``exact`` means that every photo was compared by its stored embedding, not only the candidates that the index
    proposed. ``nprobe`` of ``nlist`` inverted lists were probed. A score below ``relevance`` could be chance; it is -1
    when the library is too small to tell. ``elapsed_ms`` covers the whole query.
    """

    hits: list[Hit]
    nprobe: int
    nlist: int
    exact: bool
    relevance: float
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class IndexShape:
    """What a choice of nprobe ranges over: 1 to ``nlist`` inverted lists that hold ``vectors`` live vectors."""

    nlist: int
    default_nprobe: int
    vectors: int
