"""The bar above the grid: where the user came from (a breadcrumb), and the chips of the query that is shown.

The bar never asks for a wider window. What does not fit is left out: first the places before this one except "All
photos", then chips from the end, which become "and 3 more", and at last what the search found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

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
_MARGIN, _SPACING = 8, 4


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
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(6)
        for widget in (self._picture, name, remove):
            layout.addWidget(widget)
        self.setFixedHeight(CHIP_PICTURE + 6)
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
        self._row.setContentsMargins(4 if picture is not None else 10, 2, 2, 2)
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
        self._crumbs: list[QWidget] = []
        self._parts = 0
        self.setObjectName("query-bar")
        self.setAccessibleName(self.tr("Query"))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(_MARGIN, 4, _MARGIN, 4)
        self._layout.setSpacing(_SPACING)
        self._layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._more = QLabel(self)
        self._summary = QLabel(self)
        self._summary.setAccessibleName(self.tr("Results"))
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
            self._add_crumb(self._label(place), partial(self.went.emit, distance))
        for part in query.parts[:_MOST_CHIPS]:
            chip = Chip(part, self._picture(part), self)
            chip.removed.connect(self.part_removed)
            if part.photo_id is None:
                self.picture_wanted.emit(part)
            self._chips.append(chip)
            self._layout.addWidget(chip)
        self._parts = len(query.parts)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self._layout.addWidget(self._summary)
        self._summary.show()
        self._fit()

    def set_picture(self, part: QueryPart, picture: QPixmap) -> None:
        """Bring the picture of a part that is no photo of the library."""
        for chip in self._chips:
            if chip.part == part:
                chip.set_picture(picture)

    def show_summary(self, text: str) -> None:
        """Say what the search found."""
        self._summary.setText(text)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return no width: what does not fit is left out."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit again when a picture makes a chip wider."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Leave out what the bar is too narrow for."""
        all_room = self.width() - 2 * _MARGIN
        room = all_room - self._summary.sizeHint().width()
        crumbs, chips = list(self._crumbs), list(self._chips)
        while len(crumbs) > 1 and _width(crumbs) + _width(chips) > room:
            crumbs.pop(1)
        more = self._more_text(len(chips))
        while len(chips) > 1 and _width(crumbs) + _width(chips) + self._more_width(more) > room:
            chips.pop()
            more = self._more_text(len(chips))
        self._more.setText(more)
        for widget in (*self._crumbs, *self._chips):
            widget.setVisible(widget in crumbs or widget in chips)
        self._more.setVisible(bool(more))
        self._summary.setVisible(_width(crumbs) + _width(chips) + self._more_width(more) <= room)

    def _more_text(self, shown: int) -> str:
        return self.tr("and {} more").format(self._parts - shown) if self._parts > shown else ""

    def _more_width(self, text: str) -> int:
        return self._more.fontMetrics().horizontalAdvance(text) + _SPACING if text else 0

    def _add_crumb(self, text: str, act: Callable[[], object]) -> None:
        place = QWidget(self)
        crumb = QToolButton(place)
        crumb.setAutoRaise(True)
        crumb.setToolTip(self.tr("Go back to: {}").format(text))
        crumb.setText(text)
        crumb.setAccessibleName(self.tr("Back to {}").format(text))
        crumb.clicked.connect(lambda: act())  # without whether it is checked, which it never is
        arrow = QLabel("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", place)
        arrow.setEnabled(False)
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.addWidget(crumb)
        row.addWidget(arrow)
        self._crumbs.append(place)
        self._layout.addWidget(place)

    def _label(self, query: WindowQuery | None) -> str:
        if query is None:
            return self.tr("All photos")
        name = query.parts[0].label
        first = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _LONGEST_CRUMB)
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
        self._chips, self._crumbs = [], []
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget in (self._summary, self._more):
                widget.hide()
            elif widget is not None:
                widget.hide()
                widget.deleteLater()


def _middle(picture: QPixmap) -> QPixmap:
    """Return a picture, without its ends if it is very long."""
    width, height = picture.width(), picture.height()
    kept = QSize(min(width, _LONGEST * height), min(height, _LONGEST * width))
    return picture.copy((width - kept.width()) // 2, (height - kept.height()) // 2, kept.width(), kept.height())


def _width(widgets: Sequence[QWidget]) -> int:
    return sum(widget.sizeHint().width() + _SPACING for widget in widgets)
