"""What the grid needs to know about a photo to draw it, and who tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QPixmap


@dataclass(frozen=True, slots=True, eq=False)
class GridTile:
    """One photo as the grid draws it; ``pixmap`` None: there is no thumbnail, and a sign for that is drawn."""

    pixmap: QPixmap | None
    name: str
    path: str
    offline: bool


class TileSource(Protocol):
    """Hands out tiles from memory and fetches what is wanted in the background; lives on the GUI thread."""

    @property
    def tiles_changed(self) -> SignalInstance:
        """Emits a ``list[int]`` of photo ids whose tile is now known, or has changed."""

    def tile(self, photo_id: int) -> GridTile | None:
        """Return a tile if it is in memory; never blocks."""

    def want(self, photo_ids: Sequence[int]) -> None:
        """Replace the list of photos to fetch, most wanted first."""

    def set_tile_pixels(self, pixels: int) -> None:
        """Say how many device pixels a side the pictures are to have from now on."""
