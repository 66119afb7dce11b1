"""The line of the status bar that says what is being done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressBar, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui import numbers, theme
from photofind.gui.progress_bar import ProgressBar
from photofind.gui.worker_runner import WorkerProgress

W = TypeVar("W", bound=QObject)


def _child(parent: QObject, kind: type[W]) -> W:
    """Return the one child of this kind."""
    (found,) = parent.findChildren(kind)
    assert isinstance(found, kind)
    return found


@pytest.fixture
def bar(qtbot: QtBot) -> ProgressBar:
    made = ProgressBar()
    qtbot.addWidget(made)
    made.resize(800, 28)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    yield
    QLocale.setDefault(before)


def _progress(phase: str, done: int, total: int, *, rate: float = 0.0, eta: float | None = None) -> WorkerProgress:
    return WorkerProgress(phase, done, total, 0, rate, eta, paused=phase == "paused")


def _buttons(bar: ProgressBar) -> list[str]:
    return [button.accessibleName() for button in bar.findChildren(QToolButton) if button.isVisible()]


def test_idle(bar: ProgressBar) -> None:
    assert bar.text == "No photos yet"
    bar.show_idle(1)
    assert bar.text == "1 photo"
    bar.show_idle(12_340)
    assert bar.text == "12,340 photos"
    assert _buttons(bar) == []
    assert not _child(bar, QProgressBar).isVisible()


def test_a_run(bar: ProgressBar) -> None:
    bar.show_progress(_progress("scan", 0, 0))
    assert bar.text == "Looking for photos…"
    bar.show_progress(_progress("scan", 0, 1234))
    assert bar.text == "Looking for photos… 1,234 found"
    bar.show_progress(_progress("scan", 5, 1234))
    assert bar.text == "Looking for photos… 1,234 found · 5 read"
    assert not _child(bar, QProgressBar).isVisible()
    bar.show_progress(_progress("embed", 12_340, 50_000, rate=21.3, eta=1720.0))
    assert bar.text == "12,340 / 50,000 · 21/s · 29 min left"
    assert _child(bar, QProgressBar).isVisible()
    assert _child(bar, QProgressBar).value() == 247
    bar.show_progress(_progress("index", 0, 0))
    assert "Arranging" in bar.text
    bar.show_idle(50_000)
    assert bar.text == "50,000 photos"


@pytest.mark.parametrize(
    ("phase", "words"), [("calibrate", "Measuring"), ("compact", "compact"), ("recluster", "Training")]
)
def test_upkeep_of_the_index(bar: ProgressBar, phase: str, words: str) -> None:
    bar.show_idle(50)
    bar.show_progress(_progress(phase, 0, 0))
    assert words in bar.text
    assert not _child(bar, QProgressBar).isVisible()
    bar.show_progress(_progress(phase, 3, 4, eta=10.0))
    assert bar.text.endswith("less than a minute left")
    assert _child(bar, QProgressBar).value() == 750
    assert _buttons(bar) == ["Pause"]
    bar.show_progress(_progress("paused", 3, 4))
    bar.show_rest()
    assert bar.text == "50 photos"
    bar.show_progress(_progress("embed", 3, 4))
    bar.show_rest()
    assert bar.text == "3 / 4", "photos are read all the same"
    bar.show_problem("The disk is full.")
    bar.show_rest()
    assert bar.text == "The disk is full."


def test_pausing(bar: ProgressBar) -> None:
    clicks: list[str] = []
    bar.pause_clicked.connect(lambda: clicks.append("pause"))
    bar.resume_clicked.connect(lambda: clicks.append("resume"))
    bar.show_progress(_progress("embed", 10, 50))
    _click(bar, "Pause reading photos")
    bar.set_paused(paused=True)
    bar.show_progress(_progress("paused", 12, 12))
    assert bar.text == "Paused · 12 / 50", "the whole is still what it was"
    _click(bar, "Go on reading photos")
    bar.set_paused(paused=False)
    bar.show_progress(_progress("embed", 13, 50))
    assert bar.text == "13 / 50"
    bar.show_idle(50)
    bar.set_paused(paused=True)
    assert bar.text == "50 photos · paused"
    _click(bar, "Go on reading photos")
    assert clicks == ["pause", "resume", "resume"]


def _click(bar: ProgressBar, name: str) -> None:
    button = next(button for button in bar.findChildren(QToolButton) if button.accessibleName() == name)
    assert button.isVisible()
    assert button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_problems_and_drives_that_are_away(bar: ProgressBar, qtbot: QtBot) -> None:
    bar.set_errors(3)
    with qtbot.waitSignal(bar.errors_clicked):
        _click(bar, "Files that could not be read")
    assert [b.text() for b in bar.findChildren(QToolButton) if b.isVisible()] == ["3 problems"]
    bar.set_errors(0)
    assert _buttons(bar) == []
    bar.set_offline(["/media/disk", "/media/\udcff"])
    assert "2 folders offline" in _shown_texts(bar)
    bar.set_offline([])
    assert "2 folders offline" not in _shown_texts(bar)


def _shown_texts(bar: ProgressBar) -> list[str]:
    return [child.property("text") for child in bar.children() if child.property("visible")]


def test_a_reason_why_nothing_is_done_stays_until_something_is(bar: ProgressBar) -> None:
    message = "Another photofind is writing this library; " + "wait until it is done. " * 30
    bar.show_problem(message)
    bar.set_photos(5)
    bar.set_paused(paused=False)
    assert bar.text == message
    assert bar.width() == 800, "a long text does not widen the window"
    assert bar.minimumSizeHint().width() < 400
    bar.show_progress(_progress("scan", 0, 0))
    assert message not in bar.text


@pytest.mark.parametrize("dark", [False, True])
def test_the_bar_is_seen_in_light_and_dark(bar: ProgressBar, qapp: QApplication, dark: bool) -> None:
    before = qapp.palette()
    try:
        qapp.setPalette(theme.palette(dark=dark))
        bar.show_progress(_progress("embed", 25, 50))
        line = _child(bar, QProgressBar)
        image = line.grab().toImage()
        assert image.pixelColor(20, 2) == theme.accent(bar.palette())
        assert image.pixelColor(100, 2) != theme.accent(bar.palette())
    finally:
        qapp.setPalette(before)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "less than a minute left"),
        (59.9, "less than a minute left"),
        (60.0, "1 min left"),
        (61.0, "2 min left"),
        (1720.0, "29 min left"),
        (7199.0, "120 min left"),
        (7200.0, "2 h left"),
        (100_000.0, "28 h left"),
        (200_000.0, "3 days left"),
    ],
)
def test_time_left(seconds: float, text: str) -> None:
    assert numbers.time_left(seconds) == text


@pytest.mark.usefixtures("qapp", "german")
def test_numbers_as_the_language_has_them() -> None:
    assert numbers.grouped(12_340) == "12.340"
    assert numbers.rate(4.2) == "4,2"
    assert numbers.rate(9.99) == "10"
