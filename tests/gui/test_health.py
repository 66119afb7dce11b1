"""What the page of the index's health says, of indexes of all kinds: words, numbers, the histogram."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QTreeWidget
from pytestqt.qtbot import QtBot

from photofind.core.accuracy import Accuracy, OperatingPoint
from photofind.core.health import (
    Compaction,
    Drift,
    IndexHealth,
    ListSizes,
    Reason,
    Reclustering,
    SegmentHealth,
    Unindexed,
)
from photofind.gui import theme
from photofind.gui.health.histogram import SizesChart
from photofind.gui.health.offers import TASKS, Offers
from photofind.gui.health.report import HealthReport
from photofind.gui.health.words import HealthWords

WAIT_MS = 40_000

GOOD = IndexHealth(
    photos=20_100,
    vectors=20_000,
    dead=40,
    delta=7,
    nlist=256,
    segments=(
        SegmentHealth("a", 0, 16_384, 16_380, 30, 8_520_000),
        SegmentHealth("b", 16_384, 20_033, 3_649, 10, 1_900_000),
    ),
    row_bytes=20_520_960,
    dead_row_bytes=40_960,
    index_bytes=10_900_000,
    lists=ListSizes(10, 81.0, 160, 0, 5, (0, 0, 3, *([8] * 28), 2)),
    imbalance=1.14,
    drift=Drift(1_024, newcomers=True, distance=0.71, clipped=0.0002, distance_then=0.7, clipped_then=0.0001),
    newcomers=3_616,
    trained_at=1_700_000_000.0,
    trained_on=16_384,
    compaction=Compaction(2, 1, 40, 25_000, 0.2, worth=False),
    reclustering=Reclustering(256, 256, None, 3.0),
)
EMPTY = replace(
    GOOD,
    photos=0,
    vectors=0,
    dead=0,
    delta=0,
    nlist=0,
    segments=(),
    lists=None,
    imbalance=None,
    drift=None,
    newcomers=None,
    trained_at=None,
    trained_on=0,
    compaction=Compaction(),
    reclustering=Reclustering(),
    unindexed=Unindexed.EMPTY,
)
FEW = replace(EMPTY, photos=30, vectors=30, delta=30, unindexed=Unindexed.FEW)
MEASURED = replace(
    GOOD,
    accuracy=Accuracy(
        "pack",
        "epoch",
        20_000,
        200,
        4,
        1_700_000_000.0,
        35.0,
        (OperatingPoint(1, 0.5, 0.4, 0.3, 0.01, 0.2, 0.4), OperatingPoint(8, 1.0, 0.987, 0.95, 0.004, 1.3, 2.1)),
    ),
)


def _recommended(reason: Reason) -> IndexHealth:
    return replace(GOOD, reclustering=Reclustering(256, 1024, reason, 90.0))


@pytest.fixture
def words(qapp: QApplication) -> HealthWords:
    return HealthWords(qapp)


@pytest.mark.parametrize(
    ("health", "said", "worries"),
    [
        pytest.param(GOOD, "good shape", False, id="good"),
        pytest.param(EMPTY, "no photo has been read", False, id="empty"),
        pytest.param(FEW, "compares all of them", False, id="few"),
        pytest.param(replace(FEW, unindexed=Unindexed.WAITING), "next rescan", False, id="waiting"),
        pytest.param(replace(GOOD, problems=("x is gone",), lists=None), "damaged", True, id="damaged"),
        pytest.param(_recommended(Reason.DRIFT), "train it anew", True, id="drifting"),
        pytest.param(replace(GOOD, compaction=Compaction(9, 1, 40, 1, 1.0, worth=True)), "compacting", True, id="many"),
    ],
)
def test_the_verdict(words: HealthWords, health: IndexHealth, said: str, worries: bool) -> None:
    assert said in words.verdict(health)
    assert words.worries(health) == worries


def test_what_compacting_would_do(words: HealthWords) -> None:
    usual = words.compaction(GOOD).sentence
    assert usual.startswith("Not needed.")
    assert "2 segments into 1" in usual
    assert "dead vectors (40)" in usual
    assert "25.0 kB" in usual
    only_dead = words.compaction(replace(GOOD, compaction=Compaction(1, 1, 400, 9_000_000, 75.0, worth=True)))
    assert only_dead.worth
    assert only_dead.sentence == "Leaves out dead vectors (400) and frees 9.0 MB; takes about 1 min."
    assert "dead" not in words.compaction(replace(GOOD, compaction=Compaction(3, 1, 0, 9, 20.0, worth=True))).sentence
    assert not words.compaction(replace(GOOD, compaction=Compaction(1, 1, 0, 0, 1.0))).possible
    assert not words.compaction(FEW).possible
    assert not words.compaction(replace(GOOD, problems=("x is gone",))).possible


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_to_train_anew_has_words(words: HealthWords, reason: Reason) -> None:
    offer = words.training(_recommended(reason))
    assert offer.worth
    assert offer.possible
    assert offer.sentence.endswith("Inverted lists: 1,024 instead of 256; takes about 2 min.")
    assert len(offer.sentence) > 70, "there is a reason before that"


def test_what_cannot_be_done_is_not_offered(words: HealthWords) -> None:
    assert words.training(GOOD).sentence == "Not needed. Makes all inverted lists anew (256); takes about 3 s."
    assert not words.training(FEW).possible
    assert not words.measuring(replace(FEW, vectors=1)).possible
    assert words.measuring(FEW).worth
    assert not words.measuring(MEASURED).worth
    assert "200 photos" in words.measuring(MEASURED).sentence


# The report


@pytest.fixture
def report(qtbot: QtBot) -> HealthReport:
    made = HealthReport(0.98)
    qtbot.addWidget(made)
    made.resize(640, 900)
    return made


def _said(report: HealthReport) -> str:
    return "\n".join(label.text() for label in report.findChildren(QLabel))


def test_every_number_is_shown_and_can_be_copied(report: HealthReport, qtbot: QtBot) -> None:
    report.set_health(EMPTY)
    report.set_health(MEASURED)
    report.show()
    qtbot.waitExposed(report)
    wanted = (
        "20,100",
        "20,000",
        "40 (0.2 %)",
        "20.5 MB",
        "10.9 MB",
        "256",
        "10 to 160, median 81; 0 empty",
        "1.14",
        "0.710 (at the training 0.700)",
        "0.02 % (at the training 0.01 %)",
        "3,616 came since",
        "98.7 of 100 (± 0.4)",
        "1.3 ms",
        "35.0 ms",
    )
    shown, copied = _said(report), report.text()
    for words in wanted:
        assert words in shown
        assert words in copied
    table = report.findChild(QTreeWidget)
    assert isinstance(table, QTreeWidget)
    first = table.topLevelItem(0)
    assert first is not None
    assert [first.text(column) for column in range(4)] == ["0 - 16,383", "16,380", "30", "8.5 MB"]
    assert "16,384 - 20,032\t3,649\t10\t1.9 MB" in copied


def test_the_usual_setting_follows_the_settings(report: HealthReport) -> None:
    report.set_health(MEASURED)
    report.set_default_recall(0.3)
    assert "40.0 of 100" in report.text()


def test_what_is_not_known_is_not_shown(report: HealthReport) -> None:
    report.set_health(FEW)
    assert report.findChildren(SizesChart) == []
    assert report.findChildren(QTreeWidget) == []
    assert "Inverted lists" not in report.text()
    report.set_health(replace(GOOD, trained_at=None, newcomers=None, drift=Drift(9, False, 0.7, 0.0)))
    assert "unknown" in report.text()
    assert "at the training" in report.text()
    assert "(at the training" not in report.text()


def test_what_worries_is_seen(report: HealthReport) -> None:
    report.set_health(replace(_recommended(Reason.IMBALANCE), imbalance=3.1))
    value = next(label for label in report.findChildren(QLabel) if label.text() == "3.10")
    assert value.palette().windowText().color() == theme.tone_colour(report.palette(), "warning")


def test_the_histogram_says_and_paints_how_long_lists_are(qtbot: QtBot) -> None:
    chart = SizesChart()
    qtbot.addWidget(chart)
    chart.resize(400, chart.sizeHint().height())
    assert chart.words_at(10) == ""
    chart.set_lists(ListSizes(0, 4.0, 9, 7, 5, (7, 3)))
    assert chart.words_at(10) == "Lists of 0 to 4 vectors: 7"
    assert chart.words_at(399) == "Lists of 5 to 9 vectors: 3"
    assert chart.words_at(400) == chart.words_at(-1) == ""
    assert "10 inverted lists" in chart.accessibleName()
    chart.show()
    qtbot.waitExposed(chart)
    image = chart.grab().toImage()
    accent = theme.accent(chart.palette())

    def height(x: int) -> int:
        return sum(QColor(image.pixel(QPoint(x, y))) == accent for y in range(image.height()))

    assert height(10) == pytest.approx(7 / 3 * height(210), abs=4)
    chart.set_lists(ListSizes(3, 3.0, 3, 0, 1, (0, 0, 0, 1)))
    assert chart.words_at(399) == "Lists of 3 vectors: 1"


def test_what_is_asked_for_is_not_offered_again(qtbot: QtBot) -> None:
    offers = Offers()
    qtbot.addWidget(offers)
    assert offers.isHidden()
    offers.set_health(GOOD)
    assert all(offers.buttons[task].isEnabled() for task in TASKS)
    offers.set_busy(frozenset({"compact"}))
    assert [offers.buttons[task].isEnabled() for task in TASKS] == [True, False, True]
    with qtbot.waitSignal(offers.wanted) as wanted:
        offers.buttons["recluster"].click()
    assert wanted.args == ["recluster"]
