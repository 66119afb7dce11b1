"""One of two pictures side by side: an :class:`ImageView` that can be led by the other one, and mark a place.

When it is led, it shows what belongs to what the other shows, even if that lies beyond its own edge: the same things
then stand at the same places of both views, and a crop has nothing to show where it was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from photofind.gui import theme
from photofind.gui.preview.image_view import ImageView
from photofind.gui.preview.picture import Picture
from photofind.gui.preview.viewport import Viewport

_ARM = 9
_GAP = 3


class FreeViewport(Viewport):
    """A viewport whose middle may lie anywhere in ``bounds``, in picture coordinates; None keeps it as it is usual.

    ``largest_fit`` is the zoom beyond which fitting in does not enlarge.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bounds: QRectF | None = None
        self.largest_fit = 1.0

    @property
    def centre(self) -> QPointF:
        """What is in the middle of the view, in picture coordinates."""
        return QPointF(self._centre)

    def fit_zoom(self) -> float:
        """Return the zoom at which the whole picture is seen."""
        turned = self._turned(self.picture)
        fitting = min(self.view.width() / turned.width(), self.view.height() / turned.height())
        return max(1e-6, min(fitting, self.largest_fit) * self.ratio)

    def look_at(self, centre: QPointF, zoom: float) -> None:
        """Show a place in the middle; a zoom too small to leave anything out fits the picture in instead."""
        self._zoom = None if zoom <= self.fit_zoom() else self._bounded(zoom)
        self._centre = QPointF(centre)
        self._keep_in_place()

    def _keep_in_place(self) -> None:
        bounds = self.bounds
        if bounds is None or self._zoom is None or self._zoom <= self.fit_zoom():
            super()._keep_in_place()
            return
        self._centre = QPointF(
            min(max(self._centre.x(), bounds.left()), bounds.right()),
            min(max(self._centre.y(), bounds.top()), bounds.bottom()),
        )


class SideView(ImageView):
    """Shows one of two pictures.

    Signals: ``moved`` when zoom or place were changed here; ``resized``; ``pointed(point)``, picture
    coordinates under the pointer, None when it leaves.
    """

    moved = Signal()
    resized = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(80, 40)  # in a low window, a small picture is better than half of one
        self.place = FreeViewport()
        self.viewport = self.place
        self.original_zoom = 1.0
        """The zoom that is called the original size."""
        self._twin: QPointF | None = None
        self._is_led = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def twin(self) -> QPointF | None:
        """The place that is marked, in picture coordinates."""
        return self._twin

    def follow(self, centre: QPointF, zoom: float) -> None:
        """Show what belongs to what the other view shows."""
        with self._led():
            self.viewport.set_view(QSizeF(self.size()), self.devicePixelRatioF())
            self.place.look_at(centre, zoom)
            self._moved()

    def set_picture(self, picture: Picture | None) -> None:
        """Show another decoding of the same photo (zoom and place stay), or nothing."""
        with self._led():
            super().set_picture(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        with self._led():
            super().resizeEvent(event)
        self.resized.emit()

    @contextmanager
    def _led(self) -> Iterator[None]:
        """Change what is seen without leading the other view by it."""
        before, self._is_led = self._is_led, True
        try:
            yield
        finally:
            self._is_led = before

    def mark(self, point: QPointF | None) -> None:
        """Mark the place that the pointer is on in the other view, in picture coordinates, or none."""
        if point != self._twin:
            self._twin = point
            self.update()

    def show_pixels(self, anchor: QPointF | None = None) -> None:
        """Show the scene at the scale of the first picture's pixels."""
        self.viewport.zoom_to(self.original_zoom, anchor)
        self._moved()

    def pan(self, delta: QPointF) -> None:
        """Move the picture by view pixels."""
        self.viewport.pan(delta)
        self._moved()

    def can_pan(self) -> bool:
        """Tell whether there is anything to move."""
        return self.picture is not None and (not self.viewport.fits or super().can_pan())

    def _moved(self) -> None:
        super()._moved()
        if not self._is_led and self.picture is not None:
            self.moved.emit()

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().mouseMoveEvent(event)
        self._point_at(event.position())

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().enterEvent(event)
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _point_at(self, position: QPointF) -> None:
        if self.picture is not None:
            self.pointed.emit(self.viewport.to_picture(position))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().paintEvent(event)
        if self._twin is None or self.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spot = self.viewport.to_view().map(self._twin)
        for colour, width in ((QColor(0, 0, 0, 150), 4.0), (theme.accent(self.palette()).lighter(150), 2.0)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(spot + QPointF(x, y) * _GAP, spot + QPointF(x, y) * _ARM)
        painter.end()
