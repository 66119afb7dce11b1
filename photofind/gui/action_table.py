"""The one table of actions: what the user can do, by which keys, and where in the menus.

Everything else follows from ``ACTIONS``: the menus, the tooltips, the list of shortcuts in the window and the texts to
translate.

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

_Std = QKeySequence.StandardKey


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


ACTIONS: Final[tuple[ActionSpec, ...]] = (
    # File
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
    # Edit
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
        QT_TRANSLATE_NOOP("Actions", "Copy &path"),
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
    # View
    ActionSpec(
        "home",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "All &photos"),
        QT_TRANSLATE_NOOP("Actions", "Show all photos of the library"),
        "home",
        ("Alt+Home",),
    ),
    ActionSpec(
        "back",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Back"),
        QT_TRANSLATE_NOOP("Actions", "Go back to what was shown before"),
        "back",
        (_Std.Back,),
    ),
    ActionSpec(
        "forward",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Forward"),
        QT_TRANSLATE_NOOP("Actions", "Go forward again"),
        "forward",
        (_Std.Forward,),
    ),
    ActionSpec(
        "sort_date",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Sort by &date"),
        QT_TRANSLATE_NOOP("Actions", "Sort by the time when the photos were taken"),
        "sort-date",
        ("Ctrl+1",),
        checkable=True,
        group="sort",
        opens=True,
    ),
    ActionSpec(
        "sort_name",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Sort by &name"),
        QT_TRANSLATE_NOOP("Actions", "Sort by the names of the files"),
        "sort-name",
        ("Ctrl+2",),
        checkable=True,
        group="sort",
    ),
    ActionSpec(
        "sort_folder",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Sort by fo&lder"),
        QT_TRANSLATE_NOOP("Actions", "Sort by folder, then by name"),
        "sort-folder",
        ("Ctrl+3",),
        checkable=True,
        group="sort",
    ),
    ActionSpec(
        "sort_size",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Sort by &size"),
        QT_TRANSLATE_NOOP("Actions", "Sort by the size of the files"),
        "sort-size",
        ("Ctrl+4",),
        checkable=True,
        group="sort",
    ),
    ActionSpec(
        "sort_reversed",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "&Reverse the order"),
        QT_TRANSLATE_NOOP("Actions", "Turn the order around"),
        "sort-reversed",
        ("Ctrl+Shift+R",),
        checkable=True,
    ),
    ActionSpec(
        "larger",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Lar&ger thumbnails"),
        QT_TRANSLATE_NOOP("Actions", "Show fewer, larger photos"),
        "larger",
        ("Ctrl++", "Ctrl+="),
        opens=True,
    ),
    ActionSpec(
        "smaller",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "S&maller thumbnails"),
        QT_TRANSLATE_NOOP("Actions", "Show more, smaller photos"),
        "smaller",
        ("Ctrl+-",),
    ),
    ActionSpec(
        "folders_panel",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Fold&ers"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide the folders of the library"),
        "folders",
        ("F9",),
        checkable=True,
        opens=True,
    ),
    ActionSpec(
        "saved_panel",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Sa&ved searches"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide the searches that were saved"),
        "bookmark",
        ("Ctrl+B",),
        checkable=True,
    ),
    ActionSpec(
        "details_panel",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "De&tails"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide the details of the photo"),
        "details",
        ("Ctrl+I",),
        checkable=True,
    ),
    ActionSpec(
        "errors_panel",
        Menu.VIEW,
        QT_TRANSLATE_NOOP("Actions", "Files that &could not be read"),
        QT_TRANSLATE_NOOP("Actions", "Show or hide the list of files that could not be read"),
        "errors",
        ("Ctrl+Shift+E",),
        checkable=True,
    ),
    # Photo
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
    # Search
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
    # Help
    ActionSpec(
        "shortcuts",
        Menu.HELP,
        QT_TRANSLATE_NOOP("Actions", "&Keyboard shortcuts"),
        QT_TRANSLATE_NOOP("Actions", "List all keyboard shortcuts"),
        "keyboard",
        ("F1", "Ctrl+/"),
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
