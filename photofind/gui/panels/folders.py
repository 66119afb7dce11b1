"""The panel of the library's folders: what is in them, and adding, rescanning and removing them."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QMenu, QStackedWidget, QVBoxLayout, QWidget

from photofind.core.records import RootSummary
from photofind.gui import numbers, theme
from photofind.gui.panels.confirm import ConfirmBar
from photofind.gui.panels.folder_list import ROOT_ROLE, FolderDelegate, FolderModel, folder_name
from photofind.gui.panels.making import empty_note, flat_button


class FoldersPanel(QWidget):
    """A list of the added folders; it asks in place before it has one removed."""

    add_requested = Signal()
    """The user wants to add a folder."""

    rescan_requested = Signal(object)
    """The user wants a folder (its path) to be looked through for changes."""

    remove_requested = Signal(object)
    """The user wants a folder (its path) out of the library, and has confirmed it."""

    folder_activated = Signal(object)
    """The user opened a folder (its path) by a double click or Return."""

    reveal_requested = Signal(object)
    """The user wants to see a folder (its path) in the file manager."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folders")
        self.setAccessibleName(self.tr("Folders of the library"))
        self._asked: RootSummary | None = None
        self._model = FolderModel(self)
        self._make_widgets()
        self._show_state()

    def set_roots(self, roots: list[RootSummary]) -> None:
        """Show these folders; the selection stays."""
        current = self.current()
        self._model.set_roots(roots)
        row = self._model.row_of(current.path) if current else -1
        if row >= 0:
            self._list.selectionModel().setCurrentIndex(
                self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        self._ask_again()
        self._show_state()

    def current(self) -> RootSummary | None:
        """Return the selected folder."""
        rows = self._list.selectionModel().selectedRows()
        root: RootSummary | None = rows[0].data(ROOT_ROLE) if rows else None
        return root

    def select(self, path: str) -> None:
        """Select a folder."""
        self._list.setCurrentIndex(self._model.index(self._model.row_of(path)))

    @property
    def question(self) -> str:
        """What the panel asks; empty when it asks nothing."""
        return self._confirm.text

    # Making

    def _make_widgets(self) -> None:
        self._list = QListView(self)
        self._list.setAccessibleName(self.tr("Folders"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(FolderDelegate(self._list))
        self._list.setFrameShape(QListView.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._on_menu_requested)
        self._list.activated.connect(self._on_activated)
        self._list.selectionModel().selectionChanged.connect(self._show_state)
        self._empty = empty_note(self, self.tr("No folders yet.\nAdd one, or drop it onto the window."))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        self._confirm = ConfirmBar(self.tr("Remove"), self.tr("Keep"), self)
        self._confirm.confirmed.connect(self._on_confirmed)
        self._confirm.declined.connect(self._on_declined)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_buttons())
        column.addWidget(self._pages, 1)
        column.addWidget(self._confirm)

    def _make_buttons(self) -> QHBoxLayout:
        tip = self.tr("Add a folder of photos to the library")
        self._add = flat_button(self, "folder-add", self.tr("Add folder…"), tip, shows_text=True)
        self._add.clicked.connect(self.add_requested)
        tip = self.tr("Look for changes in the selected folder")
        self._rescan = flat_button(self, "rescan", self.tr("Rescan"), tip)
        self._rescan.clicked.connect(self._on_rescan)
        tip = self.tr("Remove the selected folder from the library…")
        self._remove = flat_button(self, "remove", self.tr("Remove from library…"), tip)
        self._remove.clicked.connect(self.ask_to_remove)
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(2)
        row.addWidget(self._add)
        row.addStretch(1)
        row.addWidget(self._rescan)
        row.addWidget(self._remove)
        return row

    # Acting

    def ask_to_remove(self) -> None:
        """Ask whether the selected folder is to be removed."""
        self._asked = self.current()
        self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Delete ask to remove the selected folder."""
        if event.key() == Qt.Key.Key_Delete and self._list.hasFocus():
            self.ask_to_remove()
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu | None:
        """Return the context menu of the selected folder."""
        root = self.current()
        if root is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("rescan"), self.tr("Rescan"), self._on_rescan).setEnabled(not root.offline)
        menu.addAction(
            theme.icon("show-in-folder"),
            self.tr("Show in file manager"),
            lambda: self.reveal_requested.emit(root.path),
        )
        menu.addSeparator()
        menu.addAction(theme.icon("remove"), self.tr("Remove from library…"), self.ask_to_remove)
        return menu

    def _ask_again(self) -> None:
        """Let a question that is open follow the new numbers, or end when its folder is gone."""
        if self._asked is not None:
            row = self._model.row_of(self._asked.path)
            self._asked = self._model.roots[row] if row >= 0 else None
            self._ask()

    def _ask(self) -> None:
        root = self._asked
        if root is None:
            self._confirm.hide()
            return
        self._confirm.ask(
            self.tr("Remove {} of “{}” from the library? The files stay on disk.").format(
                numbers.photos(root.photos), folder_name(root.path)
            )
        )

    def _show_state(self) -> None:
        root = self.current()
        self._pages.setCurrentWidget(self._list if self._model.roots else self._empty)
        self._rescan.setEnabled(root is not None and not root.offline)
        self._remove.setEnabled(root is not None)

    def _on_rescan(self) -> None:
        root = self.current()
        if root is not None:
            self.rescan_requested.emit(root.path)

    def _on_confirmed(self) -> None:
        root, self._asked = self._asked, None
        if root is not None:
            self.remove_requested.emit(root.path)
        self._list.setFocus()

    def _on_declined(self) -> None:
        self._asked = None
        self._list.setFocus()

    def _on_activated(self) -> None:
        root = self.current()
        if root is not None:
            self.folder_activated.emit(root.path)

    def _on_menu_requested(self, position: QPoint) -> None:
        menu = self.menu() if self._list.indexAt(position).isValid() else None
        if menu is not None:
            menu.popup(self._list.viewport().mapToGlobal(position))
