"""The page of the folders: those of the library, and the rules for what is left out of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from photofind.core.records import RootSummary
from photofind.core.settings import Settings
from photofind.gui import numbers
from photofind.gui.settings.page import ErrorLabel, SettingsPage

_PATH = Qt.ItemDataRole.UserRole


class FoldersPage(SettingsPage):
    """Folders are added and removed at once; the rules count from the next scan on."""

    add_requested = Signal()
    """The user wants to add a folder."""

    remove_requested = Signal(str)
    """The user wants to forget a folder: its path."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("folders", parent)
        self.set_title(self.tr("Folders"))
        self._settings = settings
        self._add_folders()
        self._add_rules()

    def set_roots(self, roots: Sequence[RootSummary]) -> None:
        """Show the folders of the library."""
        self.folders.clear()
        for root in roots:
            words = self.tr("{} (not connected)").format(root.path) if root.offline else root.path
            entry = QTreeWidgetItem(self.folders, [words, numbers.grouped(root.photos)])
            entry.setData(0, _PATH, root.path)
            entry.setToolTip(0, root.path)
            entry.setSizeHint(0, QSize(0, self.fontMetrics().height() + 8))
            entry.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._update_buttons()

    def set_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        self.rules.setPlainText("\n".join(settings.ignore))

    def changes(self) -> Mapping[str, object]:
        """Return the settings that differ, None for one that is to have its default again."""
        rules = self._rules()
        return {} if rules == self._settings.ignore else {"ignore": rules or None}

    def problem(self) -> str:
        """Return what is wrong with the first rule that can never do what it looks like."""
        for rule in self._rules():
            if "/" in rule or "\\" in rule:
                return self.tr(
                    "“{}” can never match: write the name of a file or folder alone, without a path."
                ).format(rule)
            if not rule.strip("*"):
                return self.tr("“{}” would leave out everything: write a part of the name, such as “*.gif”.").format(
                    rule
                )
        return ""

    def _rules(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.rules.toPlainText().splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def _add_folders(self) -> None:
        self.folders = QTreeWidget(self)
        self.folders.setAccessibleName(self.tr("Folders of the library"))
        self.folders.setHeaderLabels([self.tr("Folder"), self.tr("Photos")])
        self.folders.setRootIsDecorated(False)
        self.folders.setUniformRowHeights(True)
        self.folders.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.folders.header().setStretchLastSection(False)
        self.folders.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.folders.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.folders.currentItemChanged.connect(self._update_buttons)
        add = QPushButton(self.tr("&Add a folder…"), self)
        add.clicked.connect(self.add_requested)
        self.remove = QPushButton(self.tr("&Remove"), self)
        self.remove.setToolTip(self.tr("Forget the folder and its photos; the files stay where they are"))
        self.remove.clicked.connect(self._on_remove)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addWidget(self.remove)
        row.addWidget(self.quiet(self.tr("At once; your files are never touched.")), 1)
        self.shrinkable(self.folders, 110)
        self.column.addWidget(self.folders, 3)
        self.column.addLayout(row)
        self.column.addSpacing(8)
        self._update_buttons()

    def _add_rules(self) -> None:
        label = QLabel(self.tr("&Leave out files and folders with these names:"), self)
        self.rules = QPlainTextEdit("\n".join(self._settings.ignore), self)
        self.rules.setAccessibleName(self.tr("Names to leave out, one on each line"))
        self.rules.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.rules.setPlaceholderText("*.gif\nPrivate\nIMG_????_small*")
        self.rules.setTabChangesFocus(True)
        self.rules.textChanged.connect(self._on_rules_changed)
        label.setBuddy(self.rules)
        self.verdict = ErrorLabel(self)
        self.verdict.setAccessibleName(self.tr("What is wrong with the names"))
        self.verdict.hide()
        self.column.addWidget(label)
        self.shrinkable(self.rules, 80)
        self.column.addWidget(self.rules, 2)
        self.column.addWidget(self.verdict)
        self.column.addWidget(
            self.quiet(
                self.tr(
                    "One name on each line; * stands for any letters, ? for one. Hidden files and trash are always left"
                    " out. From the next scan on."
                )
            )
        )

    def _update_buttons(self) -> None:
        self.remove.setEnabled(self.folders.currentItem() is not None)

    def _on_remove(self) -> None:
        entry = self.folders.currentItem()
        if entry is not None:
            self.remove_requested.emit(entry.data(0, _PATH))

    def _on_rules_changed(self) -> None:
        problem = self.problem()
        self.verdict.setText(problem)
        self.verdict.setVisible(bool(problem))
