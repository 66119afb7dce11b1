"""The chips: what they show, and what keys, wheel, menu and mouse do to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.chips import Chip, stepped_weight, weight_text
from photofind.gui.query import QueryPart, WindowQuery
from photofind.gui.query_bar import QueryBar
from tests.support.asking import NoTiles
from tests.support.windows import drop_on

CTRL = Qt.KeyboardModifier.ControlModifier
TIMES = "\N{MULTIPLICATION SIGN}"
NOTHING = Qt.KeyboardModifier.NoModifier
DOG = QueryPart.of_words("dog")
CAT = QueryPart.of_file("/p/cat.jpg")
COW = QueryPart.of_file("/p/cow.jpg")


class Asked:
    """A chip, and what it has asked for."""

    def __init__(self, qtbot: QtBot, part: QueryPart) -> None:
        self.chip = Chip(part, None)
        qtbot.addWidget(self.chip)
        self.removed: list[QueryPart] = []
        self.replaced: list[QueryPart] = []
        self.chip.removed.connect(self.removed.append)
        self.chip.replaced.connect(lambda _, other: self.replaced.append(other))
        self.chip.show()

    def texts(self) -> list[str]:
        return [label.text() for label in self.chip.findChildren(QLabel) if label.isVisible() and label.text()]

    def wheel(self, notches: float, modifiers: Qt.KeyboardModifier = CTRL) -> bool:
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, round(notches * 120)),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        self.chip.wheelEvent(event)
        return event.isAccepted()


# What they show


def test_words_have_a_sign_instead_of_a_picture(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG)
    assert asked.texts() == ["dog"]
    assert not asked.chip.picture.isNull()


def test_what_is_turned_around_says_so_to_eye_and_ear(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG.weighted(-2.0))
    assert asked.texts() == ["not", "dog", f"{TIMES}2"]
    assert asked.chip.accessibleName() == f"Query: not dog, {TIMES}2"
    plain = Asked(qtbot, DOG)
    middle = asked.chip.rect().bottomLeft() + QPoint(3, -3)
    assert asked.chip.grab().toImage().pixelColor(middle) != plain.chip.grab().toImage().pixelColor(middle)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("weight", "text"),
    [
        (1, ""),
        (-1, ""),
        (2, f"{TIMES}2"),
        (-3, f"{TIMES}3"),
        (0.5, f"{TIMES}½"),
        (-0.5, f"{TIMES}½"),
        (1.25, f"{TIMES}1.25"),
    ],
)
def test_weights_are_written_as_people_write_them(weight: float, text: str) -> None:
    assert weight_text(weight) == text


def test_marks_follow_the_scheme(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG.weighted(-1.0))
    mark = next(label for label in asked.chip.findChildren(QLabel) if label.text() == "not")
    for dark in (True, False):
        asked.chip.setPalette(theme.palette(dark=dark))
        assert mark.palette().windowText().color() == theme.tone_colour(theme.palette(dark=dark), "error")


# What is done to them


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_a_key_takes_it_out(qtbot: QtBot, key: Qt.Key) -> None:
    asked = Asked(qtbot, DOG)
    QTest.keyClick(asked.chip, key)
    assert asked.removed == [DOG]


def test_minus_and_plus_turn_it_around(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG.weighted(2.0))
    QTest.keyClick(asked.chip, Qt.Key.Key_Minus)
    QTest.keyClick(asked.chip, Qt.Key.Key_Plus)  # it is so already
    assert asked.replaced == [DOG.weighted(-2.0)]
    negative = Asked(qtbot, DOG.weighted(-0.5))
    QTest.keyClick(negative.chip, Qt.Key.Key_Plus)
    assert negative.replaced == [DOG.weighted(0.5)]


def test_the_wheel_weighs_it_only_with_ctrl(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG)
    assert not asked.wheel(1, NOTHING)
    assert asked.wheel(0.5)
    assert asked.replaced == []
    assert asked.wheel(0.5)
    assert asked.wheel(-1)
    assert asked.replaced == [DOG.weighted(2.0), DOG.weighted(0.5)]


@pytest.mark.parametrize(
    ("weight", "steps", "then"),
    [(1.0, 1, 2.0), (3.0, 1, 3.0), (0.5, -1, 0.5), (-1.0, 2, -3.0), (-2.0, -1, -1.0), (1.8, 1, 3.0)],
)
def test_a_step_keeps_the_sign_and_stays_among_the_weights(weight: float, steps: int, then: float) -> None:
    assert stepped_weight(weight, steps) == then


def test_the_menu_turns_weighs_and_takes_out(qtbot: QtBot) -> None:
    asked = Asked(qtbot, DOG.weighted(-1.0))
    entries = {action.text(): action for action in asked.chip.menu().actions()}
    assert entries[f"Counts {TIMES}1"].isChecked()
    entries["&More like this"].trigger()
    entries[f"Counts {TIMES}3"].trigger()
    entries["&Take out"].trigger()
    assert asked.replaced == [DOG, DOG.weighted(-3.0)]
    assert asked.removed == [DOG.weighted(-1.0)]
    QTest.keyClick(asked.chip, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


# In the bar


class Shown:
    """A bar with three chips, and what it has asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bar = QueryBar(NoTiles())
        qtbot.addWidget(self.bar)
        self.moved: list[tuple[QueryPart, int]] = []
        self.dropped: list[QMimeData] = []
        self._drop_at = 0.0
        self.bar.part_moved.connect(lambda part, place: self.moved.append((part, place)))
        self.bar.dropped.connect(self.dropped.append)
        self.bar.run_drag = self._drop
        self.bar.resize(1000, 60)
        self.bar.show()
        self.bar.show_place(WindowQuery((DOG, CAT, COW)), [])

    def drag(self, place: int, *, to: float) -> None:
        """Drag a chip to a place of the bar, as far as Qt lets a test do it: what the drag carries is dropped."""
        self._drop_at = to
        chip = self.bar.chips[place]
        QTest.mousePress(chip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
        QTest.mouseMove(chip, QPoint(80, 8))
        QTest.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=QPoint(80, 8))

    def _drop(self, drag: QDrag) -> None:
        event = _FromBar(self.bar, drag.mimeData(), self._drop_at)
        self.bar.dragEnterEvent(event)
        self.bar.dragMoveEvent(event)
        assert not self.bar.grab().isNull()  # with the mark where it would come to lie
        self.bar.dropEvent(event)


class _FromBar(QDragEnterEvent):
    """A drop of what was dragged out of the bar itself."""

    def __init__(self, bar: QueryBar, mime: QMimeData, x: float) -> None:
        action = Qt.DropAction.MoveAction
        super().__init__(QPoint(round(x), 20), action, mime, Qt.MouseButton.LeftButton, NOTHING)
        self._bar = bar
        self.accept()

    def source(self) -> QueryBar:
        return self._bar


def test_a_chip_is_dragged_to_the_end_and_to_the_beginning(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.drag(0, to=900.0)
    assert shown.moved == [(DOG, 2)]
    shown.drag(2, to=0.0)
    assert shown.moved[1:] == [(COW, 0)]
    shown.drag(1, to=shown.bar.chips[1].geometry().center().x() + 1.0)  # where it is
    assert len(shown.moved) == 2
    assert not shown.dropped


def test_pictures_dropped_between_the_chips_are_passed_on(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/p/new.jpg")])
    assert drop_on(shown.bar, mime)
    assert len(shown.dropped) == 1


def test_the_arrows_go_from_chip_to_chip_and_ctrl_takes_it_along(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    with qtbot.waitActive(shown.bar):
        shown.bar.activateWindow()
    first, second, third = shown.bar.chips
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Right, CTRL)
    assert third.hasFocus()
    assert shown.moved == [(CAT, 2)]
    QTest.keyClick(third, Qt.Key.Key_Right)
    assert third.hasFocus()


def test_the_keyboard_stays_in_the_bar_when_the_chips_are_made_anew(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    with qtbot.waitActive(shown.bar):
        shown.bar.activateWindow()
    shown.bar.chips[2].setFocus()
    assert shown.bar.has_keyboard
    shown.bar.show_place(WindowQuery((DOG, CAT)), [])
    assert shown.bar.chips[1].hasFocus()
    shown.bar.show_place(None, [])
    assert not shown.bar.has_keyboard


def test_what_was_understood_stands_below_the_chips(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    line = next(label for label in shown.bar.findChildren(QLabel) if label.accessibleName() == "What was understood")
    assert not line.isVisible()
    shown.bar.show_understood("Understood: dog · beach")
    assert line.isVisible()
    assert line.text() == "Understood: dog · beach"
    assert shown.bar.minimumSizeHint().width() == 0
    shown.bar.show_understood("")
    assert not line.isVisible()


def test_a_picture_that_comes_late_finds_a_chip_that_was_weighed_meanwhile(qtbot: QtBot) -> None:
    shown = Shown(qtbot)
    shown.bar.show_place(WindowQuery((CAT.weighted(2.0),)), [])
    picture = QPixmap(40, 30)
    picture.fill(Qt.GlobalColor.red)
    shown.bar.set_picture(CAT, picture)
    assert not shown.bar.chips[0].picture.isNull()
