"""The dialog of the index's health: what it says of indexes of all kinds, and what its buttons bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication
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
from photofind.core.settings import Settings
from photofind.gui import theme
from photofind.gui.health.dialog import HealthDialog
from photofind.gui.health.histogram import SizesChart
from photofind.gui.health.offers import TASKS, Offers
from photofind.gui.health.report import HealthReport
from photofind.gui.health.words import HealthWords
from photofind.gui.session import Session
from photofind.gui.settings_dialog import SettingsDialog
from photofind.gui.worker_link import WorkerProgress
from tests.support.gallery import PHOTOS, Gallery
from tests.support.program import configure
from tests.support.windows import Opened

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
    assert "40 dead" in usual
    assert "25.0 kB" in usual
    only_dead = words.compaction(replace(GOOD, compaction=Compaction(1, 1, 400, 9_000_000, 75.0, worth=True)))
    assert only_dead.worth
    assert only_dead.sentence == "Leaves 400 dead vectors out of the index and frees 9.0 MB; takes about 1 min."
    assert "dead" not in words.compaction(replace(GOOD, compaction=Compaction(3, 1, 0, 9, 20.0, worth=True))).sentence
    assert not words.compaction(replace(GOOD, compaction=Compaction(1, 1, 0, 0, 1.0))).possible
    assert not words.compaction(FEW).possible


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_to_train_anew_has_words(words: HealthWords, reason: Reason) -> None:
    offer = words.training(_recommended(reason))
    assert offer.worth
    assert offer.possible
    assert offer.sentence.endswith("Makes 1,024 inverted lists of 256; takes about 2 min.")
    assert len(offer.sentence) > 70, "there is a reason before that"


def test_what_cannot_be_done_is_not_offered(words: HealthWords) -> None:
    assert words.training(GOOD).sentence == "Not needed. Makes the 256 inverted lists anew; takes about 3 s."
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


# The dialog, on real libraries

Show = Callable[[Path], HealthDialog]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Open dialogs on libraries, each with a session of its own."""
    configure("workers = 1\n")
    made: list[tuple[HealthDialog, Session]] = []

    def open_dialog(library: Path) -> HealthDialog:
        session = Session(library, Settings(workers=1), cache_bytes=1 << 20)
        dialog = HealthDialog(session)
        made.append((dialog, session))
        dialog.show()
        return dialog

    yield open_dialog
    for dialog, session in made:
        with qtbot.waitSignal(session.ended, timeout=WAIT_MS):
            session.begin_shutdown()
        dialog.close()
        dialog.deleteLater()
        session.deleteLater()


def _session(dialog: HealthDialog) -> Session:
    return dialog._session


def test_a_small_library_is_measured_by_the_real_writer(show: Show, fresh_gallery: Gallery, qtbot: QtBot) -> None:
    dialog = show(fresh_gallery.library)
    qtbot.waitUntil(lambda: "compares all of them" in dialog.verdict, timeout=WAIT_MS)
    assert "Not measured yet" in dialog.offers.sentences["calibrate"].text()
    assert not dialog.offers.buttons["recluster"].isEnabled()
    _session(dialog).worker.start()
    dialog.offers.buttons["calibrate"].click()
    assert not dialog.offers.buttons["calibrate"].isEnabled()
    assert "Waiting" in dialog.progress.line.text()
    qtbot.waitUntil(lambda: "Measured with" in dialog.offers.sentences["calibrate"].text(), timeout=WAIT_MS)
    assert dialog.progress.isHidden()
    assert dialog.offers.buttons["calibrate"].isEnabled()
    assert "100.0 of 100" in dialog.report.text()
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.report.text()
    dialog.check.click()
    qtbot.waitUntil(lambda: "sound" in dialog.notices.text, timeout=WAIT_MS)


def test_without_a_library_there_is_nothing_to_do(show: Show, tmp_path: Path) -> None:
    dialog = show(tmp_path / "nowhere")
    assert "no library yet" in dialog.verdict
    assert dialog.offers.isHidden()
    assert not dialog.check.isEnabled()


def test_a_damaged_library_is_told_in_a_sentence(show: Show, fresh_gallery: Gallery, qtbot: QtBot) -> None:
    path = fresh_gallery.library / "library.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    dialog = show(fresh_gallery.library)
    qtbot.waitUntil(lambda: "photofind doctor" in dialog.verdict, timeout=WAIT_MS)
    assert dialog.offers.isHidden()


def test_damage_that_the_check_finds_is_listed(show: Show, fresh_gallery: Gallery, qtbot: QtBot) -> None:
    (fresh_gallery.library / "thumbnails.db").write_bytes(b"nonsense" * 1000)
    dialog = show(fresh_gallery.library)
    qtbot.waitUntil(dialog.check.isEnabled, timeout=WAIT_MS)
    dialog.check.click()
    assert not dialog.check.isEnabled()
    qtbot.waitUntil(lambda: "thumbnails.db" in dialog.notices.text, timeout=WAIT_MS)
    assert "photofind doctor" in dialog.notices.text
    assert dialog.check.isEnabled()


def _moment(phase: str, done: int, *, paused: bool = False) -> WorkerProgress:
    return WorkerProgress(phase, done, 10, 0, 0.0, None, paused)


def test_progress_stop_and_failure(show: Show, gallery: Gallery, qtbot: QtBot) -> None:
    dialog = show(gallery.library)
    qtbot.waitUntil(dialog.copy.isEnabled, timeout=WAIT_MS)
    worker = _session(dialog).worker
    stops: list[Any] = []
    worker._maintenance_stop_wanted.connect(lambda: stops.append(True))
    worker.maintenance_progressed.emit(_moment("calibrate", 5))
    assert dialog.progress.isVisible(), "what the window began by itself is shown, too"
    assert dialog.progress.bar.value() == dialog.progress.bar.maximum() / 2
    assert not dialog.offers.buttons["calibrate"].isEnabled()
    worker.maintenance_progressed.emit(_moment("paused", 5, paused=True))
    assert "Paused" in dialog.progress.line.text()
    dialog.progress.stop.click()
    assert stops == [True]
    worker.maintained.emit("calibrate", False)
    assert dialog.progress.isHidden()
    assert dialog.notices.text == "", "nobody asked for it"
    dialog.maintain("calibrate")
    worker.failed.emit("The disk is full.", True)
    assert dialog.notices.text == "The disk is full."
    worker.maintained.emit("calibrate", False)
    assert dialog.offers.buttons["calibrate"].isEnabled()


def test_the_window_opens_it_once(opened: Opened) -> None:
    opened.do("index_health")
    opened.do("index_health")
    (dialog,) = opened.window.findChildren(HealthDialog)
    opened.until(dialog.copy.isEnabled)
    assert f"Photos: {PHOTOS}" in dialog.report.text()
    dialog.close()
    opened.until(lambda: not opened.window.findChildren(HealthDialog))
    opened.do("settings")
    settings = opened.window.findChild(SettingsDialog)
    assert isinstance(settings, SettingsDialog)
    for button in (settings.library.health, settings.index.health):
        button.click()
        (dialog,) = opened.window.findChildren(HealthDialog)
        dialog.close()
        opened.until(lambda: not opened.window.findChildren(HealthDialog))
    settings.close()


def test_the_status_bar_tells_of_upkeep(opened: Opened) -> None:
    worker, before = opened.window.session.worker, opened.window.progress.text
    changes: list[bool] = []
    opened.window.background.library_changed.connect(changes.append)
    worker.maintenance_progressed.emit(_moment("recluster", 3))
    assert "Training" in opened.window.progress.text
    worker.maintained.emit("recluster", True)
    assert opened.window.progress.text == before
    assert changes == [], "no photo came or went"
