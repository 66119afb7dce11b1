"""What stays where it is: photos, while sizes and rows change."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.place import PhotoSet
from photofind.gui.grid.view import PhotoGridView
from tests.gui.grid.conftest import MakeGrid
from tests.gui.grid.support import PictureSource

NONE = Qt.KeyboardModifier.NoModifier


def model_of(view: PhotoGridView) -> PhotoGridModel:
    model = view.model()
    assert isinstance(model, PhotoGridModel)
    return model


def source_of(view: PhotoGridView) -> PictureSource:
    assert isinstance(view.source, PictureSource)
    return view.source


def turn_wheel(view: PhotoGridView, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    place, button = QPointF(at), Qt.MouseButton.NoButton
    turned = QWheelEvent(
        place, place, QPoint(), QPoint(0, 120 * notches), button, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(view.viewport(), turned)


def top_of(view: PhotoGridView, photo_id: int) -> int:
    return view.card(model_of(view).row_of(photo_id)).top()


def test_ctrl_and_wheel_keep_the_photo_below_the_mouse(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1500)
    at = QPoint(view.card(1507).center())
    share = (at.y() - view.card(1507).top()) / view.card(1507).height()
    sizes: list[int] = []
    view.tile_size_changed.connect(sizes.append)
    for notches in (1, 1, 1, 5, -4, -9, -9, 3):
        turn_wheel(view, at, notches, Qt.KeyboardModifier.ControlModifier)
        card = view.card(1507)
        assert abs(card.top() + share * card.height() - at.y()) <= 5
    assert len(set(sizes)) > 4
    assert all(80 <= size <= 400 for size in sizes)
    qtbot.waitUntil(lambda: source_of(view).pixels == round(view.tile_size * view.devicePixelRatioF()), timeout=10_000)


def test_the_wheel_scrolls(make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    turn_wheel(view, QPoint(50, 50), -1)
    assert view.verticalOffset() > 0
    assert view.tile_size == 100


def test_tile_sizes_have_bounds(make_grid: MakeGrid) -> None:
    view = make_grid(10)
    view.set_tile_size(7)
    assert view.tile_size == 80
    view.set_tile_size(9999)
    assert view.tile_size == 400
    view.resize(20, 20)  # narrower than any tile
    view.grab()
    assert view.cells.columns == 1


def test_the_first_photo_stays_while_the_window_is_dragged_wider_and_back(make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1503)
    before = view.size(), view.verticalOffset()
    for width in range(view.width(), 1600, 61):
        view.resize(width, view.height())
        first, _ = view.visible_rows()
        assert first <= 1500 < first + view.cells.columns
    view.resize(before[0])
    assert view.verticalOffset() == before[1]


def test_names_below_the_pictures_keep_the_place(make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1500)
    height = view.cells.slot_height
    view.show_names = True
    assert view.show_names
    assert view.cells.slot_height > height
    assert view.visible_rows()[0] == 1500


def test_a_state_brings_back_place_and_selection(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1500)
    view.verticalScrollBar().setValue(view.verticalOffset() + 17)
    view.select_ids([1601, 1604, 1605, 105])
    view.set_current_id(1601)
    view.select_ids([1601, 1604, 1605, 105])
    view.scroll_to_row(1500)
    view.verticalScrollBar().setValue(view.verticalOffset() + 17)
    state, offset = view.view_state(), view.verticalOffset()
    model_of(view).set_rows(np.arange(40), scores=np.linspace(1, 0, 40, dtype=np.float32))
    with qtbot.waitSignal(view.selection_changed, timeout=10_000):
        pass  # comes when the event loop runs
    assert view.verticalOffset() == 0
    assert view.current_id() is None
    model_of(view).set_rows(np.arange(100, 3100))
    view.restore_view_state(state)
    assert view.verticalOffset() == offset
    assert view.selected_ids().tolist() == [105, 1601, 1604, 1605]
    assert view.current_id() == 1601


def test_a_growing_library_does_not_move_what_is_seen(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1500)
    view.select_ids([1610, 1611])
    qtbot.wait(1)
    changes: list[int] = []
    view.selection_changed.connect(lambda: changes.append(1))
    top = top_of(view, 1600)
    for extra in (10, 20, 30):
        state = view.view_state()
        model_of(view).set_rows(np.concatenate([np.arange(5000, 5000 + extra), np.arange(100, 3100)]))
        view.restore_view_state(state)
        assert top_of(view, 1600) == top
        assert view.selected_ids().tolist() == [1610, 1611]
    with qtbot.waitSignal(view.selection_changed, timeout=10_000):
        view.select_ids([1610])
    assert changes == [1]  # the exchanges were not told as changes


def test_the_beginning_stays_the_beginning(make_grid: MakeGrid) -> None:
    view = make_grid(300)
    state = view.view_state()
    model_of(view).set_rows(np.concatenate([np.arange(5000, 5050), np.arange(100, 400)]))
    view.restore_view_state(state)
    assert view.visible_rows()[0] == 0


def test_a_state_keeps_no_rows_that_it_does_not_name(make_grid: MakeGrid) -> None:
    """A window goes back to hundreds of places, and each run of the indexer brings other rows."""
    view = make_grid(3000)
    view.select_ids(np.arange(100, 1100))
    for row in (0, 1500):
        view.scroll_to_row(row)
        state = view.view_state()
        assert state.seen.base is None
        assert state.seen.nbytes < 3000
        for kept in (state.selected.bits, state.selected.few):
            assert (kept if kept.base is None else kept.base).nbytes < 3000


def test_the_next_photo_takes_the_place_of_one_that_is_gone(make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    view.scroll_to_row(1500)
    top = top_of(view, 1607)
    state = view.view_state()
    ids = np.arange(100, 3100)
    model_of(view).set_rows(ids[(ids < 1600) | (ids > 1604)])
    view.restore_view_state(state)
    assert top_of(view, 1605) <= top
    assert view.visible_rows()[0] <= model_of(view).row_of(1605) < view.visible_rows()[0] + 5
    model_of(view).set_rows(np.arange(7))
    view.restore_view_state(state)
    assert view.visible_rows() == (0, 6)
    assert len(view.selected_ids()) == 0


def test_a_selection_in_too_many_parts_is_none(make_grid: MakeGrid) -> None:
    view = make_grid(30_000)
    view.select_ids(np.arange(100, 30_100, 2))
    assert len(view.selected_ids()) == 0
    view.select_ids(np.arange(100, 20_000))
    assert len(view.selected_ids()) == 19_900


def test_tiles_are_wanted_where_the_user_is(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(3000)
    with qtbot.waitSignal(view.visible_rows_changed, timeout=10_000) as changed:
        view.scroll_to_row(1500)
    first, last = view.visible_rows()
    assert changed.args == [first, last]
    wanted = source_of(view).wanted
    count = last - first + 1
    assert wanted[:count] == list(range(100 + first, 100 + last + 1))
    assert wanted[count : count + 15] == list(range(100 + last + 1, 100 + last + 16))
    assert wanted[count + 15 :] == list(range(100 + first - 15, 100 + first))
    view.hide()
    assert source_of(view).wanted == []


@pytest.mark.parametrize("ids", [[], [7], [5, 3, 4], [1, 1_000_000, 12], list(range(1000, 90_000)), [0, 63], [64, 0]])
def test_a_set_of_photos_is_kept_as_it_is_in_little_memory(ids: list[int]) -> None:
    kept = PhotoSet.of(np.array(ids, np.int64))
    assert sorted(kept.ids().tolist()) == sorted(ids)
    assert kept.bits.nbytes + kept.few.nbytes <= max(8 * min(len(ids), 3), (max(ids, default=0) + 8) // 8)
