"""What is known about a photo, as a form of selectable texts; a fact that is missing has no row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from photofind.core.details import PhotoDetails
from photofind.core.records import PhotoRecord
from photofind.gui import theme
from photofind.gui.names import displayable
from photofind.gui.preview.fact_rows import Row, fact_rows

WIDTH = 300


class DetailsPanel(QScrollArea):
    """Shows what the library knows of a photo at once, and what else its file says when that has been read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Details of the photo"))
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: list[Row] = []
        self._is_stale = True

    @property
    def rows(self) -> list[Row]:
        """What is shown."""
        return self._rows

    def show_photo(
        self, record: PhotoRecord | None, details: PhotoDetails | None = None, *, reasons: Sequence[str] = ()
    ) -> None:
        """Show a photo's facts, and the reasons why a query has found it; nothing without a record."""
        rows = [] if record is None else fact_rows(record, details)
        if rows and reasons:
            rows.insert(2, Row(self.tr("Found by"), displayable(" · ".join(reasons))))
        if rows != self._rows:
            self._rows = rows
            self._is_stale = True
        self._show_rows()

    def _show_rows(self) -> None:
        """Make the form; while it is hidden, going through photos is not to wait for it."""
        if self._is_stale and self.isVisible():
            self._is_stale = False
            self.setWidget(self._form(self._rows))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self._show_rows()

    # The form

    def _form(self, rows: list[Row]) -> QWidget:
        page = QWidget()
        page.setAutoFillBackground(True)
        form = QGridLayout(page)
        form.setContentsMargins(16, 12, 12, 16)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setColumnStretch(1, 1)
        title = QLabel(self.tr("Details"))
        font = QFont(title.font())
        font.setBold(True)
        title.setFont(font)
        form.addWidget(title, 0, 0, 1, 2)
        for number, row in enumerate(rows, start=1):
            form.addWidget(_name_label(row.name), number, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(self._value(row), number, 1, Qt.AlignmentFlag.AlignTop)
        form.setRowStretch(len(rows) + 1, 1)
        return page

    def _value(self, row: Row) -> QWidget:
        text = WrappingText(row.text)
        text.setAccessibleName(row.name)
        if not row.copies:
            return text
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIcon(theme.icon("copy"))
        button.setIconSize(QSize(14, 14))
        button.setFixedHeight(text.height())  # or else this row would lie lower than its name
        button.setToolTip(self.tr("Copy the coordinates"))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(row.copies))
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(text, 1)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return both


class WrappingText(QPlainTextEdit):
    """A text to select and copy that breaks anywhere if it must, as paths do, and is as high as its lines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setPlainText(text)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.SelectAll):
            super().keyPressEvent(event)
        else:
            event.ignore()  # the keys of the preview go on to it

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: D102, N802 - Qt's name
        event.ignore()  # the panel scrolls, not a text in it

    def _grow(self) -> None:
        lines = max(1, round(self.document().size().height()))  # of a plain text document: in lines
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 1)


def _name_label(name: str) -> QLabel:
    label = QLabel(name)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
