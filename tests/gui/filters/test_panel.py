"""The panel of the filters: fields that say what the user wants, and show what holds."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from photofind.core.queries import Filters, Orientation
from photofind.gui.filters.choices import ChoiceBox
from photofind.gui.filters.panel import FilterPanel

_WAIT = 15_000
TODAY = datetime.date(2024, 3, 10)
D = datetime.date


@pytest.fixture
def panel(qtbot: QtBot) -> FilterPanel:
    made = FilterPanel(today=lambda: TODAY)
    qtbot.addWidget(made)
    made.set_folders(["/photos/holidays", "/photos/home"])
    made.set_cameras(["Canon", "Nikon D70"])
    made.set_formats(["HEIF", "JPEG", "PNG"])
    made.resize(900, 100)
    made.show()
    qtbot.waitExposed(made)
    return made


def _pick(box: ChoiceBox, words: str) -> None:
    row = box.findText(words)
    assert row >= 0, words
    box.setCurrentIndex(row)
    box.activated.emit(row)


def _wanted(panel: FilterPanel, qtbot: QtBot) -> Filters:
    with qtbot.waitSignal(panel.filters_changed, timeout=_WAIT) as caught:
        pass
    assert caught.args is not None
    filters = caught.args[0]
    assert isinstance(filters, Filters)
    return filters


def test_each_field_is_a_filter(panel: FilterPanel, qtbot: QtBot) -> None:
    _pick(panel.folder, "home")
    _pick(panel.camera, "Nikon D70")
    _pick(panel.size_box, "≥ 8 megapixels")
    _pick(panel.shape, "Portrait")
    _pick(panel.location, "With a location")
    QTest.keyClicks(panel.since, "2021")
    QTest.keyClicks(panel.until, "2021-05")
    for entry in _entries(panel):
        if entry.text() in ("JPEG", "HEIF"):
            entry.trigger()
    assert _wanted(panel, qtbot) == Filters(
        folders=("/photos/home",),
        cameras=("Nikon D70",),
        formats=("HEIF", "JPEG"),
        since=D(2021, 1, 1),
        until=D(2021, 5, 31),
        min_megapixels=8,
        orientation=Orientation.PORTRAIT,
        has_gps=True,
    )
    assert panel.types.text() == "2 types"
    assert panel.when.currentText() == "Other days"


def _entries(panel: FilterPanel) -> list[QAction]:
    menu = panel.types.menu()
    assert isinstance(menu, QMenu)
    return menu.actions()


def test_changes_settle_into_one(panel: FilterPanel) -> None:
    heard: list[Filters] = []
    panel.filters_changed.connect(heard.append)
    for words in ("Portrait", "Square", "Landscape"):
        _pick(panel.shape, words)
    assert heard == []
    QTest.keyClick(panel.since, Qt.Key.Key_Return)
    assert heard == [Filters(orientation=Orientation.LANDSCAPE)]
    _pick(panel.shape, "Any shape")
    _pick(panel.shape, "Landscape")
    QTest.keyClick(panel.since, Qt.Key.Key_Return)
    assert len(heard) == 1, "nothing has changed"


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("Last 30 days", D(2024, 2, 10), None),
        ("This year", D(2024, 1, 1), D(2024, 12, 31)),
        ("Last year", D(2023, 1, 1), D(2023, 12, 31)),
    ],
)
def test_days_of_common_use(
    panel: FilterPanel, qtbot: QtBot, words: str, since: datetime.date, until: datetime.date | None
) -> None:
    _pick(panel.when, words)
    assert _wanted(panel, qtbot) == Filters(since=since, until=until)
    assert panel.when.currentText() == words
    _pick(panel.when, "Any time")
    assert _wanted(panel, qtbot) == Filters()


def test_what_has_no_field_is_kept(panel: FilterPanel, qtbot: QtBot) -> None:
    given = Filters(
        names=("IMG",),
        within=("trip",),
        places=("Rome",),
        cameras=("Leica", "M10"),
        folders=("/photos/home/a", "/b"),
        formats=("RAW",),
        min_megapixels=1,
        max_megapixels=3,
    )
    with qtbot.assertNotEmitted(panel.filters_changed, wait=400):
        panel.set_filters(given)
    assert panel.filters == given
    assert panel.folder.currentText() == "a, b"
    assert panel.camera.currentText() == "Leica, M10"
    assert panel.size_box.currentText() == "1 to 3 megapixels"
    assert panel.types.text() == "RAW"
    panel.set_cameras(["Canon"])
    panel.set_formats(["PNG"])
    panel.set_folders(["/photos"])
    assert panel.filters == given, "other choices do not change what is chosen"
    _pick(panel.location, "Without a location")
    assert _wanted(panel, qtbot) == replace(given, has_gps=False)
    panel.set_filters(Filters())
    assert panel.filters == Filters()
    assert panel.camera.findText("Leica, M10") < 0


def test_what_is_being_typed_is_left_alone_as_long_as_the_same_filters_hold(panel: FilterPanel, qtbot: QtBot) -> None:
    panel.set_filters(Filters(has_gps=True))
    QTest.keyClicks(panel.since, "2021")
    panel.set_filters(Filters(has_gps=True))
    assert panel.since.text() == "2021"
    assert _wanted(panel, qtbot) == Filters(since=D(2021, 1, 1), has_gps=True)


def test_what_was_being_typed_is_forgotten_when_other_filters_hold(panel: FilterPanel, qtbot: QtBot) -> None:
    panel.set_filters(Filters(has_gps=True))
    heard: list[Filters] = []
    panel.filters_changed.connect(heard.append)
    QTest.keyClicks(panel.since, "2021")
    panel.set_filters(Filters())
    assert panel.since.text() == ""
    assert panel.location.currentIndex() == 0
    QTest.keyClick(panel.since, Qt.Key.Key_Return)  # which would make it count at once
    _pick(panel.shape, "Square")
    panel.forget_changes()
    assert panel.shape.currentText() == "Any shape"
    QTest.keyClick(panel.since, Qt.Key.Key_Return)
    assert heard == []
    _pick(panel.camera, "Canon")
    assert _wanted(panel, qtbot) == Filters(cameras=("Canon",))


def test_what_is_wrong_with_the_days_is_said(panel: FilterPanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.since, "2022")
    assert panel.verdict.isHidden()
    QTest.keyClicks(panel.until, "2021")
    assert "No photo can match" in panel.verdict.text()
    QTest.keyClicks(panel.until, "x")
    assert "Type a day" in panel.verdict.text()
    panel.until.clear()
    assert panel.verdict.isHidden()
    assert _wanted(panel, qtbot) == Filters(since=D(2022, 1, 1))


def test_clearing(panel: FilterPanel, qtbot: QtBot) -> None:
    assert not panel.clear.isEnabled()
    panel.set_filters(Filters(names=("x",), has_gps=True))
    assert panel.clear.isEnabled()
    with qtbot.waitSignal(panel.filters_changed, timeout=_WAIT) as caught:
        panel.clear.click()
    assert caught.args == [Filters()]
    assert panel.location.currentIndex() == 0


def test_a_folder_inside(panel: FilterPanel, qtbot: QtBot) -> None:
    _pick(panel.folder, "Choose a folder…")
    (dialog,) = panel.findChildren(QFileDialog)
    assert panel.folder.currentText() == "All folders"
    dialog.reject()
    with qtbot.waitSignal(panel.refused, timeout=_WAIT) as caught:
        panel.choose_folder("/elsewhere")
    assert caught.args is not None
    assert "/elsewhere" in caught.args[0]
    panel.choose_folder("/photos/home/2021")
    assert _wanted(panel, qtbot) == Filters(folders=("/photos/home/2021",))
    assert panel.folder.currentText() == "2021"


def test_the_keyboard(panel: FilterPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    panel.begin()
    with qtbot.waitSignal(panel.closed, timeout=_WAIT):
        QTest.keyClick(panel.since, Qt.Key.Key_Escape)
    for widget in panel.findChildren(QWidget):
        if widget.window() is panel and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget


def test_a_narrow_window_gets_more_lines(panel: FilterPanel) -> None:
    wide, narrow = panel.heightForWidth(2000), panel.heightForWidth(400)
    assert 0 < wide < narrow
    assert panel.minimumSizeHint().width() < 400
