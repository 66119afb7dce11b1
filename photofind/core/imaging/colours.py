"""How much of each basic colour a picture shows, and whether it shows any colour at all.

The eleven colours are the basic terms of English that Berlin and Kay found (Basic Color Terms, 1969); where one ends is
told in CIELAB (CIE 15), whose lightness, chroma and hue are how people tell colours apart. The borders follow the
centres and boundaries that observers named in Sturges and Whitfield's experiment (Locating basic colours in the Munsell
space, 1995), shifted where photos need it: a hazy sky counts as blue and a dry meadow as green although both are
close to grey.

Every colour of 5 bits a channel is named once; a picture is then counted through that table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

COLOURS = ("black", "white", "grey", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
"""The basic colours, in the order of their shares."""

MONOCHROME = len(COLOURS)
"""The byte behind the shares: whether the picture is black and white, or toned in a single hue as old prints are."""

_BLACK, _WHITE, _GREY, _RED, _ORANGE, _YELLOW, _GREEN, _BLUE, _PURPLE, _PINK, _BROWN = range(len(COLOURS))
_SIDE = 96  # pixels; the noise of single pixels is averaged away, and small things are still there
_BITS = 5
_LEVELS = 1 << _BITS
_FULL = 255

# Lightness 0 to 100, chroma from 0 (none) to about 130, hue in degrees of the CIELAB colour circle.
_BLACK_BELOW = 15.0
_DARK_BELOW = 26.0  # with little chroma
_WHITE_ABOVE = 86.0
# Below so much chroma nobody names a hue. Blues are named from less on, and what is warm and pale is rather a wall in
# the evening sun than something orange.
_GREY_CHROMA = 11.0
_GREY_CHROMA_BLUE = 7.0
_GREY_CHROMA_WARM = 15.0
_VIVID = 45.0
_HUES = (  # where each hue of the circle begins, going round from red-purple
    (0.0, _PINK),
    (16.0, _RED),
    (48.0, _ORANGE),
    (82.0, _YELLOW),
    (107.0, _GREEN),
    (196.0, _BLUE),
    (308.0, _PURPLE),
    (340.0, _PINK),
)
# Black-and-white pictures are stored with noise of the compression, and toned ones have one hue whose strength follows
# the lightness: what is left of chroma around that is this small.
_TONE_SPREAD = 2.2
_ODD_SPREAD = 10.0  # as far off lies only what has a colour of its own, and of that there is next to nothing
_ODD_SHARE = 0.005
_TONE_CHROMA = 32.0
_NEUTRAL_CHROMA = 5.0
_WARM_TONES = (40.0, 100.0)
_TONE_CONTRAST = 6.0  # of lightness; less is a wall and not a print of something
_TONE_BINS = 16
_TONE_STEP = 3  # a ninth of the pixels tells as much


@dataclass(frozen=True, slots=True)
class ColourFacts:
    """The colours of a picture: ``shares`` of its area, 0 to 1, in the order of `COLOURS`; their sum is 1."""

    shares: tuple[float, ...]
    is_monochrome: bool

    def packed(self) -> bytes:
        """Return 12 bytes: each share as 0 to 255, then 255 for a monochrome picture."""
        return bytes([*(round(share * _FULL) for share in self.shares), _FULL * self.is_monochrome])


def colour_facts(image: Image.Image) -> ColourFacts:
    """Return the colours of a picture (mode RGB, any size; a thumbnail is enough)."""
    if max(image.size) > _SIDE:
        image = image.copy()
        image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    pixels = np.asarray(image, np.uint8)
    channels = (pixels.reshape(-1, 3) >> (8 - _BITS)).astype(np.int32)
    codes = (channels[:, 0] << 2 * _BITS) | (channels[:, 1] << _BITS) | channels[:, 2]
    shares = np.bincount(_named()[codes], minlength=len(COLOURS)) / len(codes)
    return ColourFacts(tuple(shares.tolist()), _is_monochrome(pixels[::_TONE_STEP, ::_TONE_STEP].reshape(-1, 3)))


def _is_monochrome(pixels: npt.NDArray[np.uint8]) -> bool:
    """Tell whether all that is there lies on one line from black to white, grey or of a warm tone."""
    lab = _lab(pixels / 255.0)
    bins = np.minimum((lab[:, 0] / 100.0 * _TONE_BINS).astype(int), _TONE_BINS - 1)
    total = np.maximum(np.bincount(bins, minlength=_TONE_BINS), 1)
    tones = np.stack([np.bincount(bins, lab[:, axis], _TONE_BINS) / total for axis in (1, 2)], axis=1)
    squares = ((lab[:, 1:] - tones[bins]) ** 2).sum(axis=1)
    if (squares > _ODD_SPREAD**2).mean() > _ODD_SHARE or squares.mean() > _TONE_SPREAD**2:
        return False
    chroma = float(np.hypot(lab[:, 1], lab[:, 2]).mean())
    hue = np.degrees(np.arctan2(lab[:, 2].mean(), lab[:, 1].mean()))
    is_print = _WARM_TONES[0] <= hue <= _WARM_TONES[1] and float(lab[:, 0].std()) >= _TONE_CONTRAST
    return chroma <= _NEUTRAL_CHROMA or (is_print and chroma <= _TONE_CHROMA)


@lru_cache(maxsize=1)
def _lab_of_codes() -> npt.NDArray[np.float64]:
    """Return lightness, a and b of each colour of 5 bits a channel, shape (32768, 3)."""
    levels = (np.arange(_LEVELS) + 0.5) / _LEVELS
    # The ends of the scale are black and white themselves, not half a step away from them.
    levels = (levels - levels[0]) / (levels[-1] - levels[0])
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    return _lab(np.stack([red.ravel(), green.ravel(), blue.ravel()], axis=1))


def _lab(srgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return CIELAB (D65) of sRGB colours, 0 to 1 (IEC 61966-2-1, CIE 15)."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratios = linear @ matrix.T / matrix.sum(axis=1)
    roots = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = roots.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@lru_cache(maxsize=1)
def _named() -> npt.NDArray[np.intp]:
    """Return which basic colour each colour of 5 bits a channel is, shape (32768,)."""
    lightness, a, b = _lab_of_codes().T
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360.0
    named = np.array([colour for _, colour in _HUES])[np.searchsorted([start for start, _ in _HUES], hue, "right") - 1]
    named = _turned_by_lightness(named, lightness, chroma, hue)
    bluish = (hue >= 190.0) & (hue < 300.0)
    warm = (hue >= 30.0) & (hue < 115.0)
    least = np.where(bluish, _GREY_CHROMA_BLUE, np.where(warm, _GREY_CHROMA_WARM, _GREY_CHROMA))
    named[chroma < least] = _GREY
    named[(chroma < least) & (lightness > _WHITE_ABOVE)] = _WHITE
    named[(lightness < _BLACK_BELOW) & (chroma < _VIVID)] = _BLACK
    named[(lightness < _DARK_BELOW) & (chroma < least)] = _BLACK
    return named


def _turned_by_lightness(
    named: npt.NDArray[np.intp],
    lightness: npt.NDArray[np.float64],
    chroma: npt.NDArray[np.float64],
    hue: npt.NDArray[np.float64],
) -> npt.NDArray[np.intp]:
    """Tell the colours of a hue apart: dark orange is brown, dark yellow rather green, pale red is pink."""
    turned = named.copy()
    reddish = (named == _RED) | ((named == _PINK) & (hue < 16.0))
    turned[reddish & (lightness >= 62.0) & (chroma < 62.0)] = _PINK
    turned[(named == _PINK) & (hue < 16.0) & (lightness < 45.0)] = _RED
    turned[(named == _PINK) & (hue >= 340.0) & (lightness < 38.0)] = _PURPLE
    turned[(named == _RED) & (chroma < 32.0) & (lightness < 62.0)] = _BROWN
    orange = named == _ORANGE
    turned[orange & ((lightness < 58.0) | (chroma < _VIVID))] = _BROWN
    yellow = named == _YELLOW
    turned[yellow & (lightness < 66.0) & (hue >= 96.0)] = _GREEN
    turned[yellow & (hue < 96.0) & ((lightness < 58.0) | (chroma < 32.0))] = _BROWN
    turned[yellow & (hue >= 98.0) & (chroma < _VIVID)] = _GREEN
    turned[yellow & (hue >= 96.0) & (chroma < 22.0) & (lightness >= 66.0)] = _WHITE
    pale = (lightness > 82.0) & (chroma < 24.0)
    turned[pale & (orange | (yellow & (hue < 96.0)))] = _WHITE
    return turned
