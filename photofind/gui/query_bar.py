"""The bar above the grid: where the user came from (a breadcrumb), and the chips of the query that is shown.

Below them stands what the search has understood. Chips can be dragged to another place, and photos dropped between
them are added to the query.

The bar never asks for a wider window. What does not fit is left out: first the places before this one except "All
photos", then chips from the end, which become "and 3 more", and at last what the search found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from photofind.gui import theme
from photofind.gui.chips import Chip
from photofind.gui.drops import accept_unmoved, can_be_read
from photofind.gui.grid.source import TileSource
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.understood import UnderstoodRow

_LONGEST_CRUMB = 110
MOST_CRUMBS = 3
_MOST_CHIPS = 6
_MARGIN, _SPACING = 8, 4
_CHIP_MIME = "application/x-photofind-chip"


class QueryBar(QWidget):
    """Breadcrumb and chips; hidden while all photos are shown and there is nothing behind them."""

    part_removed = Signal(object)
    """The :class:`QueryPart` that the user took out."""

    part_replaced = Signal(object, object)
    """A :class:`QueryPart`, and the one that the user wants in its place."""

    part_moved = Signal(object, int)
    """A :class:`QueryPart`, and its new place, counted without the part itself."""

    dropped = Signal(object)
    """Mime data that the user wants added to the query."""

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
        self.run_drag: Callable[[QDrag], object] = lambda drag: drag.exec(Qt.DropAction.MoveAction)
        self._drop_place = self._dropped_at = -1
        self._before: QWidget | None = None
        self._layout = QHBoxLayout()
        self._layout.setSpacing(_SPACING)
        self._understood = UnderstoodRow(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 4, _MARGIN, 4)
        column.setSpacing(2)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addLayout(self._layout)
        column.addWidget(self._understood)
        self.setAcceptDrops(True)
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

    @property
    def has_keyboard(self) -> bool:
        """Whether the keyboard is at one of the chips."""
        return self._focused_chip() >= 0

    def show_place(self, query: WindowQuery | None, trail: Sequence[tuple[int, WindowQuery | None]]) -> None:
        """Show the chips of a query after the places that led to it; nothing for all photos."""
        focused = self._focused_chip()
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
            self._add_chip(part)
        self._parts = len(query.parts)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self._layout.addWidget(self._summary)
        self._summary.show()
        self._fit()
        self._order_keyboard()
        if focused >= 0 and self._chips:
            self._chips[min(focused, len(self._chips) - 1)].setFocus()

    def follow(self, widget: QWidget) -> None:
        """Let the Tab key come to the bar from another widget of the window."""
        self._before = widget

    def set_picture(self, part: QueryPart, picture: QPixmap) -> None:
        """Bring the picture of a part that is no photo of the library, whatever the part weighs by now."""
        for chip in self._chips:
            if chip.part.is_about_the_same(part):
                chip.set_picture(picture)

    def show_summary(self, text: str) -> None:
        """Say what the search found."""
        self._summary.setText(text)
        self._fit()

    def show_understood(self, text: str, kept: str = "") -> None:
        """Say below the chips what the search has made of the words, and how many photos the filters keep."""
        self._understood.say(text, kept)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return no width: what does not fit is left out."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    # Drags

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome our own chips and photos, and whatever else could be searched by."""
        if event.source() is not self or not event.mimeData().hasFormat(_CHIP_MIME):
            if can_be_read(event.mimeData()) and accept_unmoved(event):
                self._show_drop_place(len(self._chips))
            return
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Show where a chip would come to lie."""
        if event.mimeData().hasFormat(_CHIP_MIME):
            self._show_drop_place(self._place_at(event.position().x()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Expect no drop any more."""
        super().dragLeaveEvent(event)
        self._show_drop_place(-1)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Move a chip, or add what is dropped to the query."""
        self._show_drop_place(-1)
        mime = event.mimeData()
        if event.source() is self and mime.hasFormat(_CHIP_MIME):
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
            self._dropped_at = self._place_at(event.position().x())
        elif accept_unmoved(event):
            self.dropped.emit(mime)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a line where what is dragged would come to lie."""
        super().paintEvent(event)
        shown = [chip.geometry() for chip in self._chips if not chip.isHidden()]
        if self._drop_place < 0 or not shown:
            return
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        is_last = self._drop_place >= len(shown)
        beside = shown[-1] if is_last else shown[self._drop_place]
        x = beside.right() + 2 if is_last != is_mirrored else beside.left() - 3
        painter = QPainter(self)
        painter.fillRect(QRect(x, beside.y(), 2, beside.height()), theme.accent(self.palette()))
        painter.end()

    def _show_drop_place(self, place: int) -> None:
        if place != self._drop_place:
            self._drop_place = place
            self.update()

    def _place_at(self, x: float) -> int:
        """Return before which chip a point lies."""
        middles = [chip.geometry().center().x() for chip in self._chips if not chip.isHidden()]
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return sum((middle > x) if is_mirrored else (middle < x) for middle in middles)

    def _move(self, chip: Chip, before: int) -> None:
        """Move a chip before another, as the chips are now; nothing if the query has changed meanwhile."""
        place = self._chips.index(chip) if chip in self._chips else -1
        target = before - (before > place)
        if place >= 0 and target != place:
            self.part_moved.emit(chip.part, target)

    def _on_drag_started(self, chip: Chip) -> None:
        drag = QDrag(self)  # of the bar: a chip that is dropped is made anew
        mime = QMimeData()
        mime.setData(_CHIP_MIME, b"1")
        drag.setMimeData(mime)
        drag.setPixmap(chip.grab())
        self._dropped_at = -1
        self.run_drag(drag)
        if self._dropped_at >= 0:  # not before: the chip whose event this is will be made anew
            self._move(chip, self._dropped_at)

    def _on_stepped(self, chip: Chip, steps: int, takes_along: bool) -> None:  # noqa: FBT001 - a slot
        shown = [other for other in self._chips if not other.isHidden()]
        place = shown.index(chip) if chip in shown else 0
        target = place + steps
        if not 0 <= target < len(shown):
            return
        shown[target].setFocus()
        if takes_along:
            self.part_moved.emit(chip.part, target)

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

    def _add_chip(self, part: QueryPart) -> None:
        chip = Chip(part, self._picture(part), self)
        chip.removed.connect(self.part_removed)
        chip.replaced.connect(self.part_replaced)
        chip.drag_started.connect(partial(self._on_drag_started, chip))
        chip.stepped.connect(partial(self._on_stepped, chip))
        if part.photo_id is None and part.path is not None:
            self.picture_wanted.emit(part)
        self._chips.append(chip)
        self._layout.addWidget(chip)

    def _order_keyboard(self) -> None:
        """Let the Tab key go through the bar as the eye does; what is made anew would come last in the window."""
        before = self._before
        for widget in (*self._crumbs, *self._chips):
            own = [widget] if widget.focusPolicy() != Qt.FocusPolicy.NoFocus else []
            for each in (*own, *widget.findChildren(QToolButton)):
                if before is not None:
                    QWidget.setTabOrder(before, each)
                before = each

    def _focused_chip(self) -> int:
        """Return the place of the chip that the keyboard is at, or -1."""
        focused: QWidget | None = self.focusWidget()
        if focused is None or not focused.hasFocus():
            return -1
        return next((n for n, chip in enumerate(self._chips) if chip is focused or chip.isAncestorOf(focused)), -1)

    def _add_crumb(self, text: str, act: Callable[[], object]) -> None:
        place = QWidget(self)
        crumb = QToolButton(place)
        crumb.setAutoRaise(True)
        crumb.setToolTip(self.tr("Go back to: {}").format(text))
        crumb.setText(text.replace("&", "&&"))
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
        if query.is_listing:
            return self.tr("Filtered photos")
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


def _width(widgets: Sequence[QWidget]) -> int:
    return sum(widget.sizeHint().width() + _SPACING for widget in widgets)
