"""A typed text becomes what the search can work with: free text, what is not wanted, colours, dates and filters.

Flow, each step on the tokens that the one before has left: text ──clean, split──▶ tokens ──prefixes──▶ `Filters`
──dates──▶ `DateTerm` ──negation──▶ minus texts ──▶ the rest: free text, its colours, and words to look up.

Nothing here reads a file or a clock, nothing raises, whatever is typed; what could not be understood is told in
``problems``. A quoted phrase is never interpreted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from photofind.core.queries import Filters
from photofind.core.words.calendar_words import LEADING
from photofind.core.words.colour_words import colours_of
from photofind.core.words.dates import DateTerm, ambiguity, find_dates, parse_when
from photofind.core.words.day_forms import Found
from photofind.core.words.negation import find_negated, negates
from photofind.core.words.prefixes import read_filters, shortened
from photofind.core.words.splitting import Token, clean, plainly, split
from photofind.core.words.stop_words import PHOTO_WORDS, STOP_WORDS

MAX_LOOKED_UP: Final = 64
"""Words of one text to look up: each costs a question to the catalog, and a text that long is prose."""

_TAKEN: Final = "taken"
_JOINTS: Final = frozenset({"in", "on", "at", "from", "with", "of", "and", "or", "but", "the", "a", "an", "to"})
_OPENERS: Final = frozenset({"and", "or", "but", "with"})
_NO_MINUS_DATE: Final = "A time cannot be left out, as {} here; write date:<2019 or date:>2019 for the time you want."

_Place = tuple[int, Found]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a typed text means.

    ``positive`` is the free text, without dates, filters and what is not wanted; it may be empty. ``negative`` are
    texts that the hits should not be like. ``colours`` are the basic colours, or "black and white", that the free
    text names, where they stay. ``dates`` are dates in plain words, which prefer photos but exclude none; ``filters``
    come from the prefixes and do exclude. ``words`` are the words and quoted phrases of the free text that may occur
    in names of files, folders, cameras and places, as typed, at most `MAX_LOOKED_UP`. ``problems`` are sentences for
    the user.
    """

    positive: str = ""
    negative: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    dates: tuple[DateTerm, ...] = ()
    filters: Filters = field(default_factory=Filters)
    words: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read_words(text: str, *, today: date) -> Reading:
    """Return what a typed text means to somebody for whom it is ``today``, in time linear in the text."""
    cleaned = clean(text)
    tokens = split(cleaned)
    filters, problems, taken = read_filters(tokens, today=today)
    tokens = [replace(token, key="", prefix=_TAKEN) if at in taken else token for at, token in enumerate(tokens)]
    dates, unwanted = _dates(tokens, today)
    dated = {place for at, span in (*dates, *unwanted) for place in range(at, span.end)}
    negated = [each for each in find_negated(tokens, dated) if not _is_minus_date(tokens[each.start], today)]
    gone = dated | {place for each in negated for place in range(each.start, each.end)}
    gone |= {at - 1 for at, _ in unwanted}
    rest = [token for at, token in enumerate(tokens) if at not in gone and _is_free(token)]
    if len(rest) < len(tokens):
        rest = _without_remains(rest)
    return Reading(
        positive=_free_text(rest),
        negative=_distinct(plainly(each.text) for each in negated),
        colours=colours_of([token.key for token in rest]),
        dates=tuple(
            dict.fromkeys(
                DateTerm(_shown(cleaned, tokens[at : span.end]), span.since, span.until) for at, span in dates
            )
        ),
        filters=filters,
        words=_looked_up(rest),
        problems=_distinct((*problems, *_problems(tokens, unwanted, cleaned, today))),
    )


def _dates(tokens: Sequence[Token], today: date) -> tuple[list[_Place], list[_Place]]:
    """Return the dates that are wanted and those that are not: "not in 2019"."""
    wanted: list[_Place] = []
    unwanted: list[_Place] = []
    for at, span in find_dates([token.key for token in tokens], today=today):
        (unwanted if at and negates(tokens, at - 1) else wanted).append((at, span))
    return wanted, unwanted


def _is_minus_date(token: Token, today: date) -> bool:
    """Tell "-2019" from "-summer", which is about what a photo shows."""
    has_digit = any(character.isdecimal() for character in token.text)
    return token.minus and not token.prefix and has_digit and parse_when(token.text, today=today) is not None


def _is_free(token: Token) -> bool:
    return not token.prefix and not token.minus and not (token.plain and ambiguity(token.key))


def _without_remains(rest: Sequence[Token]) -> list[Token]:
    """Drop what only led to something that was taken out: "photos from" 2019, "beach with" no people."""
    if all(token.key in STOP_WORDS | PHOTO_WORDS for token in rest):
        return []
    start, end = 0, len(rest)
    while rest[start].key in _OPENERS:
        start += 1
    while rest[end - 1].key in _JOINTS:
        end -= 1
    return list(rest[start:end])


def _free_text(rest: Sequence[Token]) -> str:
    text = plainly(" ".join(token.text for token in rest)).strip(" ,;:-")
    return text if any(c.isalnum() or unicodedata.category(c) == "So" for c in text) else ""


def _looked_up(rest: Sequence[Token]) -> tuple[str, ...]:
    """Return the words that may name something, without their punctuation, and quoted phrases whole."""
    words: dict[str, str] = {}
    for token in rest:
        if len(words) == MAX_LOOKED_UP:
            break
        if token.key in STOP_WORDS | PHOTO_WORDS:
            continue
        word = plainly(token.text) if token.quoted else _bare(plainly(token.text))
        if any(c.isalnum() for c in word) and (len(word) > 1 or not word.isascii()):
            words.setdefault(word.casefold(), word)
    return tuple(words.values())


def _bare(word: str) -> str:
    """Return a word without the punctuation around it and a possessive s."""
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not (word[end - 1].isalnum() or unicodedata.combining(word[end - 1])):
        end -= 1
    return word[start:end].removesuffix("'s").removesuffix("’s")  # noqa: RUF001 - an apostrophe as phones write it


def _shown(text: str, tokens: Sequence[Token]) -> str:
    """Return a date as it was typed, without prepositions and articles before it."""
    first = 0
    while first < len(tokens) - 1 and tokens[first].key in LEADING | {"the"}:
        first += 1
    return plainly(text[tokens[first].start : tokens[-1].end]).strip(" ,;.!?()")


def _problems(tokens: Sequence[Token], unwanted: Sequence[_Place], text: str, today: date) -> Iterator[str]:
    for token in tokens:
        if token.plain and (sentence := ambiguity(token.key)):
            yield sentence
        elif _is_minus_date(token, today):
            yield _NO_MINUS_DATE.format(shortened(token.text))
    for at, span in unwanted:
        yield _NO_MINUS_DATE.format(shortened(_shown(text, tokens[at : span.end])))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(texts) if text)
