"""Finding the picture inside its frame: white and black borders, bars of a letterbox, a screen around a photo."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in pixels, as in Pillow."""

_TOLERANCE = 14.0  # levels of 255 around a line's usual one: compression leaves traces beside the picture
_CLEAN = 0.95  # of a line that has the frame's level
_WORDS = 0.3  # the same, of a line with words or buttons on the frame
_EDGE = 0.7  # the same, of the first lines of what is inside: a sky ends more gently
_DRIFT = 5.0  # levels over most of the frame: a sky becomes brighter towards the horizon
_SMALLEST = 0.2  # of each side: what is smaller is a thing on a plain ground
_THINNEST = 0.015  # of a side: less does not change a hash


def content_box(luminance: npt.NDArray[np.float32]) -> Box:
    """Return what a frame surrounds in a picture of shape (height, width), levels 0 to 255; all of it without one.

    A frame is what of the outer rows and columns has nearly one level. Words on it do not matter, nor that it lies on
    one side only. A clear sky may be taken for one: use it beside the whole picture, not instead of it.
    """
    height, width = luminance.shape
    left, top, right, bottom = 0, 0, width, height
    for _ in range(2):  # a photo in the middle of a screen leaves plain columns only when the rows above it are gone
        before = left, top, right, bottom
        inside = luminance[top:bottom, left:right]
        top, bottom = top + _plain_lines(inside), bottom - _plain_lines(inside[::-1])
        if bottom - top < _SMALLEST * height:
            return 0, 0, width, height
        inside = luminance[top:bottom, left:right].T
        left, right = left + _plain_lines(inside), right - _plain_lines(inside[::-1])
        if right - left < _SMALLEST * width:
            return 0, 0, width, height
        if (left, top, right, bottom) == before:
            break
    thickest = max(max(top, height - bottom) / height, max(left, width - right) / width)
    return (left, top, right, bottom) if thickest >= _THINNEST else (0, 0, width, height)


def _plain_lines(lines: npt.NDArray[np.float32]) -> int:
    """Return how many of the first lines, shape (n, length), are frame: of the very first one's level, but for words.

    A frame ends behind its last clean line, and abruptly.
    """
    level = _middle(lines[0])
    if (np.abs(lines[0] - level) <= _TOLERANCE).mean() < _CLEAN:
        return 0
    shares = (np.abs(lines - level) <= _TOLERANCE).mean(axis=1)
    inside = shares < _WORDS
    outside = int(inside.argmax()) if inside.any() else len(lines)
    end = int(np.flatnonzero(shares[:outside] >= _CLEAN)[-1]) + 1
    if abs(_middle(lines[3 * end // 4]) - level) > _DRIFT:
        return 0
    return end if (shares[end : end + 2] < _EDGE).any() or end == len(lines) else 0


def _middle(line: npt.NDArray[np.float32]) -> float:
    """Return a line's median, or one of the two beside it: several times as fast as numpy's."""
    half = len(line) // 2
    return float(np.partition(line, half)[half])
