"""Dragging photos out of the grid, as files for other programs and as photo ids for this one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from photofind.gui.grid.art import TileArt
from photofind.gui.grid.model import Ids
from photofind.gui.patience import within_a_moment

PHOTO_IDS_MIME: Final = "application/x-photofind-photo-ids"
"""Photo ids as little-endian 64-bit integers; see :func:`dragged_ids`."""

MOST_DRAGGED: Final = 5000
"""Each file is looked up before it is offered, which must not hold up the window."""

_PICTURE = 96


def make_drag(widget: QWidget, ids: Ids, paths: Sequence[str], picture: QPixmap | None, art: TileArt) -> QDrag | None:
    """Return a drag of photos whose files exist, or None when no file does.

    A disk that does not answer is not waited for: who takes the files finds out.
    """
    urls = [QUrl.fromLocalFile(path) for path in within_a_moment(partial(_that_exist, paths), otherwise=paths)]
    if not urls:
        return None
    mime = QMimeData()
    mime.setUrls(urls)
    mime.setData(PHOTO_IDS_MIME, ids.astype("<i8").tobytes())
    drag = QDrag(widget)
    drag.setMimeData(mime)
    drag.setPixmap(_picture(picture, len(urls), art))
    drag.setHotSpot(QPoint(_PICTURE // 2, _PICTURE // 2))
    return drag


def _that_exist(paths: Sequence[str]) -> Sequence[str]:
    return [path for path in paths if os.path.isfile(path)]


def dragged_ids(mime: QMimeData) -> list[int]:
    """Return the photos of the library that some mime data carries; none when it comes from elsewhere."""
    data = mime.data(PHOTO_IDS_MIME).data()
    return [int(photo_id) for photo_id in np.frombuffer(data, "<i8")]


def _picture(picture: QPixmap | None, count: int, art: TileArt) -> QPixmap:
    drawn = QPixmap(QRect(0, 0, _PICTURE, _PICTURE).size() * art.ratio)
    drawn.setDevicePixelRatio(art.ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(0.85)
    source = picture if picture is not None and not picture.isNull() else art.broken(_PICTURE)
    size = source.deviceIndependentSize().scaled(_PICTURE, _PICTURE, Qt.AspectRatioMode.KeepAspectRatio).toSize()
    area = QRect(QPoint((_PICTURE - size.width()) // 2, (_PICTURE - size.height()) // 2), size)
    painter.drawPixmap(area, source)
    painter.setOpacity(1.0)
    if count > 1:
        chip = art.chip(str(count))
        painter.drawPixmap(area.topRight() - QPoint(round(chip.deviceIndependentSize().width()), -2), chip)
    painter.end()
    return drawn
