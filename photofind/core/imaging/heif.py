"""HEIC and HEIF, the format of phones, through libheif."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from photofind.core.imaging.exif import parse_exif, read_exif
from photofind.core.imaging.limits import DecodeLimits, check_pixels
from photofind.core.imaging.loaded import Header, Loaded


def load_heif(file: BinaryIO, limits: DecodeLimits) -> Loaded:
    """Decode the primary picture of a HEIF file; its rotation and mirroring are applied by libheif.

    Raises
    ------
    PhotoError
        When the picture is larger than the limits.
    Exception
        Whatever pi_heif raises on a damaged file.
    """
    from pi_heif.heif import open_heif

    file.seek(0)
    container = open_heif(file.read(), convert_hdr_to_8bit=True)
    check_pixels(container.size, limits)
    exif = read_exif(container.info.get("exif"))
    image = container.to_pillow()
    # The EXIF block repeats the orientation that the container's own properties have already brought about.
    return Loaded(image, "HEIF", image.size, replace(exif, orientation=1))


def heif_header(file: BinaryIO) -> Header:
    """Read what a HEIF file says of its primary picture; raises whatever pi_heif raises on a damaged file."""
    from pi_heif.heif import open_heif

    file.seek(0)
    container = open_heif(file.read())
    return Header.of("HEIF", container.size, parse_exif(container.info.get("exif")), is_turned=True)
