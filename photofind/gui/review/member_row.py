# ruff: noqa: N802 - overrides keep Qt's names
"""The members of the current group side by side, as cards; only those that are seen cost anything."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from photofind.gui.grid.source import TileSource
from photofind.gui.review import member_card
from photofind.gui.review.member_model import MemberModel
from photofind.gui.review.row_view import RowView


class MemberRow(RowView):
    """Cards; says which tiles it wants as long as it is seen."""

    mark_clicked = Signal(int, int)
    """A mark of a member was clicked: the row, and the mark."""

    def __init__(self, model: MemberModel, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(member_card.WIDTH, Qt.Orientation.Horizontal, parent)
        self._members = model
        self._source = source
        self.setAccessibleName(self.tr("Photos of the group"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setItemDelegate(member_card.CardDelegate(source, self))
        self.setModel(model)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.row_clicked.connect(self._on_row_clicked)
        self.visible_changed.connect(self._want)
        source.tiles_changed.connect(self._on_tiles_changed)
        source.set_tile_pixels(round(member_card.PICTURE * self.devicePixelRatioF()))
        self._fit_height()

    def _fit_height(self) -> None:
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(member_card.card_height(self.font()) + bar)

    def _on_row_clicked(self, row: int, point: QPoint) -> None:
        mark = member_card.mark_at(point, self.row_rect(row).size(), self.font())
        if mark is not None:
            self.mark_clicked.emit(row, mark)

    def _want(self, first: int, last: int) -> None:
        if self.isVisible():
            members = [self._members.member(row) for row in range(first, last + (last - first))]
            self._source.want([int(member.photo_id) for member in members if member is not None])

    def _on_tiles_changed(self, _photo_ids: Sequence[int]) -> None:
        self.viewport().update()

    def showEvent(self, event: object) -> None:
        """Want what is seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._want(*self.visible())

    def hideEvent(self, event: QHideEvent) -> None:
        """Want nothing any more."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._source.want([])

    def sizeHint(self) -> QSize:
        """Return room for two cards."""
        return QSize(2 * member_card.WIDTH, member_card.card_height(self.font()))
