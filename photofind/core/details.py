"""All that one photo's file says of it, read when somebody wants to know: more than the library keeps of each photo."""

from __future__ import annotations

import os
from dataclasses import dataclass

from photofind.core.errors import UnreadablePhotoError
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.opening import open_photo
from photofind.core.imaging.pictures import IN_PLACE, Pictures
from photofind.core.records import PhotoFacts
from photofind.core.scan import is_in_cloud

_SHOWN_AS_FRACTION = 0.29
"""Cameras show a third of a second as 0.3, shorter times as fractions."""


@dataclass(frozen=True, slots=True)
class PhotoDetails:
    """What a file says of its photo; what it does not say is None.

    ``size`` is in bytes, ``orientation`` EXIF's 1 to 8, ``exposure`` a text like "1/250 s", ``aperture`` like "f/2.8",
    both focal lengths are millimetres, ``flash`` tells whether it fired, ``altitude`` is in metres above the sea.
    """

    path: str
    size: int
    mtime_ns: int
    facts: PhotoFacts
    orientation: int
    exposure: str | None
    aperture: str | None
    iso: int | None
    focal_length: float | None
    focal_length_35mm: float | None
    flash: bool | None
    software: str | None
    altitude: float | None


def read_details(path: str, limits: DecodeLimits, pictures: Pictures = IN_PLACE) -> PhotoDetails:
    """Read the header of a photo's file with ``pictures``; nothing is decoded, nothing fetched from a cloud.

    Raises
    ------
    PhotoError
        When it is no photo, its header is damaged, its file larger than ``limits``, or it cannot be opened.
    """
    try:
        with open_photo(path) as file:
            status = os.fstat(file.fileno())
            if is_in_cloud(status):
                raise UnreadablePhotoError("the file is only in the cloud; it is read when it has been downloaded")
        header = pictures.header(path, limits=limits)
    except OSError as error:
        raise UnreadablePhotoError(f"the file cannot be read: {error.strerror or error}") from error
    exif, exposure = header.exif, header.exposure
    return PhotoDetails(
        path=path,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        facts=exif.to_photo_facts(header.format, header.size),
        orientation=exif.orientation,
        exposure=None if exposure.seconds is None else exposure_text(exposure.seconds),
        aperture=None if exposure.f_number is None else aperture_text(exposure.f_number),
        iso=exposure.iso,
        focal_length=exposure.focal_length,
        focal_length_35mm=exposure.focal_length_35mm,
        flash=exposure.flash,
        software=exposure.software,
        altitude=exposure.altitude,
    )


def exposure_text(seconds: float) -> str:
    """Return an exposure time as cameras show it: "1/250 s", "0.5 s", "30 s"."""
    if seconds < _SHOWN_AS_FRACTION:
        return f"1/{round(1 / seconds)} s"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def aperture_text(f_number: float) -> str:
    """Return an aperture as lenses show it: "f/2.8", "f/11"."""
    return f"f/{f_number:.0f}" if f_number >= 10 else f"f/{f_number:.2g}"
