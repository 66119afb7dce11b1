"""Cells, keys and runs: arithmetic against counting it out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt

from photofind.gui.grid.keyboard import target_row
from photofind.gui.grid.layout import GAP, MIN_WIDTH, CellLayout, Runs
from photofind.gui.grid.selection import ids_in, joined, runs_of_rows

CELLS = st.builds(
    CellLayout,
    count=st.integers(0, 300),
    width=st.integers(MIN_WIDTH, 2500),
    tile=st.integers(80, 400),
    label=st.sampled_from([0, 20]),
)
ROWS = st.sets(st.integers(0, 60)).map(sorted)


def rows_of(runs: Runs) -> list[int]:
    return [row for first, last in runs.tolist() for row in range(first, last + 1)]


@settings(deadline=None, max_examples=60)
@given(cells=CELLS)
def test_cards_fill_the_width_and_are_found_again(cells: CellLayout) -> None:
    for row in range(cells.count):
        card = cells.card(row)
        assert cells.row_at(card.left(), card.top()) == row
        assert cells.row_at(card.right(), card.bottom()) == row
        assert cells.row_at(card.left() - 1, card.top()) == -1
        assert cells.row_at(card.left(), card.bottom() + 1) == -1
        assert card.bottom() < cells.height
        if cells.columns > 1:
            assert card.width() >= cells.tile
            assert card.contains(cells.box(card))
    if cells.count >= cells.columns:
        assert cells.card(0).left() == GAP // 2
        assert cells.card(cells.columns - 1).right() == cells.width - 1 - GAP // 2


@settings(deadline=None, max_examples=100)
@example(cells=CellLayout(count=11, width=60, tile=87, label=0), area=(0, 1108, 3, 0))
@given(cells=CELLS, area=st.tuples(*[st.integers(-50, 2600)] * 4))
def test_a_band_reaches_the_cards_that_it_meets(cells: CellLayout, area: tuple[int, int, int, int]) -> None:
    left, top, width, height = area
    band = QRect(left, top, abs(width) + 1, abs(height) + 1)
    met = [row for row in range(cells.count) if cells.card(row).intersects(band)]
    assert rows_of(cells.runs_in(band)) == met


@settings(deadline=None, max_examples=60)
@given(cells=CELLS, top=st.integers(0, 5000), height=st.integers(1, 2000))
def test_the_rows_between_two_heights(cells: CellLayout, top: int, height: int) -> None:
    first, last = cells.rows_between(top, top + height)
    seen = {row for row in range(cells.count) if cells.card(row).intersects(QRect(0, top, cells.width, height))}
    assert seen <= set(range(first, last + 1))


def test_a_million_photos_stay_within_what_qt_can_scroll() -> None:
    cells = CellLayout(1_000_000, 500, 400, 20)
    assert cells.row_at(cells.card(999_999).center().x(), cells.card(999_999).center().y()) == 999_999
    assert cells.height < 2**31


@pytest.mark.parametrize(
    ("key", "row", "target"),
    [
        (Qt.Key.Key_Right, 0, 1),
        (Qt.Key.Key_Right, 17, 17),
        (Qt.Key.Key_Left, 0, 0),
        (Qt.Key.Key_Left, 5, 4),
        (Qt.Key.Key_Down, 1, 6),
        (Qt.Key.Key_Down, 14, 17),
        (Qt.Key.Key_Down, 16, 16),
        (Qt.Key.Key_Up, 3, 3),
        (Qt.Key.Key_Up, 17, 12),
        (Qt.Key.Key_PageDown, 1, 11),
        (Qt.Key.Key_PageDown, 11, 16),
        (Qt.Key.Key_PageUp, 16, 6),
        (Qt.Key.Key_PageUp, 6, 1),
        (Qt.Key.Key_Home, 9, 0),
        (Qt.Key.Key_End, 9, 17),
        (Qt.Key.Key_X, 9, None),
    ],
)
def test_where_keys_lead(key: Qt.Key, row: int, target: int | None) -> None:
    cells = CellLayout(18, 5 * 106, 80)  # five columns, the last line has three
    assert cells.columns == 5
    assert target_row(key, row, cells, 2) == target


@given(rows=ROWS)
def test_runs_are_rows(rows: list[int]) -> None:
    runs = runs_of_rows(np.array(rows, np.int64))
    assert rows_of(runs) == rows
    assert (runs[1:, 0] > runs[:-1, 1] + 1).all()
    ids = np.arange(100, 200, dtype=np.int64)
    assert ids_in(ids, runs).tolist() == [100 + row for row in rows]


@given(left=ROWS, right=ROWS)
def test_runs_are_joined(left: list[int], right: list[int]) -> None:
    both = joined(runs_of_rows(np.array(left, np.int64)), runs_of_rows(np.array(right, np.int64)))
    assert rows_of(both) == sorted({*left, *right})
