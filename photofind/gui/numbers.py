"""Numbers as people read them: grouped as their language does, and time left in words."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def grouped(number: int) -> str:
    """Return a count with its thousands apart, ``12,340``."""
    return _locale().toString(number)


def rate(per_second: float) -> str:
    """Return a rate with one decimal below ten, ``4.2`` and ``21``."""
    return decimal(per_second, 1) if per_second < 9.95 else grouped(round(per_second))


def decimal(value: float, digits: int) -> str:
    """Return a number with so many digits after its point or comma."""
    return _locale().toString(value, "f", digits)


def data_size(count: int) -> str:
    """Return a number of bytes with its unit, ``1.2 GB``."""
    return _locale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def share(part: float, digits: int = 1) -> str:
    """Return a share, 0 to 1, in percent: ``12.3 %``."""
    return QCoreApplication.translate("Numbers", "{} %").format(decimal(100.0 * part, digits))


def moment(seconds: float) -> str:
    """Return a time, in seconds since 1970, as day and time of day."""
    return _locale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale.FormatType.ShortFormat)


def photos(number: int) -> str:
    """Return ``1 photo`` or ``1,234 photos``."""
    translate = QCoreApplication.translate
    return translate("Numbers", "1 photo") if number == 1 else translate("Numbers", "{} photos").format(grouped(number))


def problems(number: int) -> str:
    """Return ``1 problem`` or ``1,234 problems``."""
    translate = QCoreApplication.translate
    if number == 1:
        return translate("Numbers", "1 problem")
    return translate("Numbers", "{} problems").format(grouped(number))


def time_left(seconds: float) -> str:
    """Return the time that something still takes, as exactly as an estimate deserves: ``29 min left``."""
    translate = QCoreApplication.translate
    if seconds < _MINUTE:
        return translate("Numbers", "less than a minute left")
    if seconds < 2 * _HOUR:
        return translate("Numbers", "{} min left").format(math.ceil(seconds / _MINUTE))
    if seconds < 2 * _DAY:
        return translate("Numbers", "{} h left").format(math.ceil(seconds / _HOUR))
    return translate("Numbers", "{} days left").format(grouped(math.ceil(seconds / _DAY)))


def _locale() -> QLocale:
    locale = QLocale()
    # A system without a language set has no groups at all.
    return QLocale(QLocale.Language.English) if locale.language() == QLocale.Language.C else locale
