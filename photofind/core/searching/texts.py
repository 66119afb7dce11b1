"""Texts of a query become what can be searched for: a meaning, colours, and what photos say of themselves.

A word may be meant for the picture ("dog") or for the photo's name, folder, camera, place or date ("Kyoto", "2019"),
and who types it does not say which. So both are looked up, and a photo of which both are true comes first. What a word
that means nothing to a picture finds in names is worth much: there is nothing else that it could mean. A word that
means something and is found in names as well is worth the more the fewer photos it is said of.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from photofind.core.catalog import Catalog, Field
from photofind.core.queries import Filters, Term, Words
from photofind.core.records import Embedding
from photofind.core.words.dates import DateTerm
from photofind.core.words.describing import describe
from photofind.core.words.meaning import Meaning, WordsEncoder
from photofind.core.words.reading import Reading, read_words

SURE_WORTH = 6.0
"""In spreads of the pictures' own scores: more than one photo of ten million reaches by chance."""
LEAST_WORTH = 2.0
KNOWS_NO_WORDS = "The library's model knows no words"


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Something that a text names and that photos say of themselves.

    ``photo_ids`` are sorted; ``worth`` is in spreads of the scores by likeness.
    """

    label: str
    photo_ids: npt.NDArray[np.int64]
    worth: float


@dataclass(frozen=True, slots=True, eq=False)
class TextPart:
    """One text, or the part of one that is not wanted (then its weight is below 0)."""

    weight: float
    meaning: Meaning | None
    colours: tuple[str, ...]
    said: tuple[Said, ...]

    @property
    def vector(self) -> Embedding | None:
        """The direction of its meaning, if it has one."""
        return self.meaning.vector if self.meaning is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class QueryTexts:
    """All texts of a query: their parts, the filters in them, and what to tell the user about how they were read.

    ``is_vain`` when something is wanted of which nothing is known.
    """

    parts: tuple[TextPart, ...] = ()
    filters: tuple[Filters, ...] = ()
    understood: str = ""
    unknown: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_vain: bool = False


class TextReader:
    """Reads the texts of queries.

    ``encoder`` returns what knows the meaning of words, None where there is nothing that does, and ``lack`` then says
    why; it is called when the first text with free words comes.
    """

    def __init__(
        self,
        catalog: Catalog,
        encoder: Callable[[], WordsEncoder | None],
        today: Callable[[], datetime.date],
        lack: Callable[[], str] = lambda: KNOWS_NO_WORDS,
    ) -> None:
        self._catalog = catalog
        self._lack = lack
        self._encoder = encoder
        self._today = today
        self._remembered: dict[tuple[tuple[Term, ...], int, datetime.date], QueryTexts] = {}

    def read(self, terms: Iterable[Term]) -> QueryTexts:
        """Return what the texts among the terms mean to this library now."""
        texts = tuple(term for term in terms if isinstance(term.of, Words))
        if not texts:
            return QueryTexts()
        key = (texts, self._catalog.revision(), self._today())
        if key not in self._remembered:  # the same words come again for more hits, or with another nprobe
            self._remembered = {key: self._read(texts)}
        return self._remembered[key]

    def _read(self, texts: Sequence[Term]) -> QueryTexts:
        read = []
        for term in texts:
            assert isinstance(term.of, Words)
            read.append((read_words(term.of.text, today=self._today()), term.weight))
        parts: list[TextPart] = []
        unknown: list[str] = []
        shown: list[str] = []
        problems = [problem for reading, _ in read for problem in reading.problems]
        is_vain = False
        for reading, weight in read:
            part, missing = self._part(reading, weight)
            parts.append(part)
            unknown += missing
            is_vain |= weight > 0 and bool(missing)
            shown += [_denied(text, weight) for text in _understood(reading, part)]
            if weight > 0:
                for text in reading.negative:
                    negative, missing = self._part(read_words(text, today=self._today()), -weight)
                    parts.append(negative)
                    unknown += missing
                    shown += [_denied(word, -weight) for word in (negative.meaning or _NOTHING).understood]
                shown += describe(reading.filters)
            elif left_out := (*describe(reading.filters), *(f"-{text}" for text in reading.negative)):
                problems.append(_NO_MINUS_CONDITION.format(", ".join(left_out)))
        if any(reading.positive or reading.negative for reading, _ in read) and self._encoder() is None:
            problems.append(f"{self._lack()}, so only names, places and dates are searched.")
        return QueryTexts(
            tuple(part for part in parts if part.meaning is not None or part.said or part.colours),
            tuple(reading.filters for reading, weight in read if reading.filters and weight > 0),
            " · ".join(dict.fromkeys(shown)),
            tuple(dict.fromkeys(unknown)),
            tuple(dict.fromkeys(problems)),
            is_vain,
        )

    def _part(self, reading: Reading, weight: float) -> tuple[TextPart, list[str]]:
        """Return what a text contributes and the words of it that mean nothing here."""
        encoder = self._encoder() if reading.positive else None
        meaning = encoder.read(reading.positive) if encoder is not None else None
        strange = meaning.unknown if meaning is not None else reading.words
        unknown = {word.casefold(): word for word in strange if word.casefold() not in reading.colours}
        said: list[Said] = []
        for word in reading.words:
            if (each := self._said(word, is_known=word.casefold() not in unknown)) is not None:
                said.append(each)
                for part in (word, *word.split()):
                    unknown.pop(part.casefold(), None)
        dated = (self._dated(term) for term in reading.dates)
        said += [each for each in dated if len(each.photo_ids)]
        if meaning is not None and meaning.vector is None:
            meaning = None
        return TextPart(weight, meaning, reading.colours, tuple(said)), list(unknown.values())

    def _said(self, word: str, *, is_known: bool) -> Said | None:
        matches = self._catalog.texts.matches(word)
        if not matches:
            return None
        label = ", ".join(_FIELDS[field] for field in matches)
        ids = np.unique(np.concatenate(list(matches.values())))
        return Said(f"{label}: {word}", ids, self._worth(len(ids)) if is_known else SURE_WORTH)

    def _dated(self, term: DateTerm) -> Said:
        dated = self._catalog.texts.dated(term.since, term.until)
        named = self._catalog.texts.match(term.text)  # a folder may be called "2019"
        return Said(f"date: {term.text}", np.union1d(dated, named), SURE_WORTH)

    def _worth(self, photos: int) -> float:
        rarity = 1 - math.log1p(photos) / math.log1p(max(photos, self._catalog.files.count_photos()))
        return LEAST_WORTH + (SURE_WORTH - LEAST_WORTH) * rarity


_NOTHING = Meaning(None, (), 0.0, (), ())
_NO_MINUS_CONDITION = "Only plain words can be unwanted, so this was left out: {}."

_FIELDS = {Field.NAME: "name", Field.FOLDER: "folder", Field.CAMERA: "camera", Field.PLACE: "place"}


def _understood(reading: Reading, part: TextPart) -> list[str]:
    shown = list(part.meaning.understood) if part.meaning is not None else []
    known = {text.casefold() for text in shown}
    for said in part.said:
        field, _, word = said.label.partition(": ")
        if field == "date":
            shown.append(word)
        elif word.casefold() not in known:
            shown.append(f"{word} ({field})")
    shown += [term.text for term in reading.dates if term.text not in shown]  # of which no photo is
    shown += [colour for colour in reading.colours if colour not in known]
    return shown


def _denied(text: str, weight: float) -> str:
    return text if weight > 0 else f"not {text}"
