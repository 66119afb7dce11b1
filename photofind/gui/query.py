"""What the window asks for: photos, files and parts of pictures that together make one query, shown as chips.

Plain values without Qt: the history keeps them, the query bar shows them, the browser turns them into core queries.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from photofind.core.queries import Query, Region


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One chip: a photo of the library by id, a file by path, or a region of a file; exactly one of the three.

    ``label`` is what the chip says; ``path`` is known for files and regions, and for photos if the window knew it.
    """

    label: str
    photo_id: int | None = None
    path: str | None = None
    region: Region | None = None

    @classmethod
    def of_photo(cls, photo_id: int, path: str | None) -> QueryPart:
        """Return the part for a photo of the library."""
        return cls(os.path.basename(path) if path else f"#{photo_id}", photo_id=photo_id, path=path)

    @classmethod
    def of_file(cls, path: str, label: str | None = None) -> QueryPart:
        """Return the part for any picture file; ``label`` for one that has no name that the user would know."""
        return cls(label or os.path.basename(path), path=path)

    @classmethod
    def of_region(cls, region: Region) -> QueryPart:
        """Return the part for a rectangle of a picture."""
        return cls(os.path.basename(region.path), path=region.path, region=region)


@dataclass(frozen=True, slots=True)
class WindowQuery:
    """The parts that together make one query; at least one, none twice."""

    parts: tuple[QueryPart, ...]

    @classmethod
    def of(cls, parts: Iterable[QueryPart]) -> WindowQuery | None:
        """Return the query of some parts, each once; None when there is none."""
        unique = tuple(dict.fromkeys(parts))
        return cls(unique) if unique else None

    def without(self, part: QueryPart) -> WindowQuery | None:
        """Return the query that is left when a chip is removed."""
        return WindowQuery.of(other for other in self.parts if other != part)

    def to_core(self, *, limit: int, nprobe: int | None, exact: bool) -> Query:
        """Return the query as the core understands it."""
        return Query(
            images=tuple(p.path for p in self.parts if p.photo_id is None and p.region is None and p.path),
            photo_ids=tuple(p.photo_id for p in self.parts if p.photo_id is not None),
            regions=tuple(p.region for p in self.parts if p.region is not None),
            limit=limit,
            nprobe=nprobe,
            exact=exact,
        )
