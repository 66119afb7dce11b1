"""What every decoder hands over: pixels as they came out of the file, and what the file says about them."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from photofind.core.imaging.exif import ExifFacts


@dataclass(frozen=True, slots=True)
class Loaded:
    """A decoded but unfinished picture.

    ``image`` may have any mode, its ICC profile in ``info`` and a size below the full one. ``size`` is the full
    picture's, before ``exif.orientation``, which still has to be applied (1 if the decoder did).
    """

    image: Image.Image
    format: str
    size: tuple[int, int]
    exif: ExifFacts
