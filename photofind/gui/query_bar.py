"""The bar above the grid: where the user came from (a breadcrumb), and the chips of the query that is shown.

Below them stands what the search has understood. Chips can be dragged to another place, and photos dropped between
them are added to the query.

The bar never asks for a wider window. What does not fit is left out: first the places before this one except "All
photos", then chips from the end, which become "and 3 more", and at last what the search found. "And 3 more" is a button
that opens the bar: then all chips stand in lines of their own below, until they are few enough or the user closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from photofind.gui.chip_area import ChipArea, MoreButton
from photofind.gui.chips import Chip
from photofind.gui.crumb import Crumb
from photofind.gui.drop_mark import DropMark
from photofind.gui.drops import accept_unmoved, can_be_read
from photofind.gui.filters.flow import empty
from photofind.gui.grid.source import TileSource
from photofind.gui.outcome import Outcome
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.understood import UnderstoodRow

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
        self._dropped_at = -1
        self._is_open = False
        self._shown: WindowQuery | None = None
        self._trail: Sequence[tuple[int, WindowQuery | None]] = ()
        self._before: QWidget | None = None
        self._layout = QHBoxLayout()
        self._layout.setSpacing(_SPACING)
        self._understood = UnderstoodRow(self)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 4, _MARGIN, 4)
        column.setSpacing(2)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addLayout(self._layout)
        self._area = ChipArea(self)
        column.addWidget(self._area)
        column.addWidget(self._understood)
        self.setAcceptDrops(True)
        self._more = MoreButton(self)
        self._more.clicked.connect(lambda: self._set_open(is_open=not self._is_open))
        self._mark = DropMark(self)
        self.outcome = Outcome(self)
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
        self._shown, self._trail = query, trail
        self._clear()
        self.setVisible(query is not None)
        if query is None:
            self._is_open = False
            self._make_chips(())
            return
        crumbs = list(trail)[-MOST_CRUMBS:]
        if not any(place is None for _, place in crumbs):
            self._add_crumb(None, self.home_requested.emit)
        for distance, place in crumbs:
            self._add_crumb(place, partial(self.went.emit, distance))
        self._parts = len(query.parts)
        self._add_chips(query.parts)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)
        self._layout.addWidget(self.outcome)
        self.outcome.show()
        self._fit()
        self._order_keyboard()
        if focused >= 0 and self._chips:
            self._focus(min(focused, len(self._chips) - 1))

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
        self.outcome.say(text)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close with Escape what was opened."""
        if event.key() == Qt.Key.Key_Escape and self._is_open:
            self._set_open(is_open=False)
        else:
            super().keyPressEvent(event)

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
            self._show_drop_place(self._place_at(event.position()))

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
            self._dropped_at = self._place_at(event.position())
        elif accept_unmoved(event):
            self.dropped.emit(mime)

    def _show_drop_place(self, place: int) -> None:
        """Draw a line before the chip where what is dragged would come to lie; after the last, or nowhere below 0."""
        rects = [self._rect_of(chip) for chip in self._visible_chips()]
        if place < 0 or not rects:
            self._mark.hide()
        elif place < len(rects):
            self._mark.show_at(rects[place], after=False)
        else:
            self._mark.show_at(rects[-1], after=True)

    def _place_at(self, point: QPointF) -> int:
        """Return before which chip a point lies, as one reads: line by line."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft and not self._is_open

        def is_before(rect: QRect) -> bool:
            if self._is_open and not rect.top() <= point.y() <= rect.bottom():
                return rect.bottom() < point.y()
            return (rect.center().x() > point.x()) if is_mirrored else (rect.center().x() < point.x())

        return sum(is_before(self._rect_of(chip)) for chip in self._visible_chips())

    def _rect_of(self, chip: Chip) -> QRect:
        return QRect(chip.mapTo(self, QPoint(0, 0)), chip.size())

    def _visible_chips(self) -> list[Chip]:
        return [chip for chip in self._chips if not chip.isHidden()]

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
        shown = self._visible_chips()
        place = shown.index(chip) if chip in shown else 0
        target = place + steps
        if not 0 <= target < len(shown):
            return
        self._focus(target)
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
        room = all_room - self.outcome.sizeHint().width()
        crumbs, chips = list(self._crumbs), [] if self._is_open else list(self._chips)
        while len(crumbs) > 1 and _width(crumbs) + _width(chips) > room:
            crumbs.pop(1)
        while len(chips) > 1 and _width(crumbs) + _width(chips) + self._more_width(len(chips)) > room:
            chips.pop()
        for widget in self._crumbs:
            widget.setVisible(widget in crumbs)
        for chip in self._chips:
            chip.setVisible(self._is_open or chip in chips)
        self._more.say(self._parts - len(chips), is_open=self._is_open)
        self.outcome.fit(all_room - _width(crumbs) - _width(chips) - self._more_width(len(chips)))

    def _more_width(self, shown: int) -> int:
        width = self._more.width_for(self._parts - shown, is_open=self._is_open)
        return width + _SPACING if width else 0

    # Chips

    def _set_open(self, *, is_open: bool) -> None:
        """Show all chips or only the first, and let the keyboard go on where it was."""
        first_hidden = len(self._visible_chips())
        self._is_open = is_open
        self.show_place(self._shown, self._trail)
        if is_open and self._is_open:
            self._focus(min(first_hidden, len(self._chips) - 1))
        elif self._more.isVisible():
            self._more.setFocus()

    def _add_chips(self, parts: Sequence[QueryPart]) -> None:
        self._make_chips(parts if self._is_open else parts[:_MOST_CHIPS])
        for chip in self._chips:
            if self._is_open:
                self._area.add(chip)
            else:
                self._layout.addWidget(chip)
        if self._is_open and len(parts) <= _MOST_CHIPS and self._fit_into_line():
            self._is_open = False
            self._area.clear()
            for chip in self._chips:
                self._layout.addWidget(chip)
        self._area.setVisible(self._is_open)
        if self._is_open:
            self._area.arrange()

    def _fit_into_line(self) -> bool:
        """Tell whether all chips would fit beside one place and what the search found."""
        widths = _width(self._crumbs[:1]) + _width(self._chips) + self.outcome.sizeHint().width()
        return widths <= self.width() - 2 * _MARGIN

    def _focus(self, place: int) -> None:
        """Let the keyboard go to a chip, which is then seen."""
        chip = self._chips[place]
        chip.setFocus()
        if self._is_open:
            self._column.activate()  # or else it is not yet where it will be
            self._area.ensureWidgetVisible(chip)

    def _make_chips(self, parts: Sequence[QueryPart]) -> None:
        """Have a chip for each part; those that are there already stay, since many would take a while to make."""
        before = {chip.part: chip for chip in self._chips}
        chips = [before.get(part) or self._new_chip(part) for part in parts]
        _discard([chip for chip in self._chips if chip not in chips])
        self._chips = chips

    def _new_chip(self, part: QueryPart) -> Chip:
        chip = Chip(part, self._picture(part), self)
        chip.removed.connect(self.part_removed)
        chip.replaced.connect(self.part_replaced)
        chip.drag_started.connect(partial(self._on_drag_started, chip))
        chip.stepped.connect(partial(self._on_stepped, chip))
        if part.photo_id is None and part.path is not None:
            self.picture_wanted.emit(part)
        return chip

    def _order_keyboard(self) -> None:
        """Let the Tab key go through the bar as the eye does; what is made anew would come last in the window."""
        before = self._before
        for widget in (*self._crumbs, *self._more_and_chips(), self.outcome):
            own = [widget] if widget.focusPolicy() != Qt.FocusPolicy.NoFocus else []
            for each in (*own, *widget.findChildren(QToolButton)):
                if before is not None:
                    QWidget.setTabOrder(before, each)
                before = each

    def _more_and_chips(self) -> list[QWidget]:
        return [self._more, *self._chips] if self._is_open else [*self._chips, self._more]

    def _focused_chip(self) -> int:
        """Return the place of the chip that the keyboard is at, or -1."""
        focused: QWidget | None = self.focusWidget()
        if focused is None or not focused.hasFocus():
            return -1
        return next((n for n, chip in enumerate(self._chips) if chip is focused or chip.isAncestorOf(focused)), -1)

    def _add_crumb(self, place: WindowQuery | None, act: Callable[[], object]) -> None:
        crumb = Crumb(place, act, self)
        self._crumbs.append(crumb)
        self._layout.addWidget(crumb)

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
        """Take everything out of the lines; the chips wait for the next query, many of which may be the same."""
        _discard(self._crumbs)
        self._crumbs = []
        self._area.clear()
        self._mark.hide()
        empty(self._layout)
        self.outcome.hide()
        self._more.hide()


def _width(widgets: Sequence[QWidget]) -> int:
    return sum(widget.sizeHint().width() + _SPACING for widget in widgets)


def _discard(widgets: Sequence[QWidget]) -> None:
    for widget in widgets:
        widget.hide()  # it may be the one whose click is being handled
        widget.deleteLater()
