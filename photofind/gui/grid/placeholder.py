"""What stands in the grid while it has no photos: an empty field would look as if something were broken."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from photofind.gui import theme

_PICTURE = 48


class Placeholder(QWidget):
    """A picture and a line in the middle of a view, from the time that its model is told to have no rows."""

    def __init__(self, view: QAbstractItemView, model: QAbstractItemModel) -> None:
        super().__init__(view.viewport())
        self._model = model
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QLabel(self)
        words = QLabel(self.tr("No photos to show"), self)
        self.setAccessibleName(words.text())
        words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for label in (self._picture, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        around = QVBoxLayout(view.viewport())
        around.addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)
        self._paint_picture()
        self.hide()
        model.modelReset.connect(self._on_model_reset)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_picture()

    def _paint_picture(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        self._picture.setPixmap(theme.pixmap("photo", _PICTURE, colour, ratio=self.devicePixelRatioF()))

    def _on_model_reset(self) -> None:
        self.setVisible(self._model.rowCount() == 0)
