"""Pictures that do not have the size of their box, scaled well, but only so many in one repaint.

Tiles come at the size they are drawn at, unless the size has just changed or the stored thumbnails are smaller than the
boxes of a fine screen. Scaling takes up to a millisecond a tile, so what is scaled is kept, and beyond a few
milliseconds a repaint makes do with fast scaling and asks for another repaint.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap

_SECONDS: Final = 0.004
_MOST_BYTES: Final = 48 * 1024 * 1024


class Scaler:
    """Scales pixmaps within a time for each repaint, and keeps the results in bounded memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int, int], QPixmap] = OrderedDict()
        self._bytes = 0
        self._until = 0.0
        self.has_refused = False

    def begin(self) -> None:
        """Begin a repaint: the time starts to run."""
        self._until = time.perf_counter() + _SECONDS
        self.has_refused = False

    def scaled(self, pixmap: QPixmap, width: int, height: int, ratio: float) -> QPixmap | None:
        """Return a pixmap in another size, in device pixels, or None when the time is over."""
        key = pixmap.cacheKey(), width, height
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        if time.perf_counter() > self._until:
            self.has_refused = True
            return None
        ignored, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        fresh = pixmap.scaled(width, height, ignored, smooth)
        fresh.setDevicePixelRatio(ratio)
        self._kept[key] = fresh
        self._bytes += _bytes(fresh)
        while self._bytes > _MOST_BYTES:
            self._bytes -= _bytes(self._kept.popitem(last=False)[1])
        return fresh


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
