"""The window's tool bar: a flat strip with a hairline below it, and a button that opens a menu.

Fusion paints the edges of tool bars in a fixed white, which glares in the dark scheme, and the sign of a menu below
the text of its button; both are drawn here instead.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolBar,
    QToolButton,
    QWidget,
)

from photofind.core.records import SortKey
from photofind.gui import theme
from photofind.gui.actions import ActionSet

_SIGN = 12
_SIGN_EDGE = 4
_SIGN_GAP = 8
_MARGIN = 6


class ToolBar(QToolBar):
    """A tool bar that is part of the window's background."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setMovable(False)
        self.setContentsMargins(0, 0, _MARGIN, 0)

    def add_actions(self, actions: ActionSet, *blocks: tuple[str, ...]) -> None:
        """Add blocks of actions, each with a line after it."""
        for keys in blocks:
            for key in keys:
                self.addAction(actions[key])
            self.addSeparator()

    def add_spacer(self) -> None:
        """Put all that follows at the right end."""
        spacer = QWidget(self)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line below the tools."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.hairline(self.palette()))
        painter.end()


class MenuButton(QToolButton):
    """A button with an icon, a text and a small arrow after it, which opens its menu at once."""

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setIcon(theme.icon(icon))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return more than Qt thinks is needed for the arrow."""
        return super().sizeHint() + QSize(_SIGN_GAP, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the button as one without a menu, and the arrow at its end."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        colour = theme.muted(self.palette())
        sign = theme.pixmap("down", _SIGN, colour, ratio=self.devicePixelRatioF())
        painter.drawPixmap(self.width() - _SIGN - _SIGN_EDGE, (self.height() - _SIGN) // 2 + 1, sign)
        painter.end()


class OrderButton(MenuButton):
    """Opens the menu of the orders that photos can be shown in."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Order"), "sort-date", parent)
        self.setToolTip(self.tr("The order of all photos"))
        self.setAccessibleName(self.tr("Order of the photos"))
        menu = QMenu(self)
        for sort in SortKey:
            menu.addAction(actions[f"sort_{sort.value}"])
        menu.addSeparator()
        menu.addAction(actions["sort_reversed"])
        self.setMenu(menu)
