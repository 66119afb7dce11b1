"""The dialog of the index's health on real libraries: what it shows, and what its buttons bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from photofind.core.settings import Settings
from photofind.gui.health.dialog import HealthDialog
from photofind.gui.health.histogram import SizesChart
from photofind.gui.session import Session
from photofind.gui.settings_dialog import SettingsDialog
from photofind.gui.worker_link import WorkerProgress
from tests.support.gallery import PHOTOS, Gallery
from tests.support.listed import NLIST, make_listed
from tests.support.program import configure
from tests.support.windows import Opened

WAIT_MS = 40_000

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


def test_an_index_is_trained_anew_by_the_real_writer(show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    make_listed(tmp_path / "library")  # with more lists than such a library would have by the settings
    segment = next((tmp_path / "library").rglob("seg-*.faiss"))
    dialog = show(tmp_path / "library")
    qtbot.waitUntil(lambda: "train it anew" in dialog.verdict, timeout=WAIT_MS)
    assert f"1 instead of {NLIST}" in dialog.offers.sentences["recluster"].text()
    (chart,) = dialog.report.findChildren(SizesChart)
    assert f"{NLIST} inverted lists" in chart.accessibleName()
    segment.unlink()
    dialog.refresh()
    qtbot.waitUntil(lambda: "damaged" in dialog.verdict, timeout=WAIT_MS)
    assert segment.name in dialog.verdict
    assert not dialog.offers.buttons["compact"].isEnabled()
    _session(dialog).worker.start()
    dialog.offers.buttons["recluster"].click()
    qtbot.waitUntil(lambda: "good shape" in dialog.verdict, timeout=WAIT_MS)
    assert "Lists: 1" in dialog.report.text()


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
