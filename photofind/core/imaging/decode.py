"""One photo file becomes one upright sRGB picture of useful size, or one PhotoError.

::

    file ──size──▶ head ──sniff──▶ format ──header──▶ limits ──decode──▶ Loaded ──colour──▶ turn ──▶ DecodedPhoto

Everything that a file can do wrong ends at `decode_photo`: the decoders below it raise whatever they like.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

from photofind.core.errors import NotAPhotoError, PhotoError, UnsupportedPhotoError
from photofind.core.imaging.colour import to_srgb
from photofind.core.imaging.failures import as_photo_error
from photofind.core.imaging.geometry import upright, upright_size
from photofind.core.imaging.heif import heif_header, load_heif
from photofind.core.imaging.limits import DecodeLimits, check_file_size
from photofind.core.imaging.loaded import Header, Loaded
from photofind.core.imaging.pillow_files import load_with_pillow, pillow_header
from photofind.core.imaging.quiet import quiet_pillow
from photofind.core.imaging.raw import load_raw, raw_header
from photofind.core.imaging.sniff import SNIFF_BYTES, sniff
from photofind.core.records import PhotoFacts


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """A photo ready to be looked at: ``image`` is upright 8-bit sRGB (mode RGB), ``facts`` are the full photo's."""

    image: Image.Image
    facts: PhotoFacts


def decode_photo(file: BinaryIO, *, suffix: str, limits: DecodeLimits, working_area: int) -> DecodedPhoto:
    """Decode a photo no larger than it is useful.

    Parameters
    ----------
    file
        A seekable binary file; it is left open, at any position.
    suffix
        The file name's suffix with its dot. Only TIFF-based RAW formats depend on it.
    limits
        What the file may ask for.
    working_area
        How many pixels the caller has use for. The picture has at least that many and a longest side of at least
        256 pixels, if the photo does, and at most about four times that many. It is never enlarged.

    Raises
    ------
    NotAPhotoError
        The content is no picture.
    UnsupportedPhotoError
        A picture of a kind that is not decoded.
    OversizedPhotoError
        More bytes or pixels than ``limits``, or more memory than there is.
    DamagedPhotoError
        Truncated or corrupt.
    UnreadablePhotoError
        The system failed to read the file.
    """
    try:
        with quiet_pillow(limits.pixels):
            loaded = _load(file, suffix, limits, working_area)
            return _finished(loaded, working_area)
    except PhotoError:
        raise
    except Exception as error:
        # Not in a variable: it would hold this frame, and all pixels below it, until garbage is collected.
        raise as_photo_error(error, limits) from error


def read_header(file: BinaryIO, *, suffix: str, limits: DecodeLimits) -> Header:
    """Read what a photo's file says of it without decoding a pixel; parameters and errors as of `decode_photo`."""
    try:
        with quiet_pillow(limits.pixels):
            name = _recognised(file, suffix, limits)
            if name == "HEIF":
                return heif_header(file)
            return raw_header(file) if name == "RAW" else pillow_header(file, name)
    except PhotoError:
        raise
    except Exception as error:
        raise as_photo_error(error, limits) from error


def _load(file: BinaryIO, suffix: str, limits: DecodeLimits, working_area: int) -> Loaded:
    name = _recognised(file, suffix, limits)
    if name == "HEIF":
        return load_heif(file, limits)
    if name == "RAW":
        return load_raw(file, limits, working_area)
    return load_with_pillow(file, name, limits, working_area)


def _recognised(file: BinaryIO, suffix: str, limits: DecodeLimits) -> str:
    """Return the format of a file that may be read and is of a kind that is."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise NotAPhotoError("not a picture: the file is empty")
    check_file_size(size, limits)
    file.seek(0)
    head = file.read(SNIFF_BYTES)
    name = sniff(head, suffix)
    if name is None:
        raise NotAPhotoError(_what_else(head))
    if name == "JXL":
        raise UnsupportedPhotoError("JPEG XL is not supported")
    return name


def _what_else(head: bytes) -> str:
    """Return a sentence on what a file is if it is no picture, for the cases that people wonder about."""
    if not head.strip(b"\x00"):
        return "not a picture: the file holds only zeros"
    if head.lstrip()[:64].lower().startswith((b"<!doctype html", b"<html")):
        return "not a picture: it is a web page"
    return "not a picture"


def _finished(loaded: Loaded, working_area: int) -> DecodedPhoto:
    exif = loaded.exif
    image = upright(to_srgb(loaded.image, working_area), exif.orientation)
    facts = exif.to_photo_facts(loaded.format, upright_size(loaded.size, exif.orientation))
    return DecodedPhoto(image, facts)
