"""Notices: shown in place, one after the other, the same ones once, with buttons and time."""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.notices import NoticeBar

_WAIT = 15_000


def _bar(qtbot: QtBot) -> NoticeBar:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.move(300, 300)  # not under the pointer
    return bar


def _says(bar: NoticeBar) -> str:
    return " | ".join(label.text() for label in bar.findChildren(QLabel) if label.text() and label.isVisibleTo(bar))


def _buttons(bar: NoticeBar) -> list[QPushButton]:
    return [button for button in bar.findChildren(QPushButton) if button.isVisibleTo(bar)]


def _close(bar: NoticeBar) -> None:
    closing = bar.findChild(QToolButton)
    assert isinstance(closing, QToolButton)
    closing.click()


def test_nothing_to_say_takes_no_room(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    assert bar.isHidden()
    assert bar.text == ""
    assert bar.count == 0


def test_a_notice_ends_when_its_time_is_over(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    with qtbot.waitSignal(bar.closed, timeout=_WAIT) as caught:
        notice = bar.show_notice("Copied", timeout_ms=20)
        assert bar.text == "Copied"
        assert not bar.isHidden()
    assert caught.args == [notice]
    assert bar.isHidden()


def test_an_error_stays_until_it_is_closed(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("The disk is full", kind="error")
    assert not bar._timer.isActive()
    with qtbot.waitSignal(bar.closed, timeout=_WAIT):
        _close(bar)
    assert bar.isHidden()


def test_a_button_acts_and_ends_the_notice(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    done: list[str] = []
    bar.show_notice("Folder dropped", actions=[("Add", lambda: done.append("add")), ("Never", lambda: None)])
    assert [button.text() for button in _buttons(bar)] == ["Add", "Never"]
    _buttons(bar)[0].click()
    assert done == ["add"]
    assert bar.isHidden()


def test_what_a_button_does_may_show_the_next_notice(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("One", actions=[("Go on", lambda: bar.show_notice("Two"))])
    _buttons(bar)[0].click()
    assert bar.text == "Two"
    assert _buttons(bar) == []


def test_several_come_one_after_the_other(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("First")
    bar.show_notice("Second")
    bar.show_notice("Third")
    assert bar.text == "First"
    assert "2 more" in _says(bar)
    _close(bar)
    assert bar.text == "Second"
    assert "1 more" in _says(bar)
    _close(bar)
    assert bar.text == "Third"
    assert "more" not in _says(bar)


def test_one_that_stays_gives_way_and_comes_back(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("The worker gave up", kind="error")
    bar.show_notice("Copied", timeout_ms=20)
    assert bar.text == "Copied"
    qtbot.waitUntil(lambda: bar.text == "The worker gave up", timeout=_WAIT)
    bar.show_notice("The disk is full", kind="error")
    assert bar.text == "The worker gave up"


def test_the_same_again_is_counted(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    first = bar.show_notice("Cannot read it", kind="warning")
    assert bar.show_notice("Cannot read it", kind="warning") == first
    bar.show_notice("Cannot read it", kind="warning")
    assert bar.count == 1
    assert "3\N{MULTIPLICATION SIGN}" in _says(bar)
    assert bar.show_notice("Cannot read it", kind="error") != first


def test_time_stands_still_under_the_pointer(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("Read me", timeout_ms=600_000)
    assert bar._timer.isActive()
    middle = QPointF(bar.rect().center())
    QApplication.sendEvent(bar, QEnterEvent(middle, middle, middle))
    assert not bar._timer.isActive()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()
    assert 0 < bar._timer.remainingTime() <= 660_000  # Qt rounds long times


def test_a_notice_is_withdrawn_when_it_does_not_hold_any_more(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    first = bar.show_notice("Busy", kind="error")
    second = bar.show_notice("Full", kind="error")
    bar.withdraw(second)
    assert bar.text == "Busy"
    bar.withdraw(first)
    bar.withdraw(first)
    assert bar.isHidden()


def test_names_of_files_are_no_markup(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("<b>bold</b>.jpg & more")
    label = next(label for label in bar.findChildren(QLabel) if label.text().startswith("<b>"))
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_escape_closes_it(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("Message")
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_everything_has_a_name(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.show_notice("Message", actions=[("Undo", lambda: None)])
    assert bar.accessibleName()
    for button in [*bar.findChildren(QToolButton), *_buttons(bar)]:
        assert button.accessibleName() or button.text()


def test_it_is_painted_in_light_and_dark(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.resize(600, 60)
    bar.show_notice("A long message that wraps " * 6, kind="warning", actions=[("Retry", lambda: None)])
    shots = []
    for dark in (False, True):
        bar.setPalette(theme.palette(dark=dark))
        shots.append(bar.grab().toImage())
    assert shots[0] != shots[1]
    assert bar.sizeHint().height() > 30


def test_a_name_that_is_no_unicode_is_shown(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    for _ in range(2):
        bar.show_notice(os.fsdecode(b"/photos/caf\xe9.jpg is gone"))
    assert bar.text == "/photos/caf\N{REPLACEMENT CHARACTER}.jpg is gone"
    assert bar.count == 1
