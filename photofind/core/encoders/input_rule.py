"""From a photo of any size to the pixels that a network wants to see.

A pack's input rule names one of four modes::

    area     keep the aspect, give every photo about the same number of pixels (convolutional encoders)
    crop     resize the short side, cut the centre square                      (as CLIP was trained)
    squash   resize to a square, aspect lost
    pad      fit inside a square, centred on grey, nothing lost

Normalisation is no part of the rule: it belongs to the graph, so that the bytes here are plain pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
from PIL import Image

Mode = Literal["area", "crop", "squash", "pad"]
Filter = Literal["bilinear", "bicubic", "lanczos"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
FILTERS: Final[tuple[Filter, ...]] = get_args(Filter)

_RESAMPLING: Final = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
# Shrinking by whole factors first costs a fraction of one long filter and, at this gap, changes no pixel that matters.
_REDUCING_GAP: Final = 3.0
_GREY: Final = (128, 128, 128)


@dataclass(frozen=True, slots=True)
class InputRule:
    """How a photo becomes the input array of a network.

    ``side`` is in pixels: in mode ``area`` the square root of the wanted number of pixels, otherwise the side of
    the square. ``multiple``, ``shortest`` and ``longest`` matter only in mode ``area``: both sides are multiples of
    ``multiple`` and lie between ``shortest`` and ``longest``, which gives even a one-pixel line a sane shape.
    """

    mode: Mode
    side: int
    multiple: int = 1
    shortest: int = 1
    longest: int = 4096
    resampling: Filter = "bicubic"

    @property
    def identity(self) -> str:
        """All of the rule as one stable line, for keys."""
        return f"{self.mode} {self.side} {self.multiple} {self.shortest} {self.longest} {self.resampling}"

    @property
    def working_area(self) -> int:
        """Pixels beyond which a larger photo adds nothing."""
        return self.side * self.side

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the width and height of the array that a photo of ``width`` by ``height`` pixels becomes."""
        if self.mode != "area":
            return self.side, self.side
        aspect = math.sqrt(width / height)
        return self._snap(self.side * aspect), self._snap(self.side / aspect)

    def apply(self, image: Image.Image) -> npt.NDArray[np.uint8]:
        """Return an RGB image's pixels, shape (1, height, width, 3), dtype uint8."""
        if image.mode != "RGB":
            raise ValueError(f"the encoder takes RGB images, not {image.mode}")
        if self.mode == "crop":
            fitted = self._crop(image)
        elif self.mode == "pad":
            fitted = self._pad(image)
        else:
            fitted = self._resize(image, self.size(image.width, image.height))
        return np.asarray(fitted, dtype=np.uint8)[np.newaxis]

    def _snap(self, length: float) -> int:
        snapped = round(length / self.multiple) * self.multiple
        return min(max(snapped, self.shortest), self.longest)

    def _resize(
        self,
        image: Image.Image,
        size: tuple[int, int],
        box: tuple[float, float, float, float] | None = None,
    ) -> Image.Image:
        return image.resize(size, _RESAMPLING[self.resampling], box=box, reducing_gap=_REDUCING_GAP)

    def _crop(self, image: Image.Image) -> Image.Image:
        short = min(image.width, image.height)
        left, top = (image.width - short) / 2, (image.height - short) / 2
        return self._resize(image, (self.side, self.side), (left, top, left + short, top + short))

    def _pad(self, image: Image.Image) -> Image.Image:
        scale = self.side / max(image.width, image.height)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        canvas = Image.new("RGB", (self.side, self.side), _GREY)
        canvas.paste(self._resize(image, size), ((self.side - size[0]) // 2, (self.side - size[1]) // 2))
        return canvas
