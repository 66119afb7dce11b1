"""Filters keep exactly what a comparison photo by photo keeps, whatever they are and however large the catalog is."""

from __future__ import annotations

import datetime
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import translate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photofind.core.catalog import Catalog
from photofind.core.queries import Filters, Orientation
from photofind.core.records import FileStamp, PhotoFacts

FOLDERS = ["/p", "/p/Kyoto 2019", "/p/Kyoto 2019/day1", "/p/Été", "/p/x_%[y]", "/q", "/q/kyoto"]
NAMES = ["a.jpg", "IMG_1.JPG", "IMG_12.jpg", "[x].png", "100%_ok.jpg", "Straße.jpg", "ÉTÉ.jpg", "写真.jpg", "b*c?.jpg"]
CAMERAS = [None, "Canon EOS 40D", "NIKON D90", "Straßenkamera É"]
PLACES = [None, "", "Kyoto, Japan", "Zürich, Switzerland", "New York City, New York, United States"]
SIZES = [(100, 100), (101, 100), (103, 100), (100, 103), (4000, 3000), (3000, 4000), (4000, 4000)]
FORMATS = ["JPEG", "PNG", "HEIF", "RAW"]


@dataclass(frozen=True)
class Made:
    """A photo as it was put in: the file's place, its content's number and facts."""

    id: int
    folder: str
    name: str
    content: int
    facts: PhotoFacts
    place: str | None


@dataclass(frozen=True)
class World:
    catalog: Catalog
    pack_id: int
    photos: list[Made]
    vids: dict[int, int]


contents = st.tuples(
    st.sampled_from(FORMATS),
    st.sampled_from(SIZES),
    st.tuples(
        st.dates(datetime.date(2018, 12, 30), datetime.date(2019, 1, 3)), st.sampled_from(["00:00:00", "23:59:59"])
    ),
    st.sampled_from(CAMERAS),
    st.sampled_from(PLACES),
)
files = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES), st.integers(0, 5))
days = st.none() | st.dates(datetime.date(2018, 12, 29), datetime.date(2019, 1, 4))


def some(*texts: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(st.sampled_from(texts), max_size=2).map(tuple)


filters = st.builds(
    Filters,
    folders=some("/p", "/p/", "/p/Kyoto 2019", "/", "/p/x_%[y]", "/p/Kyo", "/nowhere"),
    names=some("img", "IMG_*.jpg", "?.jpg", "%", "_", "[x]", "straSSE", "ß", "été", "E\u0301te", "写", "*", "b*c?"),
    within=some("kyoto", "DAY1", "été", "%", "2019", "p"),
    cameras=some("canon", "eos 40", "D", "strasse", "é"),
    places=some("kyoto", "Japan", "zurich", "new york", "york", "united states", "witzerland", "!"),
    formats=some("jpeg", "JPG", "heic", "raw", "tif"),
    since=days,
    until=days,
    orientation=st.none() | st.sampled_from(Orientation),
    min_megapixels=st.none() | st.sampled_from([0.01, 1.0, 12.0, 12.1]),
    max_megapixels=st.none() | st.sampled_from([0.0101, 12.0, 16.0]),
    has_gps=st.none() | st.booleans(),
)


@contextmanager
def world_of(rows: list[Any], held: list[Any]) -> Iterator[World]:
    """Put photos into a new catalog: each of ``rows`` is a folder, a name and the number of a content."""
    with tempfile.TemporaryDirectory() as folder, Catalog.open_writer(Path(folder) / "library.db") as catalog:
        with catalog.transaction():
            pack = catalog.vectors.put_pack("k", "k", 4)
            made: list[Made] = []
            vids: dict[int, int] = {}
            for folder_name, name, number in {(row[0], row[1]): row for row in rows}.values():
                kind, (width, height), (day, time), camera, place = held[number % len(held)]
                located = (1.0, 2.0) if place is not None else (None, None)
                facts = PhotoFacts(kind, width, height, f"{day}T{time}", camera, None, *located)
                digest = b"%d" % (number % len(held))
                content = catalog.contents.by_hash(digest)
                if content is None:
                    content = catalog.contents.add(digest, 1, facts)
                    vids[content] = len(vids)
                    catalog.vectors.append(pack.id, vids[content], [(content, 0)])
                    if place is not None:
                        catalog.contents.set_places([(content, place, "")])
                root = catalog.files.add_root("/q" if folder_name.startswith("/q") else "/p")
                folder_id = catalog.files.put_folder(root, folder_name, is_mount=False, error=None)
                catalog.files.add_pending(folder_id, [(name, FileStamp(1, 2, 3))])
                known = catalog.files.find(folder_name, name)
                assert known is not None
                catalog.files.set_photo(known.id, content, FileStamp(1, 2, 3))
                made.append(Made(known.id, folder_name, name, content, facts, place))
        yield World(catalog, pack.id, made, vids)


def fold(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def name_fits(name: str, text: str) -> bool:
    wild = f"*{fold(text)}*".replace("[", "[[]")
    return re.match(translate(wild), fold(name)) is not None


def place_fits(place: str | None, text: str) -> bool:
    wanted = re.findall(r"\w+", plain(text))
    words = re.findall(r"\w+", plain(place or ""))
    return bool(wanted) and any(words[i : i + len(wanted)] == wanted for i in range(len(words)))


def keeps(asked: Filters, photo: Made) -> bool:
    """Say whether a filter keeps a photo, condition by condition as they are described."""
    facts = photo.facts
    day = datetime.date.fromisoformat((facts.taken_at or "")[:10])
    pixels = facts.width * facts.height / 1e6
    aliases = {"JPG": "JPEG", "HEIC": "HEIF", "TIF": "TIFF"}
    tops = [top.rstrip("/") for top in asked.folders]
    shapes = {
        Orientation.SQUARE: abs(facts.width - facts.height) <= 0.02 * max(facts.width, facts.height),
        Orientation.LANDSCAPE: facts.width > 1.02 * facts.height,
        Orientation.PORTRAIT: facts.height > 1.02 * facts.width,
    }
    return all(
        [
            not tops or any(photo.folder == top or photo.folder.startswith(f"{top}/") for top in tops),
            all(name_fits(photo.name, text) for text in asked.names),
            all(any(fold(text) in fold(part) for part in photo.folder.split("/")) for text in asked.within),
            all(facts.camera and fold(text) in fold(facts.camera) for text in asked.cameras),
            all(place_fits(photo.place, text) for text in asked.places),
            not asked.formats or facts.format in [aliases.get(name.upper(), name.upper()) for name in asked.formats],
            asked.since is None or day >= asked.since,
            asked.until is None or day <= asked.until,
            asked.orientation is None or shapes[asked.orientation],
            asked.min_megapixels is None or pixels >= asked.min_megapixels,
            asked.max_megapixels is None or pixels <= asked.max_megapixels,
            asked.has_gps is None or asked.has_gps == (facts.latitude is not None),
        ]
    )


def check(world: World, asked: Filters) -> None:
    kept = [photo for photo in world.photos if keeps(asked, photo)]
    filtering = world.catalog.filtering
    assert filtering.photo_ids(asked).tolist() == sorted(photo.id for photo in kept)
    photos, vids = filtering.kept(world.pack_id, asked)
    assert photos.tolist() == filtering.photo_ids(asked).tolist()
    assert vids.tolist() == sorted({world.vids[photo.content] for photo in kept})
    assert vids.tolist() == filtering.vids_of(world.pack_id, photos).tolist()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(files, min_size=1, max_size=14),
    st.lists(contents, min_size=1, max_size=6),
    st.lists(filters, min_size=4, max_size=4),
    st.booleans(),
)
@pytest.mark.skipif(os.sep != "/", reason="paths of POSIX")
def test_filters_equal_a_comparison_photo_by_photo(
    rows: list[Any], held: list[Any], asked: list[Filters], large: bool
) -> None:
    with world_of(rows, held) as world, pytest.MonkeyPatch.context() as patched:
        if large:  # what reads whole tables when there is too much to look up
            patched.setattr("photofind.core.catalog.filtering._FEW", 1)
        check(world, Filters())
        for each in asked:
            check(world, each)
            for name in each.__slots__:  # each condition alone keeps more, so that there is something to tell apart
                check(world, replace(Filters(), **{name: getattr(each, name)}))


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    one = ("JPEG", (4, 3), (datetime.date(2019, 1, 1), "00:00:00"), None, None)
    names = ["ä" + "a" * 100, "a" * 100]
    with world_of([("/p", name, 0) for name in names], [one]) as world:
        for pattern, count in (("*a" * 40 + "*b", 0), ("*a" * 40, 2), ("ä*" + "a?*" * 40, 1)):
            assert len(world.catalog.filtering.photo_ids(Filters(names=(pattern,)))) == count


ODD = ["\0", "\ud800", "'; DROP TABLE files; --", "%" * 5000, "*" * 5000, "\U0001f600", "\\", "[!a]"]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_keep_nothing_and_do_no_harm(text: str) -> None:
    one = ("JPEG", (4, 3), (datetime.date(2019, 1, 1), "00:00:00"), "Canon", "Kyoto, Japan")
    with world_of([("/p", "a.jpg", 0)], [one]) as world:
        for asked in (
            Filters(folders=(text,)),
            Filters(within=(text,)),
            Filters(cameras=(text,)),
            Filters(places=(text,)),
            Filters(formats=(text,)),
        ):
            assert world.catalog.filtering.photo_ids(asked).tolist() == []
        assert len(world.catalog.filtering.photo_ids(Filters(names=(text,)))) == (set(text) == {"*"})
        assert len(world.catalog.filtering.photo_ids(Filters(names=("",), cameras=("",), places=("",)))) == 1
        assert len(world.catalog.filtering.photo_ids(Filters(min_megapixels=float("nan")))) == 0
