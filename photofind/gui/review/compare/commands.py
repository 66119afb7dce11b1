"""The one table of what can be done with two photos that are compared; the review lists it beside its own.

The review's page forwards the keys that are not its own, so these must be none of ``photofind.gui.review.commands``.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QKeyCombination, Qt

from photofind.gui.action_spec import QT_TRANSLATE_NOOP
from photofind.gui.review.commands import Command

_Key = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def _shifted(key: Qt.Key) -> QKeyCombination:
    return QKeyCombination(_SHIFT, key)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("side", QT_TRANSLATE_NOOP("Review", "Side by side; again: swap"), "compare-side", (_Key.Key_S,)),
    Command("overlay", QT_TRANSLATE_NOOP("Review", "One over the other"), "compare-overlay", (_Key.Key_O,)),
    Command("blink", QT_TRANSLATE_NOOP("Review", "One after the other; again: the other"), "blink", (_Key.Key_B,)),
    Command("difference", QT_TRANSLATE_NOOP("Review", "What differs"), "compare-difference", (_Key.Key_D,)),
    Command("swap", QT_TRANSLATE_NOOP("Review", "Swap the photos"), "swap", (_Key.Key_W,)),
    Command("sync", QT_TRANSLATE_NOOP("Review", "Move both photos together"), "sync", (_Key.Key_Z,)),
    Command("zoom_out", QT_TRANSLATE_NOOP("Review", "Zoom out"), "zoom-out", (_Key.Key_Minus,)),
    Command("zoom_in", QT_TRANSLATE_NOOP("Review", "Zoom in"), "zoom-in", (_Key.Key_Plus, _Key.Key_Equal)),
    Command("fit", QT_TRANSLATE_NOOP("Review", "Fit in the window"), "zoom-fit", (_Key.Key_0,)),
    Command("pixels", QT_TRANSLATE_NOOP("Review", "Original size"), "zoom-actual", (_Key.Key_P,)),
    Command("gain", QT_TRANSLATE_NOOP("Review", "Show differences stronger"), "", (_Key.Key_G,)),
    Command("facts", QT_TRANSLATE_NOOP("Review", "Facts about both photos"), "details", (_Key.Key_I,)),
    Command(
        "left",
        QT_TRANSLATE_NOOP("Review", "Move the divider or the view to the left"),
        "",
        (_shifted(_Key.Key_Left),),
    ),
    Command(
        "right",
        QT_TRANSLATE_NOOP("Review", "Move the divider or the view to the right"),
        "",
        (_shifted(_Key.Key_Right),),
    ),
    Command("up", QT_TRANSLATE_NOOP("Review", "Move the view up"), "", (_shifted(_Key.Key_Up),)),
    Command("down", QT_TRANSLATE_NOOP("Review", "Move the view down"), "", (_shifted(_Key.Key_Down),)),
)

_TYPED_WITH_SHIFT: Final = frozenset({_Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus, _Key.Key_0})
"""Where some keyboards have these, so that Shift says nothing."""


def command_for(key: int, modifiers: Qt.KeyboardModifier) -> str | None:
    """Return the command that a key press means, None when it means none."""
    pressed = modifiers & ~Qt.KeyboardModifier.KeypadModifier
    if key in _TYPED_WITH_SHIFT:
        pressed &= ~_SHIFT
    return _BOUND.get((key, pressed.value))


def _bound(key: Qt.Key | QKeyCombination) -> tuple[int, int]:
    if isinstance(key, QKeyCombination):
        return key.key().value, key.keyboardModifiers().value
    return key.value, 0


_BOUND: Final = {_bound(key): command.key for command in COMMANDS for key in command.keys}
