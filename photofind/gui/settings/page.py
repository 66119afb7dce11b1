"""What the pages of the settings dialog have in common: a form of rows, each with a line that explains it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from photofind.gui import theme


class SettingsPage(QWidget):
    """One page of the dialog; ``icon`` names its icon in the list of pages."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = icon
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 8, 8, 8)
        self.column.setSpacing(8)
        self._heading = QLabel(self)
        font = self._heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._heading.setFont(font)
        self.column.addWidget(self._heading)

    @property
    def title(self) -> str:
        """The name of the page."""
        return self._heading.text()

    def set_title(self, title: str) -> None:
        """Name the page."""
        self._heading.setText(title)
        self.setAccessibleName(title)

    def problem(self) -> str:
        """Return what is wrong with the fields, as one sentence; nothing when all is well."""
        return ""

    def add_form(self) -> QFormLayout:
        """Add a form for :meth:`add_row`."""
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(4)
        self.column.addLayout(form)
        return form

    def add_row(self, form: QFormLayout, label: str, field: QWidget, hint: str = "") -> None:
        """Add a field with its label and a line that explains it and says from when on it counts."""
        words = QLabel(label, self)
        words.setBuddy(field)
        field.setAccessibleName(label.replace("&", "").removesuffix(":"))
        form.addRow(words, field)
        if hint:
            field.setAccessibleDescription(hint)
            form.addRow(self.quiet(hint, below=True))

    def quiet(self, text: str, *, below: bool = False) -> QLabel:
        """Return a label of second rank; ``below`` the thing that it explains, it has some room after it."""
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setWordWrap(True)
        if below:
            label.setContentsMargins(0, 0, 0, 10)
        return label

    def shrinkable(self, area: QWidget, height: int) -> None:
        """Let an area that scrolls give up its room down to a height before the page itself scrolls."""
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        area.setMinimumHeight(height)

    def combo(self, choices: Sequence[tuple[str, str]], current: str) -> QComboBox:
        """Return a combo box of (label, value) with one value chosen."""
        box = QComboBox(self)
        for label, value in choices:
            box.addItem(label, value)
        choose(box, current)
        return box

    def spin(self, span: tuple[int, int], current: int, suffix: str) -> QSpinBox:
        """Return a field for a whole number."""
        box = QSpinBox(self)
        box.setRange(*span)
        box.setValue(current)
        box.setSuffix(suffix)
        box.setGroupSeparatorShown(True)
        box.setMinimumWidth(140)
        return box


class ErrorLabel(QLabel):
    """Tells what is wrong, in the colour of errors."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        colours = self.palette()
        colour = theme.tone_colour(QGuiApplication.palette(), "error")
        if colours.color(QPalette.ColorRole.WindowText) != colour:  # to change it is a change of palette, too
            colours.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(colours)


def choose(box: QComboBox, value: str) -> None:
    """Select the entry of a combo box that has a value; the first one when none has it."""
    box.setCurrentIndex(max(0, box.findData(value)))


def chosen(box: QComboBox) -> str:
    """Return the value of the entry that is selected."""
    value = box.currentData()
    return value if isinstance(value, str) else ""
