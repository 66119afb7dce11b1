"""What the window asks for: photos, files, parts of pictures and words that together make one query, shown as chips.

Plain values without Qt: the history keeps them, the query bar shows them, the browser turns them into core queries.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from photofind.core.queries import Filters, Query, Region, Term, Words

WEIGHTS: Final = (0.5, 1.0, 2.0, 3.0)
"""How much a part can count; negative for "less like this"."""


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One chip: a photo of the library by id, a file by path, a region of a file, or words; exactly one of the four.

    ``label`` is what the chip says; ``path`` is known for files and regions, and for photos if the window knew it. A
    ``weight`` below 0 means "less like this".
    """

    label: str
    photo_id: int | None = None
    path: str | None = None
    region: Region | None = None
    words: str | None = None
    weight: float = 1.0

    @classmethod
    def of_photo(cls, photo_id: int, path: str | None, *, weight: float = 1.0) -> QueryPart:
        """Return the part for a photo of the library."""
        label = os.path.basename(path) if path else f"#{photo_id}"
        return cls(label, photo_id=photo_id, path=path, weight=weight)

    @classmethod
    def of_file(cls, path: str, label: str | None = None, *, weight: float = 1.0) -> QueryPart:
        """Return the part for any picture file; ``label`` for one that has no name that the user would know."""
        return cls(label or os.path.basename(path), path=path, weight=weight)

    @classmethod
    def of_region(cls, region: Region, *, weight: float = 1.0) -> QueryPart:
        """Return the part for a rectangle of a picture."""
        return cls(os.path.basename(region.path), path=region.path, region=region, weight=weight)

    @classmethod
    def of_words(cls, words: str, *, weight: float = 1.0) -> QueryPart:
        """Return the part for something that was typed."""
        return cls(words, words=words, weight=weight)

    @property
    def is_negative(self) -> bool:
        """Whether the answer should be less like this part."""
        return self.weight < 0

    def weighted(self, weight: float) -> QueryPart:
        """Return the part with another weight."""
        return replace(self, weight=weight)

    def named(self, paths: Mapping[int, str]) -> QueryPart:
        """Return the part with its name if it is a photo that had none, and its path is known."""
        if self.photo_id is None or self.path is not None or self.photo_id not in paths:
            return self
        return QueryPart.of_photo(self.photo_id, paths[self.photo_id], weight=self.weight)

    def is_about_the_same(self, other: QueryPart) -> bool:
        """Tell whether both mean the same photo, file, region or words, whatever they weigh."""
        return self._subject() == other._subject()

    def term(self) -> Term:
        """Return the part as the core understands it."""
        return Term(self._subject(), self.weight)

    def _subject(self) -> str | int | Region | Words:
        if self.words is not None:
            return Words(self.words)
        if self.photo_id is not None:
            return self.photo_id
        return self.region or self.path or ""


@dataclass(frozen=True, slots=True)
class WindowQuery:
    """The parts that together make one query, none twice, and what the answer is limited to.

    Without parts it is a listing of the photos that the ``filters`` keep. ``expand`` looks for more of what the best
    answers have in common.
    """

    parts: tuple[QueryPart, ...]
    filters: Filters = field(default_factory=Filters)
    expand: bool = False

    @classmethod
    def of(
        cls, parts: Iterable[QueryPart], filters: Filters | None = None, *, expand: bool = False
    ) -> WindowQuery | None:
        """Return the query of some parts, each once with its last weight; None when nothing is asked for."""
        unique: list[QueryPart] = []
        for part in parts:
            place = next((n for n, other in enumerate(unique) if part.is_about_the_same(other)), None)
            if place is None:
                unique.append(part)
            else:
                unique[place] = part
        filters = filters or Filters()
        return cls(tuple(unique), filters, expand=expand and bool(unique)) if unique or filters else None

    @classmethod
    def from_json(cls, stored: object) -> WindowQuery:
        """Return the query that :meth:`to_json` has stored; raise ValueError with a sentence when it is none."""
        from photofind.gui.query_json import query_from_json

        return query_from_json(stored)

    def to_json(self) -> dict[str, object]:
        """Return the query as plain values that JSON can hold."""
        from photofind.gui.query_json import query_to_json

        return query_to_json(self)

    @property
    def is_listing(self) -> bool:
        """Whether it has no parts: photos are listed in the user's order, and none is better than another."""
        return not self.parts

    @property
    def is_one_photo(self) -> bool:
        """Whether it asks for what is like one whole picture, in all photos, as a calibration of the index does."""
        if len(self.parts) != 1 or self.filters or self.expand:
            return False
        part = self.parts[0]
        return part.words is None and part.region is None and not part.is_negative

    @property
    def typed(self) -> QueryPart | None:
        """The words that the field for words stands for: the first that are not negated."""
        return next((part for part in self.parts if part.words is not None and not part.is_negative), None)

    def of_same(self, parts: Iterable[QueryPart]) -> WindowQuery | None:
        """Return the query of other parts under the same conditions."""
        return WindowQuery.of(parts, self.filters, expand=self.expand)

    def without(self, part: QueryPart) -> WindowQuery | None:
        """Return the query that is left when a chip is removed."""
        return self.of_same(other for other in self.parts if other != part)

    def adding(self, parts: Iterable[QueryPart]) -> WindowQuery | None:
        """Return the query with more parts; one that it has already takes the new weight."""
        return self.of_same((*self.parts, *parts))

    def changing(self, part: QueryPart, other: QueryPart) -> WindowQuery | None:
        """Return the query with another part in the place of one."""
        return self.of_same(other if each == part else each for each in self.parts)

    def moving(self, part: QueryPart, place: int) -> WindowQuery | None:
        """Return the query with a part in another place, counted without the part itself."""
        if part not in self.parts:
            return self
        rest = [other for other in self.parts if other != part]
        rest.insert(place, part)
        return self.of_same(rest)

    def typing(self, words: str) -> WindowQuery | None:
        """Return the query with other words in the place of :attr:`typed`; with none, without them."""
        typed = self.typed
        if not words:
            return self.without(typed) if typed else self
        if typed is None:
            return self.adding([QueryPart.of_words(words)])
        return self.changing(typed, QueryPart.of_words(words, weight=typed.weight))

    def named(self, paths: Mapping[int, str]) -> WindowQuery:
        """Return the query with names for those photos that had none, as far as their paths are known."""
        return replace(self, parts=tuple(part.named(paths) for part in self.parts))

    def to_core(self, *, limit: int, nprobe: int | None, exact: bool) -> Query:
        """Return the query as the core understands it."""
        plain = [part for part in self.parts if part.weight == 1.0]
        return Query(
            images=tuple(p.path for p in plain if p.words is None and p.photo_id is None and not p.region and p.path),
            photo_ids=tuple(p.photo_id for p in plain if p.photo_id is not None),
            regions=tuple(p.region for p in plain if p.region is not None),
            words=tuple(p.words for p in plain if p.words is not None),
            others=tuple(part.term() for part in self.parts if part.weight != 1.0),
            filters=self.filters,
            expand=self.expand,
            limit=limit,
            nprobe=nprobe,
            exact=exact,
        )
