"""How a photo was taken, from its EXIF block: what a photographer set or the camera chose.

Like `exif`, nothing in here raises on junk; a number out of its sensible range is taken for junk.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from photofind.core.imaging.exif import directory, text_of, value_of
from photofind.core.imaging.failures import JUNK_ERRORS

_BELOW_SEA_LEVEL = (1, 3)
_LONGEST_SECONDS = 1e6
_HIGHEST_METRES = 100_000.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """How a photo was taken.

    ``seconds`` the shutter was open, ``f_number``, ISO speed, ``focal_length`` in millimetres and what it would be on
    35 mm film, whether the ``flash`` fired, the ``software`` that wrote the file, ``altitude`` in metres above the sea.
    """

    seconds: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: float | None = None
    flash: bool | None = None
    software: str | None = None
    altitude: float | None = None


NO_EXPOSURE = Exposure()


def exposure_of(exif: Image.Exif) -> Exposure:
    """Return how a photo was taken according to a parsed EXIF structure."""
    details = directory(exif, IFD.Exif)
    iso = _number(details, Base.ISOSpeedRatings, 1, 1e8)
    flash = value_of(details, Base.Flash)
    return Exposure(
        seconds=_seconds(details),
        f_number=_f_number(details),
        iso=None if iso is None else round(iso),
        focal_length=_number(details, Base.FocalLength, 0.1, 1e5),
        focal_length_35mm=_number(details, Base.FocalLengthIn35mmFilm, 0.1, 1e5),
        flash=bool(flash & 1) if isinstance(flash, int) else None,
        software=text_of(value_of(exif, Base.Software)),
        altitude=_altitude(directory(exif, IFD.GPSInfo)),
    )


def _seconds(details: Mapping[int, Any]) -> float | None:
    seconds = _number(details, Base.ExposureTime, 1e-7, _LONGEST_SECONDS)
    apex = None if seconds is not None else _number(details, Base.ShutterSpeedValue, -20, 23)
    return seconds if apex is None else 2.0**-apex


def _f_number(details: Mapping[int, Any]) -> float | None:
    number = _number(details, Base.FNumber, 0.1, 1000)
    apex = None if number is not None else _number(details, Base.ApertureValue, 0.01, 20)
    return number if apex is None else 2.0 ** (apex / 2)


def _altitude(gps: Mapping[int, Any]) -> float | None:
    metres = _number(gps, GPS.GPSAltitude, 0, _HIGHEST_METRES)
    reference = value_of(gps, GPS.GPSAltitudeRef)
    if isinstance(reference, bytes):
        reference = reference[0] if reference else 0
    return -metres if metres is not None and reference in _BELOW_SEA_LEVEL else metres


def _number(values: Mapping[int, Any], tag: int, low: float, high: float) -> float | None:
    value = value_of(values, tag)
    if isinstance(value, tuple):  # some cameras write several ISO speeds
        value = value[0] if value else None
    try:
        number = float(value)  # type: ignore[arg-type]
    except JUNK_ERRORS:
        return None
    return number if math.isfinite(number) and low <= number <= high else None
