"""The slim row above the picture: way back, name, and a button for each command that has an icon."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from photofind.gui import numbers, theme
from photofind.gui.preview.commands import COMMANDS, Command

_ICON_SIDE = 20
_GROUP_GAP = 10
_GROUPS: Final = (
    ("previous", "next"),
    ("zoom_out", "zoom_in", "fit", "pixels"),
    ("turn_left", "turn_right"),
    ("region", "find_similar"),
    ("details",),
)


class ToolRow(QWidget):
    """Buttons for the commands; ``triggered`` carries the command's key."""

    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview tools"))
        self._buttons = {command.key: self._button(command) for command in COMMANDS if command.icon}
        self._title = ElidedLabel()
        self._position = QLabel()
        self._position.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._zoom = QLabel()
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(QFontMetrics(self._zoom.font()).horizontalAdvance("1600 %") + 4)
        self._zoom.setAccessibleName(self.tr("Zoom"))
        self._lay_out()

    def __getitem__(self, key: str) -> QToolButton:
        return self._buttons[key]

    def set_title(self, name: str, row: int, count: int) -> None:
        """Show a photo's name and its place among the photos: row 0 is the first."""
        self._title.setText(name)
        self._position.setText(
            self.tr("{} of {}").format(numbers.grouped(row + 1), numbers.grouped(count)) if count > 1 else ""
        )
        self["previous"].setEnabled(row > 0)
        self["next"].setEnabled(row < count - 1)

    def set_zoom(self, zoom: float) -> None:
        """Show a zoom in percent."""
        percent = zoom * 100
        self._zoom.setText(self.tr("{} %").format(numbers.decimal(percent, 0 if percent >= 1 else 1)))

    def zoom_text(self) -> str:
        """Return the zoom as it is shown."""
        return self._zoom.text()

    def set_checked(self, key: str, *, on: bool) -> None:
        """Show a command as switched on or off."""
        self._buttons[key].setChecked(on)

    def _button(self, command: Command) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(command.icon))
        button.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        button.setAutoRaise(True)
        button.setCheckable(command.checkable)
        button.setToolTip(command.hint())
        button.setAccessibleName(command.label())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.triggered.emit(command.key))
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(2)
        line.addWidget(self["close"])
        line.addSpacing(6)
        line.addWidget(self._title, 1)
        line.addWidget(self._position)
        line.addSpacing(8)
        for number, group in enumerate(_GROUPS):
            if number:
                line.addSpacing(_GROUP_GAP)
            for key in group:
                line.addWidget(self[key])
                if key == "zoom_out":
                    line.addWidget(self._zoom)


class ElidedLabel(QLabel):
    """One line of text that loses its middle when the place is too narrow, and then shows the whole as a tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: D102, N802 - Qt's name
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()
