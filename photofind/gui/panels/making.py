"""What the panels are made of: flat buttons above a list, and a note in the place of an empty one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from photofind.gui import theme

ICON = 18


def flat_button(parent: QWidget, icon: str, text: str, tip: str = "", *, shows_text: bool = False) -> QToolButton:
    """Return a button that is an icon, with its text beside it or only spoken."""
    button = QToolButton(parent)
    button.setAutoRaise(True)
    button.setIcon(theme.icon(icon))
    button.setIconSize(QSize(ICON, ICON))
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    if shows_text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def empty_note(parent: QWidget, text: str) -> QLabel:
    """Return the note that stands where a list has nothing to show."""
    note = QLabel(text, parent)
    note.setAccessibleName(text)
    note.setAlignment(Qt.AlignmentFlag.AlignCenter)
    note.setWordWrap(True)
    note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return note
