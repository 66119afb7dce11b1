"""Deep pictures become 8-bit ones by their range instead of being clipped to white."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

_TWELVE_BITS = 4095


def eight_bits(image: Image.Image) -> Image.Image:
    """Return a 16-bit, 32-bit or float grey picture as 8-bit grey; any other picture as it is.

    A transparent key value becomes an alpha channel (mode LA) while the values are still exact.
    """
    if image.mode.startswith("I;16"):
        return _from_sixteen(image)
    if image.mode in ("I", "F"):
        return Image.fromarray(_by_range(np.asarray(image)))
    return image


def _from_sixteen(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.uint16, copy=False)
    grey = Image.fromarray(_table(int(values.max(initial=0)))[values])
    key = image.info.get("transparency")
    if isinstance(key, int):
        grey.putalpha(Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8)))
    grey.info = image.info
    return grey


def _table(highest: int) -> npt.NDArray[np.uint8]:
    """Return the 8-bit level of every 16-bit value, shape (65536,).

    Microscopes and scanners keep 12 bits, or fewer, in 16; a picture whose brightest value would be nearly black is
    one of theirs and is taken as such.
    """
    top = 65535 if highest > _TWELVE_BITS else _TWELVE_BITS if highest > 255 else 255
    levels = np.arange(65536, dtype=np.float32) * (255.0 / top)
    table: npt.NDArray[np.uint8] = np.minimum(levels + 0.5, 255.0).astype(np.uint8)
    return table


def _by_range(values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Return 8-bit levels of 32-bit ``values``, any shape.

    Values in 0 to 1 are taken as float pictures are meant, 0 to 255 and 0 to 65535 as integers of that depth;
    anything else is stretched from its lowest to its highest value. What is not a number is black.
    """
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min(initial=0.0)), float(numbers.max(initial=0.0))
    if low >= 0.0:
        tops = (1.0, 255.0, 65535.0) if values.dtype.kind == "f" else (255.0, 65535.0)
        high = next((top for top in tops if high <= top), high)
        low = 0.0
    scale = 255.0 / (high - low) if high > low else 0.0
    levels: npt.NDArray[np.uint8] = np.clip((numbers - low) * scale + 0.5, 0.0, 255.0).astype(np.uint8)
    return levels
