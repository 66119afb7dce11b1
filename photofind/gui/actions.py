"""The Qt actions of a window, made from the one table in ``action_table``.

:class:`ActionSet` binds the shortcuts and builds the menus; what the actions do is connected by the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from photofind.gui import theme
from photofind.gui.action_spec import CONTEXT, ActionSpec, Menu
from photofind.gui.action_table import ACTIONS

__all__ = ["ACTIONS", "ActionSet", "ActionSpec", "Menu"]


class ActionSet(QObject):
    """The actions of one window, by key; those that the window owns are bound to it.

    Parameters
    ----------
    window
        The widget that the shortcuts belong to; also the parent.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {spec.key: self._made(spec) for spec in ACTIONS}
        window.addActions([self._actions[spec.key] for spec in ACTIONS if spec.owner == "window"])

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def set_enabled(self, *keys: str, enabled: bool) -> None:
        """Enable or disable some actions."""
        for key in keys:
            self._actions[key].setEnabled(enabled)

    def build_menus(self, bar: QMenuBar) -> dict[Menu, QMenu]:
        """Fill the menu bar; return its menus for what a window adds to them, such as recent libraries."""
        menus = {menu: bar.addMenu(QCoreApplication.translate(CONTEXT, menu.value)) for menu in Menu}
        for spec in ACTIONS:
            if spec.opens:
                menus[spec.menu].addSeparator()
            menus[spec.menu].addAction(self._actions[spec.key])
        return menus

    def insert_menu_after(self, key: str, menu: QMenu, submenu: QMenu) -> None:
        """Put a submenu below an action of a menu."""
        entries = menu.actions()
        place = entries.index(self._actions[key]) + 1
        if place < len(entries):
            menu.insertMenu(entries[place], submenu)
        else:
            menu.addMenu(submenu)

    def context_menu(self, parent: QWidget) -> QMenu:
        """Return a new menu of what can be done with the selected photos; it deletes itself when it closes."""
        menu = QMenu(parent)
        menu.setAccessibleName(self.tr("Photo"))
        for key in _CONTEXT_MENU:
            if key:
                menu.addAction(self._actions[key])
            else:
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(theme.icon(spec.icon), spec.label(), self)
        action.setObjectName(spec.key)
        action.setIconText(spec.plain_label())
        action.setToolTip(spec.hint())
        action.setStatusTip(QCoreApplication.translate(CONTEXT, spec.tooltip))
        action.setCheckable(spec.checkable)
        action.setMenuRole(spec.role)
        if spec.owner == "window":
            action.setShortcuts(spec.sequences())
        elif spec.shortcuts:  # menus show what stands after the tab in the place of the shortcut
            action.setText(f"{spec.label()}\t{spec.shown_keys()}")
        if spec.group:
            self._groups.setdefault(spec.group, QActionGroup(self)).addAction(action)
        return action


_CONTEXT_MENU: Final = (
    "find_similar",
    "more_like",
    "less_like",
    "",
    "preview",
    "",
    "open_default",
    "show_in_manager",
    "",
    "copy_image",
    "copy_path",
)
