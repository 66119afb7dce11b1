"""Both pictures side by side; what is done to one is done to the other at the place that belongs to it.

The view that was moved leads. The other shows what belongs to the middle of it, at the same scale of the scene, unless
it already shows its whole picture: a crop stays as large as it fits in until the original has been enlarged as far.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from photofind.gui.preview.message import Message
from photofind.gui.preview.picture import Picture
from photofind.gui.preview.tool_row import ElidedLabel
from photofind.gui.review.compare.scene import Scene
from photofind.gui.review.compare.side_view import SideView

_GAP = 2


class PairView(QWidget):
    """Shows picture 0 and picture 1, each in a :class:`SideView` below its title.

    Signals: ``zoom_changed(zoom)``, ``sharper_wanted(number)`` when the zoom
    asks for more pixels of one than were decoded.
    """

    zoom_changed = Signal(float)
    sharper_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = (SideView(self), SideView(self))
        self.titles = (ElidedLabel(), ElidedLabel())
        self.messages = (Message(self.views[0]), Message(self.views[1]))
        self._scene: Scene | None = None
        self._synced = True
        self._swapped = False
        self._leader = 0
        self._lay_out()
        for number, view in enumerate(self.views):
            self._connect(number, view)

    @property
    def synced(self) -> bool:
        """Whether both move together."""
        return self._synced

    @property
    def zoom(self) -> float:
        """Device pixels per pixel of the first picture, in the view that was moved last."""
        scale = 1.0 if self._scene is None else self._scene.pixels_of(self._leader)
        return self.views[self._leader].viewport.zoom / scale

    def set_synced(self, *, on: bool) -> None:
        """Let both move together, or each for itself."""
        self._synced = on
        self._take_scene()
        if on:
            self._lead(self._leader)
        else:
            self._mark(None, 0)

    def set_swapped(self, *, on: bool) -> None:
        """Put the second picture to the left, or back to the right."""
        if on != self._swapped:
            self._swapped = on
            self._line.addWidget(self._columns[1 - int(on)])  # to the end; the other one is at the beginning then

    def start_pair(self) -> None:
        """Forget zoom and place: the next pictures are others."""
        self._scene = None
        self._leader = 0
        for view in self.views:
            view.start_photo()
            view.mark(None)

    def set_picture(self, number: int, picture: Picture | None) -> None:
        """Show another decoding of picture 0 or 1; zoom and place stay."""
        self.views[number].set_picture(picture)
        self._tell_zoom()

    def set_scene(self, scene: Scene | None) -> None:
        """Take how both belong together; None when that is not known yet."""
        if scene != self._scene:
            self._scene = scene
            self._take_scene()
            self._hold()

    # Zoom and place

    def fit(self) -> None:
        """Show both whole."""
        for view in self.views:
            view.fit()

    def show_pixels(self) -> None:
        """Show the first picture pixel by pixel, and the second at the same scale."""
        self.views[self._leader].show_pixels()
        if not self._synced:
            self.views[1 - self._leader].show_pixels()

    def step(self, steps: int) -> None:
        """Zoom in or out by steps."""
        for number in (self._leader,) if self._synced else (0, 1):
            view = self.views[number]
            view.zoom_in() if steps > 0 else view.zoom_out()

    def pan(self, delta: QPointF) -> None:
        """Move what is seen by view pixels."""
        for number in (self._leader,) if self._synced else (0, 1):
            self.views[number].pan(delta)

    def _take_scene(self) -> None:
        scene = self._scene
        for number, view in enumerate(self.views):
            enlarged = 1.0 if scene is None else scene.pixels_of(number)
            view.original_zoom = enlarged
            smallest = 1.0 if scene is None else min(1.0, scene.scale)
            view.place.largest_fit = enlarged / smallest
            view.place.bounds = self._bounds(number) if self._synced else None

    def _bounds(self, number: int) -> QRectF | None:
        """Return what both pictures cover together, in pixels of one of them."""
        scene = self._scene
        if scene is None:
            return None
        back = scene.to_scene(number).inverted()[0]
        return back.mapRect(QRectF(QPointF(0, 0), scene.size.toSizeF()))

    def _across(self, number: int) -> QTransform:
        """Return the map from pixels of one picture to those of the other."""
        assert self._scene is not None
        there = self._scene.second_to_first()
        return there if number == 1 else there.inverted()[0]

    def _lead(self, number: int) -> None:
        """Let the other view show what belongs to what this one shows."""
        scene, leader, other = self._scene, self.views[number], self.views[1 - number]
        if not self._synced or scene is None or leader.picture is None or other.picture is None:
            return
        if leader.viewport.fits:
            other.follow(QPointF(0, 0), 0.0)
            return
        zoom = leader.viewport.zoom * scene.pixels_of(1 - number) / scene.pixels_of(number)
        other.follow(self._across(number).map(leader.place.centre), zoom)

    def _hold(self) -> None:
        """Keep both together after something else than zoom or place has changed."""
        self._lead(self._leader)
        self._tell_zoom()

    def _on_moved(self, number: int) -> None:
        self._leader = number
        self._hold()

    def _tell_zoom(self) -> None:
        if self.views[self._leader].picture is not None:
            self.zoom_changed.emit(self.zoom)

    def _mark(self, point: QPointF | None, number: int) -> None:
        """Mark in the other view what is under the pointer in this one."""
        shown = self._synced and self._scene is not None and point is not None
        self.views[number].mark(None)
        self.views[1 - number].mark(self._across(number).map(point) if shown and point is not None else None)

    # Putting together

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(900, 500)

    def _connect(self, number: int, view: SideView) -> None:
        view.moved.connect(lambda: self._on_moved(number))
        view.resized.connect(self._hold)
        view.pointed.connect(lambda point: self._mark(point, number))
        view.sharper_wanted.connect(lambda: self.sharper_wanted.emit(number))

    def _lay_out(self) -> None:
        self._columns: list[QWidget] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(_GAP)
        for title, view in zip(self.titles, self.views, strict=True):
            column = QWidget(self)
            down = QVBoxLayout(column)
            down.setContentsMargins(0, 0, 0, 0)
            down.setSpacing(0)
            above = QHBoxLayout()
            above.setContentsMargins(10, 3, 10, 4)
            above.addWidget(title)
            down.addLayout(above)
            down.addWidget(view, 1)
            self._line.addWidget(column, 1)
            self._columns.append(column)
