"""Calls in a thread of their own: their order, their errors, and that they keep nothing of the window's."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from photofind.core.errors import UserError
from photofind.gui.errands import Errands

WAIT_MS = 20_000
NAME = "errands-of-a-test"


class Asking(QWidget):
    """A widget that has something looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.errands = Errands(NAME, self)
        self.seen: list[object] = []

    def receive(self, answer: object) -> None:
        self.seen.append((answer, threading.current_thread() is threading.main_thread()))

    def complain(self, words: str) -> None:
        self.seen.append(words)


@pytest.fixture
def asking(qtbot: QtBot) -> Iterator[Asking]:
    widget = Asking()
    yield widget
    widget.errands.close()
    qtbot.waitUntil(lambda: not _threads(), timeout=WAIT_MS)


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


def test_answers_come_in_their_order_to_the_window(asking: Asking, qtbot: QtBot) -> None:
    assert _threads() == []
    for number in range(20):
        asking.errands.do(lambda number=number: number, asking.receive)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(asking.seen) == 20, timeout=WAIT_MS)
    assert asking.seen == [(number, True) for number in range(20)]
    assert len(_threads()) == 1


def test_what_the_user_can_mend_is_told_in_its_words(asking: Asking, qtbot: QtBot) -> None:
    def fail() -> None:
        raise UserError("Plug the disk in.")

    asking.errands.do(fail, asking.receive, asking.complain)
    asking.errands.do(fail, asking.receive)  # nobody wants to know
    asking.errands.do(lambda: "next", asking.receive)
    qtbot.waitUntil(lambda: len(asking.seen) == 2, timeout=WAIT_MS)
    assert asking.seen == ["Plug the disk in.", ("next", True)]


def test_a_bug_is_told_without_its_words_and_reported(asking: Asking, qtbot: QtBot) -> None:
    with capture_exceptions() as exceptions:
        asking.errands.do(lambda: int("missing"), asking.receive, asking.complain)
        qtbot.waitUntil(lambda: bool(asking.seen), timeout=WAIT_MS)
    assert "missing" not in str(asking.seen[0])
    assert [kind for kind, _, _ in exceptions] == [ValueError]


def test_after_the_end_nothing_is_said(asking: Asking, qtbot: QtBot) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        go_on.wait(20)

    asking.errands.do(wait, asking.receive)
    assert begun.wait(20)
    asking.errands.close()
    go_on.set()
    qtbot.waitUntil(lambda: not _threads(), timeout=WAIT_MS)
    qtbot.wait(10)
    assert asking.seen == []


def test_who_asked_may_go_while_the_thread_is_at_work(qtbot: QtBot) -> None:
    """The thread would otherwise be the last to let go of a widget, and destroy it beside the window's thread."""
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        go_on.wait(20)

    asking = Asking()
    gone = weakref.ref(asking)
    asking.errands.do(wait, asking.receive)
    assert begun.wait(20)
    del asking
    gc.collect()
    assert gone() is None
    assert len(_threads()) == 1
    go_on.set()
    qtbot.waitUntil(lambda: not _threads(), timeout=WAIT_MS)  # it ends with whom it worked for
