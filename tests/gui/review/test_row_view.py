"""The list that only pays for the rows that are seen, upright and lying on its side."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from photofind.gui.review.row_view import RowView

_ROWS = 300_000
_EXTENT = 50


class _Numbers(QAbstractListModel):
    def rowCount(self, _parent: Any = None) -> int:  # noqa: N802 - Qt's name
        return _ROWS

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


class _Painted(QStyledItemDelegate):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int] = []

    def paint(
        self, _painter: QPainter, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.rows.append(index.row())


@pytest.fixture(params=[Qt.Orientation.Vertical, Qt.Orientation.Horizontal])
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> RowView:
    made = RowView(_EXTENT, request.param)
    qtbot.addWidget(made)
    made.painted = _Painted()  # type: ignore[attr-defined]
    made.setItemDelegate(made.painted)  # type: ignore[attr-defined]
    made.setModel(_Numbers(made))
    made.resize(500, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_only_rows_that_are_seen_are_drawn(view: RowView) -> None:
    painted = view.itemDelegate()
    assert isinstance(painted, _Painted)
    painted.rows.clear()
    view.go(_ROWS)
    view.viewport().repaint()
    assert view.row == _ROWS - 1
    assert set(painted.rows) <= set(range(_ROWS - view.page() - 2, _ROWS))
    assert view.visible()[1] == _ROWS


def test_a_row_is_where_it_is_drawn(view: RowView) -> None:
    for row in (0, 4, 200_000, _ROWS - 1):
        view.go(row)
        area = view.row_rect(row)
        assert view.viewport().rect().contains(area)
        assert view.row_at(area.center()) == row
        assert view.indexAt(area.center()).row() == row
    assert view.row_at(QPoint(-5, -5) + view.row_rect(_ROWS - 1).bottomRight() + QPoint(500, 500)) == -1


def test_a_click_makes_a_row_current_and_tells_where_it_was(view: RowView, qtbot: QtBot) -> None:
    point = view.row_rect(3).topLeft() + QPoint(7, 9)
    with qtbot.waitSignal(view.row_clicked, timeout=10_000) as heard:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert view.row == 3
    assert heard.args == [3, QPoint(7, 9)]


def test_one_cannot_go_beyond_the_ends(view: RowView) -> None:
    view.go(-5)
    assert view.row == 0
    view.go(2 * _ROWS)
    assert view.row == _ROWS - 1


def test_what_is_seen_is_told(view: RowView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.visible_changed, timeout=10_000) as heard:
        view.go(100_000)
    first, last = heard.args
    assert first <= 100_000 < last <= first + view.page() + 2
