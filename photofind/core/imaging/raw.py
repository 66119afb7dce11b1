"""Camera RAW files through LibRaw.

Cameras put a JPEG of their own rendering into each RAW file. It is what the photographer saw, and it is read ten
times faster than the sensor's data, so it comes first whenever it is large enough.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from photofind.core.errors import PhotoError, UnsupportedPhotoError
from photofind.core.imaging.exif import NO_EXIF, ExifFacts, exif_facts
from photofind.core.imaging.failures import JUNK_ERRORS
from photofind.core.imaging.geometry import suffices, upright_size
from photofind.core.imaging.limits import DecodeLimits, check_pixels
from photofind.core.imaging.loaded import Header, Loaded
from photofind.core.imaging.pillow_files import load_with_pillow, pillow_exif, pillow_header

if TYPE_CHECKING:
    import rawpy

_ORIENTATION_OF_FLIP = {0: 1, 3: 3, 5: 8, 6: 6}
"""LibRaw's ``flip`` as an EXIF orientation."""

_SRGB_CURVE = (2.4, 12.92)
"""Exponent and slope near black of sRGB's curve (IEC 61966-2-1); LibRaw's default is television's."""

_TIFF_MAGIC = (b"II*\x00", b"MM\x00*")


def load_raw(file: BinaryIO, limits: DecodeLimits, working_area: int) -> Loaded:
    """Decode a RAW file's preview if it suffices, else its sensor data at half the size.

    A file that LibRaw refuses is tried as the TIFF that most RAW formats are.

    Raises
    ------
    PhotoError
        When the limits forbid it or this camera's files are not supported.
    Exception
        Whatever LibRaw or Pillow raises on a damaged file.
    """
    import rawpy

    file.seek(0)
    content = file.read()
    try:
        with rawpy.imread(io.BytesIO(content)) as raw:
            return _load(raw, content, limits, working_area)
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError) as error:
        if content.startswith(_TIFF_MAGIC):
            return load_with_pillow(file, "TIFF", limits, working_area)
        raise _unsupported() from error


def _load(raw: rawpy.RawPy, content: bytes, limits: DecodeLimits, working_area: int) -> Loaded:
    size = (raw.sizes.width, raw.sizes.height)
    flip = _ORIENTATION_OF_FLIP.get(raw.sizes.flip, 1)
    exif = _exif(content)
    preview = _preview(raw, limits, working_area)
    if preview is not None and suffices(preview.image.size, working_area):
        shown = preview.exif.orientation if preview.exif.orientation != 1 else flip
        known = exif if exif != NO_EXIF else preview.exif
        return Loaded(preview.image, "RAW", size, replace(known, orientation=shown))
    check_pixels(size, limits)
    pixels = raw.postprocess(half_size=True, use_camera_wb=True, user_flip=0, gamma=_SRGB_CURVE)
    return Loaded(Image.fromarray(pixels), "RAW", size, replace(exif, orientation=flip))


def _preview(raw: rawpy.RawPy, limits: DecodeLimits, working_area: int) -> Loaded | None:
    """Return the picture that the camera stored beside the sensor's data, or None when it is missing or unusable."""
    import rawpy

    try:
        thumbnail = raw.extract_thumb()
        if thumbnail.format == rawpy.ThumbFormat.JPEG and isinstance(thumbnail.data, bytes):
            return load_with_pillow(io.BytesIO(thumbnail.data), "JPEG", limits, working_area)
        if thumbnail.format == rawpy.ThumbFormat.BITMAP and not isinstance(thumbnail.data, bytes):
            image = Image.fromarray(thumbnail.data)
            return Loaded(image, "RAW", image.size, NO_EXIF)
    except (PhotoError, rawpy.LibRawError, rawpy.NotSupportedError, *JUNK_ERRORS):
        return None
    return None


def _exif(content: bytes) -> ExifFacts:
    exif = _exif_structure(content)
    return NO_EXIF if exif is None else exif_facts(exif)


def _exif_structure(content: bytes) -> Image.Exif | None:
    if not content.startswith(_TIFF_MAGIC):
        return None
    exif = Image.Exif()
    try:
        exif.load_from_fp(io.BytesIO(content))
    except JUNK_ERRORS:
        return None
    return exif


def raw_header(file: BinaryIO) -> Header:
    """Read what a RAW file says before its pixels.

    Raises
    ------
    PhotoError
        When this camera's files are not supported.
    Exception
        Whatever LibRaw or Pillow raises on a damaged file.
    """
    import rawpy

    file.seek(0)
    content = file.read()
    try:
        with rawpy.imread(io.BytesIO(content)) as raw:
            size, flip = (raw.sizes.width, raw.sizes.height), _ORIENTATION_OF_FLIP.get(raw.sizes.flip, 1)
            exif = _exif_structure(content) or _preview_exif(raw)
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError) as error:
        if content.startswith(_TIFF_MAGIC):
            return pillow_header(file, "TIFF")
        raise _unsupported() from error
    return Header.of("RAW", upright_size(size, flip), exif, is_turned=True)


def _preview_exif(raw: rawpy.RawPy) -> Image.Exif | None:
    import rawpy

    try:
        thumbnail = raw.extract_thumb()
        if thumbnail.format == rawpy.ThumbFormat.JPEG and isinstance(thumbnail.data, bytes):
            return pillow_exif(io.BytesIO(thumbnail.data), "JPEG")
    except (rawpy.LibRawError, rawpy.NotSupportedError, *JUNK_ERRORS):
        return None
    return None


def _unsupported() -> UnsupportedPhotoError:
    return UnsupportedPhotoError("RAW files of this camera are not supported")
