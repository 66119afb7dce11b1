"""What is known about a photo, as a form of selectable texts; a fact that is missing has no row."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QSize, Qt
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
from photofind.core.records import PhotoFacts, PhotoRecord
from photofind.gui import numbers, theme
from photofind.gui.names import displayable

WIDTH = 300
_MILLION = 1_000_000
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its name, its text, and what its copy button copies, if it has one."""

    name: str
    text: str
    copies: str = ""


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
        rows = [] if record is None else self._facts(record, details)
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

    # The facts

    def _facts(self, record: PhotoRecord, details: PhotoDetails | None) -> list[Row]:
        # The file itself knows better than the library, which may not have seen its last change yet.
        newest = record if details is None else details
        facts = newest.facts
        rows = [
            Row(self.tr("Name"), displayable(os.path.basename(record.path))),
            Row(self.tr("Folder"), displayable(os.path.dirname(record.path))),
            Row(self.tr("Taken"), _taken(facts.taken_at)),
            Row(self.tr("Camera"), facts.camera or ""),
            Row(self.tr("Lens"), facts.lens or ""),
            *self._exposure(details),
            self._position(facts),
            *self._altitude(details),
            Row(self.tr("Size"), self._size(facts.width, facts.height)),
            Row(self.tr("Format"), facts.format),
            Row(self.tr("File size"), _bytes(newest.size)),
            Row(self.tr("Modified"), _written(_local_time(newest.mtime_ns))),
            Row(self.tr("Software"), (details.software or "") if details is not None else ""),
        ]
        return [row for row in rows if row.text]

    def _exposure(self, details: PhotoDetails | None) -> list[Row]:
        if details is None:
            return []
        flash = {None: "", True: self.tr("Fired"), False: self.tr("Did not fire")}[details.flash]
        return [
            Row(self.tr("Exposure"), details.exposure or ""),
            Row(self.tr("Aperture"), details.aperture or ""),
            Row(self.tr("ISO"), "" if details.iso is None else str(details.iso)),
            Row(self.tr("Focal length"), self._focal_length(details)),
            Row(self.tr("Flash"), flash),
        ]

    def _focal_length(self, details: PhotoDetails) -> str:
        length, on_film = details.focal_length, details.focal_length_35mm
        if length is None:
            return ""
        if on_film is None or round(on_film) == round(length):
            return self.tr("{} mm").format(f"{length:.3g}")
        return self.tr("{} mm (like {} mm on film)").format(f"{length:.3g}", f"{on_film:.3g}")

    def _altitude(self, details: PhotoDetails | None) -> list[Row]:
        if details is None or details.altitude is None:
            return []
        return [Row(self.tr("Altitude"), self.tr("{} m").format(f"{details.altitude:.0f}"))]

    def _position(self, facts: PhotoFacts) -> Row:
        latitude, longitude = facts.latitude, facts.longitude
        if latitude is None or longitude is None:
            return Row("", "")
        north = self.tr("N") if latitude >= 0 else self.tr("S")
        east = self.tr("E") if longitude >= 0 else self.tr("W")
        shown = f"{numbers.decimal(abs(latitude), 4)}° {north}, {numbers.decimal(abs(longitude), 4)}° {east}"
        return Row(self.tr("Place"), shown, copies=f"{latitude:.6f}, {longitude:.6f}")

    def _size(self, width: int, height: int) -> str:
        if width <= 0 or height <= 0:
            return ""
        megapixels = width * height / _MILLION
        shown = numbers.decimal(megapixels, 1 if megapixels >= 0.1 else 2)
        return self.tr("{} pixels ({} MP)").format(f"{width} \N{MULTIPLICATION SIGN} {height}", shown)

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


def _taken(taken_at: str | None) -> str:
    """Return a record's date as people write it."""
    if not taken_at:
        return ""
    return _written(QDateTime.fromString(taken_at, Qt.DateFormat.ISODate))


def _written(time: QDateTime) -> str:
    form = QCoreApplication.translate("DetailsPanel", "d MMMM yyyy, HH:mm", "the form of a date")
    return QLocale().toString(time, form)


def _local_time(mtime_ns: int) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(mtime_ns // 1_000_000)


def _bytes(size: int) -> str:
    return QLocale().formattedDataSize(size, 1 if size >= _THOUSAND else 0, QLocale.DataSizeFormat.DataSizeSIFormat)
