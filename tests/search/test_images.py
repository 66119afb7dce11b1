"""Searching by image files, with the real encoder and real photos."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from photofind.core.catalog import Catalog, Pack
from photofind.core.encoders import Encoder
from photofind.core.errors import PackError, QueryError
from photofind.core.imaging import DecodeLimits
from photofind.core.records import Embedding
from photofind.core.search import Query, Searcher
from tests.search.conftest import DATA, LIMITS, PHOTOS, Place, no_encoder


@pytest.fixture
def reader(place: Place) -> Iterator[Catalog]:
    with Catalog.open_reader(place.library / "library.db") as opened:
        yield opened


@pytest.fixture
def searcher(place: Place, reader: Catalog, encoder: Encoder) -> Iterator[Searcher]:
    with closing(Searcher(place.library, reader, lambda _: encoder, LIMITS)) as opened:
        yield opened


def best(searcher: Searcher, *images: Path, limit: int = 1) -> list[tuple[str, float]]:
    hits = searcher.search(Query(images=tuple(map(str, images)), limit=limit)).hits
    return [(os.path.basename(hit.path), hit.score) for hit in hits]


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_from_elsewhere_finds_itself(name: str, tmp_path: Path, searcher: Searcher) -> None:
    small = tmp_path / "small.webp"
    with Image.open(DATA / name) as image:
        image.convert("RGB").reduce(2).save(small, quality=80)
    found = best(searcher, small, limit=4)
    assert found[0][0] == name
    assert found[0][1] > 0.8 > found[1][1]


def test_one_photo_of_the_library_and_one_from_elsewhere(place: Place, searcher: Searcher) -> None:
    elsewhere = DATA / "chelsea.png"
    found = best(searcher, place.photos / "coffee.png", elsewhere, limit=2)
    assert {name for name, _ in found} == {"coffee.png", "chelsea.png"}
    assert found[0][1] == pytest.approx(found[1][1], abs=0.02)


def test_a_photo_that_was_replaced_is_read_again(place: Place, searcher: Searcher) -> None:
    shutil.copy(DATA / "chelsea.png", place.photos / "coffee.png")
    found = best(searcher, place.photos / "coffee.png", limit=1)
    assert found[0][0] == "chelsea.png"


def test_an_unchanged_photo_is_not_read_at_all(place: Place, reader: Catalog) -> None:
    with closing(Searcher(place.library, reader, no_encoder, LIMITS)) as searcher:
        assert best(searcher, place.photos / "rocket.jpg")[0][0] == "rocket.jpg"
        (place.photos / "rocket.jpg").unlink()  # its disk is away: what the library has of it is all there is
        assert best(searcher, place.photos / "rocket.jpg")[0][0] == "rocket.jpg"


def test_the_encoder_is_opened_once(place: Place, reader: Catalog, encoder: Encoder) -> None:
    opened: list[Pack] = []

    def open_once(pack: Pack) -> Encoder:
        opened.append(pack)
        return encoder

    with closing(Searcher(place.library, reader, open_once, LIMITS)) as searcher:
        for _ in range(3):
            best(searcher, DATA / "astronaut.png")
    assert [pack.key for pack in opened] == [encoder.key]


def test_a_pack_that_is_gone_is_told(place: Place, reader: Catalog) -> None:
    def gone(_: Pack) -> Encoder:
        raise PackError("not installed")

    with closing(Searcher(place.library, reader, gone, LIMITS)) as searcher:
        with pytest.raises(PackError, match="not installed"):
            best(searcher, DATA / "astronaut.png")
        assert best(searcher, place.photos / "coffee.png")[0][0] == "coffee.png"


def test_images_that_are_none_are_a_sentence(tmp_path: Path, searcher: Searcher) -> None:
    text, cut, empty = tmp_path / "letter.txt", tmp_path / "cut.jpg", tmp_path / "empty.jpg"
    text.write_text("Dear reader,\n" * 100)
    cut.write_bytes((DATA / "rocket.jpg").read_bytes()[:3000])
    empty.touch()
    for path in (text, cut, empty, tmp_path / "missing.jpg", tmp_path):
        with pytest.raises(QueryError) as caught:
            searcher.search(Query(images=(str(path),)))
        sentence = str(caught.value)
        assert str(path) in sentence
        assert sentence.endswith(".")
        assert not sentence.endswith("..")
        assert "\n" not in sentence
    assert best(searcher, DATA / "coffee.png")[0][0] == "coffee.png"  # nothing of it stays


def test_an_image_beyond_the_limits_is_a_sentence(place: Place, reader: Catalog, encoder: Encoder) -> None:
    limits = DecodeLimits(pixels=1000, file_bytes=1 << 30)
    with (
        closing(Searcher(place.library, reader, lambda _: encoder, limits)) as searcher,
        pytest.raises(QueryError, match=r"Cannot search by .*limit"),
    ):
        best(searcher, DATA / "astronaut.png")


@pytest.mark.parametrize("name", ["", "a\0b", "\udc80\ud800.jpg"])
def test_names_that_no_file_can_have(name: str, searcher: Searcher) -> None:
    with pytest.raises(QueryError):
        searcher.search(Query(images=(name,)))


def test_a_picture_that_is_asked_by_again_is_read_once(
    tmp_path: Path, searcher: Searcher, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "asked.png"
    shutil.copy(DATA / "coffee.png", picture)
    read: list[str] = []
    real = type(encoder).encode

    def encode(self: Encoder, image: Image.Image) -> Embedding:
        read.append("once")
        return real(self, image)

    monkeypatch.setattr(type(encoder), "encode", encode)
    first = best(searcher, picture, limit=1)
    assert best(searcher, picture, limit=3)[0] == first[0]
    assert read == ["once"]
    shutil.copy(DATA / "rocket.jpg", picture)
    assert best(searcher, picture)[0][0] != first[0][0]
    assert read == ["once", "once"]
