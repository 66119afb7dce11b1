"""Both pictures on one plane, as pixels of the widget."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.core.duplicates.placements import IDENTITY, compose, turn
from photofind.core.evidence import Placement
from photofind.core.imaging.geometry import upright
from photofind.gui.preview.picture import Picture, picture_of
from photofind.gui.review.compare.modes import CompareMode
from photofind.gui.review.compare.scene import Scene, laid_by_frames
from photofind.gui.review.compare.scene_view import SceneView
from tests.gui.review.compare.conftest import PART, PART_PLACEMENT, SIZE, original, rgb

VIEW = QSize(*SIZE)  # so that the photo fits in pixel by pixel
INNER = (slice(80, 400), slice(320, 760))  # rows and columns well within the part that crops show


def picture(image: Image.Image) -> Picture:
    return picture_of(image, QSize(*image.size), complete=True)


def opened(qtbot: QtBot, second: Image.Image, placement: Placement) -> SceneView:
    view = SceneView()
    qtbot.addWidget(view)
    view.resize(VIEW)
    first = original()
    view.set_scene(Scene(QSize(*first.size), QSize(*second.size), placement))
    view.set_pictures(picture(first), picture(second))
    with qtbot.waitExposed(view):
        view.show()
    return view


def seen(view: SceneView) -> npt.NDArray[np.int16]:
    return rgb(view.grab().toImage())


def only(view: SceneView, number: int) -> npt.NDArray[np.int16]:
    """Return the view with one of the pictures alone."""
    view.show_as(CompareMode.BLINK)
    if view.front != number:
        view.blink()
    return seen(view)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_crop_lies_on_its_original(qtbot: QtBot, orientation: int) -> None:
    back = {6: 8, 8: 6}.get(orientation, orientation)
    part = upright(original().crop(PART), back)
    view = opened(qtbot, part, compose(PART_PLACEMENT, turn(orientation)))
    truth = np.asarray(original(), np.int16)
    assert np.abs(only(view, 0)[INNER] - truth[INNER]).mean() < 1
    assert np.abs(only(view, 1)[INNER] - truth[INNER]).mean() < 2


def test_a_small_mirrored_crop_is_enlarged_onto_its_original(qtbot: QtBot) -> None:
    part = ImageOps.mirror(original().crop(PART)).resize((240, 180), Image.Resampling.BOX)
    view = opened(qtbot, part, compose(PART_PLACEMENT, turn(2)))
    truth = np.asarray(original(), np.int16)
    aligned = np.abs(only(view, 1)[INNER] - truth[INNER]).mean()
    view.set_scene(Scene(QSize(*SIZE), QSize(240, 180), PART_PLACEMENT))
    astray = np.abs(only(view, 1)[INNER] - truth[INNER]).mean()
    assert aligned < 5
    assert astray > 4 * aligned


def test_the_divider_shows_the_first_left_of_it_and_the_second_right(qtbot: QtBot) -> None:
    view = opened(qtbot, ImageOps.invert(original()), IDENTITY)
    truth, inverse = np.asarray(original(), np.int16), np.asarray(ImageOps.invert(original()), np.int16)
    left, right = (slice(60, 540), slice(20, 430)), (slice(60, 540), slice(470, 880))
    shown = seen(view)
    assert np.abs(shown[left] - truth[left]).mean() < 1
    assert np.abs(shown[right] - inverse[right]).mean() < 1
    view.set_swapped(on=True)
    shown = seen(view)
    assert np.abs(shown[left] - inverse[left]).mean() < 1
    assert np.abs(shown[right] - truth[right]).mean() < 1


def test_the_divider_is_dragged_and_stepped(qtbot: QtBot) -> None:
    view = opened(qtbot, original(), IDENTITY)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(451, 300))
    QTest.mouseMove(view, QPoint(225, 300))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(225, 300))
    assert view.curtain.share == pytest.approx(0.25, abs=0.01)
    view.move_curtain(5)
    assert view.curtain.share == pytest.approx(0.35, abs=0.01)
    view.move_curtain(-100)
    assert view.curtain.share == 0.0
    QTest.mouseMove(view, QPoint(600, 300))  # nothing is pressed any more
    assert view.curtain.share == 0.0


def test_beside_the_divider_the_picture_is_moved_once_it_is_enlarged(qtbot: QtBot) -> None:
    view = opened(qtbot, original(), IDENTITY)
    view.viewport.zoom_to(3.0)
    view.pan(QPointF(0, 0))
    before = view.viewport.to_picture(QPointF(100, 100))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(160, 100))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(160, 100))
    assert view.curtain.share == 0.5
    after = view.viewport.to_picture(QPointF(160, 100))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=1)


def test_where_the_second_is_not_there_is_nothing(qtbot: QtBot) -> None:
    view = opened(qtbot, original().crop(PART), PART_PLACEMENT)
    shown = only(view, 1)
    window = view.palette().window().color()
    assert shown[550, 850].tolist() == [window.red(), window.green(), window.blue()]


def test_a_larger_second_picture_is_seen_whole(qtbot: QtBot) -> None:
    first = original().crop(PART)
    scene = Scene(QSize(*first.size), QSize(*SIZE), (900 / 480, 0.0, -300 / 480, 0.0, 600 / 360, -60 / 360))
    assert scene.size == QSize(*SIZE)
    assert scene.scale == pytest.approx(1.0)
    view = SceneView()
    qtbot.addWidget(view)
    view.resize(VIEW)
    view.set_scene(scene)
    view.set_pictures(picture(first), picture(original()))
    truth = np.asarray(original(), np.int16)
    rest = (slice(60, None), slice(0, None))
    assert np.abs(only(view, 1)[rest] - truth[rest]).mean() < 1
    assert np.abs(only(view, 0)[INNER] - truth[INNER]).mean() < 1


def test_more_pixels_are_asked_for_when_the_zoom_shows_more(qtbot: QtBot) -> None:
    view = opened(qtbot, original(), IDENTITY)
    coarse = picture_of(original().resize((450, 300)), QSize(*SIZE), complete=False)
    with qtbot.waitSignal(view.sharper) as asked:
        view.set_pictures(picture(original()), coarse)
    assert asked.args == [1]


@pytest.mark.parametrize(("orientation", "expected"), [(1, (1 / 3, 1.0)), (6, (1.0, 1 / 3))])
def test_without_a_placement_frames_are_fitted_in(orientation: int, expected: tuple[float, float]) -> None:
    placement = laid_by_frames(QSize(600, 600), QSize(100, 300), orientation)
    scene = Scene(QSize(600, 600), QSize(100, 300), placement)
    box = scene.outline(1).boundingRect()
    assert scene.size == QSize(600, 600)
    assert (box.width() / 600, box.height() / 600) == pytest.approx(expected)
    assert (box.center().x(), box.center().y()) == pytest.approx((300, 300))
