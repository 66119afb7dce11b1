"""Several libraries: which folder is one, choosing and making one, and the menu of the recent ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from photofind.gui.patience import within_a_moment
from photofind.gui.preferences import Preferences

_DATABASE: Final = "library.db"


def is_library(folder: Path) -> bool:
    """Tell whether a folder holds a library; one on a disk that does not answer holds none, for now."""
    return within_a_moment(lambda: os.path.isfile(folder / _DATABASE), otherwise=False)


def reason_not_to_open(folder: Path) -> str:
    """Return why a folder cannot be opened as a library; nothing when it holds one."""
    return within_a_moment(partial(_reason_not_to_open, folder), otherwise=_no_answer(folder))


def reason_not_to_make(folder: Path) -> str:
    """Return why no new library can be made in a folder; nothing when it is empty and can be written."""
    return within_a_moment(partial(_reason_not_to_make, folder), otherwise=_no_answer(folder))


def _no_answer(folder: Path) -> str:
    words = QCoreApplication.translate("Libraries", "The disk of {} does not answer; try again when it does.")
    return words.format(folder)


def _reason_not_to_open(folder: Path) -> str:
    if os.path.isfile(folder / _DATABASE):
        return ""
    if not folder.is_dir():
        words = QCoreApplication.translate("Libraries", "There is no library in {} any more.")
    else:
        words = QCoreApplication.translate("Libraries", "There is no library in {}; choose another folder.")
    return words.format(folder)


def _reason_not_to_make(folder: Path) -> str:
    if os.path.isfile(folder / _DATABASE):
        words = QCoreApplication.translate("Libraries", "{} holds a library already; open it instead.")
        return words.format(folder)
    try:
        with os.scandir(folder) as entries:
            empty = next(entries, None) is None
    except OSError as error:
        words = QCoreApplication.translate("Libraries", "{} cannot be used: {}.")
        return words.format(folder, error.strerror or error)
    if not empty:
        words = QCoreApplication.translate("Libraries", "{} holds other files; choose an empty folder.")
        return words.format(folder)
    if not os.access(folder, os.W_OK):
        words = QCoreApplication.translate("Libraries", "{} may not be written; choose another folder.")
        return words.format(folder)
    return ""


def title(library: Path) -> str:
    """Return a short name for a library: its folder, with the folder above to tell equal names apart."""
    return f"{library.name} ({library.parent})" if library.name else str(library)


def fill_libraries_menu(menu: QMenu, preferences: Preferences, current: Path, choose: Callable[[Path], object]) -> None:
    """Put the recent libraries into a menu, the current one checked; ``choose`` is called with another one."""
    menu.clear()
    for library in preferences.recent_libraries:
        entry = menu.addAction(title(library).replace("&", "&&"))
        entry.setToolTip(str(library))
        entry.setCheckable(True)
        entry.setChecked(library == current)
        entry.setEnabled(library == current or is_library(library))
        if library != current:
            entry.triggered.connect(partial(_choose, choose, library))
    if menu.isEmpty():
        menu.addAction(QCoreApplication.translate("Libraries", "No other libraries yet")).setEnabled(False)


def _choose(choose: Callable[[Path], object], library: Path, *_: object) -> None:
    choose(library)


class LibraryChooser(QObject):
    """Asks for the folder of another library, in dialogs that do not block.

    Parameters
    ----------
    parent
        The widget that the dialogs belong to.
    """

    chosen = Signal(object)
    """The folder (a Path) of a library, or an empty one where a library shall be made."""

    refused = Signal(str)
    """The chosen folder will not do: a sentence that says why."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent

    def choose(self) -> None:
        """Ask for a library, or for an empty folder that is to become one."""
        self._ask(self.tr("Open a library, or choose an empty folder for a new one"), _reason_against_both)

    def open_existing(self) -> None:
        """Ask for the folder of a library."""
        self._ask(self.tr("Open another library"), reason_not_to_open)

    def make_new(self) -> None:
        """Ask for an empty folder."""
        self._ask(self.tr("Choose an empty folder for the new library"), reason_not_to_make)

    def take(self, folder: Path, reason_against: Callable[[Path], str]) -> None:
        """Judge a folder: it is chosen, or refused with the reason."""
        reason = reason_against(folder)
        if reason:
            self.refused.emit(reason)
        else:
            self.chosen.emit(folder)

    def _ask(self, title: str, reason_against: Callable[[Path], str]) -> None:
        dialog = QFileDialog(self._widget, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.take(Path(name), reason_against))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _reason_against_both(folder: Path) -> str:
    return "" if is_library(folder) else reason_not_to_make(folder)
