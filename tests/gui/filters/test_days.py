"""Days that are typed or chosen from a calendar."""

from __future__ import annotations

import datetime

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.gui.filters.days import CalendarPopup, DayField, parse_day

D = datetime.date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", None, None),
        ("  ", None, None),
        ("2021", D(2021, 1, 1), D(2021, 12, 31)),
        ("2020-2", D(2020, 2, 1), D(2020, 2, 29)),
        ("2021/12", D(2021, 12, 1), D(2021, 12, 31)),
        (" 2021-03-05 ", D(2021, 3, 5), D(2021, 3, 5)),
        ("2021.3.5", D(2021, 3, 5), D(2021, 3, 5)),
        ("5.3.2021", D(2021, 3, 5), D(2021, 3, 5)),
        ("3.2021", D(2021, 3, 1), D(2021, 3, 31)),
        ("03/2021", D(2021, 3, 1), D(2021, 3, 31)),
        ("٢٠٢١", D(2021, 1, 1), D(2021, 12, 31)),
    ],
)
def test_what_can_be_typed(text: str, first: datetime.date | None, last: datetime.date | None) -> None:
    assert parse_day(text, last=False) == first
    assert parse_day(text, last=True) == last


@pytest.mark.parametrize(
    "text", ["x", "20", "0000", "2021-13", "2021-00", "2021-02-30", "30.2.2021", "0000-01", "20211"]
)
def test_what_is_no_day(text: str) -> None:
    for last in (False, True):
        with pytest.raises(ValueError, match=r".*"):
            parse_day(text, last=last)


@pytest.fixture
def field(qtbot: QtBot) -> DayField:
    made = DayField(last=True)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_typing_a_day(field: DayField) -> None:
    heard: list[object] = []
    field.day_changed.connect(lambda: heard.append(field.day))
    QTest.keyClicks(field, "2021")
    assert field.day == D(2021, 12, 31)
    QTest.keyClicks(field, "-0")
    assert not field.is_sound
    assert field.accessibleDescription()
    assert field.palette().text() != field.palette().windowText()
    QTest.keyClicks(field, "3")
    assert field.is_sound
    assert heard == [D(2021, 12, 31), D(2021, 3, 31)]
    field.set_day(D(2021, 3, 31))
    assert field.text() == "2021-03", "what is typed stays while it means the same"
    field.clear()
    assert field.day is None
    assert len(heard) == 3


def test_showing_a_day_tells_nobody(field: DayField, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(field.day_changed):
        field.set_day(D(2021, 3, 5))
        assert field.text() == "2021-03-05"
        field.setText("2021-03-0x")
        field.set_day(None)
    assert field.text() == ""
    assert field.is_sound


def test_choosing_from_the_calendar(field: DayField, qtbot: QtBot) -> None:
    field.set_day(D(2021, 3, 5))
    field.show_calendar()
    (popup,) = field.findChildren(CalendarPopup)
    qtbot.waitExposed(popup)
    assert popup.calendar.selectedDate() == QDate(2021, 3, 5)
    popup.calendar.setSelectedDate(QDate(2021, 3, 9))
    QTest.keyClick(popup.calendar, Qt.Key.Key_Return)
    popup.calendar.activated.emit(QDate(2021, 3, 9))
    qtbot.waitUntil(lambda: field.day == D(2021, 3, 9), timeout=10_000)
    assert field.text() == "2021-03-09"
