"""The title of a panel that is docked to the window: its name and a button that closes it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from photofind.gui import theme

_ICON = 14


class DockTitle(QWidget):
    """Names a panel; like the title of a window, it can be dragged to another side."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        name = QLabel(dock.windowTitle(), self)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        close = QToolButton(self)
        close.setAutoRaise(True)
        close.setIcon(theme.icon("close"))
        close.setIconSize(QSize(_ICON, _ICON))
        close.setToolTip(self.tr("Close this panel"))
        close.setAccessibleName(self.tr("Close {}").format(dock.windowTitle()))
        close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 0)
        row.addWidget(name, 1)
        row.addWidget(close)
