"""OpenCV, for all modules here: imported while no process is begun, see :mod:`photofind.core.spawning`."""

from __future__ import annotations

from photofind.core.spawning import PATH_OF_MODULES

with PATH_OF_MODULES:
    import cv2

__all__ = ["cv2"]
