"""The field for words: when it speaks up, and what leaves it alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.words_field import WordsField
from tests.support.windows import drop_on

WAIT_MS = 20_000


class Heard:
    """A field beside another one, and what it has said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.page = QWidget()
        qtbot.addWidget(self.page)
        self.field, self.other = WordsField(self.page), QLineEdit(self.page)
        column = QVBoxLayout(self.page)
        column.addWidget(self.field)
        column.addWidget(self.other)
        self.said: list[tuple[str, str]] = []
        self.field.typed.connect(lambda text: self.said.append(("typed", text)))
        self.field.finished.connect(lambda text: self.said.append(("finished", text)))
        self.field.settled.connect(lambda: self.said.append(("settled", "")))
        self.field.left.connect(lambda: self.said.append(("left", "")))
        self.page.show()
        with qtbot.waitActive(self.page):
            self.page.activateWindow()
        self.field.setFocus()

    def paused(self) -> None:
        """Wait until the pause after the last key is over."""
        self.qtbot.waitUntil(lambda: not self.field.is_pending, timeout=WAIT_MS)


@pytest.fixture
def heard(qtbot: QtBot) -> Heard:
    return Heard(qtbot)


def test_it_speaks_up_once_after_the_last_key(heard: Heard) -> None:
    QTest.keyClicks(heard.field, "dog")
    assert heard.said == []
    heard.paused()
    assert heard.said == [("typed", "dog")]


def test_return_does_not_wait(heard: Heard) -> None:
    QTest.keyClicks(heard.field, "dog")
    QTest.keyClick(heard.field, Qt.Key.Key_Return)
    assert heard.said == [("finished", "dog")]
    assert not heard.field.is_pending


def test_emptying_it_does_not_wait(heard: Heard) -> None:
    QTest.keyClicks(heard.field, "d")
    QTest.keyClick(heard.field, Qt.Key.Key_Backspace)
    assert heard.said == [("typed", "")]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Down])
def test_leaving_by_key_takes_the_text_as_it_is(heard: Heard, key: Qt.Key) -> None:
    QTest.keyClicks(heard.field, "dog")
    QTest.keyClick(heard.field, key)
    assert heard.said == [("finished", "dog"), ("left", "")]
    heard.said.clear()
    QTest.keyClick(heard.field, key)
    assert heard.said == [("settled", ""), ("left", "")]
    assert heard.field.text() == "dog"


def test_going_somewhere_else_takes_the_text_as_it_is(heard: Heard) -> None:
    QTest.keyClicks(heard.field, "dog")
    heard.other.setFocus()
    assert heard.said == [("finished", "dog")]


def test_what_is_being_typed_outlives_a_change_of_something_else(heard: Heard) -> None:
    heard.field.show_words("dog")
    QTest.keyClick(heard.field, Qt.Key.Key_End)
    QTest.keyClicks(heard.field, " on a")
    heard.field.show_words("dog")  # other filters, say
    assert heard.field.text() == "dog on a"
    assert heard.field.is_pending
    heard.field.show_words("cat")  # another query
    assert heard.field.text() == "cat"
    assert not heard.field.is_pending
    assert heard.said == []


def test_a_space_at_the_end_stays_while_typing(heard: Heard) -> None:
    QTest.keyClicks(heard.field, "dog ")
    heard.field.show_words("dog")
    heard.paused()
    heard.field.show_words("dog")
    assert heard.field.text() == "dog "


def test_what_was_not_searched_for_yet_can_be_forgotten(heard: Heard) -> None:
    heard.field.show_words("dog")
    QTest.keyClicks(heard.field, "x")
    heard.field.cancel_pending()
    assert heard.field.text() == "dog"
    assert heard.said == []


def test_pictures_are_no_words_but_dropped_text_is(heard: Heard) -> None:
    dropped: list[object] = []
    heard.field.dropped.connect(dropped.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/p/new.jpg")])
    assert drop_on(heard.field, mime)
    assert len(dropped) == 1
    assert heard.field.text() == ""
    text = QMimeData()
    text.setText("dog")
    assert drop_on(heard.field, text)
    assert heard.field.text() == "dog"
    assert len(dropped) == 1


def test_it_says_what_it_is_for(heard: Heard) -> None:
    assert heard.field.accessibleName()
    assert "beach" in heard.field.placeholderText()
    assert heard.field.isClearButtonEnabled()
