"""The list of all keys, made from the tables of actions, with a field to look for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme
from photofind.gui.action_spec import CONTEXT, ActionSpec, Menu
from photofind.gui.action_table import ACTIONS
from photofind.gui.preview.commands import COMMANDS
from photofind.gui.review.commands import all_commands as review_commands

_SIZE: Final = QSize(560, 640)
_PADDING: Final = 4
_LAST_F_KEY: Final = 12

_Row = tuple[str, str]


class ShortcutsDialog(QDialog):
    """Lists what can be done and by which keys; deletes itself when it is closed. Show it with ``open``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText(self.tr("Search for an action or a key"))
        self._filter.setAccessibleName(self.tr("Search for an action or a key"))
        self._filter.setClearButtonEnabled(True)
        self._filter.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._filter.textChanged.connect(self._on_filter_changed)
        self._tree = self._made_tree()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        theme.remove_icons(buttons)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._filter)
        column.addWidget(self._tree, 1)
        column.addWidget(buttons)
        self.resize(_SIZE)
        self._filter.setFocus()

    def shown(self) -> list[_Row]:
        """Return the rows that are listed now: what can be done, and the keys."""
        return [(row.text(0), row.text(1)) for row in self._rows() if not row.isHidden()]

    def _made_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(False)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setUniformRowHeights(True)
        tree.setIndentation(14)
        height = tree.fontMetrics().height() + 2 * _PADDING
        for heading, rows in self._sections():
            top = QTreeWidgetItem(tree, [heading])
            top.setSizeHint(0, QSize(0, height))
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            for row in rows:
                item = QTreeWidgetItem(top, list(row))
                item.setSizeHint(0, QSize(0, height))
        tree.expandAll()
        tree.setHeaderHidden(True)
        return tree

    def _sections(self) -> Iterator[tuple[str, list[_Row]]]:
        for menu in Menu:
            heading = QCoreApplication.translate(CONTEXT, menu.value).replace("&", "")
            yield (
                heading,
                [(spec.plain_label(), _keys(spec)) for spec in ACTIONS if spec.menu == menu and spec.shortcuts],
            )
        yield self.tr("In the preview"), [(command.label(), _joined(command.keys)) for command in COMMANDS]
        yield self.tr("In the review of duplicates"), [(each.label(), each.shown_keys()) for each in review_commands()]
        yield self.tr("On a part of the search"), self._chip_rows()
        yield (
            self.tr("With the mouse"),
            [
                (self.tr("Size of the thumbnails"), self.tr("Ctrl+wheel")),
                (self.tr("Add to the selection"), self.tr("Ctrl+click")),
                (self.tr("Select a range"), self.tr("Shift+click")),
                (self.tr("How much a part of the search counts"), self.tr("Ctrl+wheel")),
            ],
        )

    def _chip_rows(self) -> list[_Row]:
        return [
            (self.tr("Take it out"), _joined((Qt.Key.Key_Delete, Qt.Key.Key_Backspace))),
            (self.tr("Less like it"), _joined((Qt.Key.Key_Minus,))),
            (self.tr("More like it"), _joined((Qt.Key.Key_Plus,))),
            (self.tr("Go to its neighbours"), _joined((Qt.Key.Key_Left, Qt.Key.Key_Right))),
            (self.tr("Move it"), QKeySequence("Ctrl+Left").toString(QKeySequence.SequenceFormat.NativeText)),
        ]

    def _rows(self) -> Iterator[QTreeWidgetItem]:
        for top in self._tops():
            yield from _children(top)

    def _tops(self) -> Iterator[QTreeWidgetItem]:
        for number in range(self._tree.topLevelItemCount()):
            top = self._tree.topLevelItem(number)
            if top is not None:
                yield top

    def _on_filter_changed(self, text: str) -> None:
        wanted = text.casefold().split()
        for row in self._rows():
            words = f"{row.text(0)} {row.text(1)}".casefold()
            row.setHidden(not all(word in words for word in wanted))
        for top in self._tops():
            top.setHidden(all(row.isHidden() for row in _children(top)))


def _children(top: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for number in range(top.childCount()):
        row = top.child(number)
        if row is not None:
            yield row


def _keys(spec: ActionSpec) -> str:
    """Return the keys of an action; those of special keyboards ("Back", "Copy") are left out."""
    native = QKeySequence.SequenceFormat.NativeText
    shown = [sequence.toString(native) for sequence in spec.sequences() if not _is_media_key(sequence)]
    return "  ".join(shown)


def _is_media_key(sequence: QKeySequence) -> bool:
    """Tell a key of its own for an action, as "Back" or the F16 that means "Copy" on some keyboards."""
    name = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    if name in {"Space", "Return", "Backspace"}:
        return False
    is_sun_key = name.startswith("F") and name[1:].isdecimal() and int(name[1:]) > _LAST_F_KEY
    return "+" not in name and (len(name) > 3 or is_sun_key)


def _joined(keys: tuple[Qt.Key, ...]) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in keys)
