"""A list of folders in the settings, with buttons to add and remove them, and a word on those that are not there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from photofind.gui.errands import Errands
from photofind.gui.names import displayable
from photofind.gui.settings.movable import MovableList
from photofind.gui.settings.page import ErrorLabel

_LEAST: Final = 64
_PATH: Final = Qt.ItemDataRole.UserRole


class FolderNames(QWidget):
    """Folders in an order that the user may change; one that is away is kept and told, it may come back."""

    checked = Signal(object)
    """It is known which of the folders are not there: their paths, as a list."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._errands = Errands("photofind-folders", self)
        self.destroyed.connect(self._errands.close)
        self.list = MovableList(self)
        self.list.setAccessibleName(label.replace("&", "").removesuffix(":"))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.list.setMinimumHeight(_LEAST)
        self.list.currentRowChanged.connect(self._update_buttons)
        words = QLabel(label, self)
        words.setBuddy(self.list)
        self.add = self._button(self.tr("Add…"), self.choose)
        self.remove = self._button(self.tr("Remove"), self._on_remove)
        self.verdict = ErrorLabel(self)
        self.verdict.hide()
        buttons = QVBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(words)
        column.addLayout(row, 1)
        column.addWidget(self.verdict)
        self._update_buttons()

    def folders(self) -> tuple[str, ...]:
        """Return the folders in their order."""
        return tuple(self.list.item(row).data(_PATH) for row in range(self.list.count()))

    def set_folders(self, folders: Sequence[str]) -> None:
        """Show these folders."""
        self.list.clear()
        for folder in folders:
            self._append(folder)
        self._look()

    def choose(self) -> None:
        """Ask for a folder to add."""
        dialog = QFileDialog(self, self.tr("Choose a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.add_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_folder(self, folder: str) -> None:
        """Add a folder at the end, once."""
        folder = os.path.abspath(folder)
        if folder not in self.folders():
            self._append(folder)
        self.list.setCurrentRow(self.folders().index(folder))
        self._look()

    def _append(self, folder: str) -> None:
        entry = QListWidgetItem(displayable(folder), self.list)
        entry.setData(_PATH, folder)
        entry.setToolTip(displayable(folder))

    def _on_remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.list.takeItem(row)
        self._look()

    def _look(self) -> None:
        """Ask the disks which folders are not there, without waiting for them."""
        self._update_buttons()
        folders = self.folders()
        self._errands.do(lambda: [folder for folder in folders if not os.path.isdir(folder)], self._tell)

    def _tell(self, missing: list[str]) -> None:
        still = [folder for folder in missing if folder in self.folders()]
        if len(still) == 1:
            self.verdict.setText(self.tr("This folder is not there now: {}").format(displayable(still[0])))
        else:
            self.verdict.setText(self.tr("These folders are not there now: {}").format(displayable(", ".join(still))))
        self.verdict.setVisible(bool(still))
        self.checked.emit(still)

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{text.removesuffix('…')}: {self.list.accessibleName()}")
        button.clicked.connect(act)
        return button

    def _update_buttons(self) -> None:
        self.remove.setEnabled(self.list.currentRow() >= 0)
