"""The page of duplicates: which photo of several copies is suggested to be kept, and which folders nobody touches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidgetItem, QPushButton, QWidget

from photofind.core.settings import KEEP_RULES, Settings
from photofind.gui import theme
from photofind.gui.settings.folder_names import FolderNames
from photofind.gui.settings.movable import MovableList
from photofind.gui.settings.page import SettingsPage

_RULE: Final = Qt.ItemDataRole.UserRole


class DuplicatesPage(SettingsPage):
    """Rules in the user's order, preferred folders and protected ones; they count for what is suggested next."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("duplicates", parent)
        self.set_title(self.tr("Duplicates"))
        self._settings = settings
        self._add_rules()
        self.preferred = FolderNames(self.tr("Pre&ferred folders:"), self)
        self.preferred.setToolTip(self.tr("Of two copies, the one in the folder further up is kept"))
        self.protected = FolderNames(self.tr("Pro&tected folders:"), self)
        self.protected.setToolTip(self.tr("Photos in these folders are never moved, removed or replaced"))
        self.column.addWidget(self.preferred, 2)
        self.column.addWidget(self.protected, 2)
        self.column.addWidget(
            self.quiet(
                self.tr(
                    "Photos in protected folders are never moved, removed or replaced, whatever path leads to them."
                )
            )
        )
        self.set_settings(settings)

    def set_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        self._show_rules(settings.keep_rules)
        self.preferred.set_folders(settings.preferred_folders)
        self.protected.set_folders(settings.protected_folders)

    def changes(self) -> Mapping[str, object]:
        """Return the settings that differ, None for one that is to have its default again."""
        wanted: dict[str, tuple[str, ...]] = {
            "keep_rules": self.chosen_rules(),
            "preferred_folders": self.preferred.folders(),
            "protected_folders": self.protected.folders(),
        }
        defaults = Settings()
        return {
            name: None if value == getattr(defaults, name) else value
            for name, value in wanted.items()
            if value != tuple(getattr(self._settings, name))
        }

    def problem(self) -> str:
        """Return what is wrong: without any rule nothing could be suggested."""
        return "" if self.chosen_rules() else self.tr("Choose at least one rule for which photo is kept.")

    def chosen_rules(self) -> tuple[str, ...]:
        """Return the rules that are ticked, in their order."""
        entries = (self.rules.item(row) for row in range(self.rules.count()))
        return tuple(entry.data(_RULE) for entry in entries if entry.checkState() == Qt.CheckState.Checked)

    # Making

    def _add_rules(self) -> None:
        label = QLabel(self.tr("Of several copies, &keep the one that is:"), self)
        self.rules = MovableList(self)
        self.rules.setAccessibleName(self.tr("Rules for which photo is kept, the most important first"))
        hint = self.tr("The first rule that tells two photos apart decides. Alt with the arrow keys moves a rule.")
        self.rules.setAccessibleDescription(hint)
        self.rules.currentRowChanged.connect(self._update_buttons)
        self.rules.moved.connect(self._update_buttons)
        label.setBuddy(self.rules)
        self.up = self._move_button("up", self.tr("Move &up"), -1)
        self.down = self._move_button("down", self.tr("Move &down"), 1)
        self.reset = QPushButton(self.tr("&Reset the order"), self)
        self.reset.setAutoDefault(False)
        self.reset.clicked.connect(lambda: self._show_rules(KEEP_RULES))
        row = QHBoxLayout()
        for button in (self.up, self.down, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addWidget(label)
        self.column.addWidget(self.rules)
        self.column.addLayout(row)
        self.column.addWidget(self.quiet(hint, below=True))

    def _move_button(self, icon: str, text: str, step: int) -> QPushButton:
        button = QPushButton(theme.icon(icon), text, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.rules.move_row(step))
        return button

    def _show_rules(self, chosen: tuple[str, ...]) -> None:
        """List the rules that are chosen in their order, then the others without a tick."""
        self.rules.clear()
        for rule in (*chosen, *(rule for rule in KEEP_RULES if rule not in chosen)):
            entry = QListWidgetItem(self._words(rule), self.rules)
            entry.setData(_RULE, rule)
            entry.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            entry.setCheckState(Qt.CheckState.Checked if rule in chosen else Qt.CheckState.Unchecked)
        self.rules.setCurrentRow(0)
        self.rules.fit()
        self._update_buttons()

    def _words(self, rule: str) -> str:
        return {
            "larger": self.tr("larger: more pixels"),
            "format": self.tr("in the better format: RAW, then HEIC, then JPEG"),
            "metadata": self.tr("richer: tells more about when, where and how it was taken"),
            "older": self.tr("older"),
            "preferred": self.tr("in a preferred folder"),
            "shorter-path": self.tr("in the shorter path"),
        }[rule]

    def _update_buttons(self) -> None:
        self.up.setEnabled(self.rules.can_move(-1))
        self.down.setEnabled(self.rules.can_move(1))
