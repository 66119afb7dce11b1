"""One of the two photos: its pixels as they come, its facts, and what went wrong with it.

::

    show(member) ──▶ thumbnail ──▶ picture for the view ──(zoom)──▶ full picture
                                            └──▶ details
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal

from photofind.core.details import PhotoDetails
from photofind.core.evidence import Member
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.settings import Settings
from photofind.gui.grid.source import TileSource
from photofind.gui.preview.loader import PictureLoader, Wanted
from photofind.gui.preview.picture import Picture, picture_of_thumbnail

_UNKNOWN = QSize(4096, 4096)


class Side(QObject):
    """What is at hand of one photo; it has a thread of its own that reads files.

    Signals: ``changed`` when ``picture`` or ``message`` is another; ``detailed`` when ``details`` has come.
    :meth:`shutdown` must be called before it goes.
    """

    changed = Signal()
    detailed = Signal()

    def __init__(
        self,
        source: TileSource,
        library: Path,
        settings: Settings,
        parent: QObject | None = None,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._asked = 0
        self.member: Member | None = None
        self.picture: Picture | None = None
        self.is_decoded = False
        """Whether ``picture`` is more than the thumbnail."""
        self.message = ""
        """What went wrong, as a sentence; empty if nothing has."""
        self.details: PhotoDetails | None = None
        self.loader = PictureLoader(library, settings, self, pictures=pictures)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.detailed.connect(self._on_detailed)
        self.loader.failed.connect(self._on_failed)
        source.tiles_changed.connect(self._on_tiles_changed)

    @property
    def size(self) -> QSize:
        """Width and height of the upright photo in pixels, as far as is known."""
        if self.picture is not None:
            return self.picture.size
        return self._known_size(_UNKNOWN)

    def show(self, member: Member | None) -> None:
        """Take another photo, or none; a photo that it has already stays as far as it was read."""
        if member is not None and self.member is not None and _is_same(member, self.member) and not self.message:
            self.member = member
            return
        self.member = member
        self.picture, self.is_decoded, self.message, self.details, self._asked = None, False, "", None, 0
        if member is None:
            self.loader.forget()
        else:
            self._show_tile()
        self.changed.emit()

    def ask(self, area: int) -> None:
        """Ask for the photo with at least this many pixels, unless that was asked for already."""
        if self.member is None or area <= self._asked:
            return
        self._asked = area
        self.loader.load(Wanted(int(self.member.photo_id), area))

    def shutdown(self) -> bool:
        """End the thread; return False when it is still busy with a file that does not answer."""
        return self.loader.close()

    def _known_size(self, thumbnail: QSize) -> QSize:
        facts = None if self.member is None else self.member.facts
        if facts is not None and facts.width > 0 and facts.height > 0:
            return QSize(facts.width, facts.height)
        return thumbnail.scaled(_UNKNOWN, Qt.AspectRatioMode.KeepAspectRatio)

    def _show_tile(self) -> bool:
        tile = None if self.member is None else self._source.tile(int(self.member.photo_id))
        if self.is_decoded or tile is None or tile.pixmap is None or tile.pixmap.isNull():
            return False
        thumbnail = tile.pixmap.toImage()
        self.picture = picture_of_thumbnail(thumbnail, self._known_size(thumbnail.size()))
        return True

    def _is_current(self, photo_id: int) -> bool:
        return self.member is not None and int(self.member.photo_id) == photo_id

    def _on_tiles_changed(self, photo_ids: Sequence[int]) -> None:
        if self.member is not None and int(self.member.photo_id) in photo_ids and self._show_tile():
            self.changed.emit()

    def _on_loaded(self, photo_id: int, picture: Picture) -> None:
        if self._is_current(photo_id):
            self.picture, self.is_decoded, self.message = picture, True, ""
            self.changed.emit()

    def _on_detailed(self, photo_id: int, details: PhotoDetails) -> None:
        if self._is_current(photo_id):
            self.details = details
            self.detailed.emit()

    def _on_failed(self, photo_id: int, sentence: str) -> None:
        if self._is_current(photo_id):
            self.message = sentence
            self.changed.emit()


def _is_same(one: Member, other: Member) -> bool:
    return (one.photo_id, one.content_id, one.path) == (other.photo_id, other.content_id, other.path)
