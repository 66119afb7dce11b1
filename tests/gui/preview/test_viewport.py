"""Fitting, zooming, panning and turning, as arithmetic."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

from photofind.gui.preview.viewport import LARGEST_ZOOM, Viewport

PICTURE = QSize(4000, 3000)
VIEW = QSizeF(800, 600)


def viewport(*, ratio: float = 1.0, turns: int = 0, picture: QSize = PICTURE, view: QSizeF = VIEW) -> Viewport:
    made = Viewport()
    made.set_picture(picture)
    made.set_view(view, ratio)
    made.reset()
    made.turn(turns)
    return made


def test_a_picture_fits_in() -> None:
    made = viewport()
    assert made.zoom == pytest.approx(0.2)
    assert made.shown_rect() == QRectF(0, 0, 800, 600)
    assert not made.can_pan()


def test_a_turned_picture_fits_in() -> None:
    made = viewport(turns=1)
    assert made.zoom == pytest.approx(600 / 4000)
    assert made.shown_rect() == QRectF(175, 0, 450, 600)


def test_a_small_picture_is_not_enlarged_and_lies_in_the_middle() -> None:
    made = viewport(picture=QSize(100, 50))
    assert made.shown_rect() == QRectF(350, 275, 100, 50)


def test_on_a_dense_screen_a_small_picture_keeps_its_size_in_view_pixels() -> None:
    assert viewport(picture=QSize(100, 50), ratio=2.0).shown_rect() == QRectF(350, 275, 100, 50)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_zooming_keeps_the_point_under_the_pointer(turns: int, ratio: float) -> None:
    made = viewport(turns=turns, ratio=ratio)
    pointer = QPointF(350, 250)
    before = made.to_picture(pointer)
    made.step(8.0, pointer)
    for steps in (0.1, 1.0, 2.5, -3.0, -0.3, 4.0):
        made.step(steps, pointer)
        after = made.to_picture(pointer)
        assert after.x() == pytest.approx(before.x(), abs=1e-6)
        assert after.y() == pytest.approx(before.y(), abs=1e-6)


def test_each_pixel_is_one_of_the_screen_at_full_zoom() -> None:
    made = viewport(ratio=2.0)
    made.zoom_to(1.0)
    assert made.shown_rect().width() == pytest.approx(2000)
    corner = made.shown_rect().topLeft() * 2.0
    assert corner == QPointF(round(corner.x()), round(corner.y()))


def test_whole_steps_stop_at_full_zoom() -> None:
    made = viewport()
    seen = []
    for _ in range(10):
        made.step(1)
        seen.append(made.zoom)
    assert 1.0 in seen


def test_zooming_out_ends_where_the_picture_fits() -> None:
    made = viewport()
    made.zoom_to(1.0)
    assert not made.fits
    made.step(-30)
    assert made.fits
    assert made.shown_rect() == QRectF(0, 0, 800, 600)


def test_zooming_in_has_an_end() -> None:
    made = viewport()
    made.step(100)
    assert made.zoom == LARGEST_ZOOM


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_panning_goes_to_the_edges_and_no_further(turns: int) -> None:
    made = viewport(turns=turns)
    made.zoom_to(1.0)
    made.pan(QPointF(10, -20))
    middle = made.shown_rect()
    made.pan(QPointF(5, 5))
    assert made.shown_rect() == middle.translated(5, 5)
    made.pan(QPointF(1e6, 1e6))
    assert made.shown_rect().topLeft() == QPointF(0, 0)
    made.pan(QPointF(-1e6, -1e6))
    assert made.shown_rect().bottomRight() == QPointF(800, 600)


def test_another_decoding_of_the_photo_keeps_what_is_seen() -> None:
    made = viewport(picture=QSize(400, 300))
    made.zoom_to(8.0)
    made.pan(QPointF(-300, 100))
    seen = made.shown_rect()
    made.set_picture(PICTURE)
    assert made.zoom == pytest.approx(0.8)
    assert made.shown_rect().center().x() == pytest.approx(seen.center().x(), abs=1)
    assert made.shown_rect().width() == pytest.approx(seen.width(), abs=1)


def test_a_larger_view_does_not_leave_a_gap() -> None:
    made = viewport()
    made.zoom_to(0.3)
    made.set_view(QSizeF(2000, 1500), 1.0)
    assert made.fits
    assert made.shown_rect() == QRectF(0, 0, 2000, 1500)


@pytest.mark.parametrize(("turns", "expected"), [(0, QRectF(0, 0, 1, 1)), (1, QRectF(0, 0, 1, 1))])
def test_the_whole_view_covers_the_whole_fitting_picture(turns: int, expected: QRectF) -> None:
    part = viewport(turns=turns).seen_rect()
    assert part.x() / 4000 == pytest.approx(expected.x(), abs=1e-6)
    assert part.width() / 4000 == pytest.approx(expected.width(), abs=1e-6)
    assert part.height() / 3000 == pytest.approx(expected.height(), abs=1e-6)


def test_a_part_of_the_turned_view_is_a_part_of_the_upright_picture() -> None:
    part = viewport(turns=1).part_of_picture(QRectF(175, 0, 225, 300))  # upper left as it is seen
    assert part == QRectF(0, 1500, 2000, 1500)  # which was lower left before the turn to the right


def test_what_lies_beside_the_picture_is_no_part_of_it() -> None:
    assert viewport(picture=QSize(100, 50)).part_of_picture(QRectF(0, 0, 50, 50)).isEmpty()
