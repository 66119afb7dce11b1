"""Two pictures side by side: what is done to one is done to the other at the place that belongs to it."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QSize
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.core.duplicates.placements import IDENTITY, compose, place, turn
from photofind.core.evidence import Placement
from photofind.gui.preview.picture import picture_of
from photofind.gui.review.compare.pair_view import PairView
from photofind.gui.review.compare.scene import Scene
from tests.gui.preview.conftest import wheel
from tests.gui.review.compare.conftest import PART_PLACEMENT

WHOLE, PART = QSize(3600, 2400), QSize(1920, 1440)


def opened(qtbot: QtBot, second: QSize, placement: Placement, first: QSize = WHOLE) -> PairView:
    view = PairView()
    qtbot.addWidget(view)
    view.resize(1000, 420)
    with qtbot.waitExposed(view):
        view.show()
    for number, size in enumerate((first, second)):
        view.set_picture(
            number, picture_of(Image.new("RGB", (size.width() // 4, size.height() // 4)), size, complete=True)
        )
    view.set_scene(Scene(first, second, placement))
    return view


def centre(view: PairView, number: int) -> tuple[float, float]:
    """Return what is in the middle of a view, as fractions of its picture."""
    port = view.views[number].place
    return port.centre.x() / port.picture.width(), port.centre.y() / port.picture.height()


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 7])
def test_zooming_at_the_pointer_moves_the_other_to_the_same_thing(qtbot: QtBot, orientation: int) -> None:
    placement = compose(PART_PLACEMENT, turn(orientation))
    second = PART.transposed() if orientation >= 5 else PART
    view = opened(qtbot, second, placement)
    wheel(view.views[0], QPointF(300, 150), 12)
    assert not view.views[0].viewport.fits
    assert place(placement, *centre(view, 1)) == pytest.approx(centre(view, 0), abs=1e-9)
    wheel(view.views[1], QPointF(100, 200), 2)
    assert place(placement, *centre(view, 1)) == pytest.approx(centre(view, 0), abs=1e-9)


def test_both_show_the_scene_at_the_same_scale(qtbot: QtBot) -> None:
    half = QSize(PART.width() // 2, PART.height() // 2)
    view = opened(qtbot, half, PART_PLACEMENT)
    zooms: list[float] = []
    view.zoom_changed.connect(zooms.append)
    view.show_pixels()
    assert view.views[0].viewport.zoom == 1.0
    assert view.views[1].viewport.zoom == pytest.approx(2.0)
    view.views[1].show_pixels(QPointF(20, 20))  # the same, though begun in the other
    assert view.views[0].viewport.zoom == pytest.approx(1.0)
    assert zooms[-1] == pytest.approx(1.0)


def test_a_crop_stays_whole_until_the_original_is_as_large(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)
    fitting = view.views[1].viewport.zoom
    view.step(1)
    assert not view.views[0].viewport.fits
    assert view.views[1].viewport.fits
    assert view.views[1].viewport.zoom == fitting
    for _ in range(6):
        view.step(1)
    assert view.views[1].viewport.zoom == pytest.approx(view.views[0].viewport.zoom)


def test_what_was_cut_off_stays_empty(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)
    view.show_pixels()
    view.pan(QPointF(9000, 9000))  # to the upper left corner, which the crop does not show
    assert centre(view, 0) == pytest.approx((0.0, 0.0))
    assert place(PART_PLACEMENT, *centre(view, 1)) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert view.views[1].viewport.seen_rect().isEmpty()


def test_panning_a_turned_picture_moves_the_other_its_own_way(qtbot: QtBot) -> None:
    view = opened(qtbot, WHOLE.transposed(), turn(6))
    view.show_pixels()
    before = centre(view, 1)
    view.pan(QPointF(-50, 0))
    after = centre(view, 1)
    assert after[0] == pytest.approx(before[0])
    assert after[1] < before[1]


def test_each_for_itself(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)
    view.set_synced(on=False)
    wheel(view.views[0], QPointF(100, 100), 8)
    assert view.views[1].viewport.fits
    assert view.views[1].twin is None
    view.set_synced(on=True)
    assert place(PART_PLACEMENT, *centre(view, 1)) == pytest.approx(centre(view, 0), abs=1e-9)


def test_another_size_of_the_window_changes_nothing_else(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)
    view.step(1)
    zoom = view.views[0].viewport.zoom
    view.resize(1100, 460)
    assert not view.views[0].viewport.fits
    assert view.views[0].viewport.zoom == pytest.approx(zoom)


def test_a_sharper_picture_changes_nothing_else(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)
    view.show_pixels()
    before = [(port.viewport.zoom, centre(view, n)) for n, port in enumerate(view.views)]
    view.set_picture(1, picture_of(Image.new("RGB", (1920, 1440)), PART, complete=True))
    assert [(port.viewport.zoom, centre(view, n)) for n, port in enumerate(view.views)] == before


def test_the_place_under_the_pointer_is_marked_in_the_other(qtbot: QtBot) -> None:
    view = opened(qtbot, WHOLE, turn(2))
    QTest.mouseMove(view.views[0], QPointF(120, 200).toPoint())
    spot = view.views[0].viewport.to_picture(QPointF(120, 200))
    twin = view.views[1].twin
    assert twin is not None
    assert (twin.x(), twin.y()) == pytest.approx((3600 - spot.x(), spot.y()), abs=8)
    QTest.mouseMove(view.views[1], QPointF(50, 200).toPoint())
    assert view.views[1].twin is None
    assert view.views[0].twin is not None


def test_a_small_copy_is_shown_as_large_as_its_original(qtbot: QtBot) -> None:
    view = opened(qtbot, QSize(360, 240), IDENTITY)
    shown = [port.viewport.shown_rect().width() for port in view.views]
    assert shown[0] == pytest.approx(shown[1], abs=2)


def test_swapping_exchanges_places(qtbot: QtBot) -> None:
    view = opened(qtbot, PART, PART_PLACEMENT)

    def is_first_left() -> bool:
        return (
            view.views[0].mapTo(view, view.rect().topLeft()).x() < view.views[1].mapTo(view, view.rect().topLeft()).x()
        )

    assert is_first_left()
    for on in (True, True, False):
        view.set_swapped(on=on)
        layout = view.layout()
        assert layout is not None
        layout.activate()
        assert is_first_left() != on
