"""Photos by their paths, decoded for looking at them: whole, in part, or as large as a screen."""

from __future__ import annotations

import math
import os
from dataclasses import replace

from PIL import Image

from photofind.core.errors import UnreadablePhotoError
from photofind.core.imaging.decode import DecodedPhoto, decode_photo
from photofind.core.imaging.limits import DecodeLimits
from photofind.core.imaging.opening import open_photo

Part = tuple[float, float, float, float]
"""Left, top, right and bottom of a part as fractions of the upright picture, 0 ≤ left < right ≤ 1 and so on."""

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
        return decode_photo(file, suffix=os.path.splitext(path)[1].lower(), limits=limits, working_area=working_area)


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


def load_preview(path: str, limits: DecodeLimits, longest_side: int) -> DecodedPhoto:
    """Decode a photo for a screen: its longest side is at most ``longest_side`` pixels, never enlarged.

    Raises
    ------
    PhotoError
        Whatever is wrong, the system's refusal to open it included.
    """
    try:
        photo = decode_file(path, limits=limits, working_area=longest_side * longest_side)
    except OSError as error:
        raise UnreadablePhotoError(f"the file cannot be read: {error.strerror or error}") from error
    longest = max(photo.image.size)
    if longest <= longest_side:
        return photo
    width, height = (max(1, round(side * longest_side / longest)) for side in photo.image.size)
    small = photo.image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return replace(photo, image=small)
