"""The one table of what can be done in the preview: text, tooltip, keys and icon of each command.

These keys have no modifier and belong to the preview while it is open; the pane binds them, the tool row shows them,
and the window's list of shortcuts can take its rows from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

# Marks a text for translation and returns it as it is; PySide's own declaration forgets that it is a string.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)

CONTEXT: Final = "Preview"
_Key = Qt.Key


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do in the preview; without an icon, it has no button."""

    key: str
    text: str
    icon: str
    keys: tuple[Qt.Key, ...] = ()
    checkable: bool = False

    def label(self) -> str:
        """Return the translated text."""
        return QCoreApplication.translate(CONTEXT, self.text)

    def shown_keys(self) -> str:
        """Return the first key as this system writes it, or nothing."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""

    def hint(self) -> str:
        """Return the tooltip: the text, with its key."""
        keys = self.shown_keys()
        return f"{self.label()} ({keys})" if keys else self.label()


COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "close",
        QT_TRANSLATE_NOOP("Preview", "Back to the photos"),
        "back",
        (_Key.Key_Escape, _Key.Key_Space, _Key.Key_Return, _Key.Key_Enter),
    ),
    Command("previous", QT_TRANSLATE_NOOP("Preview", "Previous photo"), "previous", (_Key.Key_Left, _Key.Key_PageUp)),
    Command("next", QT_TRANSLATE_NOOP("Preview", "Next photo"), "next", (_Key.Key_Right, _Key.Key_PageDown)),
    Command("first", QT_TRANSLATE_NOOP("Preview", "First photo"), "", (_Key.Key_Home,)),
    Command("last", QT_TRANSLATE_NOOP("Preview", "Last photo"), "", (_Key.Key_End,)),
    Command("zoom_out", QT_TRANSLATE_NOOP("Preview", "Zoom out"), "zoom-out", (_Key.Key_Minus,)),
    Command("zoom_in", QT_TRANSLATE_NOOP("Preview", "Zoom in"), "zoom-in", (_Key.Key_Plus, _Key.Key_Equal)),
    Command("fit", QT_TRANSLATE_NOOP("Preview", "Fit in the window"), "zoom-fit", (_Key.Key_0,)),
    Command("pixels", QT_TRANSLATE_NOOP("Preview", "Original size"), "zoom-actual", (_Key.Key_1,)),
    Command("turn_left", QT_TRANSLATE_NOOP("Preview", "Turn the view left"), "rotate-left", (_Key.Key_BracketLeft,)),
    Command(
        "turn_right", QT_TRANSLATE_NOOP("Preview", "Turn the view right"), "rotate-right", (_Key.Key_BracketRight,)
    ),
    Command(
        "region",
        QT_TRANSLATE_NOOP("Preview", "Search by a part of the photo"),
        "region",
        (_Key.Key_R,),
        checkable=True,
    ),
    Command("find_similar", QT_TRANSLATE_NOOP("Preview", "Find similar"), "find-similar", (_Key.Key_F,)),
    Command("details", QT_TRANSLATE_NOOP("Preview", "Details"), "details", (_Key.Key_I,), checkable=True),
)
