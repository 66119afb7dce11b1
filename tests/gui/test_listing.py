"""Listing all photos: the beginning first, the newest wish only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from photofind.core.queries import Filters
from photofind.core.records import Listing, SortKey
from photofind.gui import listing
from photofind.gui.listing import ListingLoader
from tests.support.gallery import PHOTOS, Gallery

WAIT_MS = 20_000

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """What a loader sent."""

    def __init__(self, loader: ListingLoader) -> None:
        self.listings: list[tuple[list[int], bool]] = []
        self.failures: list[str] = []
        loader.listed.connect(self._on_listed)
        loader.failed.connect(self.failures.append)

    def _on_listed(self, found: Listing, complete: bool) -> None:
        assert found.total == PHOTOS
        self.listings.append((found.photo_ids.tolist(), complete))

    @property
    def is_complete(self) -> bool:
        return bool(self.listings) and self.listings[-1][1]


@pytest.fixture
def loader(gallery: Gallery) -> Iterator[ListingLoader]:
    made = ListingLoader(gallery.library, gallery.settings)
    yield made
    assert made.close(WAIT_MS)


def test_a_short_list_comes_at_once(loader: ListingLoader, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(loader)
    loader.load(SortKey.NAME, descending=False)
    qtbot.waitUntil(lambda: heard.is_complete, timeout=WAIT_MS)
    with gallery.open() as library:
        assert heard.listings == [(library.list_photos(SortKey.NAME, descending=False).photo_ids.tolist(), True)]


def test_a_long_list_begins_with_its_beginning(
    loader: ListingLoader, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "BEGINNING_ROWS", 10)
    heard = Heard(loader)
    loader.load(SortKey.DATE, descending=True)
    qtbot.waitUntil(lambda: heard.is_complete, timeout=WAIT_MS)
    ids = gallery.ids()
    assert heard.listings == [(ids[:10], False), (ids, True)]

    loader.load(SortKey.DATE, descending=True, beginning=False)
    qtbot.waitUntil(lambda: len(heard.listings) > 2, timeout=WAIT_MS)
    assert heard.listings[2:] == [(ids, True)]


def test_only_the_newest_wish_is_answered(
    loader: ListingLoader, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "BEGINNING_ROWS", 10)
    heard = Heard(loader)
    for _ in range(20):
        loader.load(SortKey.DATE, descending=False)
    loader.load(SortKey.SIZE, descending=True)
    qtbot.waitUntil(lambda: heard.is_complete, timeout=WAIT_MS)
    with gallery.open() as library:
        ids = library.list_photos(SortKey.SIZE, descending=True).photo_ids.tolist()
    assert heard.listings == [(ids[:10], False), (ids, True)]


def test_a_cancelled_wish_is_not_answered(loader: ListingLoader, qtbot: QtBot) -> None:
    heard = Heard(loader)
    loader.load(SortKey.DATE, descending=False)
    loader.cancel()
    loader.load(SortKey.NAME, descending=True)
    qtbot.waitUntil(lambda: heard.is_complete, timeout=WAIT_MS)
    assert len(heard.listings) == 1


def test_a_library_that_cannot_be_read_fails_with_a_sentence(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    (fresh_gallery.library / "library.db").write_bytes(b"this is no database" * 400)
    loader = ListingLoader(fresh_gallery.library, fresh_gallery.settings)
    heard = Heard(loader)
    loader.load(SortKey.DATE, descending=True)
    qtbot.waitUntil(lambda: bool(heard.failures), timeout=WAIT_MS)
    assert heard.listings == []
    assert "doctor" in heard.failures[0]
    assert loader.close(WAIT_MS)


def test_the_wish_before_the_library_is_there_is_answered_when_it_is(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    away = fresh_gallery.library.rename(fresh_gallery.place / "away")
    loader = ListingLoader(fresh_gallery.library, fresh_gallery.settings)
    heard = Heard(loader)
    loader.load(SortKey.DATE, descending=True)
    away.rename(fresh_gallery.library)
    loader.library_appeared()
    qtbot.waitUntil(lambda: heard.is_complete, timeout=WAIT_MS)
    assert heard.failures == []
    assert loader.close(WAIT_MS)


def test_nothing_is_sent_after_the_end(gallery: Gallery, qtbot: QtBot) -> None:
    loader = ListingLoader(gallery.library, gallery.settings)
    heard = Heard(loader)
    with qtbot.waitSignal(loader.listed, timeout=WAIT_MS):
        loader.load(SortKey.DATE, descending=True)
    heard.listings.clear()
    loader.load(SortKey.DATE, descending=True)
    assert loader.close(WAIT_MS)
    loader.load(SortKey.DATE, descending=True)
    with qtbot.waitSignal(loader.destroyed, timeout=WAIT_MS):
        loader.deleteLater()
    assert heard.listings == []


def test_filters_keep_some_photos_in_the_same_order(
    loader: ListingLoader, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "BEGINNING_ROWS", 4)
    found: list[tuple[list[int], int, bool]] = []
    loader.listed.connect(lambda part, complete: found.append((part.photo_ids.tolist(), part.total, complete)))
    loader.load(SortKey.DATE, descending=True, filters=Filters(folders=(str(gallery.home),)))
    qtbot.waitUntil(lambda: bool(found) and found[-1][2], timeout=WAIT_MS)
    with gallery.open() as library:
        tiles = {int(tile.photo_id): tile.path for tile in library.tiles(gallery.ids())}
    kept = [photo_id for photo_id in gallery.ids() if tiles[photo_id].startswith(str(gallery.home))]
    assert found == [(kept[:4], 10, False), (kept, 10, True)]
