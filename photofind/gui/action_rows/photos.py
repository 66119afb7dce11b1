"""The rows of the menus Edit and Photo: what is done with the selected photos."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QKeySequence

from photofind.gui.action_spec import QT_TRANSLATE_NOOP, ActionSpec, Menu

_Std = QKeySequence.StandardKey

EDIT: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "copy_image",
        Menu.EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Copy image"),
        QT_TRANSLATE_NOOP("Actions", "Copy the photo to the clipboard"),
        "copy",
        (_Std.Copy,),
    ),
    ActionSpec(
        "copy_path",
        Menu.EDIT,
        QT_TRANSLATE_NOOP("Actions", "Copy pat&h"),
        QT_TRANSLATE_NOOP("Actions", "Copy the names of the selected files with their folders"),
        "copy-path",
        ("Ctrl+Shift+C",),
    ),
    ActionSpec(
        "paste",
        Menu.EDIT,
        QT_TRANSLATE_NOOP("Actions", "P&aste image to search"),
        QT_TRANSLATE_NOOP("Actions", "Find photos that look like the image in the clipboard"),
        "paste",
        (_Std.Paste,),
    ),
    ActionSpec(
        "select_all",
        Menu.EDIT,
        QT_TRANSLATE_NOOP("Actions", "&Select all"),
        QT_TRANSLATE_NOOP("Actions", "Select every photo that is listed"),
        "select-all",
        (_Std.SelectAll,),
        opens=True,
    ),
    ActionSpec(
        "select_none",
        Menu.EDIT,
        QT_TRANSLATE_NOOP("Actions", "Select &none"),
        QT_TRANSLATE_NOOP("Actions", "Clear the selection"),
        "select-none",
        ("Ctrl+Shift+A",),
    ),
)

PHOTO: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "find_similar",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&Find similar"),
        QT_TRANSLATE_NOOP("Actions", "Find photos that look like the selected ones"),
        "find-similar",
        ("Ctrl+E",),
    ),
    ActionSpec(
        "more_like",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&More like this"),
        QT_TRANSLATE_NOOP("Actions", "Add the selected photos to what is searched for"),
        "more-like",
        ("Ctrl+M",),
    ),
    ActionSpec(
        "less_like",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&Less like this"),
        QT_TRANSLATE_NOOP("Actions", "Lead the search away from the selected photos"),
        "less-like",
        ("Ctrl+Shift+M",),
    ),
    ActionSpec(
        "preview",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&Preview"),
        QT_TRANSLATE_NOOP("Actions", "Look at the photo in full"),
        "preview",
        ("Space", "Return"),
        owner="grid",
    ),
    ActionSpec(
        "open_default",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&Open in another program"),
        QT_TRANSLATE_NOOP("Actions", "Open the photo in the program that the system has for it"),
        "open-external",
        ("Ctrl+Return", "Ctrl+Enter"),
        opens=True,
    ),
    ActionSpec(
        "show_in_manager",
        Menu.PHOTO,
        QT_TRANSLATE_NOOP("Actions", "&Show in the file manager"),
        QT_TRANSLATE_NOOP("Actions", "Show the file in its folder"),
        "show-in-folder",
        ("Ctrl+Shift+S",),
    ),
)
