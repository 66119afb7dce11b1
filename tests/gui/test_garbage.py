"""Widgets in reference cycles are taken apart in the window's thread, whatever other threads do."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui.garbage import CycleCollector


class _Marked(QObject):
    """An object in a cycle that notes which thread takes it apart."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.me = self
        self.ended = ended

    def __del__(self) -> None:
        self.ended.append(threading.get_ident())


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[CycleCollector]:
    made = CycleCollector(qapp)
    yield made
    made.stop()


def _make_objects() -> None:
    for _ in range(20):
        kept = [[number] for number in range(5 * gc.get_threshold()[0])]
        del kept


@pytest.mark.usefixtures("collector")
def test_another_thread_takes_nothing_apart(qtbot: QtBot) -> None:
    ended: list[int] = []
    _Marked(ended)
    other = threading.Thread(target=_make_objects)
    other.start()
    other.join()
    assert ended == []
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: ended == [threading.get_ident()], timeout=20_000)
    assert kept
    assert not gc.isenabled()


def test_python_collects_again_when_it_is_stopped(collector: CycleCollector) -> None:
    collector.stop()
    assert gc.isenabled()
