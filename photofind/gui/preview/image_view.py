"""The picture itself: drawn, zoomed, panned and turned; in region mode, a rectangle is drawn on it.

What is drawn once is kept as a pixmap of the view's size until something moves, so that a band stretched over it or a
message above it costs nothing. Shrinking starts from the level of the picture next above the wanted size.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from photofind.gui.preview.picture import Picture
from photofind.gui.preview.region_band import RegionBand
from photofind.gui.preview.viewport import Viewport

_PIXELS_FROM_ZOOM = 3.0
"""From this enlargement on, single pixels are shown as squares instead of being smoothed."""

_WHEEL_NOTCH = 120.0
_PAN_STEP = 80.0
_PAN_KEYS = {
    Qt.Key.Key_Left: QPointF(_PAN_STEP, 0),
    Qt.Key.Key_Right: QPointF(-_PAN_STEP, 0),
    Qt.Key.Key_Up: QPointF(0, _PAN_STEP),
    Qt.Key.Key_Down: QPointF(0, -_PAN_STEP),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ImageView(QWidget):
    """Shows one :class:`Picture`.

    Signals: ``zoom_changed`` (device pixels per photo pixel), ``sharper_wanted`` when the zoom asks for more pixels
    than were decoded, ``region_drawn`` (left, top, right, bottom as fractions of the upright photo, whichever way the
    view is turned), ``region_mode_changed``.
    """

    zoom_changed = Signal(float)
    sharper_wanted = Signal()
    region_drawn = Signal(float, float, float, float)
    region_mode_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Photo"))
        self.viewport = Viewport()
        self._picture: Picture | None = None
        self._drawn: QPixmap | None = None
        self._drag_from: QPointF | None = None
        self._band: RegionBand | None = None

    # The picture

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    def set_picture(self, picture: Picture | None) -> None:
        """Show another decoding of the same photo (zoom and place stay), or nothing."""
        self._picture = picture
        if picture is not None:
            self.viewport.set_picture(picture.size)
        self._moved()

    def start_photo(self) -> None:
        """Forget zoom, place, turns and region mode: the next picture is of another photo."""
        self.set_region_mode(on=False)
        self._drag_from = None
        self._picture = None
        self.viewport.reset()
        self._moved()

    # Zoom and turn

    def zoom_in(self) -> None:
        """Zoom in by a step."""
        self.viewport.step(1)
        self._moved()

    def zoom_out(self) -> None:
        """Zoom out by a step."""
        self.viewport.step(-1)
        self._moved()

    def fit(self) -> None:
        """Show the whole picture."""
        self.viewport.fit()
        self._moved()

    def show_pixels(self, anchor: QPointF | None = None) -> None:
        """Show each pixel of the photo as one pixel of the screen."""
        self.viewport.zoom_to(1.0, anchor)
        self._moved()

    def turn(self, quarters: int) -> None:
        """Turn the view to the right by quarters; the file stays as it is."""
        self.viewport.turn(quarters)
        self._moved()

    def can_pan(self) -> bool:
        """Tell whether a part of the picture is out of view."""
        return self._picture is not None and self.viewport.can_pan()

    # Region mode

    @property
    def in_region_mode(self) -> bool:
        """Whether the pointer draws a rectangle instead of moving the picture."""
        return self._band is not None

    def set_region_mode(self, *, on: bool) -> None:
        """Enter or leave region mode; there is none without a picture."""
        on = on and self._picture is not None
        if on == self.in_region_mode:
            return
        self._band = RegionBand() if on else None
        self._show_cursor()
        self.update()
        self.region_mode_changed.emit(on)

    def _finish_region(self, area: QRectF) -> None:
        part = self.viewport.part_of_picture(area)
        whole = self.viewport.picture
        self.set_region_mode(on=False)
        if not part.isEmpty():
            self.region_drawn.emit(
                part.left() / whole.width(),
                part.top() / whole.height(),
                part.right() / whole.width(),
                part.bottom() / whole.height(),
            )

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        painter = QPainter(self)
        if self._drawn is None or self._drawn.devicePixelRatio() != self.devicePixelRatioF():
            self._drawn = self._draw()
        painter.drawPixmap(0, 0, self._drawn)
        if self._band is not None:
            self._paint_band(painter, self._band)
        painter.end()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        self.viewport.set_view(QSizeF(self.size()), ratio)
        drawn = QPixmap((QSizeF(self.size()) * ratio).toSize().expandedTo(QSize(1, 1)))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(self.palette().color(QPalette.ColorRole.Window))
        if self._picture is not None:
            painter = QPainter(drawn)
            painter.setRenderHint(
                QPainter.RenderHint.SmoothPixmapTransform, self.viewport.zoom < _PIXELS_FROM_ZOOM * ratio
            )
            self._draw_seen(painter, self._picture.level_for(self.viewport.zoom))
            painter.end()
        return drawn

    def _draw_seen(self, painter: QPainter, level: QImage) -> None:
        """Draw what of the picture is in the view, out to whole pixels of the level; the rest costs nothing."""
        whole = self.viewport.picture
        across, down = level.width() / whole.width(), level.height() / whole.height()
        seen = self.viewport.seen_rect()
        scaled = QRectF(seen.x() * across, seen.y() * down, seen.width() * across, seen.height() * down)
        source = scaled.toAlignedRect().adjusted(-1, -1, 1, 1).intersected(level.rect())
        target = QRectF(source.x() / across, source.y() / down, source.width() / across, source.height() / down)
        shown = self.viewport.to_view().mapRect(target)
        if self.viewport.turns:
            # Turned by itself first, because drawing through a turned transform takes several times as long.
            part = level.copy(source).transformed(QTransform().rotate(90.0 * self.viewport.turns))
            painter.drawImage(shown, part, QRectF(part.rect()))
        else:
            painter.drawImage(shown, level, QRectF(source))

    def _paint_band(self, painter: QPainter, band: RegionBand) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        part = self.viewport.part_of_picture(band.rect or QRectF()).size().toSize()
        visible = self.viewport.shown_rect().intersected(QRectF(self.rect()))
        band.paint(painter, visible, part.transposed() if self.viewport.turns % 2 else part)

    def _moved(self) -> None:
        """Draw anew, and tell who shows the zoom or can bring more pixels."""
        self._drawn = None
        self.viewport.set_view(QSizeF(self.size()), self.devicePixelRatioF())
        self._show_cursor()
        self.update()
        if self._picture is None:
            return
        self.zoom_changed.emit(self.viewport.zoom)
        if not self._picture.complete and self.viewport.zoom > self._picture.scale:
            self.sharper_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._moved()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._drawn = None
            self.update()

    def _show_cursor(self) -> None:
        if self.in_region_mode:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self._drag_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self.can_pan():
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # The pointer

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        steps = event.angleDelta().y() / _WHEEL_NOTCH
        if steps and self._picture is not None:
            self.viewport.step(steps, event.position())
            self._moved()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Pinching on a touchpad zooms around the fingers."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.viewport.zoom_to(self.viewport.zoom * (1.0 + event.value()), event.position())
            self._moved()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._band is not None and event.button() == Qt.MouseButton.LeftButton:
            self._band.start(event.position())
            self.update()
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self.can_pan():
            self._drag_from = event.position()
            self._show_cursor()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._band is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._band.stretch(event.position())
            self.update()
        elif self._drag_from is not None:
            self.viewport.pan(event.position() - self._drag_from)
            self._drag_from = event.position()
            self._moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._band is not None and event.button() == Qt.MouseButton.LeftButton:
            self._release_band(self._band)
        elif self._drag_from is not None:
            self._drag_from = None
            self._show_cursor()

    def _release_band(self, band: RegionBand) -> None:
        rect = band.rect
        if rect is not None and band.is_wide_enough():
            self._finish_region(rect)
        else:
            band.clear()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton or self.in_region_mode:
            return
        if self.viewport.fits:
            self.show_pixels(event.position())
        else:
            self.fit()

    # The keyboard; the pane knows the other keys

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key means in region mode or while there is something to pan; return False if it means nothing."""
        key = Qt.Key(event.key())
        if is_command(event):
            return False
        if self._band is not None and key == Qt.Key.Key_Escape:
            self.set_region_mode(on=False)
        elif self._band is not None and key in _ENTER:
            # Without a rectangle drawn, what is seen is the region: the way to one without a mouse.
            drawn = self._band.rect if self._band.is_wide_enough() else None
            self._finish_region(QRectF(self.rect()) if drawn is None else drawn)
        elif key in _PAN_KEYS and self.can_pan():
            self.viewport.pan(_PAN_KEYS[key])
            self._moved()
        else:
            return False
        return True


def is_command(event: QKeyEvent) -> bool:
    """Tell whether a key is pressed with a modifier that makes it another one than it is alone."""
    return bool(event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier))
