"""The one table of what can be done in the review: text, tooltip, keys and icon of each command.

These keys have no modifier and belong to the review while it is open; the page binds them, its buttons show them, and
the window's list of shortcuts takes its rows from here. The keys of the pictures that are compared are in
``compare.commands``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from photofind.gui.action_spec import QT_TRANSLATE_NOOP

CONTEXT: Final = "Review"
_Key = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier

Keys = Qt.Key | QKeyCombination


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do in the review; without an icon, it has no button."""

    key: str
    text: str
    icon: str
    keys: tuple[Keys, ...] = ()

    def label(self) -> str:
        """Return the translated text."""
        return QCoreApplication.translate(CONTEXT, self.text)

    def shown_keys(self) -> str:
        """Return all keys as this system writes them, or nothing."""
        native = QKeySequence.SequenceFormat.NativeText
        return "  ".join(QKeySequence(key).toString(native) for key in self.keys)

    def hint(self) -> str:
        """Return the tooltip: the text, with its first key."""
        if not self.keys:
            return self.label()
        shown = QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
        return f"{self.label()} ({shown})"


COMMANDS: Final[tuple[Command, ...]] = (
    Command("close", QT_TRANSLATE_NOOP("Review", "Back to the photos"), "back", (_Key.Key_Escape,)),
    Command("next", QT_TRANSLATE_NOOP("Review", "Next group"), "down", (_Key.Key_J, _Key.Key_Down)),
    Command("previous", QT_TRANSLATE_NOOP("Review", "Previous group"), "up", (_Key.Key_K, _Key.Key_Up)),
    Command("page_down", QT_TRANSLATE_NOOP("Review", "A page of groups on"), "", (_Key.Key_PageDown,)),
    Command("page_up", QT_TRANSLATE_NOOP("Review", "A page of groups back"), "", (_Key.Key_PageUp,)),
    Command("first", QT_TRANSLATE_NOOP("Review", "First group"), "", (_Key.Key_Home,)),
    Command("last", QT_TRANSLATE_NOOP("Review", "Last group"), "", (_Key.Key_End,)),
    Command("member_back", QT_TRANSLATE_NOOP("Review", "Previous photo of the group"), "previous", (_Key.Key_Left,)),
    Command("member_on", QT_TRANSLATE_NOOP("Review", "Next photo of the group"), "next", (_Key.Key_Right,)),
    Command(
        "toggle",
        QT_TRANSLATE_NOOP("Review", "Mark the photo to be removed, or not"),
        "",
        (_Key.Key_Space, _Key.Key_X, _Key.Key_Delete),
    ),
    Command("keep", QT_TRANSLATE_NOOP("Review", "Keep the photo"), "keep", (_Key.Key_1,)),
    Command("remove", QT_TRANSLATE_NOOP("Review", "Remove the photo"), "trash", (_Key.Key_2,)),
    Command("skip", QT_TRANSLATE_NOOP("Review", "Leave the photo undecided"), "skip", (_Key.Key_3,)),
    Command("clear", QT_TRANSLATE_NOOP("Review", "Take the mark off the photo"), "", (_Key.Key_Backspace,)),
    Command(
        "accept",
        QT_TRANSLATE_NOOP("Review", "Accept the suggestions and go on"),
        "accept",
        (_Key.Key_Return, _Key.Key_Enter),
    ),
    Command(
        "reject",
        QT_TRANSLATE_NOOP("Review", "This photo is no duplicate"),
        "not-duplicate",
        (_Key.Key_N,),
    ),
    Command(
        "dismiss",
        QT_TRANSLATE_NOOP("Review", "No photo of the group is a duplicate"),
        "not-duplicates",
        (QKeyCombination(_SHIFT, _Key.Key_N),),
    ),
)

BY_KEY: Final = {command.key: command for command in COMMANDS}


def all_commands() -> tuple[Command, ...]:
    """Return what can be done in the review and with the two photos that are compared there."""
    from photofind.gui.review.compare import commands as compare  # its table is made of this module's rows

    return COMMANDS + compare.COMMANDS


def command_for(key: int, modifiers: Qt.KeyboardModifier) -> str | None:
    """Return the command that a key press means, None when it means none."""
    pressed = modifiers & ~Qt.KeyboardModifier.KeypadModifier
    return _BOUND.get((key, pressed.value))


def _bound(keys: Keys) -> tuple[int, int]:
    if isinstance(keys, QKeyCombination):
        return keys.key().value, keys.keyboardModifiers().value
    return keys.value, 0


_BOUND: Final = {_bound(keys): command.key for command in COMMANDS for keys in command.keys}
