"""What is asked of a library and what it answers: plain data, apart from what answers it.

Whoever only asks need not wait for the search's libraries to be loaded.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Final

from photofind.core.accuracy import Accuracy
from photofind.core.errors import QueryError
from photofind.core.paths import can_be_a_path
from photofind.core.records import Part, PhotoId

MAX_LIMIT: Final = 100_000
MAX_WORDS: Final = 10_000
"""Characters of one text; what a sentence encoder reads of it is less."""
MAX_TEXTS: Final = 100
MAX_WEIGHT: Final = 10.0


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
class Words:
    """What somebody typed, as it was typed: words, dates and ``name:``-like prefixes are told apart by the search."""

    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a composed query and how much it counts; a weight below 0 means "less like this".

    ``of`` is the path of an image, the id of a photo, a region, or words.
    """

    of: str | int | Region | Words
    weight: float = 1.0

    def check(self) -> None:
        """Raise QueryError when the term cannot be searched by."""
        if not math.isfinite(self.weight) or not 0 < abs(self.weight) <= MAX_WEIGHT:
            raise QueryError(
                f"The weight {self.weight} must lie between -{MAX_WEIGHT:g} and {MAX_WEIGHT:g} and not be 0."
            )
        if isinstance(self.of, Words):
            if len(self.of.text) > MAX_WORDS:
                raise QueryError(f"The text is longer than {MAX_WORDS:,} characters; shorten it.")
        elif isinstance(self.of, Region | str):
            path = self.of.path if isinstance(self.of, Region) else self.of
            if not can_be_a_path(path):
                raise QueryError(f"{path!r} cannot be the name of a file; name an image to search by.")
            if isinstance(self.of, Region):
                self.of.part()


class Orientation(StrEnum):
    """How a photo lies once it is upright; within 2 % of equal sides it is square."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Filters:
    """What every hit must be: all conditions that are given hold, and one that is not given holds for all.

    ``folders`` are absolute paths, at or below any of which a photo must lie. Each of ``names`` occurs in the file's
    name (``*`` and ``?`` are wildcards), each of ``within`` in the name of some folder above it, each of ``cameras``
    in the camera's name, each of ``places`` in the name of the place; all without regard to case. ``since`` and
    ``until`` are days on the local clock, both included. ``formats`` are those of the catalog, any of which will do.
    """

    folders: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None
    orientation: Orientation | None = None
    min_megapixels: float | None = None
    max_megapixels: float | None = None
    has_gps: bool | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) not in ((), None) for each in fields(self))


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: photos by path or id, regions of photos and words, which together make one query.

    What ``images``, ``photo_ids``, ``regions`` and ``words`` name counts once each; ``others`` have weights of their
    own, below 0 for what the hits should not be like. Without any of these, ``filters`` alone are a query: all that
    they keep, newest first. ``expand`` asks again with the mean of the query and its best hits, which finds more of one
    thing (alpha query expansion, Radenović, Tolias and Chum 2018).

    ``nprobe`` None means the default for the library's size; ``exact`` compares with every photo instead.
    ``exclude_query`` leaves the query photos themselves, with their copies, out of the hits.
    """

    images: tuple[str, ...] = ()
    photo_ids: tuple[int, ...] = ()
    regions: tuple[Region, ...] = ()
    words: tuple[str, ...] = ()
    others: tuple[Term, ...] = ()
    filters: Filters = field(default_factory=Filters)
    expand: bool = False
    limit: int = 50
    nprobe: int | None = None
    exact: bool = False
    exclude_query: bool = False

    def terms(self) -> Iterator[Term]:
        """Yield all parts of the query with their weights."""
        for named in (self.images, self.photo_ids, self.regions):
            yield from map(Term, named)
        yield from (Term(Words(text)) for text in self.words)
        yield from self.others

    def check(self) -> None:
        """Raise QueryError when the query asks for nothing or for numbers out of range."""
        terms = list(self.terms())
        if not terms and not self.filters:
            raise QueryError("Name words, an image or a photo id to search by.")
        if sum(isinstance(term.of, Words) for term in terms) > MAX_TEXTS:
            raise QueryError(f"The query has more than {MAX_TEXTS} texts; put what belongs together into one.")
        for term in terms:
            term.check()
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryError(f"The limit is {self.limit}; it must lie between 1 and {MAX_LIMIT}.")
        if self.nprobe is not None and self.nprobe < 1:
            raise QueryError(f"nprobe is {self.nprobe}; it must be at least 1.")


@dataclass(frozen=True, slots=True)
class Hit:
    """A photo that answers a query; ``offline`` when its volume is away.

    ``why`` are short reasons, "looks like: dog", "colour: red" or "folder: Kyoto"; a query by images alone has none.
    """

    photo_id: PhotoId
    path: str
    score: float
    offline: bool
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a query, best first, and how they were found.

    ``exact`` means that every photo was compared by its stored embedding, not only the candidates that the index
    proposed. ``nprobe`` of ``nlist`` inverted lists were probed. A score below ``relevance`` could be chance; it is -1
    when the library is too small to tell. ``elapsed_ms`` covers the whole query.

    ``understood`` says in one line what the words were taken for, "dog · beach"; ``unknown`` are those
    that mean nothing to this library, and ``problems`` sentences about what was ill-formed. ``matching`` is the number
    of photos that the filters keep, None without any. ``left_out`` photos could have been among the hits and were not
    compared, nor counted by ``exact``, because their embeddings are damaged, as far as that is known by now: a row is
    verified when it is first read.
    """

    hits: list[Hit]
    nprobe: int
    nlist: int
    exact: bool
    relevance: float
    elapsed_ms: float
    understood: str = ""
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    matching: int | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class IndexShape:
    """What a choice of nprobe ranges over: 1 to ``nlist`` inverted lists that hold ``vectors`` live vectors.

    ``accuracy`` is what a calibration has measured of it, None as long as none that still holds has been made.
    """

    nlist: int
    default_nprobe: int
    vectors: int
    accuracy: Accuracy | None = None


@dataclass(frozen=True, slots=True)
class ExactCheck:
    """What comparing with every photo says of an answer: of the ``nearest`` best photos, it lacked ``missed``.

    ``nearest`` is 100, or fewer where fewer were asked for or exist; ``missed`` is best first. ``left_out`` photos were
    not compared, because their embeddings are damaged.
    """

    nearest: int
    missed: tuple[Hit, ...]
    elapsed_ms: float
    left_out: int = 0
