from __future__ import annotations

import sys
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from photofind.core.queries import Filters
from photofind.core.words.negation import MAX_NEGATED_WORDS
from photofind.core.words.reading import MAX_LOOKED_UP, Reading, read_words
from photofind.core.words.splitting import PREFIXES

TODAY = date(2026, 11, 21)


def read(text: str) -> Reading:
    return read_words(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "positive", "words"),
    [
        ("a red car on a beach", "a red car on a beach", ("red", "car", "beach")),
        ("2019 Kyoto temple", "Kyoto temple", ("Kyoto", "temple")),
        ("photos from last summer", "", ()),
        ("photos", "photos", ()),
        ("Maria’s dog, Maria", "Maria’s dog, Maria", ("Maria", "dog")),  # noqa: RUF001 - as phones write it
        ('temple "old Kyoto" cat', "temple old Kyoto cat", ("temple", "old Kyoto", "cat")),
        ("「F-22 ラプトル」 とり", "F-22 ラプトル とり", ("F-22 ラプトル", "とり")),
        ('"red car', "red car", ("red", "car")),
        ('a 5" screen', "a 5 screen", ("screen",)),
        ("foo:bar http://x.y", "foo:bar http://x.y", ("foo:bar", "http://x.y")),
        ("beach sunset - family", "beach sunset - family", ("beach", "sunset", "family")),
        ("ｄｏｇ ﬁsh", "dog fish", ("dog", "fish")),  # noqa: RUF001 - full-width letters
        ("cafe\u0301", "café", ("café",)),
        ("dog\0cat\x1bbird", "dog cat bird", ("dog", "cat", "bird")),
        ("\u202adog\u200f \ufeffcat", "dog cat", ("dog", "cat")),
        ("שלום על חוף", "שלום על חוף", ("שלום", "על", "חוף")),
        ("😀🐶", "😀🐶", ()),
        ("👩\u200d🚀", "👩\u200d🚀", ()),
    ],
)
def test_what_is_left_for_meaning_and_for_looking_up(text: str, positive: str, words: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.positive, reading.words) == (positive, words)
    assert (reading.negative, reading.filters, reading.problems) == ((), Filters(), ())


@pytest.mark.parametrize(
    "text", ["", "  \t\n", "-", "---", "- - -", "\0\0", "\ud800", '"', '""', '" "', "“", "...", "\u200b", "''"]
)
def test_nothing_is_read_out_of_nothing(text: str) -> None:
    assert read(text) == Reading()


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("beach -people", "beach", ("people",)),
        ("-dog", "", ("dog",)),
        ("dog -dog", "dog", ("dog",)),
        ('beach -"red car" −trees', "beach", ("red car", "trees")),  # noqa: RUF001 - the minus sign
        ("🐶 -🐱", "🐶", ("🐱",)),
        ("beach -people, sea", "beach sea", ("people",)),
        ("no people", "", ("people",)),
        ("like this, without people", "like this", ("people",)),
        ("beach without any people at sunset", "beach at sunset", ("people",)),
        ("street with no cars", "street", ("cars",)),
        ("street without people, cars", "street cars", ("people",)),
        ("street without people or parked cars", "street", ("people", "parked cars")),
        ("everything except dogs and cats", "everything", ("dogs", "cats")),
        ("a dog without a leash and a man", "a dog and a man", ("leash",)),
        ("a boy wearing no shirt and blue jeans", "a boy wearing and blue jeans", ("shirt",)),
        ("a plate without meat, fish or eggs", "a plate", ("meat", "fish", "eggs")),
        ("no cars, bikes nor people, sea", "sea", ("cars", "bikes", "people")),
        ("no dogs, no cats", "", ("dogs", "cats")),
        ("street with nobody", "street", ("people",)),
        ("no one on the beach", "on the beach", ("people",)),
        ("dog not at night", "dog", ("at night",)),
        ("a man not wearing a hat", "a man", ("wearing hat",)),
        ("cats but not black", "cats", ("black",)),
        ('trip without "old Kyoto" temple', "trip temple", ("old Kyoto",)),
        ("without a lot of people", "", ("people",)),
        ("Strand ohne Leute", "Strand", ("Leute",)),
        ("garden without one two three four five", "garden five", ("one two three four",)),
        ("beach without people 2019", "beach", ("people",)),
    ],
)
def test_what_is_not_wanted(text: str, positive: str, negative: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.positive, reading.negative, reading.problems) == (positive, negative, ())


@pytest.mark.parametrize(
    "text",
    [
        '"no dogs"',
        "no smoking sign",
        "No. 5 bus",
        "no 5",
        "the Do Not Walk button",
        "not only dogs",
        "why not",
        "dog no",
        "to be or not to be",
        "well-known",
        "F-22 jet",
        "without",
        "not",
        "no, cats",
    ],
)
def test_what_is_no_negation(text: str) -> None:
    assert read(text).negative == ()
    assert read(text).positive == text.strip('"')


def test_a_time_cannot_be_left_out() -> None:
    says = "A time cannot be left out, as {} here; write date:<2019 or date:>2019 for the time you want."
    for text, shown in [("dog -2019", "2019"), ("dog not in 2019", "2019"), ("dog except last summer", "last summer")]:
        reading = read(text)
        assert (reading.positive, reading.negative, reading.dates) == ("dog", (), ())
        assert reading.problems == (says.format(shown),)


def test_a_date_that_can_be_read_two_ways_is_a_problem() -> None:
    reading = read("05/04/2019 party")
    assert (reading.positive, reading.dates) == ("party", ())
    assert reading.problems == ("05/04/2019 can be read as two dates; write 2019-04-05 or 2019-05-04.",)


@pytest.mark.parametrize(
    ("text", "positive", "dates"),
    [
        ("dogs in March 2021, sea", "dogs sea", ("March 2021",)),
        ("party on March 5th, 2021", "party", ("March 5th, 2021",)),
        ("the 2019 trip", "trip", ("2019",)),
        ("sea, early 2019", "sea", ("2019",)),
        ("2018 or 2020", "", ("2018", "2020")),
        ("since 2019 cats", "cats", ("since 2019",)),
        ("“2019” cats", "2019 cats", ()),
        ("may the fourth", "may the fourth", ()),
        ("apollo 13 and 300 people", "apollo 13 and 300 people", ()),
    ],
)
def test_dates_stay_out_of_the_free_text(text: str, positive: str, dates: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.positive, tuple(each.text for each in reading.dates)) == (positive, dates)


def test_a_date_has_its_days() -> None:
    (when,) = read("last summer").dates
    assert (when.text, when.since, when.until) == ("last summer", date(2026, 6, 1), date(2026, 8, 31))


def test_a_date_said_twice_is_one() -> None:
    assert read("2019 dog 2019").dates == read("dog 2019").dates


def test_everything_at_once() -> None:
    reading = read('red dog 2019 -cat type:jpg without people folder:"My trip" "old town"')
    assert reading.positive == "red dog old town"
    assert reading.negative == ("cat", "people")
    assert reading.colours == ("red",)
    assert [each.text for each in reading.dates] == ["2019"]
    assert reading.filters == Filters(formats=("JPEG",), within=("My trip",))
    assert reading.words == ("red", "dog", "old town")


def test_colours_are_those_that_are_wanted() -> None:
    assert read("red car without black wheels -green").colours == ("red",)
    assert read('"red dwarf" in black and white').colours == ("black and white",)


def test_long_text_is_looked_up_in_part() -> None:
    text = " ".join(f"word{number}" for number in range(2000))
    reading = read(text)
    assert reading.positive == text
    assert len(reading.words) == MAX_LOOKED_UP


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        '"',
        "“ ",
        "„",
        "-a ",
        "no x or ",
        "2019 to ",
        "last ",
        "date:a b ",
        'name:"',
        "..",
        "'",
        "! ",
        "́",
        "ﷺ",
        "lots of ",
        "not a ",
        "black and ",
        "05/04/2019 ",
        "�",
        "« »",
        "date:",
        "name:a ",
    ],
)
def test_a_long_text_costs_no_more_work_a_character_than_a_short_one(unit: str) -> None:
    def calls(text: str) -> int:
        """Count function calls: unlike a clock, they do not depend on what else the machine does."""
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counted)
        try:
            read(text)
        finally:
            sys.setprofile(None)
        return count

    short, long = calls((unit * 400)[:400]), calls((unit * 4000)[:4000])
    assert long < 14 * short + 500


_PIECES = st.one_of(
    st.sampled_from(
        [
            "no",
            "not",
            "without",
            "people",
            "or",
            "and",
            "-",
            "-cat",
            '"',
            "“",
            "”",
            "2019",
            "last",
            "summer",
            "in",
            "the",
            "name:",
            "folder:x",
            "date:2019",
            'type:"',
            "has:gps",
            "-has:gps",
            "size:>5",
            ",",
            "red",
            "black",
            "white",
            "\x00",
            "-folder:x",
            "is:portrait",
            "a",
            "one",
            "not at",
            "except",
            "05/04/2019",
            "-2019",
            "🐶",
            "C:\\x",
            "foo:bar",
        ]
    ),
    st.text(max_size=6),
)


@given(st.lists(_PIECES, max_size=14).map(" ".join))
@example("no no one or no")
@example("without -a or b")
@example('-"')
def test_whatever_is_typed_is_read(text: str) -> None:
    reading = read(text)
    assert reading == read(text)
    for each in reading.negative:
        assert each
        assert not any(each.startswith(f"{prefix}:") for prefix in PREFIXES) or '"' in text or "“" in text
    for each in (reading.positive, *reading.negative, *reading.words, *reading.problems):
        each.encode()  # fit for every tokenizer and database: no stray surrogates
        assert "\0" not in each
    assert all(each.since <= each.until for each in reading.dates)
    assert len(set(map(str.casefold, reading.words))) == len(reading.words)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_read(text: str) -> None:
    read(text)


@given(st.sampled_from(["without ", "no ", "not a "]), st.lists(st.sampled_from(["cat", "green", "tree"]), min_size=6))
def test_a_negation_never_takes_the_whole_text(negator: str, words: list[str]) -> None:
    reading = read("mountain " + negator + " ".join(words))
    assert all(len(each.split()) <= MAX_NEGATED_WORDS for each in reading.negative)
    assert len(reading.positive.split()) >= 1 + len(words) - MAX_NEGATED_WORDS
