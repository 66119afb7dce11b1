"""Filters in words: the parts that each can be taken off, and what they say."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from photofind.core.queries import Filters, Orientation
from photofind.gui import numbers
from photofind.gui.names import displayable
from photofind.gui.panels.folder_list import folder_name

translate = QCoreApplication.translate

_DASH: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class FilterPart:
    """One condition: the ``fields`` of :class:`Filters` that make it and, of a field with many texts, which ``text``.

    ``label`` is short; ``tip`` says it in full.
    """

    fields: tuple[str, ...]
    label: str
    tip: str
    text: str | None = None


def parts_of(filters: Filters) -> list[FilterPart]:
    """Return the conditions in the order in which they are shown."""
    return [*_folders(filters), *_texts(filters), *_days(filters), *_kinds(filters), *_sizes(filters)]


def without(filters: Filters, part: FilterPart) -> Filters:
    """Return the filters that are left when a part is taken off."""
    nothing = Filters()
    left: dict[str, Any] = {name: getattr(nothing, name) for name in part.fields}
    if part.text is not None:
        (name,) = part.fields
        left[name] = tuple(text for text in getattr(filters, name) if text != part.text)
    return replace(filters, **left)


def period(since: datetime.date | None, until: datetime.date | None) -> str:
    """Return a span of days as people say it: ``2021``, ``March 2021``, ``from 5 Mar 2021``."""
    if since is not None and until is not None:
        if since == until:
            return _day(since)
        if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
            return str(since.year) if since.year == until.year else f"{since.year} {_DASH} {until.year}"
        last = calendar.monthrange(since.year, since.month)[1]
        if since.day == 1 and until == since.replace(day=last):
            return _locale().toString(QDate(since.year, since.month, 1), "MMMM yyyy")
        return f"{_day(since)} {_DASH} {_day(until)}"
    if since is not None:
        return translate("Filters", "from {}").format(_day(since))
    return translate("Filters", "until {}").format(_day(until)) if until is not None else ""


def type_name(kind: str) -> str:
    """Return a format of the catalog as people write it: ``JPEG``."""
    return "WebP" if kind.lower() == "webp" else kind.upper()


def size_name(least: float | None, most: float | None) -> str:
    """Return a range of megapixels in words; nothing when it has no ends."""
    if least is not None and most is not None:
        return translate("Filters", "{} to {} megapixels").format(_number(least), _number(most))
    if least is not None:
        return translate("Filters", "{} megapixels or more").format(_number(least))
    return translate("Filters", "{} megapixels or less").format(_number(most)) if most is not None else ""


def orientation_name(orientation: Orientation) -> str:
    """Return the name of a shape."""
    return {
        Orientation.LANDSCAPE: translate("Filters", "Landscape"),
        Orientation.PORTRAIT: translate("Filters", "Portrait"),
        Orientation.SQUARE: translate("Filters", "Square"),
    }[orientation]


def _folders(filters: Filters) -> Iterator[FilterPart]:
    if filters.folders:
        names = ", ".join(folder_name(path) for path in filters.folders)
        tip = "\n".join(map(displayable, filters.folders))
        yield FilterPart(("folders",), translate("Filters", "Folder: {}").format(names), tip)


def _texts(filters: Filters) -> Iterator[FilterPart]:
    for field, words, tip in (
        ("within", translate("Filters", "Folder name: {}"), translate("Filters", "“{}” is part of a folder's name")),
        ("names", translate("Filters", "Name: {}"), translate("Filters", "“{}” is part of the file's name")),
        ("cameras", translate("Filters", "Camera: {}"), translate("Filters", "Taken with {}")),
        ("places", translate("Filters", "Place: {}"), translate("Filters", "Taken in {}")),
    ):
        for text in getattr(filters, field):
            shown = displayable(text)
            yield FilterPart((field,), words.format(shown), tip.format(shown), text)


def _days(filters: Filters) -> Iterator[FilterPart]:
    words = period(filters.since, filters.until)
    if words:
        yield FilterPart(("since", "until"), words, translate("Filters", "Taken: {}").format(words))


def _kinds(filters: Filters) -> Iterator[FilterPart]:
    if filters.formats:
        names = ", ".join(map(type_name, filters.formats))
        yield FilterPart(
            ("formats",),
            translate("Filters", "Type: {}").format(names),
            translate("Filters", "Files of type {}").format(names),
        )


def _sizes(filters: Filters) -> Iterator[FilterPart]:
    size = size_name(filters.min_megapixels, filters.max_megapixels)
    if size:
        yield FilterPart(("min_megapixels", "max_megapixels"), size, size)
    if filters.orientation is not None:
        shape = orientation_name(filters.orientation)
        yield FilterPart(("orientation",), shape, translate("Filters", "Shape: {}").format(shape))
    if filters.has_gps is not None:
        words = (
            translate("Filters", "With a location") if filters.has_gps else translate("Filters", "Without a location")
        )
        yield FilterPart(("has_gps",), words, words)


def _day(day: datetime.date) -> str:
    form = translate("Filters", "d MMM yyyy", "the form of a day")
    return _locale().toString(QDate(day.year, day.month, day.day), form)


def _number(value: float) -> str:
    return numbers.decimal(float(value), 0 if value == int(value) else 1)


def _locale() -> QLocale:
    locale = QLocale()
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale
