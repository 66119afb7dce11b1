"""The field for words above the photos: it searches by itself soon after the last key, and at once with Return.

Whoever types a sentence causes a search now and then; ``finished`` and ``settled`` say that the text is what was meant,
so that the steps on the way need not be remembered. Photos and files that are dropped here are added to the query.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from photofind.gui import theme
from photofind.gui.drops import accept_unmoved

TYPING_MS: Final = 300
"""So long after the last key the text is searched for."""


class WordsField(QLineEdit):
    """Shows the words of the query, and takes others."""

    typed = Signal(str)
    """The user types, and has paused: the text so far."""

    finished = Signal(str)
    """The user has pressed Return, or has left the field before the pause was over: the whole text."""

    settled = Signal()
    """The user has left the field; what was typed last was the whole text."""

    left = Signal()
    """The user wants to go on with the photos: Escape, or the key down."""

    entered = Signal()
    """The user is about to type."""

    dropped = Signal(object)
    """Mime data of pictures that the user wants added to the query."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("words-field")
        self.setAccessibleName(self.tr("Search by words"))
        self.setPlaceholderText(self.tr("Type what you remember: dog on a beach, 2019 Kyoto"))
        self.setToolTip(self.tr("Find photos by what is on them, by date, folder, name or camera"))
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._shown = ""
        self._pause = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.text()))
        self.textEdited.connect(self._on_edited)

    @property
    def is_pending(self) -> bool:
        """Whether something was typed that nobody was told of yet."""
        return self._pause.isActive()

    def show_words(self, words: str) -> None:
        """Show the words of the query that is shown now; what the user is typing meanwhile stays."""
        if self.is_pending and words == self._shown:
            return  # the query changed in something else, such as its filters
        self._pause.stop()
        self._shown = words
        if self.text().strip() != words:
            self.setText(words)

    def cancel_pending(self) -> None:
        """Forget what was typed and not yet searched for: the user goes somewhere else."""
        if self.is_pending:
            self._pause.stop()
            self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Search at once, or leave; everything else is text."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self._leave()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Say that words are to come."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Take the text as it is when the user goes on somewhere else in the window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._leave()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Welcome pictures, whose addresses are no words, and text."""
        if not _is_picture(event.mimeData()):
            super().dragEnterEvent(event)
        else:
            accept_unmoved(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Go on to welcome them."""
        if not _is_picture(event.mimeData()):
            super().dragMoveEvent(event)
        else:
            accept_unmoved(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take text as words, and pictures as parts of the query."""
        if not _is_picture(event.mimeData()):
            super().dropEvent(event)
        elif accept_unmoved(event):
            self.dropped.emit(event.mimeData())

    def _on_edited(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.typed.emit("")

    def _leave(self) -> None:
        if self.is_pending:
            self._finish()
        else:
            self.settled.emit()

    def _finish(self) -> None:
        self._pause.stop()
        self.finished.emit(self.text())


def _is_picture(mime: QMimeData) -> bool:
    """Tell a picture, whatever else comes with it, from text."""
    return mime.hasUrls() or mime.hasImage()
