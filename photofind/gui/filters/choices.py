"""Fields of the filter panel: one of a few values, and any of the types of files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

from photofind.gui.filters.describing import type_name
from photofind.gui.tool_bar import MenuButton

_WIDEST = 190
_FEWEST_LETTERS = 8


class ChoiceBox(QComboBox):
    """One of some values, the first of which means any; a value that is not among them gets an entry of its own.

    The values are kept beside Qt's entries, which would change tuples and dates into other things.
    """

    chosen = Signal()
    """The user chose an entry."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setMaximumWidth(_WIDEST)
        self.setMinimumContentsLength(_FEWEST_LETTERS)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._values: list[object] = []
        self._own = -1
        self.activated.connect(self.chosen)

    @property
    def value(self) -> object:
        """The value of the entry that is selected."""
        row = self.currentIndex()
        return self._values[row] if 0 <= row < len(self._values) else None

    def set_choices(self, choices: Sequence[tuple[str, object]], own_label: str = "") -> None:
        """Offer other entries (label, value); the value stays selected, as ``own_label`` if it is not among them."""
        value = self.value if self._values else choices[0][1]
        own_label = own_label or self.currentText()
        self.clear()
        self._own = -1
        self._values = [each for _, each in choices]
        for label, _ in choices:
            self.addItem(label)
        self.set_value(value, own_label)

    def set_value(self, value: object, own_label: str) -> None:
        """Select a value; ``own_label`` is what it is called if none of the entries has it. Tells nobody."""
        if self._own >= 0 and self._values[self._own] != value:
            self.removeItem(self._own)
            del self._values[self._own]
            self._own = -1
        if value not in self._values:
            self._own = len(self._values)
            self._values.append(value)
            self.addItem(own_label)
        self.setCurrentIndex(self._values.index(value))


class _StayingMenu(QMenu):
    """A menu that stays open while entries are ticked by the mouse."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tick, and stay."""
        action: QAction | None = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


class TypesButton(MenuButton):
    """Any of the types of files that the library has; none ticked means all."""

    chosen = Signal()
    """The user ticked or cleared one."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", "photo", parent)
        self.setAccessibleName(name)
        self._types = _StayingMenu(self)
        self._types.setAccessibleName(name)
        self.setMenu(self._types)
        self._entries: dict[str, QAction] = {}
        self.setEnabled(False)
        self._show_text()

    @property
    def value(self) -> tuple[str, ...]:
        """The types that are ticked."""
        return tuple(kind for kind, entry in self._entries.items() if entry.isChecked())

    def set_choices(self, kinds: Sequence[str]) -> None:
        """Offer other types; those that are ticked stay."""
        ticked = self.value
        if list(kinds) != list(self._entries):
            self._fill(kinds)
            self.set_value(ticked)

    def set_value(self, kinds: Sequence[str]) -> None:
        """Tick these types and no others; tells nobody."""
        unknown = [kind for kind in kinds if kind not in self._entries]
        if unknown:
            self._fill([*self._entries, *unknown])
        for kind, entry in self._entries.items():
            entry.setChecked(kind in kinds)
        self._show_text()

    def _fill(self, kinds: Sequence[str]) -> None:
        self._types.clear()
        self._entries = {}
        for kind in kinds:
            entry = self._types.addAction(type_name(kind))
            entry.setCheckable(True)
            entry.triggered.connect(self._on_triggered)
            self._entries[kind] = entry
        self.setEnabled(bool(self._entries))

    def _on_triggered(self) -> None:
        self._show_text()
        self.chosen.emit()

    def _show_text(self) -> None:
        ticked = self.value
        if not ticked:
            words = self.tr("Any type")
        elif len(ticked) == 1:
            words = type_name(ticked[0])
        else:
            words = self.tr("{} types").format(len(ticked))
        self.setText(words)
        self.setToolTip(", ".join(map(type_name, ticked)) or words)
        self.setAccessibleDescription(self.toolTip())
