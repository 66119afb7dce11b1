"""Reads photos for the preview in a thread of its own: record, picture, details, then the neighbours.

::

    load(wanted) ──newest wins──▶ record ──▶ picture (decoded or remembered) ──▶ details ──▶ pictures of the neighbours
                                    │           │                                 │             (into memory only)
                                described     loaded or failed                  detailed

Between the steps the thread looks whether somebody asked for another photo meanwhile, and a step that takes long is
given up then. A photo is decoded for the size
of the view first, which takes a fraction of the time, and in full only when the zoom asks for it.
"""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, QThread, Signal

from photofind.core.details import read_details
from photofind.core.errors import PhotoError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.pictures import IN_PLACE, GivenUpError, Pictures
from photofind.core.library import Library
from photofind.core.paths import is_within
from photofind.core.progress import Control
from photofind.core.records import PhotoRecord
from photofind.core.scan import is_away, is_in_cloud
from photofind.core.settings import Settings
from photofind.gui.names import displayable
from photofind.gui.preview.picture import Picture, picture_of
from photofind.gui.threads import Job, LibraryReader, Mailbox, ReaderThread, sentence

LOG = logging.getLogger(__name__)
AFFORDABLE_PIXELS = 50_000_000
"""The most pixels that are decoded of one photo, whatever the zoom."""

FULL = 1 << 40
"""An area that no photo exceeds."""

REMEMBERED = 3
_REMEMBERED_BYTES = 200_000_000
_DECODE_EXCESS = 4
"""How many times the area that was asked for a decoder may deliver."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A photo to read, with at least ``area`` pixels if it has them; :data:`FULL` means all.

    ``neighbours`` are read afterwards, with ``neighbours_area`` pixels, for when they are asked for.
    """

    photo_id: int
    area: int
    neighbours: tuple[int, ...] = ()
    neighbours_area: int = 0


class PictureLoader(LibraryReader):
    """Brings pictures; its signals come in the window's thread, and only for the photo that was asked for last.

    ``described(photo_id, PhotoRecord)``, ``loaded(photo_id, Picture)``, ``detailed(photo_id, PhotoDetails)``;
    ``failed(photo_id, sentence)`` instead of ``loaded``, or of everything.
    """

    described = Signal(object, object)
    loaded = Signal(object, object)
    detailed = Signal(object, object)
    failed = Signal(object, str)

    def __init__(
        self, library: Path, settings: Settings, parent: QObject | None = None, *, pictures: Pictures = IN_PLACE
    ) -> None:
        super().__init__(parent)
        self._limits = DecodeLimits.of(megapixels=settings.photo_megapixels, megabytes=settings.photo_megabytes)
        self._pictures = pictures
        self._control = Control()
        self._decoding: int | None = None
        self._jobs = Mailbox(newest_only=True)
        self._remembered = _Memory()  # used in the thread only
        self._newest: Wanted | None = None
        self._is_cleared = False
        self._start(ReaderThread("preview", library, settings, self._jobs), QThread.Priority.InheritPriority)

    def load(self, wanted: Wanted) -> None:
        """Ask for a photo; what was asked for before is dropped."""
        if self._decoding != wanted.photo_id:  # what was read ahead is wanted now
            self._control.stop()
        self._control = control = Control()
        self._newest = wanted
        self._jobs.put(
            Job(lambda library: self._read(library, wanted, control), lambda error: self._fail(wanted, error))
        )

    def forget(self) -> None:
        """Ask for nothing any more and let all pictures go; a decode that has begun is given up, or ends unheard."""
        self._control.stop()
        self._newest = None
        self._is_cleared = True
        self._jobs.put(Job(lambda _: self._clear(), lambda _: None))

    def stop(self) -> None:
        """Ask the thread to end, without waiting; no signal comes any more."""
        self._control.stop()
        super().stop()

    def remembered(self) -> list[int]:
        """Return the ids of the photos that are at hand, the least recently used first."""
        return self._remembered.photo_ids()

    # In the thread

    def _read(self, library: Library, wanted: Wanted, control: Control) -> None:
        if self._is_cleared:
            self._clear()
        with suppress(GivenUpError):  # what is wanted instead comes next
            self._read_all(library, wanted, control)

    def _read_all(self, library: Library, wanted: Wanted, control: Control) -> None:
        record = library.photo(wanted.photo_id)
        if record is None:
            self._tell(wanted, self.failed, self.tr("This photo is not in the library any more."))
            return
        self._tell(wanted, self.described, record)
        try:
            self._tell(wanted, self.loaded, self._picture(record, wanted.area, control))
        except (OSError, PhotoError) as error:
            self._tell(wanted, self.failed, self._reason(library, record, error))
        else:
            self._read_details(record, wanted)
        self._read_ahead(library, wanted, control)

    def _read_details(self, record: PhotoRecord, wanted: Wanted) -> None:
        if not self._is_newest(wanted):
            return
        try:
            details = read_details(record.path, self._limits, self._pictures)
        except PhotoError as error:
            LOG.info("no details of %s: %s", displayable(record.path), error)  # gone since it was decoded
        else:
            self._tell(wanted, self.detailed, details)

    def _clear(self) -> None:
        self._is_cleared = False
        self._remembered.clear()

    def _read_ahead(self, library: Library, wanted: Wanted, control: Control) -> None:
        for photo_id in wanted.neighbours:
            if not self._is_newest(wanted):
                return
            record = library.photo(photo_id)
            if record is None:
                continue
            try:
                if not is_in_cloud(os.stat(record.path)):  # what nobody asked for is not to be fetched
                    self._picture(record, wanted.neighbours_area, control)
            except (OSError, PhotoError):
                continue  # whoever asks for it is told then

    def _picture(self, record: PhotoRecord, wanted_area: int, control: Control) -> Picture:
        known = self._remembered.get(record)
        if known is not None and (known.complete or known.area >= wanted_area):
            return known
        area = _affordable(wanted_area, record.facts.width * record.facts.height)
        self._decoding = record.photo_id
        try:
            decoded = self._pictures.decode(record.path, limits=self._limits, working_area=area, control=control)
        finally:
            self._decoding = None
        size = QSize(decoded.facts.width, decoded.facts.height)
        complete = area < wanted_area or decoded.image.width >= size.width()
        picture = picture_of(decoded.image, size, complete=complete)
        self._remembered.put(record, picture)
        return picture

    def _reason(self, library: Library, record: PhotoRecord, error: Exception) -> str:
        """Return what to tell about a photo that cannot be read."""
        path = displayable(record.path)
        if isinstance(error, PhotoError):
            return self.tr("This photo cannot be shown: {}.").format(displayable(str(error)))
        if os.path.lexists(record.path):
            reason = getattr(error, "strerror", None) or str(error)
            return self.tr("This photo cannot be read: {}.").format(displayable(reason))
        away = next((r.path for r in library.roots() if is_within(record.path, r.path) and is_away(r.path)), None)
        if away is not None or record.offline:
            folder = displayable(away or os.path.dirname(record.path))
            return self.tr("This drive is not connected: {}").format(folder)
        return self.tr("This file is not there any more: {}").format(path)

    def _fail(self, wanted: Wanted, error: Exception) -> None:
        self._tell(wanted, self.failed, sentence(error))

    def _tell(self, wanted: Wanted, signal: object, what: object) -> None:
        def tell() -> None:
            if self._is_newest(wanted):
                signal.emit(wanted.photo_id, what)  # type: ignore[attr-defined]

        self._postbox.post(tell)

    def _is_newest(self, wanted: Wanted) -> bool:
        return self._newest is wanted


class _Memory:
    """The last few pictures, the least recently used first; at least the newest, whatever its size."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[tuple[int, int], Picture] = OrderedDict()

    def get(self, record: PhotoRecord) -> Picture | None:
        key = (record.photo_id, record.content_id)
        if key in self._pictures:
            self._pictures.move_to_end(key)
        return self._pictures.get(key)

    def put(self, record: PhotoRecord, picture: Picture) -> None:
        key = (record.photo_id, record.content_id)
        self._pictures[key] = picture
        self._pictures.move_to_end(key)
        while len(self._pictures) > 1 and (len(self._pictures) > REMEMBERED or self._bytes() > _REMEMBERED_BYTES):
            self._pictures.popitem(last=False)

    def clear(self) -> None:
        self._pictures.clear()

    def photo_ids(self) -> list[int]:
        return [photo_id for photo_id, _ in tuple(self._pictures)]

    def _bytes(self) -> int:
        return sum(picture.bytes for picture in self._pictures.values())


def _affordable(wanted: int, whole: int) -> int:
    """Return how many pixels to ask of the decoder for a photo of which the library knows ``whole`` pixels.

    From a photo that has more, the decoder may deliver some times more than what it is asked for.
    """
    return min(wanted, AFFORDABLE_PIXELS if whole <= AFFORDABLE_PIXELS else AFFORDABLE_PIXELS // _DECODE_EXCESS)
