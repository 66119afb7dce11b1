"""The speed/accuracy slider."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider
from pytestqt.qtbot import QtBot

from photofind.gui.speed import SpeedSlider, nprobe_steps


@pytest.fixture
def speed(qtbot: QtBot) -> SpeedSlider:
    widget = SpeedSlider()
    qtbot.addWidget(widget)
    widget.set_index(1024, 16)
    widget.show()
    return widget


def handle(speed: SpeedSlider) -> QSlider:
    slider = speed.findChild(QSlider)
    assert isinstance(slider, QSlider)
    return slider


def said(speed: SpeedSlider) -> str:
    return " ".join(label.text() for label in speed.findChildren(QLabel))


def test_steps_grow_logarithmically_up_to_all_lists() -> None:
    assert nprobe_steps(1) == [1]
    assert nprobe_steps(10) == [1, 2, 3, 4, 6, 8, 10]
    steps = nprobe_steps(4096)
    assert (steps[0], steps[-1]) == (1, 4096)
    assert len(steps) < 30


def test_untouched_it_leaves_the_choice_to_the_program(speed: SpeedSlider) -> None:
    assert speed.nprobe is None
    assert not speed.is_exact
    assert nprobe_steps(1024)[handle(speed).value()] == 16


def test_moving_it_is_told_once_when_it_rests(qtbot: QtBot, speed: SpeedSlider) -> None:
    told: list[int | None] = []
    speed.changed.connect(lambda: told.append(speed.nprobe))
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        for position in range(8):
            handle(speed).setValue(position)
    assert told == [nprobe_steps(1024)[7]]


def test_its_end_is_exact(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        handle(speed).setValue(handle(speed).maximum())
    assert speed.is_exact
    assert speed.nprobe is None


def test_a_double_click_resets_it(qtbot: QtBot, speed: SpeedSlider) -> None:
    handle(speed).setValue(0)
    assert speed.nprobe == 1
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        QTest.mouseDClick(handle(speed), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert speed.nprobe is None


def test_a_choice_survives_a_growing_index(speed: SpeedSlider) -> None:
    handle(speed).setValue(nprobe_steps(1024).index(64))
    speed.set_index(4096, 34)
    assert speed.nprobe == 64
    handle(speed).setValue(handle(speed).maximum())
    speed.set_index(8192, 64)
    assert speed.is_exact


def test_it_says_how_a_search_was_done_and_how_good_that_is(speed: SpeedSlider) -> None:
    speed.show_result(16, exact=False, elapsed_ms=1.26)
    assert "nprobe 16 · 1.3 ms" in said(speed)
    speed.set_recall(lambda nprobe: 0.97 if nprobe == 16 else None)
    speed.show_result(16, exact=False, elapsed_ms=1.26)
    assert "97 %" in said(speed)
    speed.show_result(16, exact=True, elapsed_ms=20.0)
    assert "exact · 20.0 ms" in said(speed)


def test_a_small_library_has_nothing_to_choose(speed: SpeedSlider) -> None:
    speed.set_index(1, 1)
    assert not handle(speed).isEnabled()
    assert handle(speed).value() == handle(speed).maximum()
    assert "exact" in speed.toolTip()


def test_exact_search_in_a_library_that_was_never_large_leaves_the_slider_at_its_end(qtbot: QtBot) -> None:
    widget = SpeedSlider()
    qtbot.addWidget(widget)
    widget.set_exact(exact=True)
    assert handle(widget).value() == handle(widget).maximum()


def test_a_choice_survives_an_index_that_is_small_for_a_while(qtbot: QtBot, speed: SpeedSlider) -> None:
    with qtbot.waitSignal(speed.changed, timeout=10_000):
        handle(speed).setValue(nprobe_steps(1024).index(64))
    speed.set_index(1, 1)
    assert handle(speed).value() == handle(speed).maximum()
    speed.set_index(1024, 16)
    assert (speed.nprobe, speed.is_exact) == (64, False)
