"""Widgets in lines, and what becomes of the items of a layout that is emptied."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.filters.flow import FlowLayout, empty


@pytest.mark.parametrize("kind", [QHBoxLayout, FlowLayout])
def test_an_emptied_layout_deletes_its_items_and_keeps_its_widgets(qtbot: QtBot, kind: type[QLayout]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = kind(window)
    button = QPushButton(window)
    for _ in range(2):
        layout.addWidget(button)
        if isinstance(layout, QHBoxLayout):
            layout.addStretch(1)
        items = [layout.itemAt(place) for place in range(layout.count())]
        empty(layout)
        assert layout.count() == 0
        assert not any(shiboken6.isValid(item) for item in items)
        assert shiboken6.isValid(button)
