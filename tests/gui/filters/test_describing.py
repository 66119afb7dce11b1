"""Filters in words, and taking each of them off."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photofind.core.queries import Filters, Orientation
from photofind.gui.filters.describing import parts_of, period, size_name, without

pytestmark = pytest.mark.usefixtures("qapp")

ALL = Filters(
    folders=("/photos/Kyoto", "/photos/\udcff"),
    names=("IMG", "*.jpg"),
    within=("trip",),
    cameras=("Canon",),
    places=("Berlin",),
    formats=("JPEG", "webp"),
    since=datetime.date(2019, 1, 1),
    until=datetime.date(2019, 12, 31),
    min_megapixels=2.0,
    max_megapixels=8.5,
    orientation=Orientation.SQUARE,
    has_gps=False,
)


def test_what_is_said() -> None:
    assert [part.label for part in parts_of(ALL)] == [
        "Folder: Kyoto, \ufffd",
        "Folder name: trip",
        "Name: IMG",
        "Name: *.jpg",
        "Camera: Canon",
        "Place: Berlin",
        "2019",
        "Type: JPEG, WebP",
        "2 to 8.5 megapixels",
        "Square",
        "Without a location",
    ]
    assert all(part.tip for part in parts_of(ALL))
    assert parts_of(Filters()) == []


def test_each_part_can_be_taken_off() -> None:
    left = ALL
    for part in parts_of(ALL):
        before = parts_of(left)
        left = without(left, part)
        assert parts_of(left) == [other for other in before if other != part]
    assert not left
    assert without(ALL, parts_of(ALL)[2]).names == ("*.jpg",)


D = datetime.date


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (None, None, ""),
        (D(2021, 1, 1), D(2021, 12, 31), "2021"),
        (D(2019, 1, 1), D(2021, 12, 31), "2019 \N{EN DASH} 2021"),
        (D(2020, 2, 1), D(2020, 2, 29), "February 2020"),
        (D(2021, 3, 5), D(2021, 3, 5), "5 Mar 2021"),
        (D(2021, 3, 5), D(2021, 4, 1), "5 Mar 2021 \N{EN DASH} 1 Apr 2021"),
        (D(2021, 3, 5), None, "from 5 Mar 2021"),
        (None, D(2021, 3, 5), "until 5 Mar 2021"),
        (D(9999, 12, 31), D(1, 1, 1), "31 Dec 9999 \N{EN DASH} 1 Jan 0001"),
    ],
)
def test_periods(since: datetime.date | None, until: datetime.date | None, words: str) -> None:
    assert period(since, until) == words


@settings(deadline=None)
@given(st.none() | st.dates(), st.none() | st.dates())
def test_every_period_has_words(since: datetime.date | None, until: datetime.date | None) -> None:
    assert bool(period(since, until)) == (since is not None or until is not None)


def test_sizes() -> None:
    assert size_name(None, None) == ""
    assert size_name(8, None) == "8 megapixels or more"
    assert size_name(None, 0.5) == "0.5 megapixels or less"
