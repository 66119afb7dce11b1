"""The curve of recall against time, its panel, and when the index is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.core.library import Library
from photofind.core.settings import Settings
from photofind.gui import theme
from photofind.gui.accuracy.chart import AccuracyChart
from photofind.gui.accuracy.panel import AccuracyPanel
from photofind.gui.accuracy.positions import Positions
from photofind.gui.accuracy.scales import Scales
from photofind.gui.preferences import Preferences
from photofind.gui.worker_link import WorkerProgress
from tests.support.listed import LISTED, NLIST, accuracy, make_listed
from tests.support.windows import Opened

MEASURED = Positions.of(NLIST, 8, accuracy())


@pytest.fixture
def chart(qtbot: QtBot) -> AccuracyChart:
    widget = AccuracyChart()
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    widget.show_positions(MEASURED, MEASURED.default)
    widget.show()
    return widget


@pytest.fixture
def panel(qtbot: QtBot) -> AccuracyPanel:
    widget = AccuracyPanel()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("listed") / "library"
    make_listed(place)
    return place


@pytest.fixture
def listed(qtbot: QtBot, library: Path, tmp_path: Path) -> Iterator[Opened]:
    """A window on a library with inverted lists, as if a calibration had been made."""
    window = Opened(qtbot, library, Settings(), Preferences(tmp_path / "window.ini"))
    window.start(LISTED)
    window.window.speed.set_index(NLIST, 8, accuracy())
    yield window
    window.close()


def spot(chart: AccuracyChart, position: int) -> QPoint:
    return chart.dot(position).toPoint()


def painted(chart: AccuracyChart) -> QImage:
    return chart.grab().toImage()


# Scales


def test_faster_is_left_and_better_is_up() -> None:
    scales = Scales.of(QRectF(50, 10, 300, 200), [0.2, 1.0, 20.0], [0.4, 0.9, 1.0])
    fast, slow = scales.point(0.2, 0.4), scales.point(20.0, 1.0)
    assert fast.x() < slow.x()
    assert fast.y() > slow.y()
    assert slow.y() == pytest.approx(10)
    # logarithmic: equal ratios, equal ways
    assert scales.point(1.0, 1).x() - scales.point(0.1, 1).x() == pytest.approx(
        scales.point(10.0, 1).x() - scales.point(1.0, 1).x()
    )


@pytest.mark.parametrize(
    ("ms", "recalls"),
    [([0.2, 0.2, 0.2], [1.0, 1.0, 1.0]), ([0.0, 0.0], [0.0, 1.0]), ([0.05, 3000.0], [0.998, 1.0]), ([5.0], [0.5])],
    ids=["all alike", "no time", "wide and flat", "one"],
)
def test_axes_hold_whatever_was_measured(ms: list[float], recalls: list[float]) -> None:
    area = QRectF(50, 10, 300, 200)
    scales = Scales.of(area, ms, recalls)
    for time, recall in zip(ms, recalls, strict=True):
        assert area.adjusted(-0.1, -0.1, 0.1, 0.1).contains(scales.point(time, recall))
    lines = scales.recall_lines()
    assert 2 <= len(lines) <= 7
    assert lines[0] == 1.0
    assert lines[-1] == pytest.approx(scales.least_recall)
    assert all(scales.least_ms <= line <= scales.most_ms for line in scales.ms_lines())


# The curve


def test_dots_lie_in_the_order_of_their_positions(chart: AccuracyChart) -> None:
    dots = [chart.dot(position) for position in range(NLIST.bit_length())]
    assert all(before.x() < after.x() and before.y() > after.y() for before, after in pairwise(dots))
    assert all(QRectF(chart.rect()).contains(dot) for dot in [*dots, chart.dot(MEASURED.exact)])


@pytest.mark.parametrize("position", [0, 3, 6])
def test_a_click_on_a_dot_chooses_it(qtbot: QtBot, chart: AccuracyChart, position: int) -> None:
    with qtbot.waitSignal(chart.chosen, timeout=10_000) as caught:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot(chart, position))
    assert caught.args == [position]


def test_a_click_beside_the_dots_chooses_nothing(qtbot: QtBot, chart: AccuracyChart) -> None:
    with qtbot.assertNotEmitted(chart.chosen):
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() - 30, chart.height() - 60))


@pytest.mark.parametrize(
    ("key", "chosen"),
    [(Qt.Key.Key_Right, 4), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, 4), (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 6)],
    ids=["right", "left", "up", "home", "end"],
)
def test_keys_choose_another_dot(qtbot: QtBot, chart: AccuracyChart, key: Qt.Key, chosen: int) -> None:
    with qtbot.waitSignal(chart.chosen, timeout=10_000) as caught:
        QTest.keyClick(chart, key)
    assert caught.args == [chosen]


def test_keys_stop_at_the_ends(qtbot: QtBot, chart: AccuracyChart) -> None:
    chart.show_positions(MEASURED, MEASURED.exact)
    with qtbot.assertNotEmitted(chart.chosen):
        QTest.keyClick(chart, Qt.Key.Key_Right)


def test_the_chosen_dot_is_told_apart_in_light_and_in_dark(chart: AccuracyChart) -> None:
    for dark in (False, True):
        palette = theme.palette(dark=dark)
        chart.setPalette(palette)
        chart.show_positions(MEASURED, 1)
        ratio, colour = chart.devicePixelRatioF(), theme.accent(palette)
        image = painted(chart)
        at = [(chart.dot(position) * ratio).toPoint() for position in (1, 4)]
        assert image.pixelColor(at[0]) == colour
        assert image.pixelColor(at[1]) != colour
        chart.show_positions(MEASURED, 4)
        assert painted(chart).pixelColor(at[1]) == colour


# The panel


def test_the_panel_tells_the_numbers_of_the_chosen_dot_and_of_the_one_below_the_mouse(
    qtbot: QtBot, panel: AccuracyPanel
) -> None:
    panel.show_positions(MEASURED, 3)
    panel.show()
    assert "8 of 32 lists" in panel.text
    assert "recall@10 93.7 %" in panel.text
    assert "200 of your photos" in panel.text
    with qtbot.waitSignal(panel.chart.hovered, timeout=10_000):
        panel.chart._hover(0)
    assert "1 of 32 lists" in panel.text
    panel.chart._hover(-1)
    assert "8 of 32 lists" in panel.text
    panel.show_positions(MEASURED, MEASURED.exact)
    assert "misses nothing" in panel.text
    assert "12.5 ms" in panel.text


def test_the_mouse_finds_the_dot_below_it(chart: AccuracyChart) -> None:
    assert chart._at(chart.dot(2) + QPointF(3, -3)) == 2
    assert chart._at(QPointF(1, 1)) == -1


def test_what_was_not_measured_can_be(qtbot: QtBot, panel: AccuracyPanel) -> None:
    panel.show_positions(Positions.of(NLIST, 8), 3)
    panel.show()
    assert "Not measured yet" in panel.text
    assert not panel.chart.isVisible()
    with qtbot.waitSignal(panel.measure_requested, timeout=10_000):
        QTest.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    panel.show_progress(30, 120)
    assert "Measuring… 25 %" in panel.text
    assert not panel.measure.isEnabled()
    panel.end_progress()
    assert "Measuring" not in panel.text
    assert panel.measure.isEnabled()


def test_a_small_library_has_nothing_to_measure(panel: AccuracyPanel) -> None:
    panel.show_positions(Positions.of(1, 1), 1)
    panel.show()
    assert "all searches are exact" in panel.text
    assert not panel.measure.isVisible()
    assert not panel.chart.isVisible()


# In the window


def test_the_key_opens_the_curve_and_a_dot_repeats_the_query(listed: Opened) -> None:
    window = listed.window
    listed.search(lambda: listed.click(0))
    before = listed.ids()
    listed.do("accuracy")
    panel = window.accuracy.panel
    assert panel.isVisible()
    assert panel.chart.hasFocus()
    asked: list[int | None] = []
    window.browser.results_shown.connect(lambda result, _: asked.append(result.nprobe))
    listed.search(lambda: QTest.mouseClick(panel.chart, Qt.MouseButton.LeftButton, pos=spot(panel.chart, 0)))
    assert asked[0] == 1
    assert listed.ids() != before
    assert "50 of 100" in window.speed.toolTip() or "recall@10 50.0 %" in window.speed.toolTip()
    listed.search(lambda: QTest.keyClick(panel.chart, Qt.Key.Key_End))
    assert window.speed.is_exact
    QTest.keyClick(panel.chart, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_the_panel_follows_the_slider(listed: Opened) -> None:
    listed.do("accuracy")
    listed.window.speed.choose(2)
    assert "4 of 32 lists" in listed.window.accuracy.panel.text
    listed.window.speed.set_accuracy(None)
    assert "Not measured yet" in listed.window.accuracy.panel.text


def test_the_index_is_measured_when_it_is_due_and_read_again_when_that_is_done(
    listed: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, asked = listed.window.session.worker, []
    monkeypatch.setattr(worker, "maintain", lambda task, *, if_due=False: asked.append((task, if_due)))
    answers = iter([False, True])
    monkeypatch.setattr(Library, "is_calibration_due", lambda _: next(answers))
    shape = Library.index_shape
    reads = []

    def measured(library: Library) -> object:
        reads.append(library)
        return replace(shape(library), default_nprobe=4, accuracy=accuracy())

    monkeypatch.setattr(Library, "index_shape", measured)
    worker.finished.emit({"photos": LISTED, "stopped": True})  # which was not due to be asked
    worker.finished.emit({"photos": LISTED})
    worker.finished.emit({"photos": LISTED})
    listed.until(lambda: asked)
    assert asked == [("calibrate", True)]
    listed.until(lambda: len(reads) == 3)
    assert next(answers, None) is None
    panel = listed.window.accuracy.panel
    listed.do("accuracy")
    worker.maintenance_progressed.emit(WorkerProgress("compact", 1, 2, 0, 0.0, None, False))
    assert "Measuring" not in panel.text
    worker.maintenance_progressed.emit(WorkerProgress("calibrate", 1, 2, 0, 0.0, None, False))
    assert "Measuring… 50 %" in panel.text
    worker.maintained.emit("calibrate", True)
    assert "Measuring" not in panel.text
    listed.until(lambda: len(reads) == 4)
    listed.until(lambda: listed.window.speed.positions.default_nprobe == 4)


def test_other_settings_of_the_search_have_it_measured_again(listed: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    session, asked = listed.window.session, []
    monkeypatch.setattr(session.worker, "maintain", lambda task, *, if_due=False: asked.append((task, if_due)))
    monkeypatch.setattr(Library, "is_calibration_due", lambda _: True)
    session.use(replace(session.settings, expansion_alpha=2.0))
    session.use(replace(session.settings, rerank_candidates=9))
    listed.until(lambda: asked)
    assert asked == [("calibrate", True)]


def test_the_user_may_have_it_measured_now(listed: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, asked = listed.window.session.worker, []
    monkeypatch.setattr(worker, "maintain", lambda task, *, if_due=False: asked.append((task, if_due)))
    listed.do("accuracy")
    panel = listed.window.accuracy.panel
    QTest.mouseClick(panel.measure, Qt.MouseButton.LeftButton)
    assert asked == [("calibrate", False)]
    assert "Measuring… 0 %" in panel.text
    worker.failed.emit("It cannot be.", True)
    assert "Measuring" not in panel.text
    QApplication.processEvents()
