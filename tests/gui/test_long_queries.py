"""Queries of more parts than the bar has room for: every part can be reached, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.chip_area import ChipArea, MoreButton
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.query_bar import QueryBar
from tests.support.asking import CTRL, Answered, NoTiles
from tests.support.windows import Opened, drop_on

PARTS = tuple(QueryPart.of_file(f"/photos/{number:02}.jpg") for number in range(50))


class Bar:
    """A bar in a window, which does what it asks for."""

    def __init__(self, qtbot: QtBot, parts: tuple[QueryPart, ...] = PARTS) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.bar = QueryBar(NoTiles(), self.window)
        column = QVBoxLayout(self.window)
        column.addWidget(self.bar)
        column.addStretch(1)
        self.window.resize(1000, 400)
        self.query: WindowQuery | None = WindowQuery(parts)
        self.bar.part_removed.connect(lambda part: self.show(self._asked().without(part)))
        self.bar.part_replaced.connect(lambda part, other: self.show(self._asked().changing(part, other)))
        self.bar.part_moved.connect(lambda part, place: self.show(self._asked().moving(part, place)))
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.show(self.query)

    @property
    def more(self) -> MoreButton:
        return self.bar.findChildren(MoreButton)[0]

    @property
    def area(self) -> ChipArea:
        return self.bar.findChildren(ChipArea)[0]

    @property
    def focused(self) -> QueryPart:
        (chip,) = (chip for chip in self.bar.chips if chip.hasFocus())
        return chip.part

    def show(self, query: WindowQuery | None) -> None:
        self.query = query
        self.bar.show_place(query, [(-1, None)])

    def parts(self) -> tuple[QueryPart, ...]:
        return self._asked().parts

    def seen(self) -> list[QueryPart]:
        """Return the parts whose chips can be seen as a whole."""
        for _ in range(3):  # one layout follows the other
            QApplication.sendPostedEvents()
        return [chip.part for chip in self.bar.chips if chip.visibleRegion().boundingRect() == chip.rect()]

    def press(self, key: Qt.Key) -> None:
        """Press a key where the keyboard is."""
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)

    def _asked(self) -> WindowQuery:
        assert self.query is not None
        return self.query


def test_the_rest_is_opened_and_closed_by_a_button(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    shown = bar.seen()
    assert bar.more.text() == f"and {50 - len(shown)} more"
    bar.more.click()
    assert [chip.part for chip in bar.bar.chips] == list(PARTS)
    assert bar.focused == PARTS[len(shown)], "the first that was not shown"
    assert bar.more.text() == "Show fewer"
    assert len(bar.seen()) > len(shown)
    assert bar.bar.minimumSizeHint().width() == 0
    bar.more.click()
    assert bar.seen() == shown
    assert not bar.area.isVisible()


def test_the_keyboard_opens_it_reaches_every_part_and_closes_it(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    bar.bar.chips[0].setFocus()
    for _ in range(2 * len(bar.seen())):  # each has a button as well
        bar.press(Qt.Key.Key_Tab)
    assert bar.more.hasFocus()
    QTest.keyClick(bar.more, Qt.Key.Key_Space)
    first = PARTS.index(bar.focused)
    for part in PARTS[first:]:
        assert bar.focused == part
        assert part in bar.seen()
        bar.press(Qt.Key.Key_Right)
    assert bar.focused == PARTS[-1]
    bar.press(Qt.Key.Key_Escape)
    assert not bar.area.isVisible()
    assert bar.more.hasFocus()


def test_parts_far_behind_are_taken_out_weighed_and_moved(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    bar.more.click()
    bar.bar.chips[40].setFocus()
    QTest.keyClick(bar.bar.chips[40], Qt.Key.Key_Minus)
    assert bar.focused == PARTS[40].weighted(-1.0)
    QTest.keyClick(bar.bar.chips[40], Qt.Key.Key_Left, CTRL)
    assert bar.parts()[39:41] == (PARTS[40].weighted(-1.0), PARTS[39])
    assert bar.focused == bar.parts()[39]
    QTest.keyClick(bar.bar.chips[39], Qt.Key.Key_Delete)
    assert bar.parts() == (*PARTS[:40], *PARTS[41:])
    assert bar.focused == PARTS[39]
    assert PARTS[39] in bar.seen()


def test_what_has_not_changed_is_not_made_anew(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    wanted: list[QueryPart] = []
    bar.bar.picture_wanted.connect(wanted.append)
    bar.more.click()
    before = bar.bar.chips
    assert sorted(part.label for part in wanted) == sorted(part.label for part in PARTS[6:])
    before[20].removed.emit(PARTS[20])
    assert bar.bar.chips == before[:20] + before[21:]
    assert len(wanted) == 44
    bar.show(None)
    assert bar.bar.chips == []


def test_it_closes_by_itself_when_everything_fits_again(qtbot: QtBot) -> None:
    bar = Bar(qtbot, PARTS[:8])
    bar.more.click()
    bar.bar.chips[0].setFocus()
    while bar.area.isVisible():
        assert len(bar.parts()) > 3
        QTest.keyClick(bar.bar.chips[0], Qt.Key.Key_Delete)
    assert bar.seen() == list(bar.parts())
    assert not bar.more.isVisible()
    assert bar.focused == bar.parts()[0]
    bar.show(WindowQuery(PARTS))
    assert not bar.area.isVisible()


def test_a_few_long_names_in_a_narrow_window_can_be_opened_as_well(qtbot: QtBot) -> None:
    long = tuple(QueryPart.of_words(f"{number} friends on a long and sunny beach") for number in range(4))
    bar = Bar(qtbot, long)
    bar.window.resize(500, 400)
    assert len(bar.seen()) < 4
    bar.more.click()
    QTest.keyClick(bar.bar.chips[3], Qt.Key.Key_Delete)
    assert bar.area.isVisible(), "they do not fit yet"
    assert [chip.part for chip in bar.bar.chips] == list(long[:3])


def test_a_picture_that_comes_late_makes_room_for_itself(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    bar.more.click()
    picture = QPixmap(60, 40)
    picture.fill(Qt.GlobalColor.red)
    height = bar.area.verticalScrollBar().maximum()
    for part in PARTS:
        bar.bar.set_picture(part, picture)
    qtbot.waitUntil(lambda: bar.area.verticalScrollBar().maximum() > height, timeout=15_000)
    assert all(chip.width() >= chip.sizeHint().width() for chip in bar.bar.chips)


def test_places_between_lines_are_told_apart(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    bar.more.click()
    bar.bar.grab()
    for place in (0, 3, 9, 17):
        chip = bar.bar.chips[place]
        middle = chip.mapTo(bar.bar, chip.rect().center())
        assert bar.bar._place_at(QPointF(middle - QPoint(4, 0))) == place
        assert bar.bar._place_at(QPointF(middle + QPoint(4, 0))) == place + 1


def test_photos_dropped_on_the_open_bar_are_passed_on(qtbot: QtBot) -> None:
    bar = Bar(qtbot)
    bar.more.click()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/p/new.jpg")])
    with qtbot.waitSignal(bar.bar.dropped, timeout=15_000):
        assert drop_on(bar.bar, mime)


@pytest.fixture
def answered(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> Answered:
    return Answered(opened, monkeypatch)


@pytest.mark.usefixtures("answered")
def test_in_the_window_the_keyboard_stays_at_the_parts(opened: Opened) -> None:
    bar = opened.window.query_bar
    opened.do("select_all")
    opened.do("find_similar")
    query = opened.window.browser.query
    assert query is not None
    count = len(query.parts)
    assert count > 20
    bar.findChildren(MoreButton)[0].click()
    last = bar.chips[-1]
    QTest.mouseClick(last.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert len(bar.chips) == count - 1
    bar.chips[-1].setFocus()
    QTest.keyClick(bar.chips[-1], Qt.Key.Key_Delete)
    assert len(bar.chips) == count - 2
    assert bar.chips[-1].hasFocus()
    QTest.keyClick(bar.chips[-1], Qt.Key.Key_Escape)
    assert opened.window.browser.query is not None, "Escape only closes the bar"
    assert len(bar.chips) == 6
