"""Dates in plain words: "2019", "last summer", "March 2021", "3 years ago", "between 2018 and 2020".

Two ways in: `find_dates` picks dates out of free text, and is careful, for most numbers and many months' names mean
something else; `parse_when` reads a text that is said to be a date, and takes whatever makes sense.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from photofind.core.words import calendar_words as table
from photofind.core.words.day_forms import (
    Found,
    day_first,
    day_of_month,
    decade,
    key_at,
    latest,
    longest,
    months,
    named_in_reach,
    named_with_year,
    numeric,
    shifted,
    year,
)
from photofind.core.words.splitting import clean, key_of

_COMPARED: Final = re.compile(r"(>=|<=|>|<|=)\s*(.+)")
_ISO: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_LARGEST_COUNT: Final = 4
"""Digits of the number in "300 days ago"."""


@dataclass(frozen=True, slots=True)
class DateTerm:
    """A date in a text, as it was written, with its first and last day; `date.min` and `date.max` are open ends."""

    text: str
    since: date
    until: date


def find_dates(keys: Sequence[str], *, today: date) -> list[tuple[int, Found]]:
    """Return where dates start among the keys of a text's words, and what they are, in order, none overlapping."""
    found: list[tuple[int, Found]] = []
    at = 0
    while at < len(keys):
        span = _span(keys, at, today) if _may_start(keys[at]) else None
        if span:
            found.append((at, span))
        at = span.end if span else at + 1
    return found


def parse_when(text: str, *, today: date) -> tuple[date, date] | None:
    """Return the first and last day of what a text says about time, or None when it is no date.

    It is what stands behind ``date:``, ``--since`` and ``--until``: "2019", "2019-05", "may 2019", "last week",
    "2019..2021", ">2019", "since 2019". An open end is `date.min` or `date.max`. A date that can be read two ways is
    none; `ambiguity` says so.
    """
    text = " ".join(clean(text).split())
    if len(text) > 100:
        return None
    if match := _COMPARED.fullmatch(text):
        return _compared(match[1], match[2], today)
    first, dots, last = text.partition("..")
    if not dots:
        return _one(text, today)
    since = _one(first, today) if first.strip() else (date.min, date.min)
    until = _one(last, today) if last.strip(" .") else (date.max, date.max)
    if not since or not until or not text.strip(" ."):
        return None
    return min(since[0], until[0]), max(since[1], until[1])


def ambiguity(key: str) -> str | None:
    """Return what to write instead when a date can be read day first as well as month first, or None."""
    parts = day_first(key)
    if not parts or parts[3] == "." or parts[0] == parts[1] or not all(1 <= part <= 12 for part in parts[:2]):
        return None
    first, second, number, _ = parts
    century = f"{number:04}" if number >= 100 else f"20{number:02}"
    return (
        f"{key} can be read as two dates; write {century}-{second:02}-{first:02} or {century}-{first:02}-{second:02}."
    )


def _may_start(key: str) -> bool:
    """Whether a date may start so; for most words this saves trying all forms."""
    return key in _STARTERS or any(character.isdecimal() for character in key)


def _one(text: str, today: date) -> tuple[date, date] | None:
    """Read a text that is one date as a whole."""
    if match := _ISO.fullmatch(text.strip()):  # whatever the year: scripts name far ends
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            first = date(year or 0, month or 1, day or 1)
            last = date(first.year, month or 12, day or calendar.monthrange(first.year, month or 12)[1])
        except ValueError:  # no such day
            return None
        return first, last
    keys = [key for word in text.split() if (key := key_of(word))]
    found = _span(keys, 0, today)
    if not found or found.end != len(keys):
        found = longest(keys, 0, today, (latest, _weekday, _bare_decade))
    return (found.since, found.until) if found and found.end == len(keys) else None


def _compared(sign: str, text: str, today: date) -> tuple[date, date] | None:
    days = _one(text, today)
    if not days:
        return None
    return {
        ">": (shifted(days[1], 1), date.max),
        ">=": (days[0], date.max),
        "<": (date.min, shifted(days[0], -1)),
        "<=": (date.min, days[1]),
        "=": days,
    }[sign]


def _span(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Read a date with the prepositions before it, or two that make a span, or one that opens one."""
    key = key_at(keys, at)
    if opened := _opened(keys, at, today):
        return opened
    if key in {"between", "from"} and (both := _both(keys, at + 1, today)):
        return both
    if both := _both(keys, at, today, only_to=True):
        return both
    points = [_point(keys, at, today)]
    if key in table.LEADING or key == "the":
        points.append(_point(keys, at + 1 + (key != "the" and key_at(keys, at + 1) == "the"), today))
    return max((point for point in points if point), key=lambda point: point.end, default=None)


def _opened(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Since 2019, until March 2020, before, after."""
    key = key_at(keys, at)
    if key not in table.STARTING | table.ENDING | {"before", "after"}:
        return None
    point = _point(keys, at + 1, today)
    if not point and key in table.STARTING:  # "since May"; but "after summer rain" tells no time
        point = latest(keys, at + 1, today)
    if not point:
        return None
    if key in table.STARTING:
        return Found(point.end, point.since, date.max)
    if key in table.ENDING:
        return Found(point.end, date.min, point.until)
    if key == "before":
        return Found(point.end, date.min, shifted(point.since, -1))
    return Found(point.end, shifted(point.until, 1), date.max)


def _both(keys: Sequence[str], at: int, today: date, *, only_to: bool = False) -> Found | None:
    """2018 to 2020; behind "between" also 2018 and 2020."""
    first = _point(keys, at, today)
    if not first or key_at(keys, first.end) not in (table.JOINING - {"and"} if only_to else table.JOINING):
        return None
    second = _point(keys, first.end + 1, today)
    if not second:
        return None
    return Found(second.end, min(first.since, second.since), max(first.until, second.until))


def _point(keys: Sequence[str], at: int, today: date) -> Found | None:
    return longest(keys, at, today, _FORMS)


def _dotted(keys: Sequence[str], at: int, today: date) -> Found | None:
    """2019..2021 in one word."""
    first, dots, last = key_at(keys, at).partition("..")
    if not dots or not first or not last:
        return None
    since, until = (longest([part], 0, today, (year, numeric)) for part in (first, last))
    if not since or not until:
        return None
    return Found(at + 1, min(since.since, until.since), max(since.until, until.until))


def _near(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Today, yesterday, the day before yesterday, last night."""
    key = key_at(keys, at)
    if key in table.TODAY:
        return Found(at + 1, today, today)
    if key in table.YESTERDAY:
        return Found(at + 1, shifted(today, -1), shifted(today, -1))
    if list(keys[at : at + 3]) == ["day", "before", "yesterday"]:
        return Found(at + 3, shifted(today, -2), shifted(today, -2))
    return Found(at + 2, shifted(today, -1), today) if list(keys[at : at + 2]) == ["last", "night"] else None


def _unit_in_reach(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Last week, this month, previous year, last weekend; the past year is the twelve months up to today."""
    key, unit = key_at(keys, at), table.UNITS.get(key_at(keys, at + 1), key_at(keys, at + 1))
    if unit not in {"week", "weekend", "month", "year"} or key_at(keys, at + 1).endswith("s"):
        return None
    if key == "past":
        return Found(at + 2, _back(today, 1, unit)[2], today) if unit != "weekend" else None
    if key not in table.LAST | table.THIS:
        return None
    back = int(key in table.LAST)
    if unit == "weekend":
        saturday = shifted(today, -((today.weekday() - 5) % 7))
        over = shifted(saturday, 1) < today
        saturday = shifted(saturday, -7 if back and not over else 0)
        return Found(at + 2, saturday, shifted(saturday, 1))
    since, until, _ = _back(today, back, unit)
    return Found(at + 2, since, until)


def _ago(keys: Sequence[str], at: int, today: date) -> Found | None:
    """3 days ago, two years ago: that day, week, month or year."""
    count, end = _count(keys, at)
    unit = table.UNITS.get(key_at(keys, end))
    if count is None or not unit or key_at(keys, end + 1) != "ago":
        return None
    since, until, _ = _back(today, count, unit)
    return Found(end + 2, since, until)


def _past_units(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Last 3 months, the past ten days: up to today."""
    count, end = _count(keys, at + 1)
    unit = table.UNITS.get(key_at(keys, end))
    if key_at(keys, at) not in table.PAST or count is None or not unit:
        return None
    return Found(end + 1, _back(today, count, unit)[2], today)


def _weekday_in_reach(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Last Friday: the latest before today."""
    return _weekday(keys, at + 1, today) if key_at(keys, at) in table.LAST else None


def _weekday(keys: Sequence[str], at: int, today: date) -> Found | None:
    number = table.WEEKDAYS.get(key_at(keys, at))
    if number is None:
        return None
    day = shifted(today, -((today.weekday() - number - 1) % 7 + 1))
    return Found(at + 1, day, day)


def _bare_decade(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Nineties, 20s: what free text wants "the" for."""
    found = decade(["the", *keys[at : at + 1]], 1, today)
    return found._replace(end=at + 1) if found else None


def _count(keys: Sequence[str], at: int) -> tuple[int | None, int]:
    """Return a number and where it ends: 3, three, a, a couple of."""
    key = key_at(keys, at)
    if key.isdecimal() and len(key) <= _LARGEST_COUNT:
        return int(key), at + 1
    if key == "a" and key_at(keys, at + 1) == "couple":
        return 2, at + 2 + (key_at(keys, at + 2) == "of")
    return table.NUMBERS.get(key), at + 1


def _back(today: date, count: int, unit: str) -> tuple[date, date, date]:
    """Return the first and last day of the unit so many units ago, and the day that lies exactly so far back."""
    if unit == "day":
        day = shifted(today, -count)
        return day, day, day
    if unit == "week":
        monday = shifted(today, -today.weekday() - 7 * count)
        return monday, shifted(monday, 6), shifted(today, -7 * count)
    number = 12 * today.year + today.month - 1
    since, until = months(number - count) if unit == "month" else months(12 * (today.year - count), 12)
    first, last = months(number - (count if unit == "month" else 12 * count))
    return since, until, first.replace(day=min(today.day, last.day))


_FORMS: Final = (
    numeric,
    year,
    _dotted,
    decade,
    day_of_month,
    named_with_year,
    named_in_reach,
    _near,
    _unit_in_reach,
    _ago,
    _past_units,
    _weekday_in_reach,
)

_STARTERS: Final = frozenset({"before", "after", "between", "the", "day"}).union(
    *(table.STARTING, table.ENDING, table.LEADING, table.LAST, table.PAST, table.THIS, table.TODAY, table.YESTERDAY),
    *(table.MONTHS, table.SEASONS, table.DECADES, table.NUMBERS),
    (feast[0] for feast in table.FEASTS),
)
