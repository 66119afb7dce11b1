"""Filters in short English, one text for each condition, for lists and chips."""

from __future__ import annotations

import os.path
from calendar import month_name
from datetime import date, timedelta

from photofind.core.queries import Filters


def describe(filters: Filters) -> tuple[str, ...]:
    """Return one short text for each condition: "in Kyoto", "since 2019", "JPEG", "portrait", "camera: Canon"."""
    return tuple(text for texts in (_where(filters), _when(filters), _what(filters)) for text in texts)


def _where(filters: Filters) -> list[str]:
    folders = " or ".join(os.path.basename(folder.rstrip("/\\")) or folder for folder in filters.folders)
    return [
        *([f"in {folders}"] if folders else []),
        *(f"folder: {text}" for text in filters.within),
        *(f"name: {text}" for text in filters.names),
        *(f"place: {text}" for text in filters.places),
    ]


def _when(filters: Filters) -> list[str]:
    since, until = filters.since, filters.until
    if since and until:
        return [_span(since, until)]
    if since:
        return [f"since {_start(since)}"]
    return [f"until {_end(until)}"] if until else []


def _what(filters: Filters) -> list[str]:
    low, high = filters.min_megapixels, filters.max_megapixels
    size = ""
    if low is not None and high is not None:
        size = f"{low:g} to {high:g} megapixels"
    elif low is not None:
        size = f"at least {low:g} megapixels"
    elif high is not None:
        size = f"at most {high:g} megapixels"
    gps = {None: "", True: "with GPS", False: "without GPS"}[filters.has_gps]
    return [
        *(f"camera: {text}" for text in filters.cameras),
        *([" or ".join(filters.formats)] if filters.formats else []),
        *([str(filters.orientation)] if filters.orientation else []),
        *(text for text in (size, gps) if text),
    ]


def _span(since: date, until: date) -> str:
    """Return a span in the fewest words: a year, a month, a day, or both ends."""
    if since == until:
        return since.isoformat()
    if _opens_year(since) and _closes_year(until):
        return str(since.year) if since.year == until.year else f"{since.year} to {until.year}"
    if (since.year, since.month) == (until.year, until.month) and since.day == 1 and _closes_month(until):
        return f"{month_name[since.month]} {since.year}"
    return f"{since.isoformat()} to {until.isoformat()}"


def _start(since: date) -> str:
    return str(since.year) if _opens_year(since) else since.isoformat()


def _end(until: date) -> str:
    return str(until.year) if _closes_year(until) else until.isoformat()


def _opens_year(day: date) -> bool:
    return (day.month, day.day) == (1, 1)


def _closes_year(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _closes_month(day: date) -> bool:
    return day == date.max or (day + timedelta(days=1)).day == 1
