"""The tiles of the grid: a bounded cache of pictures in the window, filled by two threads.

::

    grid: want(ids) ──▶ WantedList ──▶ two threads: look up, decode, scale (QImage) ──▶ queue
    grid: paints tile(id) ◀── tiles_changed ◀── a few milliseconds at a time: QPixmap into the cache

The window never waits: :meth:`ThumbnailProvider.tile` answers from the cache alone, and pictures that arrive become
pixmaps for some milliseconds, then the event loop has its turn. A tile that is in doubt, because the photo may have
changed or the tiles have another size now, goes on to be shown until its successor is there.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal
from PySide6.QtGui import QPixmap

from photofind.core.imaging.geometry import THUMBNAIL_SIDE
from photofind.core.records import ContentId
from photofind.core.settings import Settings
from photofind.gui.grid.source import GridTile
from photofind.gui.threads import LibraryReader, ReaderThread
from photofind.gui.tile_fetching import Aim, Fetched, Fetcher, WantedList

CACHE_BYTES = 96 << 20
_THREADS = 2
_BUDGET_SECONDS = 0.004
_GATHER_MS = 8  # so that the grid is painted once for several pictures
_FIRST_PIXELS = 160
_BYTES_BESIDE_PIXELS = 500  # the tile's texts and objects


@dataclass(slots=True)
class _Entry:
    tile: GridTile
    content_id: ContentId | None
    aim: Aim
    bytes: int


class ThumbnailProvider(LibraryReader):
    """A :class:`TileSource` that reads the library; ``cache_bytes`` bounds the pictures that are kept.

    What the grid wants at present is kept even beyond that.
    """

    tiles_changed = Signal(object)
    """Photo ids, as a list: their tiles are known now, or differ."""

    def __init__(
        self, library: Path, settings: Settings, *, cache_bytes: int = CACHE_BYTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._cache: OrderedDict[int, _Entry] = OrderedDict()
        self._bytes = 0
        self._most_bytes = cache_bytes
        self._aim = Aim(_FIRST_PIXELS, 0)
        self._wishes: dict[QObject, Sequence[int]] = {}
        self._pixels: dict[QObject, int] = {}
        self._needed: dict[int, None] = {}
        self._wanted = WantedList()
        self._arrived: deque[Fetched] = deque()
        self._is_woken = False
        self._drain_on = QTimer(self)
        self._drain_on.setSingleShot(True)
        self._drain_on.timeout.connect(self._drain)
        # The threads set to work when the window has been painted: both at once are slow for want of the interpreter.
        self._ask_on = QTimer(self)
        self._ask_on.setSingleShot(True)
        self._ask_on.timeout.connect(self._ask)
        for number in range(_THREADS):
            fetcher = Fetcher(self._wanted, self._deliver)
            thread = ReaderThread(f"thumbnails-{number}", library, settings, fetcher, fetcher.shut)
            self._start(thread, QThread.Priority.LowPriority)

    def tile(self, photo_id: int) -> GridTile | None:
        """Return what is known of a photo, None when nothing is yet."""
        entry = self._cache.get(photo_id)
        if entry is None:
            return None
        self._cache.move_to_end(photo_id)
        return entry.tile

    def want(self, photo_ids: Sequence[int]) -> None:
        """Fetch these photos, the most wanted first, instead of those wanted before."""
        self._want(self, photo_ids)

    def set_tile_pixels(self, pixels: int) -> None:
        """Fetch pictures whose longest side has this many pixels of the screen."""
        self._set_pixels(self, pixels)

    def view(self, parent: QObject | None = None) -> TileView:
        """Return a source with the same tiles and wishes of its own, for another widget that shows photos."""
        return TileView(self, parent)

    def forget(self, photo_ids: Sequence[int] | None = None) -> None:
        """Look these photos, or all, up again when they are wanted, those that are wanted now at once.

        Call it when photos may have changed or got their thumbnails. Until then the old tiles are shown. A picture is
        only decoded again if the photo's content is another.
        """
        if photo_ids is None:
            self._aim = Aim(self._aim.pixels, self._aim.round + 1)
        for photo_id in photo_ids or ():
            entry = self._cache.get(photo_id)
            if entry is not None:
                entry.aim = Aim(entry.aim.pixels, -1)
        self._want_again()

    def set_cache_bytes(self, cache_bytes: int) -> None:
        """Bound the pictures that are kept."""
        self._most_bytes = cache_bytes
        self._evict()

    def library_appeared(self) -> None:
        """Look for a library that was not there, or was replaced; call it when its writer has it open."""
        super().library_appeared()
        self.forget()

    def stop(self) -> None:
        """Ask the threads to end, without waiting; no signal comes any more."""
        super().stop()
        self._drain_on.stop()
        self._ask_on.stop()
        self._arrived.clear()

    # Wishes

    def _want(self, who: QObject, photo_ids: Sequence[int]) -> None:
        self._wishes.pop(who, None)
        if len(photo_ids):
            self._wishes[who] = [int(photo_id) for photo_id in photo_ids]
        self._want_again()

    def _set_pixels(self, who: QObject, pixels: int) -> None:
        self._pixels[who] = min(max(1, pixels), THUMBNAIL_SIDE)
        self._take_aim()

    def _drop(self, who: QObject) -> None:
        self._wishes.pop(who, None)
        self._pixels.pop(who, None)
        self._take_aim()

    def _take_aim(self) -> None:
        largest = max(self._pixels.values(), default=_FIRST_PIXELS)
        if largest != self._aim.pixels:
            self._aim = Aim(largest, self._aim.round)
        self._want_again()

    def _want_again(self) -> None:
        # Widgets take turns: what each wants most comes before what any wants less.
        turns = zip_longest(*self._wishes.values())
        self._needed = dict.fromkeys(photo_id for turn in turns for photo_id in turn if photo_id is not None)
        for photo_id in self._needed:
            if photo_id in self._cache:
                self._cache.move_to_end(photo_id)
        if not self._ask_on.isActive():
            self._ask_on.start(0)

    def _ask(self) -> None:
        entries = {photo_id: self._cache.get(photo_id) for photo_id in self._needed}
        wanted = {
            photo_id: self._known(entry)
            for photo_id, entry in entries.items()
            if entry is None or entry.aim != self._aim
        }
        self._wanted.replace(wanted, self._aim)

    def _known(self, entry: _Entry | None) -> ContentId | None:
        """Return the content whose picture need not be decoded again."""
        if entry is None or entry.tile.pixmap is None or entry.aim.pixels != self._aim.pixels:
            return None
        return entry.content_id

    # Arrivals

    def _deliver(self, fetched: Fetched) -> None:
        """Hand a photo over to the window's thread; called in the others."""
        self._arrived.append(fetched)
        if not self._is_woken:
            self._is_woken = True
            self._postbox.post(self._on_arrived)

    def _on_arrived(self) -> None:
        if not self._drain_on.isActive():
            self._drain_on.start(_GATHER_MS)

    def _drain(self) -> None:
        self._is_woken = False  # before looking: what arrives from now on wakes the window again
        started = time.perf_counter()
        changed: list[int] = []
        while self._arrived:
            fetched = self._arrived.popleft()
            # The picture that is still right may have been evicted by now, and be wanted anew.
            is_lost = fetched.unchanged and fetched.photo_id not in self._cache
            if not is_lost and self._put(fetched):
                changed.append(fetched.photo_id)
            self._wanted.settle(fetched.photo_id, again=is_lost or fetched.aim != self._aim)
            if time.perf_counter() - started > _BUDGET_SECONDS:
                break
        if self._arrived:
            self._drain_on.start(0)
        self._evict()
        if changed:
            self.tiles_changed.emit(changed)

    def _put(self, fetched: Fetched) -> bool:
        """Put what arrived into the cache; return whether it differs from what was shown."""
        old = self._cache.pop(fetched.photo_id, None)
        if old is not None:
            self._bytes -= old.bytes
        if fetched.unchanged and old is not None:
            pixmap = old.tile.pixmap
        else:
            pixmap = QPixmap.fromImage(fetched.image) if fetched.image is not None else None
        entry = _entry(fetched, pixmap)
        self._cache[fetched.photo_id] = entry
        self._bytes += entry.bytes
        return old is None or not _looks_like(old.tile, entry.tile)

    def _evict(self) -> None:
        while self._bytes > self._most_bytes:
            photo_id = next(iter(self._cache))
            if photo_id in self._needed:
                return  # the rest was used later than it was wanted
            self._bytes -= self._cache.pop(photo_id).bytes


class TileView(QObject):
    """A :class:`TileSource` beside the grid's: the same tiles, wishes of its own."""

    tiles_changed = Signal(object)

    def __init__(self, provider: ThumbnailProvider, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._provider = provider
        provider.tiles_changed.connect(self.tiles_changed)

    def tile(self, photo_id: int) -> GridTile | None:
        """Return what is known of a photo, None when nothing is yet."""
        return self._provider.tile(photo_id)

    def want(self, photo_ids: Sequence[int]) -> None:
        """Fetch these photos, the most wanted first, instead of those wanted before through this view."""
        self._provider._want(self, photo_ids)

    def set_tile_pixels(self, pixels: int) -> None:
        """Fetch pictures of at least this size; 0 when nothing is shown here any more."""
        if pixels:
            self._provider._set_pixels(self, pixels)
        else:
            self._provider._drop(self)


def _entry(fetched: Fetched, pixmap: QPixmap | None) -> _Entry:
    pixels = 4 * pixmap.width() * pixmap.height() if pixmap is not None else 0
    if fetched.tile is None:
        return _Entry(GridTile(None, "", "", offline=False), None, fetched.aim, _BYTES_BESIDE_PIXELS)
    path = fetched.tile.path
    tile = GridTile(pixmap, os.path.basename(path), path, fetched.tile.offline)
    return _Entry(tile, fetched.tile.content_id, fetched.aim, pixels + _BYTES_BESIDE_PIXELS)


def _looks_like(one: GridTile, other: GridTile) -> bool:
    return one.pixmap is other.pixmap and one.path == other.path and one.offline == other.offline
