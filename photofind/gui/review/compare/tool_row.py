"""The row of buttons above two photos that are compared."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from photofind.gui import numbers, theme
from photofind.gui.review.commands import Command
from photofind.gui.review.compare.commands import COMMANDS

_ICON_SIDE = 20
_GROUP_GAP = 10
_GROUPS: Final = (
    ("side", "overlay", "blink", "difference"),
    ("swap", "sync"),
    ("zoom_out", "zoom_in", "fit", "pixels"),
    ("facts",),
)
_CHECKABLE: Final = frozenset({"side", "overlay", "blink", "difference", "sync", "facts"})


class CompareTools(QWidget):
    """Buttons for the commands; ``triggered`` carries the command's key."""

    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Tools to compare"))
        self._buttons = {command.key: self._button(command) for command in COMMANDS if command.icon}
        self._zoom = QLabel()
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(QFontMetrics(self._zoom.font()).horizontalAdvance("1600 %") + 4)
        self._zoom.setAccessibleName(self.tr("Zoom"))
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(2)
        for number, group in enumerate(_GROUPS):
            if number == len(_GROUPS) - 1:
                line.addStretch(1)
            elif number:
                line.addSpacing(_GROUP_GAP)
            for key in group:
                line.addWidget(self._buttons[key])
                if key == "zoom_out":
                    line.addWidget(self._zoom)

    def __getitem__(self, key: str) -> QToolButton:
        return self._buttons[key]

    def set_checked(self, key: str, *, on: bool) -> None:
        """Show a command as switched on or off."""
        self._buttons[key].setChecked(on)

    def set_zoom(self, zoom: float) -> None:
        """Show a zoom in percent of the first photo's pixels."""
        percent = zoom * 100
        self._zoom.setText(self.tr("{} %").format(numbers.decimal(percent, 0 if percent >= 1 else 1)))

    def zoom_text(self) -> str:
        """Return the zoom as it is shown."""
        return self._zoom.text()

    def _button(self, command: Command) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(command.icon))
        button.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        button.setAutoRaise(True)
        button.setCheckable(command.key in _CHECKABLE)
        button.setToolTip(command.hint())
        button.setAccessibleName(command.label())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.triggered.emit(command.key))
        return button
