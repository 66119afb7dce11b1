"""The list of keys in the window is the table of actions."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from photofind.gui.actions import ACTIONS
from photofind.gui.shortcuts import ShortcutsDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> ShortcutsDialog:
    made = ShortcutsDialog()
    qtbot.addWidget(made)
    return made


def _look_for(dialog: ShortcutsDialog, text: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(text)


def test_every_action_with_keys_is_listed(dialog: ShortcutsDialog) -> None:
    rows = dialog.shown()
    for spec in ACTIONS:
        if spec.shortcuts:
            assert any(label == spec.plain_label() and spec.shown_keys() in keys for label, keys in rows), spec.key
    assert dict(rows)["Preview"].startswith("Space")
    assert "Next photo" in dict(rows)
    assert "Ctrl+wheel" in dict(rows).values()


def test_keys_of_special_keyboards_are_left_out(dialog: ShortcutsDialog) -> None:
    assert "Copy" not in dict(dialog.shown())["Copy image"]


def test_one_can_look_for_an_action_or_a_key(dialog: ShortcutsDialog) -> None:
    _look_for(dialog, "SORT name")
    assert [label for label, _ in dialog.shown()] == ["Sort by name"]
    _look_for(dialog, "ctrl+shift+x")
    assert [label for label, _ in dialog.shown()] == ["Exact search"]
    _look_for(dialog, "")
    assert len(dialog.shown()) > len(ACTIONS)


def test_it_goes_away_when_it_is_closed(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    dialog.open()
    dialog.close()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=15_000)
