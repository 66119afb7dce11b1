"""Where the months begin among rows that are sorted by day, and which of them there is room to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QDate, QLocale

from photofind.gui.grid.model import Days

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = 1 - _EPOCH
_LAST_DAY: Final = date(9999, 12, 31).toordinal() - _EPOCH
_MONTHS_BEFORE_1970: Final = 1970 * 12
_FEW_YEARS: Final = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark beside the scroll bar: the month that begins at ``row``, at ``y`` pixels.

    Marks that look alike are equal. ``is_written``: there is room for its text; that is the year when ``is_year``, else
    the month.
    """

    row: int = field(compare=False)
    y: int
    month: int
    is_year: bool
    is_written: bool


@dataclass(frozen=True, slots=True, eq=False)
class MonthIndex:
    """The months that rows belong to, in display order.

    Attributes
    ----------
    months:
        Months since January of the year 0, shape (m,), each once, in the order of the rows.
    rows:
        The first row of each, shape (m,), ascending from 0.
    count:
        Number of rows.
    """

    months: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, days: Days) -> Self | None:
        """Return the months of rows that are sorted by day, up or down; None when they are not sorted or are none.

        ``days`` are days since 1970-01-01, shape (n,).
        """
        if not len(days):
            return None
        if bool((days[1:] >= days[:-1]).all()):
            months, starts = _months_between(int(days[0]), int(days[-1]))
            rows = np.searchsorted(days, starts[:-1], side="left")
        elif bool((days[1:] <= days[:-1]).all()):
            months, starts = _months_between(int(days[-1]), int(days[0]))
            months = months[::-1]
            rows = len(days) - np.searchsorted(days[::-1], starts[1:], side="left")[::-1]
        else:
            return None
        # The first month takes what is before its first day, because impossible days are cut to possible ones.
        rows = np.maximum(rows, 0)
        rows[0] = 0
        is_peopled = np.diff(rows, append=len(days)) > 0
        return cls(months[is_peopled], rows[is_peopled].astype(np.int64), len(days))

    def month_at(self, row: int) -> int:
        """Return the month of a row."""
        return int(self.months[max(int(np.searchsorted(self.rows, row, side="right")) - 1, 0)])

    def marks(self, height: float, text_height: float, tick_gap: float) -> list[Mark]:
        """Return the marks that fit beside ``height`` pixels: no two texts overlap, no two ticks are too close.

        Years are written first. Only when there are few are months written between them.
        """
        ys = self.rows / self.count * height
        years = self.months // 12
        is_year = np.diff(years, prepend=years[0] - 1) != 0
        few = int(is_year.sum()) <= _FEW_YEARS
        written = _spread(ys[is_year], text_height, height) if is_year.any() else []
        texts = dict(zip(np.flatnonzero(is_year).tolist(), written, strict=True))
        taken = sorted(float(ys[place]) for place, shown in texts.items() if shown)
        marks: list[Mark] = []
        last_tick, last_text = -tick_gap, -text_height
        for place in _apart(ys, tick_gap, is_year):
            y, opens_year = float(ys[place]), bool(is_year[place])
            shown = texts.get(place, False)
            if few and not opens_year:
                shown = _is_free(y, last_text, taken, text_height, height)
            if not shown and y - last_tick < tick_gap:
                continue
            last_tick = y
            last_text = y if shown else last_text
            marks.append(Mark(int(self.rows[place]), round(y), int(self.months[place]), opens_year, shown))
        return marks


def month_of(day: int) -> str:
    """Return the month and year of a day since 1970-01-01, in the user's language."""
    return month_text(date.fromordinal(min(max(day, _FIRST_DAY), _LAST_DAY) + _EPOCH))


def month_text(day: date) -> str:
    """Return the month and year of a day in the user's language: "March 2021"."""
    return QLocale().toString(QDate(day.year, day.month, day.day), "MMMM yyyy")


def first_day(month: int) -> date:
    """Return the first day of a month since January of the year 0."""
    return date(month // 12, month % 12 + 1, 1)


def _months_between(first: int, last: int) -> tuple[npt.NDArray[np.int64], Days]:
    """Return the months from one day to another, and their first days with that of the month after them."""
    ends = np.clip(np.array([first, last]), _FIRST_DAY, _LAST_DAY).astype("datetime64[D]").astype("datetime64[M]")
    low, high = ends.astype(np.int64).tolist()
    numbers = np.arange(low, high + 2)
    # As 32 bits, because searching for 64-bit values would first convert every row.
    starts = numbers.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return numbers[:-1] + _MONTHS_BEFORE_1970, starts


def _spread(ys: npt.NDArray[np.float64], gap: float, height: float) -> list[bool]:
    """Choose, from the top, texts that are at least a gap apart and end before the height does."""
    chosen, last = [], -gap
    for y in ys.tolist():
        fits = y - last >= gap and y + gap <= height
        last = y if fits else last
        chosen.append(fits)
    return chosen


def _apart(ys: npt.NDArray[np.float64], gap: float, keep: npt.NDArray[np.bool_]) -> list[int]:
    """Choose one place of each gap, and those to keep: centuries of months become a few hundred."""
    cell = (ys / gap).astype(np.int64)
    fresh = np.diff(cell, prepend=cell[0] - 1) != 0
    return np.flatnonzero(fresh | keep).tolist()


def _is_free(y: float, last_text: float, taken: list[float], gap: float, height: float) -> bool:
    near = any(abs(y - other) < gap for other in taken)
    return not near and y - last_text >= gap and y + gap <= height
