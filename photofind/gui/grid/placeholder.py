"""What stands in the grid while it has no photos: an empty field would look as if something were broken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from photofind.gui import theme

_PICTURE = 48
_WIDEST = 460
_MARGIN = 24
_LARGER = 1.3


class Placeholder(QWidget):
    """A picture and some words in the middle of a view, from the time that its model is told to have no rows."""

    def __init__(self, view: QAbstractItemView, model: QAbstractItemModel) -> None:
        super().__init__(view.viewport())
        self._model = model
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QLabel(self)
        self._headline, self._hints = QLabel(self), QLabel(self)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for label in (self._picture, self._headline, self._hints):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        for label in (self._headline, self._hints):
            label.setWordWrap(True)
        around = QVBoxLayout(view.viewport())
        around.addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)
        self.say()
        self.hide()
        view.viewport().installEventFilter(self)
        model.modelReset.connect(self._on_model_reset)

    @property
    def text(self) -> str:
        """What is said: the headline, and below it the hints."""
        return "\n".join(filter(None, [self._headline.text(), self._hints.text()]))

    def say(self, headline: str = "", hints: Sequence[str] = ()) -> None:
        """Say why there are no photos, and what the user might try; without a headline, only that there are none."""
        font = self.font()
        if headline:
            font.setPointSizeF(font.pointSizeF() * _LARGER)
            font.setBold(True)
        self._headline.setFont(font)
        self._headline.setForegroundRole(QPalette.ColorRole.WindowText if hints else QPalette.ColorRole.PlaceholderText)
        self._headline.setText(headline or self.tr("No photos to show"))
        self._hints.setText("\n".join(hints))
        self._hints.setVisible(bool(hints))
        self._icon = "search" if headline else "photo"
        self.setAccessibleName(self.text)
        self._paint_picture()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the change between light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_picture()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the lines be as long as the view has room for, up to a length that reads well."""
        if event.type() == QEvent.Type.Resize and isinstance(event, QResizeEvent):
            width = min(max(event.size().width() - 2 * _MARGIN, 0), _WIDEST)
            for label in (self._headline, self._hints):
                label.setFixedWidth(width)
        return super().eventFilter(watched, event)

    def _paint_picture(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        self._picture.setPixmap(theme.pixmap(self._icon, _PICTURE, colour, ratio=self.devicePixelRatioF()))

    def _on_model_reset(self) -> None:
        self.setVisible(self._model.rowCount() == 0)
