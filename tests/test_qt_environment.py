"""Whether Qt works here at all, before tests of windows blame the windows."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


class _Bell(QObject):
    rung = Signal(str)


def test_a_window_is_shown_on_no_screen(qtbot: QtBot) -> None:
    label = QLabel("photo")
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    assert QGuiApplication.platformName() == "offscreen"
    shown = label.grab().toImage()
    assert shown.width() > 0
    assert shown.pixelColor(0, 0).isValid()


def test_signals_cross_the_event_loop(qtbot: QtBot) -> None:
    bell = _Bell()
    with qtbot.waitSignal(bell.rung, timeout=5000) as caught:
        QTimer.singleShot(0, lambda: bell.rung.emit("ding"))
    assert caught.args == ["ding"]


def test_drawing_does_not_wear_out_none() -> None:
    # PySide6 6.12 takes a reference from None with each call; on Python 3.11 and older the interpreter then aborts.
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    colour = QColor("red")
    painter.fillRect(0, 0, 4, 4, colour)
    before = sys.getrefcount(None)
    for _ in range(1000):
        painter.fillRect(0, 0, 4, 4, colour)
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < 50
