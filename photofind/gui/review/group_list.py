# ruff: noqa: N802 - overrides keep Qt's names
"""The list of groups at the left: kinds with their counts, the order, and a row for each group, painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.core.evidence import GroupKind
from photofind.gui import numbers, theme
from photofind.gui.grid.source import TileSource
from photofind.gui.review import marks, painting
from photofind.gui.review.group_model import COVERS, ENTRY_ROLE, GroupEntry, GroupModel
from photofind.gui.review.overview import GroupOrder
from photofind.gui.review.row_view import RowView
from photofind.gui.review.words import kind_words

_Index = QModelIndex | QPersistentModelIndex

ROW: Final = 76
_PAD: Final = 8
_MARGIN: Final = 3
_COVER: Final = 54
_COVER_GAP: Final = 3
_STATE_SIGNS: Final = {marks.SKIPPED: "skip"}


class GroupDelegate(QStyledItemDelegate):
    """Draws a row: the first pictures of the group, how many photos, what it would free, and what was decided."""

    def __init__(self, model: GroupModel, source: TileSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._source = source

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one group."""
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, GroupEntry):
            return
        colours: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        area: QRect = option.rect.adjusted(_MARGIN + 3, _MARGIN, -_MARGIN - 3, -_MARGIN)
        painting.draw_card(
            painter,
            area,
            colours,
            current=bool(state & QStyle.StateFlag.State_Selected),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focus=bool(state & QStyle.StateFlag.State_HasFocus),
        )
        right = self._draw_covers(painter, area, entry, colours)
        words = QRect(right + _PAD, area.y() + 5, area.right() - right - 2 * _PAD, area.height() - 10)
        self._draw_words(painter, words, entry, colours)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return the size of every row."""
        return QSize(240, ROW)

    def _draw_covers(self, painter: QPainter, area: QRect, entry: GroupEntry, colours: QPalette) -> int:
        left = area.x() + _PAD
        top = area.y() + (area.height() - _COVER) // 2
        for photo_id in entry.covers:
            box = QRect(left, top, _COVER, _COVER)
            painting.draw_picture(painter, box, self._source.tile(photo_id), colours, fill=True)
            left += _COVER + _COVER_GAP
        return area.x() + _PAD + COVERS * (_COVER + _COVER_GAP) - _COVER_GAP

    def _draw_words(self, painter: QPainter, area: QRect, entry: GroupEntry, colours: QPalette) -> None:
        font = painter.font()
        height = area.height() // 3
        if not self._model.state(entry):
            area = area.translated(0, height // 2)
        text, quiet = colours.color(QPalette.ColorRole.WindowText), theme.muted(colours)
        painter.setFont(painting.bold_font(font))
        painting.draw_line(
            painter, QRect(area.x(), area.y(), area.width(), height), numbers.photos(entry.members), text
        )
        painter.setFont(painting.small_font(font))
        second = QRect(area.x(), area.y() + height, area.width(), height)
        painting.draw_line(painter, second, self._model.gain(entry), quiet)
        self._draw_state(painter, QRect(area.x(), area.y() + 2 * height, area.width(), height), entry, colours)
        painter.setFont(font)

    def _draw_state(self, painter: QPainter, area: QRect, entry: GroupEntry, colours: QPalette) -> None:
        words = self._model.state(entry)
        if not words:
            return
        look = painting.MARK_LOOKS[
            marks.SKIP if entry.state == marks.SKIPPED else marks.REMOVE if entry.removing else marks.KEEP
        ]
        colour = painting.tone_of(colours, look.tone)
        painting.draw_sign(painter, QRect(area.x(), area.y(), painting.SIGN, area.height()), look.icon, colour)
        painting.draw_line(painter, area.adjusted(painting.SIGN + 4, 0, 0, 0), words, colour)


class KindTabs(QWidget):
    """Which kind of groups is listed: one button for each, with the number of its groups."""

    kind_chosen = Signal(object)
    """A :class:`GroupKind`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Kinds of groups"))
        self._group = QButtonGroup(self)
        self._buttons: dict[GroupKind, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for kind in GroupKind:
            button = self._buttons[kind] = self._button(kind)
            self._group.addButton(button)
            row.addWidget(button, 1)
        self._buttons[GroupKind.EXACT].setChecked(True)
        self.set_counts({})

    def set_counts(self, counts: dict[GroupKind, int]) -> None:
        """Show how many groups there are of each kind."""
        for kind, button in self._buttons.items():
            count = numbers.grouped(counts.get(kind, 0))
            button.setText(f"{kind_words(kind)}\n{count}")
            button.setAccessibleName(f"{kind_words(kind)}, {count}")

    def set_kind(self, kind: GroupKind) -> None:
        """Show which kind is listed; tells nobody."""
        self._buttons[kind].setChecked(True)

    def _button(self, kind: GroupKind) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tips = {
            GroupKind.EXACT: self.tr("The same bytes, or the same pixels in another file"),
            GroupKind.NEAR: self.tr("One picture, re-encoded, resized, cropped or edited"),
            GroupKind.SIMILAR: self.tr("Other shots of the same; nothing is suggested for them"),
        }
        button.setToolTip(tips[kind])
        button.clicked.connect(lambda: self.kind_chosen.emit(kind))
        return button


class OrderBox(QComboBox):
    """What comes first in the list."""

    order_chosen = Signal(object)
    """A :class:`GroupOrder`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Order of the groups"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        names = {
            GroupOrder.BYTES: self.tr("Most bytes first"),
            GroupOrder.MEMBERS: self.tr("Most photos first"),
            GroupOrder.NEWEST: self.tr("Newest first"),
        }
        for order in GroupOrder:
            self.addItem(names[order])
        self.activated.connect(lambda row: self.order_chosen.emit(list(GroupOrder)[row]))

    def set_order(self, order: GroupOrder) -> None:
        """Show which order holds; tells nobody."""
        self.setCurrentIndex(list(GroupOrder).index(order))


class GroupList(QWidget):
    """Kinds, order and the rows; says which tiles it wants as long as it is seen.

    The tile source should be a view of its own of the window's thumbnails.
    """

    group_changed = Signal(int)
    """Another group is current, -1 for none."""

    def __init__(self, model: GroupModel, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._source = source
        self.tabs = KindTabs(self)
        self.order = OrderBox(self)
        self.view = RowView(ROW, Qt.Orientation.Vertical, self)
        self.view.setAccessibleName(self.tr("Groups of duplicates"))
        self.view.setItemDelegate(GroupDelegate(model, source, self.view))
        self.view.setModel(model)
        self.setFocusProxy(self.view)
        self.view.row_changed.connect(lambda row: self.group_changed.emit(model.group(row)))
        self.view.visible_changed.connect(self._want)
        source.tiles_changed.connect(self._on_tiles_changed)
        source.set_tile_pixels(round(_COVER * 1.5 * self.devicePixelRatioF()))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.tabs)
        column.addWidget(self.order)
        column.addWidget(self.view, 1)

    def _want(self, first: int, last: int) -> None:
        if self.isVisible():
            ahead = last - first
            self._source.want(self.model.covers(first, last) + self.model.covers(last, last + ahead))

    def _on_tiles_changed(self, _photo_ids: Sequence[int]) -> None:
        self.view.viewport().update()

    def showEvent(self, event: object) -> None:
        """Want what is seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._want(*self.view.visible())

    def hideEvent(self, event: QHideEvent) -> None:
        """Want nothing any more."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._source.want([])
