"""The panel of the saved searches: a list to run, rename and remove them, and a row to save the one that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.core.saved import LONGEST_NAME, SavedSearch, Shelf
from photofind.gui import theme
from photofind.gui.panels.making import ICON, empty_note, flat_button

_NAME = Qt.ItemDataRole.UserRole


class SavedPanel(QWidget):
    """Lists the saved searches and asks for what the user wants done with them; :meth:`set_shelf` shows what holds."""

    run_requested = Signal(object)
    """The user wants to see what a search finds: a :class:`SavedSearch`."""

    save_requested = Signal(str)
    """The user wants the search that is shown to be kept by this name."""

    save_began = Signal()
    """The user wants to save the search that is shown; :meth:`ask_name` then asks by which name."""

    rename_requested = Signal(str, str)
    """The user gave a search (its name) another name."""

    remove_requested = Signal(object)
    """The user wants a search gone: a :class:`SavedSearch`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saved")
        self.setAccessibleName(self.tr("Saved searches"))
        self._shelf = Shelf()
        self._is_filling = False
        self._make_list()
        self._make_form()
        self._lay_out()
        self.set_shelf(Shelf())
        self.set_can_save(possible=False)

    def set_shelf(self, shelf: Shelf) -> None:
        """Show these searches; the selection stays."""
        current = self.current()
        self._shelf = shelf
        self._is_filling = True
        self.list.clear()
        for search in shelf.searches:
            entry = QListWidgetItem(theme.icon("bookmark"), search.name, self.list)
            entry.setData(_NAME, search.name)
            entry.setToolTip(search.name)
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsEditable)
        self._is_filling = False
        self._pages.setCurrentWidget(self.list if shelf.searches else self._empty)
        if current is not None:
            self.select(current.name)
        self._show_state()

    def set_can_save(self, *, possible: bool) -> None:
        """Say whether there is a search to save."""
        self.save_button.setEnabled(possible)
        if not possible:
            self._end_asking()

    def current(self) -> SavedSearch | None:
        """Return the selected search."""
        entry: QListWidgetItem | None = self.list.currentItem()
        return self._shelf.find(entry.data(_NAME)) if entry is not None else None

    def select(self, name: str) -> None:
        """Select a search by its name, without regard to case; nothing when there is none."""
        found = self._shelf.find(name)
        if found is not None:
            self.list.setCurrentRow(self._shelf.searches.index(found))

    def ask_name(self, suggestion: str) -> None:
        """Let the user name the search that is shown."""
        self.name.setText(suggestion[:LONGEST_NAME])
        self._form.show()
        self.name.selectAll()
        self.name.setFocus()
        self._on_name_changed()

    def rename_current(self) -> None:
        """Let the user change the name of the selected search in its place."""
        entry: QListWidgetItem | None = self.list.currentItem()
        if entry is not None:
            self.list.setFocus()
            self.list.editItem(entry)

    @property
    def is_asking(self) -> bool:
        """Whether the user is asked for a name."""
        return not self._form.isHidden()

    # Making

    def _make_list(self) -> None:
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Saved searches"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        self.list.itemClicked.connect(self._on_run)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.currentItemChanged.connect(self._show_state)
        self.list.installEventFilter(self)
        self._empty = empty_note(self, self.tr("No saved searches yet.\nSearch for something, then save it here."))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._empty)

    def _make_form(self) -> None:
        self._form = QWidget(self)
        label = QLabel(self.tr("&Name of this search:"), self._form)
        self.name = QLineEdit(self._form)
        self.name.setAccessibleName(self.tr("Name of this search"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.textChanged.connect(self._on_name_changed)
        self.name.returnPressed.connect(self._on_named)
        label.setBuddy(self.name)
        self.hint = QLabel(self._form)
        self.hint.setWordWrap(True)
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.confirm = QPushButton(self.tr("Save"), self._form)
        self.confirm.clicked.connect(self._on_named)
        cancel = QPushButton(self.tr("Cancel"), self._form)
        cancel.clicked.connect(self._end_asking)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.confirm)
        buttons.addWidget(cancel)
        column = QVBoxLayout(self._form)
        column.setContentsMargins(10, 4, 10, 8)
        column.setSpacing(6)
        for widget in (label, self.name, self.hint):
            column.addWidget(widget)
        column.addLayout(buttons)
        self._form.hide()

    def _lay_out(self) -> None:
        save, rename, remove = self.tr("Save this search…"), self.tr("Rename"), self.tr("Remove")
        self.save_button = flat_button(self, "bookmark-add", save, save, shows_text=True)
        self.save_button.clicked.connect(self.save_began)
        self.rename_button = flat_button(self, "rename", rename, rename)
        self.rename_button.clicked.connect(self.rename_current)
        self.remove_button = flat_button(self, "remove", remove, remove)
        self.remove_button.clicked.connect(self._on_remove)
        row = QHBoxLayout()
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(2)
        row.addWidget(self.save_button)
        row.addStretch(1)
        row.addWidget(self.rename_button)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._form)
        column.addWidget(self._pages, 1)

    # What the user does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let Return run the selected search, and Delete remove it; editing a name has a widget of its own."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not self._is_editing():
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_run()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._on_remove()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Escape end the question for a name."""
        if event.key() == Qt.Key.Key_Escape and self.is_asking:
            self._end_asking()
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu | None:
        """Return the context menu of the selected search."""
        if self.current() is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(theme.icon("search"), self.tr("Search"), self._on_run)
        menu.addAction(theme.icon("rename"), self.tr("Rename"), self.rename_current)
        menu.addSeparator()
        menu.addAction(theme.icon("remove"), self.tr("Remove"), self._on_remove)
        return menu

    def _on_run(self, *_: object) -> None:
        search = self.current()
        if search is not None:
            self.run_requested.emit(search)

    def _on_remove(self) -> None:
        search = self.current()
        if search is not None:
            self.remove_requested.emit(search)

    def _on_item_changed(self, entry: QListWidgetItem) -> None:
        if self._is_filling:
            return
        old, new = entry.data(_NAME), entry.text().strip()
        self._is_filling = True
        entry.setText(old)  # until it is known that the new one will do
        self._is_filling = False
        if new and new != old:
            self.rename_requested.emit(old, new)

    def _on_name_changed(self) -> None:
        words = self.name.text().strip()
        taken = self._shelf.find(words) is not None
        self.confirm.setEnabled(bool(words))
        self.confirm.setText(self.tr("Replace") if taken else self.tr("Save"))
        self.hint.setText(self.tr("There is a search of this name; it will be replaced.") if taken else "")
        self.hint.setVisible(taken)

    def _on_named(self) -> None:
        name = self.name.text().strip()
        if name:
            self._end_asking()
            self.save_requested.emit(name)

    def _end_asking(self) -> None:
        if self.is_asking:
            focused: QWidget | None = self.focusWidget()
            had_focus = focused is not None and self._form.isAncestorOf(focused)
            self._form.hide()
            if had_focus:
                self.list.setFocus()

    def _is_editing(self) -> bool:
        """Tell whether a name is edited in its place; the Return that ends that comes to the list as well."""
        return self.list.state() == QAbstractItemView.State.EditingState

    def _on_menu_requested(self, position: QPoint) -> None:
        menu = self.menu() if self.list.itemAt(position) is not None else None
        if menu is not None:
            menu.popup(self.list.viewport().mapToGlobal(position))

    def _show_state(self, *_: object) -> None:
        chosen = self.list.currentItem() is not None
        for button in (self.rename_button, self.remove_button):
            button.setEnabled(chosen)


def suggested_name(labels: Sequence[str], filters: Sequence[str]) -> str:
    """Return a name for a search from what its chips say."""
    return ", ".join([" + ".join(labels), *filters] if labels else filters)[:LONGEST_NAME]
