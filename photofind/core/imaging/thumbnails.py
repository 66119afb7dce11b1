"""Thumbnails: made from the decoded picture while a photo is indexed, and read again, whatever became of them."""

from __future__ import annotations

import io

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from photofind.core.errors import DamagedPhotoError
from photofind.core.imaging.failures import JUNK_ERRORS
from photofind.core.imaging.geometry import THUMBNAIL_SIDE

_QUALITY = 85
_LARGEST = 4 * THUMBNAIL_SIDE  # a side of what may still be a thumbnail, and fills no memory


def make_thumbnail(image: Image.Image) -> bytes:
    """Return ``image`` (mode RGB) as a JPEG without metadata, its longest side at most 256 pixels, never enlarged."""
    width, height = image.size
    longest = max(width, height)
    if longest > THUMBNAIL_SIDE:
        size = (max(1, round(width * THUMBNAIL_SIDE / longest)), max(1, round(height * THUMBNAIL_SIDE / longest)))
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    stream = io.BytesIO()
    # Pillow would carry a comment over from the image that the picture came from.
    image.save(stream, "JPEG", quality=_QUALITY, comment=b"")
    return stream.getvalue()


def read_thumbnail(jpeg: bytes, mode: str = "RGB", *, side: int = THUMBNAIL_SIDE) -> Image.Image:
    """Decode what `make_thumbnail` made; a disk may have flipped any of its bits since.

    Parameters
    ----------
    mode
        "RGB", or "L" for its luminance, which is all that is decoded then.
    side
        A longest side that suffices, in pixels: the thumbnail may come out smaller, but not below it.

    Raises
    ------
    DamagedPhotoError
        It is no JPEG any more, or claims a size that no thumbnail has and that would fill the memory.
    """
    try:
        image = JpegImageFile(io.BytesIO(jpeg))
        if max(image.size) <= _LARGEST:
            image.draft(mode, (side, side))
            return image.convert(mode)
    except JUNK_ERRORS as error:
        raise DamagedPhotoError("the thumbnail is damaged") from error
    raise DamagedPhotoError("the thumbnail is damaged")
