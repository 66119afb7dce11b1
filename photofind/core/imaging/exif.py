"""What a camera wrote into the file: when, with what, where, and which way is up.

EXIF blocks are written by thousands of programs and mangled by as many more. Nothing in here raises on junk: a
fact that cannot be read is None, because a photo without a date is still a photo.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from photofind.core.imaging.failures import JUNK_ERRORS
from photofind.core.records import PhotoFacts

_EXIF_PREFIX = b"Exif\x00\x00"
_DATE = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T]+(\d{1,2}):(\d{1,2}):(\d{1,2})")
_TEXT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What an EXIF block says; see PhotoFacts for the units. ``orientation`` is 1 to 8, 1 when unknown."""

    orientation: int = 1
    taken_at: str | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def to_photo_facts(self, name: str, size: tuple[int, int]) -> PhotoFacts:
        """Return what the library keeps of a photo in the format ``name`` of that upright size."""
        return PhotoFacts(
            format=name,
            width=size[0],
            height=size[1],
            taken_at=self.taken_at,
            camera=self.camera,
            lens=self.lens,
            latitude=self.latitude,
            longitude=self.longitude,
        )


NO_EXIF = ExifFacts()


def read_exif(block: bytes | None) -> ExifFacts:
    """Return the facts of an EXIF ``block`` (a TIFF structure, with or without ``Exif`` and two zeros before it)."""
    exif = parse_exif(block)
    return NO_EXIF if exif is None else exif_facts(exif)


def parse_exif(block: bytes | None) -> Image.Exif | None:
    """Return the structure of such a block, None when there is nothing to be read in it."""
    if not block:
        return None
    exif = Image.Exif()
    try:
        exif.load(block if block.startswith(_EXIF_PREFIX) else _EXIF_PREFIX + block)
    except JUNK_ERRORS:
        return None
    return exif


def exif_facts(exif: Image.Exif) -> ExifFacts:
    """Return the facts of a parsed EXIF structure."""
    details = directory(exif, IFD.Exif)
    latitude, longitude = _position(directory(exif, IFD.GPSInfo))
    return ExifFacts(
        orientation=_orientation(value_of(exif, Base.Orientation)),
        taken_at=(
            _date(value_of(details, Base.DateTimeOriginal))
            or _date(value_of(details, Base.DateTimeDigitized))
            or _date(value_of(exif, Base.DateTime))
        ),
        camera=_camera(text_of(value_of(exif, Base.Make)), text_of(value_of(exif, Base.Model))),
        lens=text_of(value_of(details, Base.LensModel)),
        latitude=latitude,
        longitude=longitude,
    )


def directory(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    """Return a directory inside an EXIF structure, an empty one when it cannot be read."""
    try:
        return exif.get_ifd(tag)
    except JUNK_ERRORS:
        return {}


def value_of(directory: Mapping[int, Any], tag: int) -> object:
    """Return the value of a tag, None when it is missing or cannot be read."""
    # Pillow decodes values when they are asked for, so asking is where a bad one raises.
    try:
        return directory.get(tag)
    except JUNK_ERRORS:
        return None


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def text_of(value: object) -> str | None:
    """Return a value as one line of visible text, None when nothing of it is."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    visible = "".join(letter if letter.isprintable() else " " for letter in value.split("\x00")[0])
    return " ".join(visible.split())[:_TEXT_LENGTH] or None


def _camera(make: str | None, model: str | None) -> str | None:
    """Join make and model without saying the make twice ("Canon" and "Canon EOS 40D")."""
    if not make or not model:
        return model or make
    return model if model.casefold().startswith(make.split()[0].casefold()) else f"{make} {model}"


def _date(value: object) -> str | None:
    text = text_of(value)
    found = _DATE.match(text) if text else None
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        return datetime(year, month, day, hour, minute, second).isoformat()
    except ValueError:  # cameras without a set clock write 0000:00:00 00:00:00
        return None


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    """Return latitude and longitude in degrees, or twice None: half a position is none (CIPA DC-008, 4.6.6)."""
    latitude = _degrees(value_of(gps, GPS.GPSLatitude), value_of(gps, GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(value_of(gps, GPS.GPSLongitude), value_of(gps, GPS.GPSLongitudeRef), "EW", 180)
    # Receivers without a fix write zeros; nobody photographs that spot in the Gulf of Guinea.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _degrees(value: object, reference: object, letters: str, bound: int) -> float | None:
    parts = value if isinstance(value, tuple) else (value,)
    letter = (text_of(reference) or "")[:1].upper()
    if not 1 <= len(parts) <= 3 or not letter or letter not in letters:
        return None
    try:
        degrees = sum((float(part) / 60.0**power for power, part in enumerate(parts)), 0.0)
    except JUNK_ERRORS:
        return None
    if not math.isfinite(degrees) or abs(degrees) > bound:
        return None
    return -degrees if letter == letters[1] else degrees
