"""What is known about a photo as rows of a name and a text, each as people read it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from photofind.core.details import PhotoDetails
from photofind.core.records import PhotoFacts, PhotoRecord
from photofind.gui import numbers
from photofind.gui.names import displayable

_MILLION = 1_000_000
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: its name, its text, and what its copy button copies, if it has one."""

    name: str
    text: str
    copies: str = ""


def fact_rows(record: PhotoRecord, details: PhotoDetails | None) -> list[Row]:
    """Return the rows of a photo; without ``details``, which come from its file, those that the library knows."""
    # The file itself knows better than the library, which may not have seen its last change yet.
    newest = record if details is None else details
    facts = newest.facts
    translate = QCoreApplication.translate
    rows = [
        Row(translate("DetailsPanel", "Name"), displayable(os.path.basename(record.path))),
        Row(translate("DetailsPanel", "Folder"), displayable(os.path.dirname(record.path))),
        Row(translate("DetailsPanel", "Taken"), _taken(facts.taken_at)),
        Row(translate("DetailsPanel", "Camera"), facts.camera or ""),
        Row(translate("DetailsPanel", "Lens"), facts.lens or ""),
        *_exposure(details),
        _position(facts),
        *_altitude(details),
        Row(translate("DetailsPanel", "Size"), _size(facts.width, facts.height)),
        Row(translate("DetailsPanel", "Format"), facts.format),
        Row(translate("DetailsPanel", "File size"), shown_bytes(newest.size)),
        Row(translate("DetailsPanel", "Modified"), _written(_local_time(newest.mtime_ns))),
        Row(translate("DetailsPanel", "Software"), (details.software or "") if details is not None else ""),
    ]
    return [row for row in rows if row.text]


def shown_bytes(size: int) -> str:
    """Return a number of bytes as file managers show it."""
    return QLocale().formattedDataSize(size, 1 if size >= _THOUSAND else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def _exposure(details: PhotoDetails | None) -> list[Row]:
    if details is None:
        return []
    translate = QCoreApplication.translate
    flash = {
        None: "",
        True: translate("DetailsPanel", "Fired"),
        False: translate("DetailsPanel", "Did not fire"),
    }[details.flash]
    return [
        Row(translate("DetailsPanel", "Exposure"), details.exposure or ""),
        Row(translate("DetailsPanel", "Aperture"), details.aperture or ""),
        Row(translate("DetailsPanel", "ISO"), "" if details.iso is None else str(details.iso)),
        Row(translate("DetailsPanel", "Focal length"), _focal_length(details)),
        Row(translate("DetailsPanel", "Flash"), flash),
    ]


def _focal_length(details: PhotoDetails) -> str:
    length, on_film = details.focal_length, details.focal_length_35mm
    translate = QCoreApplication.translate
    if length is None:
        return ""
    if on_film is None or round(on_film) == round(length):
        return translate("DetailsPanel", "{} mm").format(f"{length:.3g}")
    return translate("DetailsPanel", "{} mm (like {} mm on film)").format(f"{length:.3g}", f"{on_film:.3g}")


def _altitude(details: PhotoDetails | None) -> list[Row]:
    if details is None or details.altitude is None:
        return []
    translate = QCoreApplication.translate
    return [
        Row(translate("DetailsPanel", "Altitude"), translate("DetailsPanel", "{} m").format(f"{details.altitude:.0f}"))
    ]


def _position(facts: PhotoFacts) -> Row:
    latitude, longitude = facts.latitude, facts.longitude
    if latitude is None or longitude is None:
        return Row("", "")
    translate = QCoreApplication.translate
    north = translate("DetailsPanel", "N") if latitude >= 0 else translate("DetailsPanel", "S")
    east = translate("DetailsPanel", "E") if longitude >= 0 else translate("DetailsPanel", "W")
    shown = f"{numbers.decimal(abs(latitude), 4)}° {north}, {numbers.decimal(abs(longitude), 4)}° {east}"
    return Row(translate("DetailsPanel", "Place"), shown, copies=f"{latitude:.6f}, {longitude:.6f}")


def _size(width: int, height: int) -> str:
    if width <= 0 or height <= 0:
        return ""
    megapixels = width * height / _MILLION
    shown = numbers.decimal(megapixels, 1 if megapixels >= 0.1 else 2)
    translate = QCoreApplication.translate
    return translate("DetailsPanel", "{} pixels ({} MP)").format(f"{width} \N{MULTIPLICATION SIGN} {height}", shown)


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
