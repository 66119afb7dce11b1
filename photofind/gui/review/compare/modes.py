"""The ways in which two photos are shown."""

from __future__ import annotations

from enum import StrEnum


class CompareMode(StrEnum):
    """How two photos are shown; the value is also the command that leads there, and what preferences keep."""

    SIDE = "side"
    OVERLAY = "overlay"
    BLINK = "blink"
    DIFFERENCE = "difference"
