"""What is said through the pipes of a process that runs a pack.

An ask is a text or a picture. Answers are bytes and never pickled, because a network may have garbled the memory that
they come from: one letter that says what it is, and then a sentence, or the numbers of a vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PIL import Image

from photofind.core.encoders.pack import ModelPack

OPENED: Final = b"o"
"""The network is open: the first answer, unless it cannot be opened."""
BEGUN: Final = b"b"
"""The process has taken the ask: from here on, its end counts against the pack."""
VECTOR: Final = b"v"
BAD_PACK: Final = b"p"
BAD_QUERY: Final = b"q"
BAD_PICTURE: Final = b"i"

Ask = str | Image.Image


@dataclass(frozen=True, slots=True)
class Order:
    """Which network of a pack to open: the image network of a variant, or that for texts when ``variant`` is None."""

    pack: ModelPack
    variant: str | None
    threads: int
