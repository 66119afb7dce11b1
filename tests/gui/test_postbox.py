"""The way from any thread to the thread of the window, and that threads keep nothing of the window's."""

from __future__ import annotations

import gc
import threading
import weakref
from functools import partial

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photofind.gui.postbox import Postbox, loosely

WAIT_MS = 20_000


class Noting(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = []

    def note(self, *values: object) -> None:
        self.seen.extend(values)


def test_calls_come_to_the_thread_of_the_postbox(qtbot: QtBot) -> None:
    postbox = Postbox()
    seen: list[tuple[int, int]] = []

    def note(number: int) -> None:
        seen.append((number, threading.get_ident()))

    def post() -> None:
        for number in range(3):
            postbox.post(partial(note, number))

    thread = threading.Thread(target=post)
    thread.start()
    thread.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=WAIT_MS)
    assert seen == [(number, threading.get_ident()) for number in range(3)]


def test_a_closed_postbox_drops_what_is_on_its_way(qtbot: QtBot) -> None:
    postbox, other = Postbox(), Postbox()
    seen: list[str] = []
    postbox.post(lambda: seen.append("dropped"))
    postbox.close()
    postbox.post(lambda: seen.append("dropped too"))
    other.post(lambda: seen.append("later"))
    qtbot.waitUntil(lambda: bool(seen), timeout=WAIT_MS)
    assert seen == ["later"]


def test_what_is_called_loosely_is_not_kept() -> None:
    noting = Noting()
    note, gone = loosely(noting.note), weakref.ref(noting)
    note("one", 2)
    assert noting.seen == ["one", 2]
    del noting
    gc.collect()
    assert gone() is None
    note("too late")


def test_what_qt_has_destroyed_is_not_called(qtbot: QtBot) -> None:
    noting = Noting()
    note = loosely(noting.note)
    with qtbot.waitSignal(noting.destroyed, timeout=WAIT_MS):
        noting.deleteLater()
    note("too late")
    assert noting.seen == []
