"""What the thumbnail threads do: take what the grid wants most, look it up, decode it at the size of a tile.

The grid's wishes live in one :class:`WantedList` that all threads take from, and that every scroll replaces: a photo
that was scrolled past is not decoded any more. Each thread has a :class:`Fetcher` with a thumbnail store of its own.
The store gets one short statement for each picture, because its writer waits for readers. Decoding and scaling happen
inside one call of Qt that lets other threads run Python meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from photofind.core.catalog import ThumbnailStore
from photofind.core.errors import UserError
from photofind.core.library import Library
from photofind.core.records import ContentId, Tile
from photofind.gui.threads import Job

LOG = logging.getLogger(__name__)
_BATCH = 8
_REST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Aim:
    """What to fetch: pictures of at most ``pixels`` a side. ``round`` counts up when older answers are in doubt."""

    pixels: int
    round: int


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """What was found out about a photo; ``tile`` None: the library does not have it.

    ``image`` None: there is no thumbnail, or, with ``unchanged``, the one that was known is still right. ``aim`` is the
    one that held when the photo was taken in work.
    """

    photo_id: int
    tile: Tile | None
    image: QImage | None
    aim: Aim
    unchanged: bool


class WantedList:
    """The photos that the grid wants, most wanted first, shared by the window and the threads.

    A photo is *in work* from :meth:`take` until the window has it (:meth:`settle`), so that no two threads fetch it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wanted: dict[int, ContentId | None] = {}
        self._aim = Aim(0, 0)
        self._in_work: set[int] = set()
        self._rests_until = 0.0
        self._closed = False

    def replace(self, wanted: Mapping[int, ContentId | None], aim: Aim) -> None:
        """Want these photos only; the content whose picture fits the aim already, or None, comes with each."""
        with self._changed:
            self._wanted = dict(wanted)
            self._aim = aim
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait until there is something to take; return False when the list is closed."""
        with self._changed:
            while not self._closed:
                rest = self._rests_until - time.monotonic()
                if rest > 0:
                    self._changed.wait(rest)
                elif self._wanted.keys() - self._in_work:
                    return True
                else:
                    self._changed.wait()
            return False

    def take(self, count: int) -> tuple[dict[int, ContentId | None], Aim]:
        """Return the most wanted photos that nobody has in work, and the aim that holds for them."""
        taken: dict[int, ContentId | None] = {}
        with self._changed:
            for photo_id, known in self._wanted.items():
                if len(taken) == count:
                    break
                if photo_id not in self._in_work:
                    taken[photo_id] = known
            self._in_work.update(taken)
            return taken, self._aim

    def keep(self, photo_id: int) -> bool:
        """Tell whether a photo in work is still wanted; if not, it is not in work any more."""
        with self._changed:
            wanted = photo_id in self._wanted and not self._closed
            if not wanted:
                self._in_work.discard(photo_id)
            return wanted

    def settle(self, photo_id: int, *, again: bool) -> None:
        """Note that the window has what was fetched; ``again``: it was out of date on arrival."""
        with self._changed:
            self._in_work.discard(photo_id)
            if not again:
                self._wanted.pop(photo_id, None)
            elif photo_id in self._wanted:
                self._changed.notify()

    def give_back(self, photo_ids: Sequence[int], *, again: bool) -> None:
        """Note that photos could not be fetched; ``again``: try it after some seconds, or else not."""
        with self._changed:
            self._in_work.difference_update(photo_ids)
            if again:
                self._rests_until = time.monotonic() + _REST_SECONDS
            else:
                for photo_id in photo_ids:
                    self._wanted.pop(photo_id, None)

    def close(self) -> None:
        """Want nothing any more."""
        with self._changed:
            self._closed = True
            self._wanted = {}
            self._changed.notify_all()


class Fetcher:
    """The jobs of one thumbnail thread; ``deliver`` is called in that thread with each photo that was fetched."""

    def __init__(self, wanted: WantedList, deliver: Callable[[Fetched], None]) -> None:
        self._wanted = wanted
        self._deliver = deliver
        self._store: ThumbnailStore | None = None
        self._store_rests_until = 0.0

    def wait(self) -> bool:
        """Wait until there may be a job; return False when there will be no more."""
        return self._wanted.wait()

    def take(self) -> Job | None:
        """Return the job to fetch the most wanted photos."""
        batch, aim = self._wanted.take(_BATCH)
        return Job(partial(self._fetch, batch, aim), partial(self._give_back, list(batch))) if batch else None

    def close(self) -> None:
        """Let :meth:`wait` return False from now on."""
        self._wanted.close()

    def shut(self) -> None:
        """Close the thumbnails; the next job opens them again."""
        self._store_rests_until = 0.0
        if self._store is not None:
            self._store.close()
            self._store = None

    def _fetch(self, batch: Mapping[int, ContentId | None], aim: Aim, library: Library) -> None:
        tiles = {int(tile.photo_id): tile for tile in library.tiles(list(batch))}
        for photo_id, known in batch.items():
            if self._wanted.keep(photo_id):
                self._deliver(self._fetched(photo_id, tiles.get(photo_id), known, aim, library))

    def _give_back(self, photo_ids: Sequence[int], error: Exception) -> None:
        LOG.warning("thumbnails wait: %s", error)
        self._wanted.give_back(photo_ids, again=isinstance(error, UserError))

    def _fetched(
        self, photo_id: int, tile: Tile | None, known: ContentId | None, aim: Aim, library: Library
    ) -> Fetched:
        if tile is None or tile.content_id == known:
            return Fetched(photo_id, tile, None, aim, unchanged=tile is not None)
        jpeg = self._jpeg(tile.content_id, library)
        return Fetched(photo_id, tile, None if jpeg is None else decode(jpeg, aim.pixels), aim, unchanged=False)

    def _jpeg(self, content_id: ContentId, library: Library) -> bytes | None:
        """Return a thumbnail, None when there is none or the store is at fault; then it is opened again, but seldom."""
        if self._store is None and time.monotonic() < self._store_rests_until:
            return None
        try:
            if self._store is None:
                self._store = library.thumbnails()
            return self._store.get(content_id)
        except UserError as error:
            LOG.warning("no thumbnails for some seconds: %s", error)
            self.shut()
            self._store_rests_until = time.monotonic() + _REST_SECONDS
            return None


def decode(jpeg: bytes, pixels: int) -> QImage | None:
    """Return a JPEG with its longest side scaled down to ``pixels``, never enlarged; None when it is damaged."""
    buffer = QBuffer()
    buffer.setData(jpeg)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"jpeg")
    size = reader.size()
    if max(size.width(), size.height()) > pixels:
        # One call decodes at a fraction of the size and smooths the rest, without the interpreter's lock.
        reader.setScaledSize(size.scaled(pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return None
    if image.format() != QImage.Format.Format_RGB32:  # or else the window would convert it
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    return image
