"""The page of the libraries: which one is open, and how to come to another."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from photofind.core.status import LibraryStatus
from photofind.gui import numbers
from photofind.gui.libraries import LibraryChooser, is_library
from photofind.gui.preferences import Preferences
from photofind.gui.settings.page import SettingsPage

_PATH: Final = Qt.ItemDataRole.UserRole


class LibraryPage(SettingsPage):
    """Where the library lies and how large it is; buttons and a list to open another."""

    library_wanted = Signal(object)
    """The user wants another library: its folder (a Path)."""

    health_requested = Signal()
    """The user wants to see how the search index is."""

    refused = Signal(str)
    """A folder that was chosen will not do: why."""

    def __init__(self, preferences: Preferences, library: Path, parent: QWidget | None = None) -> None:
        super().__init__("library", parent)
        self.set_title(self.tr("Library"))
        self._preferences = preferences
        self._library = library
        self.chooser = LibraryChooser(self)
        self.chooser.chosen.connect(self.library_wanted)
        self.chooser.refused.connect(self.refused)
        self._add_current()
        self._add_recent()

    def set_status(self, status: LibraryStatus) -> None:
        """Show the numbers of the library."""
        self.photos.setText(numbers.grouped(status.photos))
        self.disk.setText(QLocale().formattedDataSize(status.bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat))

    def _add_current(self) -> None:
        form = self.add_form()
        form.setFieldGrowthPolicy(form.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.location = QLineEdit(str(self._library), self)
        self.location.setReadOnly(True)
        self.location.setCursorPosition(0)
        self.add_row(form, self.tr("&Location:"), self.location)
        unknown = "\N{HORIZONTAL ELLIPSIS}"
        self.photos, self.disk = QLabel(unknown, self), QLabel(unknown, self)
        form.addRow(self.tr("Photos:"), self.photos)
        form.addRow(self.tr("Size on disk:"), self.disk)
        self.column.addWidget(
            self.quiet(
                self.tr("The library holds what photofind knows about your photos, never the photos themselves."),
                below=True,
            )
        )
        open_other = QPushButton(self.tr("&Open another…"), self)
        open_other.setToolTip(self.tr("Open the library in another folder"))
        open_other.clicked.connect(self.chooser.open_existing)
        make_new = QPushButton(self.tr("&New…"), self)
        make_new.setToolTip(self.tr("Make a new library in an empty folder"))
        make_new.clicked.connect(self.chooser.make_new)
        row = QHBoxLayout()
        row.addWidget(open_other)
        row.addWidget(make_new)
        row.addStretch(1)
        self.health = QPushButton(self.tr("Index &health…"), self)
        self.health.setToolTip(self.tr("See how the search index is, and look after it"))
        self.health.clicked.connect(self.health_requested)
        row.addWidget(self.health)
        self.column.addLayout(row)
        self.column.addSpacing(8)

    def _add_recent(self) -> None:
        label = QLabel(self.tr("&Recent libraries:"), self)
        self.recent = QListWidget(self)
        self.recent.setAccessibleName(self.tr("Recent libraries"))
        self.recent.setSpacing(3)
        self.recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.recent.itemActivated.connect(self._on_switch)
        self.recent.itemSelectionChanged.connect(self._update_buttons)
        label.setBuddy(self.recent)
        self.switch = QPushButton(self.tr("S&witch to it"), self)
        self.switch.clicked.connect(self._on_switch)
        self.forget = QPushButton(self.tr("&Take off the list"), self)
        self.forget.setToolTip(self.tr("The library itself stays where it is"))
        self.forget.clicked.connect(self._on_forget)
        row = QHBoxLayout()
        row.addWidget(self.switch)
        row.addWidget(self.forget)
        row.addStretch(1)
        self.column.addWidget(label)
        self.shrinkable(self.recent, 110)
        self.column.addWidget(self.recent, 1)
        self.column.addLayout(row)
        self._fill_recent()

    def _fill_recent(self) -> None:
        self.recent.clear()
        for library in self._preferences.recent_libraries:
            words = str(library)
            if library == self._library:
                words = self.tr("{} (open)").format(library)
            elif not is_library(library):
                words = self.tr("{} (not there)").format(library)
            entry = QListWidgetItem(words, self.recent)
            entry.setData(_PATH, library)
            entry.setToolTip(str(library))
        self._update_buttons()

    def _current(self) -> Path | None:
        paths = [entry.data(_PATH) for entry in self.recent.selectedItems()]
        return next((path for path in paths if isinstance(path, Path)), None)

    def _update_buttons(self) -> None:
        path = self._current()
        other = path is not None and path != self._library
        self.switch.setEnabled(other and path is not None and is_library(path))
        self.forget.setEnabled(other)

    def _on_switch(self) -> None:
        path = self._current()
        if path is not None and path != self._library and is_library(path):
            self.library_wanted.emit(path)

    def _on_forget(self) -> None:
        path = self._current()
        if path is not None:
            self._preferences.forget_library(path)
            self._fill_recent()
