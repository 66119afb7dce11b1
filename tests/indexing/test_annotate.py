"""What a run says of photos beyond their files' own words: colours and places."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.core.catalog import Catalog, Field, ThumbnailStore
from photofind.core.imaging.colours import COLOURS
from photofind.core.indexing.annotate import catch_up
from photofind.core.indexing.run import Stopped
from photofind.core.library import Library
from photofind.core.queries import Filters, Query
from photofind.core.records import ContentId, PhotoFacts
from photofind.core.settings import Settings
from tests.support.other_program import changed_by_hand
from tests.support.world import World

KYOTO = ((35.0, 1.0, 12.0), (135.0, 46.0, 12.0))


def flat(colour: str, position: tuple[tuple[float, ...], tuple[float, ...]] | None = None) -> bytes:
    """Return a JPEG of one colour, taken north and east if anywhere."""
    exif = Image.Exif()
    if position is not None:
        exif[0x8825] = {1: "N", 2: position[0], 3: "E", 4: position[1]}
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def seen(world: World) -> dict[str, tuple[str, float]]:
    """Return the strongest colour of each photo by name, with its share."""
    with Catalog.open_reader(world.library / "library.db") as catalog:
        pack = catalog.active_pack()
        assert pack is not None
        places = list(catalog.vectors.places(pack.id, range(pack.next_vid)))
        shares = catalog.colours.of(pack.id, [place.vid for place in places])
        best = [(COLOURS[int(np.argmax(row[:-1]))], int(row[:-1].max())) for row in shares]
        return dict(zip((place.path.rsplit("/")[-1] for place in places), best, strict=True))


COLOURED = {"red.jpg": ("red", 255), "blue.jpg": ("blue", 255), "green.jpg": ("green", 255)}


def test_photos_have_colours_and_places_and_those_of_an_older_library_catch_up(world: World) -> None:
    world.put("red.jpg", flat("red", KYOTO))
    world.put("blue.jpg", flat("blue", ((0.0, 6.0, 0.0), (150.0, 0.0, 0.0))))
    world.put("green.jpg", flat("green"))
    world.update()
    for older in (False, True):
        if older:
            forget(world.library / "library.db")
            assert {colour for colour, _ in seen(world).values()} == {"black"}  # nothing known
            world.refresh()
        assert seen(world) == COLOURED
        with Catalog.open_reader(world.library / "library.db") as catalog:
            japan = catalog.texts.matches("japan")[Field.PLACE].tolist()
            assert [tile.path for tile in catalog.lists.tiles(japan)] == [str(world.photos / "red.jpg")]
            assert catalog.filtering.photo_ids(Filters(places=("kyoto",))).tolist() == japan
            assert len(catalog.filtering.photo_ids(Filters(has_gps=True))) == 2
            assert catalog.contents.unplaced(10) == []  # the one at sea is settled too
            assert catalog.colours.unseen(10) == []


def forget(path: Path) -> None:
    """Make the library one that was migrated a moment ago."""
    with changed_by_hand(path) as connection:
        connection.execute("DELETE FROM colours")
        connection.execute("UPDATE contents SET place_id = NULL")
        connection.execute("INSERT INTO library VALUES ('colours_until', (SELECT max(id) FROM contents))")


def test_catching_up_goes_on_where_it_was_cancelled_and_passes_over_what_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofind.core.indexing.annotate._BATCH", 1)
    with Catalog.open_writer(tmp_path / "library.db") as catalog, catalog.transaction():
        pack = catalog.vectors.put_pack("k", "k", 4)
        for digest, latitude, longitude in ((b"1", None, None), (b"2", 48.1, 11.6), (b"3", 35.0, 135.75)):
            catalog.contents.add(digest, 1, PhotoFacts("JPEG", 4, 3, None, None, None, latitude, longitude))
        catalog.vectors.append(pack.id, 0, [(ContentId(number), 0) for number in (1, 2, 3)])
    forget(tmp_path / "library.db")
    calls = 0

    def check() -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise Stopped

    with (
        Catalog.open_writer(tmp_path / "library.db") as catalog,
        closing(ThumbnailStore.open(tmp_path / "thumbnails.db", writable=True)) as thumbnails,
    ):
        thumbnails.put_many([(ContentId(1), flat("red")), (ContentId(2), b"\xff\xd8 is no more than a beginning")])
        before = catalog.revision()
        with pytest.raises(Stopped):
            catch_up(catalog, thumbnails, check)
        assert catalog.contents.unplaced(10) == []
        assert catalog.colours.unseen(10) == [2, 1]
        assert catalog.revision() == before + 1  # one for both places
        catch_up(catalog, thumbnails, check, seconds=-1.0)  # no time for it
        assert catalog.colours.unseen(10) == [2, 1]
        catch_up(catalog, thumbnails, check)
        assert catalog.revision() == before + 1
        assert catalog.colours.unseen(10) == []
        assert catalog.colours.of(1, [0, 1, 2]).max(axis=1).tolist() == [255, 0, 0]


def test_a_window_that_is_open_finds_places_that_photos_are_given_later(world: World) -> None:
    world.put("red.jpg", flat("red", KYOTO))
    world.update()
    forget(world.library / "library.db")
    with Library(world.library, Settings()) as library:
        inside, said = Query(filters=Filters(places=("kyoto",))), Query(words=("Kyoto",))
        assert library.search(inside).hits == []
        assert [hit.why for hit in library.search(said).hits] == [()]
        world.refresh()
        assert len(library.search(inside).hits) == 1
        assert [hit.why for hit in library.search(said).hits] == [("place: Kyoto",)]
