"""The months beside the scroll bar."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from photofind.gui.grid.months import MonthIndex, first_day
from photofind.gui.grid.scrubber import DateScrubber

EPOCH = date(1970, 1, 1).toordinal()
DAYS = st.lists(st.integers(-4000, 30_000), min_size=1, max_size=200).map(sorted)


def day(year: int, month: int, number: int = 1) -> int:
    return date(year, month, number).toordinal() - EPOCH


@settings(deadline=None)
@given(days=DAYS, descending=st.booleans())
def test_every_row_is_in_its_month(days: list[int], descending: bool) -> None:
    ordered = np.array(days[::-1] if descending else days, np.int32)
    index = MonthIndex.of(ordered)
    assert index is not None
    for row, number in enumerate(ordered.tolist()):
        assert first_day(index.month_at(row)) == date.fromordinal(number + EPOCH).replace(day=1)
    assert index.rows[0] == 0
    assert len(set(index.months.tolist())) == len(index.months)


@settings(deadline=None)
@given(days=DAYS, height=st.integers(10, 1500))
def test_texts_never_overlap(days: list[int], height: int) -> None:
    index = MonthIndex.of(np.array(days, np.int32))
    assert index is not None
    marks = index.marks(height, 16, 5.0)
    texts = [mark.y for mark in marks if mark.is_written]
    assert all(later - earlier >= 15 for earlier, later in pairwise(texts))  # y is rounded
    assert all(0 <= mark.y <= height for mark in marks)
    assert len(marks) <= 2 * height / 5 + 2


def test_days_that_are_not_sorted_have_no_months() -> None:
    assert MonthIndex.of(np.array([5, 900, 5], np.int32)) is None
    assert MonthIndex.of(np.empty(0, np.int32)) is None


def test_impossible_days_are_bounded() -> None:
    index = MonthIndex.of(np.array([-(2**31), 0, 2**31 - 1], np.int32))
    assert index is not None
    assert [first_day(index.month_at(row)).year for row in range(3)] == [1, 1970, 9999]


@pytest.fixture
def scrubber(qtbot: QtBot) -> DateScrubber:
    made = DateScrubber()
    qtbot.addWidget(made)
    made.resize(made.sizeHint().width(), 600)
    return made


def four_years() -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.linspace(day(2023, 12, 31), day(2020, 1, 1), 4000).astype(np.int32)


def test_it_is_there_only_with_months_in_order(scrubber: DateScrubber) -> None:
    assert scrubber.isHidden()
    scrubber.set_days(four_years())
    assert not scrubber.isHidden()
    scrubber.set_days(np.full(10, 5, np.int32))
    assert scrubber.isHidden()
    scrubber.set_days(four_years()[::-1])
    assert not scrubber.isHidden()
    scrubber.set_days(np.array([1, 900, 1], np.int32))
    assert scrubber.isHidden()
    scrubber.set_days(None)
    assert scrubber.isHidden()
    assert scrubber.marks() == []
    assert scrubber.month_text(5) == ""


def test_years_are_written_and_months_ticked(scrubber: DateScrubber) -> None:
    scrubber.set_days(four_years())
    marks = scrubber.marks()
    assert [first_day(mark.month).year for mark in marks if mark.is_written] == [2023, 2022, 2021, 2020]
    assert len(marks) == 48
    few = np.linspace(day(2021, 1), day(2021, 12), 400).astype(np.int32)
    scrubber.set_days(few)
    assert sum(mark.is_written for mark in scrubber.marks()) > 8  # a single year leaves room for its months
    scrubber.grab()


def test_a_click_goes_to_its_month(scrubber: DateScrubber) -> None:
    days = four_years()
    scrubber.set_days(days)
    scrubber.show()
    scrubber.resize(scrubber.width(), 600)
    written = [mark for mark in scrubber.marks() if mark.is_written]
    asked: list[int] = []
    scrubber.row_requested.connect(asked.append)
    QTest.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(20, written[2].y + 10))
    assert asked == [written[2].row]
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=QPoint(20, 300))
    assert abs(asked[-1] - 2000) < 60
    QTest.mouseClick(scrubber, Qt.MouseButton.RightButton, pos=QPoint(20, 30))
    assert len(asked) == 2
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton)


def test_a_bubble_tells_the_month(scrubber: DateScrubber) -> None:
    scrubber.set_days(four_years())
    scrubber.set_view(0, 40)
    scrubber.show()
    QTest.mouseMove(scrubber, QPoint(10, 300))
    QApplication.processEvents()
    bubble = scrubber.findChild(QLabel)
    assert bubble is not None
    assert bubble.isVisible()
    assert bubble.text() == scrubber.month_text(300) != ""
    scrubber.grab()
    QApplication.sendEvent(scrubber, QEvent(QEvent.Type.Leave))
    assert not bubble.isVisible()


def test_it_marks_what_is_seen(scrubber: DateScrubber) -> None:
    scrubber.set_days(four_years())
    scrubber.set_view(0, 100)
    top = scrubber.grab().toImage()
    scrubber.set_view(3000, 3100)
    assert scrubber.grab().toImage() != top
    assert scrubber.accessibleName() == "Dates"
