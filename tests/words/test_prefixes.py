from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from photofind.core.imaging.suffixes import PHOTO_SUFFIXES
from photofind.core.queries import Filters, Orientation
from photofind.core.words.describing import describe
from photofind.core.words.reading import read_words

TODAY = date(2026, 11, 21)
HERE = os.path.abspath(os.sep)


def filters(text: str) -> Filters:
    reading = read_words(text, today=TODAY)
    assert reading.problems == ()
    assert reading.positive == ""
    return reading.filters


def problem(text: str) -> str:
    reading = read_words(text, today=TODAY)
    assert len(reading.problems) == 1, reading.problems
    assert reading.problems[0].endswith(".")
    return reading.problems[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name:IMG_*", Filters(names=("IMG_*",))),
        ("NAME:a name:b", Filters(names=("a", "b"))),
        ('folder:"My trip"', Filters(within=("My trip",))),
        ("folder:“My trip”", Filters(within=("My trip",))),
        ('folder:"My tr', Filters(within=("My tr",))),
        ("folder:2019/kyoto", Filters(within=("2019", "kyoto"))),
        (r"folder:..\kyoto", Filters(within=("kyoto",))),
        ("folder:'My trip' name:'70s", Filters(within=("My trip",), names=("'70s",))),
        ("size:>5 MP", Filters(min_megapixels=5)),
        ("camera:Canon place:Kyoto", Filters(cameras=("Canon",), places=("Kyoto",))),
        ("place：京都", Filters(places=("京都",))),  # noqa: RUF001 - the colon of Japanese keyboards
        ("name:a:b", Filters(names=("a:b",))),
        ("date:2019", Filters(since=date(2019, 1, 1), until=date(2019, 12, 31))),
        ("date:may 2019", Filters(since=date(2019, 5, 1), until=date(2019, 5, 31))),
        ('date:"last summer"', Filters(since=date(2026, 6, 1), until=date(2026, 8, 31))),
        ("date:>2019", Filters(since=date(2020, 1, 1))),
        ("date:..2019", Filters(until=date(2019, 12, 31))),
        ("date:2019 date:2019-06..2021", Filters(since=date(2019, 6, 1), until=date(2019, 12, 31))),
        ("type:jpg", Filters(formats=("JPEG",))),
        ("type:.HEIC,png type:jpeg", Filters(formats=("HEIF", "PNG", "JPEG"))),
        ("type:nef type:3fr", Filters(formats=("RAW",))),
        ("size:>5mp", Filters(min_megapixels=5)),
        ("size:<=2,5MP", Filters(max_megapixels=2.5)),
        ("size:5..12mp", Filters(min_megapixels=5, max_megapixels=12)),
        ("size:12", Filters(min_megapixels=11.5, max_megapixels=12.5)),
        ("size:>2 size:>5mp size:<20", Filters(min_megapixels=5, max_megapixels=20)),
        ("is:Portrait", Filters(orientation=Orientation.PORTRAIT)),
        ("has:gps", Filters(has_gps=True)),
        ("-has:gps", Filters(has_gps=False)),
    ],
)
def test_a_prefix_becomes_a_filter(text: str, expected: Filters) -> None:
    assert filters(text) == expected


def test_full_paths_are_folders_and_two_of_them_alternatives() -> None:
    first, second = os.path.join(HERE, "photos"), os.path.join(HERE, "more")
    assert filters(f"folder:{first}{os.sep} folder:{second} folder:{first}").folders == (first, second)
    assert filters("folder:~").folders == (str(Path.home()),)


def test_the_first_colon_ends_the_prefix() -> None:
    assert filters(r"folder:C:\photos\x").folders == (r"C:\photos\x",)
    assert filters(r'folder:"D:\My trip"').folders == (r"D:\My trip",)


@pytest.mark.skipif(sys.platform == "win32", reason="~name is no home folder there")
def test_the_home_of_nobody_is_a_problem() -> None:
    assert "home folder" in problem("folder:~nobody-has-this-name/x")


@pytest.mark.parametrize("prefix", ["name", "folder", "camera", "date", "type", "place", "size", "is", "has"])
def test_an_empty_value_is_a_problem_with_an_example(prefix: str) -> None:
    for text in (f"{prefix}:", f'{prefix}:""', f'{prefix}:"', f"{prefix}: dog"):
        assert problem(text).startswith(f"Nothing stands behind {prefix}:; write {prefix}:")
    assert read_words(f"{prefix}:", today=TODAY).filters == Filters()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("date:foo", "date:foo is not a date; write date:2019, date:2019-05 or date:2019-05-01..2019-06-30."),
        ("date:05/04/2019", "05/04/2019 can be read as two dates; write 2019-04-05 or 2019-05-04."),
        ("date:2019 date:2020", "No photo is of both dates"),
        ("type:video", "type:video is no kind of photo"),
        ("size:2MB", "size:2MB is no size in megapixels"),
        ("size:>10 size:<5", "No photo is of both sizes"),
        ("is:raw", "is:raw is not understood"),
        ("is:portrait is:square", "No photo is portrait and square at once"),
        ("has:dogs", "has:dogs is not understood"),
        ("has:gps -has:gps", "No photo has and lacks a place"),
        ("folder:...", "folder:... names no folder"),
        ("-type:raw", "A minus before type: is not understood"),
        ("-date:2019", "A minus before date: is not understood"),
        ("name:" + "x" * 2000, "What stands behind name: is too long"),
        ("type:" + "x" * 500, "type:xxx"),
        (" ".join(f"name:{number}" for number in range(200)), "Only the first 100 conditions count"),
    ],
)
def test_what_is_not_understood_is_said_in_one_sentence(text: str, says: str) -> None:
    assert problem(text).startswith(says)
    assert len(problem(text)) < 160


def test_a_problem_costs_only_its_own_filter() -> None:
    reading = read_words("dog date:foo type:png", today=TODAY)
    assert (reading.positive, reading.filters) == ("dog", Filters(formats=("PNG",)))


def test_a_date_takes_no_more_words_than_it_needs() -> None:
    reading = read_words("date:last summer dog 2019", today=TODAY)
    assert (reading.positive, len(reading.dates)) == ("dog", 1)
    assert reading.filters == Filters(since=date(2026, 6, 1), until=date(2026, 8, 31))


def test_every_suffix_of_a_photo_that_is_decoded_is_a_type() -> None:
    for suffix in PHOTO_SUFFIXES - {".jxl"}:
        assert filters(f"type:{suffix}").formats, suffix


@pytest.mark.parametrize(
    ("given", "chips"),
    [
        (Filters(), ()),
        (Filters(folders=(os.path.join(HERE, "photos", "Kyoto"),)), ("in Kyoto",)),
        (Filters(folders=(HERE,)), (f"in {HERE}",)),
        (Filters(since=date(2019, 1, 1)), ("since 2019",)),
        (Filters(until=date(2019, 5, 2)), ("until 2019-05-02",)),
        (Filters(since=date(2019, 1, 1), until=date(2019, 12, 31)), ("2019",)),
        (Filters(since=date(2019, 1, 1), until=date(2021, 12, 31)), ("2019 to 2021",)),
        (Filters(since=date(2020, 2, 1), until=date(2020, 2, 29)), ("February 2020",)),
        (Filters(since=date(2020, 2, 1), until=date(2020, 2, 1)), ("2020-02-01",)),
        (Filters(since=date(2020, 2, 1), until=date(2020, 3, 1)), ("2020-02-01 to 2020-03-01",)),
        (Filters(since=date(9999, 12, 1), until=date.max), ("December 9999",)),
        (Filters(formats=("JPEG", "PNG")), ("JPEG or PNG",)),
        (Filters(orientation=Orientation.PORTRAIT, cameras=("Canon",)), ("camera: Canon", "portrait")),
        (Filters(min_megapixels=5), ("at least 5 megapixels",)),
        (Filters(max_megapixels=0.5, has_gps=True), ("at most 0.5 megapixels", "with GPS")),
        (Filters(min_megapixels=0, max_megapixels=2, has_gps=False), ("0 to 2 megapixels", "without GPS")),
        (Filters(within=("a",), names=("b",), places=("c",)), ("folder: a", "name: b", "place: c")),
    ],
)
def test_filters_are_described_shortly(given: Filters, chips: tuple[str, ...]) -> None:
    assert describe(given) == chips


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since:2019-05", date(2019, 5, 1), None),
        ("until:2019-05", None, date(2019, 5, 31)),
        ("after:2019", date(2020, 1, 1), None),
        ("before:2019", None, date(2018, 12, 31)),
        ("after:2017 before:may 2019", date(2018, 1, 1), date(2019, 4, 30)),
    ],
)
def test_a_side_of_a_date_has_a_prefix_of_its_own(text: str, since: date | None, until: date | None) -> None:
    reading = read_words(f"dog {text}", today=TODAY)
    assert (reading.filters.since, reading.filters.until) == (since, until)
    assert (reading.positive, reading.problems) == ("dog", ())
