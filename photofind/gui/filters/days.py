"""A field for a day that may be left empty, and the reading of what is typed there: a day, a month or a year."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Final

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QGuiApplication, QPalette
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout, QWidget

from photofind.gui import theme

_YEAR_FIRST: Final = re.compile(r"(\d{4})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?")
_DAY_FIRST: Final = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})[./](\d{4})")
_WIDEST: Final = "8888-88-88"


def parse_day(text: str, *, last: bool) -> datetime.date | None:
    """Return the first or ``last`` day of what somebody typed: ``2021``, ``2021-03``, ``2021-03-05``, ``5.3.2021``.

    None for nothing; raises ValueError for what is no day.
    """
    words = text.strip()
    if not words:
        return None
    found = _YEAR_FIRST.fullmatch(words)
    if found is not None:
        year, month, day = found.groups()
    else:
        found = _DAY_FIRST.fullmatch(words)
        if found is None:
            raise ValueError(text)
        day, month, year = found.groups()
    if month is None:
        return datetime.date(int(year), *((12, 31) if last else (1, 1)))
    if day is None:
        if not 1 <= int(month) <= 12:
            raise ValueError(text)
        return datetime.date(int(year), int(month), calendar.monthrange(int(year), int(month))[1] if last else 1)
    return datetime.date(int(year), int(month), int(day))


class DayField(QLineEdit):
    """A day that is typed or chosen from a calendar; with ``last``, a year means its last day, else its first."""

    day_changed = Signal()
    """:attr:`day` is another one now."""

    def __init__(self, *, last: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = last
        self._day: datetime.date | None = None
        self.setPlaceholderText(self.tr("any day"))
        self.setClearButtonEnabled(True)
        self.setToolTip(self.tr("A day, a month or a year: 2021-03-05, 2021-03 or 2021"))
        self.setMaximumWidth(self.fontMetrics().horizontalAdvance(_WIDEST) + 64)
        pick = QAction(theme.icon("calendar"), self.tr("Choose from a calendar"), self)
        pick.triggered.connect(self.show_calendar)
        self.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)
        self.textChanged.connect(self._on_text_changed)

    @property
    def day(self) -> datetime.date | None:
        """The day that was typed last; None for any."""
        return self._day

    @property
    def is_sound(self) -> bool:
        """Whether what stands in the field is a day, or nothing."""
        return self._parsed()[0]

    def set_day(self, day: datetime.date | None) -> None:
        """Show a day, unless what is typed means it already; tells nobody."""
        if self._day == day and self.is_sound:
            return
        self._day = day
        self.setText(day.isoformat() if day else "")

    def show_calendar(self) -> None:
        """Let the user choose a day with the mouse."""
        frame = CalendarPopup(self._day, self)
        frame.chosen.connect(self._on_chosen)
        frame.show_below(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Say in full what was typed in short."""
        super().focusOutEvent(event)
        if self._day is not None and self.is_sound:
            self.setText(self._day.isoformat())

    def _parsed(self) -> tuple[bool, datetime.date | None]:
        try:
            return True, parse_day(self.text(), last=self._last)
        except ValueError:
            return False, None

    def _on_text_changed(self) -> None:
        sound, day = self._parsed()
        self._mark()
        if sound and day != self._day:
            self._day = day
            self.day_changed.emit()

    def _on_chosen(self, day: datetime.date) -> None:
        self.setText(day.isoformat())
        self.setFocus()

    def _mark(self) -> None:
        """Show a text that is no day in the colour of errors."""
        sound = self.is_sound
        colours = QGuiApplication.palette()
        if not sound:
            colours.setColor(QPalette.ColorRole.Text, theme.tone_colour(colours, "error"))
        self.setPalette(colours if not sound else QPalette())
        self.setAccessibleDescription("" if sound else self.tr("This is no day."))


class CalendarPopup(QFrame):
    """A calendar that closes when a day is chosen, or when something else is clicked."""

    chosen = Signal(object)
    """A :class:`datetime.date`."""

    def __init__(self, day: datetime.date | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.calendar = QCalendarWidget(self)
        self.calendar.setAccessibleName(self.tr("Calendar"))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if day is not None:
            self.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self.calendar.clicked.connect(self._on_day)
        self.calendar.activated.connect(self._on_day)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.calendar)

    def show_below(self, widget: QWidget) -> None:
        """Open below a widget, or above it where the screen ends."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        room = widget.screen().availableGeometry()
        if place.y() + self.height() > room.bottom():
            place = widget.mapToGlobal(QPoint(0, -self.height() - 2))
        place.setX(min(place.x(), room.right() - self.width()))
        self.move(place)
        self.show()
        self.calendar.setFocus()

    def _on_day(self, chosen: QDate) -> None:
        if self.isVisible():  # a double click says it twice
            self.chosen.emit(datetime.date(chosen.year(), chosen.month(), chosen.day()))
            self.close()
