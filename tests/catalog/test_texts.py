from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.core.catalog import Catalog, Field
from photofind.core.catalog.tokens import folder_words, label_words, name_words, typed_tokens
from photofind.core.records import FileStamp, PhotoFacts, PhotoId

STAMP = FileStamp(1, 2, 3)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open_writer(tmp_path / "library.db") as opened:
        yield opened


def put(
    catalog: Catalog,
    path: str,
    *,
    root: str = "/photos",
    camera: str | None = None,
    place: str | None = None,
    taken: str | None = None,
) -> PhotoId:
    """Put a photo with a content of its own into the catalog."""
    folder, name = os.path.split(path)
    with catalog.transaction():
        folder_id = catalog.files.put_folder(catalog.files.add_root(root), folder, is_mount=False, error=None)
        catalog.files.add_pending(folder_id, [(name, STAMP)])
        known = catalog.files.find(folder, name)
        assert known is not None
        content = catalog.contents.add(os.fsencode(path), 1, PhotoFacts("JPEG", 4, 3, taken, camera))
        if place is not None:
            catalog.contents.set_places([(content, place, "Muenchen" if "Munich" in place else "")])
        catalog.files.set_photo(known.id, content, STAMP)
    return known.id


def texts(catalog: Catalog) -> set[str]:
    kept = {row[0] for row in catalog._sql.execute("SELECT text FROM texts")}
    assert len(kept) == catalog._sql.execute("SELECT count(*) FROM words").fetchone()[0]
    return kept


# What names say


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG_1234.JPG", ""),
        ("DSC00012.jpg", ""),
        ("P1010012.JPG", ""),
        ("a8f3c2d4e5f6.png", ""),
        ("550e8400-e29b-41d4-a716-446655440000.jpg", ""),
        ("IMG-20190712-WA0012.jpg", "20190712 2019"),
        ("IMG_20190712_kyoto-temple.jpg", "20190712 2019 kyoto temple"),
        ("KyotoTemple2019.jpg", "kyoto temple kyototemple 2019"),
        ("2019-07-12 Kyoto (3).jpg", "2019 kyoto"),
        ("ÉtéParis.jpg", "ete paris"),
        ("Straße.jpg", "strasse"),
        ("京都.jpg", "京 都"),
        ("noSuffix", "no suffix nosuffix"),
        (".hidden", "hidden"),
        ("\U0001f600.jpg", ""),
        (os.fsdecode(b"caf\xe9 bar.jpg"), "caf bar"),
    ],
)
def test_what_the_name_of_a_file_says(name: str, words: str) -> None:
    assert name_words(name) == words


def test_what_folders_and_labels_say() -> None:
    assert folder_words("/home/me/Photos/2019 Kyoto/day1", "/home/me/Photos") == "photos 2019 kyoto day 1"
    assert folder_words("/", "/") == ""
    assert label_words("Canon EOS 40D") == "canon eos 40 d"
    assert label_words("Apple iPhone 12") == "apple i phone iphone 12"


def test_what_was_typed_is_divided_as_what_is_stored() -> None:
    assert typed_tokens("EOS40D iPhone") == ["eos", "40", "d", "iphone"]
    assert typed_tokens("'); DROP TABLE files; -- \x00 \ud800") == ["drop", "table", "files"]
    assert typed_tokens("\U0001f600 … ") == []
    assert len(typed_tokens("x " * 10_000)) < 100


# Finding


def test_a_word_is_found_wherever_it_was_said(catalog: Catalog) -> None:
    named = put(catalog, "/photos/a/Kyoto-temple 1.jpg")
    below = put(catalog, "/photos/2019 Kyoto/day1/IMG_1.jpg")
    shot = put(catalog, "/photos/b/IMG_2.jpg", camera="Canon EOS 40D")
    there = put(catalog, "/photos/b/IMG_3.jpg", place="Kyoto, Japan")
    assert {field: ids.tolist() for field, ids in catalog.texts.matches("KYOTO").items()} == {
        Field.NAME: [named],
        Field.FOLDER: [below],
        Field.PLACE: [there],
    }
    assert catalog.texts.match("kyoto").tolist() == [named, below, there]
    for typed in ("canon", "eos 40d", "40D", "EOS40D"):
        assert catalog.texts.match(typed).tolist() == [shot], typed
    assert catalog.texts.match("photos").tolist() == [named, below, shot, there]  # the root's own name
    for nothing in ("nowhere", "", "!?", "40 eos", "kyoto canon", '"', "*", "kyoto*temple*eos", "NEAR(a b)"):
        assert catalog.texts.match(nothing).tolist() == [], nothing


def test_beginnings_and_plurals(catalog: Catalog) -> None:
    temples = put(catalog, "/photos/x/temples.jpg")
    temple = put(catalog, "/photos/x/temple.jpg")
    carpet = put(catalog, "/photos/x/carpet.jpg")
    year = put(catalog, "/photos/x/20190712.jpg")
    assert catalog.texts.match("temple").tolist() == [temples, temple]
    assert catalog.texts.match("temples").tolist() == [temples, temple]
    assert catalog.texts.match("car").tolist() == []
    assert catalog.texts.match("carp").tolist() == [carpet]
    assert catalog.texts.match("2019").tolist() == [year]
    assert catalog.texts.match("201").tolist() == []


def test_accents_and_scripts_without_spaces(catalog: Catalog) -> None:
    cafe = put(catalog, "/photos/x/Café.jpg")
    kyoto = put(catalog, "/photos/x/京都寺院.jpg")
    munich = put(catalog, "/photos/x/1.jpg", place="Munich, Germany")
    assert catalog.texts.match("cafe").tolist() == [cafe]
    assert catalog.texts.match("CAFE\u0301").tolist() == [cafe]
    assert catalog.texts.match("寺院").tolist() == [kyoto]
    assert catalog.texts.match("院寺").tolist() == []
    assert catalog.texts.match("Muenchen").tolist() == [munich]  # another name of the place


def test_many_photos_of_a_camera(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    shot = [put(catalog, f"/photos/x/{number}.jpg", camera="Nikon D90") for number in range(5)]
    put(catalog, "/photos/x/other.jpg", camera="Canon")
    monkeypatch.setattr("photofind.core.catalog.texts._FEW", 2)
    assert catalog.texts.match("nikon").tolist() == shot


def test_days(catalog: Catalog) -> None:
    photos = [
        put(catalog, f"/photos/{i}.jpg", taken=f"2019-01-0{i}T{h}") for i, h in [(1, "00:00:00"), (2, "23:59:59")]
    ]
    old = put(catalog, "/photos/old.jpg", taken="1960-05-01T12:00:00")
    first, second = datetime.date(2019, 1, 1), datetime.date(2019, 1, 2)
    assert catalog.texts.dated(first, second).tolist() == photos
    assert catalog.texts.dated(second, second).tolist() == photos[1:]
    assert catalog.texts.dated(datetime.date(2018, 1, 1), datetime.date(2018, 12, 31)).tolist() == []
    assert catalog.texts.dated(None, datetime.date(1999, 1, 1)).tolist() == [old]
    assert catalog.texts.dated(datetime.date.min, datetime.date.max).tolist() == [*photos, old]


# Staying true


def test_words_follow_the_photo(catalog: Catalog) -> None:
    first, second = put(catalog, "/photos/x/harbour 1.jpg"), put(catalog, "/photos/x/harbour 2.jpg")
    newcomer = put(catalog, "/photos/y/lighthouse.jpg")
    assert texts(catalog) == {"harbour", "lighthouse", "photos x", "photos y"}
    with catalog.transaction():
        catalog.files.take_place(first, newcomer)  # renamed and moved
    assert catalog.texts.match("harbour").tolist() == [second]
    assert catalog.texts.match("lighthouse").tolist() == [first]
    with catalog.transaction():
        catalog.files.set_pending([(second, FileStamp(5, 5, 5))])  # it waits, and is still what it was
    assert catalog.texts.match("harbour").tolist() == [second]
    with catalog.transaction():
        catalog.files.set_error(second, "broken", "damaged")
    assert catalog.texts.match("harbour").tolist() == []
    assert texts(catalog) == {"lighthouse", "photos x", "photos y"}
    with catalog.transaction():
        catalog.files.remove([first, second])
        catalog.files.drop_empty_folders(folder.id for folder in catalog.files.folders(1))
    assert texts(catalog) == set()


def test_a_removed_root_takes_its_words_along(catalog: Catalog) -> None:
    put(catalog, "/photos/x/harbour.jpg")
    put(catalog, "/other/x/harbour.jpg", root="/other")
    with catalog.transaction():
        catalog.files.remove_root(1)
    assert texts(catalog) == {"harbour", "other x"}
    assert len(catalog.texts.match("harbour")) == 1


def test_folders_of_an_absorbed_root_say_what_lies_above_them_too(catalog: Catalog) -> None:
    photo = put(catalog, "/archive/kyoto/day1/1.jpg", root="/archive/kyoto")
    assert catalog.texts.match("archive").tolist() == []
    with catalog.transaction():
        outer = catalog.files.add_root("/archive")
        catalog.files.absorb_root(1, outer)
    assert catalog.texts.match("archive").tolist() == [photo]
    assert texts(catalog) == {"archive kyoto day 1"}
    with catalog.transaction():  # a folder that another root takes over by itself
        catalog.files.put_folder(
            catalog.files.add_root("/archive/kyoto"), "/archive/kyoto/day1", is_mount=False, error=None
        )
    assert catalog.texts.match("archive").tolist() == []
    assert catalog.texts.match("kyoto").tolist() == [photo]


def test_a_transaction_that_is_undone_leaves_no_words(catalog: Catalog) -> None:
    def interrupted() -> None:
        with catalog.transaction():
            catalog.texts.of_name("harbour.jpg")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert texts(catalog) == set()
    assert catalog.texts.match("harbour").tolist() == []


def test_words_of_a_removed_root_are_gone_from_the_index(catalog: Catalog) -> None:
    put(catalog, "/photos/herzgeheim/wispern.jpg")
    put(catalog, "/other/bleibt.jpg", root="/other")
    root = next(root for root in catalog.files.roots() if root.path == "/photos")
    with catalog.transaction():
        catalog.files.remove_root(root.id)
    content = b"".join(row[0] for row in catalog._sql.execute("SELECT block FROM words_data"))
    assert [word for word in (b"herzgeheim", b"wispern", b"bleibt") if word in content] == [b"bleibt"]
