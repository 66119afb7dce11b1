"""A decoded photo as the view draws it: the same picture at halved sizes, so that drawing shrinks by two at most.

Made in the loader's thread. Pillow halves and packs with Python's lock released, and the pixels are copied in strips,
because one call for a whole photo would hold up the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

_STRIP_PIXELS = 250_000
_SMALLEST_SIDE = 256
_ENOUGH = 0.99


@dataclass(frozen=True)
class Picture:
    """Pixels of one photo: ``levels`` from the largest to the smallest, each half the one before.

    ``size`` is the full photo's, upright, in pixels. ``complete`` says that decoding it again would not give more.
    """

    levels: tuple[QImage, ...]
    size: QSize
    complete: bool

    @cached_property
    def scale(self) -> float:
        """Decoded pixels per pixel of the full photo."""
        return self.levels[0].width() / max(1, self.size.width())

    @property
    def area(self) -> int:
        """How many pixels were decoded."""
        return self.levels[0].width() * self.levels[0].height()

    @property
    def bytes(self) -> int:
        """How much memory the pixels take."""
        return sum(level.sizeInBytes() for level in self.levels)

    def level_for(self, zoom: float) -> QImage:
        """Return the smallest level that has a pixel for every device pixel at this zoom, else the largest."""
        wanted = self.size.width() * zoom * _ENOUGH
        return next((level for level in reversed(self.levels) if level.width() >= wanted), self.levels[0])


def picture_of(image: Image.Image, size: QSize, *, complete: bool) -> Picture:
    """Return a picture of an upright ``image`` (mode RGB) of a photo that has ``size`` pixels."""
    levels = [_packed(image)]
    while max(image.size) >= 2 * _SMALLEST_SIDE and min(image.size) >= 2:
        image = image.reduce(2)
        levels.append(_packed(image))
    return Picture(tuple(levels), size, complete)


def picture_of_thumbnail(thumbnail: QImage, size: QSize) -> Picture:
    """Return a picture that stands in until the photo itself is decoded."""
    thumbnail.setDevicePixelRatio(1.0)
    return Picture((thumbnail,), size, complete=False)


def _packed(image: Image.Image) -> QImage:
    width, height = image.size
    packed = QImage(width, height, QImage.Format.Format_RGB32)
    rows = np.frombuffer(packed.bits(), dtype=np.uint8).reshape(height, packed.bytesPerLine())
    step = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, step):
        bottom = min(height, top + step)
        strip = image.crop((0, top, width, bottom)).tobytes("raw", "BGRX")
        rows[top:bottom, : width * 4] = np.frombuffer(strip, dtype=np.uint8).reshape(bottom - top, width * 4)
    return packed
