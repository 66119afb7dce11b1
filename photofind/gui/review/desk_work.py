"""What the desk's threads read out of the library, and the records in which it travels to the window."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from photofind.core.catalog.decisions import DecisionStore, Mark
from photofind.core.duplicates.keeping import Suggestion
from photofind.core.evidence import DuplicateGroup, GroupKind
from photofind.core.library import Library
from photofind.core.records import PhotoId
from photofind.gui.review.marks import KEEP, REMOVE, SKIP, MarkBook
from photofind.gui.review.overview import Codes, GroupOrder, Ints, Overview
from photofind.gui.review.source import ReviewSource
from photofind.gui.review.threshold import Step
from photofind.gui.review.weighing import Known, Weighed

CODES: Final = {Mark.KEEP: KEEP, Mark.REMOVE: REMOVE, Mark.SKIP: SKIP}
MARKS: Final = {code: mark for mark, code in CODES.items()}
PLACE_KEY: Final = "review"
"""Under which key of decisions.db the place is kept."""

MarkKey = tuple[bytes, str]
"""A content hash and a path: what a mark is about."""


Choice = tuple[DuplicateGroup, Mapping[PhotoId, Mark | Suggestion]]
"""A group and what is to become of its photos, as a plan is made from it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the review is: what is listed, how, and the path of the current group's reference."""

    kind: GroupKind = GroupKind.EXACT
    order: GroupOrder = GroupOrder.BYTES
    path: str = ""
    threshold: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ListedGroups:
    """All groups at a threshold, the marks there are, and where the review was left: a photo, -1 when it is gone.

    ``photos`` is the number of photos in the library, ``waiting`` that of those that were not compared yet.
    """

    overview: Overview
    book: MarkBook
    steps: Sequence[Step]
    threshold: float
    place: Place
    photo_id: int
    photos: int
    waiting: int
    was_searched: bool


@dataclass(frozen=True, slots=True, eq=False)
class ShownGroup:
    """One group of an overview in full, a suggestion for each member, and what is known of pairs of its contents.

    The marks of ``changed`` members are about what was in their files before, and so about nothing.
    """

    overview: Overview
    number: int
    group: DuplicateGroup
    suggestions: tuple[Suggestion, ...]
    known: Known
    changed: tuple[int, ...]


def read_listing(source: ReviewSource, store: DecisionStore, library: Library, threshold: float | None) -> ListedGroups:
    """Return all groups at a threshold, None for the one that was chosen last, with the marks that are stored."""
    place = place_from(store.state(PLACE_KEY))
    if threshold is None:
        threshold = place.threshold if place.threshold is not None else source.usual_threshold()
    overview = source.overview(threshold)
    overview.prepare()
    book = MarkBook(overview)
    book.set(*stored_marks(library, store))
    book.states()
    photo = library.photo_at(place.path) if place.path else None
    return ListedGroups(
        overview,
        book,
        tuple(source.steps()),
        threshold,
        place,
        photo_id=-1 if photo is None else int(photo),
        photos=library.count_photos(),
        waiting=source.count_waiting(),
        was_searched=source.was_searched(),
    )


def stored_marks(library: Library, store: DecisionStore) -> tuple[Ints, Codes]:
    """Return the photos that are marked and still there, and their marks."""
    marks = store.marks()
    ids = np.array([library.photo_at(path) or -1 for _, path in marks], np.int64)
    codes = np.array([CODES[mark] for mark in marks.values()], np.uint8)
    known = ids >= 0
    return ids[known], codes[known]


def choice_of(weighed: Weighed, store: DecisionStore) -> Choice:
    """Return a group with the marks that are about just these files, with just these contents.

    In the place of a mark that is what was suggested, the suggestion says why.
    """
    members = weighed.group.members
    marks = store.marks_of([member.path for member in members])
    choice: dict[PhotoId, Mark | Suggestion] = {}
    for member, suggestion in zip(members, weighed.suggestions, strict=True):
        mark = marks.get((member.content_hash, member.path))
        if mark is not None:
            choice[member.photo_id] = suggestion if mark is Mark.REMOVE and suggestion.keep is False else mark
    gone = {member.photo_id for member in members if marks.get((member.content_hash, member.path)) is Mark.REMOVE}
    contrary = {photo_id for photo_id, each in choice.items() if isinstance(each, Suggestion) and each.kept in gone}
    return weighed.group, {**choice, **dict.fromkeys(contrary, Mark.REMOVE)}


def changed_since_marked(group: DuplicateGroup, store: DecisionStore) -> tuple[int, ...]:
    """Return the members whose files were marked when they had another content."""
    marked = {path: content_hash for content_hash, path in store.marks_of([m.path for m in group.members])}
    return tuple(int(m.photo_id) for m in group.members if marked.get(m.path, m.content_hash) != m.content_hash)


def place_from(stored: str | None) -> Place:
    """Return a place as it was stored; what is missing or of another version is as at the first start."""
    place = Place()
    with suppress(ValueError, TypeError, AttributeError, KeyError):
        words = json.loads(stored or "{}")
        threshold = words.get("threshold")
        place = Place(
            GroupKind(words.get("kind", place.kind)),
            GroupOrder(words.get("order", place.order)),
            str(words.get("path", "")),
            float(threshold) if threshold is not None else None,
        )
    return place
