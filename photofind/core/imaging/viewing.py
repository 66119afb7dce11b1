"""Photos by their paths, decoded whole or in part, or only their headers."""

from __future__ import annotations

import math
import os
from dataclasses import replace

from photofind.core.imaging.decode import DecodedPhoto, decode_photo, read_header
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.loaded import Header
from photofind.core.imaging.opening import open_photo
from photofind.core.records import Part

_SMALLEST_SHARE = 1e-9


def decode_file(path: str, *, limits: DecodeLimits, working_area: int) -> DecodedPhoto:
    """Decode the photo at ``path``; see :func:`decode_photo` for the parameters and what it raises.

    Raises
    ------
    PhotoError
        When it cannot become a picture.
    OSError
        When the system refuses to open it.
    """
    with open_photo(path) as file:
        return decode_photo(file, suffix=_suffix(path), limits=limits, working_area=working_area)


def decode_part(path: str, part: Part, *, limits: DecodeLimits, working_area: int) -> DecodedPhoto:
    """Decode a part of a photo: it, not the whole photo, has ``working_area`` pixels if the file does.

    The facts are those of the whole photo. Raises what :func:`decode_file` does.
    """
    left, top, right, bottom = part
    share = max((right - left) * (bottom - top), _SMALLEST_SHARE)
    photo = decode_file(path, limits=limits, working_area=math.ceil(working_area / share))
    width, height = photo.image.size
    box = (
        math.floor(left * width),
        math.floor(top * height),
        math.ceil(right * width),
        math.ceil(bottom * height),
    )
    return replace(photo, image=photo.image.crop(box))


def header_of_file(path: str, *, limits: DecodeLimits) -> Header:
    """Read what a photo's file says of it without decoding a pixel; raises what :func:`decode_file` does."""
    with open_photo(path) as file:
        return read_header(file, suffix=_suffix(path), limits=limits)


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()
