from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.core.words.dates import ambiguity, find_dates, parse_when
from photofind.core.words.splitting import clean, split

TODAY = date(2026, 11, 21)  # a Saturday
FIRST, LAST = date.min, date.max


def days(text: str, today: date = TODAY) -> tuple[str, str] | None:
    found = parse_when(text, today=today)
    return (found[0].isoformat(), found[1].isoformat()) if found else None


def found_in(text: str, today: date = TODAY) -> list[tuple[str, str]]:
    keys = [token.key for token in split(clean(text))]
    return [(span.since.isoformat(), span.until.isoformat()) for _, span in find_dates(keys, today=today)]


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("'99", "1999-01-01", "1999-12-31"),
        ("2019-05", "2019-05-01", "2019-05-31"),
        ("05/2019", "2019-05-01", "2019-05-31"),
        ("2020/02", "2020-02-01", "2020-02-29"),
        ("2019-05-01", "2019-05-01", "2019-05-01"),
        ("2019/5/1", "2019-05-01", "2019-05-01"),
        ("20190501", "2019-05-01", "2019-05-01"),
        ("1.5.2019", "2019-05-01", "2019-05-01"),
        ("01.05.19", "2019-05-01", "2019-05-01"),
        ("13/05/2019", "2019-05-13", "2019-05-13"),
        ("05/13/2019", "2019-05-13", "2019-05-13"),
        ("5/5/2019", "2019-05-05", "2019-05-05"),
        ("٢٠١٩", "2019-01-01", "2019-12-31"),
        ("may 2019", "2019-05-01", "2019-05-31"),
        ("2019 May", "2019-05-01", "2019-05-31"),
        ("Mar. 2021", "2021-03-01", "2021-03-31"),
        ("5 March 2021", "2021-03-05", "2021-03-05"),
        ("the 5th of March, 2021", "2021-03-05", "2021-03-05"),
        ("March 5th, 2021", "2021-03-05", "2021-03-05"),
        ("29 february", "2024-02-29", "2024-02-29"),
        ("december 24", "2025-12-24", "2025-12-24"),
        ("may", "2026-05-01", "2026-05-31"),
        ("december", "2025-12-01", "2025-12-31"),
        ("5. März 2019", "2019-03-05", "2019-03-05"),
        ("août 2018", "2018-08-01", "2018-08-31"),
        ("mayo de 2019", "2019-05-01", "2019-05-31"),
        ("summer 2019", "2019-06-01", "2019-08-31"),
        ("summer of '69", "1969-06-01", "1969-08-31"),
        ("Herbst 2018", "2018-09-01", "2018-11-30"),
        ("winter 2019", "2019-12-01", "2020-02-29"),
        ("winter 2019/20", "2019-12-01", "2020-02-29"),
        ("summer", "2026-06-01", "2026-08-31"),
        ("christmas 2020", "2020-12-24", "2020-12-26"),
        ("New Year's Eve 2019", "2019-12-31", "2019-12-31"),
        ("last christmas", "2025-12-24", "2025-12-26"),
        ("new year 2020", "2019-12-31", "2020-01-01"),
        ("easter 2024", "2024-03-29", "2024-04-01"),
        ("easter 2019", "2019-04-19", "2019-04-22"),
        ("thanksgiving 2023", "2023-11-23", "2023-11-23"),
        ("halloween", "2026-10-31", "2026-10-31"),
        ("1990s", "1990-01-01", "1999-12-31"),
        ("the nineties", "1990-01-01", "1999-12-31"),
        ("60's", "1960-01-01", "1969-12-31"),
        ("20s", "2020-01-01", "2029-12-31"),
        ("today", "2026-11-21", "2026-11-21"),
        ("yesterday", "2026-11-20", "2026-11-20"),
        ("the day before yesterday", "2026-11-19", "2026-11-19"),
        ("last night", "2026-11-20", "2026-11-21"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("this weekend", "2026-11-21", "2026-11-22"),
        ("previous month", "2026-10-01", "2026-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("past year", "2025-11-21", "2026-11-21"),
        ("last friday", "2026-11-20", "2026-11-20"),
        ("saturday", "2026-11-14", "2026-11-14"),
        ("last summer", "2026-06-01", "2026-08-31"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("this winter", "2025-12-01", "2026-02-28"),
        ("last may", "2026-05-01", "2026-05-31"),
        ("in may", "2026-05-01", "2026-05-31"),
        ("letzten Sommer", "2026-06-01", "2026-08-31"),
        ("3 days ago", "2026-11-18", "2026-11-18"),
        ("two weeks ago", "2026-11-02", "2026-11-08"),
        ("a month ago", "2026-10-01", "2026-10-31"),
        ("a couple of years ago", "2024-01-01", "2024-12-31"),
        ("9999 years ago", "0001-01-01", "0001-12-31"),
        ("last 3 months", "2026-08-21", "2026-11-21"),
        ("past ten days", "2026-11-11", "2026-11-21"),
        ("2018-2020", "2018-01-01", "2020-12-31"),
        ("2018 \N{EN DASH} 2020", "2018-01-01", "2020-12-31"),
        ("between 2018 and may 2020", "2018-01-01", "2020-05-31"),
        ("from may 2018 to june 2019", "2018-05-01", "2019-06-30"),
        ("2019..2021", "2019-01-01", "2021-12-31"),
        ("2021..2019", "2019-01-01", "2021-12-31"),
        ("2019-05-01..2019-06-30", "2019-05-01", "2019-06-30"),
        ("2019..", "2019-01-01", "9999-12-31"),
        ("..may 2019", "0001-01-01", "2019-05-31"),
        (">2019", "2020-01-01", "9999-12-31"),
        (">= 2019-05", "2019-05-01", "9999-12-31"),
        ("<2019", "0001-01-01", "2018-12-31"),
        ("<=2019", "0001-01-01", "2019-12-31"),
        ("since may", "2026-05-01", "9999-12-31"),
        ("until 2019", "0001-01-01", "2019-12-31"),
        ("before summer 2019", "0001-01-01", "2019-05-31"),
        ("after 2019", "2020-01-01", "9999-12-31"),
        ("2099-12-31", "2099-12-31", "2099-12-31"),
        (">9999-12-31", "9999-12-31", "9999-12-31"),
        ("  2019\t", "2019-01-01", "2019-12-31"),
    ],
)
def test_a_date_is_read(text: str, since: str, until: str) -> None:
    assert days(text) == (since, until)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "foo",
        "..",
        ">",
        "2019-13",
        "2019-02-30",
        "0000-01-01",
        "31.02.2019",
        "05/04/2019",
        "13",
        "2019 12",
        "apollo 13",
        "last",
        "ago",
        "2019 dog",
        "\x00",
        "�",
        "2019 " * 1000,
        "-",
        "32 may 2019",
        "winter 2019/22",
        "፩፪፫፬",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert days(text) is None


def test_the_span_that_has_begun_is_meant() -> None:
    assert days("last may", date(2026, 5, 31)) == ("2025-05-01", "2025-05-31")
    assert days("this may", date(2026, 5, 1)) == ("2026-05-01", "2026-05-31")
    assert days("last summer", date(2026, 3, 1)) == ("2025-06-01", "2025-08-31")
    assert days("last winter", date(2026, 1, 15)) == ("2024-12-01", "2025-02-28")
    assert days("last weekend", date(2026, 11, 22)) == ("2026-11-14", "2026-11-15")
    assert days("last weekend", date(2026, 11, 23)) == ("2026-11-21", "2026-11-22")
    assert days("past month", date(2026, 3, 31)) == ("2026-02-28", "2026-03-31")


def test_a_date_that_can_be_read_two_ways_is_said_to_be() -> None:
    assert ambiguity("05/04/2019") == "05/04/2019 can be read as two dates; write 2019-04-05 or 2019-05-04."
    assert ambiguity("5-4-19") == "5-4-19 can be read as two dates; write 2019-04-05 or 2019-05-04."
    for text in ("13/04/2019", "5/5/2019", "05.04.2019", "2019-04-05", "dog"):
        assert ambiguity(text) is None, text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019 Kyoto temple", ["2019"]),
        ("dog in summer 2019 and winter 2020", ["summer 2019", "winter 2020"]),
        ("party on may 5", ["may 5 2026"]),
        ("at the beach in the 90s", ["1990s"]),
        ("market in december", ["december 2025"]),
        ("since last summer dogs", ["since last summer"]),
        ("trip 2018 - 2020", ["2018-2020"]),
    ],
)
def test_dates_are_found_in_free_text(text: str, expected: list[str]) -> None:
    assert found_in(text) == [days(each) for each in expected]


@pytest.mark.parametrize(
    "text",
    [
        "apollo 13",
        "300 people",
        "2000 people",
        "iso 1600",
        "1200 pixels",
        "IMG_2019",
        "may",
        "march of the penguins",
        "dogs may 5 run",
        "summer beach",
        "trees in winter",
        "after summer rain",
        "a man in his twenties",
        "30s exposure",
        "last dance",
        "the last day of school",
        "a fall into a ball pit",
        "christmas tree",
        "friday market",
        "1700",
        "no 5",
    ],
)
def test_other_numbers_and_words_are_no_dates_in_free_text(text: str) -> None:
    assert found_in(text) == []


_PARTS = st.sampled_from(
    [
        "2019",
        "may",
        "last",
        "summer",
        "ago",
        "3",
        "years",
        "the",
        "in",
        "to",
        "..",
        "-",
        "since",
        "christmas",
        "5th",
        "of",
        "'90s",
        "week",
        ">",
        "between",
        "and",
        "31.12.2019",
        "9999",
        "February",
        "29",
        "0",
        "today",
        "past",
        "a",
        "couple",
    ]
)


@given(st.lists(_PARTS, max_size=9), st.dates(min_value=date(1, 1, 2)))
def test_any_mixture_is_a_span_or_nothing(parts: list[str], today: date) -> None:
    text = " ".join(parts)
    found = parse_when(text, today=today)
    assert found is None or found[0] <= found[1]
    ends = [0]
    for at, span in find_dates([token.key for token in split(text)], today=today):
        assert ends[-1] <= at < span.end
        assert span.since <= span.until
        ends.append(span.end)


@given(st.text(max_size=40))
def test_any_text_is_a_span_or_nothing(text: str) -> None:
    found = parse_when(text, today=TODAY)
    assert found is None or FIRST <= found[0] <= found[1] <= LAST


@given(st.dates(min_value=date(1826, 1, 1), max_value=date(2027, 12, 31)))
def test_a_day_is_read_however_it_is_written(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d of %b %Y"):
        assert parse_when(day.strftime(form), today=TODAY) == (day, day), form


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2030", "2030-01-01", "2030-12-31"),
        ("1700-02", "1700-02-01", "1700-02-28"),
        (">2100", "2101-01-01", "9999-12-31"),
    ],
)
def test_a_year_that_is_named_as_a_date_may_be_any(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)
    assert days("0000") is None
