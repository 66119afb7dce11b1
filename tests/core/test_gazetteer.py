from __future__ import annotations

import numpy as np
import pytest

from photofind.core.gazetteer import Gazetteer
from photofind.core.paths import resources

PLACES = [
    ((35.03, 135.77), "Kyoto, Japan"),
    ((48.8584, 2.2945), "Paris, France"),  # the middle of a suburb is nearer
    ((48.137, 11.575), "Munich, Germany"),
    ((30.27, -97.74), "Austin, Texas, United States"),
    ((1.3, 103.85), "Singapore"),
    ((-33.87, 151.21), "Sydney, Australia"),
]


@pytest.mark.parametrize(("position", "name"), PLACES)
def test_places_have_the_names_that_people_know(position: tuple[float, float], name: str) -> None:
    assert str(Gazetteer.load().nearest(*position)) == name


@pytest.mark.parametrize("position", [(0.1, -30.0), (90.0, 0.0), (-90.0, 0.0), (0.0, 180.0), (-48.9, -123.4)])
def test_where_there_is_no_city_there_is_no_place(position: tuple[float, float]) -> None:
    assert Gazetteer.load().nearest(*position) is None


def test_places_beyond_the_date_line_are_near() -> None:
    gazetteer = Gazetteer.load()
    east, west = gazetteer.nearest(-36.85, 174.76), gazetteer.nearest(-36.85, 174.76 - 360.0)
    assert east is not None
    assert east == west
    assert east.city == "Auckland"


def test_more_names_are_known() -> None:
    munich = Gazetteer.load().nearest(48.137, 11.575)
    assert munich is not None
    assert {"München", "Deutschland"} <= set(munich.other_names.split())
    assert (munich.city, munich.region, munich.country) == ("Munich", None, "Germany")


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    gazetteer = Gazetteer.load()
    positions = np.array([position for position, _ in PLACES] * 3 + [(0.1, -30.0)])
    found = gazetteer.nearest_of(positions[:, 0], positions[:, 1])
    assert [str(place) for place in found] == [name for _, name in PLACES] * 3 + ["None"]
    assert gazetteer.nearest_of(np.empty(0), np.empty(0)) == []


def test_it_is_small_and_says_where_it_comes_from() -> None:
    table = resources() / "gazetteer.npz"
    assert table.stat().st_size < 1_000_000
    assert "GeoNames" in table.with_name("gazetteer.LICENSE.md").read_text(encoding="utf-8")
