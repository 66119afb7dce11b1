"""Everything that keys and the mouse do to the grid."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QItemSelection, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui.grid.dragging import dragged_ids
from photofind.gui.grid.model import PhotoGridModel
from photofind.gui.grid.view import PhotoGridView
from tests.gui.grid.conftest import MakeGrid
from tests.gui.grid.support import PictureSource

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def selected(view: PhotoGridView) -> list[int]:
    rows: list[int] = (view.selected_ids() - 100).tolist()
    return rows


def centre(view: PhotoGridView, row: int) -> QPoint:
    return view.card(row).center()


def margin(view: PhotoGridView, row: int) -> QPoint:
    """A point on the card of a row, beside its picture."""
    return view.card(row).topLeft() + QPoint(2, 2)


def source_of(view: PhotoGridView) -> PictureSource:
    assert isinstance(view.source, PictureSource)
    return view.source


def rows_of(view: PhotoGridView) -> PhotoGridModel:
    model = view.model()
    assert isinstance(model, PhotoGridModel)
    return model


def drag(view: PhotoGridView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press, and move in two steps; the button stays down."""
    QTest.mousePress(view.viewport(), LEFT, modifiers, start)
    for point in ((start + end) / 2, end):
        QTest.mouseMove(view.viewport(), point)


# Keys


def test_arrows_move_and_select(make_grid: MakeGrid) -> None:
    view = make_grid(100)
    view.set_current_id(107)
    for key, row in (("Right", 8), ("Down", 13), ("Left", 12), ("Up", 7), ("End", 99), ("Home", 0)):
        QTest.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert selected(view) == [row]
        assert view.current_id() == 100 + row
        first, last = view.visible_rows()
        assert first <= row <= last
    page = view.cells.lines_in(view.viewport().height()) * 5
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert selected(view) == [page]
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert selected(view) == [0]


def test_the_first_key_selects_what_is_seen(make_grid: MakeGrid) -> None:
    view = make_grid(1000)
    view.scroll_to_row(500)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert selected(view) == [500]


def test_shift_extends_and_ctrl_moves_alone(make_grid: MakeGrid) -> None:
    view = make_grid(100)
    view.set_current_id(107)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert selected(view) == list(range(7, 14))
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert selected(view) == list(range(7, 13))
    QTest.keyClick(view, Qt.Key.Key_End, CTRL)
    assert selected(view) == list(range(7, 13))
    assert view.current_id() == 199
    QTest.keyClick(view, Qt.Key.Key_Space, CTRL)
    QTest.keyClick(view, Qt.Key.Key_Left, CTRL | SHIFT)
    assert selected(view) == [*range(7, 13), 98, 99]
    QTest.keyClick(view, Qt.Key.Key_Home, SHIFT)
    assert selected(view) == list(range(100))


def test_all_and_none(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(100)
    with qtbot.waitSignal(view.selection_changed, timeout=10_000):
        QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert len(view.selected_ids()) == 100
    with qtbot.waitSignal(view.selection_changed, timeout=10_000):
        QTest.keyClick(view, Qt.Key.Key_Escape)
    assert selected(view) == []


def test_space_previews_and_enter_opens(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(10)
    view.set_current_id(103)
    with qtbot.waitSignal(view.preview_requested, timeout=10_000) as previewed:
        QTest.keyClick(view, Qt.Key.Key_Space)
    assert previewed.args == [103]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(view.photo_opened, timeout=10_000) as opened:
            QTest.keyClick(view, key)
        assert opened.args == [103]


@pytest.mark.parametrize("key", [Qt.Key.Key_H, Qt.Key.Key_Slash, Qt.Key.Key_Escape, Qt.Key.Key_F5, ord("Ф")])
def test_other_keys_are_for_the_window(make_grid: MakeGrid, key: int) -> None:
    view = make_grid(10)
    pressed = QKeyEvent(QEvent.Type.KeyPress, key, NONE, "h" if key == Qt.Key.Key_H else "")
    QApplication.sendEvent(view, pressed)
    assert not pressed.isAccepted()
    assert view.current_id() is None


def test_keys_on_an_empty_grid(make_grid: MakeGrid) -> None:
    view = make_grid(5)
    rows_of(view).set_rows(np.empty(0, np.int64))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert view.visible_rows() == (0, -1)
    assert selected(view) == []
    view.grab()


# Clicks


def test_a_click_selects_at_once_and_is_told_at_the_release(make_grid: MakeGrid) -> None:
    view = make_grid(50)
    clicked: list[int] = []
    view.photo_clicked.connect(clicked.append)
    QTest.mousePress(view.viewport(), LEFT, NONE, centre(view, 7))
    assert selected(view) == [7]
    assert clicked == []
    QTest.mouseRelease(view.viewport(), LEFT, NONE, centre(view, 7))
    assert clicked == [107]


def test_modifiers_select_and_do_not_click(make_grid: MakeGrid) -> None:
    view = make_grid(50)
    clicked: list[int] = []
    QTest.mouseClick(view.viewport(), LEFT, NONE, centre(view, 2))
    view.photo_clicked.connect(clicked.append)
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, centre(view, 6))
    assert selected(view) == [2, 3, 4, 5, 6]
    QTest.mouseClick(view.viewport(), LEFT, CTRL, centre(view, 4))
    QTest.mouseClick(view.viewport(), LEFT, CTRL, centre(view, 9))
    assert selected(view) == [2, 3, 5, 6, 9]
    QTest.mouseClick(view.viewport(), LEFT, CTRL | SHIFT, centre(view, 11))
    assert selected(view) == [2, 3, 5, 6, 9, 10, 11]
    assert clicked == []
    QTest.mouseClick(view.viewport(), LEFT, NONE, centre(view, 5))
    assert selected(view) == [5]
    assert clicked == [105]


def test_a_click_between_photos_selects_none(make_grid: MakeGrid) -> None:
    view = make_grid(7)
    view.select_ids([101, 102])
    beyond = view.card(6).bottomRight() + QPoint(40, -10)
    QTest.mouseClick(view.viewport(), LEFT, CTRL, beyond)
    assert selected(view) == [1, 2]
    QTest.mouseClick(view.viewport(), LEFT, NONE, beyond)
    assert selected(view) == []


def test_the_middle_button_does_nothing(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(50)
    view.select_ids([101])
    with qtbot.assertNotEmitted(view.photo_clicked):
        QTest.mouseClick(view.viewport(), MIDDLE, NONE, centre(view, 7))
    assert selected(view) == [1]


def test_a_double_click_opens(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(50)
    clicked: list[int] = []
    view.photo_clicked.connect(clicked.append)
    with qtbot.waitSignal(view.photo_opened, timeout=10_000) as opened:
        QTest.mouseClick(view.viewport(), LEFT, NONE, centre(view, 7))
        QTest.mouseDClick(view.viewport(), LEFT, NONE, centre(view, 7))
    assert opened.args == [107]
    assert clicked == [107]


def test_a_double_click_on_what_the_first_click_brought_does_not_open(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(50)
    clicked: list[int] = []
    view.photo_clicked.connect(clicked.append)
    view.photo_clicked.connect(lambda _id: rows_of(view).set_rows(np.arange(500, 550)))
    with qtbot.assertNotEmitted(view.photo_opened):
        QTest.mouseClick(view.viewport(), LEFT, NONE, centre(view, 7))
        QTest.mouseDClick(view.viewport(), LEFT, NONE, centre(view, 7))
    assert clicked == [107]


def test_menus(make_grid: MakeGrid) -> None:
    view = make_grid(7)
    view.select_ids([101, 102])
    asked: list[tuple[object, object]] = []
    view.menu_requested.connect(lambda at, photo: asked.append((at, photo)))
    for row, left in ((2, [1, 2]), (4, [4])):
        at = centre(view, row)
        QTest.mousePress(view.viewport(), RIGHT, NONE, at)
        where = view.viewport().mapToGlobal(at)
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where))
        assert asked[-1] == (where, 100 + row)
        assert selected(view) == left
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    )
    assert asked[-1] == (view.viewport().mapToGlobal(centre(view, 4)), 104)
    beyond = view.card(6).bottomRight() + QPoint(40, -10)
    QTest.mousePress(view.viewport(), RIGHT, NONE, beyond)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, beyond, beyond))
    assert list(asked[-1]) == [beyond, None]
    assert selected(view) == []


# Rubber bands


def test_a_band_from_a_margin_selects_what_it_meets(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(100)
    view.select_ids([103])
    drag(view, margin(view, 0), centre(view, 6))
    assert selected(view) == [0, 1, 5, 6]
    QTest.mouseMove(view.viewport(), centre(view, 12))
    assert selected(view) == [0, 1, 2, 5, 6, 7, 10, 11, 12]
    QTest.mouseMove(view.viewport(), centre(view, 1))
    assert selected(view) == [0, 1]
    with qtbot.assertNotEmitted(view.photo_clicked):
        QTest.mouseRelease(view.viewport(), LEFT, NONE, centre(view, 1))
    assert selected(view) == [0, 1]


def test_a_band_with_ctrl_adds_and_escape_takes_it_back(make_grid: MakeGrid) -> None:
    view = make_grid(100)
    view.select_ids([104, 106])
    drag(view, margin(view, 10), centre(view, 11), CTRL)
    assert selected(view) == [4, 6, 10, 11]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert selected(view) == [4, 6]
    QTest.mouseRelease(view.viewport(), LEFT, CTRL, centre(view, 11))
    assert selected(view) == [4, 6]


def test_a_band_scrolls_the_grid(qtbot: QtBot, make_grid: MakeGrid) -> None:
    view = make_grid(2000)
    drag(view, margin(view, 0), QPoint(200, view.viewport().height() + 200))
    qtbot.waitUntil(lambda: len(view.selected_ids()) >= 60, timeout=20_000)
    QTest.mouseRelease(view.viewport(), LEFT, NONE, QPoint(200, view.viewport().height()))
    rows = selected(view)
    assert rows == [row for row in range(rows[-1] + 1) if row % 5 < 2]
    assert view.verticalOffset() > 0


def test_new_rows_end_a_band(make_grid: MakeGrid) -> None:
    view = make_grid(100)
    drag(view, margin(view, 0), centre(view, 6))
    rows_of(view).set_rows(np.arange(3))
    QTest.mouseMove(view.viewport(), QPoint(300, 300))
    QTest.mouseRelease(view.viewport(), LEFT, NONE, QPoint(300, 300))
    assert selected(view) == []


# Dragging out


def dragged(view: PhotoGridView) -> list[tuple[list[str], list[int]]]:
    seen: list[tuple[list[str], list[int]]] = []

    def note(made: QDrag) -> None:
        mime = made.mimeData()
        seen.append(([url.toLocalFile() for url in mime.urls()], dragged_ids(mime)))
        assert not made.pixmap().isNull()
        made.deleteLater()

    view.run_drag = note
    return seen


def test_the_selection_is_dragged_as_files(
    qtbot: QtBot, make_grid: MakeGrid, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("photos")
    view = make_grid(50)
    for row in (1, 2, 8):
        (folder / f"{row}.jpg").write_bytes(b"photo")
        source_of(view).paths[100 + row] = str(folder / f"{row}.jpg")
    drags = dragged(view)
    view.select_ids([101, 102, 103])  # the file of the last one does not exist
    drag(view, margin(view, 2), centre(view, 9))
    assert drags == [([str(folder / "1.jpg"), str(folder / "2.jpg")], [101, 102, 103])]
    assert selected(view) == [1, 2, 3]
    with qtbot.assertNotEmitted(view.photo_clicked):
        QTest.mouseRelease(view.viewport(), LEFT, NONE, centre(view, 9))
    drag(view, centre(view, 8), centre(view, 9))
    QTest.mouseRelease(view.viewport(), LEFT, NONE, centre(view, 9))
    assert drags[1:] == [([str(folder / "8.jpg")], [108])]
    assert selected(view) == [8]


def test_photos_without_files_are_not_dragged(make_grid: MakeGrid) -> None:
    view = make_grid(50)
    drags = dragged(view)
    drag(view, centre(view, 8), centre(view, 9))
    QTest.mouseRelease(view.viewport(), LEFT, NONE, centre(view, 9))
    assert drags == []


def test_assistive_technology_sees_the_selection(make_grid: MakeGrid) -> None:
    view = make_grid(50)
    assert view.accessibleName() == "Photos"
    view.select_ids([101, 102, 107])
    assert {index.row() for index in view.selectionModel().selectedIndexes()} == {1, 2, 7}
    model = view.model()
    view.selectionModel().select(
        QItemSelection(model.index(4, 0), model.index(5, 0)), view.selectionModel().SelectionFlag.ClearAndSelect
    )
    assert selected(view) == [4, 5]
