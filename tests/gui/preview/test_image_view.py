"""The picture with the pointer and the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.gui.preview.image_view import ImageView
from photofind.gui.preview.picture import picture_of
from tests.gui.preview.conftest import quarters, wheel

LEFT = Qt.MouseButton.LeftButton
Fractions = tuple[float, float, float, float]


@pytest.fixture
def view(qtbot: QtBot) -> ImageView:
    """A view of 800 x 600 with a photo of 4000 x 3000 that was decoded at a quarter."""
    made = ImageView()
    qtbot.addWidget(made)
    made.resize(800, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.set_picture(picture_of(quarters(1000, 750), QSize(4000, 3000), complete=False))
    return made


def shot(view: ImageView) -> QImage:
    return view.grab().toImage()


def colour(view: ImageView, x: int, y: int) -> str:
    found = shot(view).pixelColor(x, y)
    names = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}
    near = [name for name, value in names.items() if QColor(*value).rgb() == found.rgb()]
    return near[0] if near else found.name()


def regions(view: ImageView) -> list[Fractions]:
    found: list[Fractions] = []
    view.region_drawn.connect(lambda *sides: found.append(sides))
    return found


def drag(view: ImageView, start: QPoint, end: QPoint, *, release: bool = True) -> None:
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    if release:
        QTest.mouseRelease(view, LEFT, pos=end)


def test_the_whole_picture_is_drawn(view: ImageView) -> None:
    found = [colour(view, x, y) for x, y in ((5, 5), (795, 5), (5, 595), (795, 595))]
    assert found == ["red", "green", "blue", "white"]


def test_a_turned_picture_is_drawn(view: ImageView) -> None:
    view.turn(1)
    assert [colour(view, x, y) for x, y in ((180, 5), (620, 5), (180, 595), (620, 595))] == [
        "blue",
        "red",
        "white",
        "green",
    ]
    assert shot(view).pixelColor(100, 300) == view.palette().color(QPalette.ColorRole.Window)


def test_the_wheel_zooms_around_the_pointer(view: ImageView) -> None:
    pointer = QPointF(600, 150)
    before = view.viewport.to_picture(pointer)
    zooms: list[float] = []
    view.zoom_changed.connect(zooms.append)
    for _ in range(6):
        wheel(view, pointer, 1)
    after = view.viewport.to_picture(pointer)
    assert zooms == sorted(zooms)
    assert zooms[-1] > 0.7
    assert after.x() == pytest.approx(before.x(), abs=3)
    assert after.y() == pytest.approx(before.y(), abs=3)
    assert colour(view, 600, 150) == "green"


def test_a_touchpad_zooms_by_parts_of_a_notch(view: ImageView) -> None:
    wheel(view, QPointF(400, 300), 0.1)
    assert 0.2 < view.viewport.zoom < 0.21


def test_a_double_click_shows_the_pixels_there_and_another_one_fits(view: ImageView) -> None:
    QTest.mouseDClick(view, LEFT, pos=QPoint(200, 150))
    assert view.viewport.zoom == 1.0
    assert view.viewport.to_picture(QPointF(200, 150)).x() == pytest.approx(1000, abs=2)
    QTest.mouseDClick(view, LEFT, pos=QPoint(200, 150))
    assert view.viewport.fits


def test_dragging_moves_the_picture(view: ImageView) -> None:
    view.show_pixels()
    before = view.viewport.shown_rect()
    drag(view, QPoint(400, 300), QPoint(500, 260))
    assert view.viewport.shown_rect() == before.translated(100, -40)
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_a_fitting_picture_cannot_be_dragged(view: ImageView) -> None:
    before = view.viewport.shown_rect()
    drag(view, QPoint(400, 300), QPoint(500, 260))
    assert view.viewport.shown_rect() == before
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_arrows_move_the_picture_once_it_is_zoomed(view: ImageView) -> None:
    view.show_pixels()
    before = view.viewport.shown_rect()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.viewport.shown_rect() == before.translated(-80, -80)


def test_more_pixels_are_asked_for_when_the_zoom_needs_them(view: ImageView) -> None:
    asked: list[bool] = []
    view.sharper_wanted.connect(lambda: asked.append(True))
    view.zoom_in()
    assert view.viewport.zoom == pytest.approx(0.25)
    assert not asked
    view.zoom_in()
    assert asked
    view.set_picture(picture_of(quarters(4000, 3000), QSize(4000, 3000), complete=True))
    asked.clear()
    view.show_pixels()
    view.zoom_in()
    assert not asked
    assert colour(view, 10, 10) == "red"


def test_a_drawn_region_comes_as_fractions(view: ImageView) -> None:
    found = regions(view)
    view.set_region_mode(on=True)
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor
    drag(view, QPoint(600, 450), QPoint(200, 150))
    assert found == [pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.002)]
    assert not view.in_region_mode


def test_a_region_of_a_zoomed_moved_and_turned_view_is_of_the_upright_photo(view: ImageView) -> None:
    found = regions(view)
    view.turn(1)
    view.show_pixels()
    view.viewport.pan(QPointF(-1e6, 1e6))  # the upper right end of what is seen: upper left of the photo
    view.set_region_mode(on=True)
    drag(view, QPoint(500, 0), QPoint(799, 400))
    left, top, right, bottom = found[0]
    assert left == pytest.approx(0.0, abs=0.001)
    assert right == pytest.approx(400 / 4000, abs=0.001)
    assert top == pytest.approx(1 / 3000, abs=0.001)
    assert bottom == pytest.approx(300 / 3000, abs=0.001)


def test_a_region_beyond_the_edge_ends_there(view: ImageView) -> None:
    found = regions(view)
    view.set_region_mode(on=True)
    drag(view, QPoint(400, 300), QPoint(1500, 1500))
    assert found == [pytest.approx((0.5, 0.5, 1.0, 1.0), abs=0.002)]


def test_a_click_draws_no_region(view: ImageView) -> None:
    found = regions(view)
    view.set_region_mode(on=True)
    QTest.mouseClick(view, LEFT, pos=QPoint(300, 300))
    assert found == []
    assert view.in_region_mode


def test_escape_takes_a_region_back(view: ImageView) -> None:
    found = regions(view)
    view.set_region_mode(on=True)
    drag(view, QPoint(200, 150), QPoint(600, 450), release=False)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, pos=QPoint(600, 450))
    assert found == []
    assert not view.in_region_mode


def test_enter_takes_what_is_drawn_or_else_what_is_seen(view: ImageView) -> None:
    found = regions(view)
    view.set_region_mode(on=True)
    drag(view, QPoint(200, 150), QPoint(600, 450), release=False)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.mouseRelease(view, LEFT, pos=QPoint(600, 450))
    view.show_pixels()
    view.set_region_mode(on=True)
    QTest.keyClick(view, Qt.Key.Key_Enter)
    assert found == [
        pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.002),
        pytest.approx((0.4, 0.4, 0.6, 0.6), abs=0.002),
    ]


def test_the_band_shades_what_is_around_it(view: ImageView) -> None:
    view.set_region_mode(on=True)
    drag(view, QPoint(20, 20), QPoint(300, 200), release=False)
    assert colour(view, 150, 100) == "red"
    assert colour(view, 700, 100) != "green"
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, 200))
    assert colour(view, 700, 100) == "green"


def test_there_is_no_region_without_a_picture(view: ImageView) -> None:
    view.start_photo()
    view.set_region_mode(on=True)
    assert not view.in_region_mode
    assert shot(view).pixelColor(400, 300) == view.palette().color(QPalette.ColorRole.Window)


def test_the_background_follows_the_palette(view: ImageView) -> None:
    view.turn(1)
    shot(view)
    palette = QPalette(view.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor("#123456"))
    view.setPalette(palette)
    assert colour(view, 50, 300) == "#123456"
