"""The panel where filters are chosen: fields in lines above the photos, which follow at once.

It shows the filters of the place that the browser is at. What it has no field for, such as a part of a file's name that
a saved search asks for, is kept as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from photofind.core.paths import is_within
from photofind.core.queries import Filters, Orientation
from photofind.gui import theme
from photofind.gui.filters.choices import ChoiceBox, TypesButton
from photofind.gui.filters.days import DayField
from photofind.gui.filters.describing import orientation_name, size_name
from photofind.gui.filters.flow import FlowLayout
from photofind.gui.panels.folder_list import folder_name
from photofind.gui.settings.page import ErrorLabel

_SETTLE_MS: Final = 250
_MEGAPIXELS: Final = (2.0, 8.0, 20.0)
_RECENT_DAYS: Final = 30
_OTHER: Final = object()
"""The value of the entry that lets the user choose a folder."""

Span = tuple[datetime.date | None, datetime.date | None]


class FilterPanel(QWidget):
    """Fields for :class:`Filters`; it only says what the user wants, :meth:`set_filters` shows what holds."""

    filters_changed = Signal(object)
    """The user wants these :class:`Filters`, a moment after the last change."""

    closed = Signal()
    """The user is done with the panel."""

    refused = Signal(str)
    """What was chosen will not do: a sentence."""

    def __init__(
        self, parent: QWidget | None = None, *, today: Callable[[], datetime.date] = datetime.date.today
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filter-panel")
        self.setAccessibleName(self.tr("Filters"))
        self._today = today
        self._shown = Filters()
        self._roots: list[str] = []
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._make_fields()
        self._lay_out()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._show_filters()

    @property
    def filters(self) -> Filters:
        """What the fields say."""
        since, until = self.since.day, self.until.day
        least, most = _pair(self.size_box.value)
        shape, gps = self.shape.value, self.location.value
        return replace(
            self._shown,
            folders=_texts(self.folder.value),
            cameras=_texts(self.camera.value),
            formats=self.types.value,
            since=since,
            until=until,
            min_megapixels=least,
            max_megapixels=most,
            orientation=shape if isinstance(shape, Orientation) else None,
            has_gps=gps if isinstance(gps, bool) else None,
        )

    def set_filters(self, filters: Filters) -> None:
        """Show what holds now; what the user was just changing is forgotten when something else holds by now."""
        if filters != self._shown:
            self._settle.stop()  # or else it would bring back what was taken off meanwhile
            self._shown = filters
            self._show_filters()

    def forget_changes(self) -> None:
        """Show again what holds, without what the user was just changing."""
        if self._settle.isActive():
            self._settle.stop()
            self._show_filters()

    def set_folders(self, paths: Sequence[str]) -> None:
        """Offer the folders of the library."""
        self._roots = list(paths)
        choices: list[tuple[str, object]] = [(self.tr("All folders"), ())]
        choices += [(folder_name(path), (path,)) for path in paths]
        self.folder.set_choices([*choices, (self.tr("Choose a folder…"), _OTHER)])

    def set_cameras(self, cameras: Sequence[str]) -> None:
        """Offer the cameras that took the photos of the library."""
        choices: list[tuple[str, object]] = [(self.tr("Any camera"), ())]
        self.camera.set_choices([*choices, *((camera, (camera,)) for camera in cameras)])

    def set_formats(self, formats: Sequence[str]) -> None:
        """Offer the types of files that the library has."""
        self.types.set_choices(formats)

    def begin(self) -> None:
        """Let the keyboard go to the first field."""
        self.when.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close with Escape; Return makes what was typed count at once."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._settle.isActive():
            self._on_settled()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line below the panel."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.hairline(self.palette()))
        painter.end()

    # Making

    def _make_fields(self) -> None:
        self.when = ChoiceBox(self.tr("When the photos were taken"), self)
        self.since = DayField(last=False, parent=self)
        self.since.setAccessibleName(self.tr("Taken on this day or later"))
        self.until = DayField(last=True, parent=self)
        self.until.setAccessibleName(self.tr("Taken on this day or before"))
        self.folder = ChoiceBox(self.tr("Folder"), self)
        self.camera = ChoiceBox(self.tr("Camera"), self)
        self.types = TypesButton(self.tr("Types of files"), self)
        self.size_box = ChoiceBox(self.tr("Size in megapixels"), self)
        self.shape = ChoiceBox(self.tr("Shape"), self)
        self.location = ChoiceBox(self.tr("Location"), self)
        self.verdict = ErrorLabel(self)
        self.verdict.setAccessibleName(self.tr("What is wrong with the filters"))
        self.verdict.setWordWrap(False)
        self._fill_fixed()
        self.set_folders(())
        self.set_cameras(())
        self.when.chosen.connect(self._on_when_chosen)
        self.folder.chosen.connect(self._on_folder_chosen)
        for days in (self.since, self.until):
            days.day_changed.connect(self._on_day_changed)
            days.textChanged.connect(self._judge)
        for field in (self.camera, self.types, self.size_box, self.shape, self.location):
            field.chosen.connect(self._on_changed)

    def _fill_fixed(self) -> None:
        sizes: list[tuple[str, object]] = [(self.tr("Any size"), (None, None))]
        self.size_box.set_choices(sizes + [(self._size_label(size), (size, None)) for size in _MEGAPIXELS])
        shapes: list[tuple[str, object]] = [(self.tr("Any shape"), None)]
        self.shape.set_choices(shapes + [(orientation_name(shape), shape) for shape in Orientation])
        self.location.set_choices(
            [
                (self.tr("With or without location"), None),
                (self.tr("With a location"), True),
                (self.tr("Without a location"), False),
            ]
        )
        self._fill_when()

    def _fill_when(self) -> None:
        today = self._today()
        recent = today - datetime.timedelta(days=_RECENT_DAYS - 1)
        self.when.set_choices(
            [
                (self.tr("Any time"), (None, None)),
                (self.tr("Last {} days").format(_RECENT_DAYS), (recent, None)),
                (self.tr("This year"), _year(today.year)),
                (self.tr("Last year"), _year(today.year - 1)),
            ],
            self.tr("Other days"),
        )

    def _size_label(self, least: float) -> str:
        return "\N{GREATER-THAN OR EQUAL TO} " + self.tr("{} megapixels").format(f"{least:g}")

    def _lay_out(self) -> None:
        self.clear = QPushButton(self.tr("Clear filters"), self)
        self.clear.clicked.connect(self._on_clear)
        close = QToolButton(self)
        close.setAutoRaise(True)
        close.setIcon(theme.icon("close"))
        close.setIconSize(QSize(14, 14))
        close.setToolTip(self.tr("Close the filters; they still hold (Esc)"))
        close.setAccessibleName(self.tr("Close the filters"))
        close.clicked.connect(self.closed)
        flow = FlowLayout(gap=10, line_gap=6)
        flow.addWidget(self._group("", self.when))
        flow.addWidget(self._group(self.tr("from"), self.since))
        flow.addWidget(self._group(self.tr("to"), self.until))
        for field in (self.folder, self.camera, self.types, self.size_box, self.shape, self.location):
            flow.addWidget(field)
        flow.addWidget(self.clear)
        flow.addWidget(self.verdict)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 8)
        row.addLayout(flow, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _group(self, words: str, field: QWidget) -> QWidget:
        if not words:
            return field
        group = QWidget(self)
        label = QLabel(words, group)
        label.setBuddy(field)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(field)
        return group

    # Showing

    def _show_filters(self) -> None:
        shown = self._shown
        self._fill_when()  # the day may be another one by now
        self.since.set_day(shown.since)
        self.until.set_day(shown.until)
        self._show_when()
        names = ", ".join(map(folder_name, shown.folders))
        self.folder.set_value(shown.folders, names)
        self.camera.set_value(shown.cameras, ", ".join(shown.cameras))
        self.types.set_value(shown.formats)
        sizes = shown.min_megapixels, shown.max_megapixels
        self.size_box.set_value(sizes, size_name(*sizes))
        self.shape.set_value(shown.orientation, "")
        self.location.set_value(shown.has_gps, "")
        self.clear.setEnabled(bool(shown))
        self._judge()

    def _show_when(self) -> None:
        self.when.set_value((self.since.day, self.until.day), self.tr("Other days"))

    def _judge(self) -> None:
        """Say what is wrong with the days."""
        since, until = self.since.day, self.until.day
        words = ""
        if not self.since.is_sound or not self.until.is_sound:
            words = self.tr("Type a day as 2021-03-05, a month as 2021-03 or a year as 2021.")
        elif since is not None and until is not None and since > until:
            words = self.tr("No photo can match: the first day is after the last.")
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))

    # What the user does

    def _on_changed(self) -> None:
        self._settle.start()

    def _on_settled(self) -> None:
        self._settle.stop()
        filters = self.filters
        if filters != self._shown:
            self._shown = filters
            self.clear.setEnabled(bool(filters))
            self.filters_changed.emit(filters)

    def _on_when_chosen(self) -> None:
        value = self.when.value
        if isinstance(value, tuple):
            self.since.set_day(value[0])
            self.until.set_day(value[1])
            self._judge()
            self._on_changed()

    def _on_day_changed(self) -> None:
        self._show_when()
        self._on_changed()

    def _on_folder_chosen(self) -> None:
        if self.folder.value is not _OTHER:
            self._on_changed()
            return
        self.folder.set_value(self._shown.folders, ", ".join(map(folder_name, self._shown.folders)))
        dialog = QFileDialog(self, self.tr("Only photos in this folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        if self._roots:
            dialog.setDirectory((self._shown.folders or tuple(self._roots))[0])
        dialog.fileSelected.connect(self.choose_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def choose_folder(self, path: str) -> None:
        """Take a folder that the user chose, if the library has photos there."""
        if not any(is_within(path, root) or is_within(root, path) for root in self._roots):
            self.refused.emit(self.tr("{} is not in a folder of this library; add it first.").format(path))
            return
        self.folder.set_value((path,), folder_name(path))
        self._on_changed()

    def _on_clear(self) -> None:
        self._settle.stop()
        if self._shown or self.filters:
            self._shown = Filters()
            self._show_filters()
            self.filters_changed.emit(self._shown)
        self.begin()  # the button cannot keep the focus, since there is nothing left to clear


def _year(year: int) -> Span:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, tuple) else ()


def _pair(value: object) -> tuple[float | None, float | None]:
    return (value[0], value[1]) if isinstance(value, tuple) else (None, None)
