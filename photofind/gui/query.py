"""What the window asks for: photos, files and parts of pictures that together make one query, shown as chips.

Plain values without Qt: the history keeps them, the query bar shows them, the browser turns them into core queries.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
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

    def named(self, paths: Mapping[int, str]) -> QueryPart:
        """Return the part with its name if it is a photo that had none, and its path is known."""
        if self.photo_id is None or self.path is not None or self.photo_id not in paths:
            return self
        return QueryPart.of_photo(self.photo_id, paths[self.photo_id])


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

    def named(self, paths: Mapping[int, str]) -> WindowQuery:
        """Return the query with names for those photos that had none, as far as their paths are known."""
        return WindowQuery(tuple(part.named(paths) for part in self.parts))

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
