"""A source of tiles with real pixmaps in memory, for tests and for the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPixmap

from photofind.gui.grid.source import GridTile

SHAPES = ((160, 120), (160, 107), (120, 160), (160, 160), (160, 90), (107, 160))


def draw_picture(number: int, width: int, height: int) -> QPixmap:
    """Draw a landscape of some kind, different for each number."""
    pixmap = QPixmap(width, height)
    painter = QPainter(pixmap)
    sky = QLinearGradient(0, 0, 0, height)
    hue = number * 47 % 360
    sky.setColorAt(0, QColor.fromHsv(hue, 120, 230))
    sky.setColorAt(1, QColor.fromHsv((hue + 40) % 360, 60, 250))
    painter.fillRect(0, 0, width, height, sky)
    painter.setBrush(QColor.fromHsv((hue + 150) % 360, 150, 120))
    painter.drawEllipse(-width // 3, height * 2 // 3, width, height)
    painter.drawEllipse(width // 3, height * 3 // 5, width, height)
    painter.setBrush(QColor.fromHsv(50, 160, 255))
    painter.drawEllipse(width * 2 // 3, height // 6, width // 7, width // 7)
    painter.end()
    return pixmap


class PictureSource(QObject):
    """Has a tile for every photo but those in ``unknown``, out of some pictures; notes what it is asked for.

    ``paths`` gives some photos a file of their own.
    """

    tiles_changed = Signal(object)

    def __init__(self, pictures: int = 24, pixels: int = 160, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sizes = [(w * pixels // 160, h * pixels // 160) for w, h in SHAPES]
        self._pixmaps = [draw_picture(number, *sizes[number % len(sizes)]) for number in range(pictures)]
        self.unknown: set[int] = set()
        self.broken: set[int] = set()
        self.offline: set[int] = set()
        self.paths: dict[int, str] = {}
        self.wanted: list[int] = []
        self.pixels = 0

    def tile(self, photo_id: int) -> GridTile | None:
        if photo_id in self.unknown:
            return None
        pixmap = None if photo_id in self.broken else self._pixmaps[photo_id % len(self._pixmaps)]
        name = f"IMG_2021_{photo_id:05}_harbour.jpg"
        path = self.paths.get(photo_id, f"/no such folder/{name}")
        return GridTile(pixmap, name, path, offline=photo_id in self.offline)

    def want(self, photo_ids: Sequence[int]) -> None:
        self.wanted = list(photo_ids)

    def set_tile_pixels(self, pixels: int) -> None:
        self.pixels = pixels

    def learn(self, photo_ids: Sequence[int]) -> None:
        """Have the tiles of photos that were unknown."""
        self.unknown.difference_update(photo_ids)
        self.tiles_changed.emit(list(photo_ids))
