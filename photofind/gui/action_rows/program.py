"""The rows of the menus File and Help: the library and the program as a whole."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QAction, QKeySequence

from photofind.gui.action_spec import QT_TRANSLATE_NOOP, ActionSpec, Menu

_Std = QKeySequence.StandardKey

FILE: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "add_folder",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "&Add a folder…"),
        QT_TRANSLATE_NOOP("Actions", "Add a folder of photos to the library"),
        "folder-add",
        (_Std.Open,),
    ),
    ActionSpec(
        "rescan_all",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "&Rescan all folders"),
        QT_TRANSLATE_NOOP("Actions", "Look for new, changed and removed photos in all folders"),
        "rescan",
        (_Std.Refresh,),
    ),
    ActionSpec(
        "pause",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "&Pause indexing"),
        QT_TRANSLATE_NOOP("Actions", "Pause reading photos, or go on"),
        "pause",
        ("Ctrl+Shift+P",),
        checkable=True,
    ),
    ActionSpec(
        "index_health",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "Index &health…"),
        QT_TRANSLATE_NOOP("Actions", "See how the search index is, and look after it"),
        "index-health",
        ("Ctrl+Shift+H",),
    ),
    ActionSpec(
        "open_library",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "Open &library…"),
        QT_TRANSLATE_NOOP("Actions", "Open another library, or make a new one"),
        "library",
        ("Ctrl+Shift+O",),
        opens=True,
    ),
    ActionSpec(
        "settings",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "&Settings…"),
        QT_TRANSLATE_NOOP("Actions", "Change how photofind looks and works"),
        "settings",
        ("Ctrl+,",),
        opens=True,
        role=QAction.MenuRole.PreferencesRole,
    ),
    ActionSpec(
        "quit",
        Menu.FILE,
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        QT_TRANSLATE_NOOP("Actions", "Close photofind; indexing goes on at the next start"),
        "quit",
        ("Ctrl+Q",),
        opens=True,
        role=QAction.MenuRole.QuitRole,
    ),
)

HELP: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "shortcuts",
        Menu.HELP,
        QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"),
        QT_TRANSLATE_NOOP("Actions", "List all keyboard shortcuts"),
        "keyboard",
        ("F1", "Ctrl+/"),
    ),
    ActionSpec(
        "log",
        Menu.HELP,
        QT_TRANSLATE_NOOP("Actions", "&Log…"),
        QT_TRANSLATE_NOOP("Actions", "Show what went wrong, or clear it"),
        "details",
    ),
    ActionSpec(
        "about",
        Menu.HELP,
        QT_TRANSLATE_NOOP("Actions", "&About photofind"),
        QT_TRANSLATE_NOOP("Actions", "Version, licence and where the data lies"),
        "about",
        role=QAction.MenuRole.AboutRole,
    ),
)
