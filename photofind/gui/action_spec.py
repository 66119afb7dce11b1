"""What a row of the table of actions says: text, tooltip, icon, keys and place in the menus, each as it is shown.

A key without a modifier (Space, Enter, Escape) belongs to the widget that has the focus, or else it would be missing in
text fields. Such an action names its ``owner`` and is listed with its keys, but the owner is who binds them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

# Marks a text for translation and returns it as it is; PySide's own declaration forgets that it is a string.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)

CONTEXT: Final = "Actions"
"""The context of the table's texts in the translations."""

Owner = Literal["window", "grid"]


class Menu(StrEnum):
    """The menus, in the order of the menu bar; the value is the title."""

    FILE = QT_TRANSLATE_NOOP("Actions", "&File")
    EDIT = QT_TRANSLATE_NOOP("Actions", "&Edit")
    VIEW = QT_TRANSLATE_NOOP("Actions", "&View")
    PHOTO = QT_TRANSLATE_NOOP("Actions", "&Photo")
    SEARCH = QT_TRANSLATE_NOOP("Actions", "&Search")
    HELP = QT_TRANSLATE_NOOP("Actions", "&Help")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing the user can do.

    ``shortcuts`` are standard keys, which each system binds in its own way, or sequences; the first is the one that is
    shown. Actions of one ``group`` exclude each other. ``opens`` a block of the menu with a line above it.
    """

    key: str
    menu: Menu
    text: str
    tooltip: str
    icon: str
    shortcuts: tuple[QKeySequence.StandardKey | str, ...] = ()
    checkable: bool = False
    owner: Owner = "window"
    group: str = ""
    opens: bool = False
    role: QAction.MenuRole = QAction.MenuRole.NoRole

    def sequences(self) -> list[QKeySequence]:
        """Return the key sequences on this system, the one to show first."""
        found: list[QKeySequence] = []
        for shortcut in self.shortcuts:
            bound = [QKeySequence(shortcut)] if isinstance(shortcut, str) else QKeySequence.keyBindings(shortcut)
            found += [sequence for sequence in bound if sequence not in found]
        return found

    def label(self) -> str:
        """Return the translated text with its mnemonic."""
        return QCoreApplication.translate(CONTEXT, self.text)

    def plain_label(self) -> str:
        """Return the translated text as it reads: without mnemonic and dots."""
        return self.label().replace("&", "").removesuffix("…").rstrip()

    def hint(self) -> str:
        """Return the translated tooltip, with the shortcut if there is one."""
        words = QCoreApplication.translate(CONTEXT, self.tooltip)
        keys = self.shown_keys()
        return f"{words} ({keys})" if keys else words

    def shown_keys(self) -> str:
        """Return the first shortcut as this system writes it, or nothing."""
        sequences = self.sequences()
        return sequences[0].toString(QKeySequence.SequenceFormat.NativeText) if sequences else ""
