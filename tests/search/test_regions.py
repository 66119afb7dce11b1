"""Searching by regions of photos, with the real encoder: what the crop shows is what is found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import Base

from photofind.core.catalog import Catalog
from photofind.core.encoders import Encoder
from photofind.core.errors import QueryError
from photofind.core.search import Query, Region, Searcher
from tests.search.conftest import LIMITS, Place, no_encoder

SIDE = 300
CORNERS = {
    "astronaut.png": (0.0, 0.0, 0.5, 0.5),
    "chelsea.png": (0.5, 0.0, 1.0, 0.5),
    "coffee.png": (0.0, 0.5, 0.5, 1.0),
    "rocket.jpg": (0.5, 0.5, 1.0, 1.0),
}


@pytest.fixture
def reader(place: Place) -> Iterator[Catalog]:
    with Catalog.open_reader(place.library / "library.db") as opened:
        yield opened


@pytest.fixture
def searcher(place: Place, reader: Catalog, encoder: Encoder) -> Iterator[Searcher]:
    with closing(Searcher(place.library, reader, lambda _: encoder, LIMITS)) as opened:
        yield opened


@pytest.fixture
def collage(place: Place, tmp_path: Path) -> Callable[[int], str]:
    """Make a file of the four photos, each squeezed into a corner of the upright picture."""

    def make(orientation: int) -> str:
        whole = Image.new("RGB", (2 * SIDE, 2 * SIDE))
        for name, (left, top, _, _) in CORNERS.items():
            with Image.open(place.photos / name) as photo:
                corner = photo.convert("RGB").resize((SIDE, SIDE))
            whole.paste(corner, (round(left * 2 * SIDE), round(top * 2 * SIDE)))
        turn = {1: None, 6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180}[orientation]
        exif = Image.Exif()
        exif[Base.Orientation] = orientation
        path = tmp_path / f"collage{orientation}.jpg"
        (whole if turn is None else whole.transpose(turn)).save(path, exif=exif, quality=92)
        return str(path)

    return make


def found(searcher: Searcher, query: Query) -> list[str]:
    return [os.path.basename(hit.path) for hit in searcher.search(query).hits]


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("name", CORNERS)
def test_a_region_finds_what_it_shows(
    name: str, orientation: int, searcher: Searcher, collage: Callable[[int], str]
) -> None:
    region = Region(collage(orientation), *CORNERS[name])
    result = searcher.search(Query(regions=(region,), limit=4))
    assert os.path.basename(result.hits[0].path) == name
    assert result.hits[0].score > 0.7 > result.hits[1].score


def test_a_region_of_a_photo_of_the_library_is_looked_at_anew(place: Place, reader: Catalog, encoder: Encoder) -> None:
    region = Region(str(place.photos / "coffee.png"), 0, 0, 1, 1)
    with (
        closing(Searcher(place.library, reader, no_encoder, LIMITS)) as searcher,
        pytest.raises(AssertionError, match="must not be opened"),
    ):
        searcher.search(Query(regions=(region,)))
    with closing(Searcher(place.library, reader, lambda _: encoder, LIMITS)) as searcher:
        query = Query(regions=(region,), exclude_query=True)
        assert found(searcher, query)[0] == "coffee.png", "the photo itself may be a hit"


def test_a_region_beyond_the_edge_means_the_part_inside(place: Place, searcher: Searcher) -> None:
    path = str(place.photos / "chelsea.png")
    beyond = searcher.search(Query(regions=(Region(path, -3, 0.25, 0.5, 7),))).hits
    inside = searcher.search(Query(regions=(Region(path, 0, 0.25, 0.5, 1),))).hits
    assert beyond == inside


def test_regions_images_and_photos_make_one_query(
    place: Place, searcher: Searcher, collage: Callable[[int], str]
) -> None:
    astronaut = Region(collage(1), *CORNERS["astronaut.png"])
    coffee = str(place.photos / "coffee.png")
    mixed = Query(images=(coffee,), regions=(astronaut,), limit=2)
    assert set(found(searcher, mixed)) == {"astronaut.png", "coffee.png"}
    hits = searcher.search(Query(images=(str(place.photos / "rocket.jpg"),), limit=1)).hits
    by_id = Query(photo_ids=(hits[0].photo_id,), regions=(astronaut,), limit=2)
    assert set(found(searcher, by_id)) == {"astronaut.png", "rocket.jpg"}
    without = Query(images=(coffee,), regions=(astronaut,), exclude_query=True)
    assert "coffee.png" not in found(searcher, without)


def test_a_small_part_of_a_large_photo_is_read_at_its_full_resolution(place: Place, searcher: Searcher) -> None:
    large = Image.effect_noise((4000, 3000), 90).convert("RGB")
    with Image.open(place.photos / "rocket.jpg") as rocket:
        large.paste(rocket.resize((320, 240)), (2000, 1500))
    path = place.photos.parent / "large.jpg"
    large.save(path, quality=90)
    region = Region(str(path), 0.5, 0.5, 0.5 + 320 / 4000, 0.5 + 240 / 3000)
    best = searcher.search(Query(regions=(region,), limit=1)).hits[0]
    assert os.path.basename(best.path) == "rocket.jpg"
    assert best.score > 0.8  # at the size of the whole photo it would be a smudge of 20 pixels


@pytest.mark.parametrize(
    "sides",
    [
        (0.5, 0, 0.5, 1),
        (0.9, 0, 0.1, 1),
        (1.5, 0, 2, 1),
        (float("nan"), 0, 1, 1),
        (0, 0, float("inf"), 1),
    ],
)
def test_a_region_of_nothing_is_a_sentence(sides: tuple[float, float, float, float], searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=r"covers nothing of .*draw a larger one\.$"):
        searcher.search(Query(regions=(Region("/a.jpg", *sides),)))


@pytest.mark.parametrize("side", [5e-324, 1e-6, 0.02])
def test_a_region_of_few_pixels_is_a_sentence(side: float, place: Place, searcher: Searcher) -> None:
    path = str(place.photos / "coffee.png")
    with pytest.raises(QueryError, match=r"coffee.png has only \d+ . \d+ pixels; draw a larger one\.$"):
        searcher.search(Query(regions=(Region(path, 0, 0, 1, side),)))


def test_a_region_of_no_photo_is_a_sentence(place: Place, searcher: Searcher) -> None:
    for name in ("missing.jpg", ".", "a\0b", ""):
        with pytest.raises(QueryError):
            searcher.search(Query(regions=(Region(str(place.photos / name) if name else "", 0, 0, 1, 1),)))
