"""The rows of the menu Search: what is asked for and how it is searched."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QKeySequence

from photofind.gui.action_spec import QT_TRANSLATE_NOOP, ActionSpec, Menu

_Std = QKeySequence.StandardKey

SEARCH: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        "words",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "Search by &words"),
        QT_TRANSLATE_NOOP("Actions", "Type what you remember of the photos; the key / does it as well"),
        "words",
        (_Std.Find,),
    ),
    ActionSpec(
        "search_file",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "Search by &image file…"),
        QT_TRANSLATE_NOOP("Actions", "Find photos that look like an image file"),
        "search-file",
        ("Ctrl+Shift+I",),
    ),
    ActionSpec(
        "clear_query",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "&Clear the search"),
        QT_TRANSLATE_NOOP("Actions", "Take all words and images out of the search"),
        "clear",
        ("Ctrl+Shift+L",),
    ),
    ActionSpec(
        "expand",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "Look for &more of the same"),
        QT_TRANSLATE_NOOP("Actions", "Search again with what the best results have in common"),
        "more-of-the-same",
        ("Ctrl+Shift+D",),
        checkable=True,
        opens=True,
    ),
    ActionSpec(
        "exact",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "&Exact search"),
        QT_TRANSLATE_NOOP("Actions", "Compare with every photo: slower, and misses nothing"),
        "exact",
        ("Ctrl+Shift+X",),
        checkable=True,
    ),
    ActionSpec(
        "accuracy",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "Accurac&y and speed"),
        QT_TRANSLATE_NOOP("Actions", "What each position of the slider finds, and how long it takes"),
        "accuracy",
        ("Ctrl+Shift+K",),
    ),
    ActionSpec(
        "filters",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "&Filters"),
        QT_TRANSLATE_NOOP("Actions", "Show only photos of some days, folders, cameras or kinds"),
        "filter",
        ("F8",),
        checkable=True,
        opens=True,
    ),
    ActionSpec(
        "clear_filters",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "Clea&r the filters"),
        QT_TRANSLATE_NOOP("Actions", "Take all filters off; the search stays"),
        "filter-clear",
        ("Shift+F8",),
    ),
    ActionSpec(
        "save_search",
        Menu.SEARCH,
        QT_TRANSLATE_NOOP("Actions", "&Save this search…"),
        QT_TRANSLATE_NOOP("Actions", "Keep this search with its filters by a name"),
        "bookmark-add",
        (_Std.Save,),
        opens=True,
    ),
)
