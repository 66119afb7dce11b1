"""The bar above the grid: where the user came from (a breadcrumb), and the chips of the query that is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from photofind.gui import theme
from photofind.gui.grid.source import TileSource
from photofind.gui.query import QueryPart, WindowQuery

CHIP_PICTURE = 28
"""Height of a chip's picture in logical pixels."""

_LONGEST = 3
"""Longer side of a chip's picture in shorter ones: of a panorama, or a strip one pixel high, the middle is shown."""

_ROUND = 6.0
_LONGEST_LABEL = 150
_LONGEST_CRUMB = 110
MOST_CRUMBS = 3
_MOST_CHIPS = 6


class Chip(QFrame):
    """One part of the query: a small picture, a name and a button that takes it out."""

    removed = Signal(object)
    """The :class:`QueryPart`."""

    def __init__(self, part: QueryPart, picture: QPixmap | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self.setObjectName("chip")
        self.setAccessibleName(self.tr("Query: {}").format(part.label))
        self.setToolTip(part.path or part.label)
        self._picture = QLabel(self)
        name = QLabel(self)
        name.setTextFormat(Qt.TextFormat.PlainText)
        text = self.tr("part of {}").format(part.label) if part.region else part.label
        name.setText(name.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _LONGEST_LABEL))
        remove = QToolButton(self)
        remove.setAutoRaise(True)
        remove.setIcon(theme.icon("close"))
        remove.setIconSize(QSize(14, 14))
        remove.setToolTip(self.tr("Take this out of the query"))
        remove.setAccessibleName(self.tr("Take {} out of the query").format(part.label))
        remove.clicked.connect(lambda: self.removed.emit(self.part))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 2, 2)
        layout.setSpacing(6)
        for widget in (self._picture, name, remove):
            layout.addWidget(widget)
        self.set_picture(picture)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the card that holds picture, name and button together."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.hairline(self.palette()))
        painter.setBrush(theme.tint(self.palette()))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.end()

    @property
    def picture(self) -> QPixmap:
        """The picture that is shown; null as long as it is not known."""
        return self._picture.pixmap()

    def set_picture(self, picture: QPixmap | None) -> None:
        """Show the part's picture once it is known."""
        self._picture.setVisible(picture is not None)
        if picture is not None:
            ratio = self.devicePixelRatioF()
            middle = _middle(picture)
            scaled = middle.scaledToHeight(round(CHIP_PICTURE * ratio), Qt.TransformationMode.SmoothTransformation)
            scaled.setDevicePixelRatio(ratio)
            self._picture.setPixmap(scaled)


class QueryBar(QWidget):
    """Breadcrumb and chips; hidden while all photos are shown and there is nothing behind them."""

    part_removed = Signal(object)
    """The :class:`QueryPart` that the user took out."""

    went = Signal(int)
    """The user chose a place of the breadcrumb, so many places away (negative)."""

    picture_wanted = Signal(object)
    """A chip shows a :class:`QueryPart` that is no photo of the library; :meth:`set_picture` brings its picture."""

    home_requested = Signal()
    """The user wants all photos back."""

    def __init__(self, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._chips: list[Chip] = []
        self.setObjectName("query-bar")
        self.setAccessibleName(self.tr("Query"))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(8, 4, 8, 4)
        self._layout.setSpacing(4)
        self._summary = QLabel(self)
        self._summary.setAccessibleName(self.tr("Results"))
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        source.tiles_changed.connect(self._on_tiles_changed)
        self.hide()

    @property
    def chips(self) -> list[Chip]:
        """The chips shown."""
        return list(self._chips)

    def show_place(self, query: WindowQuery | None, trail: Sequence[tuple[int, WindowQuery | None]]) -> None:
        """Show the chips of a query after the places that led to it; nothing for all photos."""
        self._clear()
        self.setVisible(query is not None)
        if query is None:
            return
        crumbs = list(trail)[-MOST_CRUMBS:]
        if not any(place is None for _, place in crumbs):
            self._add_crumb(self.tr("All photos"), self.home_requested.emit)
        for distance, place in crumbs:
            self._add_crumb(self._label(place), lambda distance=distance: self.went.emit(distance))
        for part in query.parts[:_MOST_CHIPS]:
            chip = Chip(part, self._picture(part), self)
            chip.removed.connect(self.part_removed)
            if part.photo_id is None:
                self.picture_wanted.emit(part)
            self._chips.append(chip)
            self._layout.addWidget(chip)
        if len(query.parts) > _MOST_CHIPS:
            self._layout.addWidget(QLabel(self.tr("and {} more").format(len(query.parts) - _MOST_CHIPS), self))
        self._layout.addWidget(self._summary, 1)
        self._summary.show()

    def set_picture(self, part: QueryPart, picture: QPixmap) -> None:
        """Bring the picture of a part that is no photo of the library."""
        for chip in self._chips:
            if chip.part == part:
                chip.set_picture(picture)

    def show_summary(self, text: str) -> None:
        """Say what the search found."""
        self._summary.setText(text)

    def _add_crumb(self, text: str, act: Callable[[], object]) -> None:
        crumb = QToolButton(self)
        crumb.setAutoRaise(True)
        crumb.setToolTip(self.tr("Go back to: {}").format(text))
        crumb.setText(crumb.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, _LONGEST_CRUMB))
        crumb.setAccessibleName(self.tr("Back to {}").format(text))
        crumb.clicked.connect(lambda: act())  # without whether it is checked, which it never is
        arrow = QLabel("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", self)
        arrow.setEnabled(False)
        self._layout.addWidget(crumb)
        self._layout.addWidget(arrow)

    def _label(self, query: WindowQuery | None) -> str:
        if query is None:
            return self.tr("All photos")
        first = query.parts[0].label
        others = len(query.parts) - 1
        return self.tr("{} and {} more").format(first, others) if others else first

    def _picture(self, part: QueryPart) -> QPixmap | None:
        if part.photo_id is not None:
            tile = self._source.tile(part.photo_id)
            return tile.pixmap if tile else None
        return None

    def _on_tiles_changed(self, photo_ids: Sequence[int]) -> None:
        waiting = [chip for chip in self._chips if chip.part.photo_id in photo_ids]
        for chip in waiting:
            chip.set_picture(self._picture(chip.part))

    def _clear(self) -> None:
        self._chips = []
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is self._summary:
                widget.hide()
            elif widget is not None:
                widget.hide()
                widget.deleteLater()


def _middle(picture: QPixmap) -> QPixmap:
    """Return a picture, without its ends if it is very long."""
    width, height = picture.width(), picture.height()
    kept = QSize(min(width, _LONGEST * height), min(height, _LONGEST * width))
    return picture.copy((width - kept.width()) // 2, (height - kept.height()) // 2, kept.width(), kept.height())
