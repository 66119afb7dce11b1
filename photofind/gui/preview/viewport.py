"""Where a picture lies in a view: the arithmetic of fitting, zooming, panning and turning, without any drawing.

Three kinds of coordinates: *picture* (pixels of the full, upright picture, whatever size was decoded of it), *view*
(logical pixels of the widget), and device pixels, of which a view pixel has ``ratio`` a side. The zoom counts device
pixels per picture pixel, so that 1.0 shows each pixel of the photo as it is, on every screen.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QTransform

LARGEST_ZOOM = 16.0
STEP = 1.25
_SLACK = 0.5
_CLOSE = 1e-4


class Viewport:
    """The place of one picture in one view; ``turns`` are quarter turns to the right.

    Without a zoom of its own it fits the picture in, but never enlarges it beyond one view pixel per pixel.
    """

    def __init__(self) -> None:
        self.picture = QSizeF(1.0, 1.0)
        self.view = QSizeF(1.0, 1.0)
        self.ratio = 1.0
        self.turns = 0
        self._zoom: float | None = None
        self._centre = QPointF(0.5, 0.5)

    # What is asked of it

    @property
    def fits(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self._zoom is None

    @property
    def zoom(self) -> float:
        """Device pixels per picture pixel."""
        return self.fit_zoom() if self._zoom is None else self._zoom

    def fit_zoom(self) -> float:
        """Return the zoom at which the whole picture is seen."""
        turned = self._turned(self.picture)
        fitting = min(self.view.width() / turned.width(), self.view.height() / turned.height())
        return max(1e-6, min(fitting, 1.0) * self.ratio)

    def can_pan(self) -> bool:
        """Tell whether a part of the picture lies outside the view."""
        shown = self.shown_rect()
        return shown.width() > self.view.width() + _SLACK or shown.height() > self.view.height() + _SLACK

    def to_view(self) -> QTransform:
        """Return the transform from picture to view coordinates; it lays the picture's corner on a device pixel."""
        exact = self._exact()
        dx, dy = (round(offset * self.ratio) / self.ratio for offset in (exact.dx(), exact.dy()))
        return QTransform(exact.m11(), exact.m12(), exact.m21(), exact.m22(), dx, dy)

    def to_picture(self, point: QPointF) -> QPointF:
        """Return the picture coordinates of a point of the view."""
        # Not by what is drawn on whole pixels: over many small steps of the wheel, the rounding would add up.
        return self._exact().inverted()[0].map(point)

    def shown_rect(self) -> QRectF:
        """Return the rectangle of the whole picture in view coordinates; it may reach far beyond the view."""
        return self.to_view().mapRect(QRectF(QPointF(0, 0), self.picture))

    def seen_rect(self) -> QRectF:
        """Return the part of the picture that is in the view, in picture coordinates."""
        return self.part_of_picture(QRectF(QPointF(0, 0), self.view))

    def part_of_picture(self, area: QRectF) -> QRectF:
        """Return what a rectangle of the view covers of the picture, in picture coordinates; it may be empty."""
        covered = self.to_view().inverted()[0].mapRect(area)
        return covered.intersected(QRectF(QPointF(0, 0), self.picture))

    # What changes it

    def set_picture(self, size: QSize) -> None:
        """Put in a picture of another size: what was seen, as a fraction, stays where it was."""
        width, height = max(1, size.width()), max(1, size.height())
        if (width, height) == (self.picture.width(), self.picture.height()):
            return
        across, down = self._centre.x() / self.picture.width(), self._centre.y() / self.picture.height()
        larger = width / self.picture.width()
        self.picture = QSizeF(width, height)
        if self._zoom is not None:
            self._zoom = self._bounded(self._zoom / larger)
        self._centre = QPointF(across * width, down * height)
        self._keep_in_place()

    def set_view(self, size: QSizeF, ratio: float) -> None:
        """Take another size of the view (logical pixels) and another number of device pixels per logical one."""
        self.view = QSizeF(max(1.0, size.width()), max(1.0, size.height()))
        self.ratio = ratio
        self._keep_in_place()

    def fit(self) -> None:
        """Show the whole picture, from now on at any size of the view."""
        self._zoom = None
        self._keep_in_place()

    def zoom_to(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Set the zoom; the point of the picture that lies under ``anchor`` (view coordinates) stays there."""
        spot = anchor or QPointF(self.view.width() / 2, self.view.height() / 2)
        held = self.to_picture(spot)
        if zoom <= self.fit_zoom() * (1 + _CLOSE):
            self.fit()
            return
        self._zoom = self._bounded(zoom)
        self._centre = held - self._turned_back(spot - self._middle())
        self._keep_in_place()

    def step(self, steps: float, anchor: QPointF | None = None) -> None:
        """Zoom in (positive) or out by steps of a quarter; whole steps do not jump over 100 %."""
        before = self.zoom
        after = before * STEP**steps
        if abs(steps) == 1 and min(before, after) * (1 + _CLOSE) < 1.0 < max(before, after) * (1 - _CLOSE):
            after = 1.0
        self.zoom_to(after, anchor)

    def pan(self, delta: QPointF) -> None:
        """Move the picture by ``delta`` view pixels, as far as there is something to see."""
        self._centre -= self._turned_back(delta)
        self._keep_in_place()

    def turn(self, quarters: int) -> None:
        """Turn the picture to the right by quarters around what is in the middle."""
        self.turns = (self.turns + quarters) % 4
        self._keep_in_place()

    def reset(self) -> None:
        """Forget zoom, place and turns, for another picture."""
        self.turns = 0
        self._centre = QPointF(self.picture.width() / 2, self.picture.height() / 2)
        self.fit()

    # The arithmetic

    def _exact(self) -> QTransform:
        scale = self.zoom / self.ratio
        transform = QTransform()
        transform.translate(self.view.width() / 2, self.view.height() / 2)
        transform.rotate(90.0 * self.turns)
        transform.scale(scale, scale)
        return transform.translate(-self._centre.x(), -self._centre.y())

    def _bounded(self, zoom: float) -> float:
        return max(self.fit_zoom(), min(zoom, LARGEST_ZOOM * max(1.0, self.ratio)))

    def _middle(self) -> QPointF:
        return QPointF(self.view.width() / 2, self.view.height() / 2)

    def _turned(self, size: QSizeF) -> QSizeF:
        return size.transposed() if self.turns % 2 else size

    def _turned_back(self, delta: QPointF) -> QPointF:
        """Return a distance in the view as one in the picture."""
        scale = self.ratio / self.zoom
        return QTransform().rotate(-90.0 * self.turns).map(delta) * scale

    def _keep_in_place(self) -> None:
        """Centre what is smaller than the view; leave no gap beside what is larger."""
        if self._zoom is not None and self._zoom <= self.fit_zoom():
            self._zoom = None
        seen = self._turned(self.view) * (self.ratio / self.zoom)
        self._centre = QPointF(
            _clamped(self._centre.x(), seen.width(), self.picture.width()),
            _clamped(self._centre.y(), seen.height(), self.picture.height()),
        )


def _clamped(centre: float, seen: float, whole: float) -> float:
    return whole / 2 if seen >= whole else max(seen / 2, min(centre, whole - seen / 2))
