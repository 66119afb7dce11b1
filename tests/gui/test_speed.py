"""The speed/accuracy slider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from photofind.gui.accuracy.fitting_label import FittingLabel
from photofind.gui.accuracy.marked_slider import MarkedSlider
from photofind.gui.accuracy.positions import Positions
from photofind.gui.speed import SpeedSlider
from tests.support.listed import accuracy


@pytest.fixture
def speed(qtbot: QtBot) -> SpeedSlider:
    widget = SpeedSlider()
    qtbot.addWidget(widget)
    widget.set_index(1024, 16)
    widget.show()
    return widget


def handle(speed: SpeedSlider) -> MarkedSlider:
    slider = speed.findChild(QSlider)
    assert isinstance(slider, MarkedSlider)
    return slider


def label(speed: SpeedSlider) -> FittingLabel:
    found = speed.findChild(FittingLabel)
    assert isinstance(found, FittingLabel)
    return found


def said(speed: SpeedSlider) -> str:
    return label(speed).text()


# Positions


@pytest.mark.parametrize(
    ("nlist", "nprobes"), [(1, (1,)), (2, (1, 2)), (10, (1, 2, 4, 8, 10)), (32, (1, 2, 4, 8, 16, 32))]
)
def test_without_a_calibration_the_positions_are_powers_of_two_up_to_all_lists(
    nlist: int, nprobes: tuple[int, ...]
) -> None:
    assert Positions.of(nlist, 1).nprobes == nprobes


def test_the_positions_are_those_that_were_measured() -> None:
    positions = Positions.of(32, 8, accuracy(32))
    assert positions.nprobes == (1, 2, 4, 8, 16, 32)
    assert [positions.point(n) for n in range(6)] == list(accuracy(32).points)
    assert positions.point(positions.exact) is None
    assert positions.nprobes[positions.default] == 8


def test_a_calibration_of_another_index_promises_nothing() -> None:
    assert Positions.of(64, 8, accuracy(32)).accuracy is None


@pytest.mark.parametrize(("nprobe", "nearest"), [(1, 1), (3, 4), (5, 4), (6, 8), (34, 32), (100_000, 1024), (0, 1)])
def test_the_nearest_position_is_that_by_ratio(nprobe: int, nearest: int) -> None:
    positions = Positions.of(1024, 16)
    assert positions.nprobes[positions.nearest(nprobe)] == nearest


# The slider


def test_untouched_it_leaves_the_choice_to_the_program(speed: SpeedSlider) -> None:
    assert speed.nprobe is None
    assert not speed.is_exact
    assert speed.positions.nprobes[handle(speed).value()] == 16
    assert handle(speed).mark == handle(speed).value()


def test_moving_it_is_told_once_when_it_rests(qtbot: QtBot, speed: SpeedSlider) -> None:
    told: list[int | None] = []
    speed.changed.connect(lambda: told.append(speed.nprobe))
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        for position in range(8):
            handle(speed).setValue(position)
    assert told == [128]


def test_its_end_is_exact(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        handle(speed).setValue(handle(speed).maximum())
    assert speed.is_exact
    assert speed.nprobe is None


def test_keys_move_it(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        QTest.keyClick(handle(speed), Qt.Key.Key_Right)
    assert speed.nprobe == 32
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        QTest.keyClick(handle(speed), Qt.Key.Key_End)
    assert speed.is_exact


def test_a_double_click_resets_it(qtbot: QtBot, speed: SpeedSlider) -> None:
    handle(speed).setValue(0)
    assert speed.nprobe == 1
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        QTest.mouseDClick(handle(speed), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert speed.nprobe is None


def test_a_choice_survives_a_growing_index(speed: SpeedSlider) -> None:
    handle(speed).setValue(speed.positions.nearest(64))
    speed.set_index(4096, 34)
    assert speed.nprobe == 64
    handle(speed).setValue(handle(speed).maximum())
    speed.set_index(8192, 64)
    assert speed.is_exact


def test_a_choice_survives_a_calibration_at_the_nearest_position(speed: SpeedSlider) -> None:
    speed.set_index(10, 4)
    handle(speed).setValue(speed.positions.nearest(10))
    speed.set_index(16, 4, accuracy(16))
    assert speed.nprobe == 8
    assert handle(speed).value() == speed.positions.nearest(8)
    speed.set_index(1024, 16, accuracy(1024))
    assert speed.nprobe == 8


def test_a_calibration_moves_the_default_and_its_mark(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.assertNotEmitted(speed.changed):  # nothing is asked again that nobody asked for
        speed.set_index(1024, 64, accuracy(1024))
    assert speed.nprobe is None
    assert handle(speed).value() == handle(speed).mark == speed.positions.nearest(64)


def test_a_small_library_has_nothing_to_choose(speed: SpeedSlider) -> None:
    speed.set_index(1, 1)
    assert not handle(speed).isEnabled()
    assert handle(speed).value() == handle(speed).maximum()
    assert handle(speed).mark is None
    assert "exact" in speed.toolTip()
    assert said(speed) == "exact"


def test_exact_search_in_a_library_that_was_never_large_leaves_the_slider_at_its_end(qtbot: QtBot) -> None:
    widget = SpeedSlider()
    qtbot.addWidget(widget)
    widget.set_exact(exact=True)
    assert handle(widget).value() == handle(widget).maximum()
    widget.reset()
    assert handle(widget).value() == handle(widget).maximum()


def test_a_choice_survives_an_index_that_is_small_for_a_while(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        handle(speed).setValue(speed.positions.nearest(64))
    speed.set_index(1, 1)
    assert handle(speed).value() == handle(speed).maximum()
    speed.set_index(1024, 16)
    assert (speed.nprobe, speed.is_exact) == (64, False)


# What it says


def test_without_a_calibration_it_says_that_nothing_is_known(speed: SpeedSlider) -> None:
    assert said(speed) == "nprobe 16 · not measured yet"
    speed.set_index(1024, 34)  # which is no position
    assert said(speed) == "nprobe 34 · not measured yet"
    handle(speed).setValue(0)
    assert said(speed) == "nprobe 1 · not measured yet"
    assert "not measured" in speed.toolTip()


def test_each_position_says_what_was_measured_of_it(speed: SpeedSlider) -> None:
    speed.set_accuracy(accuracy(1024))
    assert said(speed) == "96 of 100 true neighbours · 2.0 ms"  # 0.96875 at nprobe 16
    handle(speed).setValue(0)
    assert said(speed) == "50 of 100 true neighbours · 0.31 ms"
    handle(speed).setValue(9)
    assert said(speed) == "99 of 100 true neighbours · 56.5 ms"  # 0.999: never more than was measured
    handle(speed).setValue(10)
    assert said(speed) == "100 of 100 true neighbours · 113 ms"
    handle(speed).setValue(11)
    assert said(speed) == "exact · 12.5 ms"
    assert handle(speed).accessibleDescription() == said(speed)
    speed.set_accuracy(None)
    handle(speed).setValue(0)
    assert said(speed) == "nprobe 1 · not measured yet"


def test_the_tooltip_tells_all_that_was_measured(speed: SpeedSlider) -> None:
    speed.set_accuracy(accuracy(1024))
    handle(speed).setValue(2)
    tip = speed.toolTip()
    for words in ("4 of 1,024 lists", "recall@1 90.0 %", "recall@10 87.5 % ± 0.4", "recall@100 85.0 %", "200 of your"):
        assert words in tip
    assert "median 0.64 ms" in tip
    assert "p95 1.2 ms" in tip


def test_a_promise_keeps_the_time_of_the_search_that_it_is_about(speed: SpeedSlider) -> None:
    speed.set_accuracy(accuracy(1024))
    speed.show_result(16, exact=False, elapsed_ms=3.33, promised=True)
    assert said(speed) == "96 of 100 true neighbours · 3.3 ms"
    assert "The last search: approximate, nprobe 16, 3.3 ms" in speed.toolTip()
    handle(speed).setValue(1)
    assert said(speed) == "75 of 100 true neighbours · 0.42 ms"
    assert "The last search" not in speed.toolTip()


def test_what_was_not_measured_for_a_search_is_not_promised(speed: SpeedSlider) -> None:
    speed.set_accuracy(accuracy(1024))
    speed.show_result(16, exact=False, elapsed_ms=1.26)
    assert said(speed) == "nprobe 16 · 1.3 ms"
    speed.show_result(16, exact=True, elapsed_ms=20.0, promised=True)
    assert said(speed) == "exact · 20.0 ms"
    speed.set_index(1024, 8)
    speed.show_result(16, exact=False, elapsed_ms=1.26, promised=True)
    assert said(speed) == "nprobe 16 · 1.3 ms"
    speed.forget_result()
    assert said(speed) == "nprobe 8 · not measured yet"


def test_a_calibration_that_comes_after_a_search_is_about_it_too(speed: SpeedSlider) -> None:
    speed.show_result(16, exact=False, elapsed_ms=1.26, promised=True)
    speed.set_index(1024, 64, accuracy(1024))
    assert said(speed) == "96 of 100 true neighbours · 1.3 ms"


def test_nothing_moves_when_the_label_changes(speed: SpeedSlider) -> None:
    hint, minimum = speed.sizeHint(), speed.minimumSizeHint()
    speed.resize(hint)
    place = handle(speed).geometry()
    speed.set_accuracy(accuracy(1024))
    for position in range(handle(speed).maximum() + 1):
        handle(speed).setValue(position)
        assert label(speed).shown == said(speed), "what it says fits"
        assert (speed.sizeHint(), speed.minimumSizeHint()) == (hint, minimum)
    assert handle(speed).geometry() == place


def test_where_there_is_little_room_it_says_less(speed: SpeedSlider) -> None:
    speed.set_accuracy(accuracy(1024))
    speed.resize(speed.minimumSizeHint())
    assert label(speed).shown == "96 of 100"
    speed.resize((speed.minimumSizeHint() + speed.sizeHint()) / 2)
    assert label(speed).shown == "96 of 100 · 2.0 ms"
    assert said(speed) == "96 of 100 true neighbours · 2.0 ms"
    speed.resize(speed.sizeHint())
    assert label(speed).shown == said(speed)


def test_the_slider_gives_way_where_there_is_little_room_and_never_grows(qtbot: QtBot) -> None:
    speed = SpeedSlider()
    qtbot.addWidget(speed)
    speed.set_index(64, 8)
    slider = speed.findChild(MarkedSlider)
    assert slider is not None
    speed.resize(2 * speed.sizeHint().width(), 40)
    speed.show()
    usual = slider.width()
    assert usual == slider.sizeHint().width()
    speed.resize(speed.minimumSizeHint().width(), 40)
    qtbot.waitUntil(lambda: slider.width() == slider.minimumWidth())
    assert slider.width() < usual
