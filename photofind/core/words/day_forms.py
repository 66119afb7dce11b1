"""The forms in which one day, month, season or span is written, each read by a small function of its own.

A form looks at the keys from a place on and says how far it reaches and which days it means, or None. `longest` tries
them all. All dates are of the calendar in use today (Gregorian), weeks begin on Monday (ISO 8601).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import Final, NamedTuple

from photofind.core.words import calendar_words as table

FIRST_YEAR: Final = 1826
"""No photo is older than Niépce's."""

_NUMERIC: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?|(\d{4})(\d\d)(\d\d)|(\d{1,2})([-/.])(\d{4})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)")
_YEARS: Final = re.compile(r"(\d{4})[-/](\d{4}|\d\d)")
_DECADE: Final = re.compile(r"(\d{3})0(?:s|er)")
_SHORT_DECADE: Final = re.compile(r"('?)([0-9])0(?:s|er)")
_ORDINAL: Final = re.compile(r"(\d{1,2})(st|nd|rd|th|er)?")


class Found(NamedTuple):
    """Where a date ends among the keys, and its first and last day."""

    end: int
    since: date
    until: date


Form = Callable[[Sequence[str], int, date], Found | None]


def longest(keys: Sequence[str], at: int, today: date, forms: Sequence[Form]) -> Found | None:
    """Return the reading that takes most of the keys from ``at`` on."""
    found = [each for form in forms if (each := form(keys, at, today))]
    return max(found, key=lambda each: each.end, default=None)


def key_at(keys: Sequence[str], at: int) -> str:
    """Return the key at a place that need not exist."""
    return keys[at] if 0 <= at < len(keys) else ""


def day_first(key: str) -> tuple[int, int, int, str] | None:
    """Return (first number, second number, year, separator) of a date such as 5/4/2019, or None."""
    match = _DAY_FIRST.fullmatch(key)
    return (int(match[1]), int(match[3]), int(match[4]), match[2]) if match else None


def months(since: int, count: int = 1) -> tuple[date, date]:
    """Return the first and last day of ``count`` months from one on, whose number is 12 times the year plus 0 to 11."""
    since = min(max(since, 12 * MINYEAR), 12 * MAXYEAR + 12 - count)
    year, month = divmod(since + count - 1, 12)
    return date(since // 12, since % 12 + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


def shifted(day: date, days: int) -> date:
    """Return a day so many days later, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def year_of(key: str, today: date) -> int | None:
    """Return the year that a key names, 2019 or '19, or None."""
    if len(key) == 4 and key.isdecimal():
        return int(key) if FIRST_YEAR <= int(key) <= today.year + 1 else None
    if len(key) == 3 and key[0] == "'" and key[1:].isdecimal():
        return _in_century(int(key[1:]), today)
    return None


def year(keys: Sequence[str], at: int, today: date) -> Found | None:
    """2019; '19; 2018-2020; not the number of a thing ("iso 1900") or of an amount ("2000 people")."""
    key = key_at(keys, at)
    if key_at(keys, at - 1) in table.NUMBERED or key_at(keys, at + 1) in table.COUNTED:
        return None
    if (single := year_of(key, today)) is not None:
        return Found(at + 1, *months(12 * single, 12))
    match = _YEARS.fullmatch(key)
    if not match or year_of(match[1], today) is None:
        return None
    first = int(match[1])
    last = int(match[2]) if len(match[2]) == 4 else first // 100 * 100 + int(match[2])
    is_month = len(match[2]) == 2 and int(match[2]) <= 12
    if is_month or not first < last <= today.year + 1:
        return None
    return Found(at + 1, *months(12 * first, 12 * (last - first + 1)))


def numeric(keys: Sequence[str], at: int, today: date) -> Found | None:
    """2019-05-01, 2019/05, 20190501, 05/2019, 01.05.2019, 13/05/2019; one that can be read two ways is none."""
    key = key_at(keys, at)
    if parts := day_first(key):
        first, second, year_number, mark = parts
        if mark == "." or first == second or first > 12:
            days = _day(_full_year(year_number, today), second, first)
        else:
            days = _day(_full_year(year_number, today), first, second) if second > 12 else None
        return Found(at + 1, *days) if days else None
    match = _NUMERIC.fullmatch(key)
    if not match:
        return None
    if match[3] and not match[4]:
        days = _month(int(match[1]), int(match[3]), today)
    elif match[8]:
        days = _month(int(match[10]), int(match[8]), today)
    else:
        days = _day(*(int(part) for part in (match.group(1, 3, 4) if match[1] else match.group(5, 6, 7))))
    return Found(at + 1, *days) if days and FIRST_YEAR <= days[0].year <= today.year + 1 else None


def decade(keys: Sequence[str], at: int, today: date) -> Found | None:
    """1990s, the 90s, '90s, the nineties; 10s to 40s only with "the", because they are seconds and ages as well."""
    key, before = key_at(keys, at), key_at(keys, at - 1)
    if before in table.OWNERS:
        return None
    if key in table.DECADES:
        return _short_decade(at, table.DECADES[key], today) if before == "the" else None
    if match := _DECADE.fullmatch(key):
        first = int(match[1]) * 10
        fits = FIRST_YEAR // 10 * 10 <= first <= today.year
        return Found(at + 1, *months(12 * first, 120)) if fits else None
    match = _SHORT_DECADE.fullmatch(key)
    if not match or not (match[1] or before == "the" or match[2] in "56789"):
        return None
    return _short_decade(at, 10 * int(match[2]), today)


def day_of_month(keys: Sequence[str], at: int, today: date) -> Found | None:
    """5 March 2021, the 5th of March, March 5th, 2021, March 5; without a year it is the latest such day."""
    at += key_at(keys, at) == "the"
    first = _ORDINAL.fullmatch(key_at(keys, at))
    if first:
        after = at + 1 + (key_at(keys, at + 1) in table.BETWEEN_WORDS)
        month = table.MONTHS.get(key_at(keys, after))
        day, sure = int(first[1]), True
    else:
        month, after = table.MONTHS.get(key_at(keys, at)), at + 1
        second = _ORDINAL.fullmatch(key_at(keys, after))
        if not second:
            return None
        day = int(second[1])
        sure = bool(second[2]) or key_at(keys, at) not in table.DOUBTFUL_MONTHS or key_at(keys, at - 1) == "on"
    if not month:
        return None
    end = after + 1
    with_year = end + (key_at(keys, end) in table.BETWEEN_WORDS)
    if (named := year_of(key_at(keys, with_year), today)) is not None:
        return _found(with_year + 1, _day(named, month, day))
    return _found(end, _latest_day(month, day, today)) if sure else None


def named_with_year(keys: Sequence[str], at: int, today: date) -> Found | None:
    """March 2021, summer of 2019, Christmas 2020, winter 2019/20, 2019 summer."""
    first = year_of(key_at(keys, at), today)
    if first is not None:
        end, days = named(keys, at + 1)
        return _found(end, days(first)) if days else None
    end, days = named(keys, at)
    if not days:
        return None
    while end < at + 5 and key_at(keys, end) in table.BETWEEN_WORDS:
        end += 1
    last = year_of(key_at(keys, end), today)
    if last is None and table.SEASONS.get(key_at(keys, at)) == 12:
        last = _winter_years(key_at(keys, end))
    return _found(end + 1, days(last)) if last is not None else None


def named_in_reach(keys: Sequence[str], at: int, today: date) -> Found | None:
    """Last summer, this May, previous Christmas: the latest that is over, or the latest that has begun."""
    key = key_at(keys, at)
    if key in table.LAST or key in table.THIS or (key == "in" and key_at(keys, at + 1) in table.MONTHS):
        return latest(keys, at + 1, today, over=key in table.LAST)
    return None


def latest(keys: Sequence[str], at: int, today: date, *, over: bool = False) -> Found | None:
    """Return the latest month, season or feast of this name that has begun, or is ``over``."""
    end, days = named(keys, at)
    if not days:
        return None
    for number in range(today.year, max(today.year - 3, MINYEAR), -1):
        found = days(number)
        if found and (found[1] if over else found[0]) <= shifted(today, -int(over)):
            return Found(end, *found)
    return None


def named(keys: Sequence[str], at: int) -> tuple[int, Callable[[int], tuple[date, date] | None] | None]:
    """Return where the name of a month, season or feast ends, and what tells its days in a year."""
    key = key_at(keys, at)
    if month := table.MONTHS.get(key):
        return at + 1, lambda number: months(12 * number + month - 1)
    if season := table.SEASONS.get(key):
        return at + 1, lambda number: months(12 * number + season - 1, 3)
    for length in range(table.LONGEST_FEAST, 0, -1):
        name = tuple(keys[at : at + length])
        if feast := table.FEASTS.get(name):
            return at + len(name), lambda number: _feast(feast, number)
    return at, None


def _feast(name: str, number: int) -> tuple[date, date]:
    if name == "easter":
        sunday = _easter(number)
        return shifted(sunday, -2), shifted(sunday, 1)
    if name == "thanksgiving":  # the fourth Thursday of November, in the United States
        first = date(number, 11, 1)
        day = shifted(first, (3 - first.weekday()) % 7 + 21)
        return day, day
    month, first_day, last_day = {
        "christmas": (12, 24, 26),
        "christmas day": (12, 25, 25),
        "christmas eve": (12, 24, 24),
        "new year's eve": (12, 31, 31),
        "new year's day": (1, 1, 1),
        "new year": (1, 1, 1),
        "halloween": (10, 31, 31),
        "valentine": (2, 14, 14),
    }[name]
    since = date(number, month, first_day)
    return (shifted(since, -1) if name == "new year" else since), date(number, month, last_day)


def _easter(number: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (anonymous algorithm, Nature 1876; Meeus, ch. 8)."""
    golden = number % 19
    century, of_century = divmod(number, 100)
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(number, month, day + 1)


def _winter_years(key: str) -> int | None:
    match = _YEARS.fullmatch(key)
    if not match:
        return None
    first = int(match[1])
    return first if first >= FIRST_YEAR and (first + 1) % 100 == int(match[2]) % 100 else None


def _found(end: int, days: tuple[date, date] | None) -> Found | None:
    return Found(end, *days) if days else None


def _latest_day(month: int, day: int, today: date) -> tuple[date, date] | None:
    for number in range(today.year, max(today.year - 9, MINYEAR), -1):  # 29 February can be eight years away
        days = _day(number, month, day)
        if days and days[0] <= today:
            return days
    return None


def _day(number: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        found = date(number, month, day)
    except ValueError:  # no such day
        return None
    return found, found


def _month(number: int, month: int, today: date) -> tuple[date, date] | None:
    if not 1 <= month <= 12 or not FIRST_YEAR <= number <= today.year + 1:
        return None
    return months(12 * number + month - 1)


def _short_decade(at: int, tens: int, today: date) -> Found:
    return Found(at + 1, *months(12 * _in_century(tens, today), 120))


def _in_century(short: int, today: date) -> int:
    """Return the latest year with these two last digits that has begun."""
    return today.year - (today.year - short) % 100


def _full_year(number: int, today: date) -> int:
    return number if number >= 100 else _in_century(number, today)
