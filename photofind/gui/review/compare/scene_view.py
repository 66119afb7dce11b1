"""Both pictures on one plane: one over the other with a divider, one after the other, or what differs.

Each picture is drawn once for the view as it stands and kept as a pixmap, so that moving the divider or blinking only
copies. What differs comes as a picture of the whole scene and is shown as any picture is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from photofind.gui import theme
from photofind.gui.preview.image_view import ImageView
from photofind.gui.preview.picture import Picture
from photofind.gui.review.compare.curtain import Curtain
from photofind.gui.review.compare.modes import CompareMode
from photofind.gui.review.compare.scene import Scene
from photofind.gui.review.compare.side_view import FreeViewport

_SQUARES_FROM_ZOOM = 3.0
_TAG_MARGIN = 10
_TAG_PADDING = 7


class SceneView(ImageView):
    """Shows a :class:`Scene` of two pictures; ``sharper(number)`` asks for more pixels of picture 0 or 1."""

    sharper = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(80, 40)  # in a low window, a small picture is better than half of one
        self._layers: dict[int, QPixmap] = {}
        self.viewport = FreeViewport()
        self.curtain = Curtain()
        self._scene: Scene | None = None
        self._pictures: list[Picture | None] = [None, None]
        self._difference: Picture | None = None
        self._mode = CompareMode.OVERLAY
        self._front = 0
        self._swapped = False
        self._names = ("A", "B")
        self._holds_curtain = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Both photos, one over the other"))

    # What is shown

    @property
    def mode(self) -> CompareMode:
        """How the scene is shown."""
        return self._mode

    @property
    def front(self) -> int:
        """Which picture is shown while blinking, 0 or 1."""
        return self._front

    @property
    def zoom(self) -> float:
        """Device pixels per pixel of the first picture."""
        return self.viewport.zoom

    def show_as(self, mode: CompareMode) -> None:
        """Show the scene in another way; blinking begins with the picture on the left."""
        self._mode = mode
        self._front = 1 if self._swapped else 0
        self._take_picture()

    def blink(self) -> None:
        """Show the other picture."""
        self._front = 1 - self._front
        self.update()

    def set_swapped(self, *, on: bool) -> None:
        """Put the second picture to the left of the divider, or back to the right."""
        if on != self._swapped:
            self._swapped = on
            self.blink()

    def set_names(self, first: str, second: str) -> None:
        """Take what stands in the corners of the pictures."""
        self._names = (first, second)
        self.update()

    def start_pair(self) -> None:
        """Forget zoom, place and pictures; the divider stays."""
        self._scene, self._difference, self._pictures = None, None, [None, None]
        self.start_photo()

    def set_scene(self, scene: Scene | None) -> None:
        """Take how both belong together."""
        if scene != self._scene:
            self._scene = scene
            self._difference = None
            self._take_picture()

    def set_pictures(self, first: Picture | None, second: Picture | None) -> None:
        """Take other decodings of the same photos; zoom and place stay."""
        self._pictures = [first, second]
        self._take_picture()

    def set_difference(self, difference: Picture | None) -> None:
        """Take what differs, as a picture of the whole scene."""
        self._difference = difference
        self._take_picture()

    def move_curtain(self, steps: int) -> None:
        """Move the divider by steps to the right."""
        self.curtain.step(steps)
        self.update()

    def pan(self, delta: QPointF) -> None:
        """Move what is seen by view pixels."""
        self.viewport.pan(delta)
        self._moved()

    def _take_picture(self) -> None:
        """Tell the base class of a picture of the scene's size, which is all that it needs to know to move it."""
        scene = self._scene
        if scene is None or self._pictures == [None, None]:
            self.set_picture(None)
        elif self._mode is CompareMode.DIFFERENCE and self._difference is not None:
            self.set_picture(self._difference)
        else:
            self.set_picture(Picture((QImage(1, 1, QImage.Format.Format_RGB32),), scene.size, complete=True))

    def _moved(self) -> None:
        self._layers.clear()
        super()._moved()
        for number, picture in enumerate(self._pictures):
            if self._scene is None or picture is None or picture.complete:
                continue
            if self.viewport.zoom * self._scene.pixels_of(number) > picture.scale:
                self.sharper.emit(number)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._mode is CompareMode.DIFFERENCE and self._difference is not None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        if self._scene is not None and self._mode is CompareMode.OVERLAY:
            self._paint_overlay(painter)
        elif self._scene is not None and self._mode is CompareMode.BLINK:
            painter.drawPixmap(0, 0, self._layer(self._front))
            self._paint_tag(painter, self._front, Qt.AlignmentFlag.AlignLeft)
        painter.end()

    def _paint_overlay(self, painter: QPainter) -> None:
        left, right = (1, 0) if self._swapped else (0, 1)
        visible = self._visible()
        divider = round(self.curtain.x(visible))
        for number, part in (
            (left, QRect(0, 0, divider, self.height())),
            (right, QRect(divider, 0, self.width() - divider, self.height())),
        ):
            painter.setClipRect(part)
            painter.drawPixmap(0, 0, self._layer(number))
        painter.setClipping(False)
        self._paint_outlines(painter)
        self.curtain.paint(painter, visible)
        self._paint_tag(painter, left, Qt.AlignmentFlag.AlignLeft)
        self._paint_tag(painter, right, Qt.AlignmentFlag.AlignRight)

    def _paint_outlines(self, painter: QPainter) -> None:
        """Draw where the pictures end, if not at the same place."""
        assert self._scene is not None
        to_view = self.viewport.to_view()
        outlines = [to_view.map(self._scene.outline(number)) for number in (0, 1)]
        if _is_close(outlines[0].boundingRect(), outlines[1].boundingRect()):
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline in outlines:
            for colour, style in (
                (QColor(0, 0, 0, 120), Qt.PenStyle.SolidLine),
                (_line_colour(), Qt.PenStyle.DashLine),
            ):
                painter.setPen(QPen(colour, 1.0, style))
                painter.drawPolygon(outline)

    def _paint_tag(self, painter: QPainter, number: int, side: Qt.AlignmentFlag) -> None:
        """Write in a corner which picture is there."""
        text = self._names[number]
        width = painter.fontMetrics().horizontalAdvance(text) + 2 * _TAG_PADDING
        height = painter.fontMetrics().height() + 6
        x = _TAG_MARGIN if side == Qt.AlignmentFlag.AlignLeft else self.width() - _TAG_MARGIN - width
        area = QRectF(x, _TAG_MARGIN, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.hairline(self.palette()))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRoundedRect(area, 5, 5)
        painter.setPen(self.palette().color(QPalette.ColorRole.ToolTipText))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _layer(self, number: int) -> QPixmap:
        """Return one picture drawn for the view as it stands, on the window's colour."""
        ratio = self.devicePixelRatioF()
        known = self._layers.get(number)
        if known is not None and known.devicePixelRatio() == ratio:
            return known
        self.viewport.set_view(QSizeF(self.size()), ratio)
        drawn = QPixmap((QSizeF(self.size()) * ratio).toSize().expandedTo(QSize(1, 1)))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(self.palette().color(QPalette.ColorRole.Window))
        picture, scene = self._pictures[number], self._scene
        if picture is not None and scene is not None:
            zoom = self.viewport.zoom * scene.pixels_of(number)
            level = picture.level_for(zoom)
            size = picture.size
            to_picture = QTransform.fromScale(size.width() / level.width(), size.height() / level.height())
            painter = QPainter(drawn)
            smooth = zoom * size.width() / level.width() < _SQUARES_FROM_ZOOM * ratio
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.setTransform(to_picture * scene.to_scene(number) * self.viewport.to_view())
            painter.drawImage(0, 0, level)
            painter.end()
        self._layers[number] = drawn
        return drawn

    def _visible(self) -> QRectF:
        """Return the part of the view that shows something of the scene."""
        return self.viewport.shown_rect().intersected(QRectF(self.rect()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._layers.clear()

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton and self._takes_curtain(event.position()):
            self._holds_curtain = True
            self._drag_curtain(event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._holds_curtain:
            self._drag_curtain(event.position())
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            if self._is_over_curtain(event.position()):
                self.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._holds_curtain:
            self._holds_curtain = False
        else:
            super().mouseReleaseEvent(event)

    def _takes_curtain(self, point: QPointF) -> bool:
        """Tell whether pressing here moves the divider: on it, or anywhere if nothing else could be moved."""
        if self._mode is not CompareMode.OVERLAY or self._scene is None:
            return False
        return self._is_over_curtain(point) or not self.can_pan()

    def _is_over_curtain(self, point: QPointF) -> bool:
        return self._mode is CompareMode.OVERLAY and self.curtain.is_near(point, self._visible())

    def _drag_curtain(self, point: QPointF) -> None:
        self.curtain.move_to(point.x(), self._visible())
        self.update()


def _line_colour() -> QColor:
    return QColor(255, 255, 255, 210)


def _is_close(one: QRectF, other: QRectF) -> bool:
    """Tell whether two rectangles are the same to the eye."""
    corners = (one.topLeft(), other.topLeft()), (one.bottomRight(), other.bottomRight())
    return all((a - b).manhattanLength() < 1.5 for a, b in corners)
