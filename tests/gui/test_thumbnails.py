"""The tiles of the grid: what is wanted arrives, fits, stays while it is right, and goes when there is no room."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from photofind.core.errors import StorageError
from photofind.core.library import Library
from photofind.core.library_writer import LibraryWriter
from photofind.core.records import ContentId, Tile
from photofind.gui import thumbnails, tile_fetching
from photofind.gui.grid.source import TileSource
from photofind.gui.thumbnails import ThumbnailProvider
from photofind.gui.tile_fetching import Aim, WantedList, decode
from tests.support.gallery import PHOTOS, Gallery, photo
from tests.support.photos import put

WAIT_MS = 20_000

pytestmark = pytest.mark.usefixtures("qapp")


class Heard:
    """How often each tile changed, and in how many signals."""

    def __init__(self, source: TileSource) -> None:
        self.changes: list[list[int]] = []
        source.tiles_changed.connect(self.changes.append)

    @property
    def ids(self) -> list[int]:
        return [photo_id for changed in self.changes for photo_id in changed]


@pytest.fixture
def provider(gallery: Gallery) -> Iterator[ThumbnailProvider]:
    made = ThumbnailProvider(gallery.library, gallery.settings)
    yield made
    assert made.close(WAIT_MS)


def _pixmap(source: TileSource, photo_id: int) -> QPixmap:
    tile = source.tile(photo_id)
    assert tile is not None
    assert tile.pixmap is not None
    return tile.pixmap


def _has_all(source: TileSource, photo_ids: list[int]) -> bool:
    return all(source.tile(photo_id) is not None for photo_id in photo_ids)


def test_what_is_wanted_arrives(provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot) -> None:
    heard = Heard(provider)
    ids = gallery.ids()
    assert provider.tile(ids[0]) is None
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    assert sorted(heard.ids) == sorted(ids)
    with gallery.open() as library:
        for tile in library.tiles(ids):
            shown = provider.tile(tile.photo_id)
            assert shown is not None
            assert (shown.path, shown.name, shown.offline) == (tile.path, os.path.basename(tile.path), False)
            assert _pixmap(provider, tile.photo_id).devicePixelRatio() == 1.0


def test_tiles_show_the_photo(provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot) -> None:
    """Each tile resembles its own photo, and is not just any picture."""
    ids = gallery.ids()
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    for photo_id in ids[:10]:
        tile = provider.tile(photo_id)
        assert tile is not None
        shown = _pixmap(provider, photo_id).toImage()
        original = QPixmap(tile.path).toImage().scaled(shown.size(), mode=Qt.TransformationMode.SmoothTransformation)
        for x, y in ((0.3, 0.3), (0.5, 0.5), (0.7, 0.6)):
            at = round(x * shown.width()), round(y * shown.height())
            one, other = shown.pixelColor(*at), original.pixelColor(*at)
            assert abs(one.lightness() - other.lightness()) < 60


@pytest.mark.parametrize("pixels", [40, 100, 256, 400])
def test_pictures_fit_the_tiles(pixels: int, provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot) -> None:
    wide = gallery.id_of(gallery.holidays / "01.jpg")
    small = gallery.id_of(gallery.holidays / "04.jpg")
    provider.set_tile_pixels(pixels)
    provider.want([wide, small])
    qtbot.waitUntil(lambda: _has_all(provider, [wide, small]), timeout=WAIT_MS)
    longest = min(pixels, 256)
    assert (_pixmap(provider, wide).width(), _pixmap(provider, wide).height()) == (longest, round(longest * 400 / 640))
    assert _pixmap(provider, small).width() == min(pixels, 120)  # never enlarged


def test_another_size_is_fetched_while_the_old_one_is_shown(
    provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot
) -> None:
    ids = gallery.ids()[:5]
    provider.set_tile_pixels(60)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    provider.set_tile_pixels(110)
    assert all(max(_pixmap(provider, i).width(), _pixmap(provider, i).height()) == 60 for i in ids)
    qtbot.waitUntil(
        lambda: all(max(_pixmap(provider, i).width(), _pixmap(provider, i).height()) == 110 for i in ids),
        timeout=WAIT_MS,
    )


def test_a_photo_that_is_not_in_the_library_has_an_empty_tile(provider: ThumbnailProvider, qtbot: QtBot) -> None:
    provider.want([999_999])
    qtbot.waitUntil(lambda: provider.tile(999_999) is not None, timeout=WAIT_MS)
    tile = provider.tile(999_999)
    assert tile is not None
    assert (tile.pixmap, tile.name, tile.path) == (None, "", "")


@pytest.mark.qt_log_ignore("JPEG|marker")
def test_missing_and_damaged_thumbnails_are_tiles_without_a_picture(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    ids = fresh_gallery.ids()[:3]
    with fresh_gallery.open() as library:
        contents = [tile.content_id for tile in library.tiles(ids)]
    with closing(sqlite3.connect(fresh_gallery.library / "thumbnails.db")) as connection, connection:
        connection.execute("DELETE FROM thumbnails WHERE content_id = ?", (contents[0],))
        connection.execute("UPDATE thumbnails SET jpeg = x'FFD8FF0000' WHERE content_id = ?", (contents[1],))
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    for photo_id in ids[:2]:
        tile = provider.tile(photo_id)
        assert tile is not None
        assert tile.pixmap is None
        assert os.path.isfile(tile.path)
    assert not _pixmap(provider, ids[2]).isNull()
    assert provider.close(WAIT_MS)


def test_what_was_forgotten_is_looked_up_again(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    """A photo changes, another is removed, and one gets its thumbnail late: the grid hears of these, and no others."""
    changed, removed, late, same = ids = fresh_gallery.ids()[:4]
    with fresh_gallery.open() as library:
        tiles = {int(tile.photo_id): tile for tile in library.tiles(ids)}
    store = sqlite3.connect(fresh_gallery.library / "thumbnails.db", isolation_level=None)
    with closing(store):
        jpeg = store.execute("SELECT jpeg FROM thumbnails WHERE content_id = ?", (tiles[late].content_id,)).fetchone()
        store.execute("DELETE FROM thumbnails WHERE content_id = ?", (tiles[late].content_id,))
        provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
        provider.want(ids)
        qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
        before = _pixmap(provider, same)

        put(tiles[changed].path, photo(63))
        Path(tiles[removed].path).unlink()
        store.execute("INSERT INTO thumbnails (content_id, jpeg) VALUES (?, ?)", (tiles[late].content_id, jpeg[0]))
    fresh_gallery.update()
    heard = Heard(provider)
    old = _pixmap(provider, changed)
    provider.forget()
    assert _pixmap(provider, changed) is old
    qtbot.waitUntil(lambda: len(heard.ids) == 3, timeout=WAIT_MS)
    assert sorted(heard.ids) == sorted([changed, removed, late])
    assert _pixmap(provider, changed) is not old
    assert not _pixmap(provider, late).isNull()
    gone = provider.tile(removed)
    assert gone is not None
    assert gone.pixmap is None
    assert _pixmap(provider, same) is before
    assert provider.close(WAIT_MS)


def test_photos_whose_drive_is_away_keep_their_pictures(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    photo_id = fresh_gallery.id_of(fresh_gallery.holidays / "00.jpg")
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    provider.want([photo_id])
    qtbot.waitUntil(lambda: _has_all(provider, [photo_id]), timeout=WAIT_MS)
    before = _pixmap(provider, photo_id)
    fresh_gallery.holidays.rename(fresh_gallery.place / "away")
    with LibraryWriter(fresh_gallery.library, fresh_gallery.settings) as writer:
        for _ in writer.update():
            pass
    with qtbot.waitSignal(provider.tiles_changed, timeout=WAIT_MS):
        provider.forget()
    tile = provider.tile(photo_id)
    assert tile is not None
    assert tile.offline
    assert tile.pixmap is before
    assert provider.close(WAIT_MS)


def test_single_photos_are_forgotten(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    ids = fresh_gallery.ids()[:3]
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    for photo_id in ids:
        tile = provider.tile(photo_id)
        assert tile is not None
        put(tile.path, photo(40 + photo_id))
    fresh_gallery.update()
    heard = Heard(provider)
    provider.forget([ids[1], 999_999])
    qtbot.waitUntil(lambda: bool(heard.ids), timeout=WAIT_MS)
    assert heard.ids == [ids[1]]
    assert provider.close(WAIT_MS)


def test_the_cache_is_bounded_but_keeps_what_is_wanted(gallery: Gallery, qtbot: QtBot) -> None:
    ids = gallery.ids()
    provider = ThumbnailProvider(gallery.library, gallery.settings, cache_bytes=300_000)
    for photo_id in ids:
        provider.want([photo_id])
        qtbot.waitUntil(lambda: _has_all(provider, [photo_id]), timeout=WAIT_MS)  # noqa: B023 - it ends in this round
    held = [photo_id for photo_id in ids if provider.tile(photo_id) is not None]
    assert 0 < len(held) < PHOTOS
    assert held == ids[-len(held) :]
    pixels = sum(_pixmap(provider, i).width() * _pixmap(provider, i).height() * 4 for i in held)
    assert pixels <= 300_000

    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    provider.want(ids[:1])
    provider.set_cache_bytes(1000)
    assert [photo_id for photo_id in ids if provider.tile(photo_id) is not None] == ids[:1]
    assert provider.close(WAIT_MS)


def test_the_most_wanted_comes_first_and_only_what_is_wanted(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = gallery.ids()
    begun, go_on = threading.Semaphore(0), threading.Event()
    tiles = Library.tiles

    def slow_tiles(self: Library, photo_ids: list[int]) -> list[Tile]:
        begun.release()
        assert go_on.wait(60)
        return tiles(self, photo_ids)

    replace = tile_fetching.WantedList.replace

    def heard_of(self: tile_fetching.WantedList, wanted: dict[int, ContentId | None], aim: tile_fetching.Aim) -> None:
        replace(self, wanted, aim)
        if ids[25] in wanted:
            go_on.set()

    monkeypatch.setattr(tile_fetching.WantedList, "replace", heard_of)
    monkeypatch.setattr(Library, "tiles", slow_tiles)
    monkeypatch.setattr(tile_fetching, "_BATCH", 3)
    provider = ThumbnailProvider(gallery.library, gallery.settings)
    heard = Heard(provider)
    provider.want(ids[:20])
    for _ in range(2):  # both threads have taken a batch
        qtbot.waitUntil(lambda: begun.acquire(blocking=False), timeout=WAIT_MS)
    provider.want([ids[25], ids[1], ids[24]])
    qtbot.waitUntil(lambda: _has_all(provider, [ids[25], ids[24], ids[1]]), timeout=WAIT_MS)
    assert sorted(heard.ids) == sorted([ids[25], ids[24], ids[1]])  # what was scrolled past is not decoded
    assert provider.close(WAIT_MS)


def test_pictures_become_pixmaps_a_few_milliseconds_at_a_time(
    provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "_BUDGET_SECONDS", 1e-9)
    heard = Heard(provider)
    ids = gallery.ids()
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    assert [len(changed) for changed in heard.changes] == [1] * PHOTOS


def test_views_share_tiles_and_have_wishes_of_their_own(
    provider: ThumbnailProvider, gallery: Gallery, qtbot: QtBot
) -> None:
    ids = gallery.ids()
    view = provider.view()
    source: TileSource = view
    heard = Heard(source)
    provider.want(ids[:4])
    view.want(ids[3:7])
    qtbot.waitUntil(lambda: _has_all(provider, ids[:7]), timeout=WAIT_MS)
    assert sorted(heard.ids) == sorted(ids[:7])
    assert view.tile(ids[0]) is provider.tile(ids[0])

    provider.set_tile_pixels(50)
    view.set_tile_pixels(90)  # both are content with the larger one
    qtbot.waitUntil(lambda: _largest(_pixmap(view, ids[4])) == 90, timeout=WAIT_MS)
    view.set_tile_pixels(0)
    qtbot.waitUntil(lambda: _largest(_pixmap(provider, ids[0])) == 50, timeout=WAIT_MS)
    assert _largest(_pixmap(provider, ids[6])) == 90  # nobody wants it any more


def test_a_library_that_appears_later_is_shown(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    ids = fresh_gallery.ids()
    away = fresh_gallery.library.rename(fresh_gallery.place / "away")
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    provider.want(ids)
    away.rename(fresh_gallery.library)
    provider.library_appeared()
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    assert provider.close(WAIT_MS)


def test_a_thumbnail_file_that_is_away_or_damaged_is_opened_again(
    fresh_gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_fetching, "_REST_SECONDS", 0.0)
    ids = fresh_gallery.ids()[:6]
    path = fresh_gallery.library / "thumbnails.db"
    sound = path.rename(fresh_gallery.place / "away.db")
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    assert all(tile is not None and tile.pixmap is None for tile in map(provider.tile, ids))

    path.write_bytes(b"this is no database" * 400)
    heard = Heard(provider)
    provider.forget()
    sound.replace(path)
    provider.forget()
    qtbot.waitUntil(lambda: set(heard.ids) == set(ids), timeout=WAIT_MS)
    assert all(not _pixmap(provider, photo_id).isNull() for photo_id in ids)
    assert provider.close(WAIT_MS)


def test_a_failing_library_is_asked_again(gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_fetching, "_REST_SECONDS", 0.01)
    failures = [StorageError("Connect the disk.")] * 3
    tiles = Library.tiles

    def failing_tiles(self: Library, photo_ids: list[int]) -> list[Tile]:
        if failures:
            raise failures.pop()
        return tiles(self, photo_ids)

    monkeypatch.setattr(Library, "tiles", failing_tiles)
    ids = gallery.ids()
    provider = ThumbnailProvider(gallery.library, gallery.settings)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    assert provider.close(WAIT_MS)


def test_the_writer_never_waits_for_readers(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    """Tiles are being fetched all the time while a writer stores thumbnails that it cannot wait to commit."""
    ids = fresh_gallery.ids()
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings, cache_bytes=0)
    provider.want(ids)
    qtbot.waitUntil(lambda: _has_all(provider, ids), timeout=WAIT_MS)
    with closing(sqlite3.connect(fresh_gallery.library / "thumbnails.db", timeout=0)) as connection, connection:
        connection.execute("UPDATE thumbnails SET jpeg = jpeg")  # idle threads hold no lock at all
    assert provider.close(WAIT_MS)


def test_closing_while_pictures_are_decoded(gallery: Gallery, qtbot: QtBot) -> None:
    ids = gallery.ids()
    for wanted in (0, 1, PHOTOS):
        provider = ThumbnailProvider(gallery.library, gallery.settings)
        running = list(provider._threads)
        provider.want(ids[:wanted])
        if wanted == PHOTOS:
            with qtbot.waitSignal(provider.tiles_changed, timeout=WAIT_MS):
                pass
        heard = Heard(provider)
        assert provider.close(WAIT_MS)
        assert all(thread.isFinished() for thread in running)
        provider.want(ids)
        with qtbot.waitSignal(provider.destroyed, timeout=WAIT_MS):
            provider.deleteLater()
        assert heard.changes == []


def test_no_two_threads_fetch_the_same_photo() -> None:
    wanted, aim = WantedList(), Aim(100, 1)
    wanted.replace({1: None, 2: ContentId(20), 3: None}, aim)
    assert wanted.wait()
    assert wanted.take(2) == ({1: None, 2: ContentId(20)}, aim)
    assert wanted.take(2) == ({3: None}, aim)
    assert wanted.take(2) == ({}, aim)
    wanted.replace({2: None, 4: None}, aim)
    assert not wanted.keep(1)
    assert wanted.keep(2)
    assert wanted.take(9) == ({4: None}, aim)
    wanted.settle(2, again=False)
    assert wanted.take(9) == ({}, aim)
    wanted.settle(4, again=True)
    assert wanted.take(9) == ({4: None}, aim)
    wanted.give_back([4], again=False)
    assert wanted.take(9) == ({}, aim)
    wanted.replace({1: None}, aim)
    wanted.close()
    assert not wanted.wait()
    assert not wanted.keep(1)


@pytest.mark.qt_log_ignore("JPEG|marker")
def test_decoding_what_is_no_picture() -> None:
    assert decode(b"", 100) is None
    assert decode(b"\xff\xd8\xff no picture", 100) is None
    whole = decode(photo(0), 77)
    assert whole is not None
    assert (whole.width(), whole.height()) == (77, 77)


def test_the_library_writer_goes_on_beside_the_threads(fresh_gallery: Gallery, qtbot: QtBot) -> None:
    provider = ThumbnailProvider(fresh_gallery.library, fresh_gallery.settings)
    for number in range(50, 56):
        put(fresh_gallery.home / f"new-{number}.jpg", photo(number))
    with LibraryWriter(fresh_gallery.library, fresh_gallery.settings) as writer:
        for _ in writer.update():
            provider.forget()
            provider.want(fresh_gallery.ids())
    ids = fresh_gallery.ids()
    assert len(ids) == PHOTOS + 6
    provider.forget()
    provider.want(ids)
    qtbot.waitUntil(
        lambda: all((tile := provider.tile(i)) is not None and tile.pixmap is not None for i in ids), timeout=WAIT_MS
    )
    assert provider.close(WAIT_MS)


def _largest(pixmap: QPixmap) -> int:
    return max(pixmap.width(), pixmap.height())
