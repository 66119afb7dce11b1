"""Thumbnails: made from the decoded picture while a photo is indexed."""

from __future__ import annotations

import io

from PIL import Image

from photofind.core.imaging.geometry import THUMBNAIL_SIDE

_QUALITY = 85


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
