"""The preview: which photo is current, what each key and button does, and who is told of it.

What is at hand is shown at once: the thumbnail, enlarged, until the decoded picture comes. What goes wrong is said in
place, over the thumbnail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from photofind.core.details import PhotoDetails
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.queries import Region
from photofind.core.records import PhotoRecord
from photofind.core.settings import Settings
from photofind.gui.grid.source import GridTile, TileSource
from photofind.gui.names import displayable
from photofind.gui.preview.commands import COMMANDS
from photofind.gui.preview.details import DetailsPanel
from photofind.gui.preview.filmstrip import Filmstrip
from photofind.gui.preview.image_view import ImageView, is_command
from photofind.gui.preview.loader import FULL, PictureLoader, Wanted
from photofind.gui.preview.message import Message
from photofind.gui.preview.picture import Picture, picture_of_thumbnail
from photofind.gui.preview.tool_row import ToolRow

_KEYS = {key: command.key for command in COMMANDS for key in command.keys}
_LEAST_AREA = 800 * 600
_UNKNOWN_LONGEST_SIDE = 4096


class PreviewPane(QWidget):
    """Shows one photo of a list of photos.

    Signals: ``closed`` when the user goes back; ``current_changed(id)`` when they go to another photo here;
    ``region_drawn(Region)``; ``find_similar_requested(id)``; ``details_toggled(bool)``; and
    ``menu_requested(QPoint, id)``, where a menu for the photo should open.

    The filmstrip says which tiles it wants, so the tile source should be a view of its own of the grid's.
    :meth:`shutdown` must be called before the pane goes.
    """

    closed = Signal()
    current_changed = Signal(object)
    region_drawn = Signal(object)
    find_similar_requested = Signal(object)
    details_toggled = Signal(bool)
    menu_requested = Signal(object, object)

    def __init__(
        self,
        source: TileSource,
        library: Path,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        pictures: Pictures = IN_PLACE,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview"))
        self.setAutoFillBackground(True)
        self._source = source
        self.reasons_of: Callable[[int], Sequence[str]] = lambda _photo_id: ()
        """Why a photo is here, in words, if a query has found it."""
        self._ids: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._row = -1
        self._forwards = True
        self._record: PhotoRecord | None = None
        self._loaded = False
        self._asked = 0
        self.loader = PictureLoader(library, settings, self, pictures=pictures)
        self.tools = ToolRow(self)
        self.view = ImageView(self)
        self.setFocusProxy(self.view)
        self.details = DetailsPanel(self)
        self.strip = Filmstrip(source, self)
        self.message = Message(self.view)
        self._lay_out()
        self._connect()
        self.set_details_visible(on=False)

    # What the window uses

    @property
    def current_id(self) -> int | None:
        """The photo that is shown, None before the first and after the last was closed."""
        return int(self._ids[self._row]) if self._row >= 0 else None

    def show_photo(self, photo_id: int, neighbours: npt.NDArray[np.int64]) -> None:
        """Show a photo; ``neighbours``, shape (n,), are the photos to walk through, in their order."""
        rows = np.flatnonzero(neighbours == photo_id)
        self._ids = neighbours if len(rows) else np.array([photo_id], np.int64)
        self._forwards = True
        self._show_row(int(rows[0]) if len(rows) else 0)
        self.strip.set_photos(self._ids, self._row)
        self.strip.setVisible(len(self._ids) > 1)
        self.view.setFocus()

    def current_image(self) -> QImage | None:
        """Return the upright picture as far as it is decoded, None when there is none yet."""
        picture = self.view.picture
        return picture.levels[0] if picture is not None and self._loaded else None

    def current_record(self) -> PhotoRecord | None:
        """Return what the library knows of the current photo, None as long as that is on its way."""
        return self._record

    def details_visible(self) -> bool:
        """Tell whether the details are shown beside the picture."""
        return not self.details.isHidden()

    def set_details_visible(self, *, on: bool) -> None:
        """Show or hide the details."""
        changed = on != self.details_visible()
        self.details.setVisible(on)
        self.tools.set_checked("details", on=on)
        if changed:
            self.details_toggled.emit(on)

    def shutdown(self) -> bool:
        """End the loader's thread; return False when it is still busy with a file that does not answer."""
        return self.loader.close()

    # Going from photo to photo

    def _show_row(self, row: int) -> None:
        self._row = row
        self._record = None
        self._loaded = False
        self._asked = 0
        self.view.start_photo()
        self.message.say("")
        self._show_tile()
        self.details.show_photo(None)
        self._ask(self._view_area())

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self._ids) - 1))
        if row == self._row or row < 0:
            return
        self._forwards = row > self._row
        self._show_row(row)
        self.strip.set_current(row)
        self.current_changed.emit(self.current_id)

    def _on_photo_clicked(self, photo_id: int) -> None:
        rows = np.flatnonzero(self._ids == photo_id)
        if len(rows):
            self._go(int(rows[0]))
        self.view.setFocus()

    def _leave(self) -> None:
        """Let the pictures go: what is not seen should take no memory."""
        self._row = -1
        self._record = None
        self._loaded = False
        self.view.start_photo()
        self.loader.forget()

    # The picture

    def _ask(self, area: int) -> None:
        """Ask for the current photo with this many pixels, unless that was asked for already."""
        photo_id = self.current_id
        if photo_id is None or area <= self._asked:
            return
        self._asked = area
        step = 1 if self._forwards else -1
        rows = [row for row in (self._row + step, self._row - step) if 0 <= row < len(self._ids)]
        self.loader.load(Wanted(photo_id, area, tuple(int(self._ids[row]) for row in rows), self._view_area()))

    def _view_area(self) -> int:
        ratio = self.view.devicePixelRatioF()
        return max(_LEAST_AREA, round(self.view.width() * self.view.height() * ratio * ratio))

    def _show_tile(self) -> None:
        """Show the thumbnail until the picture comes, as large as that will be."""
        photo_id = self.current_id
        tile = None if photo_id is None else self._source.tile(photo_id)
        name = displayable(tile.name) if tile is not None else ""
        if name or self._record is None:
            self._show_name(name)
        if tile is not None and tile.pixmap is not None and not self._loaded:
            thumbnail = tile.pixmap.toImage()
            if not thumbnail.isNull():
                self.view.set_picture(picture_of_thumbnail(thumbnail, self._full_size(thumbnail.size())))

    def _full_size(self, thumbnail: QSize) -> QSize:
        record = self._record
        if record is not None and record.facts.width > 0 and record.facts.height > 0:
            return QSize(record.facts.width, record.facts.height)
        longest = QSize(_UNKNOWN_LONGEST_SIDE, _UNKNOWN_LONGEST_SIDE)
        return thumbnail.scaled(longest, Qt.AspectRatioMode.KeepAspectRatio)

    def _show_name(self, name: str) -> None:
        self.tools.set_title(name, self._row, len(self._ids))
        self.view.setAccessibleName(name or self.tr("Photo"))

    def _path(self) -> str | None:
        if self._record is not None:
            return self._record.path
        tile: GridTile | None = None if self.current_id is None else self._source.tile(self.current_id)
        return None if tile is None else tile.path

    # What the loader brings

    def _on_described(self, photo_id: int, record: PhotoRecord) -> None:
        if self._record == record:
            return
        self._record = record
        self._show_name(displayable(Path(record.path).name))
        self.details.show_photo(record, reasons=self.reasons_of(photo_id))
        self._show_tile()

    def _on_loaded(self, _photo_id: int, picture: Picture) -> None:
        self._loaded = True
        self.message.say("")
        self.view.set_picture(picture)

    def _on_detailed(self, photo_id: int, details: PhotoDetails) -> None:
        self.details.show_photo(self._record, details, reasons=self.reasons_of(photo_id))

    def _on_failed(self, _photo_id: int, sentence: str) -> None:
        self.message.say(sentence)

    def _on_tiles_changed(self, photo_ids: Sequence[int]) -> None:
        if self.current_id in photo_ids and not self._loaded:
            self._show_tile()

    def _on_sharper_wanted(self) -> None:
        if self._loaded:
            self._ask(self._view_area() if self.view.viewport.fits else FULL)

    # Commands

    def _do(self, key: str) -> None:
        commands: dict[str, Callable[[], None]] = {
            "close": self._close,
            "previous": lambda: self._go(self._row - 1),
            "next": lambda: self._go(self._row + 1),
            "first": lambda: self._go(0),
            "last": lambda: self._go(len(self._ids) - 1),
            "zoom_out": self.view.zoom_out,
            "zoom_in": self.view.zoom_in,
            "fit": self.view.fit,
            "pixels": self.view.show_pixels,
            "turn_left": lambda: self.view.turn(-1),
            "turn_right": lambda: self.view.turn(1),
            "region": self._toggle_region,
            "find_similar": lambda: self.find_similar_requested.emit(self.current_id),
            "details": lambda: self.set_details_visible(on=not self.details_visible()),
        }
        commands[key]()

    def _close(self) -> None:
        self._leave()
        self.closed.emit()

    def _toggle_region(self) -> None:
        self.view.set_region_mode(on=not self.view.in_region_mode)
        self.tools.set_checked("region", on=self.view.in_region_mode)
        self.view.setFocus()

    def _on_region_drawn(self, left: float, top: float, right: float, bottom: float) -> None:
        path = self._path()
        if path is not None:
            self.region_drawn.emit(Region(path, left, top, right, bottom))

    def event(self, event: QEvent) -> bool:
        """Keep the preview's keys from the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        key = Qt.Key(event.key())
        focused = QApplication.focusWidget()
        if is_command(event) or self.view.take_key(event):
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QAbstractButton):
            focused.click()
        elif key in _KEYS:
            self._do(_KEYS[key])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self.current_id is not None:
            self.menu_requested.emit(event.globalPos(), self.current_id)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        if not event.spontaneous() and self._row >= 0:
            self._leave()

    # Putting together

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addLayout(middle, 1)
        column.addWidget(self.strip)

    def _connect(self) -> None:
        self.tools.triggered.connect(self._do)
        self.view.zoom_changed.connect(self.tools.set_zoom)
        self.view.sharper_wanted.connect(self._on_sharper_wanted)
        self.view.region_drawn.connect(self._on_region_drawn)
        self.view.region_mode_changed.connect(lambda on: self.tools.set_checked("region", on=on))
        self.strip.photo_clicked.connect(self._on_photo_clicked)
        self._source.tiles_changed.connect(self._on_tiles_changed)
        self.loader.described.connect(self._on_described)
        self.loader.loaded.connect(self._on_loaded)
        self.loader.detailed.connect(self._on_detailed)
        self.loader.failed.connect(self._on_failed)


def _is_ours(event: QKeyEvent) -> bool:
    return event.key() in _KEYS and not is_command(event)
